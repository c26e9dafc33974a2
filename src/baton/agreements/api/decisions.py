"""Decisions of review meetings: list, read, change, end, open again, hand over."""

from __future__ import annotations

from typing import Any, Literal, TypeVar

from django.http import HttpResponse
from ninja import Query, Router
from pydantic import Field

from baton.agreements.api.review_shapes import (
    DecisionShown,
    decision_shown,
    see_decision,
    see_item,
    see_meeting_person,
)
from baton.agreements.api.shapes import READ, WRITE, Note
from baton.agreements.changes import decisions
from baton.agreements.models import AgendaItem, MeetingPerson, ReviewMeeting
from baton.agreements.queries import reviews as queries
from baton.agreements.queries.reviews import DecisionFilters
from baton.chain.api.parties import person_named
from baton.core.api.door import ApiRequest
from baton.core.api.endpoints import changed, named, reads, shown, writes
from baton.core.api.schemas import Asked, Day, Edited, PublicId, Rows, Sent
from baton.core.errors import NotFound
from baton.core.policy import may_use
from baton.core.slices import slice_of
from baton_analysis.errors import gettext_noop

router = Router()

Part = TypeVar("Part", AgendaItem, MeetingPerson)


class DecisionsAsked(Asked):
    """Which decisions: open ones, late ones, those of the caller, or all."""

    show: Literal["open", "late", "mine", "all"] = "open"
    party: PublicId | None = None


class DecisionFields(Sent):
    """Who does what until when."""

    words: Note = Field(min_length=1, examples=["The second lift is repaired"])
    owner: PublicId = Field(description="One of `people` of the meeting, by the id under which he stands there.")
    due_on: Day
    item: PublicId | None = Field(default=None, description="To which point of the agenda; null: to none.")


class DecisionChange(DecisionFields, Edited):
    """All that a decision says, until the meeting is closed."""


class DecisionEnd(Edited):
    """What became of it."""

    done: bool = Field(description="False: it is no longer wanted; then the note says why.")
    done_on: Day | None = Field(default=None, description="Null: today.")
    note: Note = ""


class DecisionReopened(Edited):
    """Why it is open again."""

    why: Note = Field(min_length=1, examples=["The lift stands again"])


class DecisionHanded(Edited):
    """Who sees to it from now on."""

    person: PublicId = Field(description="Of one of the two sides.")


@reads(
    router, "", scope=READ, may=may_use, response=Rows[DecisionShown],
    summary=gettext_noop("List decisions of review meetings"),
    description=gettext_noop("Of meetings in sight, and those that the caller keeps."),
)  # fmt: skip
def list_decisions(request: ApiRequest, asked: Query[DecisionsAsked]) -> Any:
    filters = DecisionFilters(show=asked.show, party=asked.party or "")
    rows = queries.decisions(viewer=request.actor, at=request.now, filters=filters)
    part = slice_of(rows.order_by("recorded_at"), asked=asked.filters(), limit=asked.limit, cursor=asked.cursor)
    return Rows[DecisionShown](rows=list(map(decision_shown(request), part.rows)), next=part.next)


@reads(
    router, "/{slug:public_id}", scope=READ, may=may_use, response=DecisionShown,
    summary=gettext_noop("Read a decision"),
)  # fmt: skip
def read_decision(request: ApiRequest, public_id: PublicId) -> HttpResponse:
    found = see_decision(request)(public_id)
    return shown(found, decision_shown(request)(found))


@writes(
    router, "PATCH", "/{slug:public_id}", scope=WRITE, may=may_use, response=DecisionShown, versioned=True,
    summary=gettext_noop("Change a decision of a review meeting"),
    description=gettext_noop("Until the meeting is closed; what is left out is emptied."),
    example={
        "version": 42, "words": "Both lifts are repaired", "owner": "3c4d5f6g7h8j9k2b", "due_on": "2026-12-31",
    },
)  # fmt: skip
def change_decision(request: ApiRequest, public_id: PublicId, sent: DecisionChange) -> HttpResponse:
    return changed(
        request, public_id, sent, show=decision_shown(request), see=see_decision(request),
        write=lambda one, **seen: decisions.change_decision(
            decision=one, **decision_fields(request, sent, one.meeting), **seen
        ),
    )  # fmt: skip


@writes(
    router, "POST", "/{slug:public_id}/end", scope=WRITE, may=may_use, response=DecisionShown, versioned=True,
    summary=gettext_noop("Say what became of a decision"),
    description=gettext_noop("For who sees to it, and who plans meetings of the link."),
    example={"version": 42, "done": True, "note": "Repaired on Thursday"},
)  # fmt: skip
def end_decision(request: ApiRequest, public_id: PublicId, sent: DecisionEnd) -> HttpResponse:
    return changed(
        request, public_id, sent, show=decision_shown(request), see=see_decision(request),
        write=lambda one, **seen: decisions.end_decision(
            decision=one, done=sent.done, done_on=sent.done_on, note=sent.note, **seen
        ),
    )  # fmt: skip


@writes(
    router, "POST", "/{slug:public_id}/reopen", scope=WRITE, may=may_use, response=DecisionShown, versioned=True,
    summary=gettext_noop("Open a decision again"), example={"version": 42, "why": "The lift stands again"},
)  # fmt: skip
def reopen_decision(request: ApiRequest, public_id: PublicId, sent: DecisionReopened) -> HttpResponse:
    return changed(
        request, public_id, sent, show=decision_shown(request), see=see_decision(request),
        write=lambda one, **seen: decisions.reopen_decision(decision=one, reason=sent.why, **seen),
    )  # fmt: skip


@writes(
    router, "POST", "/{slug:public_id}/hand-over", scope=WRITE, may=may_use, response=DecisionShown, versioned=True,
    summary=gettext_noop("Hand a decision over"), description=gettext_noop("That person is told."),
    example={"version": 42, "person": "3c4d5f6g7h8j9k2b"},
)  # fmt: skip
def hand_over_decision(request: ApiRequest, public_id: PublicId, sent: DecisionHanded) -> HttpResponse:
    person = person_named(request, sent.person, "person")
    return changed(
        request, public_id, sent, show=decision_shown(request), see=see_decision(request),
        write=lambda one, **seen: decisions.hand_over_decision(decision=one, person=person, **seen),
    )  # fmt: skip


def decision_fields(request: ApiRequest, sent: DecisionFields, meeting: ReviewMeeting) -> dict[str, Any]:
    """What a decision says; its owner and its point are those of the ``meeting``."""
    return {
        "words": sent.words, "due_on": sent.due_on,
        "owner": named(lambda: _of(meeting, see_meeting_person(request)(sent.owner)), "owner"),
        "item": named(lambda: _of(meeting, see_item(request)(sent.item or "")), "item") if sent.item else None,
    }  # fmt: skip


def _of(meeting: ReviewMeeting, part: Part) -> Part:
    if part.meeting_id != meeting.pk:
        raise NotFound
    return part
