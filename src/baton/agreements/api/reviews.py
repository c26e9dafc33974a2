"""Review meetings: list, read with agenda and minutes, plan, add points, write minutes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any

from django.http import HttpResponse
from ninja import Query, Router
from pydantic import AwareDatetime, Field, StringConstraints

from baton.agreements.api.decisions import DecisionShown, decision_shown
from baton.agreements.api.shapes import READ, WRITE, Note
from baton.agreements.changes import agenda, reviews
from baton.agreements.models import AgendaItem, ReviewMeeting
from baton.agreements.pages.agenda import shown_point
from baton.agreements.queries import reviews as queries
from baton.agreements.queries.reviews import MeetingFilters
from baton.agreements.rules import Side
from baton.agreements.rules.reviews import (
    PLACE_LENGTH,
    WORDS_LENGTH,
    Attendance,
    ItemFate,
    MeetingState,
    ReviewOutcome,
    Topic,
)
from baton.chain.api.shapes import PersonNamed
from baton.core.api.door import ApiRequest
from baton.core.api.endpoints import changed, made, named, reads, shown, writes
from baton.core.api.schemas import Asked, Edited, PublicId, Rows, Search, Sent, Shown
from baton.core.policy import may_use
from baton_analysis.errors import gettext_noop

router = Router()
items_router = Router()

Place = Annotated[str, StringConstraints(max_length=PLACE_LENGTH, pattern=r"^[^\x00]*$")]
Minutes = Annotated[str, StringConstraints(max_length=WORDS_LENGTH, pattern=r"^[^\x00]*$")]


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
    version: int = Field(examples=[42])


class MeetingPersonShown(Shown):
    """Somebody at a meeting; ``person`` is null for who has no sign-in."""

    name: str
    person: PersonNamed | None
    side: Side | None
    attendance: Attendance


class ReviewShown(ReviewNamed):
    """A meeting with its people, agenda, minutes and decisions."""

    people: list[MeetingPersonShown]
    agenda: list[AgendaItemShown]
    decisions: list[DecisionShown]


class ReviewsAsked(Asked):
    """Which meetings."""

    search: Search = ""
    state: MeetingState | None = None
    party: PublicId | None = None


class ReviewSent(Sent):
    """A new meeting of a link."""

    link: PublicId
    starts_at: AwareDatetime = Field(examples=["2026-12-01T10:00:00+08:00"])
    ends_at: AwareDatetime = Field(examples=["2026-12-01T11:00:00+08:00"])
    place: Place = ""


class AgendaItemSent(Sent):
    """A point of one's own."""

    title: Note = Field(min_length=1, examples=["Sheets for the new ward"])


class MinutesSent(Edited):
    """What was said to a point."""

    minutes: Minutes = Field(examples=["The second lift is repaired by Friday."])


def _named(one: ReviewMeeting) -> dict[str, Any]:
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
        minutes=one.minutes, fate=ItemFate(one.fate), version=one.changed_seq,
    )  # fmt: skip


def _shown(request: ApiRequest) -> Callable[[ReviewMeeting], ReviewShown]:
    def show(found: ReviewMeeting) -> ReviewShown:
        one = queries.meeting(viewer=request.actor, at=request.now, public_id=found.public_id)
        people = queries.people_of(viewer=request.actor, meeting=one)
        items = queries.items_of(viewer=request.actor, meeting=one)
        for item in items:
            item.meeting = one
        return ReviewShown(
            **_named(one),
            people=[
                MeetingPersonShown(
                    name=str(person), side=Side(person.side) if person.side else None,
                    person=PersonNamed(id=person.person.public_id, name=person.person.name)
                    if person.person is not None else None,
                    attendance=Attendance(person.attendance),
                )
                for person in people
            ],
            agenda=[item_shown(item) for item in items],
            decisions=[
                decision_shown(request)(decision)
                for decision in queries.decisions_of(viewer=request.actor, meeting=one)
            ],
        )  # fmt: skip

    return show


