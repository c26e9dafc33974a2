"""The dry run: every row of a table is read and judged; nothing is entered."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings

from baton.core import queries, uploads
from baton.core.actors import Actor
from baton.core.changes.bulk_keys import KEYS_TARGET
from baton.core.changes.imports import note_checked
from baton.core.import_targets import (
    KEY_FIELD,
    DayCell,
    ImportRow,
    ImportTarget,
    missing_columns,
    twice,
)
from baton.core.imports.tables import columns_read, open_table, plain_text, target_of
from baton.core.models import ImportRun
from baton_analysis.errors import BatonError, ReadError, gettext_noop
from baton_analysis.readers.cells import CellProblem, DayOrder, day_order_of

if TYPE_CHECKING:
    from baton_analysis.readers import Row, RowTable

_TOLD_EVERY = 1_000
REQUIRED = CellProblem(
    expected=gettext_noop("A value was expected in this column."),
    found=gettext_noop("The cell is empty."),
    remedy=gettext_noop("Fill it in, or leave the row out."),
)


@dataclass
class Found:
    """What is found about the rows of one table; what a target is given as ``findings``."""

    viewer: Actor
    at: datetime
    system: str
    table: RowTable
    mapping: Mapping[str, str]
    target: ImportTarget
    problems: list[dict[str, Any]] = field(default_factory=list)
    refused: set[int] = field(default_factory=set)
    lines: list[tuple[int, str, Mapping[str, Any]]] = field(default_factory=list)
    changes: list[tuple[int, Mapping[str, Any]]] = field(default_factory=list)
    made: dict[int, tuple[ImportRow, str]] = field(default_factory=dict)

    def refuse(self, row: ImportRow, column: str, why: CellProblem | BatonError) -> None:
        """The row has a mistake in a field."""
        self._note(row.number, column, why)

    def new(self, row: ImportRow, bulk_target: str, line: Mapping[str, Any], *, made: str = "") -> None:
        """The row makes a record of a bulk entry."""
        self.lines.append((row.number, bulk_target, line))
        if made:
            self.made[row.number] = (row, made)

    def change(self, row: ImportRow, line: Mapping[str, Any], *, made: str = "") -> None:
        """The row changes a record that is there."""
        self.changes.append((row.number, {**line, "row": row.number}))
        if made:
            self.made[row.number] = (row, made)

    def same(self, row: ImportRow, public_id: str) -> None:
        """The row is this record as it stands."""
        self.made[row.number] = (row, public_id)

    def is_refused(self, row: ImportRow) -> bool:
        """Whether something was found wrong with the row."""
        return row.number in self.refused

    def _note(self, number: int, column: str, why: CellProblem | BatonError) -> None:
        self.refused.add(number)
        header = self.mapping.get(column, "")
        self.problems.append({
            "row": number, "field": column, "column": header, "sheet": self.table.sheet,
            "letter": self.table.letter(header) if header else "", "expected": why.expected, "found": why.found,
            "remedy": why.remedy, "values": {name: str(value)[:300] for name, value in why.values.items()},
        })  # fmt: skip


def check(*, by: Actor, at: datetime, run: ImportRun, progress: Callable[[int, int], None]) -> ImportRun:
    """Look at every row of the table and keep what was found. Raises ReadError where the table cannot be read.

    A row is refused, new, changed or unchanged. Rows of the wrong width and cells that cannot be read are refused
    before the target sees the row.
    """
    target = target_of(run)
    with open_table(run) as table:
        if missing := missing_columns(target, run.mapping, table.header):
            raise ReadError(
                expected=gettext_noop("A column was expected for: {columns}."),
                found=gettext_noop("The table has: {header}."),
                remedy=gettext_noop("Assign the columns again, or bring a table that has them."),
                columns=", ".join(column.label(settings.LANGUAGE_CODE) for column in missing),
                header=", ".join(table.header[:20]),
            )
        found = Found(by, at, run.system, table, run.mapping, target)
        raw = _read(table, progress)
        rows = list(_parsed(raw, columns_read(run, table.header), found))
        rows = _with_keys(rows, found)
        target.check(rows, found)
        _give_keys(found)
        wrong_width, wrong_count = table.problems
        for problem in wrong_width:
            found.refused.add(problem.row)
            found.problems.append({
                "row": problem.row, "field": "", "column": problem.column, "sheet": "", "letter": problem.letter,
                "expected": problem.expected, "found": problem.found, "remedy": problem.remedy,
                "values": dict(problem.values),
            })  # fmt: skip
        return _noted(by, at, run, found, len(raw) + wrong_count, wrong_count - len(wrong_width))


def _read(table: RowTable, progress: Callable[[int, int], None]) -> list[Row]:
    rows: list[Row] = []
    for row in table:
        rows.append(row)
        if len(rows) % _TOLD_EVERY == 0:
            progress(len(rows), 0)
    if not rows and not table.problems[1]:
        raise ReadError(
            expected=gettext_noop("A table with at least one row below the names of its columns was expected."),
            found=gettext_noop("There is none."),
            remedy=gettext_noop("Bring a table with rows; the template shows what belongs where."),
        )
    return rows


def _parsed(raw: Sequence[Row], places: Mapping[str, int], found: Found) -> Iterator[ImportRow]:
    """The rows whose cells could all be read; the others are refused cell by cell."""
    columns = [(found.target.column(name), place) for name, place in places.items()]
    orders: dict[str, DayOrder | None] = {
        column.name: day_order_of([row.texts[place] for row in raw])
        for column, place in columns
        if isinstance(column.cell, DayCell)
    }
    for row in raw:
        values: dict[str, Any] = {}
        for column, place in columns:
            value = column.cell.parse(plain_text(row.texts[place]), orders.get(column.name))
            if isinstance(value, CellProblem):
                found._note(row.number, column.name, value)
            elif value is None and column.required:
                found._note(row.number, column.name, REQUIRED)
            values[column.name] = value
        key = values.pop(KEY_FIELD, None)
        if row.number not in found.refused:
            yield ImportRow(row.number, values, key if isinstance(key, str) else "")


def _with_keys(rows: Sequence[ImportRow], found: Found) -> list[ImportRow]:
    """The rows with the records that their keys mean; a key twice in the table is refused the second time."""
    if not found.system or not found.target.kind:
        return list(rows)
    keys = {row.key for row in rows if row.key}
    known = queries.records_by_key(viewer=found.viewer, kind=found.target.kind, keys=keys, system=found.system)
    first: dict[str, int] = {}
    kept = []
    for row in rows:
        if row.key and first.setdefault(row.key, row.number) != row.number:
            found.refuse(row, KEY_FIELD, twice(first[row.key]))
            continue
        meant = known.get(row.key, set())
        kept.append(ImportRow(row.number, row.values, row.key, next(iter(meant)) if len(meant) == 1 else ""))
    return kept


def _give_keys(found: Found) -> None:
    """Records of rows with a key that is not theirs yet get it."""
    if not found.system or not found.target.kind:
        return
    for row, public_id in list(found.made.values()):
        if row.key and not row.known and not found.is_refused(row):
            line = {
                "kind": found.target.kind, "object_id": public_id, "system": found.system, "key": row.key,
                "subject": public_id if found.target.kind == "person" else "",
            }  # fmt: skip
            found.lines.append((row.number, KEYS_TARGET, line))


def _noted(by: Actor, at: datetime, run: ImportRun, found: Found, rows: int, not_named: int) -> ImportRun:
    """Keep the plan as files; rows that are refused are in none of them."""
    new = {number for number, _target, _line in found.lines} - found.refused
    changed = {number for number, _line in found.changes} - found.refused
    order = [*found.target.makes, KEYS_TARGET]
    kept: list[str] = []
    try:
        files = []
        for name in order:
            lines = [line for number, target, line in found.lines if target == name and number not in found.refused]
            if lines:
                files.append([name, _keep(lines, kept), len(lines)])
        changes_left = [line for number, line in found.changes if number not in found.refused]
        found.problems.sort(key=lambda problem: problem["row"])
        plan = {
            "new": files,
            "changes": _keep(changes_left, kept) if changes_left else "",
            "problems": _keep(found.problems, kept) if found.problems else "",
        }
        refused = len(found.refused) + not_named
        counts = {
            "rows": rows, "rows_new": len(new), "rows_changed": len(changes_left), "rows_refused": refused,
            "rows_unchanged": rows - refused - len(new | changed), "problems": len(found.problems),
        }  # fmt: skip
        return note_checked(by=by, at=at, run=run, counts=counts, plan=plan)
    except BaseException:
        for path in kept:
            uploads.discard(path)
        raise


def _keep(lines: Sequence[Mapping[str, Any]], kept: list[str]) -> str:
    encoded = (json.dumps(line, ensure_ascii=False, separators=(",", ":")).encode() + b"\n" for line in lines)
    path = uploads.keep(encoded, limit=settings.EVENT_LOG_LIMIT_MIB * 1024**2).path
    kept.append(path)
    return path
