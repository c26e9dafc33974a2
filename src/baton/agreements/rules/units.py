"""Which units and directions a measure takes, and between which numbers a target lies. Pure Python."""

from __future__ import annotations

from baton.agreements.rules.clauses import Direction, Measure

UNITS: dict[Measure, tuple[str, ...]] = {
    Measure.TIME: ("s", "min", "h", "working_d", "d"),
    Measure.SHARE: ("%",),
    Measure.DEFECTS: ("1", "1/100", "1/1000", "1/10000", "ppm"),
    Measure.VALUE: (),
    Measure.COUNT: ("1/day", "1/week", "1/month", "1/quarter", "1/year", "1/term", "1/release"),
    Measure.RATING: ("of_5", "of_7", "of_10", "nps", "top2"),
}
"""The units of each measure; a measured value takes any unit of 1 to 20 characters, as it is written."""

UNIT_LENGTH = 20
"""Longest unit of a measured value, in characters."""

DIRECTIONS: dict[Measure, tuple[Direction, ...]] = {
    Measure.TIME: (Direction.AT_MOST, Direction.AT_LEAST),
    Measure.SHARE: (Direction.AT_LEAST, Direction.AT_MOST),
    Measure.DEFECTS: (Direction.AT_MOST,),
    Measure.VALUE: tuple(Direction),
    Measure.COUNT: (Direction.AT_LEAST, Direction.AT_MOST),
    Measure.RATING: (Direction.AT_LEAST,),
}
"""The directions of each measure, the usual one first. Time at least: notice, ordering ahead. The direction of a
measured value follows from its limits."""

HIGHEST = 1e12
"""No target lies beyond this; larger numbers are slips of the pen."""

_SCALES = {"of_5": (1.0, 5.0), "of_7": (1.0, 7.0), "of_10": (0.0, 10.0), "nps": (-100.0, 100.0), "top2": (0.0, 100.0)}


def bounds(measure: Measure, unit: str) -> tuple[float, float]:
    """The least and the greatest number that a target of this measure and unit can be."""
    if measure is Measure.RATING:
        return _SCALES.get(unit, (-100.0, 100.0))
    if measure is Measure.SHARE:
        return 0.0, 100.0
    if measure is Measure.VALUE:
        return -HIGHEST, HIGHEST
    return 0.0, HIGHEST


def direction_of(lower: float | None, upper: float | None) -> Direction | None:
    """The direction of a measured value with these limits; None without a limit."""
    if lower is not None and upper is not None:
        return Direction.BETWEEN
    if lower is not None:
        return Direction.AT_LEAST
    return Direction.AT_MOST if upper is not None else None


def fits(measure: Measure, unit: str) -> bool:
    """Whether something measured so can be given in this unit."""
    return 1 <= len(unit) <= UNIT_LENGTH if measure is Measure.VALUE else unit in UNITS[measure]
