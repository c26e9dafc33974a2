"""Review meetings: list, read with agenda and minutes, plan, move, cancel, hold and close. Minutes are confirmed on
pages, by people."""

from __future__ import annotations

from typing import Annotated, Any

from django.http import HttpResponse
from ninja import Query, Router
from pydantic import AwareDatetime, Field, StringConstraints

from baton.agreements.api.decisions import DecisionFields, decision_fields
from baton.agreements.api.minutes import InvitedSent
from baton.agreements.api.review_shapes import (
    AgendaItemShown,
    DecisionShown,
    MeetingPersonShown,
    ReviewNamed,
    ReviewShown,
    decision_shown,
    item_shown,
    person_shown,
    review_named,
    review_shown,
    see_decision,
    see_item,
    see_meeting_person,
    see_review,
)
from baton.agreements.api.shapes import READ, WRITE, Note
from baton.agreements.changes import agenda, closing_reviews, decisions, reviews
from baton.agreements.queries import reviews as queries
from baton.agreements.queries.reviews import MeetingFilters
from baton.agreements.rules.reviews import MOST_PEOPLE, PLACE_LENGTH, Attendance, MeetingState, ReviewOutcome
from baton.chain.api.parties import person_named
from baton.core.api.door import ApiRequest
from baton.core.api.endpoints import changed, made, named, reads, shown, writes
from baton.core.api.schemas import Asked, Edited, PublicId, Rows, Search, Sent
from baton.core.policy import may_use
from baton_analysis.errors import gettext_noop

router = Router()

Place = Annotated[str, StringConstraints(max_length=PLACE_LENGTH, pattern=r"^[^\x00]*$")]


class ReviewsAsked(Asked):
    """Which meetings."""

    search: Search = ""
    state: MeetingState | None = None
    party: PublicId | None = None


class Appointment(Sent):
    """When and where."""

    starts_at: AwareDatetime = Field(examples=["2026-12-01T10:00:00+08:00"])
    ends_at: AwareDatetime = Field(examples=["2026-12-01T11:00:00+08:00"])
    place: Place = ""


class ReviewSent(Appointment):
    """A new meeting of a link."""

    link: PublicId


class ReviewMove(Appointment, Edited):
    """Another day, time or place."""


class ReviewCancelled(Edited):
    """Why it does not take place."""

    why: Note = Field(min_length=1, description="Its people are told.", examples=["Both heads are away"])


class ReviewClosed(Edited):
    """What becomes of the agreement."""

    outcome: ReviewOutcome | None = Field(default=None, description="Null: nothing was decided.")
    why: Note = Field(default="", description="For both sides; needed to change or to end the agreement.")


class AgendaItemSent(Sent):
    """A point of one's own."""

    title: Note = Field(min_length=1, examples=["Sheets for the new ward"])


class AttendanceSent(Sent):
    """Who came, by the ids under which ``people`` of the meeting stand; others stay as they were."""

    attendance: dict[PublicId, Attendance] = Field(
        min_length=1, max_length=MOST_PEOPLE, examples=[{"2b3c4d5f6g7h8j9k": "present"}]
    )


@reads(
    router, "", scope=READ, may=may_use, response=Rows[ReviewNamed], summary=gettext_noop("List review meetings"),
    description=gettext_noop("Of links with a side to which the caller belongs, and those to which he is invited."),
)  # fmt: skip
def list_reviews(request: ApiRequest, asked: Query[ReviewsAsked]) -> Any:
    filters = MeetingFilters(search=asked.search, state=asked.state or "", party=asked.party or "")
    part = queries.meeting_slice(
        viewer=request.actor, at=request.now, filters=filters, limit=asked.limit, cursor=asked.cursor
    )
    return Rows[ReviewNamed](rows=[ReviewNamed(**review_named(one)) for one in part.rows], next=part.next)


@reads(
    router, "/{slug:public_id}", scope=READ, may=may_use, response=ReviewShown,
    summary=gettext_noop("Read a review meeting"),
    description=gettext_noop("With its people, agenda, minutes and decisions."),
)  # fmt: skip
def read_review(request: ApiRequest, public_id: PublicId) -> HttpResponse:
    found = see_review(request)(public_id)
    return shown(found, review_shown(request)(found))


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
        request, show=review_shown(request), see=see_review(request),
        write=lambda: reviews.plan_meeting(
            by=by, at=at, link=link, starts_at=sent.starts_at, ends_at=sent.ends_at, place=sent.place
        ),
    )  # fmt: skip


