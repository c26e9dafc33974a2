"""The tables of MIL-STD-105E (10 May 1989; public domain) as a named rule set.

The master tables are built on diagonals: sample sizes and acceptable quality levels (AQLs) both grow by a factor of
about 1.6, so that one row down and one column to the left keep size times AQL, and with it the acceptance number. A
cell is known by the number of its diagonal, row + column, both counted from 0 (row 0: letter A, column 0: AQL 0.010).
Diagonals without numbers hold arrows to the next plan of the column.

``tests/analysis/known_answers/test_sampling.py`` compares the cells one by one with the tables as printed elsewhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from baton_analysis.measures.sampling.plans import Stage

Severity = Literal["normal", "tightened", "reduced"]

LETTERS = "ABCDEFGHJKLMNPQRS"
"""Code letters by row; S is a row of the tightened table only."""

LEVELS = ("S-1", "S-2", "S-3", "S-4", "I", "II", "III")
"""Inspection levels, from few items to many; II is used unless something else is agreed."""

AQLS = (
    0.010, 0.015, 0.025, 0.040, 0.065, 0.10, 0.15, 0.25, 0.40, 0.65, 1.0, 1.5, 2.5,
    4.0, 6.5, 10, 15, 25, 40, 65, 100, 150, 250, 400, 650, 1000,
)  # fmt: skip
"""Acceptable quality levels: percent nonconforming, or nonconformities per 100 items (above 10 only these)."""

# Table I: largest lot of the range, and the letters of the seven levels.
_LOT_RANGES = (
    (8, "AAAAAAB"),
    (15, "AAAAABC"),
    (25, "AABBBCD"),
    (50, "ABBCCDE"),
    (90, "BBCCCEF"),
    (150, "BBCDDFG"),
    (280, "BCDEEGH"),
    (500, "BCDEFHJ"),
    (1_200, "CCEFGJK"),
    (3_200, "CDEGHKL"),
    (10_000, "CDFGJLM"),
    (35_000, "CDFHKMN"),
    (150_000, "DEGJLNP"),
    (500_000, "DEGJMPQ"),
    (None, "DEHKNQR"),
)

Numbers = tuple[int, int]
"""Acceptance and rejection number."""


@dataclass(frozen=True, slots=True)
class MasterTable:
    """Plans of one severity.

    Attributes
    ----------
    sizes
        Sample size of each row.
    zero
        Diagonal with acceptance number 0.
    numbers
        Acceptance and rejection number of each diagonal.
    first_sizes
        Size of the first (and of the second) of two samples for each row; 0 where there is no double plan.
    doubles
        For each diagonal the numbers of the first sample and of both together.
    up_after_zero
        Whether the first empty diagonal after ``zero`` points up, to the plan with 0; the others point down.
    instead
        Rows whose numbers differ from those of their diagonals.
    without
        Cells (row, diagonal) that hold an arrow although their diagonal has numbers.
    """

    sizes: tuple[int, ...]
    zero: int
    numbers: Mapping[int, Numbers]
    first_sizes: tuple[int, ...]
    doubles: Mapping[int, tuple[Numbers, Numbers]]
    up_after_zero: bool
    instead: Mapping[int, Mapping[int, Numbers]] = field(default_factory=dict)
    without: frozenset[tuple[int, int]] = frozenset()

    def row_for(self, row: int, column: int) -> int:
        """The row whose plan is to be used in the cell: the cell's own, or the one to which its arrow leads."""
        if self._holds(row, column):
            return row
        down = range(row + 1, len(self.sizes))
        up = range(row - 1, -1, -1)
        for way in (up, down) if self._points_up(row, column) else (down, up):
            for other in way:
                if self._holds(other, column):
                    return other
        raise AssertionError(f"column {column} has no plan")  # every column of the three tables has one

    def single(self, row: int, column: int) -> tuple[Stage, ...]:
        """The single plan of a cell that holds one."""
        accept, reject = self.instead.get(row, {}).get(row + column) or self.numbers[row + column]
        return (Stage(self.sizes[row], accept, reject),)

    def double(self, row: int, column: int) -> tuple[Stage, ...]:
        """The double plan of a cell that holds a single one; empty where the table refers to the single plan."""
        size = self.first_sizes[row]
        if not size or row + column == self.zero:
            return ()
        first, both = self.doubles[row + column]
        return (Stage(size, *first), Stage(size, *both))

    def _holds(self, row: int, column: int) -> bool:
        diagonal = row + column
        return diagonal in self.numbers and diagonal <= self._last(row) and (row, diagonal) not in self.without

    def _points_up(self, row: int, column: int) -> bool:
        diagonal = row + column
        return diagonal > self._last(row) or (self.up_after_zero and diagonal == self.zero + 1)

    def _last(self, row: int) -> int:
        """The last diagonal with numbers in a row: larger acceptance numbers stand in the rows A to E only."""
        return 26 if row <= LETTERS.index("E") else 24


