"""Signals: list, read, say what is behind one, close it, give it to somebody; who is told of new ones."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any

from django.http import HttpResponse
from ninja import Query, Router
from pydantic import Field, StringConstraints

from baton.core import queries as core
from baton.core.api.door import ApiRequest
from baton.core.api.endpoints import changed, made, named, reads, shown, writes
from baton.core.api.schemas import Asked, Edited, Flag, PublicId, Rows, SaidTexts, Search, Sent, Shown
from baton.core.errors import NotFound
from baton.core.policy import may_use
from baton.core.rules import Role
from baton.monitoring import changes, queries
from baton.monitoring.models import Signal, SignalRule
from baton.monitoring.queries import SignalFilters, SignalRow
from baton.monitoring.rules import REASON_LENGTH, Closing, Severity, SignalState, day_of_number
from baton_analysis.errors import gettext_noop

router = Router()
rules_router = Router()

READ, WRITE = "monitoring:read", "monitoring:write"

Explanation = Annotated[
    str,
    StringConstraints(max_length=REASON_LENGTH, pattern=r"^[^\x00]*$"),
    Field(description="In one sentence; all who see the signal read it.", examples=["Second washing machine broke"]),
]


class Measure(StrEnum):
    """What is measured."""

    WAITING_TIME = "waiting_time"
    RETURN_RATE = "return_rate"
    ATTAINMENT = "attainment"
    MEASURED_VALUE = "measured_value"
    DEFECT_RATE = "defect_rate"
    DELIVERIES = "deliveries"
    COMEBACKS = "comebacks"


class ChartSide(StrEnum):
    """Of the centre line. As a filter: above for signals towards the worse, below for those towards the better."""

    ABOVE = "above"
    BELOW = "below"


class Rule(StrEnum):
    """A rule that is watched."""

    WE1 = "WE1"
    WE2 = "WE2"
    WE3 = "WE3"
    WE4 = "WE4"


class WhichSignals(StrEnum):
    """Which signals: open ones, open ones that you own, those in one state, all."""

    OPEN = "open"
    MINE = "mine"
    NEW = "new"
    SEEN = "seen"
    EXPLAINED = "explained"
    CLOSED = "closed"
    ALL = "all"


class SignalsAsked(Asked):
    """Which signals."""

    show: WhichSignals = WhichSignals.OPEN
    measure: Measure | None = None
    rule: Rule | None = None
    severity: Severity | None = None
    side: ChartSide | None = None
    holds: Flag = Field(default=False, description="Only those that hold over all charts.")
    search: Search = ""


class PersonOfSignal(Shown):
    """Somebody."""

    id: PublicId
    name: SaidTexts


class MeasuredShown(Shown):
    """The record on whose page the chart stands."""

    kind: str = Field(examples=["link"])
    id: PublicId
    name: SaidTexts


class SignalShown(Shown):
    """An episode of a chart: what violates rules on one side without the process having returned in between."""

    id: PublicId
    number: str = Field(examples=["S-2026-0001"])
    about: MeasuredShown
    measure: str = Field(examples=["waiting_time"])
    rule_set: str = Field(examples=["western_electric"])
    rules: list[str] = Field(description="All that were violated, the first one first.", examples=[["WE4", "WE1"]])
    side: ChartSide = Field(
        description="Of the centre line; waits and returns are worse above it, kept clauses below it."
    )
    severity: Severity
    began: date = Field(description="Monday of the week in which the earliest pattern begins.")
    week: date = Field(description="Monday of the first week that completes a pattern.")
    last_week: date = Field(description="Monday of the last week in which a rule is violated.")
    holds: bool = Field(description="Whether it is found when all charts are looked at together.")
    adjusted_p: float | None = Field(description="Benjamini-Hochberg, over all charts; null: not found so.")
    effect: float = Field(description="Last four weeks above the centre line: seconds a handoff, or share of returns.")
    handoffs: int = Field(description="Of these weeks.")
    method: str = Field(description="How the measure was computed.", examples=["waiting_time.i.baseline20"])
    computed_with: str = Field(description="Version of the method.")
    input_digest: str = Field(description="SHA-256 over the weekly facts and phases that went in.")
    state: SignalState
    closing: Closing | None = Field(description="How it was closed; null: it is open.")
    owner: PersonOfSignal | None
    reason: str = Field(description="What is behind it, or why it was closed.")
    said_by: PersonOfSignal | None
    said_at: datetime | None
    opened_at: datetime
    times: int = Field(description="How often it was opened.")
    may_answer: bool
    version: int = Field(examples=[42])


class ExplainSent(Edited):
    """What is behind it, or why it is closed or opened again."""

    reason: Explanation


class ChanceShown(Shown):
    """How many signals are to be expected by chance, beside how many there are."""

    charts: int = Field(description="Charts in sight of which something can be said.")
    signals: int = Field(description="Of these, those that show a violation towards the worse now.")
    expected: float = Field(description="As many would by chance if nothing had changed anywhere.")
    holding: int = Field(description="Open signals that hold when all charts are looked at together.")
    level: float = Field(description="Of these, the share that may be false.")


class GiveSent(Edited):
    """Who should look."""

    person: PublicId | None = Field(description="null: nobody in particular.")


class RuleShown(Shown):
    """Who is told of which new signals. What is empty or null does not matter."""

    id: PublicId
    measure: str
    rule: str
    severity: str
    better: bool = Field(description="Also of signals towards the better.")
    person: PersonOfSignal | None
    role: str
    withdrawn_at: datetime | None
    version: int = Field(examples=[42])


class RuleSent(Sent):
    """Who is told of which new signals: a person or the holders of a role."""

    measure: Measure | None = None
    rule: Rule | None = None
    severity: Severity | None = None
    better: bool = False
    person: PublicId | None = None
    role: Role | None = None


@reads(
    router, "", scope=READ, may=may_use, response=Rows[SignalShown],
    summary=gettext_noop("List signals"),
    description=gettext_noop("Where charts say: look here. Those opened last come first."),
)  # fmt: skip
def list_signals(request: ApiRequest, asked: Query[SignalsAsked]) -> Any:
    given = asked.filters()
    holds = given.pop("holds")
    said = {name: str(value) if value else "" for name, value in given.items()}
    return signals_shown(request, SignalFilters(**said, holds=holds), asked)


@reads(
    router, "/expected", scope=READ, may=may_use, response=ChanceShown,
    summary=gettext_noop("Read how many signals chance alone would give"),
    description=gettext_noop("And how many of those in sight hold when all charts are looked at together."),
)  # fmt: skip
def read_expected_signals(request: ApiRequest) -> Any:
    return ChanceShown(**asdict(queries.by_chance(viewer=request.actor, at=request.now)))


@reads(
    router, "/{slug:public_id}", scope=READ, may=may_use, response=SignalShown,
    summary=gettext_noop("Read a signal"),
)  # fmt: skip
def read_signal(request: ApiRequest, public_id: PublicId) -> Any:
    row = queries.signal(viewer=request.actor, at=request.now, public_id=public_id)
    return shown(row.signal, signal_shown(row))


@writes(
    router, "POST", "/{slug:public_id}/see", scope=WRITE, may=may_use, response=SignalShown, versioned=True,
    summary=gettext_noop("Say that a signal was seen"),
    example={"version": 42},
)  # fmt: skip
def see_signal(request: ApiRequest, public_id: PublicId, sent: Edited) -> HttpResponse:
    return _changed(request, public_id, sent, changes.see_signal)


@writes(
    router, "POST", "/{slug:public_id}/explain", scope=WRITE, may=may_use, response=SignalShown, versioned=True,
    summary=gettext_noop("Say what is behind a signal"),
    description=gettext_noop("It stays open as long as the chart shows it."),
    example={"reason": "Second washing machine broke", "version": 42},
)  # fmt: skip
def explain_signal(request: ApiRequest, public_id: PublicId, sent: ExplainSent) -> HttpResponse:
    return _changed(request, public_id, sent, changes.explain_signal, reason=sent.reason)


@writes(
    router, "POST", "/{slug:public_id}/close", scope=WRITE, may=may_use, response=SignalShown, versioned=True,
    summary=gettext_noop("Close a signal"),
    description=gettext_noop(
        "Nobody needs to look any more. It opens again when rules are violated anew before the process has returned."
    ),
    example={"reason": "Repaired in March", "version": 42},
)  # fmt: skip
def close_signal(request: ApiRequest, public_id: PublicId, sent: ExplainSent) -> HttpResponse:
    return _changed(request, public_id, sent, changes.close_signal, reason=sent.reason)


@writes(
    router, "POST", "/{slug:public_id}/reopen", scope=WRITE, may=may_use, response=SignalShown, versioned=True,
    summary=gettext_noop("Open a signal again that somebody closed"),
    example={"reason": "Closed by mistake", "version": 42},
)  # fmt: skip
def reopen_signal(request: ApiRequest, public_id: PublicId, sent: ExplainSent) -> HttpResponse:
    return _changed(request, public_id, sent, changes.reopen_signal, reason=sent.reason)


@writes(
    router, "POST", "/{slug:public_id}/give", scope=WRITE, may=may_use, response=SignalShown, versioned=True,
    summary=gettext_noop("Say who should look at a signal"),
    description=gettext_noop("That person is told."),
    example={"person": "3c4d5f6g7h8j9k2b", "version": 42},
)  # fmt: skip
def give_signal(request: ApiRequest, public_id: PublicId, sent: GiveSent) -> HttpResponse:
    person = _person(request, sent.person)
    return _changed(request, public_id, sent, changes.give_signal, person=person, reason=sent.reason)


@reads(
    rules_router, "", scope=READ, may=may_use, response=Rows[RuleShown],
    summary=gettext_noop("List who is told of new signals"),
    description=gettext_noop("The rules that hold: your own, and for the quality manager all."),
)  # fmt: skip
def list_signal_rules(request: ApiRequest, asked: Query[Asked]) -> Any:
    part = queries.signal_rule_slice(viewer=request.actor, limit=asked.limit, cursor=asked.cursor)
    return Rows[RuleShown](rows=[rule_shown(rule) for rule in part.rows], next=part.next)


@writes(
    rules_router, "POST", "", scope=WRITE, may=may_use, response=RuleShown, status=201,
    summary=gettext_noop("Have somebody told of new signals"),
    description=gettext_noop("Yourself; anybody else, or the holders of a role, only if you look after quality."),
    example={"severity": "strong", "role": "director"},
)  # fmt: skip
def add_signal_rule(request: ApiRequest, sent: RuleSent) -> HttpResponse:
    person, role = _person(request, sent.person), sent.role.value if sent.role else ""

    def write() -> SignalRule:
        return changes.add_signal_rule(
            by=request.actor, at=request.now, person=person, role=role, better=sent.better,
            measure=sent.measure.value if sent.measure else "", rule=sent.rule.value if sent.rule else "",
            severity=sent.severity.value if sent.severity else "",
        )  # fmt: skip

    return made(request, write=write, show=rule_shown, see=lambda one: _rule(request, one))


@writes(
    rules_router, "POST", "/{slug:public_id}/withdraw", scope=WRITE, may=may_use, response=RuleShown, versioned=True,
    summary=gettext_noop("Withdraw a rule of who is told"),
    example={"version": 42},
)  # fmt: skip
def withdraw_signal_rule(request: ApiRequest, public_id: PublicId, sent: Edited) -> HttpResponse:
    def write(rule: SignalRule, **seen: Any) -> SignalRule:
        return changes.withdraw_signal_rule(rule=rule, **seen)

    return changed(request, public_id, sent, write=write, show=rule_shown, see=lambda one: _rule(request, one))


def signal_shown(row: SignalRow) -> SignalShown:
    signal, about = row.signal, row.about
    assert about is not None  # whoever may not see what it is about does not get here
    return SignalShown(
        id=signal.public_id, number=signal.number,
        about=MeasuredShown(kind=about.kind, id=about.public_id, name=dict(about.name)),
        measure=signal.measure, rule_set=signal.rule_set, rules=signal.rules.split(), side=ChartSide(signal.side),
        severity=Severity(signal.severity), began=day_of_number(signal.began), week=day_of_number(signal.week),
        last_week=day_of_number(signal.last_week), holds=signal.holds, adjusted_p=signal.adjusted,
        effect=signal.effect, handoffs=signal.handoffs,
        method=signal.method, computed_with=signal.version, input_digest=signal.input_digest,
        state=SignalState(signal.state), closing=Closing(signal.closing) if signal.closing else None,
        owner=_named(signal.owner), reason=signal.reason, said_by=_named(signal.said_by), said_at=signal.said_at,
        opened_at=signal.opened_at, times=signal.times, may_answer=row.may_answer, version=signal.changed_seq,
    )  # fmt: skip


def rule_shown(rule: SignalRule) -> RuleShown:
    return RuleShown(
        id=rule.public_id, measure=rule.measure, rule=rule.rule, severity=rule.severity, better=rule.better,
        person=_named(rule.person), role=rule.role, withdrawn_at=rule.withdrawn_at, version=rule.changed_seq,
    )  # fmt: skip


def signals_shown(request: ApiRequest, filters: SignalFilters, asked: Asked) -> Rows[SignalShown]:
    """The part of the list that is asked for."""
    part = queries.signal_slice(
        viewer=request.actor, at=request.now, filters=filters, limit=asked.limit, cursor=asked.cursor
    )
    return Rows[SignalShown](rows=[signal_shown(row) for row in part.rows if row.about is not None], next=part.next)


def _changed(
    request: ApiRequest, public_id: str, sent: Edited, change: Callable[..., Signal], **given: Any
) -> HttpResponse:  # fmt: skip
    def read(one: str) -> SignalRow:
        return queries.signal(viewer=request.actor, at=request.now, public_id=one)

    def write(signal: Signal, **seen: Any) -> Signal:
        return change(signal=signal, **seen, **given)

    return changed(
        request, public_id, sent, write=write, show=lambda signal: signal_shown(read(signal.public_id)),
        see=lambda one: read(one).signal,
    )  # fmt: skip


def _rule(request: ApiRequest, public_id: str) -> SignalRule:
    return queries.signal_rule(viewer=request.actor, public_id=public_id)


def _person(request: ApiRequest, public_id: str | None) -> Any:
    """A colleague whom the body names; None for null."""
    if public_id is None:
        return None

    def read() -> Any:
        found = core.colleagues(viewer=request.actor).filter(public_id=public_id).first()
        if found is None:
            raise NotFound
        return found

    return named(read, "person")


def _named(person: Any) -> PersonOfSignal | None:
    return PersonOfSignal(id=person.public_id, name=person.name) if person is not None else None
