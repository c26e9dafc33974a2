"""What on a chart is one thing to look at now, and what its last weeks say when all charts are looked at together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from baton.monitoring.rules import CALM_WEEKS, RECENT_WEEKS
from baton_analysis.measures.control_charts import ControlChart
from baton_analysis.signals.chart_rules import WESTERN_ELECTRIC, Violation, find_episodes

Weeks = npt.NDArray[np.int64]


def episodes_now(chart: ControlChart, weeks: Weeks, found: Sequence[Violation]) -> list[dict[str, Any]]:
    """The episodes of the watched rules with a violation in one of the last RECENT_WEEKS charted weeks, as plain values
    for JSON. ``weeks``: the Monday of each point; ``found``: the violations of the chart.

    Each is {side; began: the week in which the earliest of its patterns begins; week, last_week: the first and the last
    that complete one; resumed: the first of the last weeks in a row that do; rules: [{rule, name, values}, ...]}.
    """
    charted = np.flatnonzero(~np.isnan(chart.values)).tolist()
    now = set(charted[-RECENT_WEEKS:])
    episodes = find_episodes(chart, WESTERN_ELECTRIC, violations=found, calm=CALM_WEEKS)
    return [
        {
            "side": one.direction,
            "began": int(weeks[one.first]),
            "week": int(weeks[one.flagged]),
            "last_week": int(weeks[one.last]),
            "resumed": int(weeks[_resumed(charted, one.violations)]),
            "rules": _rules(one.violations),
        }
        for one in episodes
        if one.last in now
    ]


def _resumed(charted: Sequence[int], violations: Sequence[Violation]) -> int:
    """Index of the first of the last charted weeks in a row that violate a rule."""
    flagged = {one.index for one in violations}
    first = violations[-1].index
    for index in reversed(charted[: charted.index(first)]):
        if index not in flagged:
            break
        first = index
    return first


def _rules(violations: Sequence[Violation]) -> list[dict[str, Any]]:
    """Each rule once, in the order in which it was first violated."""
    rules = {one.rule: {"rule": one.rule, "name": one.name, "values": dict(one.values)} for one in reversed(violations)}
    return list(reversed(rules.values()))


def evidence(chart: ControlChart, sizes: npt.NDArray[np.int64]) -> list[list[float | None]]:
    """What is tested over all charts: [value, centre, sigma, n] of the newest charted week, and of the last
    RECENT_WEEKS charted weeks of its phase together; sigma is None where an exact binomial test is made. ``sizes``:
    handoffs of each week. Empty where nothing can be tested."""
    charted = np.flatnonzero(~np.isnan(chart.values))
    charted = charted[chart.phase[charted] == chart.phase[charted[-1]]]
    tested = [_together(chart, sizes, charted[-1:]), _together(chart, sizes, charted[-RECENT_WEEKS:])]
    return [one for one in tested if one is not None]


def _together(
    chart: ControlChart, sizes: npt.NDArray[np.int64], points: npt.NDArray[np.int64]
) -> list[float | None] | None:  # fmt: skip
    n, sigma = sizes[points], chart.sigma[points]
    if not n.sum() or not bool((sigma > 0).all()):
        return None
    if chart.method == "p":
        value, centre = (float(np.average(line[points], weights=n)) for line in (chart.values, chart.centre))
        return [value, centre, None, int(n.sum())] if centre < 1 else None
    value, centre = float(chart.values[points].mean()), float(chart.centre[points].mean())
    return [value, centre, float(np.sqrt((sigma**2).sum()) / len(points)), int(n.sum())]