@writes(
    router, "PATCH", "/{slug:public_id}", scope=WRITE, may=may_use, response=ReviewShown, versioned=True,
    summary=gettext_noop("Move a review meeting"), description=gettext_noop("Its people are told."),
    example={
        "version": 42, "starts_at": "2026-12-02T10:00:00+08:00", "ends_at": "2026-12-02T11:00:00+08:00",
        "place": "Room 4",
    },
)  # fmt: skip
def move_review(request: ApiRequest, public_id: PublicId, sent: ReviewMove) -> HttpResponse:
    return changed(
        request, public_id, sent, show=review_shown(request), see=see_review(request),
        write=lambda one, **seen: reviews.move_meeting(
            meeting=one, starts_at=sent.starts_at, ends_at=sent.ends_at, place=sent.place, **seen
        ),
    )  # fmt: skip


@writes(
    router, "POST", "/{slug:public_id}/cancel", scope=WRITE, may=may_use, response=ReviewShown, versioned=True,
    summary=gettext_noop("Cancel a review meeting"),
    description=gettext_noop("Its people are told; points that it took up are open again."),
    example={"version": 42, "why": "Both heads are away"},
)  # fmt: skip
def cancel_review(request: ApiRequest, public_id: PublicId, sent: ReviewCancelled) -> HttpResponse:
    return changed(
        request, public_id, sent, show=review_shown(request), see=see_review(request),
        write=lambda one, **seen: reviews.cancel_meeting(meeting=one, reason=sent.why, **seen),
    )  # fmt: skip


@writes(
    router, "POST", "/{slug:public_id}/close", scope=WRITE, may=may_use, response=ReviewShown, versioned=True,
    summary=gettext_noop("Close a review meeting"),
    description=gettext_noop(
        "One that has begun and of which it is noted who came. From then on its minutes stand still, and both sides "
        "confirm them on its page."
    ),
    example={"version": 42, "outcome": "renew"},
)  # fmt: skip
def close_review(request: ApiRequest, public_id: PublicId, sent: ReviewClosed) -> HttpResponse:
    return changed(
        request, public_id, sent, show=review_shown(request), see=see_review(request),
        write=lambda one, **seen: closing_reviews.close_meeting(
            meeting=one, outcome=sent.outcome, reason=sent.why, **seen
        ),
    )  # fmt: skip


@writes(
    router, "POST", "/{slug:public_id}/attendance", scope=WRITE, may=may_use, response=ReviewShown,
    summary=gettext_noop("Note who came to a review meeting"),
    example={"attendance": {"2b3c4d5f6g7h8j9k": "present"}},
)  # fmt: skip
def note_attendance(request: ApiRequest, public_id: PublicId, sent: AttendanceSent) -> HttpResponse:
    found = see_review(request)(public_id)
    return made(
        request, show=review_shown(request), see=see_review(request), status=200,
        write=lambda: reviews.note_attendance(
            by=request.actor, at=request.now, meeting=found, attendance=sent.attendance
        ),
    )  # fmt: skip


@writes(
    router, "POST", "/{slug:public_id}/renew-agenda", scope=WRITE, may=may_use, response=ReviewShown,
    summary=gettext_noop("Bring an agenda up to date"),
    description=gettext_noop("What is new is added at the end; what people wrote, ordered and took off stays."),
)  # fmt: skip
def renew_agenda(request: ApiRequest, public_id: PublicId) -> HttpResponse:
    found = see_review(request)(public_id)
    return made(
        request, show=review_shown(request), see=see_review(request), status=200,
        write=lambda: agenda.renew_agenda(by=request.actor, at=request.now, meeting=found),
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
    router, "POST", "/{slug:public_id}/people", scope=WRITE, may=may_use, response=MeetingPersonShown, status=201,
    summary=gettext_noop("Invite somebody to a review meeting"),
    description=gettext_noop("Somebody who signs in is told; of others Baton knows the name only."),
    example={"person": "3c4d5f6g7h8j9k2b"},
)  # fmt: skip
def invite_to_review(request: ApiRequest, public_id: PublicId, sent: InvitedSent) -> HttpResponse:
    found = see_review(request)(public_id)
    person = person_named(request, sent.person, "person") if sent.person is not None else None
    return made(
        request, show=person_shown, see=see_meeting_person(request),
        write=lambda: reviews.invite(
            by=request.actor, at=request.now, meeting=found, person=person, name=sent.name, side=sent.side
        ),
    )  # fmt: skip


@writes(
    router, "POST", "/{slug:public_id}/decisions", scope=WRITE, may=may_use, response=DecisionShown, status=201,
    summary=gettext_noop("Note a decision of a review meeting"),
    description=gettext_noop("For whoever takes its minutes, until it is closed."),
    example={"words": "The second lift is repaired", "owner": "3c4d5f6g7h8j9k2b", "due_on": "2026-12-31"},
)  # fmt: skip
def note_decision(request: ApiRequest, public_id: PublicId, sent: DecisionFields) -> HttpResponse:
    found = see_review(request)(public_id)
    return made(
        request, show=decision_shown(request), see=see_decision(request),
        write=lambda: decisions.decide(
            by=request.actor, at=request.now, meeting=found, **decision_fields(request, sent, found)
        ),
    )  # fmt: skip
