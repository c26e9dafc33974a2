"""What the head of nursing promises her staff, kept and late, and who of the laundry is trained in how it promises to
behave."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings

from baton.agreements.changes import leaders
from baton.agreements.changes.training import Trained, note_training
from baton.agreements.queries import agreement_of_link, clauses_by_version, versions_of
from baton.agreements.queries.leaders import not_clauses_yet
from baton.agreements.rules import ClauseKind, Side
from baton.agreements.rules.leaders import Rhythm
from baton.chain.queries.discussing import heads_of_link
from baton.core.actors import Actor
from baton.core.days import day_of
from baton.core.texts import Texts, say
from baton.starters.changes.demo_acting import acting, sign
from baton.starters.changes.demo_talk import LINEN, Key

if TYPE_CHECKING:
    from baton.chain.models import Link
    from baton.core.models import Person

BY = Actor.system("demo")
PROMISED = timedelta(days=30)
"""So long ago she began to promise."""


@dataclass(frozen=True, slots=True)
class DemoPromise:
    """How often it is due, from so many days ago on, and what was done for that first day, on it."""

    rhythm: Rhythm
    due: int
    done: Texts


GIVEN = (
    DemoPromise(
        Rhythm.QUARTERLY, 20,
        {"en": "Two hours on the new infusion pumps, on duty", "zh-hans": "新输液泵在岗培训两小时"},
    ),
    DemoPromise(
        Rhythm.WEEKLY, 16,
        {"en": "Three people of ward A, for the night of the storm", "zh-hans": "感谢了暴雨夜值班的 A 病区三位同事"},
    ),
)  # fmt: skip
"""The first is kept; of the second the weeks after are late."""
COURSE = {"en": "Course on talking with the wards", "zh-hans": "病区沟通课程"}
TRAINED_AGO = timedelta(days=60)
COUNTS_FOR = timedelta(days=365)


def promise_the_staff(*, at: datetime) -> None:
    """Make clauses of what leaders hand to their staff, as many as :data:`GIVEN`; what is left is no clause yet."""
    then, today = at - PROMISED, day_of(at)
    for link, one in zip(not_clauses_yet(viewer=BY, at=then), GIVEN, strict=False):
        by = acting(next(iter(heads_of_link(link.public_id, day_of(then)))), then)
        due = today - timedelta(days=one.due)
        promise = leaders.promise_staff(
            by=by, at=then, link=link, words=link.output.name, due_on=due, rhythm=one.rhythm
        )  # fmt: skip
        sign(by, then, promise.agreement.versions.get(), Side.SUPPLIER)
        note = say(one.done, settings.LANGUAGE_CODE)
        leaders.fulfil_promise(by=by, at=at - timedelta(days=one.due), promise=promise, note=note)


def train_the_laundry(*, at: datetime, people: Mapping[str, Person], links: Mapping[Key, Link]) -> None:
    """The head of the laundry was trained in telling the wards in time; who washes was not yet."""
    agreement = agreement_of_link(viewer=BY, at=at, link=links[LINEN].public_id)
    assert agreement is not None
    version = versions_of(viewer=BY, agreements=[agreement])[agreement.pk][0]
    held = clauses_by_version(viewer=BY, versions=[version])[version.pk]
    clause = next(one for one in held if one.clause_kind == ClauseKind.BEHAVIOUR)
    trained_on = day_of(at) - TRAINED_AGO
    head = people["laundry"]
    course = say(COURSE, settings.LANGUAGE_CODE)
    note_training(
        by=acting(head, at), at=at, clause=clause,
        trained=[Trained(head, trained_on, trained_on + COUNTS_FOR, course)],
    )  # fmt: skip
