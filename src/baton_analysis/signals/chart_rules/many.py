"""The rules that thousands of charts of one length violate, found at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
import polars as pl

from baton_analysis.arguments import checked
from baton_analysis.errors import MeasureError, gettext_noop
from baton_analysis.measures.control_charts.many import ManyCharts
from baton_analysis.readers.model import Notice
from baton_analysis.results import Result
from baton_analysis.signals.chart_rules.charts import rules_for, violations_of
from baton_analysis.signals.chart_rules.patterns import WORD, Block, Flags, Floats, Points
from baton_analysis.signals.chart_rules.rules import WESTERN_ELECTRIC, Rule, RuleSet, Violation

VERSION = "1"

_AT_ONCE = 1 << 20
"""Points that are judged together: what is computed on the way takes some 5 MiB, however many series there are."""

_IN_CACHE = 1 << 16
"""Points that are compared with all lines while they lie in the cache of the processor."""


@dataclass(frozen=True, eq=False)
class RuleFlags(Result):
    """Which rules each of many series violates at which points; read-only.

    Attributes
    ----------
    method
        Name of the set of rules.
    rules
        Those that were used.
    flags
        By id of a rule: where its pattern is completed, shape (series, points).
    charts
        What was judged.
    """

    method: str
    rules: tuple[Rule, ...]
    flags: Mapping[str, Flags]
    charts: ManyCharts
    warnings: tuple[Notice, ...] = ()
    version: str = VERSION

    def __post_init__(self) -> None:
        for flagged in self.flags.values():
            flagged.setflags(write=False)

    @property
    def distance(self) -> Floats:
        """Distances from the centre in sigma, NaN where there is none."""
        return self.charts.standardised

    @property
    def n(self) -> int:
        """Points that could be judged, of all series."""
        return int(np.count_nonzero(~np.isnan(self.distance)))

    @property
    def any(self) -> Flags:
        """Where at least one rule is violated."""
        found = np.zeros(self.charts.values.shape, dtype=np.bool_)
        for flagged in self.flags.values():
            found |= flagged
        return found

    @checked(MeasureError)
    def violations(self, series: int) -> tuple[Violation, ...]:
        """Those of one series, as :func:`find_violations` of its chart gives them."""
        if not 0 <= series < len(self.charts):
            raise MeasureError(
                expected=gettext_noop("A series must be one of 0 to {last}."),
                found=gettext_noop("Asked for is {series}."),
                remedy=gettext_noop("Choose one of these."),
                last=len(self.charts) - 1,
                series=series,
            )
        distance = self.charts.distance(slice(series, series + 1))[0]
        return violations_of(distance, self.rules, [self.flags[rule.id][series] for rule in self.rules])

    def to_table(self) -> pl.DataFrame:
        """One row a flag: rule, series and point, these counted from 0."""
        hits = [(rule, *place) for rule, flagged in self.flags.items() for place in np.argwhere(flagged).tolist()]
        return pl.DataFrame(hits, schema={"rule": pl.String, "series": pl.Int64, "point": pl.Int64}, orient="row")

    def to_dict(self) -> dict[str, Any]:
        """As plain values for JSON: for each rule the series and points (from 0) that it flags."""
        return {
            "method": self.method,
            "version": self.version,
            "n": self.n,
            "series": len(self.charts),
            "flags": {rule: np.argwhere(flagged).tolist() for rule, flagged in self.flags.items()},
            "warnings": [warning.render() for warning in self.warnings],
        }


@checked(MeasureError)
def find_flags(charts: ManyCharts, rules: RuleSet = WESTERN_ELECTRIC) -> RuleFlags:
    """Where each of many charts violates each rule: the same answers, point by point, as :func:`find_violations`."""
    used = rules_for(charts.method, charts.width, rules)
    found = np.zeros((len(used), *charts.values.shape), dtype=np.bool_)
    points = charts.values.shape[1]
    for rows in _parts(slice(0, len(charts)), points, _AT_ONCE):
        blocks = (
            Block(charts.distance(some), charts.values[some], charts.phase) for some in _parts(rows, points, _IN_CACHE)
        )
        shape = (rows.stop - rows.start, points)
        judged = Points.of(shape, blocks, used, across_gaps=rules.across_gaps)
        for rule, flagged in zip(used, found, strict=True):
            judged.write_flags(rule, flagged[rows])
    flags = {rule.id: flagged for rule, flagged in zip(used, found, strict=True)}
    return RuleFlags(rules.name, used, MappingProxyType(flags), charts, charts.warnings)


def _parts(rows: slice, points: int, at_once: int) -> Iterator[slice]:
    """The rows in parts of about so many points; those of each part but the last can be told in 64 bits each."""
    together = max(1, at_once // points // WORD) * WORD
    for start in range(rows.start, rows.stop, together):
        yield slice(start, min(start + together, rows.stop))
