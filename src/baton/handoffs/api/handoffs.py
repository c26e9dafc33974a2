"""Handoffs: list, read, enter one, take its steps, say what was found of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Annotated, Any

from django.http import HttpResponse
from ninja import Query, Router
from pydantic import Field

from baton.chain.api.shapes import see_link
from baton.core.api.door import ApiRequest
from baton.core.api.endpoints import changed, made, named, reads, shown, writes
from baton.core.api.schemas import Asked, Day, Edited, Flag, PublicId, Rows, Sent
from baton.core.errors import Refused
from baton.core.policy import may_use
from baton.handoffs import changes, queries
from baton.handoffs.api.lines import named_as_sent, places_of
from baton.handoffs.api.shapes import (
    READ,
    WRITE,
    Amount,
    Currency,
    HandoffRow,
    HandoffSent,
    HandoffShown,
    LessSent,
    LineSent,
    Moment,
    Note,
    Priority,
    Reason,
    Reference,
    Unit,
    amount,
    row_shown,
    see_handoff,
    show_handoff,
)
from baton.handoffs.changes import STEPS_TAKEN, Less, LineGiven
from baton.handoffs.changes.checks import in_currency
from baton.handoffs.models import DefectCode, Handoff
from baton.handoffs.queries import LATE, OPEN_ONES, HandoffFilters, parts
from baton.handoffs.rules import IN_ORDER, MOST_LINES, Moments, Quantities, Side, Stage, State, Step
from baton_analysis.errors import gettext_noop

router = Router()


class HandoffsAsked(Asked):
    """What a list of handoffs shows."""

    search: Reference = Field(default="", description="The beginning of a reference, or a number.")
    state: Annotated[str, Field(pattern=f"^({'|'.join([*State, LATE, OPEN_ONES])})?$", description="One of the states,"
                                " open or late.")] = ""  # fmt: skip
    link: Annotated[str, Field(max_length=16)] = ""
    party: Annotated[str, Field(max_length=16, description="On either side, or on `side` alone.")] = ""
    side: Annotated[str, Field(pattern="^(supplier|customer)?$")] = ""
    form: Annotated[str, Field(pattern="^(single|standing|tally|call)?$", description="How it came about.")] = ""
    since: Day | None = None
    until: Day | None = None
    order: Annotated[str, Field(pattern="^-?(number|occurred_at)$")] = "-number"


class StepSent(Edited):
    """A step of a handoff: what may be said of it depends on the step, and anything else is refused."""

    step: Step
    at: Moment | None = Field(default=None, description="When it happened; null: now.")
    reason_said: Reason = Field(default="", description="Why, or what is missing.")
    note: Note = ""
    phenomenon: Note = Field(default="", description="Of a return: what is seen to be wrong; no cause, no person.")
    code: PublicId | None = Field(default=None, description="Defect code of a return.")
    priority: Priority = ""
    expected_at: Moment | None = Field(default=None, description="Of a warning: when it comes instead.")
    quantity: Amount | None = Field(default=None, description="Of a warning: how much comes.")
    complete: Flag | None = None
    information_right: Flag | None = None
    lines: list[LessSent] = Field(default_factory=list, max_length=MOST_LINES)


class CostSent(Edited):
    """What it cost a side that something was not right. Each side says its own cost."""

    side: Side
    cost: Amount | None = Field(description="Null: not known.")
    currency: Currency = ""


class JudgementSent(Sent):
    """What a side judges of a handoff: the customer as_agreed and fit_for_use, the supplier the other two."""

    side: Side
    as_agreed: Flag | None = None
    fit_for_use: Flag | None = None
    request_complete: Flag | None = None
    told_in_time: Flag | None = None
    note: Note = ""


class CheckSent(Sent):
    """One of the three checks."""

    stage: Stage
    passed: bool = Field(strict=True)
    checked: Amount | None = Field(default=None, description="Null: all.")
    found: Amount | None = Field(default=None, description="Faulty ones; null: not counted.")
    checked_at: Moment | None = None
    note: Note = ""


class ValueSent(Sent):
    """A measured value of a clause that held on the link when the handoff occurred."""

    clause: PublicId
    value: Annotated[float, Field(ge=-1e15, le=1e15, allow_inf_nan=False, examples=[4.2])]
    unit: Unit = Field(default="", description="Left out, or that of the clause.")
    measured_at: Moment | None = None


class PredecessorSent(Sent):
    """What went into a handoff."""

    predecessor: PublicId


TAKES: Mapping[Step, Mapping[str, str]] = {
    Step.RECEIVE: {"at": "received_at"},
    Step.DELIVER: {"at": "delivered_at", "lines": "amounts"},
    Step.ACCEPT: {"at": "accepted_at", "complete": "complete", "information_right": "information_right"},
    Step.ACCEPT_PART: {"at": "accepted_at", "lines": "less", "information_right": "information_right"},
    Step.RETURN: {"at": "when", "phenomenon": "phenomenon", "code": "code"},
    Step.SHORTAGE: {"at": "when", "lines": "less"},
    Step.REFUSE_REQUEST: {"at": "when", "reason_said": "reason"},
    Step.REFUSE_INPUT: {"at": "when", "reason_said": "reason"},
    Step.COMPLETE: {"at": "when", "note": "note"},
    Step.WARN_LATE: {"expected_at": "expected_at", "reason_said": "reason"},
    Step.WARN_SHORT: {"quantity": "quantity", "expected_at": "expected_at", "reason_said": "reason"},
    Step.PAUSE: {"at": "when", "reason_said": "reason"},
    Step.RESUME: {"at": "when", "reason_said": "reason"},
    Step.PRIORITY: {"at": "when", "priority": "priority"},
    Step.WITHDRAW: {"reason_said": "reason"},
}
"""What may be said of each step, and under which name its change takes it."""
_NEEDED = {Step.WARN_LATE: "expected_at", Step.WARN_SHORT: "quantity"}


def _code(request: ApiRequest, public_id: str | None, field: str = "code") -> DefectCode | None:
    if public_id is None:
        return None
    return named(lambda: parts.defect_code(viewer=request.actor, at=request.now, public_id=public_id), field)


def _line(request: ApiRequest, sent: LineSent, place: int) -> LineGiven:
    quantities = Quantities(
        ordered=amount(sent.ordered), delivered=amount(sent.delivered), accepted=amount(sent.accepted),
        refused=amount(sent.refused),
    )  # fmt: skip
    return LineGiven(
        name=sent.name, unit=sent.unit, item_code=sent.item_code, item_revision=sent.item_revision,
        quantities=quantities, code=_code(request, sent.code, f"lines.{place}.code"),
    )  # fmt: skip


def _not_taken(field: str, takes: Iterable[str], name: str) -> Refused:
    return Refused(
        field=field,
        expected=gettext_noop("Expected only what belongs to the step: {members}."),
        found=gettext_noop("Found {name}."),
        remedy=gettext_noop("Leave it out."),
        members=", ".join(sorted(takes)),
        name=name,
    )


def _said(request: ApiRequest, sent: StepSent) -> dict[str, Any]:
    """What the change of the step takes; refused is what does not belong to it."""
    takes = TAKES.get(sent.step)
    if takes is None:
        raise Refused(
            field="step",
            expected=gettext_noop("Expected a step that somebody takes."),
            remedy=gettext_noop("Baton takes this one by itself."),
        )
    given = {name for name in StepSent.model_fields if getattr(sent, name) not in (None, "", [])}
    for name in sorted(given - takes.keys() - {"step", "version", "reason"}):
        raise _not_taken(name, takes, name)
    if (needed := _NEEDED.get(sent.step, "")) and needed not in given:
        raise Refused(
            field=needed,
            expected=gettext_noop("Expected a value: this one is required."),
            remedy=gettext_noop("Send it along."),
        )
    return {as_taken: _value(request, sent, name) for name, as_taken in takes.items()}


def _refuse_idle(sent: StepSent) -> None:
    """Refuse what is said of lines and would count for nothing: another quantity than the step takes, or a line of a
    delivery twice."""
    takes = {"delivered"} if sent.step is Step.DELIVER else {"refused", "missing", "unit", "phenomenon", "code"}
    known: set[str | None] = set()
    for place, one in enumerate(sent.lines):
        given = {name for name in LessSent.model_fields if getattr(one, name) not in (None, "")} - {"line"}
        if idle := sorted(given - takes):
            raise _not_taken(f"lines.{place}.{idle[0]}", takes, idle[0])
        if sent.step is Step.DELIVER and (one.line in known or one.delivered is None):
            raise Refused(
                field=f"lines.{place}.line",
                expected=gettext_noop("Expected each line once, with the quantity that is delivered."),
                found=gettext_noop("Found one twice, or without."),
                remedy=gettext_noop("Name it once; leave out those of which comes what was ordered."),
            )
        known.add(one.line)


def _value(request: ApiRequest, sent: StepSent, name: str) -> Any:
    if name == "code":
        return _code(request, sent.code)
    if name == "quantity":
        return amount(sent.quantity)
    if name != "lines":
        return getattr(sent, name)
    _refuse_idle(sent)
    if sent.step is Step.DELIVER:
        return {one.line or "": amount(one.delivered) for one in sent.lines}
    return [
        Less(
            line=one.line or "", refused=amount(one.refused or 0.0), missing=amount(one.missing or 0.0),  # type: ignore[arg-type]
            unit=one.unit, phenomenon=one.phenomenon, code=_code(request, one.code, f"lines.{place}.code"),
        )
        for place, one in enumerate(sent.lines)
    ]  # fmt: skip


@reads(
    router, "", scope=READ, may=may_use, response=Rows[HandoffRow], summary=gettext_noop("List handoffs"),
    description=gettext_noop("Of links in sight, withdrawn ones too; the newest first."),
)  # fmt: skip
def list_handoffs(request: ApiRequest, asked: Query[HandoffsAsked]) -> Any:
    filters = HandoffFilters(**asked.filters())
    part = queries.handoff_slice(
        viewer=request.actor, at=request.now, filters=filters, limit=asked.limit, cursor=asked.cursor
    )
    return Rows[HandoffRow](rows=[row_shown(one) for one in part.rows], next=part.next)


@reads(
    router, "/{slug:public_id}", scope=READ, may=may_use, response=HandoffShown,
    summary=gettext_noop("Read a handoff"),
    description=gettext_noop("With its lines, events, returns, judgements, checks and measured values."),
)  # fmt: skip
def read_handoff(request: ApiRequest, public_id: PublicId) -> HttpResponse:
    found = see_handoff(request)(public_id)
    return shown(found, show_handoff(request)(found))


@writes(
    router, "POST", "", scope=WRITE, may=may_use, response=HandoffShown, status=201,
    summary=gettext_noop("Enter a handoff"),
    description=gettext_noop(
        "With whatever is known of it. Who acts for the supplier says that it was delivered, who acts for the customer"
        " that it was accepted; quality managers both."
    ),
    example={
        "link": "2b3c4d5f6g7h8j9k", "requested_at": "2026-03-30T08:00:00+08:00",
        "delivered_at": "2026-03-30T16:10:00+08:00", "reference": "LOT-7", "system": "SAP", "key": "4500017",
        "lines": [{"name": "Sheets", "unit": "pc", "ordered": 100, "delivered": 98}],
    },
)  # fmt: skip
def record_handoff(request: ApiRequest, sent: HandoffSent) -> HttpResponse:
    by, at = request.actor, request.now
    in_currency(sent.currency)
    link = named(lambda: see_link(request)(sent.link), "link")
    moments = Moments(**{name: getattr(sent, name) for name in (*IN_ORDER, "due_at")})
    before = [named(lambda one=one: see_handoff(request)(one), "predecessors") for one in sent.predecessors]  # type: ignore[misc]
    lines = [_line(request, one, place) for place, one in enumerate(sent.lines)]

    def write() -> Handoff:
        with named_as_sent({place + 1: place for place in range(len(lines))}):
            return changes.record_handoff(
                by=by, at=at, link=link, moments=moments, reference=sent.reference, priority=sent.priority,
                zone=sent.zone, system=sent.system, key=sent.key, complete=sent.complete,
                information_right=sent.information_right, supplier_cost=amount(sent.supplier_cost),
                customer_cost=amount(sent.customer_cost), lines=lines, predecessors=before,
            )  # fmt: skip

    return made(request, show=show_handoff(request), see=see_handoff(request), write=write)


@writes(
    router, "POST", "/{slug:public_id}/steps", scope=WRITE, may=may_use, response=HandoffShown, versioned=True,
    summary=gettext_noop("Take a step of a handoff"),
    description=gettext_noop(
        "Receive, deliver, accept, accept a part, return, refuse what is incomplete, warn, pause, resume, change the"
        " priority, withdraw."
    ),
    example={"version": 42, "step": "accept"},
)  # fmt: skip
def take_handoff_step(request: ApiRequest, public_id: PublicId, sent: StepSent) -> HttpResponse:
    given = _said(request, sent)

    def write(one: Handoff, **seen: Any) -> Handoff:
        with named_as_sent(places_of(request, one, sent.lines, needed=sent.step is Step.DELIVER)):
            return STEPS_TAKEN[sent.step](handoff=one, **given, **seen)

    return changed(request, public_id, sent, show=show_handoff(request), see=see_handoff(request), write=write)


@writes(
    router, "POST", "/{slug:public_id}/costs", scope=WRITE, may=may_use, response=HandoffShown, versioned=True,
    summary=gettext_noop("Say what a handoff cost that was not right"),
    description=gettext_noop("Each side says its own cost, in the currency of the organisation; null takes it back."),
    example={"version": 42, "side": "customer", "cost": 12.5, "currency": "EUR"},
)  # fmt: skip
def say_handoff_cost(request: ApiRequest, public_id: PublicId, sent: CostSent) -> HttpResponse:
    in_currency(sent.currency)
    return changed(
        request, public_id, sent, show=show_handoff(request), see=see_handoff(request),
        write=lambda one, **seen: changes.say_cost(handoff=one, costs={sent.side: amount(sent.cost)}, **seen),
    )  # fmt: skip


def _found(request: ApiRequest, public_id: str, write: Any) -> HttpResponse:
    """Something said about a handoff: the answer is the handoff as it then stands."""
    found = see_handoff(request)(public_id)

    def show(_made: object) -> HandoffShown:
        return show_handoff(request)(found)

    def see(_made: str) -> Handoff:
        return see_handoff(request)(public_id)

    return made(request, show=show, see=see, write=lambda: write(handoff=found, by=request.actor, at=request.now))


@writes(
    router, "POST", "/{slug:public_id}/judgements", scope=WRITE, may=may_use, response=HandoffShown, status=201,
    summary=gettext_noop("Judge a handoff"),
    description=gettext_noop("By name; the other side reads it once both have judged, or after a week."),
    example={"side": "customer", "as_agreed": True, "fit_for_use": False},
)  # fmt: skip
def judge_handoff(request: ApiRequest, public_id: PublicId, sent: JudgementSent) -> HttpResponse:
    return _found(request, public_id, lambda **seen: changes.judge_handoff(**sent.model_dump(), **seen))


@writes(
    router, "POST", "/{slug:public_id}/checks", scope=WRITE, may=may_use, response=HandoffShown, status=201,
    summary=gettext_noop("Enter a check of a handoff"),
    description=gettext_noop("The supplier’s self-check, the receiver’s check or the inspector’s check."),
    example={"stage": "receiver", "passed": True, "checked": 20, "found": 1},
)  # fmt: skip
def check_handoff(request: ApiRequest, public_id: PublicId, sent: CheckSent) -> HttpResponse:
    given = {**sent.model_dump(), "checked": amount(sent.checked), "found": amount(sent.found)}
    return _found(request, public_id, lambda **seen: changes.record_check(**given, **seen))


@writes(
    router, "POST", "/{slug:public_id}/values", scope=WRITE, may=may_use, response=HandoffShown, status=201,
    summary=gettext_noop("Enter a measured value of a handoff"),
    description=gettext_noop("Of a clause that held on its link when it occurred; another one is refused."),
    example={"clause": "2b3c4d5f6g7h8j9k", "value": 4.2, "unit": "%"},
)  # fmt: skip
def measure_handoff(request: ApiRequest, public_id: PublicId, sent: ValueSent) -> HttpResponse:
    return _found(request, public_id, lambda **seen: changes.record_value(**sent.model_dump(), **seen))


@writes(
    router, "POST", "/{slug:public_id}/predecessors", scope=WRITE, may=may_use, response=HandoffShown, status=201,
    summary=gettext_noop("Name what went into a handoff"),
    description=gettext_noop("What has the same reference is found without it."),
    example={"predecessor": "2b3c4d5f6g7h8j9k"},
)  # fmt: skip
def name_predecessor(request: ApiRequest, public_id: PublicId, sent: PredecessorSent) -> HttpResponse:
    see_handoff(request)(public_id)
    before = named(lambda: see_handoff(request)(sent.predecessor), "predecessor")
    return _found(request, public_id, lambda **seen: changes.add_predecessor(predecessor=before, **seen))