def see_review(request: ApiRequest) -> Callable[[str], ReviewMeeting]:
    """Reads a meeting with the eyes of the caller."""
    return lambda public_id: queries.meeting(viewer=request.actor, at=request.now, public_id=public_id)


def see_item(request: ApiRequest) -> Callable[[str], AgendaItem]:
    """Reads a point with the eyes of the caller."""
    return lambda public_id: queries.item(viewer=request.actor, at=request.now, public_id=public_id)


@reads(
    router, "", scope=READ, may=may_use, response=Rows[ReviewNamed], summary=gettext_noop("List review meetings"),
    description=gettext_noop("Of links with a side to which the caller belongs, and those to which he is invited."),
)  # fmt: skip
def list_reviews(request: ApiRequest, asked: Query[ReviewsAsked]) -> Any:
    filters = MeetingFilters(search=asked.search, state=asked.state or "", party=asked.party or "")
    part = queries.meeting_slice(
        viewer=request.actor, at=request.now, filters=filters, limit=asked.limit, cursor=asked.cursor
    )
    return Rows[ReviewNamed](rows=[ReviewNamed(**_named(one)) for one in part.rows], next=part.next)


@reads(
    router, "/{slug:public_id}", scope=READ, may=may_use, response=ReviewShown,
    summary=gettext_noop("Read a review meeting"),
    description=gettext_noop("With its people, agenda, minutes and decisions."),
)  # fmt: skip
def read_review(request: ApiRequest, public_id: PublicId) -> HttpResponse:
    found = see_review(request)(public_id)
    return shown(found, _shown(request)(found))


@writes(
    router, "POST", "", scope=WRITE, may=may_use, response=ReviewShown, status=201,
    summary=gettext_noop("Plan a review meeting"),
    description=gettext_noop("Who leads both sides is invited; the agenda is put together from the link’s own data."),
    example={
        "link": "2b3c4d5f6g7h8j9k", "starts_at": "2026-12-01T10:00:00+08:00", "ends_at": "2026-12-01T11:00:00+08:00",
        "place": "Room 4",
    },
)  # fmt: skip
def plan_review(request: ApiRequest, sent: ReviewSent) -> HttpResponse:
    by, at = request.actor, request.now
    link = named(lambda: queries.link_to_review(viewer=by, at=at, public_id=sent.link), "link")
    return made(
        request, show=_shown(request), see=see_review(request),
        write=lambda: reviews.plan_meeting(
            by=by, at=at, link=link, starts_at=sent.starts_at, ends_at=sent.ends_at, place=sent.place
        ),
    )  # fmt: skip


@writes(
    router, "POST", "/{slug:public_id}/agenda", scope=WRITE, may=may_use, response=AgendaItemShown, status=201,
    summary=gettext_noop("Put a point on an agenda"), example={"title": "Sheets for the new ward"},
)  # fmt: skip
def add_agenda_item(request: ApiRequest, public_id: PublicId, sent: AgendaItemSent) -> HttpResponse:
    found = see_review(request)(public_id)
    return made(
        request, show=item_shown, see=see_item(request),
        write=lambda: agenda.add_item(by=request.actor, at=request.now, meeting=found, title=sent.title),
    )  # fmt: skip


@writes(
    items_router, "PATCH", "/{slug:public_id}", scope=WRITE, may=may_use, response=AgendaItemShown, versioned=True,
    summary=gettext_noop("Write minutes"),
    description=gettext_noop("Until the meeting is closed. A stale version is answered with what now stands."),
    example={"version": 42, "minutes": "The second lift is repaired by Friday."},
)  # fmt: skip
def write_minutes(request: ApiRequest, public_id: PublicId, sent: MinutesSent) -> HttpResponse:
    return changed(
        request, public_id, sent, show=item_shown, see=see_item(request),
        write=lambda one, **seen: agenda.write_minutes(item=one, minutes=sent.minutes, **seen),
    )  # fmt: skip
