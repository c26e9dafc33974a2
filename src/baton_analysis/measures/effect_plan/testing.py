"""The test that a plan names, made on the observations of both windows."""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt

import numpy as np
from scipy.special import stdtrit

from baton_analysis.errors import MeasureError, gettext_noop
from baton_analysis.measures.before_after.comparison import Floats
from baton_analysis.measures.before_after.means import t_tail, welch
from baton_analysis.measures.before_after.power import power_of_estimate
from baton_analysis.measures.before_after.segments import SegmentedRegression, segmented_regression
from baton_analysis.measures.charted_series import FrozenLimits
from baton_analysis.measures.control_constants import MOVING_RANGE_VARIANCE
from baton_analysis.measures.effect_plan.counts import rates, share_of_standard, shares
from baton_analysis.measures.effect_plan.outcome import Outcome, log_effect, outcome_of, tails
from baton_analysis.measures.effect_plan.plan import EffectPlan, Observation

Observations = Sequence[Observation]


def tested(plan: EffectPlan, before: Observations, after: Observations, level: float) -> Outcome:
    """Make the test of the plan. ``level`` is alpha at this look."""
    confidence = 1 - (level if plan.sides == 2 else 2 * level)
    match plan.test:
        case "two_proportions":
            return shares(plan, before, after, confidence, level)
        case "poisson_rates":
            return rates(plan, before, after, confidence, level)
        case "standard":
            return share_of_standard(plan, after, confidence, level)
        case "welch":
            return _measured(plan, before, after, confidence, level)
        case "long_run_limits":
            return _against_limits(plan, after, confidence, level)
        case "segmented":
            return _in_time(plan, before, after, confidence, level)


def _measured(plan: EffectPlan, before: Observations, after: Observations, confidence: float, level: float) -> Outcome:
    one, other = _values(before), _values(after)
    two_sided = welch(one.tolist(), other.tolist(), confidence=confidence)
    t, degrees = two_sided.statistic or 0.0, two_sided.degrees or 1.0
    error = float(one.std(ddof=1)) * sqrt(1 / len(one) + 1 / len(other))
    number = len(one) + len(other) - 2
    power = power_of_estimate(plan.minimal_effect, error, degrees=number, alpha=level, sides=plan.sides)
    return outcome_of(plan, two_sided, t_tail(t, degrees, "less"), t_tail(t, degrees, "greater"), power)


def _against_limits(plan: EffectPlan, after: Observations, confidence: float, level: float) -> Outcome:
    """Mean of the follow-up against the centre line, with the spread of the chart from before."""
    limits = plan.limits
    assert limits is not None  # a plan of this test has them
    values, (spread, degrees) = _values(after), _spread(limits)
    error = spread * sqrt(1 / len(values) + 1 / limits.n)
    away = float(values.mean()) - limits.centre
    half = float(stdtrit(degrees, 0.5 + confidence / 2)) * error
    better, worse = tails(plan, away / error, degrees)
    return Outcome(
        method="long_run_limits",
        before=limits.centre,
        after=float(values.mean()),
        estimate=away,
        scale="difference",
        interval=(away - half, away + half),
        p=t_tail(away / error, degrees, "two_sided"),
        p_better=better,
        p_worse=worse,
        power=power_of_estimate(plan.minimal_effect, error, degrees=degrees, alpha=level, sides=plan.sides),
    )


def _spread(limits: FrozenLimits) -> tuple[float, float]:
    """Standard deviation behind the limits with its degrees of freedom.

    A mean moving range tells the spread less sharply than a standard deviation of the same points: its relative
    variance v is that of a standard deviation with 1 / (2 v) degrees of freedom, whose square it exceeds by 1 + v.
    """
    degrees = limits.n - 1.0
    if limits.method == "lj":
        return limits.spread, degrees
    variance = MOVING_RANGE_VARIANCE / degrees
    return limits.spread / sqrt(1 + variance), 1 / (2 * variance)


def _in_time(plan: EffectPlan, before: Observations, after: Observations, confidence: float, level: float) -> Outcome:
    result = _segments(plan, [*before, *after], confidence)
    model, term = plan.series, result.average
    poisson = model is not None and model.family == "poisson"
    t = term.estimate / term.error if term.error > 0 else 0.0
    better, worse = tails(plan, t, result.degrees)
    smallest = log_effect(plan) if poisson else plan.minimal_effect
    return Outcome(
        method=result.method,
        before=None,
        after=None,
        estimate=term.ratio if poisson else term.estimate,
        scale="ratio" if poisson else "difference",
        interval=term.ratio_interval if poisson else term.interval,
        p=term.p,
        p_better=better,
        p_worse=worse,
        power=power_of_estimate(smallest, term.error, degrees=result.degrees, alpha=level, sides=plan.sides),
        dispersion=result.dispersion if poisson else None,
        warnings=result.warnings,
    )


def _segments(plan: EffectPlan, observations: Observations, confidence: float) -> SegmentedRegression:
    """The regression over the grid of the plan; what the plan leaves out is a gap in it."""
    model, baseline = plan.series, plan.baseline
    assert model is not None  # a plan of this test has both
    assert baseline is not None
    step, start = model.step_days, baseline.start
    values: list[float | None] = [None] * ((plan.follow_up.end - start).days // step + 1)
    sizes = [1.0] * len(values)
    for one in observations:
        place = (one.day - start).days // step
        if values[place] is not None:
            raise MeasureError(
                expected=gettext_noop("A series has one observation in each step ({step} d)."),
                found=gettext_noop("There are two from {day} on."),
                remedy=gettext_noop("Add them up, or plan with a shorter step."),
                step=step,
                day=one.day.isoformat(),
            )
        values[place], sizes[place] = one.value, one.size
    return segmented_regression(
        values,
        (plan.follow_up.start - start).days // step,
        family=model.family,
        exposure=sizes,
        slope=model.slope,
        harmonics=model.harmonics,
        period=model.period,
        errors=model.errors,
        quantile="t",
        confidence=confidence,
    )


def _values(observations: Observations) -> Floats:
    return np.array([one.value for one in observations], dtype=np.float64)
