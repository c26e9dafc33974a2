"""Planned tests of what is counted: shares, rates, and shares against a standard."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import exp, log, sqrt

import numpy as np
from scipy.special import chdtrc, stdtrit

from baton_analysis.errors import gettext_noop
from baton_analysis.measures.before_after.comparison import Alternative, demand_share
from baton_analysis.measures.before_after.means import t_tail
from baton_analysis.measures.before_after.power import (
    power_of_estimate,
    power_of_proportions,
    power_of_rates,
    power_of_standard,
)
from baton_analysis.measures.before_after.rates import demand_rate, poisson_rates
from baton_analysis.measures.before_after.shares import share_against_standard, two_proportions
from baton_analysis.measures.effect_plan.outcome import Outcome, log_effect, outcome_of, tails
from baton_analysis.measures.effect_plan.plan import EffectPlan, Observation
from baton_analysis.readers.model import Notice

FEWEST_POINTS = 6
"""From so many points of both windows on it is looked at whether they vary more than chance allows."""

_DISPERSED = 0.05
_ALTERNATIVES: tuple[Alternative, ...] = ("two_sided", "less", "greater")

Observations = Sequence[Observation]
Totals = tuple[tuple[float, float], tuple[float, float]]


def shares(plan: EffectPlan, before: Observations, after: Observations, confidence: float, level: float) -> Outcome:
    """Two proportions."""
    totals = (_total(before), _total(after))
    one, other = demand_share(*totals[0]), demand_share(*totals[1])
    two_sided, less, greater = (
        two_proportions(one, other, continuity=plan.continuity, alternative=side, confidence=confidence)
        for side in _ALTERNATIVES
    )
    power = power_of_proportions(
        two_sided.before,
        _wanted(plan, two_sided.before),
        one[1],
        other[1],
        alpha=level,
        sides=plan.sides,
        corrected=two_sided.method != "chi_square",
    )
    plain = outcome_of(plan, two_sided, less.p, greater.p, power)
    return _with_dispersion(plain, plan, (before, after), totals, confidence)


def rates(plan: EffectPlan, before: Observations, after: Observations, confidence: float, level: float) -> Outcome:
    """Two Poisson rates."""
    totals = (_total(before), _total(after))
    one, other = demand_rate(*totals[0]), demand_rate(*totals[1])
    two_sided, less, greater = (
        poisson_rates(one, other, alternative=side, confidence=confidence) for side in _ALTERNATIVES
    )
    sign = -1 if plan.better == "lower" else 1
    new = max(two_sided.before * (1 + sign * plan.minimal_effect), 0.0)
    power = power_of_rates(two_sided.before, new, one[1], other[1], alpha=level, sides=plan.sides)
    plain = outcome_of(plan, two_sided, less.p, greater.p, power)
    return _with_dispersion(plain, plan, (before, after), totals, confidence)


def share_of_standard(plan: EffectPlan, after: Observations, confidence: float, level: float) -> Outcome:
    """A share against the standard of the plan."""
    found, standard = demand_share(*_total(after)), plan.standard
    assert standard is not None  # a plan of this test has it
    two_sided, less, greater = (
        share_against_standard(found, standard, alternative=side, confidence=confidence) for side in _ALTERNATIVES
    )
    power = power_of_standard(standard, _wanted(plan, standard), found[1], alpha=level, sides=plan.sides)
    return outcome_of(plan, two_sided, less.p, greater.p, power)


def _wanted(plan: EffectPlan, share: float) -> float:
    """The share that would be worth having."""
    return min(max(share + (-1 if plan.better == "lower" else 1) * plan.minimal_effect, 0.0), 1.0)


def _with_dispersion(
    plain: Outcome, plan: EffectPlan, windows: tuple[Observations, Observations], totals: Totals, confidence: float
) -> Outcome:
    """The outcome as it is, or with its error widened by what points vary more than by chance (quasi-likelihood)."""
    dispersion, degrees, more = _dispersion(windows, binomial=plan.test == "two_proportions")
    (a, n), (b, m) = totals
    extreme = min(a, b) == 0 or (plain.scale == "difference" and (a == n or b == m))
    if dispersion is None or not more or extreme:
        return replace(plain, dispersion=dispersion)
    if plain.scale == "ratio":
        away, error, smallest = log(plain.estimate), sqrt(1 / a + 1 / b), log_effect(plan)
    else:
        one, other = a / n, b / m
        away, error = other - one, sqrt(one * (1 - one) / n + other * (1 - other) / m)
        smallest = plan.minimal_effect
    error *= sqrt(dispersion)
    half = float(stdtrit(degrees, 0.5 + confidence / 2)) * error
    low, high = away - half, away + half
    better, worse = tails(plan, away / error, degrees)
    varied = gettext_noop("Points vary {times} times as much as chance allows; p and interval allow for it.")
    return replace(
        plain,
        method=f"{plain.method}_quasi",
        interval=(exp(low), exp(high)) if plain.scale == "ratio" else (low, high),
        p=t_tail(away / error, degrees, "two_sided"),
        p_better=better,
        p_worse=worse,
        # The interval leaves out 1 - confidence on both sides together, whatever the sides of the plan.
        power=power_of_estimate(smallest, error, degrees=degrees, alpha=1 - confidence, sides=2),
        dispersion=dispersion,
        warnings=(*plain.warnings, Notice(varied, values={"times": f"{dispersion:.1f}"})),
    )


def _dispersion(windows: tuple[Observations, Observations], *, binomial: bool) -> tuple[float | None, int, bool]:
    """Pearson's chi-square of the points about the rate of their window by its degrees of freedom; those; and whether
    that is more than chance. None where there are too few points.
    """
    total, degrees = 0.0, 0
    for window in windows:
        counts, sizes = np.array([one.value for one in window]), np.array([one.size for one in window])
        rate = counts.sum() / sizes.sum()
        expected = sizes * rate * ((1 - rate) if binomial else 1.0)
        if bool((expected > 0).all()):
            total += float(((counts - sizes * rate) ** 2 / expected).sum())
            degrees += len(window) - 1
    if degrees + 2 < FEWEST_POINTS:
        return None, degrees, False
    return total / degrees, degrees, total > degrees and float(chdtrc(degrees, total)) < _DISPERSED


def _total(observations: Observations) -> tuple[float, float]:
    return sum(one.value for one in observations), sum(one.size for one in observations)
