"""What of a subject goes on the chart of one measure, a place a week."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from baton.monitoring.rules import (
    ATTAINMENT,
    COMEBACKS,
    DEFECT_RATE,
    DEFINED,
    MEASURED_VALUE,
    SINGLE_VALUES,
    WAITING_TIME,
    ChartKind,
)
from baton_analysis.measures.clause_weeks import ClauseWeeks
from baton_analysis.measures.weekly_series import WeeklySeries

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

_NONE = np.zeros(0)


@dataclass(frozen=True, eq=False, slots=True)
class Weekly:
    """All arrays have one entry a week. ``weeks``: Mondays (day numbers); ``n``: handoffs behind the point;
    ``values``: what is charted, NaN in a gap; of what is counted ``counts`` and the ``sizes`` of which they are a part
    (empty for single values). ``breaks`` and ``later`` as in
    :class:`baton_analysis.measures.weekly_series.WeeklySeries`.
    """

    weeks: Ints
    n: Ints
    values: Floats
    counts: Floats = field(default_factory=lambda: _NONE)
    sizes: Floats = field(default_factory=lambda: _NONE)
    breaks: tuple[int, ...] = ()
    later: int = 0


def of_link(name: str, series: WeeklySeries) -> Weekly:
    """Waiting time or returns of a link."""
    if name == WAITING_TIME:
        return Weekly(series.weeks, series.waits, series.median_wait_seconds, breaks=series.breaks, later=series.later)
    counts, sizes = series.returns.astype(np.float64), series.handovers.astype(np.float64)
    return _counted(series.weeks, series.handovers, counts, sizes, series.breaks, series.later)


def of_clause(name: str, series: ClauseWeeks, *, running: int) -> Weekly | None:
    """One measure of a clause; None where its facts say nothing of this measure. ``running``: Monday of the week that
    is not over yet, of which a count says nothing, nor of the week in the midst of which the clause began; shares and
    means stand on both as far as they go. What is only due
    has a chart without weeks."""
    column = series.column
    breaks, later = series.breaks, series.later
    if name == MEASURED_VALUE:
        n = column("measured").astype(np.int64)
        return Weekly(series.weeks, n, column("mean_value"), breaks=breaks, later=later) if n.any() else None
    if DEFINED[name].chart is ChartKind.COUNTS:
        if series.counts_what != name:
            return None
        counts = column("came_back") if name == COMEBACKS else column("delivered")
        n = column("handoffs").astype(np.int64)
        charted = _counted(series.weeks, n, counts, np.ones(len(counts)), breaks, later)
        return _whole_weeks(charted, series.begun, running)
    columns = ("defects", "units", "inspected") if name == DEFECT_RATE else ("kept", "judged", "judged")
    counted, of, behind = (column(one) for one in columns)
    if not behind.any() and (name != ATTAINMENT or series.next_due is None):
        return None
    return _counted(series.weeks, behind.astype(np.int64), counted, of, breaks, later)


def of_result(name: str, result: Mapping[str, Any]) -> Weekly:
    """The series from which a stored ``result`` of the measure ``name`` was drawn."""
    weeks, n = (np.array(result[column], dtype=np.int64) for column in ("weeks", "n"))
    values = np.array([np.nan if value is None else value for value in result["values"]], dtype=np.float64)
    breaks = tuple(result["breaks"])
    kind = DEFINED[name].chart
    if kind in SINGLE_VALUES:
        return Weekly(weeks, n, values, breaks=breaks)
    sizes = np.ones(len(n)) if kind is ChartKind.COUNTS else np.array(result.get("sizes", n), dtype=np.float64)
    return Weekly(weeks, n, values, np.rint(np.nan_to_num(values) * sizes), sizes, breaks)


def _whole_weeks(series: Weekly, begun: int | None, running: int) -> Weekly:
    """The weeks before the one that begins on the Monday ``running``, without the first where what is counted ``begun``
    on a later day of it."""
    last = int(np.searchsorted(series.weeks, running))
    first = int(begun is not None and last > 0 and begun > series.weeks[0])
    kept = slice(first, last)
    return Weekly(
        series.weeks[kept], series.n[kept], series.values[kept], series.counts[kept], series.sizes[kept],
        tuple(place - first for place in series.breaks if first < place < last), series.later,
    )  # fmt: skip


def _counted(weeks: Ints, n: Ints, counts: Floats, sizes: Floats, breaks: tuple[int, ...], later: int) -> Weekly:
    values = np.divide(counts, sizes, out=np.full(len(weeks), np.nan), where=sizes > 0)
    return Weekly(weeks, n, values, counts, sizes, breaks, later)
