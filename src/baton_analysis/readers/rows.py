"""Tables for an import: rows one after the other, each with its number and its cells as they stand in the file.

What an event log is to the analysis, a table of staff or links is to an import: CSV, Excel, Parquet, or cells that were
copied and pasted. Nothing is interpreted here but the text of cells; :mod:`baton_analysis.readers.cells` reads values.
"""

from __future__ import annotations

import contextlib
import csv
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Self, TextIO

import polars as pl

from baton_analysis.arguments import checked
from baton_analysis.errors import ReadError, gettext_noop
from baton_analysis.readers.bounds import too_many_rows
from baton_analysis.readers.cells.texts import CellProblem
from baton_analysis.readers.columnar import ParquetTable
from baton_analysis.readers.delimited import Rows, detect_delimiter
from baton_analysis.readers.files import opened_source
from baton_analysis.readers.model import MIB, Limits, Notice, RowProblem
from baton_analysis.readers.proposals import as_text
from baton_analysis.readers.tabular import encoding_notices, written_out
from baton_analysis.readers.workbooks import SheetTable, cell_text, column_letters

CHUNK_ROWS = 1_000
TABLE_LIMITS = Limits(unpacked=512 * MIB, events=1_000_000, columns=200, field_chars=100_000)
"""Bounds of a table that is imported from a file."""
PASTE_LIMITS = Limits(unpacked=32 * MIB, events=50_000, columns=200, field_chars=32_767)
"""Bounds of what is pasted; a cell of a spreadsheet has at most 32,767 characters."""
PASTED = "pasted"


class Row(NamedTuple):
    """A row that is not blank: its number as the file shows it, and the text of each cell, "" where it is empty."""

    number: int
    texts: tuple[str, ...]


@dataclass(slots=True)
class RowTable:
    """An opened table; use it as a context.

    Attributes
    ----------
    format
        "csv", "xlsx", "parquet" or "pasted".
    header, header_row
        Names of the columns, and the number of their row (0 in Parquet, which has none).
    sheet, sheets
        The sheet that is read, and all of a workbook; empty for other formats.
    encoding, delimiter
        Of a text; None for other formats.
    """

    format: str
    header: tuple[str, ...]
    header_row: int
    _rows: Callable[[], Iterator[Row]]
    _notices: Callable[[], Iterable[Notice]]
    _problems: Callable[[], tuple[list[RowProblem], int]]
    _letter: Callable[[int], str] = column_letters
    _digest: Callable[[], str] = str
    sheet: str = ""
    sheets: tuple[str, ...] = ()
    encoding: str | None = None
    delimiter: str | None = None
    _stack: contextlib.ExitStack = field(default_factory=contextlib.ExitStack)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    @property
    def notices(self) -> tuple[Notice, ...]:
        """What has to be said of the file; complete once all rows were read."""
        return tuple(self._notices())

    @property
    def problems(self) -> tuple[list[RowProblem], int]:
        """Rows of another width than the header, which are not among the rows: the first of them, and how many."""
        return self._problems()

    @property
    def digest(self) -> str:
        """SHA-256 of the file in hexadecimal; of a pasted table, of its text in UTF-8."""
        return self._digest()

    def __iter__(self) -> Iterator[Row]:
        """The rows from the first one; a table may be read more than once."""
        return self._rows()

    def chunks(self, size: int = CHUNK_ROWS) -> Iterator[list[Row]]:
        """The rows in lists of at most ``size``."""
        rows = iter(self)
        while chunk := list(islice(rows, size)):
            yield chunk

    def letter(self, column: str) -> str:
        """The letter of a column in the spreadsheet."""
        return self._letter(self.header.index(column))

    def problem(self, row: Row, column: str, problem: CellProblem) -> RowProblem:
        """A problem of a cell with its sheet, row and column."""
        return problem.at(row=row.number, column=column, letter=self.letter(column), sheet=self.sheet)


@checked(ReadError)
def open_rows(
    path: Path,
    *,
    limits: Limits = TABLE_LIMITS,
    sheet: str | None = None,
    header_row: int | None = None,
    encoding: str | None = None,
    delimiter: str | None = None,
) -> RowTable:
    """Open a CSV, Excel or Parquet file as rows; parameters as in :func:`baton_analysis.readers.read`.

    Raises
    ------
    ReadError
        The file or its header cannot be read, or is larger than its bounds. Of a CSV that is known before the first
        row; values of single cells are for the caller to judge.
    """
    source, kind, chunks = opened_source(path, limits, None)
    if kind == "csv":
        return _text_table(chunks, limits, encoding, delimiter, lambda: source.digest)
    if kind not in ("xlsx", "parquet"):
        raise ReadError(
            expected=gettext_noop("A table was expected: CSV, Excel (.xlsx) or Parquet."),
            found=gettext_noop("The file is an event log."),
            remedy=gettext_noop("Import event logs under Discovery; here import a table with one row for each entry."),
        )
    for _ in chunks:  # for the digest: both are read from their end
        pass
    if kind == "xlsx":
        table = SheetTable(source.path, limits, sheet=sheet, header_row=header_row)
        return _sheet_table(table, lambda: source.digest)
    return _parquet_table(ParquetTable(source.path, limits), lambda: source.digest)


