"""The rules that thousands of charts of one length violate, found at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np

from baton_analysis.errors import MeasureError, gettext_noop
from baton_analysis.measures.control_charts.many import ManyCharts
from baton_analysis.readers.model import Notice
from baton_analysis.signals.chart_rules.charts import rules_for, violations_of
from baton_analysis.signals.chart_rules.patterns import Flags, Floats, Points
from baton_analysis.signals.chart_rules.rules import WESTERN_ELECTRIC, Rule, RuleSet, Violation

_AT_ONCE = 262_144
"""Points that are judged together: what is computed on the way takes some 10 MiB, however many series there are."""


@dataclass(frozen=True, eq=False)
class RuleFlags:
    """Which rules each of many series violates at which points; read-only.

    Attributes
    ----------
    method
        Name of the set of rules.
    rules
        Those that were used.
    flags
        By id of a rule: where its pattern is completed, shape (series, points).
    distance
        What was judged: distances from the centre in sigma, NaN where there is none.
    """

    method: str
    rules: tuple[Rule, ...]
    flags: Mapping[str, Flags]
    distance: Floats
    warnings: tuple[Notice, ...] = ()

    def __post_init__(self) -> None:
        for flagged in self.flags.values():
            flagged.setflags(write=False)

    @property
    def n(self) -> int:
        """Points that could be judged, of all series."""
        return int(np.count_nonzero(~np.isnan(self.distance)))

    @property
    def any(self) -> Flags:
        """Where at least one rule is violated."""
        found = np.zeros(self.distance.shape, dtype=np.bool_)
        for flagged in self.flags.values():
            found |= flagged
        return found

    def violations(self, series: int) -> tuple[Violation, ...]:
        """Those of one series, as :func:`find_violations` of its chart gives them."""
        if not 0 <= series < len(self.distance):
            raise MeasureError(
                expected=gettext_noop("A series must be one of 0 to {last}."),
                found=gettext_noop("Asked for is {series}."),
                remedy=gettext_noop("Choose one of these."),
                last=len(self.distance) - 1,
                series=series,
            )
        return violations_of(self.distance[series], self.rules, [self.flags[rule.id][series] for rule in self.rules])

    def to_dict(self) -> dict[str, Any]:
        """As plain values for JSON: for each rule the series and points (from 0) that it flags."""
        return {
            "method": self.method,
            "n": self.n,
            "series": len(self.distance),
            "flags": {rule: np.argwhere(flagged).tolist() for rule, flagged in self.flags.items()},
            "warnings": [warning.render() for warning in self.warnings],
        }


def find_flags(charts: ManyCharts, rules: RuleSet = WESTERN_ELECTRIC) -> RuleFlags:
    """Where each of many charts violates each rule: the same answers, point by point, as :func:`find_violations`."""
    used = rules_for(charts.method, charts.width, rules)
    distance = charts.standardised
    flags = {rule.id: np.zeros(distance.shape, dtype=np.bool_) for rule in used}
    rows = max(1, _AT_ONCE // distance.shape[1])
    for start in range(0, len(distance), rows):
        block = slice(start, start + rows)
        points = Points.of(distance[block], charts.values[block], charts.phase, across_gaps=rules.across_gaps)
        for rule in used:
            flags[rule.id][block] = points.flags(rule)
    return RuleFlags(rules.name, used, MappingProxyType(flags), distance, charts.warnings)
