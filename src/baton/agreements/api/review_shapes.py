"""What the calls about review meetings show, and how they read what they are about."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from pydantic import Field

from baton.agreements.models import AgendaItem, Decision, MeetingPerson, ReviewMeeting
from baton.agreements.pages.agenda import shown_point
from baton.agreements.queries import reviews as queries
from baton.agreements.rules import Side
from baton.agreements.rules.reviews import (
    Attendance,
    DecisionState,
    ItemFate,
    Keeping,
    MeetingState,
    ReviewOutcome,
    Topic,
)
from baton.chain.api.shapes import PersonNamed
from baton.core.api.door import ApiRequest
from baton.core.api.schemas import PublicId, Shown
from baton.core.days import day_of


class ReviewNamed(Shown):
    """A meeting in a list."""

    id: PublicId
    number: str = Field(examples=["RM-2026-0001"])
    link: PublicId
    starts_at: datetime
    ends_at: datetime
    place: str = Field(examples=["Room 4"])
    state: MeetingState
    outcome: ReviewOutcome | None = Field(description="What becomes of the agreement; null: not decided.")
    version: int = Field(examples=[42])


class AgendaItemShown(Shown):
    """A point of an agenda: what it is called and what is known of it, in the language of the caller."""

    id: PublicId
    review: PublicId
    topic: Topic
    title: str = Field(examples=["Clean linen is on the ward: 95 % within 4 business hours"])
    facts: list[str] = Field(description="What Baton knows of it, a line each.")
    minutes: str
    fate: ItemFate
    position: int = Field(description="Place on the agenda, from 1 on.", examples=[3])
    version: int = Field(examples=[42])


class MeetingPersonShown(Shown):
    """Somebody at a meeting; ``person`` is null for who has no sign-in."""

    id: PublicId
    review: PublicId
    name: str
    person: PersonNamed | None
    side: Side | None
    attendance: Attendance
    is_invited: bool = Field(description="Whether he is on the list; false: he was taken off.")
    version: int = Field(examples=[42])


class DecisionShown(Shown):
    """Who does what until when; ``keeping`` says how that stands today."""

    id: PublicId
    review: PublicId
    words: str = Field(examples=["The second lift is repaired"])
    owner: str = Field(description="Name of who sees to it.", examples=["Zhao Lei"])
    due_on: date
    item: PublicId | None = Field(description="To which point of the agenda; null: to none.")
    state: DecisionState
    keeping: Keeping
    done_on: date | None
    note: str
    version: int = Field(examples=[42])


class ReviewShown(ReviewNamed):
    """A meeting with its people, agenda, minutes and decisions."""

    outcome_reason: str
    led_to: PublicId | None = Field(description="The version that was begun because of it; null: none.")
    people: list[MeetingPersonShown]
    agenda: list[AgendaItemShown]
    decisions: list[DecisionShown]


def review_named(one: ReviewMeeting) -> dict[str, Any]:
    """What a list shows of a meeting."""
    return {
        "id": one.public_id, "number": one.number, "link": one.link.public_id, "starts_at": one.starts_at,
        "ends_at": one.ends_at, "place": one.place, "state": MeetingState(one.state),
        "outcome": ReviewOutcome(one.outcome) if one.outcome else None, "version": one.changed_seq,
    }  # fmt: skip


def item_shown(one: AgendaItem) -> AgendaItemShown:
    """A point as programs read it."""
    point = shown_point(one)
    return AgendaItemShown(
        id=one.public_id, review=one.meeting.public_id, topic=Topic(one.topic), title=point.title, facts=point.lines,
        minutes=one.minutes, fate=ItemFate(one.fate), position=one.position, version=one.changed_seq,
    )  # fmt: skip


def person_shown(one: MeetingPerson) -> MeetingPersonShown:
    """Somebody at a meeting as programs read it."""
    named = PersonNamed(id=one.person.public_id, name=one.person.name) if one.person is not None else None
    return MeetingPersonShown(
        id=one.public_id, review=one.meeting.public_id, name=str(one), person=named,
        side=Side(one.side) if one.side else None, attendance=Attendance(one.attendance),
        is_invited=one.removed_at is None, version=one.changed_seq,
    )  # fmt: skip


def decision_shown(request: ApiRequest) -> Callable[[Decision], DecisionShown]:
    """A decision as programs read it."""
    day = day_of(request.now)

    def show(one: Decision) -> DecisionShown:
        return DecisionShown(
            id=one.public_id, review=one.meeting.public_id, words=one.words, owner=str(one.handed_to or one.owner),
            due_on=one.due_on, item=one.item.public_id if one.item is not None else None,
            state=DecisionState(one.state), keeping=one.keeping_on(day), done_on=one.done_on, note=one.note,
            version=one.changed_seq,
        )  # fmt: skip

    return show


def review_shown(request: ApiRequest) -> Callable[[ReviewMeeting], ReviewShown]:
    """A meeting with all that belongs to it, as the caller reads it. A fixed number of queries."""
    viewer = request.actor

    def show(found: ReviewMeeting) -> ReviewShown:
        one = queries.meeting(viewer=viewer, at=request.now, public_id=found.public_id)
        return ReviewShown(
            **review_named(one), outcome_reason=one.outcome_reason,
            led_to=one.led_to.public_id if one.led_to is not None else None,
            people=[person_shown(person) for person in queries.people_of(viewer=viewer, meeting=one)],
            agenda=[item_shown(item) for item in queries.items_of(viewer=viewer, meeting=one)],
            decisions=list(map(decision_shown(request), queries.decisions_of(viewer=viewer, meeting=one))),
        )  # fmt: skip

    return show


def see_review(request: ApiRequest) -> Callable[[str], ReviewMeeting]:
    """Reads a meeting for the caller."""
    return lambda public_id: queries.meeting(viewer=request.actor, at=request.now, public_id=public_id)


def see_item(request: ApiRequest) -> Callable[[str], AgendaItem]:
    """Reads a point for the caller."""
    return lambda public_id: queries.item(viewer=request.actor, at=request.now, public_id=public_id)


def see_meeting_person(request: ApiRequest) -> Callable[[str], MeetingPerson]:
    """Reads one of the people of a meeting for the caller."""
    return lambda public_id: queries.meeting_person(viewer=request.actor, at=request.now, public_id=public_id)


def see_decision(request: ApiRequest) -> Callable[[str], Decision]:
    """Reads a decision for the caller."""
    return lambda public_id: queries.decision(viewer=request.actor, at=request.now, public_id=public_id)