@checked(ReadError)
def paste_rows(text: str, *, limits: Limits = PASTE_LIMITS, delimiter: str | None = None) -> RowTable:
    """Cells that were copied from a spreadsheet and pasted: values between tabs, one row a line, names in the first.

    A value with a line break or tab in it stands between double quotes, as spreadsheets copy it. Missing and empty
    values at the end of a row do no harm. Where there is no tab, another delimiter is found as in a CSV.

    Raises
    ------
    ReadError
        Nothing pasted, too much, or without a header.
    """
    content = text.encode("utf-8", "replace")
    if len(content) > limits.unpacked:
        raise ReadError(
            expected=gettext_noop("At most {limit} MiB of pasted text were expected."),
            found=gettext_noop("There are {size} MiB."),
            remedy=gettext_noop("Save the table as a file and import that."),
            limit=limits.unpacked // MIB,
            size=-(-len(content) // MIB),
        )
    if not text.strip("\ufeff \t\r\n"):
        raise ReadError(
            expected=gettext_noop("Copied cells of a table were expected, with the names of the columns above them."),
            found=gettext_noop("Nothing was pasted."),
            remedy=gettext_noop("Mark the cells in the spreadsheet, copy them, and paste them here."),
        )
    if delimiter is None:
        head = text[:65_536]
        delimiter = "\t" if "\t" in head else detect_delimiter(head)
    table = _text_table([content], limits, "utf-8", delimiter, _sha256(content), padded=True)
    table.format = PASTED
    return table


def _sha256(content: bytes) -> Callable[[], str]:
    import hashlib

    return lambda: hashlib.sha256(content).hexdigest()


def _text_table(
    chunks: Iterable[bytes],
    limits: Limits,
    encoding: str | None,
    delimiter: str | None,
    digest: Callable[[], str],
    *,
    padded: bool = False,
) -> RowTable:
    with contextlib.ExitStack() as stack:
        path = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="baton-"))) / "text.csv"
        text, found = written_out(chunks, path, encoding, delimiter)
        reader = _TextRows(path, found, limits, padded=padded)
        first = reader.opened()
        return RowTable(
            "csv", tuple(first.header), first.header_row, reader.rows, lambda: reader.notices(text.encoding),
            reader.problems, encoding=text.encoding, delimiter=found, _digest=digest, _stack=stack.pop_all(),
        )  # fmt: skip


class _TextRows:
    """The rows of a text file, and what was met when they were last read."""

    def __init__(self, path: Path, delimiter: str, limits: Limits, *, padded: bool) -> None:
        self.path = path
        self.delimiter = delimiter
        self.limits = limits
        self.padded = padded
        self.literal = padded and _stray_quotes(path, delimiter)
        self.last = self.opened()

    def opened(self) -> Rows:
        """The header; rows are not read yet."""
        with self.path.open(encoding="utf-8", newline="") as lines:
            return self._begun(lines)

    def rows(self) -> Iterator[Row]:
        """The rows from the first."""
        with self.path.open(encoding="utf-8", newline="") as lines:
            self.last = self._begun(lines)
            for row in self.last:
                yield Row(self.last.number, tuple(row))

    def notices(self, encoding: str) -> Iterator[Notice]:
        """Remarks on header, blank rows and encoding."""
        yield from self.last.notices
        if self.last.blank:
            yield Notice(gettext_noop("{count} blank rows between others are left out."), self.last.blank)
        yield from encoding_notices(encoding)

    def problems(self) -> tuple[list[RowProblem], int]:
        """Rows of the wrong width."""
        return list(self.last.problems), self.last.problem_count

    def _begun(self, lines: TextIO) -> Rows:
        padded, literal = self.padded, self.literal
        return Rows(lines, self.delimiter, self.limits, padded=padded, literal=literal, beyond=too_many_rows)


def _sheet_table(table: SheetTable, digest: Callable[[], str]) -> RowTable:
    stack = contextlib.ExitStack()
    stack.callback(table.close)

    def rows() -> Iterator[Row]:
        table.restart()
        for number, texts in table.rows():
            yield Row(number, tuple(texts))

    return RowTable(
        "xlsx", tuple(table.header), table.header_row, rows, table.notices, _no_problems, table.letter, digest,
        sheet=table.sheet, sheets=tuple(s.name for s in table.sheets), _stack=stack,
    )  # fmt: skip


def _parquet_table(table: ParquetTable, digest: Callable[[], str]) -> RowTable:
    frame = table.read(None)
    texts = pl.DataFrame([_mended(series) for series in frame.iter_columns()]).fill_null("")

    def rows() -> Iterator[Row]:
        for number, values in enumerate(texts.iter_rows(), 1):
            if any(values):
                yield Row(number, values)

    return RowTable("parquet", tuple(frame.columns), 0, rows, lambda: table.notices, _no_problems, _digest=digest)


def _mended(series: pl.Series) -> pl.Series:
    """A column as texts; whole numbers that are stored as fractions have no point."""
    if series.dtype.is_float():
        return pl.Series(series.name, [None if v is None else cell_text(v) for v in series.to_list()], dtype=pl.String)
    return as_text(series)


def _no_problems() -> tuple[list[RowProblem], int]:
    return [], 0


def _stray_quotes(path: Path, delimiter: str) -> bool:
    """Whether the double quotes of a pasted text cannot be those that a spreadsheet puts around values."""
    with path.open(encoding="utf-8", newline="") as lines:
        try:
            for _ in csv.reader(lines, delimiter=delimiter, strict=True):
                pass
        except csv.Error:
            return True
    return False
