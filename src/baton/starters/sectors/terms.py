"""Starting values of a sector as the terms of clauses."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from baton.agreements.rules import DIRECTIONS as DIRECTIONS_OF
from baton.agreements.rules import Direction, Measure, Terms, bounds
from baton.starters.sectors import rules

MEASURES = {
    "%": Measure.SHARE, "ppm": Measure.DEFECTS, "1/10000": Measure.DEFECTS, "1": Measure.DEFECTS,
    "min": Measure.TIME, "h": Measure.TIME, "d": Measure.TIME, "working_d": Measure.TIME,
    "1/month": Measure.COUNT, "1/term": Measure.COUNT, "1/release": Measure.COUNT, "of_5": Measure.RATING,
}  # fmt: skip
"""How a starting value in this unit is measured; in any other unit, or between two limits, as a measured value."""


def terms_of(clause: rules.Clause, said: Callable[[Mapping[str, str]], dict[str, str]], unit: str) -> Terms:
    """The terms of a starting value; ``said`` leaves the wanted languages of a text, ``unit`` is what its unit is
    called. Where the data come from nobody can know beforehand: until somebody says it, the clause cannot be agreed."""
    measure, direction = MEASURES.get(clause.unit, Measure.VALUE), clause.direction
    bare = Terms(owed_by=clause.owed_by, clause_kind=clause.kind, characteristic=said(clause.measure))
    if measure is not Measure.VALUE and direction in DIRECTIONS_OF[measure] and _fits(measure, clause):
        share = clause.attainment if measure is Measure.TIME else None
        return replace(
            bare, measure=measure, unit=clause.unit, direction=direction, target=clause.value, attainment=share
        )
    lower = None if direction is Direction.AT_MOST else clause.value
    upper = clause.value if direction is Direction.AT_MOST else clause.upto
    return replace(bare, measure=Measure.VALUE, unit=unit, lower=lower, upper=upper, attainment=clause.attainment)


def _fits(measure: Measure, clause: rules.Clause) -> bool:
    least, most = bounds(measure, clause.unit)
    return least <= clause.value <= most
