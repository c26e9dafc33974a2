"""What a planned test says before a verdict is made of it."""

from __future__ import annotations

from dataclasses import dataclass
from math import log

from baton_analysis.measures.before_after.comparison import Comparison, Interval, Scale
from baton_analysis.measures.before_after.means import t_tail
from baton_analysis.measures.effect_plan.plan import EffectPlan
from baton_analysis.readers.model import Notice


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a test says: ``p`` for a change in either direction, and ``p_better`` for one for the better alone;
    ``p_worse`` for the contrary.
    """

    method: str
    before: float | None
    after: float | None
    estimate: float
    scale: Scale
    interval: Interval
    p: float
    p_better: float
    p_worse: float
    power: float
    dispersion: float | None = None
    warnings: tuple[Notice, ...] = ()

    @property
    def rises(self) -> bool:
        """Whether the figure went up."""
        return self.estimate > (1.0 if self.scale == "ratio" else 0.0)


def outcome_of(plan: EffectPlan, comparison: Comparison, less: float, greater: float, power: float) -> Outcome:
    """Of a comparison and its two one-sided p-values."""
    better, worse = (less, greater) if plan.better == "lower" else (greater, less)
    return Outcome(
        method=comparison.method,
        before=comparison.before,
        after=comparison.after,
        estimate=comparison.estimate,
        scale=comparison.scale,
        interval=comparison.interval,
        p=comparison.p,
        p_better=better,
        p_worse=worse,
        power=power,
        warnings=comparison.warnings,
    )


def tails(plan: EffectPlan, t: float, degrees: float) -> tuple[float, float]:
    """p for a change to the better alone, and for one to the worse."""
    less, greater = t_tail(t, degrees, "less"), t_tail(t, degrees, "greater")
    return (less, greater) if plan.better == "lower" else (greater, less)


def log_effect(plan: EffectPlan) -> float:
    """The minimal effect of a rate on the scale of logarithms; infinite where nothing may be left of it."""
    if plan.better == "higher":
        return log(1 + plan.minimal_effect)
    return -log(1 - plan.minimal_effect) if plan.minimal_effect < 1 else float("inf")
