"""A house of quality as a table: as :func:`baton.agreements.pages.houses.table` writes it.

Columns: need, importance, met now, to be met, sales point, then one a characteristic with its relations. Rows that
begin with the mark of the roof hold the marks of one characteristic with the others.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from baton.agreements.changes.house_tables import HouseTable, NeedRow
from baton.agreements.changes.houses import Judged
from baton.agreements.models.qfd import SALES_POINTS, SIGNS, STRENGTHS
from baton.agreements.rules.houses import MOST_CHARACTERISTICS, MOST_NEEDS, RATINGS, ROOF, same_words
from baton_analysis.errors import BatonError, gettext_noop
from baton_analysis.readers.model import RowProblem

if TYPE_CHECKING:
    from baton_analysis.readers import RowTable

OWN = 5
"""Columns before the first characteristic."""
LARGEST = 1024 * 1024
MOST_TOLD = 20
LONGEST_TOLD = 40
"""Of the text of a cell that a message repeats."""


class HouseTableError(BatonError):
    """A cell of a table that is no house."""


@dataclass
class _Reading:
    """What has been read so far; needs by their :func:`baton.agreements.rules.houses.same_words`."""

    characteristics: tuple[str, ...]
    needs: dict[str, NeedRow] = field(default_factory=dict)
    roof: dict[tuple[str, str], str] = field(default_factory=dict)
    problems: list[BatonError | RowProblem] = field(default_factory=list)


def read_house(content: bytes) -> tuple[HouseTable, list[BatonError | RowProblem]]:
    """The house in a CSV or Excel file, and what is wrong with it: at most some :data:`MOST_TOLD` things. A row that is
    wider or narrower than the header is one of them.

    Raises
    ------
    HouseTableError
        The file is too large.
    ReadError
        It cannot be read as a table.
    """
    from baton_analysis.readers import open_rows

    if len(content) > LARGEST:
        raise HouseTableError(
            expected=gettext_noop("A table of at most {limit} MiB was expected."),
            found=gettext_noop("This one is larger."),
            remedy=gettext_noop("Leave out what is no house: pictures and other sheets."),
            limit=LARGEST // 1024**2,
        )
    with tempfile.TemporaryDirectory(prefix="baton-") as folder:
        path = Path(folder) / "house"
        path.write_bytes(content)
        with open_rows(path) as table:
            found = _Reading(tuple(_said(name) for name in table.header[OWN:]))
            if _has_columns(found, table.header):
                _rows(found, table)
    if not found.needs and not found.problems:
        found.problems.append(_wrong(
            gettext_noop("A row for each need was expected."), gettext_noop("There is none."),
            gettext_noop("Export a house to see which columns belong where."),
        ))  # fmt: skip
    return HouseTable(found.characteristics, tuple(found.needs.values()), found.roof), found.problems


def _rows(found: _Reading, table: RowTable) -> None:
    for row in table:
        if len(found.problems) >= MOST_TOLD or len(found.needs) > MOST_NEEDS:
            break
        _row(found, row.number, row.texts)
    found.problems += table.problems[0][:MOST_TOLD]


def _has_columns(found: _Reading, header: Sequence[str]) -> bool:
    """Whether there are characteristics behind the columns of the needs: a row of other columns is not read."""
    names = found.characteristics
    if not 1 <= len(names) <= MOST_CHARACTERISTICS or len(set(map(same_words, names))) < len(names):
        found.problems.append(_wrong(
            gettext_noop(
                "Five columns about the need were expected, then 1 to {most} characteristics, no two of one name."
            ),
            gettext_noop("There are {count} columns."),
            gettext_noop("Export a house to see which columns belong where."),
            most=MOST_CHARACTERISTICS, count=len(header),
        ))  # fmt: skip
        return False
    return True


def _row(found: _Reading, number: int, texts: Sequence[str]) -> None:
    name = _said(texts[0])
    cells = [_said(text) for text in texts[OWN:]]
    if name.startswith(ROOF):
        _roof(found, number, _said(name.removeprefix(ROOF)), cells)
        return
    if not name or same_words(name) in found.needs:
        found.problems.append(_wrong(
            gettext_noop("Row {row}: a need in words of its own was expected."), gettext_noop("Found “{value}”."),
            gettext_noop("Write it down, or join the two."), row=number, value=name[:LONGEST_TOLD],
        ))  # fmt: skip
        return
    importance = _number(found, number, texts[1], [float(value) for value in range(1, 11)])
    current, target = (_number(found, number, text, list(RATINGS), empty=True) for text in texts[2:4])
    sales_point = _number(found, number, texts[4] or "1", list(SALES_POINTS))
    strengths = [_number(found, number, text or "0", list(STRENGTHS)) for text in cells]
    judged = Judged(
        importance=int(importance or 1), sales_point=sales_point or 1.0,
        current=None if current is None else int(current), target=None if target is None else int(target),
    )  # fmt: skip
    relations = zip(found.characteristics, (int(strength or 0) for strength in strengths), strict=False)
    found.needs[same_words(name)] = NeedRow(name, judged, dict(relations))


def _roof(found: _Reading, number: int, name: str, cells: Sequence[str]) -> None:
    for other, sign in zip(found.characteristics, cells, strict=False):
        if not sign or other == name:
            continue
        pair = (min(name, other), max(name, other))
        if name not in found.characteristics or sign not in SIGNS or found.roof.get(pair, sign) != sign:
            found.problems.append(_wrong(
                gettext_noop("Row {row}: one mark of {choices} for two characteristics was expected."),
                gettext_noop("Found “{value}” for “{one}” and “{other}”."),
                gettext_noop("Correct it in both rows, or leave it out."),
                row=number, choices=", ".join(SIGNS), value=sign[:LONGEST_TOLD], one=name[:LONGEST_TOLD], other=other,
            ))  # fmt: skip
            return
        found.roof[pair] = sign


def _number(
    found: _Reading, row: int, text: str, known: Sequence[float], *, empty: bool = False
) -> float | None:  # fmt: skip
    said = _said(text)
    if not said and empty:
        return None
    try:
        value = float(said.replace(",", "."))
    except ValueError:
        value = float("nan")
    if value in known:
        return value
    found.problems.append(_wrong(
        gettext_noop("Row {row}: one of {choices} was expected."), gettext_noop("Found “{value}”."),
        gettext_noop("Correct the cell."),
        row=row, choices=", ".join(f"{one:g}" for one in known), value=said[:LONGEST_TOLD],
    ))  # fmt: skip
    return None


def _said(text: str) -> str:
    """A cell without what spreadsheets put around it: a sign before a minus, a true minus."""
    return text.strip().removeprefix("'").replace("−", "-").strip()


def _wrong(expected: str, found: str, remedy: str, **values: object) -> HouseTableError:
    return HouseTableError(expected=expected, found=found, remedy=remedy, **values)
