"""Delimited text: its delimiter, its header, and its rows with every value as the text that stands in the file.

Quoting is that of RFC 4180. A file without quotes is cut by Polars after its rows were counted; one with quotes by
the csv module, which says where a quote is left open.
"""

from __future__ import annotations

import csv
import io
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import Literal, TextIO

import polars as pl

from baton_analysis.errors import ReadError, gettext_noop
from baton_analysis.readers.bounds import too_long, too_many_cells, too_many_columns, too_many_events
from baton_analysis.readers.model import LISTED_PROBLEMS, Limits, Notice, RowProblem, RowsError, display

DELIMITERS = (",", ";", "\t", "|", "\uff0c")
"""Comma, semicolon, tab, bar and the full-width comma of Chinese input methods."""
_SAMPLE_ROWS = 50
_BATCH = 50_000


def detect_delimiter(head: str) -> str:
    """The delimiter that cuts the first rows most evenly into more than one column; a comma if none does."""
    best, best_score = ",", (0.0, 0)
    for delimiter in DELIMITERS:
        widths = [len(row) for row in _sample_rows(head, delimiter)]
        if not widths or widths[0] < 2:
            continue
        even = sum(width == widths[0] for width in widths) / len(widths)
        if (even, widths[0]) > best_score:
            best, best_score = delimiter, (even, widths[0])
    return best


def _sample_rows(head: str, delimiter: str) -> list[list[str]]:
    lines = head.splitlines(keepends=True)
    whole = lines[:-1] if len(lines) > 1 and not lines[-1].endswith(("\n", "\r")) else lines
    rows: list[list[str]] = []
    try:
        for row in csv.reader(whole[: 4 * _SAMPLE_ROWS], delimiter=delimiter):
            if row:
                rows.append(row)
            if len(rows) == _SAMPLE_ROWS:
                break
    except csv.Error:  # a field without end: the rows before it are evidence enough
        pass
    return rows


def check_delimiter(delimiter: str) -> None:
    """Refuse a delimiter that is not one character, or one that rows or quotes are made of."""
    if len(delimiter) != 1 or delimiter in '"\r\n \x00':
        raise ReadError(
            expected=gettext_noop("One character was expected as delimiter, for example a comma or a semicolon."),
            found=gettext_noop("“{delimiter}” was named."),
            remedy=gettext_noop("Leave the delimiter out, and it is found from the file."),
            delimiter=display(delimiter),
        )


class Rows:
    """Rows of a text, each as wide as its header; ``header`` is read at once, the rest as it is iterated.

    Rows of another width are collected as problems and never passed on: call :meth:`check` when done. ``padded``
    forgives missing and empty values at the end of a row and of the header, as they come from a spreadsheet's cells;
    ``literal`` takes double quotes for themselves; ``beyond`` makes the error for more rows than ``limits`` allow.
    """

    def __init__(
        self,
        lines: TextIO | Iterable[str],
        delimiter: str,
        limits: Limits,
        *,
        padded: bool = False,
        literal: bool = False,
        beyond: Callable[[int], ReadError] = too_many_events,
    ) -> None:
        # The csv module has one bound for the whole process and no other way to read long fields; it is only raised.
        csv.field_size_limit(max(csv.field_size_limit(), limits.row_chars + 1))
        self.limits = limits
        self.number = 0
        self.blank = 0
        self.problems: list[RowProblem] = []
        self.problem_count = 0
        self._padded = padded
        self._beyond = beyond
        self._pending_blank = 0
        self._delimiter = delimiter
        self._chars = 0
        quoting: Literal[0, 3] = csv.QUOTE_NONE if literal else csv.QUOTE_MINIMAL
        self._reader = csv.reader(self._bounded(lines), delimiter=delimiter, strict=True, quoting=quoting)
        first = self._next()
        while first is not None and not any(field.strip() for field in first):
            first = self._next()
        if padded:
            first = _without_empty_end(first or [])
        self.header_row = self.number
        self.header, self.notices = checked_header(first or [], limits)

    def __iter__(self) -> Iterator[list[str]]:
        width = len(self.header)
        while (row := self._next()) is not None:
            if not row or (self._padded and not any(field.strip() for field in row)):
                self._pending_blank += 1
                continue
            if self._padded and len(row) != width:
                row = _without_empty_end(row)
                row += [""] * (width - len(row))
            self.blank += self._pending_blank
            self._pending_blank = 0
            if len(row) != width:
                self._wrong_width(row)
                continue
            yield row

    def check(self) -> None:
        """Raise :class:`RowsError` if any row had the wrong number of values."""
        if self.problem_count:
            raise RowsError(self.problems, self.problem_count)

    def _next(self) -> list[str] | None:
        self._chars = 0
        self.number += 1
        try:
            row = next(self._reader, None)
        except csv.Error as error:
            raise _open_quote(self.number) from error
        if row is not None and self.number > self.limits.events + 1:
            raise self._beyond(self.limits.events)
        if row and self._chars > self.limits.field_chars:
            longest = max(range(len(row)), key=lambda i: len(row[i]))
            if len(row[longest]) > self.limits.field_chars:
                raise too_long(_name_at(getattr(self, "header", []), longest), self.limits.field_chars)
        return row

    def _bounded(self, lines: TextIO | Iterable[str]) -> Iterator[str]:
        """Lines, as long as the row they belong to keeps its bounds (checked before the csv module sees them)."""
        for line in _pieces(lines, self.limits.row_chars):
            self._chars += len(line)
            if '"' not in line and (found := line.count(self._delimiter) + 1) > self.limits.columns:
                raise too_many_columns(found, self.limits.columns)
            if self._chars > self.limits.row_chars:
                raise _long_row(self.number, self.limits)
            yield line

    def _wrong_width(self, row: list[str]) -> None:
        self.problem_count += 1
        if len(self.problems) < LISTED_PROBLEMS:
            self.problems.append(wrong_width(self.number, len(row), self.header, " | ".join(row[:8])))


