"""What a row says of its handoff beside its moments: quantities of one line, measured values."""

from __future__ import annotations

import re

from django.conf import settings

from baton.core.import_targets import Findings
from baton.core.texts import say
from baton.handoffs.changes.telling import LineTold, ValueTold
from baton.handoffs.imports.columns import AMOUNT_FIELDS, MOST_VALUES
from baton.handoffs.imports.faults import refuse_faults
from baton.handoffs.imports.known_links import clause_named
from baton.handoffs.imports.told import Told
from baton.handoffs.rules import NAME_LENGTH, Quantities, faults_of_quantities, faults_of_unit
from baton_analysis.errors import gettext_noop
from baton_analysis.readers.cells import CellProblem

VALUE_FIELDS = tuple(f"value_{place}" for place in range(1, MOST_VALUES + 1))
_NAMED = re.compile(r"(?P<name>.+?)\s*[(（\[](?P<unit>[^()（）\[\]]*)[)）\]]")


_OF_A_LINE = (*AMOUNT_FIELDS.values(), "defect_code", "item", "item_code")
"""What makes a line of a row, where one of them is said."""


def has_parts(findings: Findings) -> bool:
    """Whether the table has a column that says more of a handoff than its moments."""
    return any(findings.mapping.get(name) for name in (*_OF_A_LINE, *VALUE_FIELDS))


def add_parts(one: Told, findings: Findings) -> None:
    """The line and the values of a row, or why they are refused."""
    row = one.row
    if any(row.values.get(name) is not None for name in _OF_A_LINE):
        _add_line(one, findings)
    for name in VALUE_FIELDS:
        if row.values.get(name) is not None:
            _add_value(one, name, findings)


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


def _add_value(one: Told, field: str, findings: Findings) -> None:
    moment = one.moments.delivered_at or one.moments.occurred_at
    assert moment is not None, "moments are checked before their values"
    occurred_at = one.moments.occurred_at or moment
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
        return
    faults = list(faults_of_unit(field, unit, clause.unit))
    refuse_faults(one.row, faults, findings)
    if not faults:
        one.values = (*one.values, ValueTold(field, clause.pk, float(one.row[field]), moment))


def header_of(text: str) -> tuple[str, str]:
    """The clause that a column is named after, and the unit behind it in brackets, empty where there is none."""
    found = _NAMED.fullmatch(text.strip())
    return (found["name"], found["unit"].strip()) if found else (text.strip(), "")
