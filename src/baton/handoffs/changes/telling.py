"""Another system tells late what happened to a handoff: what was not known yet is filled in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from decimal import Decimal

from baton.agreements.changes.checks import refuse
from baton.chain.policy import standing_of
from baton.core.actors import Actor
from baton.core.audit.trail import Trail, change
from baton.core.days import day_of
from baton.core.errors import Refused
from baton.core.policy import demand
from baton.handoffs import policy
from baton.handoffs.changes.checks import cost_given, refuse_own_delivery, text_given, zone_of
from baton.handoffs.changes.findings import clause_held
from baton.handoffs.changes.occurring import occur
from baton.handoffs.changes.recording import state_of
from baton.handoffs.models import Handoff, HandoffLine, MeasuredValue
from baton.handoffs.models.labels import STATES
from baton.handoffs.queries.deliverers import deliverer_of
from baton.handoffs.rules import (
    COST_OF,
    IN_ORDER,
    MOST_LINES,
    PRIORITY_LENGTH,
    REFERENCE_LENGTH,
    Fault,
    Moments,
    Quantities,
    Side,
    State,
    faults_of_moments,
    faults_of_quantities,
    faults_of_unit,
    plain,
)
from baton_analysis.errors import gettext_noop

STRAIGHT = frozenset({State.EXPECTED, State.DELIVERED, State.UNCONFIRMED, State.ACCEPTED})
"""Nothing has happened in Baton to which another system's moments could not be added."""
_YES_NO = {True: "yes", False: "no"}
AMOUNTS = tuple(one.name for one in fields(Quantities))


@dataclass(frozen=True, slots=True, kw_only=True)
class LineTold:
    """One item of a handoff as another system tells it. ``is_named``: it says which; else it is what the link hands
    over. ``code`` is the primary key of a defect code."""

    name: str
    is_named: bool = True
    unit: str = ""
    item_code: str = ""
    item_revision: str = ""
    quantities: Quantities = Quantities()
    code: int | None = None

    @property
    def is_judged(self) -> bool:
        """Whether it tells what the customer found."""
        return (self.quantities.accepted, self.quantities.refused, self.code) != (None, None, None)


@dataclass(frozen=True, slots=True)
class ValueTold:
    """A measured value as another system tells it, against the clause of this primary key. ``field``: what told it."""

    field: str
    clause: int
    value: float
    measured_at: datetime


_NO_COSTS: Mapping[Side, Decimal] = {}


def tell_more(
    *, by: Actor, at: datetime, handoff: Handoff, moments: Moments, complete: bool | None = None,
    information_right: bool | None = None, costs: Mapping[Side, Decimal] = _NO_COSTS, reference: str = "",
    priority: str = "", line: LineTold | None = None, values: Sequence[ValueTold] = (), expected_seq: int | None = None,
) -> Handoff:  # fmt: skip
    """Fill in the first moments that were not known yet, what the customer says of it, a line and measured values; None
    and "" leave what is there.

    Refused: anything else than what is known, moments out of order, and a handoff that has come back or was sent back
    in Baton: what becomes of it is said there. Done twice it changes nothing more.
    """
    with change(by=by, at=at) as trail:
        fresh = trail.lock(Handoff, handoff, expected_seq=expected_seq)
        standing = standing_of(by, day_of(at))
        judged = (complete, information_right) != (None, None) or (line is not None and line.is_judged)
        demand(policy.may_tell(standing, fresh.link, moments, judged=judged, costs=costs.keys()))
        _refuse_own_life(fresh)
        if moments.accepted_at is not None and fresh.accepted_at is None and not standing.edits_all:
            refuse_own_delivery(standing, fresh, deliverer_of(viewer=by, handoff=fresh))
        refuse(faults_of_words(fresh, reference, priority))
        refuse(faults_of_findings(fresh, complete, information_right, costs))
        whole = _joined(fresh, moments)
        refuse(faults_of_moments(whole, at=at, zone=zone_of(fresh)))
        silent = fresh.state == State.UNCONFIRMED and whole.accepted_at is None
        for name in (*IN_ORDER, "due_at"):
            setattr(fresh, name, getattr(whole, name))
        occur(trail, fresh)
        fresh.state = State.UNCONFIRMED if silent else state_of(whole)
        fresh.reference = fresh.reference or text_given(reference, "reference", REFERENCE_LENGTH)
        fresh.priority = fresh.priority or text_given(priority, "priority", PRIORITY_LENGTH)
        fresh.complete = fresh.complete if complete is None else complete
        fresh.information_right = fresh.information_right if information_right is None else information_right
        for side, cost in costs.items():
            setattr(fresh, COST_OF[side], cost_given(cost, COST_OF[side]))
        trail.save(fresh, "handoff.told")
        if line is not None:
            _tell_line(trail, fresh, line)
        for value in values:
            _tell_value(trail, fresh, value)
        return fresh


def _refuse_own_life(handoff: Handoff) -> None:
    if State(handoff.state) in STRAIGHT:
        return
    raise Refused(
        expected=gettext_noop("Expected a handoff that did not come back and was not withdrawn."),
        found=gettext_noop("{number} stands so: {state}."),
        remedy=gettext_noop("Say on its page what became of it."),
        number=handoff.number,
        state=STATES[State(handoff.state)],
    )


def _joined(handoff: Handoff, told: Moments) -> Moments:
    """What is known, with what is told of the rest."""
    known = handoff.moments
    for name, there, moment in zip(Moments._fields, known, told, strict=True):
        if there is not None and moment is not None and moment != there:
            raise Refused(
                field=name,
                expected=gettext_noop("Expected the moment as it is known: {there}."),
                found=gettext_noop("Found {moment}."),
                remedy=gettext_noop("Correct the table; a first moment does not change."),
                there=there.isoformat(),
                moment=moment.isoformat(),
            )
    return known.filled(told)


