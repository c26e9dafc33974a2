"""What changed on a chart: the last phase beside the one before, the last weeks beside those before, and since when."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from baton.monitoring.changes.weekly import Weekly
from baton.monitoring.rules import DEFINED, FEWEST_WEEKS, RECENT_WEEKS, ChartKind
from baton_analysis.errors import MeasureError
from baton_analysis.measures import before_after
from baton_analysis.measures.before_after import Comparison, change_point, two_proportions, welch
from baton_analysis.measures.control_charts import ControlChart

VERSION = before_after.VERSION

Places = npt.NDArray[np.int64]


def what_changed(name: str, chart: ControlChart, series: Weekly, *, since_when: bool) -> dict[str, Any]:
    """Comparisons of the measure ``name``, as plain values.

    ``phase`` is the last phase against the one before, ``recent`` the last RECENT_WEEKS charted weeks against those
    before them in the phase (at least FEWEST_WEEKS); None where there are too few. Each has ``weeks`` (the Mondays of
    the first and last week before and after) and ``level``; for shares also ``volume``, handoffs a week. A comparison
    holds before, after, estimate, low, high (95 %), n_before, n_after, p and method; None where nothing varies.
    ``change_point`` is only looked for if ``since_when`` asks for it, which takes some milliseconds: week, first, last
    (95 %), before, after; None where none is found.
    """
    charted = np.flatnonzero(~np.isnan(chart.values))
    number = chart.phase[charted]
    here, before = charted[number == number[-1]], charted[number == number[-1] - 1]
    recent = None
    if len(here) >= FEWEST_WEEKS + RECENT_WEEKS:
        recent = _beside(name, chart, series, here[:-RECENT_WEEKS], here[-RECENT_WEEKS:])
    return {
        "phase": _beside(name, chart, series, before, here) if min(len(before), len(here)) > 1 else None,
        "recent": recent,
        "change_point": _change_point(chart, series, here) if since_when else None,
    }


def _beside(name: str, chart: ControlChart, series: Weekly, before: Places, after: Places) -> dict[str, Any]:
    ends = before[0], before[-1], after[0], after[-1]
    found: dict[str, Any] = {"weeks": [int(series.weeks[place]) for place in ends]}
    if chart.method != "p":
        # Where weeks differ by more than chance, the weeks are what can be compared, not the single handoffs.
        found["level"] = _compared(lambda: welch(chart.values[before].tolist(), chart.values[after].tolist()))
    else:
        counts = [(int(series.counts[part].sum()), int(series.sizes[part].sum())) for part in (before, after)]
        found["level"] = _compared(lambda: two_proportions(counts[0], counts[1]))
    if DEFINED[name].chart is ChartKind.PROPORTIONS:
        weekly = [series.n[part[0] : part[-1] + 1].tolist() for part in (before, after)]
        found["volume"] = _compared(lambda: welch(weekly[0], weekly[1]))
    return found


def _compared(compare: Callable[[], Comparison]) -> dict[str, Any] | None:
    try:
        found = compare()
    except MeasureError:
        return None
    plain = ("before", "after", "estimate", "n_before", "n_after", "p", "method")
    return {
        **{name: getattr(found, name) for name in plain},
        "low": float(found.interval[0]),
        "high": float(found.interval[1]),
    }


def _change_point(chart: ControlChart, series: Weekly, places: Places) -> dict[str, Any] | None:
    try:
        found = change_point(chart.values[places].tolist(), labels=series.weeks[places].tolist())
    except MeasureError:
        return None
    if not found.found:
        return None
    return {
        "week": found.label, "first": found.labels[0], "last": found.labels[1], "before": found.before,
        "after": found.after, "p": found.p,
    }  # fmt: skip