def _without_empty_end(row: list[str]) -> list[str]:
    used = max((i + 1 for i, field in enumerate(row) if field.strip()), default=0)
    return row[:used]


def wrong_width(number: int, width: int, header: Sequence[str], text: str) -> RowProblem:
    """The problem of a row that has more or fewer values than the header has columns."""
    return RowProblem(
        row=number,
        column=_name_at(header, min(width, len(header) - 1)),
        expected=gettext_noop("{columns} values in every row were expected, as in the header."),
        found=gettext_noop("The row has {width} values: “{value}”."),
        remedy=gettext_noop("Check the delimiter, and put values that contain it between double quotes."),
        values={"columns": len(header), "width": width, "value": display(text)},
    )


def checked_header(names: Sequence[str], limits: Limits) -> tuple[list[str], list[Notice]]:
    """Names of columns in NFC without blanks around them; a nameless one is called ``column_<number>``.

    Raises
    ------
    ReadError
        No names, too many, or two that are equal.
    """
    if len(names) > limits.columns:
        raise too_many_columns(len(names), limits.columns)
    clean = [unicodedata.normalize("NFC", name).strip().strip("\ufeff").strip() for name in names]
    if not any(clean):
        raise ReadError(
            expected=gettext_noop("A first row with the names of the columns was expected."),
            found=gettext_noop("There is none."),
            remedy=gettext_noop("Put the names of the columns into the first row, one for each."),
        )
    for name in clean:
        if len(name) > 1_000:
            raise ReadError(
                expected=gettext_noop("Names of columns of at most 1,000 characters were expected."),
                found=gettext_noop("One has {length}: “{name}”."),
                remedy=gettext_noop("Check that the first row holds the names, and that its quotes are closed."),
                length=len(name),
                name=display(name),
            )
    notices: list[Notice] = []
    if nameless := clean.count(""):
        text = gettext_noop("{count} columns have no name; they are called column_ and their number.")
        notices.append(Notice(text, nameless))
        clean = [name or f"column_{i}" for i, name in enumerate(clean, 1)]
    twice = [name for name, count in Counter(clean).items() if count > 1]
    if twice:
        raise ReadError(
            expected=gettext_noop("A different name for every column was expected."),
            found=gettext_noop("“{name}” names columns {positions}; blanks around a name do not tell it apart."),
            remedy=gettext_noop("Rename one of them in the first row."),
            name=display(twice[0]),
            positions=", ".join(str(i) for i, name in enumerate(clean, 1) if name == twice[0]),
        )
    return clean, notices


def read_quoted(
    lines: TextIO, delimiter: str, limits: Limits, columns: Sequence[str] | None
) -> tuple[pl.DataFrame, Rows]:
    """All rows of a text by the csv module; an empty value is null. ``columns`` have been checked by the caller."""
    rows = Rows(lines, delimiter, limits)
    keep = [i for i, name in enumerate(rows.header) if columns is None or name in columns]
    frames: list[pl.DataFrame] = []
    batch: list[list[str | None]] = []
    for row in rows:
        batch.append([row[i] or None for i in keep])
        if len(batch) >= _BATCH:
            frames.append(_frame(batch, [rows.header[i] for i in keep]))
            batch = []
        if rows.number * len(keep) > limits.cells:
            raise too_many_cells(limits.cells)
    rows.check()
    frames.append(_frame(batch, [rows.header[i] for i in keep]))
    return pl.concat(frames), rows


def _frame(batch: list[list[str | None]], names: list[str]) -> pl.DataFrame:
    return pl.DataFrame(batch, schema=dict.fromkeys(names, pl.String), orient="row")


def _pieces(lines: TextIO | Iterable[str], limit: int) -> Iterable[str]:
    """Lines that are cut when they are longer than ``limit``, so that none is ever held whole beyond it."""
    if not isinstance(lines, io.TextIOBase):
        return lines
    return iter(partial(lines.readline, limit + 1), "")


def _name_at(header: Sequence[str], index: int) -> str:
    return header[index] if 0 <= index < len(header) else f"column_{index + 1}"


def _open_quote(number: int) -> ReadError:
    return ReadError(
        expected=gettext_noop("Every double quote that opens a value was expected to be closed, before a delimiter."),
        found=gettext_noop("In the row that begins as row {row} one is not."),
        remedy=gettext_noop("Close the quote, or write a double quote within a value twice."),
        row=number,
    )


def _long_row(number: int, limits: Limits) -> ReadError:
    return ReadError(
        expected=gettext_noop("Values of at most {limit} characters and rows of at most {row_limit} were expected."),
        found=gettext_noop("The row that begins as row {row} is longer."),
        remedy=gettext_noop("Look for a double quote in that row that is opened and not closed."),
        limit=limits.field_chars,
        row_limit=limits.row_chars,
        row=number,
    )
