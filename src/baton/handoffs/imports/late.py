"""What a table tells of handoffs that are there: the unknown is filled in, what is known otherwise refused."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Self

from baton.core.actors import Actor
from baton.core.errors import NotFound
from baton.core.import_targets import Findings
from baton.handoffs.changes.telling import (
    STRAIGHT,
    LineTold,
    ValueTold,
    amounts_joined,
    faults_of_findings,
    faults_of_line,
    faults_of_number_of_lines,
    faults_of_value,
    faults_of_words,
    line_meant,
    tell_more,
)
from baton.handoffs.imports.columns import AMOUNT_FIELDS
from baton.handoffs.imports.faults import refuse_faults
from baton.handoffs.models import Handoff, HandoffLine, MeasuredValue
from baton.handoffs.models.labels import STATES
from baton.handoffs.rules import COST_OF, IN_ORDER, Moments, Quantities, State
from baton_analysis.errors import gettext_noop
from baton_analysis.readers.cells import CellProblem

if TYPE_CHECKING:
    from baton.handoffs.imports.told import Told

ALL_MOMENTS = (*IN_ORDER, "due_at")
_LINE_FIELDS = {**AMOUNT_FIELDS, "code": "defect_code"}
_READ_ROWS = 500


@dataclass(frozen=True)
class KnownParts:
    """The lines and measured values of handoffs that are there, by the handoff's primary key."""

    lines: Mapping[int, list[HandoffLine]]
    values: Mapping[int, list[MeasuredValue]]

    @classmethod
    def of(cls, handoffs: Sequence[Handoff]) -> Self:
        """Two queries for each 500 handoffs, none for none."""
        lines: dict[int, list[HandoffLine]] = defaultdict(list)
        values: dict[int, list[MeasuredValue]] = defaultdict(list)
        keys = [one.pk for one in handoffs]
        for start in range(0, len(keys), _READ_ROWS):
            part = keys[start : start + _READ_ROWS]
            for line in HandoffLine.objects.filter(handoff__in=part).select_related("code").order_by("position"):
                lines[line.handoff_id].append(line)
            for value in MeasuredValue.objects.filter(handoff__in=part).order_by("pk"):
                values[value.handoff_id].append(value)
        return cls(lines, values)


def more_of(one: Told, known: Handoff, parts: KnownParts, findings: Findings) -> dict[str, Any] | None:
    """What a row tells beyond what is known; None where it tells nothing new, or is refused."""
    line = _moments_more(one, known, findings)
    if line is None:
        return None
    refuse_faults(one.row, list(faults_of_words(known, one.reference, one.priority)), findings)
    refuse_faults(
        one.row, list(faults_of_findings(known, one.complete, one.information_right, one.costs)), findings
    )  # fmt: skip
    for name in ("reference", "priority"):
        if (said := getattr(one, name)) and not getattr(known, name):
            line[name] = said
    for name in ("complete", "information_right"):
        if (told := getattr(one, name)) is not None and getattr(known, name) is None:
            line[name] = told
    for side, cost in one.costs.items():
        if getattr(known, COST_OF[side]) is None:
            line[COST_OF[side]] = str(cost)
    line |= _line_more(one, parts.lines.get(known.pk, []), findings)
    line |= _values_more(one, parts.values.get(known.pk, []), findings)
    if not line or findings.is_refused(one.row) or not _is_straight(one, known, findings):
        return None
    return {"handoff": known.public_id, **line}


def _moments_more(one: Told, known: Handoff, findings: Findings) -> dict[str, Any] | None:
    line: dict[str, Any] = {}
    for name in ALL_MOMENTS:
        there, moment = getattr(known, name), getattr(one.moments, name)
        if moment is None or moment == there:
            continue
        if there is not None:
            findings.refuse(one.row, one.columns[name], CellProblem(
                expected=gettext_noop("Expected the moment as it is known: {there}."),
                found=gettext_noop("Found {moment}."),
                remedy=gettext_noop("Correct the table; a first moment does not change."),
                values={"there": there.isoformat(), "moment": moment.isoformat()},
            ))  # fmt: skip
            return None
        line[name] = moment.isoformat()
    return line


def _line_more(one: Told, known: Sequence[HandoffLine], findings: Findings) -> dict[str, Any]:
    told = one.line
    if told is None:
        return {}
    meant = line_meant(known, told)
    if meant is None:
        refuse_faults(one.row, list(faults_of_number_of_lines(known)), findings)
        return {"line": _kept(told)}
    refuse_faults(one.row, list(faults_of_line(meant, told)), findings, _LINE_FIELDS)
    more = amounts_joined(meant, told) != meant.quantities or (told.unit and not meant.unit)
    return {"line": _kept(told)} if more or (told.code is not None and meant.code_id is None) else {}


def _kept(told: LineTold) -> dict[str, Any]:
    """A line as the plan of an import keeps it."""
    amounts = {name: None if amount is None else str(amount) for name, amount in asdict(told.quantities).items()}
    return {**asdict(told), "quantities": amounts}


def _values_more(one: Told, known: Sequence[MeasuredValue], findings: Findings) -> dict[str, Any]:
    for value in one.values:
        refuse_faults(one.row, list(faults_of_value(known, value)), findings)
    there = {value.clause_id for value in known}
    new = [
        [value.field, value.clause, value.value, value.measured_at.isoformat()]
        for value in one.values
        if value.clause not in there
    ]
    return {"values": new} if new else {}


def _is_straight(one: Told, known: Handoff, findings: Findings) -> bool:
    if State(known.state) in STRAIGHT:
        return True
    findings.refuse(one.row, one.key_column, CellProblem(
        expected=gettext_noop("Expected a handoff that did not come back and was not withdrawn."),
        found=gettext_noop("{number} stands so: {state}."),
        remedy=gettext_noop("Say on its page what became of it."),
        values={"number": known.number, "state": str(STATES[State(known.state)])},
    ))  # fmt: skip
    return False


def apply(*, by: Actor, at: datetime, line: Mapping[str, Any]) -> None:
    """Tell more of the handoffs of one row."""
    for told in line["handoffs"]:
        handoff = Handoff.objects.filter(public_id=told["handoff"]).first()
        if handoff is None:
            raise NotFound
        item = told.get("line")
        tell_more(
            by=by, at=at, handoff=handoff,
            moments=Moments(**{name: datetime.fromisoformat(told[name]) for name in ALL_MOMENTS if name in told}),
            complete=told.get("complete"), information_right=told.get("information_right"),
            costs={side: Decimal(told[name]) for side, name in COST_OF.items() if name in told},
            reference=told.get("reference", ""), priority=told.get("priority", ""),
            line=_line_of(item) if item is not None else None,
            values=[
                ValueTold(name, clause, value, datetime.fromisoformat(measured_at))
                for name, clause, value, measured_at in told.get("values", ())
            ],
        )  # fmt: skip


def _line_of(kept: Mapping[str, Any]) -> LineTold:
    amounts = {
        name: None if amount is None else Decimal(amount) for name, amount in kept["quantities"].items()
    }  # fmt: skip
    return LineTold(**{**kept, "quantities": Quantities(**amounts)})
