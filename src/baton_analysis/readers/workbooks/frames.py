"""A sheet as a frame of texts for event logs, and its problems with the rows that the spreadsheet shows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import islice

import polars as pl

from baton_analysis.readers.bounds import too_many_cells
from baton_analysis.readers.cells.texts import ERROR_WORDS
from baton_analysis.readers.model import Notice, RowsError
from baton_analysis.readers.workbooks import refusals
from baton_analysis.readers.workbooks.sheets import SheetTable

_BATCH = 20_000


@dataclass(frozen=True, slots=True)
class SheetFrame:
    """Columns of texts, null where a cell is empty or shows an error; ``numbers`` are the rows in the spreadsheet."""

    frame: pl.DataFrame
    numbers: list[int]
    notices: tuple[Notice, ...]
    complete: bool


def sheet_frame(
    table: SheetTable,
    columns: Sequence[str] | None = None,
    *,
    head: int | None = None,
    progress: Callable[[float], None] | None = None,
) -> SheetFrame:
    """The first ``head`` rows of a sheet, or all; ``columns`` have been checked by the caller."""
    keep = [i for i, name in enumerate(table.header) if columns is None or name in columns]
    names = [table.header[i] for i in keep]
    if (table.last_row - table.header_row) * len(keep) > table.limits.cells:
        raise too_many_cells(table.limits.cells)
    frames: list[pl.DataFrame] = []
    numbers: list[int] = []
    rows = table.rows()
    while batch := list(islice(rows, _BATCH if head is None else min(_BATCH, head - len(numbers)))):
        numbers += [number for number, _ in batch]
        cells = [[row[i] or None for i in keep] for _, row in batch]
        frames.append(pl.DataFrame(cells, schema=dict.fromkeys(names, pl.String), orient="row"))
        if progress:
            progress(min(1.0, numbers[-1] / table.last_row))
    if not numbers:
        raise refusals.no_rows(table.sheet, table.header_row)
    complete = head is None or next(rows, None) is None
    frame = pl.concat(frames)
    if table.counts["errors"]:
        frame = frame.select(
            pl.when(pl.col(name).is_in(list(ERROR_WORDS))).then(None).otherwise(pl.col(name)).alias(name)
            for name in names
        )
    return SheetFrame(frame, numbers, tuple(table.notices()), complete)


def placed(error: RowsError, table: SheetTable, numbers: Sequence[int], first_row: int) -> RowsError:
    """The same problems with sheet, row and column as the spreadsheet shows them."""
    problems = [
        replace(
            problem,
            row=numbers[problem.row - first_row],
            letter=table.letter(table.header.index(problem.column)),
            sheet=table.sheet,
        )
        for problem in error.problems
    ]
    return RowsError(problems, error.count)
