"""Lines of handoffs are written down, and what was delivered and refused of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from baton.agreements.changes.checks import refuse
from baton.core.audit.trail import Trail
from baton.core.days import day_of
from baton.core.errors import NotFound, Refused
from baton.handoffs.changes.checks import text_given, text_needed
from baton.handoffs.models import DefectCode, Handoff, HandoffLine
from baton.handoffs.rules import (
    CODE_LENGTH,
    MOST_LINES,
    NAME_LENGTH,
    UNIT_LENGTH,
    Quantities,
    faults_of_amount,
    faults_of_quantities,
    faults_of_unit,
    plain,
)
from baton_analysis.errors import gettext_noop


@dataclass(frozen=True, slots=True, kw_only=True)
class LineGiven:
    """One item of a handoff as it is entered."""

    name: str
    unit: str = ""
    item_code: str = ""
    item_revision: str = ""
    quantities: Quantities = Quantities()
    code: DefectCode | None = None


def add_lines(trail: Trail, handoff: Handoff, lines: Sequence[LineGiven]) -> list[HandoffLine]:
    """Write down the lines of a new handoff, in their order. A refusal names the field with the place of the line
    behind it, such as ``ordered_2``."""
    if len(lines) > MOST_LINES:
        raise Refused(
            field="lines",
            expected=gettext_noop("Expected at most {most} lines."),
            found=gettext_noop("Found {count}."),
            remedy=gettext_noop("Make several handoffs of it."),
            most=MOST_LINES,
            count=len(lines),
        )
    return [
        trail.save(_line(handoff, place, given, trail.at), "handoff_line.added")
        for place, given in enumerate(lines, start=1)
    ]


def _line(handoff: Handoff, place: int, given: LineGiven, at: datetime) -> HandoffLine:
    refuse(replace(fault, field=f"{fault.field}_{place}") for fault in faults_of_quantities(given.quantities))
    code_given(given.code, handoff, at, field=f"code_{place}")
    return HandoffLine(
        handoff=handoff,
        position=place,
        name=text_needed(given.name, f"name_{place}", NAME_LENGTH, gettext_noop("Say what is handed over.")),
        unit=text_given(given.unit, f"unit_{place}", UNIT_LENGTH),
        item_code=text_given(given.item_code, f"item_{place}", CODE_LENGTH),
        item_revision=text_given(given.item_revision, f"item_revision_{place}", CODE_LENGTH),
        ordered=given.quantities.ordered,
        delivered=given.quantities.delivered,
        accepted=given.quantities.accepted,
        refused=given.quantities.refused,
        code=given.code,
    )


def lines_of(trail: Trail, handoff: Handoff, public_ids: Iterable[str]) -> dict[str, HandoffLine]:
    """These lines of the handoff, locked; :class:`NotFound` for one of another handoff."""
    wanted = set(public_ids)
    rows = HandoffLine.objects.filter(handoff=handoff, public_id__in=wanted)
    found = {one.public_id: trail.lock(HandoffLine, one) for one in rows}
    if wanted - found.keys():
        raise NotFound
    return found


def say_delivered(trail: Trail, handoff: Handoff, amounts: Mapping[str, Decimal]) -> None:
    """How much was handed over of lines (public ids); handed over again, nothing of them is refused any more."""
    for public_id, line in lines_of(trail, handoff, amounts).items():
        delivered = amounts[public_id]
        for fault in faults_of_amount(f"delivered_{line.position}", delivered):
            refuse([fault])
        line.delivered, line.accepted, line.refused, line.code = delivered, None, None, None
        trail.save(line, "handoff_line.delivered")


def take_less(
    trail: Trail, line: HandoffLine, *, refused: Decimal, missing: Decimal, unit: str, code: DefectCode | None
) -> HandoffLine:
    """Take of a line less than was delivered: ``refused`` of it comes back, ``missing`` of it is not there. Refusals
    name the field with the place of the line behind it, such as ``refused_2``."""
    place = line.position
    refuse(faults_of_unit(f"unit_{place}", unit, line.unit))
    refuse(faults_of_amount(f"refused_{place}", refused))
    refuse(faults_of_amount(f"missing_{place}", missing))
    code_given(code, line.handoff, trail.at, field=f"code_{place}")
    at_hand, before = line.quantities.at_hand, line.refused or Decimal(0)
    if at_hand is not None:
        left = line.accepted if line.accepted is not None else at_hand - before
        if refused + missing > left:
            raise Refused(
                field=f"refused_{place}" if refused else f"missing_{place}",
                expected=gettext_noop("Expected at most {left} of “{name}” to come back or to be missing."),
                found=gettext_noop("Found {refused} refused and {missing} missing; {at_hand} were delivered."),
                remedy=gettext_noop("Correct one of them."),
                left=plain(left), name=line.name, refused=plain(refused), missing=plain(missing),
                at_hand=plain(at_hand),
            )  # fmt: skip
        line.accepted = left - refused - missing
    line.refused, line.code = before + refused, code or line.code
    return trail.save(line, "handoff_line.refused")


def code_given(code: DefectCode | None, handoff: Handoff, at: datetime, *, field: str = "code") -> None:
    """Refuse a defect code of another output, and one that has ended."""
    if code is None:
        return
    if code.output_id not in (None, handoff.link.output_id) or (code.ended_on and code.ended_on <= day_of(at)):
        raise Refused(
            field=field,
            expected=gettext_noop("Expected a defect code in use, of what this link hands over or of everything."),
            found=gettext_noop("{code} is not one of them."),
            remedy=gettext_noop("Choose another code, or none."),
            code=code.code,
        )
