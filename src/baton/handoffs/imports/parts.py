"""What a row says of its handoff beside its moments: quantities of one line, measured values."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django.conf import settings

from baton.core.import_targets import Findings, ImportRow
from baton.core.texts import say
from baton.handoffs.changes.telling import LineTold, ValueTold
from baton.handoffs.imports.columns import AMOUNT_FIELDS, MOST_VALUES
from baton.handoffs.imports.faults import refuse_faults
from baton.handoffs.imports.known_links import clause_named
from baton.handoffs.rules import NAME_LENGTH, Moments, Quantities, faults_of_quantities, faults_of_unit
from baton_analysis.errors import gettext_noop
from baton_analysis.readers.cells import CellProblem

if TYPE_CHECKING:
    from baton.handoffs.imports.told import Told

VALUE_FIELDS = tuple(f"value_{place}" for place in range(1, MOST_VALUES + 1))
_NAMED = re.compile(r"(?P<name>.+?)\s*[(（\[](?P<unit>[^()（）\[\]]*)[)）\]]")

_OF_A_LINE = (*AMOUNT_FIELDS.values(), "defect_code", "item", "item_code")
"""What makes a line of a row, where one of them is said."""
_FOUND = (AMOUNT_FIELDS["accepted"], AMOUNT_FIELDS["refused"], "defect_code")
"""What of it the customer says."""


def has_parts(findings: Findings) -> bool:
    """Whether the table has a column that says more of a handoff than its moments."""
    return any(findings.mapping.get(name) for name in (*_OF_A_LINE, *VALUE_FIELDS))


def tells_found(row: ImportRow) -> bool:
    """Whether the line of a row tells what the customer found."""
    return any(row.values.get(name) is not None for name in _FOUND)


def add_parts(one: Told, findings: Findings) -> None:
    """The line of a row, or why it is refused, and its figures as they are read."""
    row = one.row
    if any(row.values.get(name) is not None for name in _OF_A_LINE):
        _add_line(one, findings)
    one.measured = {name: float(value) for name in VALUE_FIELDS if (value := row.values.get(name)) is not None}


def values_of(one: Told, moments: Moments, findings: Findings) -> list[ValueTold]:
    """The measured values of a row, or why they are refused. ``moments``: all that are then known of its handoff; by
    them its clauses are found."""
    found = [_value(one, name, value, moments, findings) for name, value in one.measured.items()]
    return [value for value in found if value is not None]


def _add_line(one: Told, findings: Findings) -> None:
    row = one.row
    quantities = Quantities(**{name: row[column] for name, column in AMOUNT_FIELDS.items()})
    refuse_faults(row, list(faults_of_quantities(quantities)), findings, AMOUNT_FIELDS)
    code = None
    if row["defect_code"]:
        code = one.meant.code(row["defect_code"])
        if code is None:
            findings.refuse(row, "defect_code", CellProblem(
                expected=gettext_noop("Expected a defect code in use, of what this link hands over or of everything."),
                found=gettext_noop("{code} is not one of them."),
                remedy=gettext_noop("Correct it, leave it empty, or add the code first."),
                values={"code": row["defect_code"]},
            ))  # fmt: skip
    if findings.is_refused(row):
        return
    name = row["item"] or say(one.meant.link.output.name, settings.LANGUAGE_CODE)[:NAME_LENGTH]
    one.line = LineTold(
        name=name, is_named=bool(row["item"]), unit=row["unit"] or "", item_code=row["item_code"] or "",
        item_revision=row["item_revision"] or "", quantities=quantities, code=code.pk if code is not None else None,
    )  # fmt: skip


def _value(one: Told, field: str, value: float, moments: Moments, findings: Findings) -> ValueTold | None:
    occurred_at = moments.occurred_at
    assert occurred_at is not None, "moments are checked before their values"
    name, unit = header_of(findings.mapping.get(field, ""))
    clauses = one.meant.clauses(occurred_at)
    clause = clause_named(clauses, name)
    if clause is None:
        findings.refuse(one.row, field, CellProblem(
            expected=gettext_noop("Expected a clause of measured values that held on this link then: {clauses}."),
            found=gettext_noop("“{name}” belongs to another link or version, or is measured otherwise."),
            remedy=gettext_noop("Name the column after one of these, or leave the cell empty."),
            values={"clauses": " / ".join(str(clause) for clause in clauses) or "–", "name": name},
        ))  # fmt: skip
        return None
    faults = list(faults_of_unit(field, unit, clause.unit))
    refuse_faults(one.row, faults, findings)
    return None if faults else ValueTold(field, clause.pk, value, moments.delivered_at or occurred_at)


def header_of(text: str) -> tuple[str, str]:
    """The clause that a column is named after, and the unit behind it in brackets, empty where there is none."""
    found = _NAMED.fullmatch(text.strip())
    return (found["name"], found["unit"].strip()) if found else (text.strip(), "")
