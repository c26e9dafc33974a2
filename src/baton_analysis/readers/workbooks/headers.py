"""Where the names of the columns stand in a sheet: below a title, perhaps in two rows, perhaps in merged cells."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from baton_analysis.readers.proposals import kind_of

SEARCHED = 30
"""The header is looked for among the first so many rows."""
_TELLING = 0.6
Merged = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class Header:
    """``row`` (1-based) is the last row of the header, ``names`` are those of columns A, B, C ...; ``merged`` says that
    some came from merged cells.
    """

    row: int
    names: tuple[str, ...]
    merged: bool = False


def find_header(rows: Sequence[Sequence[str]], merged: Sequence[Merged], row: int | None = None) -> Header:
    """The header among the first rows of a sheet, or the one that ``row`` (1-based) names.

    It is the first row that names most of the columns and holds no numbers or dates. A title above it, in one merged
    cell or alone in its row, is passed over. A row above the header whose merged cells span some of the columns gives
    those columns the first half of their names ("Address / Street").
    """
    filled = _filled(rows, merged)
    at = _place(rows, merged) if row is None else row - 1
    names, from_merged = list(filled[at]), False
    spans = [m for m in merged if m[0] <= at <= m[2]]
    for top, left, _bottom, right in spans:
        from_merged = from_merged or top < at or right > left
    for top, left, bottom, right in _groups(rows, merged, at):
        for column in range(left, min(right + 1, len(names))):
            group = filled[top][left]
            if group and names[column] != group and bottom < at:
                names[column] = f"{group} / {names[column]}" if names[column] else group
                from_merged = True
    return Header(at + 1, tuple(_told_apart(names, rows[at], at, merged)), from_merged)


def _place(rows: Sequence[Sequence[str]], merged: Sequence[Merged]) -> int:
    """Index of the row that looks most like names; the first that is not empty where none does."""
    widest = max((sum(bool(text.strip()) for text in row) for row in rows), default=0)
    filled = _filled(rows, merged)
    for index, row in enumerate(rows[:SEARCHED]):
        own = [text for text in row if text.strip()]
        given = [text for text in filled[index] if text.strip()]
        if not own or len(given) < max(1, _TELLING * widest) or len(set(own)) < max(1, _TELLING * len(own)):
            continue
        if widest > 1 and len(set(given)) == 1:
            continue
        if sum(kind_of([text], "") == "text" for text in own) < _TELLING * len(own):
            continue
        below = index + 1 < len(rows) and _continues(index, merged)
        return index + 1 if below else index
    return next((index for index, row in enumerate(rows) if any(text.strip() for text in row)), 0)


def _continues(index: int, merged: Sequence[Merged]) -> bool:
    """Whether the header goes on in the next row: a cell is merged downwards and another one across, both from here."""
    here = [m for m in merged if m[0] == index]
    return any(m[2] == index + 1 for m in here) and any(m[3] > m[1] and m[2] == index for m in here)


def _groups(rows: Sequence[Sequence[str]], merged: Sequence[Merged], at: int) -> list[Merged]:
    """Merged cells right above the header that span some, but not all, of its columns."""
    width = max((i + 1 for i, text in enumerate(rows[at]) if text.strip()), default=0)
    return [m for m in merged if m[2] == at - 1 and m[3] > m[1] and m[3] - m[1] + 1 < width]


def _filled(rows: Sequence[Sequence[str]], merged: Sequence[Merged]) -> list[list[str]]:
    """The rows with the text of every merged range in all its cells."""
    filled = [[text.strip() for text in row] for row in rows]
    for top, left, bottom, right in merged:
        if top >= len(filled) or left >= len(filled[top]):
            continue
        text = filled[top][left]
        for row in filled[top : bottom + 1]:
            for column in range(left, min(right + 1, len(row))):
                row[column] = row[column] or text
    return filled


def _told_apart(names: list[str], own: Sequence[str], at: int, merged: Sequence[Merged]) -> list[str]:
    """Columns under one merged cell of the header itself get numbers: "Phone", "Phone 2"."""
    shared = {c for m in merged if m[0] <= at <= m[2] for c in range(m[1] + 1, m[3] + 1)}
    taken = Counter(name for column, name in enumerate(names) if column not in shared)
    told = list(names)
    for column in sorted(shared):
        if column >= len(names) or not names[column] or (column < len(own) and own[column].strip()):
            continue
        number = 2
        while taken[f"{names[column]} {number}"]:
            number += 1
        told[column] = f"{names[column]} {number}"
        taken[told[column]] += 1
    return told
