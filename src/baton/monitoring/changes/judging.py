"""Which open signals hold when all charts are looked at together, and what each costs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from django.conf import settings
from django.db import transaction

from baton.core.actors import Actor
from baton.monitoring.models import Signal, StoredMeasure
from baton.monitoring.queries.reach import reach
from baton.monitoring.rules import (
    DAYS_A_WEEK,
    DEFINED,
    OPEN_STATES,
    SILENT_WEEKS,
    Health,
    Side,
    signal_cost,
)
from baton_analysis.measures.control_charts.many import ManyCharts
from baton_analysis.signals.broken_standards import (
    LinkTests,
    Worse,
    attainment_below_standard,
    broken_standards,
    newest_points,
)

SIGNALS_A_WRITE = 50

Chart = tuple[str, str]
"""Subject and measure."""


@dataclass(frozen=True, slots=True)
class _Weeks:
    """A week of a chart, or several together; ``sigma`` is None where the exact binomial test is made."""

    chart: Chart
    value: float
    centre: float
    sigma: float | None
    n: int


def judge_signals() -> int:
    """Mark the open signals that hold at the chosen false-discovery rate over all charts that say something of now, and
    keep what each costs. Returns how many were changed; what changes is a figure and no decision, so that it makes no
    entry in the trail and no form stale.

    Of each chart the newest week and the last few together are tested, towards the worse.
    """
    charts = _charts()
    found = _found([one for weeks in charts.values() for one in weeks])
    changed = [one for one in Signal.objects.filter(state__in=OPEN_STATES) if _judge(one, charts, found)]
    for start in range(0, len(changed), SIGNALS_A_WRITE):
        with transaction.atomic():
            Signal.objects.bulk_update(
                changed[start : start + SIGNALS_A_WRITE], ["holds", "adjusted", "effect", "handoffs", "cost"]
            )
    return len(changed)


def _charts() -> dict[Chart, list[_Weeks]]:
    """What is tested of each chart that is worth a look and speaks of now: the newest week, and the last few."""
    rows = StoredMeasure.objects.filter(standing=True).exclude(health=Health.UNKNOWN)
    reached = reach(viewer=Actor.system("signals"))
    if reached is not None:
        rows = rows.filter(week__gte=reached.week - SILENT_WEEKS * DAYS_A_WEEK)
    return {
        (subject, name): [_Weeks((subject, name), *weeks) for weeks in evidence]
        for subject, name, evidence in rows.values_list("subject", "name", "evidence")
        if evidence
    }


def _found(weeks: Sequence[_Weeks]) -> dict[Chart, float]:
    """The charts of which something is found, each with its smallest adjusted p."""
    tests = []
    for name in sorted({one.chart[1] for one in weeks}):
        here = [one for one in weeks if one.chart[1] == name]
        both = (
            _near_normal([one for one in here if one.sigma is not None], name),
            _exact([one for one in here if one.sigma is None], name),
        )
        tests += [test for test in both if test is not None]
    found: dict[Chart, float] = {}
    for one in broken_standards(*tests, level=settings.FALSE_SIGNALS).findings if tests else ():
        chart = one.link
        assert isinstance(chart, tuple)
        found[chart] = min(one.adjusted, found.get(chart, 1.0))
    return found


def _near_normal(weeks: Sequence[_Weeks], name: str) -> LinkTests | None:
    if not weeks:
        return None
    columns = ([one.value for one in weeks], [one.centre for one in weeks], [one.sigma for one in weeks])
    charts = ManyCharts.of_limits(*(np.array(column, dtype=np.float64)[:, None] for column in columns))
    defined = DEFINED[name]
    worse: Worse = "both" if len(defined.worse) > 1 else "above" if Side.ABOVE in defined.worse else "below"
    handoffs = [one.n for one in weeks]
    return newest_points([one.chart for one in weeks], charts, handoffs, worse=worse, worth=defined.weight)


def _exact(weeks: Sequence[_Weeks], name: str) -> LinkTests | None:
    """Few returns among few handoffs are far from a normal distribution; so are few that broke a promise."""
    if not weeks:
        return None
    handoffs = [one.n for one in weeks]
    counted, standards = [round(one.value * one.n) for one in weeks], [one.centre for one in weeks]
    kept = counted
    if Side.ABOVE in DEFINED[name].worse:
        kept = [n - count for n, count in zip(handoffs, counted, strict=True)]
        standards = [1 - one.centre for one in weeks]
    links, worth = [one.chart for one in weeks], DEFINED[name].weight
    return attainment_below_standard(links, kept, handoffs, standards, worth=worth)


def _judge(signal: Signal, charts: dict[Chart, list[_Weeks]], found: dict[Chart, float]) -> bool:
    """Whether anything of the signal has changed."""
    chart = (signal.subject, signal.measure)
    adjusted = found.get(chart) if signal.is_worse else None
    effect, handoffs, cost = 0.0, 0, 0.0
    if chart in charts:
        last = charts[chart][-1]
        effect, handoffs = last.value - last.centre, last.n
        goes_on = effect > 0 if signal.side == Side.ABOVE else effect < 0
        size = signal_cost(signal.measure, abs(effect), handoffs) if goes_on else 0.0
        cost = size if signal.is_worse else -size
    new = {
        "holds": adjusted is not None, "adjusted": adjusted, "effect": effect, "handoffs": handoffs, "cost": cost,
    }  # fmt: skip
    moved = any(getattr(signal, name) != value for name, value in new.items())
    for name, value in new.items():
        setattr(signal, name, value)
    return moved
