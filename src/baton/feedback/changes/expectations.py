"""What customers expect is entered, confirmed, changed and ended; suppliers hear of what nobody has confirmed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.urls import reverse

from baton.chain import queries as chain
from baton.chain.policy import standing_of
from baton.chain.queries.group_chats import leaders_of
from baton.core.actors import Actor
from baton.core.audit.trail import Trail, change
from baton.core.changes import notify
from baton.core.days import day_of
from baton.core.errors import Refused
from baton.core.policy import demand
from baton.feedback import policy
from baton.feedback.changes.checks import reason_given, texts_given
from baton.feedback.models import Expectation
from baton.feedback.queries.expectations import stale_ones
from baton.feedback.rules.expectations import MOST_OF_A_LINK, WORDS_LENGTH, Channel
from baton_analysis.errors import gettext_noop

if TYPE_CHECKING:
    from baton.chain.models import Link

STALE_TOPIC = "feedback.stale_expectations"
STALE_JOB = "feedback.tell_of_stale_expectations"


def add_expectation(
    *, by: Actor, at: datetime, link: Link, words: Mapping[str, str], channel: Channel, learned_on: date | None = None
) -> Expectation:
    """Enter what the customer of a link expects, learned on ``learned_on`` (None: today)."""
    with change(by=by, at=at) as trail:
        held = chain.link(viewer=by, at=at, public_id=link.public_id)
        demand(policy.may_keep_expectations(standing_of(by, day_of(at)), held))
        if Expectation.objects.filter(link=held, ended_at__isnull=True).count() >= MOST_OF_A_LINK:
            raise Refused(
                expected=gettext_noop("Expected at most {most} expectations of a link."),
                found=gettext_noop("There are as many."),
                remedy=gettext_noop("End those that are no more, or put together what says the same."),
                most=MOST_OF_A_LINK,
            )
        day = _day_given(learned_on, at, "learned_on")
        fresh = Expectation(
            link=held, words=texts_given(words, "words", most=WORDS_LENGTH), channel=Channel(channel), learned_on=day,
            confirmed_on=day,
        )  # fmt: skip
        return trail.save(fresh, "expectation.added")


def change_expectation(
    *, by: Actor, at: datetime, expectation: Expectation, words: Mapping[str, str], channel: Channel,
    expected_seq: int | None = None,
) -> Expectation:  # fmt: skip
    """Say it in other words. What is expected otherwise is another expectation: this one is ended."""
    with change(by=by, at=at) as trail:
        fresh = _to_keep(trail, expectation, expected_seq)
        fresh.words, fresh.channel = texts_given(words, "words", most=WORDS_LENGTH), Channel(channel)
        return trail.save(fresh, "expectation.changed")


def confirm_expectation(
    *, by: Actor, at: datetime, expectation: Expectation, confirmed_on: date | None = None,
    expected_seq: int | None = None,
) -> Expectation:  # fmt: skip
    """Somebody made sure, on ``confirmed_on`` (None: today), that the customer still expects it."""
    with change(by=by, at=at) as trail:
        fresh = _to_keep(trail, expectation, expected_seq)
        day = _day_given(confirmed_on, at, "confirmed_on")
        if day < fresh.confirmed_on:
            raise Refused(
                field="confirmed_on",
                expected=gettext_noop("Expected a day not before the last confirmation, {before}."),
                found=gettext_noop("Found {day}."),
                remedy=gettext_noop("Correct the day."),
                before=fresh.confirmed_on.isoformat(),
                day=day.isoformat(),
            )
        fresh.confirmed_on, fresh.told_at = day, None
        return trail.save(fresh, "expectation.confirmed")


def end_expectation(
    *, by: Actor, at: datetime, expectation: Expectation, reason: str, expected_seq: int | None = None
) -> Expectation:
    """The customer expects it no more."""
    why = reason_given(reason)
    with change(by=by, at=at, reason=why) as trail:
        fresh = _to_keep(trail, expectation, expected_seq)
        fresh.ended_at, fresh.ended_because = at, why
        return trail.save(fresh, "expectation.ended")


def tell_of_stale(*, by: Actor, at: datetime) -> int:
    """Tell whoever leads the suppliers of the expectations that nobody has confirmed for long, each once; returns how
    many there were."""
    told = 0
    for supplier, rows in stale_ones(today=day_of(at)).items():
        with change(by=by, at=at) as trail:
            fresh = [trail.lock(Expectation, one) for one in rows]
            for one in fresh:
                one.told_at = at
                trail.save(one, "expectation.told")
            for person in leaders_of(supplier, at):
                notify(
                    by=by, at=at, person=person, topic=STALE_TOPIC, values={"count": len(fresh)},
                    address=f"{reverse('surveys:expectations')}?show=stale&party={supplier}",
                    shows=[(Expectation.kind, one.public_id) for one in fresh[:1]],
                )  # fmt: skip
            told += len(fresh)
    return told


def _to_keep(trail: Trail, expectation: Expectation, expected_seq: int | None) -> Expectation:
    fresh = trail.lock(Expectation, expectation, expected_seq=expected_seq)
    held = chain.link(viewer=trail.by, at=trail.at, public_id=fresh.link.public_id)
    demand(policy.may_keep_expectations(standing_of(trail.by, day_of(trail.at)), held))
    if fresh.ended_at is not None:
        raise Refused(
            expected=gettext_noop("Expected an expectation that holds."),
            found=gettext_noop("It was ended."),
            remedy=gettext_noop("Enter it anew if the customer expects it again."),
        )
    return fresh


def _day_given(day: date | None, at: datetime, field: str) -> date:
    today = day_of(at)
    if day is not None and day > today:
        raise Refused(
            field=field,
            expected=gettext_noop("Expected a day until today."),
            found=gettext_noop("Found {day}."),
            remedy=gettext_noop("Correct the day."),
            day=day.isoformat(),
        )
    return day or today
