"""What goes into a reader and what comes out: bounds, previews, tables and remarks about a file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from baton_analysis.errors import ReadError, filled, gettext_noop, sentences

if TYPE_CHECKING:
    import polars as pl

MIB = 1024 * 1024
LISTED_PROBLEMS = 20
"""That many row problems are told one by one; the rest are counted."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds that a file has to keep; whatever passes one is refused with a :class:`ReadError`.

    The defaults are for a person who reads a file of his own from the command line; a web upload sets smaller ones.

    Attributes
    ----------
    packed, unpacked
        Bytes of the file, and bytes of what it unpacks to (equal for a file that is not packed).
    ratio, ratio_from
        Largest unpacked/packed, judged only once ``ratio_from`` bytes are unpacked: a short log of one repeated event
        packs better than 1:100 without any ill will. Real logs pack 1:20 to 1:40.
    depth
        Nesting of XML elements.
    columns, field_chars, row_chars, events
        Columns of a table, characters of one value and of one row, rows of a table. Two million events of three
        columns take some 2.5 s and 600 MiB until the handovers are counted.
    cells
        Events times columns of a table. A value takes some 16 bytes of memory, also where it is missing.
    """

    packed: int = 200 * MIB
    unpacked: int = 2048 * MIB
    ratio: int = 100
    ratio_from: int = 10 * MIB
    depth: int = 64
    columns: int = 2_000
    field_chars: int = 1_000_000
    row_chars: int = 4_000_000
    events: int = 5_000_000
    cells: int = 200_000_000


@dataclass(frozen=True, slots=True)
class Column:
    """A column as far as the sample shows it; ``missing`` and ``distinct`` count in the sample.

    ``kind`` is "text", "number", "time" or "boolean"; ``samples`` are up to five values made fit for display.
    """

    name: str
    kind: str
    missing: int
    distinct: int
    samples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Proposal:
    """Which columns look like case, activity, time and party, by name and content; ``parties`` best first."""

    case: str | None = None
    activity: str | None = None
    time: str | None = None
    party: str | None = None
    parties: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Notice:
    """A remark about a file that could be read: a template marked for translation, its values, and how often."""

    message: str
    count: int = 1
    values: Mapping[str, Any] = field(default_factory=dict)

    def render(self, translate: Callable[[str], str] = gettext_noop) -> str:
        """The remark as one text; ``{count}`` stands for ``count`` in every template."""
        return filled(self.message, {"count": self.count, **self.values}, translate)


@dataclass(frozen=True, slots=True)
class RowProblem:
    """One value that cannot be read. ``row`` counts as a spreadsheet does (the header of a CSV is row 1; in a log
    without header, the first event is row 1); the three templates are filled from ``values``, ``row`` and ``column``.
    ``letter`` is the column's in a spreadsheet, ``sheet`` the name of its sheet; both may be empty.
    """

    row: int
    column: str
    expected: str
    found: str
    remedy: str
    values: Mapping[str, Any] = field(default_factory=dict)
    letter: str = ""
    sheet: str = ""

    def render(self, translate: Callable[[str], str] = gettext_noop) -> str:
        """The whole message as one text, each template passed through ``translate`` first."""
        parts = (self._where, self.expected, self.found, self.remedy)
        return sentences(filled(part, self._values, translate) for part in parts)

    def brief(self, translate: Callable[[str], str] = gettext_noop) -> str:
        """Where, and what was found there, for a list whose heading says what was expected and what to do."""
        return sentences(filled(part, self._values, translate) for part in (self._where, self.found))

    @property
    def _values(self) -> dict[str, Any]:
        place = {"row": self.row, "column": display(self.column), "letter": self.letter, "sheet": display(self.sheet)}
        return {**place, **self.values}

    @property
    def _where(self) -> str:
        where = gettext_noop("Row {row}, column “{column}”.")
        if self.letter:
            where = gettext_noop("Row {row}, column {letter} (“{column}”).")
        if self.letter and self.sheet:
            where = gettext_noop("Sheet “{sheet}”, row {row}, column {letter} (“{column}”).")
        return where


class RowsError(ReadError):
    """Some values of a file cannot be read. ``problems`` has the first twenty, ``count`` says how many there are."""

    def __init__(self, problems: list[RowProblem], count: int) -> None:
        first = problems[0]
        self.problems = tuple(problems[:LISTED_PROBLEMS])
        self.count = count
        values = {
            **first.values,
            "row": first.row,
            "column": display(first.column),
            "letter": first.letter,
            "count": count,
            "first_found": display(str(first.values.get("value", ""))),
        }
        super().__init__(
            expected=first.expected,
            found=gettext_noop(
                "{count} values cannot be read; the first stands in row {row}, column “{column}”: “{first_found}”."
            ),
            remedy=first.remedy,
            **values,
        )


@dataclass(frozen=True, slots=True)
class Preview:
    """The beginning of a file: what it is, what its columns look like, and what they may mean.

    ``format`` is "xes", "ocel", "csv", "xlsx" or "parquet"; ``encoding`` and ``delimiter`` are None where they do not
    apply; ``rows`` are the first twenty as display strings; ``complete`` says whether the sample is the whole file. Of
    a workbook ``sheets`` names all sheets, ``sheet`` and ``header_row`` say what was read.
    """

    format: str
    encoding: str | None
    delimiter: str | None
    columns: tuple[Column, ...]
    rows: tuple[dict[str, str | None], ...]
    rows_sampled: int
    complete: bool
    proposal: Proposal
    notices: tuple[Notice, ...]
    sheets: tuple[str, ...] = ()
    sheet: str = ""
    header_row: int = 1


@dataclass(frozen=True, slots=True)
class Table:
    """A file read whole: one row an event, in the order of the file.

    In ``frame`` text is String, time is Datetime("us", "UTC"); a missing value is null. ``digest`` is the SHA-256 of
    the file's bytes in hexadecimal.
    """

    frame: pl.DataFrame
    format: str
    encoding: str | None
    delimiter: str | None
    notices: tuple[Notice, ...]
    digest: str


def display(value: str, width: int = 80) -> str:
    """A value of a foreign file made fit for a message: control and direction characters escaped, cut at ``width``."""
    shown = "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in value[:width])
    return shown + "…" if len(value) > width else shown


def display_path(path: Path, width: int = 80) -> str:
    """A path made fit for a message; of a long one the end stands, with the name of the file."""
    text = str(path)
    return "…" + display(text[-width:], width) if len(text) > width else display(text)
