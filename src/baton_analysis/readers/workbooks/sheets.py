"""One sheet of a workbook as rows of texts, with the numbers that its rows have in the spreadsheet."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Iterator
from functools import partial
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import python_calamine as calamine

from baton_analysis.errors import gettext_noop
from baton_analysis.readers.bounds import too_long, too_many_cells, too_many_events
from baton_analysis.readers.cells.texts import ERROR_WORDS
from baton_analysis.readers.delimited import checked_header
from baton_analysis.readers.model import Limits, Notice, display
from baton_analysis.readers.workbooks import refusals
from baton_analysis.readers.workbooks.cells import DIGITS, WAYS, cell_text, number_text
from baton_analysis.readers.workbooks.headers import SEARCHED, find_header
from baton_analysis.readers.workbooks.parts import SheetInfo, Workbook
from baton_analysis.readers.workbooks.scan import column_letters

_LISTED_SHEETS = 20
_KEPT = 10.0**DIGITS


class SheetTable:
    """An opened sheet: ``header`` and ``header_row`` are known at once, rows are read as they are iterated.

    Use it as a context: the clean copy of the workbook that it reads from is a temporary file.

    Parameters
    ----------
    path, limits
        The workbook and its bounds.
    sheet
        Name of the sheet; None takes the first that is not hidden and not empty.
    header_row
        Row with the names of the columns, from 1; None finds it.

    Raises
    ------
    ReadError
        The workbook, the sheet or its header cannot be read.
    """

    def __init__(self, path: Path, limits: Limits, *, sheet: str | None = None, header_row: int | None = None) -> None:
        self.limits = limits
        self.restart()
        self._book = Workbook(path, limits)
        self.sheets = self._book.sheets
        with contextlib.ExitStack() as stack:
            self._folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="baton-")))
            self._open(sheet)
            self._head(header_row)
            self._stack = stack.pop_all()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def restart(self) -> None:
        """Forget what was counted, before the rows are read (again)."""
        self.counts: dict[str, int] = {"errors": 0, "long": 0, "blank": 0}
        self.first_error: tuple[str, str] = ("", "")
        self.first_long = ""
        self._met_long = False

    def close(self) -> None:
        """Remove the temporary copy."""
        self._cells: Any = None
        self._stack.close()

    @property
    def last_row(self) -> int:
        """Number of the last row that is not empty."""
        return int(self._cells.end[0]) + 1 if self._cells is not None and self._cells.end else 0

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """Every row below the header that is not blank: its number in the sheet, and the texts of its cells."""
        width, left = len(self.header), self._left
        ways = {**WAYS, float: self._number}
        blank = 0
        number = self.header_row
        for values in self._raw(self.header_row):
            number += 1
            row = [v if (kind := type(v)) is str else ways[kind](v) for v in values[left : left + width]]
            if not any(row):
                blank += 1
                continue
            self.counts["blank"] += blank
            blank = 0
            if self._met_long or len(joined := "\n".join(row)) > self.limits.field_chars or "#" in joined:
                self._remark(number, row, values)
            yield number, row

    def notices(self) -> list[Notice]:
        """What has to be said of the sheet; complete once the rows have been read."""
        said = [*self._header_notices, *self._copied_notices()]
        counts = self.counts
        if counts["errors"]:
            text = gettext_noop(
                "{count} cells show the error of a formula, the first is {error} in {cell}; taken as missing."
            )
            said.append(Notice(text, counts["errors"], {"error": self.first_error[1], "cell": self.first_error[0]}))
        if counts["long"]:
            text = gettext_noop(
                "{count} numbers have more digits than the {digits} that a spreadsheet keeps, the first in {cell}: "
                "their last digits are lost. Numbers of cards and accounts have to be entered as text."
            )
            said.append(Notice(text, counts["long"], {"cell": self.first_long, "digits": DIGITS}))
        if counts["blank"]:
            said.append(Notice(gettext_noop("{count} blank rows between others are left out."), counts["blank"]))
        return said

    def letter(self, index: int) -> str:
        """The letter of a column of the header in the spreadsheet."""
        return column_letters(index + self._left)

    def _open(self, wanted: str | None) -> None:
        for sheet in self._candidates(wanted):
            target = self._folder / "sheet.xlsx"
            self._copied = self._book.copy_sheet(sheet, target)
            self._cells = _guarded(partial(_first_sheet, target))
            self.sheet = sheet.name
            if self._cells.end is not None:
                return
        raise refusals.empty_sheet(self.sheet, self._names())

    def _candidates(self, wanted: str | None) -> list[SheetInfo]:
        if wanted is None:
            return [s for s in self.sheets if not s.hidden] or list(self.sheets)
        chosen = [s for s in self.sheets if s.name == wanted]
        chosen = chosen or [s for s in self.sheets if s.name.strip().casefold() == wanted.strip().casefold()]
        if not chosen:
            raise refusals.no_such_sheet(wanted, self._names())
        return chosen[:1]

    def _names(self) -> str:
        shown = [f"“{display(s.name, 40)}”" for s in self.sheets[:_LISTED_SHEETS]]
        return ", ".join(shown) + (" …" if len(self.sheets) > _LISTED_SHEETS else "")

    def _head(self, header_row: int | None) -> None:
        searched = max(SEARCHED + 20, header_row or 0)
        top = [[cell_text(v) for v in row] for row in islice(self._raw(0), searched)]
        if header_row is not None and not 1 <= header_row <= len(top):
            raise refusals.no_such_row(header_row, self.last_row)
        found = find_header(top, self._copied.merged, header_row)
        self.header_row = found.row
        used = [i for i, name in enumerate(found.names) if name.strip()]
        width = max(_last_used(top[found.row - 1 :]), (used[-1] + 1) if used else 0)
        self._left = next((i for i in range(width) if found.names[i].strip() or _any_below(top, found.row, i)), 0)
        if not used:
            self._left, width = 0, max(width, 1)
        self.header, self._header_notices = checked_header(found.names[self._left : width], self.limits)
        rows = self.last_row - self.header_row
        if rows <= 0:
            raise refusals.no_rows(self.sheet, self.header_row)
        if rows > self.limits.events:
            raise too_many_events(self.limits.events)
        if rows * len(self.header) > self.limits.cells:
            raise too_many_cells(self.limits.cells)
        self._say_header(found.merged, header_row)

    def _say_header(self, merged: bool, chosen: int | None) -> None:
        if len(self.sheets) > 1:
            text = gettext_noop("Of {count} sheets “{sheet}” was read. The sheets are: {sheets}.")
            self._header_notices.append(
                Notice(text, len(self.sheets), {"sheet": display(self.sheet), "sheets": self._names()})
            )
        if hidden := [s.name for s in self.sheets if s.hidden]:
            text = gettext_noop("{count} sheets are hidden: {sheets}.")
            shown = ", ".join(f"“{display(name, 40)}”" for name in hidden[:_LISTED_SHEETS])
            self._header_notices.append(Notice(text, len(hidden), {"sheets": shown}))
        if self.header_row > 1 and chosen is None:
            text = gettext_noop("Row {row} was taken as the header; the {count} rows above it are left out.")
            self._header_notices.append(Notice(text, self.header_row - 1, {"row": self.header_row}))
        if merged:
            text = gettext_noop("The header has merged cells; its columns are called: {columns}.")
            shown = ", ".join(f"“{display(name, 40)}”" for name in self.header[:_LISTED_SHEETS])
            self._header_notices.append(Notice(text, 1, {"columns": shown}))

    def _copied_notices(self) -> Iterator[Notice]:
        if formulas := self._copied.formulas:
            text = gettext_noop("{count} cells hold formulas; their last stored values are taken, never the formulas.")
            yield Notice(text, formulas)
        if links := self._book.external_links:
            text = gettext_noop("The workbook has {count} links to other files. They are not followed.")
            yield Notice(text, links)

    def _raw(self, start: int) -> Iterator[list[Any]]:
        """Rows from index ``start``, each from column A."""
        rows = _guarded(self._cells.iter_rows)
        return islice(_each(rows), start, None)

    def _remark(self, number: int, row: list[str], values: list[Any]) -> None:
        self._met_long = False
        for index, text in enumerate(row):
            if len(text) > self.limits.field_chars:
                raise too_long(self.header[index], self.limits.field_chars)
            if text.startswith("#") and text in ERROR_WORDS:
                self.counts["errors"] += 1
                if not self.first_error[0]:
                    self.first_error = (f"{self.letter(index)}{number}", text)
            elif _is_long(values[index + self._left]):
                self.counts["long"] += 1
                self.first_long = self.first_long or f"{self.letter(index)}{number}"

    def _number(self, value: float) -> str:
        self._met_long = self._met_long or _is_long(value)
        return number_text(value)


def _is_long(value: Any) -> bool:
    """Whether a number has more digits than a spreadsheet keeps."""
    return type(value) is float and (value >= _KEPT or value <= -_KEPT) and value.is_integer()


def _first_sheet(path: Path) -> Any:
    return calamine.CalamineWorkbook.from_path(path).get_sheet_by_index(0)


def _last_used(rows: list[list[str]]) -> int:
    return max((i + 1 for row in rows for i, text in enumerate(row) if text.strip()), default=0)


def _any_below(top: list[list[str]], row: int, column: int) -> bool:
    return any(column < len(texts) and texts[column].strip() for texts in top[row:])


def _guarded(act: Any) -> Any:
    """Do something with calamine; whatever it cannot cope with is a damaged workbook."""
    try:
        return act()
    except calamine.CalamineError as error:
        raise refusals.damaged() from error
    except BaseException as error:
        if type(error).__name__ == "PanicException":  # a failed assertion of Rust is no Exception of Python
            raise refusals.damaged() from error
        raise


def _each(rows: Iterator[list[Any]]) -> Iterator[list[Any]]:
    while (row := _guarded(lambda: next(rows, None))) is not None:
        yield row
