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
from baton.handoffs.models import DefectCode, Handoff, HandoffLine, HandoffReturn
from baton.handoffs.queries.quantities import owed_of_lines, unclaimed_of
from baton.handoffs.rules import (
    CODE_LENGTH,
    MOST_LINES,
    NAME_LENGTH,
    UNIT_LENGTH,
    Quantities,
    State,
    faults_of_amount,
    faults_of_quantities,
    faults_of_unit,
    plain,
)
from baton_analysis.errors import gettext_noop

_NOTHING = Decimal(0)


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
    refuse_too_many(lines)
    return [
        trail.save(_line(handoff, place, given, trail.at), "handoff_line.added")
        for place, given in enumerate(lines, start=1)
    ]


def refuse_too_many(lines: Sequence[LineGiven]) -> None:
    """Refuse more lines than a handoff has."""
    if len(lines) > MOST_LINES:
        raise Refused(
            field="lines",
            expected=gettext_noop("Expected at most {most} lines."),
            found=gettext_noop("Found {count}."),
            remedy=gettext_noop("Make several handoffs of it."),
            most=MOST_LINES,
            count=len(lines),
        )


def words_of_line(given: LineGiven, place: int) -> dict[str, str]:
    """What a line says in words, cleaned; refused where something of it, or a quantity, makes no sense."""
    refuse(replace(fault, field=f"{fault.field}_{place}") for fault in faults_of_quantities(given.quantities))
    return {
        "name": text_needed(given.name, f"name_{place}", NAME_LENGTH, gettext_noop("Say what is handed over.")),
        "unit": text_given(given.unit, f"unit_{place}", UNIT_LENGTH),
        "item_code": text_given(given.item_code, f"item_{place}", CODE_LENGTH),
        "item_revision": text_given(given.item_revision, f"item_revision_{place}", CODE_LENGTH),
    }


def _line(handoff: Handoff, place: int, given: LineGiven, at: datetime) -> HandoffLine:
    words = words_of_line(given, place)
    code_given(given.code, handoff, at, field=f"code_{place}")
    return HandoffLine(
        handoff=handoff,
        position=place,
        **words,
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
    """How much of lines (public ids) is handed over now. Handed over again it comes on top of what the customer kept
    and of what came back; where nothing is said, what is owed of a line comes."""
    lines_of(trail, handoff, amounts)
    state = State(handoff.state)
    owed = owed_of_lines(viewer=trail.by, handoff=handoff) if state is State.PARTLY else {}
    for one in handoff.lines.order_by("position"):
        given, field = amounts.get(one.public_id), f"delivered_{one.position}"
        refuse(faults_of_amount(field, given) if given is not None else ())
        in_all = _in_all(one, state, given if given is not None else owed.get(one.pk))
        refuse(faults_of_amount(field, in_all) if in_all is not None else ())
        if in_all is None and (state is State.PARTLY or one.accepted is None):
            continue
        line = trail.lock(HandoffLine, one)
        line.delivered, line.accepted = in_all if in_all is not None else line.delivered, None
        trail.save(line, "handoff_line.delivered")


def _in_all(line: HandoffLine, state: State, comes: Decimal | None) -> Decimal | None:
    """How much was handed over of a line in all, when so much comes now; None: as it stands. What came back as a whole
    comes as a whole, where nothing is said."""
    came_back = line.refused or _NOTHING
    if comes is None and state is not State.PARTLY and came_back:
        comes = line.ordered
    if comes is None:
        return None
    kept = (line.quantities.held or _NOTHING) if state is State.PARTLY else _NOTHING
    return kept + came_back + comes


def take_less(
    trail: Trail, line: HandoffLine, *, refused: Decimal, missing: Decimal, unit: str, code: DefectCode | None
) -> HandoffLine:
    """Take of a line less than was ordered: ``refused`` of it comes back, ``missing`` of it is not there. What is
    missing is first what was openly delivered short; what goes beyond was not among what was delivered. Refusals name
    the field with the place of the line behind it, such as ``refused_2``."""
    place = line.position
    missing_of_held = max(_NOTHING, missing - unclaimed_of(viewer=trail.by, line=line))
    refuse(faults_of_unit(f"unit_{place}", unit, line.unit))
    refuse(faults_of_amount(f"refused_{place}", refused))
    refuse(faults_of_amount(f"missing_{place}", missing))
    code_given(code, line.handoff, trail.at, field=f"code_{place}")
    at_hand, left, before = line.quantities.at_hand, line.quantities.held, line.refused or _NOTHING
    if at_hand is not None and left is not None:
        if refused + missing_of_held > left:
            raise Refused(
                field=f"refused_{place}" if refused else f"missing_{place}",
                expected=gettext_noop("Expected at most {left} of “{name}” to come back or to be missing."),
                found=gettext_noop("Found {refused} refused and {missing} missing; {at_hand} were delivered."),
                remedy=gettext_noop("Correct one of them."),
                left=plain(left), name=line.name, refused=plain(refused), missing=plain(missing),
                at_hand=plain(at_hand),
            )  # fmt: skip
        line.accepted = left - refused - missing_of_held
    line.refused, line.code = before + refused, code or line.code
    return trail.save(line, "handoff_line.refused")


def give_back(trail: Trail, found: HandoffReturn) -> None:
    """What came back of a line, or was missing of it, does not count: it was right as delivered."""
    if found.line is None or found.quantity is None:
        return
    line = trail.lock(HandoffLine, found.line)
    before, taken = line.refused or _NOTHING, line.accepted
    if not found.shortage:
        line.refused = max(_NOTHING, before - found.quantity) or None
        line.code = line.code if line.refused else None
        line.accepted = taken + found.quantity if taken is not None else None
    elif taken is not None and line.quantities.at_hand is not None:
        line.accepted = min(line.quantities.at_hand - before, taken + found.quantity)
    trail.save(line, "handoff_line.given_back")


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