def faults_of_words(handoff: Handoff, reference: str, priority: str) -> Iterator[Fault]:
    """Another reference or priority than the one that a handoff has."""
    for field, told, there in (
        ("reference", reference, handoff.reference), ("priority", priority, handoff.priority)
    ):  # fmt: skip
        if told and there and told != there:
            yield _otherwise(field, there, told)


def faults_of_findings(
    handoff: Handoff, complete: bool | None, information_right: bool | None, costs: Mapping[Side, Decimal]
) -> Iterator[Fault]:  # fmt: skip
    """Anything else than what is known of what the customer found, and of what it cost each side."""
    for field, told, there in (
        ("complete", complete, handoff.complete), ("information_right", information_right, handoff.information_right)
    ):  # fmt: skip
        if None not in (told, there) and told != there:
            yield _otherwise(field, _YES_NO[bool(there)], _YES_NO[bool(told)])
    for side, cost in costs.items():
        known = getattr(handoff, COST_OF[side])
        if known is not None and cost != known:
            yield _otherwise(COST_OF[side], plain(known), plain(cost))


def _otherwise(field: str, there: object, told: object) -> Fault:
    return Fault(
        field,
        expected=gettext_noop("Expected what is known of the handoff: {there}."),
        found=gettext_noop("Found {told}."),
        remedy=gettext_noop("Correct the table, or say on its page what has changed."),
        values={"there": there, "told": told},
    )


def line_meant(lines: Sequence[HandoffLine], told: LineTold) -> HandoffLine | None:
    """Which of the lines of a handoff is told of: by item code and revision, else by name; the only one where nothing
    is named. None: another one."""
    if told.item_code:
        same = [one for one in lines if (one.item_code, one.item_revision) == (told.item_code, told.item_revision)]
    elif told.is_named:
        same = [one for one in lines if one.name.casefold() == told.name.casefold()]
    else:
        same = list(lines) if len(lines) == 1 else []
    return same[0] if same else None


def faults_of_line(line: HandoffLine, told: LineTold) -> Iterator[Fault]:
    """What is told of a line that is known otherwise, and what does not fit what is known."""
    if line.unit:
        yield from faults_of_unit("unit", told.unit, line.unit)
    for name in AMOUNTS:
        there, amount = getattr(line, name), getattr(told.quantities, name)
        if None not in (there, amount) and there != amount:
            yield _otherwise(name, plain(there), plain(amount))
            return
    if None not in (line.code_id, told.code) and line.code_id != told.code:
        yield _otherwise("code", line.code, told.code)
    yield from faults_of_quantities(amounts_joined(line, told))


def amounts_joined(line: HandoffLine, told: LineTold) -> Quantities:
    """How much of a line, with what is told of the rest."""
    known: Mapping[str, Decimal | None] = {name: getattr(line, name) for name in AMOUNTS}
    return Quantities(**{
        name: getattr(told.quantities, name) if there is None else there for name, there in known.items()
    })  # fmt: skip


def faults_of_number_of_lines(lines: Sequence[HandoffLine]) -> Iterator[Fault]:
    """One line more than a handoff may have."""
    if len(lines) >= MOST_LINES:
        yield Fault(
            "item",
            expected=gettext_noop("Expected at most {most} lines."),
            found=gettext_noop("Found {count}."),
            remedy=gettext_noop("Make several handoffs of it."),
            values={"most": MOST_LINES, "count": len(lines) + 1},
        )


def _tell_line(trail: Trail, handoff: Handoff, told: LineTold) -> None:
    lines = list(HandoffLine.objects.filter(handoff=handoff).order_by("position"))
    known = line_meant(lines, told)
    if known is None:
        refuse(faults_of_number_of_lines(lines))
        refuse(faults_of_quantities(told.quantities))
        made = HandoffLine(
            handoff=handoff, position=max((one.position for one in lines), default=0) + 1, name=told.name,
            unit=told.unit, item_code=told.item_code, item_revision=told.item_revision, code_id=told.code,
            **{name: getattr(told.quantities, name) for name in AMOUNTS},
        )  # fmt: skip
        trail.save(made, "handoff_line.added")
        return
    line = trail.lock(HandoffLine, known)
    refuse(faults_of_line(line, told))
    joined = amounts_joined(line, told)
    for name in AMOUNTS:
        setattr(line, name, getattr(joined, name))
    line.unit = line.unit or told.unit
    if line.code_id is None:
        line.code_id = told.code
    trail.save(line, "handoff_line.told")


def faults_of_value(known: Sequence[MeasuredValue], told: ValueTold) -> Iterator[Fault]:
    """Another value than the one that was measured for the clause."""
    there = [one.value for one in known if one.clause_id == told.clause]
    if there and told.value not in there:
        yield _otherwise(told.field, f"{there[0]:.15g}", f"{told.value:.15g}")


def _tell_value(trail: Trail, handoff: Handoff, told: ValueTold) -> None:
    # Since the table was checked an earlier moment may have become known, under another version.
    clause_held(handoff, trail.by, lambda one: one.pk == told.clause, field=told.field)
    known = list(MeasuredValue.objects.filter(handoff=handoff, clause=told.clause).order_by("pk"))
    refuse(faults_of_value(known, told))
    if not known:
        made = MeasuredValue(handoff=handoff, clause_id=told.clause, value=told.value, measured_at=told.measured_at)
        trail.save(made, "measured_value.added")