@dataclass(frozen=True, slots=True)
class SamplingRules:
    """A named set of sampling tables; further standards are further instances."""

    name: str
    source: str
    lot_ranges: tuple[tuple[int | None, str], ...]
    tables: Mapping[Severity, MasterTable]


_NORMAL_SIZES = (2, 3, 5, 8, 13, 20, 32, 50, 80, 125, 200, 315, 500, 800, 1250, 2000)
_FIRST_SIZES = (0, 2, 3, 5, 8, 13, 20, 32, 50, 80, 125, 200, 315, 500, 800, 1250)

_NORMAL = MasterTable(
    sizes=_NORMAL_SIZES,
    zero=14,
    numbers={
        14: (0, 1), 17: (1, 2), 18: (2, 3), 19: (3, 4), 20: (5, 6), 21: (7, 8), 22: (10, 11), 23: (14, 15),
        24: (21, 22), 25: (30, 31), 26: (44, 45),
    },
    first_sizes=_FIRST_SIZES,
    doubles={
        17: ((0, 2), (1, 2)), 18: ((0, 3), (3, 4)), 19: ((1, 4), (4, 5)), 20: ((2, 5), (6, 7)), 21: ((3, 7), (8, 9)),
        22: ((5, 9), (12, 13)), 23: ((7, 11), (18, 19)), 24: ((11, 16), (26, 27)), 25: ((17, 22), (37, 38)),
        26: ((25, 31), (56, 57)),
    },
    up_after_zero=True,
)  # fmt: skip

_TIGHTENED = MasterTable(
    sizes=(*_NORMAL_SIZES, 3150),
    zero=15,
    numbers={
        15: (0, 1), 18: (1, 2), 19: (2, 3), 20: (3, 4), 21: (5, 6), 22: (8, 9), 23: (12, 13), 24: (18, 19),
        25: (27, 28), 26: (41, 42),
    },
    first_sizes=(*_FIRST_SIZES, 2000),
    doubles={
        18: ((0, 2), (1, 2)), 19: ((0, 3), (3, 4)), 20: ((1, 4), (4, 5)), 21: ((2, 5), (6, 7)), 22: ((3, 7), (11, 12)),
        23: ((6, 10), (15, 16)), 24: ((9, 14), (23, 24)), 25: ((15, 20), (34, 35)), 26: ((23, 29), (52, 53)),
    },
    up_after_zero=False,
    without=frozenset({(0, 15)}),
)  # fmt: skip

_REDUCED = MasterTable(
    sizes=(2, 2, 2, 3, 5, 8, 13, 20, 32, 50, 80, 125, 200, 315, 500, 800),
    zero=14,
    numbers={
        14: (0, 1), 17: (0, 2), 18: (1, 3), 19: (1, 4), 20: (2, 5), 21: (3, 6), 22: (5, 8), 23: (7, 10), 24: (10, 13),
        25: (14, 17), 26: (21, 24),
    },
    first_sizes=(0, 0, 0, 2, 3, 5, 8, 13, 20, 32, 50, 80, 125, 200, 315, 500),
    doubles={
        17: ((0, 2), (0, 2)), 18: ((0, 3), (0, 4)), 19: ((0, 4), (1, 5)), 20: ((0, 4), (3, 6)), 21: ((1, 5), (4, 7)),
        22: ((2, 7), (6, 9)), 23: ((3, 8), (8, 12)), 24: ((5, 10), (12, 16)), 25: ((7, 12), (18, 22)),
        26: ((11, 17), (26, 30)),
    },
    up_after_zero=True,
    instead={
        0: {
            17: (1, 2), 18: (2, 3), 19: (3, 4), 20: (5, 6), 21: (7, 8), 22: (10, 11), 23: (14, 15), 24: (21, 22),
            25: (30, 31),
        },
        1: {
            17: (0, 2), 18: (1, 3), 19: (2, 4), 20: (3, 5), 21: (5, 6), 22: (7, 8), 23: (10, 11), 24: (14, 15),
            25: (21, 22), 26: (30, 31),
        },
    },
)  # fmt: skip

MIL_STD_105E = SamplingRules(
    name="MIL-STD-105E",
    source="MIL-STD-105E, Sampling procedures and tables for inspection by attributes, 10 May 1989, tables I to III",
    lot_ranges=_LOT_RANGES,
    tables={"normal": _NORMAL, "tightened": _TIGHTENED, "reduced": _REDUCED},
)
"""Reduced plans have a gap between acceptance and rejection number: a lot in the gap is accepted, but normal inspection
returns. ISO 2859-1:1999 closed the gap and changed some double plans; its tables are under copyright and not here."""

RULE_SETS: Mapping[str, SamplingRules] = {MIL_STD_105E.name: MIL_STD_105E}
