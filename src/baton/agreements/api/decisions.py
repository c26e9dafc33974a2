"""Decisions of review meetings: list, read, note, end."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any, Literal

from django.http import HttpResponse
from ninja import Query, Router
from pydantic import Field

from baton.agreements.api.shapes import READ, WRITE, Note
from baton.agreements.changes import decisions
from baton.agreements.models import Decision
from baton.agreements.queries import reviews as queries
from baton.agreements.queries.reviews import DecisionFilters
from baton.agreements.rules.reviews import DecisionState, Keeping
from baton.core.api.door import ApiRequest
from baton.core.api.endpoints import changed, reads, shown, writes
from baton.core.api.schemas import Asked, Day, Edited, PublicId, Rows, Shown
from baton.core.days import day_of
from baton.core.policy import may_use
from baton.core.slices import slice_of
from baton_analysis.errors import gettext_noop

router = Router()


class DecisionShown(Shown):
    """Who does what until when; ``keeping`` says how that stands today."""

    id: PublicId
    review: PublicId
    words: str = Field(examples=["The second lift is repaired"])
    owner: str = Field(description="Name of who sees to it.", examples=["Zhao Lei"])
    due_on: date
    state: DecisionState
    keeping: Keeping
    done_on: date | None
    note: str
    version: int = Field(examples=[42])


class DecisionsAsked(Asked):
    """Which decisions: open ones, late ones, those of the caller, or all."""

    show: Literal["open", "late", "mine", "all"] = "open"
    party: PublicId | None = None


class DecisionEnd(Edited):
    """What became of it."""

    done: bool = Field(description="False: it is no longer wanted; then the note says why.")
    done_on: Day | None = Field(default=None, description="Null: today.")
    note: Note = ""


def decision_shown(request: ApiRequest) -> Callable[[Decision], DecisionShown]:
    """A decision as programs read it."""
    day = day_of(request.now)

    def show(one: Decision) -> DecisionShown:
        return DecisionShown(
            id=one.public_id, review=one.meeting.public_id, words=one.words, owner=str(one.handed_to or one.owner),
            due_on=one.due_on, state=DecisionState(one.state), keeping=one.keeping_on(day), done_on=one.done_on,
            note=one.note, version=one.changed_seq,
        )  # fmt: skip

    return show


def _see(request: ApiRequest) -> Callable[[str], Decision]:
    return lambda public_id: queries.decision(viewer=request.actor, at=request.now, public_id=public_id)


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
    found = _see(request)(public_id)
    return shown(found, decision_shown(request)(found))


@writes(
    router, "POST", "/{slug:public_id}/end", scope=WRITE, may=may_use, response=DecisionShown, versioned=True,
    summary=gettext_noop("Say what became of a decision"),
    description=gettext_noop("For who sees to it, and who plans meetings of the link."),
    example={"version": 42, "done": True, "note": "Repaired on Thursday"},
)  # fmt: skip
def end_decision(request: ApiRequest, public_id: PublicId, sent: DecisionEnd) -> HttpResponse:
    return changed(
        request, public_id, sent, show=decision_shown(request), see=_see(request),
        write=lambda one, **seen: decisions.end_decision(
            decision=one, done=sent.done, done_on=sent.done_on, note=sent.note, **seen
        ),
    )  # fmt: skip
