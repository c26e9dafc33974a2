"""Service guarantees: list, read with the share that was honoured, give, change, end; calls of them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.http import HttpResponse
from ninja import Query, Router
from pydantic import Field

from baton.agreements import changes
from baton.agreements.api.shapes import READ, WRITE, Note, see_agreement
from baton.agreements.models import Guarantee, GuaranteeCall
from baton.agreements.queries import guarantees as queries
from baton.agreements.rules.guarantees import MOST_POINTS, CallOutcome
from baton.core.api.door import ApiRequest
from baton.core.api.endpoints import changed, made, named, reads, shown, writes
from baton.core.api.schemas import Asked, Day, Edited, Flag, PublicId, Rows, SaidTexts, Sent, Shown, Texts
from baton.core.policy import may_use
from baton.core.slices import slice_of
from baton_analysis.errors import gettext_noop

router, calls_router = Router(), Router()


class GuaranteeShown(Shown):
    """A guarantee. ``honoured`` of ``ended`` calls of the last 12 months were honoured."""

    id: PublicId
    agreement: PublicId | None = Field(description="On which it stands; null: on a service offer.")
    promise: SaidTexts
    remedy: SaidTexts
    how_to_call: SaidTexts
    penalty_points: int = Field(examples=[5])
    at_once: bool = Field(description="Whoever is called gives the remedy without approval.")
    is_given: bool
    honoured: int = Field(examples=[9])
    ended: int = Field(examples=[10])
    open: int = Field(examples=[1])
    version: int = Field(examples=[42])


class CallShown(Shown):
    """A call, without persons."""

    id: PublicId
    agreement: PublicId
    called_on: date
    what: str = Field(examples=["Linen came at nine"])
    outcome: CallOutcome
    done: str = Field(examples=["Brought within 20 minutes"])
    version: int = Field(examples=[42])


class CallSent(Sent):
    """A new call in the name of the customer of an agreement."""

    agreement: PublicId
    called_on: Day | None = Field(default=None, description="Null: today.")
    what: Note = Field(min_length=1, description="What was wrong, without names of persons.")


class GuaranteeFields(Sent):
    """What a guarantee says."""

    promise: Texts = Field(examples=[{"en": "Clean linen is on the ward by seven"}])
    remedy: Texts = Field(examples=[{"en": "We bring it at once"}])
    how_to_call: Texts = Field(examples=[{"en": "Call 4711"}])
    penalty_points: int = Field(
        default=0, ge=0, le=MOST_POINTS, strict=True, description="What a call costs who gave it."
    )
    at_once: Flag = Field(default=True, description="Whoever is called gives the remedy without approval.")


class GuaranteeSent(GuaranteeFields):
    """A new guarantee on an agreement."""

    agreement: PublicId


class GuaranteeChange(GuaranteeFields, Edited):
    """All that a guarantee says, as it is from now on."""


class GuaranteeEnd(Edited):
    """Why it is given no longer."""

    why: Note = Field(min_length=1, description="For the customer.", examples=["Replaced by a better one"])


class CallEnd(Edited):
    """Whether the customer got what was promised."""

    honoured: bool = Field(strict=True)
    done: Note = Field(default="", description="What was done, without names of persons.")


def _shown(request: ApiRequest, found: list[Guarantee]) -> list[GuaranteeShown]:
    return [
        GuaranteeShown(
            id=row.guarantee.public_id,
            agreement=row.guarantee.agreement.public_id if row.guarantee.agreement is not None else None,
            promise=row.guarantee.promise, remedy=row.guarantee.remedy, how_to_call=row.guarantee.how_to_call,
            penalty_points=row.guarantee.penalty_points, at_once=row.guarantee.at_once,
            is_given=row.guarantee.ended_at is None, honoured=row.honoured.honoured, ended=row.honoured.ended,
            open=row.honoured.open, version=row.guarantee.changed_seq,
        )
        for row in queries.shares_of(viewer=request.actor, at=request.now, guarantees=found)
    ]  # fmt: skip


def _show(request: ApiRequest) -> Callable[[Guarantee], GuaranteeShown]:
    return lambda one: _shown(request, [one])[0]


def _call_shown(one: GuaranteeCall) -> CallShown:
    return CallShown(
        id=one.public_id, agreement=one.agreement.public_id, called_on=one.called_on, what=one.what,
        outcome=CallOutcome(one.outcome), done=one.done, version=one.changed_seq,
    )  # fmt: skip


def _see(request: ApiRequest) -> Callable[[str], Guarantee]:
    return lambda public_id: queries.guarantee(viewer=request.actor, at=request.now, public_id=public_id)


@reads(
    router, "", scope=READ, may=may_use, response=Rows[GuaranteeShown],
    summary=gettext_noop("List service guarantees"),
    description=gettext_noop("Of agreements in sight; ended ones, too."),
)  # fmt: skip
def list_guarantees(request: ApiRequest, asked: Query[Asked]) -> Any:
    rows = queries.guarantees_in_sight(viewer=request.actor, at=request.now).select_related("agreement")
    part = slice_of(rows.order_by("recorded_at"), asked=asked.filters(), limit=asked.limit, cursor=asked.cursor)
    return Rows[GuaranteeShown](rows=_shown(request, part.rows), next=part.next)


@reads(
    router, "/{slug:public_id}", scope=READ, may=may_use, response=GuaranteeShown,
    summary=gettext_noop("Read a service guarantee"),
)  # fmt: skip
def read_guarantee(request: ApiRequest, public_id: PublicId) -> HttpResponse:
    found = _see(request)(public_id)
    return shown(found, _shown(request, [found])[0])


@writes(
    router, "POST", "", scope=WRITE, may=may_use, response=GuaranteeShown, status=201,
    summary=gettext_noop("Give a service guarantee"),
    description=gettext_noop("On an agreement, for who speaks for its supplier, and quality managers."),
    example={
        "agreement": "2b3c4d5f6g7h8j9k", "promise": {"en": "Clean linen is on the ward by seven"},
        "remedy": {"en": "We bring it at once"}, "how_to_call": {"en": "Call 4711"}, "penalty_points": 5,
    },
)  # fmt: skip
def give_guarantee(request: ApiRequest, sent: GuaranteeSent) -> HttpResponse:
    by, at = request.actor, request.now
    agreement = named(lambda: see_agreement(request)(sent.agreement), "agreement")
    return made(
        request, show=_show(request), see=_see(request),
        write=lambda: changes.give_guarantee(by=by, at=at, on=agreement, **sent.said_as(GuaranteeFields)),
    )  # fmt: skip


@writes(
    router, "PATCH", "/{slug:public_id}", scope=WRITE, may=may_use, response=GuaranteeShown, versioned=True,
    summary=gettext_noop("Change a service guarantee"),
    description=gettext_noop("Calls that were made stay as they were."),
    example={
        "version": 42, "promise": {"en": "Clean linen is on the ward by six"}, "remedy": {"en": "We bring it at once"},
        "how_to_call": {"en": "Call 4711"}, "penalty_points": 10,
    },
)  # fmt: skip
def change_guarantee(request: ApiRequest, public_id: PublicId, sent: GuaranteeChange) -> HttpResponse:
    return changed(
        request, public_id, sent, show=_show(request), see=_see(request),
        write=lambda one, **seen: changes.change_guarantee(guarantee=one, **sent.said_as(GuaranteeFields), **seen),
    )  # fmt: skip


@writes(
    router, "POST", "/{slug:public_id}/end", scope=WRITE, may=may_use, response=GuaranteeShown, versioned=True,
    summary=gettext_noop("End a service guarantee"), example={"version": 42, "why": "Replaced by a better one"},
)  # fmt: skip
def end_guarantee(request: ApiRequest, public_id: PublicId, sent: GuaranteeEnd) -> HttpResponse:
    return changed(
        request, public_id, sent, show=_show(request), see=_see(request),
        write=lambda one, **seen: changes.end_guarantee(guarantee=one, reason=sent.why, **seen),
    )  # fmt: skip


@reads(
    router, "/{slug:public_id}/calls", scope=READ, may=may_use, response=Rows[CallShown],
    summary=gettext_noop("List calls of a service guarantee"),
    description=gettext_noop("What was wrong and whether the customer got the remedy; no persons stand in it."),
)  # fmt: skip
def list_guarantee_calls(request: ApiRequest, public_id: PublicId, asked: Query[Asked]) -> Any:
    found = _see(request)(public_id)
    rows = queries.calls_in_sight(viewer=request.actor, at=request.now, guarantee=found)
    listed = {**asked.filters(), "guarantee": public_id}
    part = slice_of(rows.order_by("recorded_at"), asked=listed, limit=asked.limit, cursor=asked.cursor)
    return Rows[CallShown](rows=list(map(_call_shown, part.rows)), next=part.next)


@writes(
    router, "POST", "/{slug:public_id}/calls", scope=WRITE, may=may_use, response=CallShown, status=201,
    summary=gettext_noop("Call a service guarantee"),
    description=gettext_noop("In the customer’s name; who leads the supplier is told."),
    example={"agreement": "2b3c4d5f6g7h8j9k", "what": "Linen came at nine"},
)  # fmt: skip
def call_guarantee(request: ApiRequest, public_id: PublicId, sent: CallSent) -> HttpResponse:
    by, at = request.actor, request.now
    found = _see(request)(public_id)
    agreement = named(lambda: see_agreement(request)(sent.agreement), "agreement")
    return made(
        request, show=_call_shown, see=lambda one: queries.call(viewer=by, at=at, public_id=one),
        write=lambda: changes.call_guarantee(
            by=by, at=at, guarantee=found, agreement=agreement, what=sent.what, called_on=sent.called_on
        ),
    )  # fmt: skip


@writes(
    calls_router, "POST", "/{slug:public_id}/end", scope=WRITE, may=may_use, response=CallShown, versioned=True,
    summary=gettext_noop("End a call of a service guarantee"),
    description=gettext_noop("Either side says whether the customer got what was promised; no persons are named."),
    example={"version": 42, "honoured": True, "done": "Brought within 20 minutes"},
)  # fmt: skip
def end_guarantee_call(request: ApiRequest, public_id: PublicId, sent: CallEnd) -> HttpResponse:
    return changed(
        request, public_id, sent, show=_call_shown,
        see=lambda one: queries.call(viewer=request.actor, at=request.now, public_id=one),
        write=lambda one, **seen: changes.end_call(call=one, honoured=sent.honoured, done=sent.done, **seen),
    )  # fmt: skip
