"""All links on control charts at once, and every rule that is broken on them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from baton_analysis.analyse.configuration import Charts, Measure
from baton_analysis.measures.control_charts import ManyCharts, individuals_charts, laney_p_charts
from baton_analysis.measures.weekly_series import LONGEST_GAP_WEEKS
from baton_analysis.signals.chart_rules import RULE_SETS, RuleFlags, carried_flags, find_flags
from baton_analysis.signals.expected_alarms import alarm_rate

EPOCH = date(1970, 1, 1)
_WEEK = 7
_WORSE_ABOVE: frozenset[Measure] = frozenset({"late_share", "median_seconds", "return_share"})
"""Measures of which more is worse; of the number of handoffs neither is."""

_SHARE_MEASURES: frozenset[Measure] = frozenset({"late_share", "return_share"})

Floats = npt.NDArray[np.float64]

SIGNALS: dict[str, Any] = {
    "subject": pl.String,
    "measure": pl.String,
    "week": pl.Date,
    "rule": pl.String,
    "rule_name": pl.String,
    "points": pl.Int64,
    "first_week": pl.Date,
    "value": pl.Float64,
    "n": pl.Float64,
    "centre": pl.Float64,
    "lcl": pl.Float64,
    "ucl": pl.Float64,
    "worse": pl.Boolean,
    "recent": pl.Boolean,
}
"""Columns of the table of signals: one row a rule that is broken at a point. ``points`` make up its pattern, which
begins in ``first_week``; ``worse`` is null where neither direction is."""


@dataclass(frozen=True, eq=False)
class ChartedMeasure:
    """One measure of all links: charts in the order of ``subjects``, a point a week of ``weeks`` (Mondays)."""

    measure: Measure
    subjects: tuple[str, ...]
    weeks: tuple[date, ...]
    phases: tuple[int, ...]
    charts: ManyCharts
    sizes: Floats
    flags: RuleFlags


def charted(link_weeks: pl.DataFrame, wanted: Charts) -> tuple[ChartedMeasure, ...]:
    """The measures that are wanted and of which there is anything, each with the rules that are broken.

    ``link_weeks`` is the frame of :class:`baton_analysis.measures.link_weeks.LinkWeeks`. Weeks stand on one axis for
    all links; a stretch of more than LONGEST_GAP_WEEKS without any handoff is one empty week.
    """
    if link_weeks.is_empty():
        return ()
    axis = _axis(link_weeks["week"].unique().sort().to_numpy().astype(np.int64))
    subjects = link_weeks["subject"].unique().sort()
    row = link_weeks["subject"].cast(pl.Enum(subjects)).to_physical().to_numpy()
    place = np.searchsorted(axis, link_weeks["week"].to_numpy())

    def table(column: str, empty: float) -> Floats:
        filled = np.full((len(subjects), len(axis)), empty)
        filled[row, place] = link_weeks[column].cast(pl.Float64).fill_null(empty).to_numpy()
        return filled

    weeks = tuple(EPOCH + timedelta(days=int(day)) for day in axis)
    phases = _phase_starts(weeks, wanted.phases)
    rules = RULE_SETS[wanted.rules]
    found = []
    for measure in wanted.measures:
        charts, sizes = _CHARTS[measure](table, phases, wanted.baseline)
        if charts.n:
            flags = find_flags(charts, rules)
            if measure in _SHARE_MEASURES:
                flags = carried_flags(flags, sizes)
            found.append(ChartedMeasure(measure, tuple(subjects), weeks, phases, charts, sizes, flags))
    return tuple(found)


Table = Callable[[str, float], Floats]


def _shares(counted: str, of: str) -> Callable[[Table, tuple[int, ...], int | None], tuple[ManyCharts, Floats]]:
    def make(table: Table, phases: tuple[int, ...], baseline: int | None) -> tuple[ManyCharts, Floats]:
        sizes = table(of, 0.0)
        return laney_p_charts(table(counted, 0.0), sizes, phases=phases, baseline=baseline), sizes

    return make


def _values(column: str, of: str) -> Callable[[Table, tuple[int, ...], int | None], tuple[ManyCharts, Floats]]:
    def make(table: Table, phases: tuple[int, ...], baseline: int | None) -> tuple[ManyCharts, Floats]:
        return individuals_charts(table(column, np.nan), phases=phases, baseline=baseline), table(of, 0.0)

    return make


_CHARTS: Mapping[Measure, Callable[[Table, tuple[int, ...], int | None], tuple[ManyCharts, Floats]]] = {
    "late_share": _shares("late", "judged"),
    "return_share": _shares("returns", "handoffs"),
    "median_seconds": _values("median_seconds", "known"),
    "handoffs": _values("handoffs", "handoffs"),
}


def _axis(weeks: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """All weeks from the first to the last; of a long stretch in which nothing happened only its first."""
    pieces = [weeks[:1]]
    for before, after in zip(weeks[:-1], weeks[1:], strict=True):
        empty = np.arange(before + _WEEK, after, _WEEK)
        pieces += [empty[:1] if len(empty) > LONGEST_GAP_WEEKS else empty, np.array([after])]
    return np.concatenate(pieces)


def _phase_starts(weeks: tuple[date, ...], days: tuple[date, ...]) -> tuple[int, ...]:
    """The first point of each phase: the week in which the day lies; days outside of the chart start none."""
    starts = {sum(week + timedelta(days=_WEEK - 1) < day for week in weeks) for day in days}
    return tuple(sorted(start for start in starts if 0 < start < len(weeks)))


def signals_of(measures: tuple[ChartedMeasure, ...], recent_weeks: int) -> pl.DataFrame:
    """Every rule that is broken at every point, as a table with the columns of ``SIGNALS``; the newest first."""
    rows = [row for one in measures for row in _rows(one, recent_weeks)]
    return pl.DataFrame(rows, schema=SIGNALS, orient="row").sort(
        "week", "subject", "measure", "rule", descending=[True, False, False, False]
    )


def _rows(one: ChartedMeasure, recent_weeks: int) -> list[tuple[Any, ...]]:
    rows = []
    charts, last = one.charts, len(one.weeks)
    for series in np.flatnonzero(one.flags.any.any(axis=1)):
        for hit in one.flags.violations(int(series)):
            at = (int(series), hit.index)
            value, centre = float(charts.values[at]), float(charts.centre[at])
            worse = value > centre if one.measure in _WORSE_ABOVE else None
            limits = (_known(charts.lcl[at]), _known(charts.ucl[at]))
            rows.append(
                (
                    one.subjects[at[0]], one.measure, one.weeks[hit.index], hit.rule, hit.render(), len(hit.points),
                    one.weeks[hit.points[0]], value, float(one.sizes[at]), centre, *limits, worse,
                    hit.index >= last - recent_weeks,
                )
            )  # fmt: skip
    return rows


def _known(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


def expected_false_alarms(measures: tuple[ChartedMeasure, ...], rules: str, recent_weeks: int) -> float:
    """How many points of the recent weeks would break a rule if nothing had changed anywhere."""
    judged = sum(int((~np.isnan(one.flags.distance[:, -recent_weeks:])).sum()) for one in measures)
    return judged * alarm_rate(RULE_SETS[rules]).flagged
