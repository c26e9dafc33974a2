"""Points of agendas and people of review meetings: minutes, order, who is on the list."""

from __future__ import annotations

from typing import Annotated

from django.http import HttpResponse
from ninja import Router
from pydantic import Field, StringConstraints

from baton.agreements.api.review_shapes import (
    AgendaItemShown,
    MeetingPersonShown,
    item_shown,
    person_shown,
    see_item,
    see_meeting_person,
)
from baton.agreements.api.shapes import WRITE, Note
from baton.agreements.changes import agenda, reviews
from baton.agreements.rules import Side
from baton.agreements.rules.reviews import MOST_POINTS, NAME_LENGTH, WORDS_LENGTH, ItemFate
from baton.core.api.door import ApiRequest
from baton.core.api.endpoints import changed, made, writes
from baton.core.api.schemas import Edited, PublicId, Sent
from baton.core.policy import may_use
from baton_analysis.errors import gettext_noop

items_router, people_router = Router(), Router()

Minutes = Annotated[str, StringConstraints(max_length=WORDS_LENGTH, pattern=r"^[^\x00]*$")]
Name = Annotated[str, StringConstraints(max_length=NAME_LENGTH, pattern=r"^[^\x00]*$")]


class MinutesSent(Edited):
    """What was said to a point."""

    minutes: Minutes = Field(examples=["The second lift is repaired by Friday."])


class PlaceSent(Sent):
    """Another place."""

    position: Annotated[int, Field(ge=1, le=MOST_POINTS, strict=True)]


class FateSent(Sent):
    """Whether it is talked over at this meeting."""

    fate: ItemFate


class InvitedSent(Sent):
    """A colleague by ``person``; or somebody without a sign-in by ``name`` and ``side``."""

    person: PublicId | None = None
    name: Name = ""
    side: Side | None = Field(default=None, description="Of a colleague it follows from where he belongs.")


class ForgottenSent(Sent):
    """Why a name is destroyed."""

    why: Note = Field(min_length=1, description="Stands in the history; names nobody.")


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


@writes(
    items_router, "POST", "/{slug:public_id}/move", scope=WRITE, may=may_use, response=AgendaItemShown,
    summary=gettext_noop("Put a point of an agenda into another place"), example={"position": 1},
)  # fmt: skip
def move_agenda_item(request: ApiRequest, public_id: PublicId, sent: PlaceSent) -> HttpResponse:
    found = see_item(request)(public_id)
    return made(
        request, show=item_shown, see=see_item(request), status=200,
        write=lambda: agenda.move_item(by=request.actor, at=request.now, item=found, position=sent.position),
    )  # fmt: skip


@writes(
    items_router, "POST", "/{slug:public_id}/fate", scope=WRITE, may=may_use, response=AgendaItemShown,
    summary=gettext_noop("Postpone a point of an agenda, take it off or take it up"), example={"fate": "postponed"},
)  # fmt: skip
def set_agenda_item_fate(request: ApiRequest, public_id: PublicId, sent: FateSent) -> HttpResponse:
    found = see_item(request)(public_id)
    return made(
        request, show=item_shown, see=see_item(request), status=200,
        write=lambda: agenda.set_fate(by=request.actor, at=request.now, item=found, fate=sent.fate),
    )  # fmt: skip


@writes(
    people_router, "POST", "/{slug:public_id}/take-off", scope=WRITE, may=may_use, response=MeetingPersonShown,
    summary=gettext_noop("Take somebody off the list of a review meeting"),
)  # fmt: skip
def take_off_review(request: ApiRequest, public_id: PublicId) -> HttpResponse:
    found = see_meeting_person(request)(public_id)
    return made(
        request, show=person_shown, see=see_meeting_person(request), status=200,
        write=lambda: reviews.take_off(by=request.actor, at=request.now, invited=found),
    )  # fmt: skip


@writes(
    people_router, "POST", "/{slug:public_id}/forget", scope=WRITE, may=may_use, response=MeetingPersonShown,
    summary=gettext_noop("Forget the name of somebody without a sign-in"),
    description=gettext_noop("It goes for good, in the audit trail, too. For the quality manager."),
    example={"why": "He asked for it on 12 March"},
)  # fmt: skip
def forget_meeting_name(request: ApiRequest, public_id: PublicId, sent: ForgottenSent) -> HttpResponse:
    found = see_meeting_person(request)(public_id)
    return made(
        request, show=person_shown, see=see_meeting_person(request), status=200,
        write=lambda: reviews.forget_name(by=request.actor, at=request.now, invited=found, reason=sent.why),
    )  # fmt: skip
