"""The dry run: every row of a table is read and judged; nothing is entered."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings

from baton.core import queries
from baton.core.actors import Actor
from baton.core.changes.bulk_keys import KEYS_TARGET
from baton.core.changes.imports import note_checked
from baton.core.changes.keys import known_spelling
from baton.core.import_targets import (
    KEY_FIELD,
    DayCell,
    ImportColumn,
    ImportRow,
    ImportTarget,
    MomentCell,
    missing_columns,
)
from baton.core.imports.findings import Found, PlanFiles
from baton.core.imports.seen import told_once
from baton.core.imports.tables import columns_read, open_table, plain_text, target_of
from baton.core.models import ImportRun
from baton_analysis.errors import ReadError, gettext_noop
from baton_analysis.readers.cells import CellProblem, DayOrder, day_order_of
from baton_analysis.readers.cells.days import day_orders_of

if TYPE_CHECKING:
    from baton_analysis.readers import Row, RowTable
    from baton_analysis.readers.model import RowProblem

PART_ROWS = 2_000
"""Rows of a part of a table that is looked at in parts."""
WHOLE_ROWS = 100_000
"""Most rows of a table that is looked at as a whole, in memory: about 4 kB a row while it is checked."""
_TOLD_EVERY = 1_000
REQUIRED = CellProblem(
    expected=gettext_noop("A value was expected in this column."),
    found=gettext_noop("The cell is empty."),
    remedy=gettext_noop("Fill it in, or leave the row out."),
)


def check(*, by: Actor, at: datetime, run: ImportRun, progress: Callable[[int, int], None]) -> ImportRun:
    """Look at every row of the table and keep what was found. Raises ReadError where the table cannot be read.

    A row is refused, new, changed or unchanged. Rows of the wrong width and cells that cannot be read are refused
    before the target sees the row. A target that looks at parts sees a part after the other; then the memory that is
    needed does not grow with the table, but for 16 bytes a row.
    """
    target = target_of(run)
    with open_table(run) as table:
        _refuse_missing(target, run.mapping, table.header)
        places = columns_read(run, table.header)
        files = PlanFiles(list(dict.fromkeys((*target.makes, KEYS_TARGET))))
        try:
            system = known_spelling(run.system) if run.system else ""
            found = Found(by, at, system, table, run.mapping, target, files)
            if target.in_parts:
                _look_at_parts(table, places, found, progress)
            else:
                _look_at_whole(table, places, found, progress)
            return note_checked(by=by, at=at, run=run, counts=found.counted(table.problems[1]), plan=files.done())
        except BaseException:
            files.drop()
            raise


def _refuse_missing(target: ImportTarget, mapping: Mapping[str, str], header: Sequence[str]) -> None:
    if missing := missing_columns(target, mapping, header):
        raise ReadError(
            expected=gettext_noop("A column was expected for: {columns}."),
            found=gettext_noop("The table has: {header}."),
            remedy=gettext_noop("Assign the columns again, or import a table that has them."),
            columns=", ".join(column.label(settings.LANGUAGE_CODE) for column in missing),
            header=", ".join(header[:20]),
        )


def _look_at_whole(
    table: RowTable, places: Mapping[str, int], found: Found, progress: Callable[[int, int], None]
) -> None:
    rows: list[Row] = []
    for row in table:
        rows.append(row)
        if len(rows) > WHOLE_ROWS:
            raise ReadError(
                expected=gettext_noop("Expected at most {most} rows: they are looked at together."),
                found=gettext_noop("There are more."),
                remedy=gettext_noop("Split the table and import its parts one after the other."),
                most=WHOLE_ROWS,
            )
        if len(rows) % _TOLD_EVERY == 0:
            progress(len(rows), 0)
    _refuse_empty(len(rows), table)
    orders = {name: day_order_of(row.texts[place] for row in rows) for name, place in _days(places, found).items()}
    _look_at(rows, places, orders, found, table.problems[0])


def _look_at_parts(
    table: RowTable, places: Mapping[str, int], found: Found, progress: Callable[[int, int], None]
) -> None:
    """The table is read twice: how a column writes days is known only at its end."""
    days = _days(places, found)
    said: dict[str, set[DayOrder]] = {name: set() for name in days}
    total = 0
    for part in table.chunks(PART_ROWS):
        total += len(part)
        for name, place in days.items():
            said[name] |= day_orders_of({row.texts[place] for row in part})
        progress(0, total)
    _refuse_empty(total, table)
    orders = {name: _agreed(orders) for name, orders in said.items()}
    wrong = sorted(table.problems[0], key=lambda problem: problem.row)
    done = 0
    for part in table.chunks(PART_ROWS):
        done += len(part)
        before = [problem for problem in wrong if problem.row < part[-1].number or done == total]
        wrong = wrong[len(before) :]
        _look_at(part, places, orders, found, before)
        progress(done, total)
    if wrong:
        found.end_part(0, wrong)
    if found.target.finish is not None:
        for _some in found.target.finish(found):
            found.end_part(0, ())


def _agreed(orders: set[DayOrder]) -> DayOrder | None:
    return next(iter(orders)) if len(orders) == 1 else None


def _days(places: Mapping[str, int], found: Found) -> dict[str, int]:
    """Columns that hold days."""
    cells = {name: found.target.column(name).cell for name in places}
    return {name: place for name, place in places.items() if isinstance(cells[name], DayCell | MomentCell)}


def _refuse_empty(rows: int, table: RowTable) -> None:
    if not rows and not table.problems[1]:
        raise ReadError(
            expected=gettext_noop("A table with at least one row below the names of its columns was expected."),
            found=gettext_noop("There is none."),
            remedy=gettext_noop("Import a table with rows; the template shows what belongs where."),
        )


def _look_at(
    raw: Sequence[Row],
    places: Mapping[str, int],
    orders: Mapping[str, DayOrder | None],
    found: Found,
    wrong_width: Sequence[RowProblem],
) -> None:
    rows = _with_keys(list(_parsed(raw, places, orders, found)), found)
    found.target.check(rows, found)
    found.end_part(len(raw), wrong_width)


def _parsed(
    raw: Sequence[Row], places: Mapping[str, int], orders: Mapping[str, DayOrder | None], found: Found
) -> Iterator[ImportRow]:
    """The rows, each refused cell by cell. One without a required value is left out; what else is wrong with the others
    the target says, so that all mistakes are told at once. Cells that cannot be read are empty to it."""
    left_out: set[int] = set()
    columns = [
        _values_of(found.target.column(name), [row.texts[place] for row in raw], orders.get(name), raw, found, left_out)
        for name, place in places.items()
    ]
    names, incomplete = list(places), found.target.sees_incomplete
    for row, *texts in zip(raw, *columns, strict=True):
        values = dict(zip(names, texts, strict=True))
        key = values.pop(KEY_FIELD, None)
        if incomplete or row.number not in left_out:
            yield ImportRow(row.number, values, key if isinstance(key, str) else "")


def _values_of(
    column: ImportColumn, texts: Sequence[str], order: DayOrder | None, raw: Sequence[Row], found: Found,
    left_out: set[int],
) -> list[Any]:  # fmt: skip
    """The values of one column; the numbers of rows without a required one go into ``left_out``."""
    # Most columns say the same again and again: days, kinds, parties. Each text is read once.
    parse = column.cell.parse
    read: dict[str, Any] = {
        text: parse(plain_text(text) if text[:1] == "'" else text, order) for text in set(texts)
    }  # fmt: skip
    read[""] = None
    values = [read[text] for text in texts]
    unread = CellProblem in set(map(type, read.values()))
    if not unread and not column.required:
        return values
    for place, (row, value) in enumerate(zip(raw, values, strict=True)):
        if isinstance(value, CellProblem):
            found.note_unread(row.number, column.name, value)
            values[place] = None
        elif value is None and column.required:
            found.note(row.number, column.name, REQUIRED)
        if column.required and values[place] is None:
            left_out.add(row.number)
    return values


def _with_keys(rows: list[ImportRow], found: Found) -> list[ImportRow]:
    """The rows with the records that their keys mean; a key twice in the table is refused the second time."""
    kind = found.target.kind
    keyed = [row for row in rows if row.key]
    if not found.system or not kind or not keyed:
        return rows
    keys = {row.key for row in keyed}
    known = queries.records_by_key(viewer=found.viewer, kind=kind, keys=keys, system=found.system, spelled=True)
    once = told_once(found.keys, [(row, row.key, known.get(row.key, set())) for row in keyed], KEY_FIELD, found)
    meant = {row.number: next(iter(ids)) if len(ids) == 1 else "" for row, ids in once}
    return [
        ImportRow(row.number, row.values, row.key, meant[row.number]) if row.key else row
        for row in rows
        if not row.key or row.number in meant
    ]
