"""Workshops of the hospital: one about linen that is over, and one about results whose participants are voting."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction

from baton.agreements.changes import workshops
from baton.agreements.queries import agreement_of_link, versions_of
from baton.agreements.queries.workshops import board_of
from baton.agreements.rules import Direction, Measure, MeasuredBy, Side, Source, Terms
from baton.agreements.rules.workshops import Stage
from baton.core.actors import Actor
from baton.core.texts import Texts
from baton.starters.changes.demo_acting import acting
from baton.starters.changes.demo_talk import LINEN, Key

if TYPE_CHECKING:
    from baton.agreements.models import AgreementVersion, Workshop
    from baton.agreements.queries.workshops import Topic
    from baton.chain.models import Link
    from baton.core.models import Person

BY = Actor.system("demo")
RESULTS: Key = ("lab", "doctors", "Results")
A_FORTNIGHT = 336
"""Hours for which the address of the open one works."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a workshop wrote: notes of the customer and the supplier, which of them were put together under which name
    (numbers of the notes, the customer's first), how many of both sides came, and how many were invited."""

    needs: Sequence[Texts]
    duties: Sequence[Texts]
    clusters: Sequence[tuple[Texts, Sequence[int]]]
    people: tuple[int, int]
    invited: tuple[int, int]


LINEN_TOLD = Told(
    needs=(
        {"en": "Linen before we change the beds, by seven", "zh-hans": "七点换床之前布草要到"},
        {"en": "Somebody who says so when it is late", "zh-hans": "晚到了要有人说一声"},
        {
            "en": "Monday like Tuesday: after the weekend we have nothing",
            "zh-hans": "周一也要有，周末过后总缺布草",
        },
        {"en": "No holes and no stains", "zh-hans": "没有破洞，没有污渍"},
        {"en": "As many sheets as we asked for", "zh-hans": "床单件数和我们申请的一样"},
        {"en": "A call before a round is late", "zh-hans": "晚送之前先打个电话"},
        {"en": "Children’s sizes when we order them", "zh-hans": "申请儿童尺寸就要有"},
    ),
    duties=(
        {"en": "Used linen sorted into the right bags", "zh-hans": "用过的布草按袋分好"},
        {"en": "Nothing left in the pockets", "zh-hans": "口袋里不要留东西"},
        {"en": "Extra linen ordered the day before", "zh-hans": "额外布草提前一天申请"},
    ),
    clusters=(
        ({"en": "There when we need it", "zh-hans": "需要时就有"}, (0, 2)),
        ({"en": "Told in time when it is late", "zh-hans": "晚到时及时告知"}, (1, 5)),
        ({"en": "Sorted and safe to handle", "zh-hans": "分类清楚，处理安全"}, (7, 8)),
    ),
    people=(8, 2),
    invited=(12, 3),
)
RESULTS_TOLD = Told(
    needs=(
        {"en": "Urgent results within the hour", "zh-hans": "急诊结果一小时内出"},
        {"en": "A call for critical values, not only the screen", "zh-hans": "危急值要打电话，不只是屏幕上显示"},
        {"en": "A name to ask when a result is odd", "zh-hans": "结果异常时知道问谁"},
    ),
    duties=(
        {"en": "Labels with two identifiers", "zh-hans": "标签上有两种身份标识"},
        {"en": "Samples sent before ten", "zh-hans": "十点之前送标本"},
    ),
    clusters=(({"en": "Tubes that we can trust", "zh-hans": "可以放心的标本"}, (3, 4)),),
    people=(4, 2),
    invited=(6, 3),
)
POCKETS = Terms(
    owed_by=Side.CUSTOMER,
    characteristic={"en": "Nothing is left in the pockets", "zh-hans": "口袋里不留物品"},
    measure=Measure.SHARE,
    unit="%",
    direction=Direction.AT_LEAST,
    target=99.0,
    source=Source.COUNT_BY_HAND,
    measured_by=MeasuredBy.SUPPLIER,
)


def add_workshops(*, at: datetime, people: Mapping[str, Person], links: Mapping[Key, Link]) -> None:
    """Hold them: the heads of laundry and laboratory lead; ``people`` by sign-in name."""
    laundry, lab = (acting(people[name], at) for name in ("laundry", "lab"))
    with transaction.atomic():
        over = _held(laundry, at, _version(at, links[LINEN]), LINEN_TOLD)
        topic = next(one for one in _topics(over) if one.words == _said(LINEN_TOLD.clusters[2][0]))
        workshops.add_clause_from(by=laundry, at=at, workshop=over, cluster=topic.public_id, terms=POCKETS)
        workshops.close_workshop(by=laundry, at=at, workshop=over)
        _held(lab, at, _version(at, links[RESULTS]), RESULTS_TOLD)


def _held(by: Actor, at: datetime, version: AgreementVersion, told: Told) -> Workshop:
    """A workshop whose participants are voting; each of them has laid one dot less than he has."""
    workshop = workshops.begin_workshop(
        by=by, at=at, version=version, hours=A_FORTNIGHT, dots=3, invited_customer=told.invited[0],
        invited_supplier=told.invited[1],
    )  # fmt: skip
    seats = [
        (workshops.take_seat(at=at, workshop=workshop, secret=secret, side=side), secret)
        for side, many in zip((Side.CUSTOMER, Side.SUPPLIER), told.people, strict=True)
        for secret in (workshops.new_seat_secret() for _ in range(many))
    ]
    ids: list[str] = []
    for stage, notes, side in (
        (Stage.CUSTOMER, told.needs, Side.CUSTOMER), (Stage.SUPPLIER, told.duties, Side.SUPPLIER)
    ):  # fmt: skip
        workshop = workshops.set_stage(by=by, at=at, workshop=workshop, stage=stage)
        mine = [one for one in seats if one[0].side == side]
        for n, words in enumerate(notes):
            seat, secret = mine[n % len(mine)]
            ids.append(workshops.write_note(at=at, seat=seat, secret=secret, words=_said(words)).pk)
    workshop = workshops.set_stage(by=by, at=at, workshop=workshop, stage=Stage.CLUSTER)
    for name, numbers in told.clusters:
        workshops.put_together(by=by, at=at, workshop=workshop, notes=[ids[n] for n in numbers], name=_said(name))
    workshop = workshops.set_stage(by=by, at=at, workshop=workshop, stage=Stage.VOTE)
    topics = _topics(workshop)
    first = next(one for one in topics if one.words == _said(told.clusters[0][0]))
    for n, (seat, secret) in enumerate(seats):
        for topic in (first, topics[n % len(topics)]):
            on = {"cluster" if topic.cluster is not None else "note": topic.public_id}
            workshops.lay_dot(at=at, seat=seat, secret=secret, **on)
    return workshop


def _topics(workshop: Workshop) -> list[Topic]:
    return board_of(viewer=BY, workshop=workshop).topics


def _version(at: datetime, link: Link) -> AgreementVersion:
    agreement = agreement_of_link(viewer=BY, at=at, link=link.public_id)
    assert agreement is not None, "the demonstration has begun it"
    return versions_of(viewer=BY, agreements=[agreement])[agreement.pk][0]


def _said(words: Texts) -> str:
    """As somebody wrote it, in the organisation's language."""
    return words[settings.LANGUAGE_CODE]
