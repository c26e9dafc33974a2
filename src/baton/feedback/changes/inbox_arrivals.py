"""Feedback reaches the organisation: told signed in, entered by who took it, told on an open page."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from baton.core.actors import Actor
from baton.core.audit.trail import Trail, change
from baton.core.changes import next_number
from baton.core.days import day_of
from baton.core.errors import Forbidden, NotFound, Refused
from baton.core.policy import demand
from baton.feedback import policy
from baton.feedback.changes.inbox_notices import (
    FEEDBACK_CAME_TOPIC,
    quality_of,
    said,
    tell_of,
    teller_of,
    within,
)
from baton.feedback.models import FeedbackDoor, FeedbackItem
from baton.feedback.queries.inbox import may_tell_about, who_owes
from baton.feedback.rules.inbox import (
    AT_DOORS,
    ENTERED,
    NAME_LENGTH,
    OLDEST,
    REACH_LENGTH,
    FeedbackCategory,
    FeedbackChannel,
    proposed_category,
)
from baton_analysis.errors import gettext_noop

if TYPE_CHECKING:
    from baton.chain.models import Link, Party

NUMBER_PREFIX = "FB"


@dataclass(frozen=True, slots=True)
class FeedbackTold:
    """What somebody tells: his words; ``category`` None: as his words seem to say. ``name`` and ``reach`` (telephone or
    e-mail) as he gives them, empty: he gives none."""

    words: str
    category: FeedbackCategory | None = None
    party: Party | None = None
    link: Link | None = None
    language: str = ""
    name: str = ""
    reach: str = ""


def tell_feedback(*, by: Actor, at: datetime, told: FeedbackTold) -> FeedbackItem:
    """Somebody signed in tells something; whoever owes the outcome hears of it, without the words."""
    with change(by=by, at=at) as trail:
        demand(policy.may_tell(by))
        if by.person is None:
            raise Forbidden
        return kept(trail, told, FeedbackChannel.BATON, received_at=at, teller=by.person)


def enter_feedback(
    *, by: Actor, at: datetime, told: FeedbackTold, channel: FeedbackChannel, received_at: datetime | None = None
) -> FeedbackItem:
    """Somebody enters what reached him on paper, by telephone or by word of mouth at ``received_at`` (None: now). Names
    and how to reach people are kept until a year after the outcome."""
    with change(by=by, at=at) as trail:
        demand(policy.may_tell(by))
        return kept(trail, told, _entered(channel), received_at=_arrival(received_at, at), taken_by=by.person)


def tell_at_door(
    *, at: datetime, door: FeedbackDoor, told: FeedbackTold, channel: FeedbackChannel
) -> FeedbackItem:  # fmt: skip
    """Somebody without a sign-in tells something on an open page; nothing says who, but what he writes himself."""
    by = Actor.system("feedback_door")
    with change(by=by, at=at) as trail:
        fresh = FeedbackDoor.objects.filter(pk=door.pk, closed_at__isnull=True).select_related("party", "link").first()
        if fresh is None or channel not in AT_DOORS:
            raise NotFound
        return kept(trail, replace(told, party=fresh.party, link=fresh.link), channel, received_at=at)


def open_door(*, by: Actor, at: datetime, party: Party | None = None, link: Link | None = None) -> FeedbackDoor:
    """Open the page of a party, or of a link, on which anybody tells something."""
    with change(by=by, at=at) as trail:
        demand(policy.may_keep_doors(by))
        about = link.supplier if link is not None else party
        if about is None or about.person_id is not None or about.ended_on is not None:
            raise Refused(
                field="party",
                expected=gettext_noop("Expected a party that is no single person and has not ended."),
                found=gettext_noop("None was chosen, or another one."),
                remedy=gettext_noop("Choose the department or team in which he works."),
            )
        held = FeedbackDoor.objects.filter(party=about, link=link, closed_at__isnull=True).first()
        if held is not None:
            return held
        return trail.save(FeedbackDoor(party=about, link=link), "feedback_door.opened")


def close_door(
    *, by: Actor, at: datetime, door: FeedbackDoor, expected_seq: int | None = None
) -> FeedbackDoor:  # fmt: skip
    """Close it for good: its address and its posters lead to a page that says so."""
    with change(by=by, at=at) as trail:
        demand(policy.may_keep_doors(by))
        fresh = trail.lock(FeedbackDoor, door, expected_seq=expected_seq)
        fresh.closed_at = fresh.closed_at or at
        return trail.save(fresh, "feedback_door.closed")


def kept(
    trail: Trail, told: FeedbackTold, channel: FeedbackChannel, *, received_at: datetime, **more: Any
) -> FeedbackItem:
    """Keep what was told, with ``more`` of its fields, and tell whoever owes the outcome. What it is about must be in
    sight of who tells it."""
    item = _item(trail.by, trail.at, told, channel)
    for name, value in {"received_at": received_at, **more}.items():
        setattr(item, name, value)
    owing = who_owes(viewer=teller_of(item), at=trail.at, party=item.party) if item.party is not None else []
    item.holder = item.party if owing else None
    saved = trail.save(item, "feedback_item.received")
    tell_of(trail, saved, FEEDBACK_CAME_TOPIC, owing or quality_of(trail.at, saved))
    return saved


def _item(by: Actor, at: datetime, told: FeedbackTold, channel: FeedbackChannel) -> FeedbackItem:
    words = said(told.words, gettext_noop("Write what you want to tell, in a sentence or two."))
    subject = {
        "party": told.party.public_id if told.party is not None else "",
        "link": told.link.public_id if told.link is not None else "",
    }
    party, link = may_tell_about(viewer=by, at=at, subject=subject)
    category = told.category if told.category is not None else proposed_category(words)
    return FeedbackItem(
        number=next_number(prefix=NUMBER_PREFIX, at=at), category=FeedbackCategory(category).value,
        channel=channel.value, words=words, language=told.language[:10], party=party, link=link,
        teller_name=within(told.name, "name", NAME_LENGTH), teller_reach=within(told.reach, "reach", REACH_LENGTH),
    )  # fmt: skip


def _entered(channel: FeedbackChannel) -> FeedbackChannel:
    if channel not in ENTERED:
        raise Refused(
            field="channel",
            expected=gettext_noop("Expected a way on which feedback reaches somebody who enters it."),
            remedy=gettext_noop("Choose paper, telephone or told to a colleague."),
        )
    return channel


def _arrival(received_at: datetime | None, at: datetime) -> datetime:
    if received_at is not None and not at - OLDEST <= received_at <= at:
        raise Refused(
            field="received_on",
            expected=gettext_noop("Expected a moment until now, and not more than ten years ago."),
            found=gettext_noop("Found {day}."),
            remedy=gettext_noop("Correct the day."),
            day=day_of(received_at).isoformat(),
        )
    return received_at or at
