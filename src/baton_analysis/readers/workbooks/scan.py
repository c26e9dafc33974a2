"""How far the cells of a sheet reach, counted over its bytes before anything is laid out in memory.

The dimension that a sheet states about itself is not believed and not copied. Whatever could be the address of a cell
counts as one: the count may be too large for a sheet that means harm, never too small.
"""

from __future__ import annotations

import re

from baton_analysis.readers.bounds import too_long

_P = rb"<(?:[A-Za-z_][\w.-]*:)?"
_REFERENCE = re.compile(rb"""\sr\s*=\s*["']([A-Za-z]*)([0-9]+)["']""")
_CELL = re.compile(_P + rb"c[\s/>]")
_ROW = re.compile(_P + rb"row[\s/>]")
_ROW_OR_CELL = re.compile(_P + rb"(row|c)[\s/>]")
_VALUE = re.compile(_P + rb"(?:v|is)[\s>]")
_FORMULA = re.compile(_P + rb"f[\s/>]")
_MERGED = re.compile(_P + rb"""mergeCell\s+ref\s*=\s*["']([A-Z]{1,3})([0-9]{1,7}):([A-Z]{1,3})([0-9]{1,7})["']""")
_DIMENSION = re.compile(_P + rb"""dimension\s+ref\s*=\s*(?:"[^"<>]*"|'[^'<>]*')\s*/>""")
_EMPTY_CELL = re.compile(_P + rb"""c(?:\s+[\w:]+\s*=\s*(?:"[^"<>]*"|'[^'<>]*'))*\s*/>""")
_ERROR = re.compile(_P + rb"""c\s[^<>]*?\st\s*=\s*["']e["']""")
_HEADER_ROWS = 200
"""Merged ranges that begin within the first so many rows may be headers; others do not matter."""
_MOST_MERGED = 5_000
_FAR = 10**9


class Extent:
    """What was counted so far; ``rows`` and ``columns`` are at least as many as a reader will lay out."""

    def __init__(self) -> None:
        self.cells = 0
        self.formulas = 0
        self.merged: tuple[tuple[int, int, int, int], ...] = ()
        self._letters: set[bytes] = set()
        self._last_row = 0
        self._rows_without = 0
        self._in_row = 0
        self._widest = 0
        self._columns = 0

    @property
    def rows(self) -> int:
        """Rows from the first of the sheet to the last that may hold a cell."""
        return self._last_row + max(0, self._rows_without)

    @property
    def columns(self) -> int:
        """Columns from A to the last that may hold a cell."""
        return self._columns + self._widest

    @property
    def area(self) -> int:
        """Cells of the rectangle from A1."""
        return self.rows * self.columns

    def add(self, piece: bytes) -> None:
        """Count a piece that ends with a tag."""
        references = _REFERENCE.findall(piece)
        usual = piece.count(b'<c r="')
        if usual == piece.count(b"<c") and b":c" not in piece:  # as spreadsheet programs write them
            cells, values, rows = usual, piece.count(b"<v>") + piece.count(b"<is>"), piece.count(b"<row")
        else:
            cells, values, rows = (len(shape.findall(piece)) for shape in (_CELL, _VALUE, _ROW))
        self.cells += min(cells, values)
        self.formulas += len(_FORMULA.findall(piece)) if b"<f" in piece or b":f" in piece else 0
        self._last_row = max(self._last_row, *map(_number, {digits for _, digits in references}), 0)
        self._letters |= (new := {letters for letters, _ in references} - self._letters)
        self._columns = max(self._columns, *map(column_number, new), 0)
        with_column = len(references) - [letters for letters, _ in references].count(b"")
        self._rows_without += max(0, rows - (len(references) - with_column))
        if cells > with_column or self._widest:
            self._count_in_rows(piece)
        if b"mergeCell" in piece and len(self.merged) < _MOST_MERGED:
            self._merge(piece)

    def _count_in_rows(self, piece: bytes) -> None:
        """Cells without an address stand one after the other: the fullest row says how far they reach."""
        for kind in _ROW_OR_CELL.findall(piece):
            self._in_row = self._in_row + 1 if kind == b"c" else 0
            self._widest = max(self._widest, self._in_row)

    def _merge(self, piece: bytes) -> None:
        found = []
        for one, top, two, bottom in _MERGED.findall(piece):
            if int(top) <= _HEADER_ROWS:
                found.append((int(top) - 1, column_number(one) - 1, int(bottom) - 1, column_number(two) - 1))
        self.merged = (*self.merged, *found)[:_MOST_MERGED]


class Sift:
    """Passes a sheet on piece by piece without its stated dimension, and without its empty cells if asked to.

    Errors of formulas are passed on as the text that they show, so that they are not taken for empty cells.
    """

    def __init__(self, extent: Extent, *, drop_empty: bool, longest: int) -> None:
        self._extent = extent
        self._drop_empty = drop_empty
        self._longest = longest
        self._rest = b""

    def feed(self, chunk: bytes) -> bytes:
        """What of the sheet is complete so far and was not passed on yet."""
        data = self._rest + chunk
        cut = data.rfind(b">") + 1
        piece, self._rest = data[:cut], data[cut:]
        if len(self._rest) > 4 * self._longest:
            raise too_long("xl/worksheets", self._longest)
        piece = _DIMENSION.sub(b"", piece)
        if b't="e"' in piece or b"t='e'" in piece or b"t =" in piece:
            piece = _ERROR.sub(lambda found: found[0][:-3] + b'"str"', piece)
        if self._drop_empty:
            piece = _EMPTY_CELL.sub(b"", piece)
        self._extent.add(piece)
        return piece

    def close(self) -> bytes:
        """The end, where a sheet is cut off within a tag."""
        return self._rest


def column_number(letters: bytes) -> int:
    """A is 1, Z is 26, AA is 27; 0 for no letters."""
    if len(letters) > 6:
        return _FAR
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


def column_letters(index: int) -> str:
    """0 is A, 25 is Z, 26 is AA."""
    letters = ""
    index += 1
    while index > 0:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _number(digits: bytes) -> int:
    return int(digits) if len(digits) <= 9 else _FAR
