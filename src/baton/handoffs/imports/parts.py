"""What a row says of its handoff beside its moments: quantities of one line, measured values."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings

from baton.core.ids import new_public_id
from baton.core.import_targets import Findings
from baton.core.texts import say
from baton.handoffs.changes.bulk_handoffs import LINES_TARGET, VALUES_TARGET, line_row, value_row
from baton.handoffs.imports.columns import AMOUNT_FIELDS, MOST_VALUES
from baton.handoffs.imports.known_links import clause_named
from baton.handoffs.imports.told import Told, refuse_faults
from baton.handoffs.rules import NAME_LENGTH, Quantities, faults_of_quantities, faults_of_unit
from baton_analysis.errors import gettext_noop
from baton_analysis.readers.cells import CellProblem

VALUE_FIELDS = tuple(f"value_{place}" for place in range(1, MOST_VALUES + 1))
_NAMED = re.compile(r"(?P<name>.+?)\s*[(（\[](?P<unit>[^()（）\[\]]*)[)）\]]")


@dataclass(frozen=True, slots=True)
class Part:
    """A row of another bulk entry that belongs to a handoff: ``row_of`` makes it for the handoff's public id."""

    target: str
    row_of: Callable[[str], Mapping[str, Any]]


def add_parts(one: Told, findings: Findings) -> None:
    """The line and the values of a row, or why they are refused."""
    row = one.row
    if any(row.values.get(name) is not None for name in AMOUNT_FIELDS.values()) or row["defect_code"]:
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
    said = {"unit": row["unit"] or "", "item_code": row["item_code"] or "", "item_revision": row["item_revision"] or ""}
    one.parts.append(Part(LINES_TARGET, lambda handoff: line_row(
        public_id=new_public_id(), handoff=handoff, name=name, quantities=quantities,
        code=code.pk if code is not None else None, **said,
    )))  # fmt: skip


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
        value, key = float(one.row[field]), clause.pk
        one.parts.append(Part(VALUES_TARGET, lambda handoff: value_row(
            public_id=new_public_id(), handoff=handoff, clause=key, value=value, measured_at=moment
        )))  # fmt: skip


def header_of(text: str) -> tuple[str, str]:
    """The clause that a column is named after, and the unit behind it in brackets, empty where there is none."""
    found = _NAMED.fullmatch(text.strip())
    return (found["name"], found["unit"].strip()) if found else (text.strip(), "")
