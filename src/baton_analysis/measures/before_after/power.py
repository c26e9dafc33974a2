"""Power: how probably a test shows a change that is really there.

Always asked of a change that is worth having, never of the change that was found: the power at the effect found says
nothing that p does not say.
"""

from __future__ import annotations

from bisect import bisect_left
from math import sqrt

import numpy as np
from scipy.special import bdtr, bdtrc, nctdtr, ndtr, ndtri, stdtrit

from baton_analysis.arguments import checked
from baton_analysis.errors import MeasureError, gettext_noop


@checked(MeasureError)
def power_of_proportions(
    before: float,
    after: float,
    n_before: int,
    n_after: int,
    *,
    alpha: float = 0.05,
    sides: int = 2,
    corrected: bool = False,
) -> float:
    """Of a test of two proportions if the shares are ``before`` and ``after`` (normal approximation).

    Fleiss, Levin and Paik (2003), Statistical Methods for Rates and Proportions, chapter 4. ``corrected`` for Yates'
    correction and for Fisher's exact test, which are as cautious.
    """
    _demand(alpha, sides)
    _demand_units(before, after, least=min(n_before, n_after))
    pooled = (n_before * before + n_after * after) / (n_before + n_after)
    inverse = 1 / n_before + 1 / n_after
    away = abs(after - before) - (inverse / 2 if corrected else 0.0)
    spread = sqrt(before * (1 - before) / n_before + after * (1 - after) / n_after)
    limit = float(ndtri(1 - alpha / sides)) * sqrt(pooled * (1 - pooled) * inverse)
    if spread == 0:
        return float(away > limit)
    return float(ndtr((away - limit) / spread))


@checked(MeasureError)
def power_of_rates(
    before: float, after: float, exposure_before: float, exposure_after: float, *, alpha: float = 0.05, sides: int = 2
) -> float:
    """Of the exact test of two Poisson rates: that of its binomial test, given the number of events to be expected."""
    _demand(alpha, sides)
    known = (before, after, exposure_before, exposure_after)
    _demand_units(least=1 + min(known) if np.isfinite(known).all() else 0)
    expected = (before * exposure_before, after * exposure_after)
    total = round(sum(expected))
    if total == 0:
        return 0.0
    nothing = exposure_after / (exposure_before + exposure_after)
    changed = expected[1] / sum(expected)
    return power_of_standard(nothing, changed, total, alpha=alpha, sides=sides)


@checked(MeasureError)
def power_of_standard(standard: float, share: float, n: int, *, alpha: float = 0.05, sides: int = 2) -> float:
    """Of the exact binomial test in the direction from ``standard`` to ``share``: exact, with alpha / ``sides`` in that
    tail.
    """
    _demand(alpha, sides)
    _demand_units(standard, share, least=n + 1)
    tail = alpha / sides
    if share < standard:
        shown = bisect_left(range(n + 1), True, key=lambda cases: float(bdtr(cases, n, standard)) > tail)
        return float(bdtr(shown - 1, n, share)) if shown > 0 else 0.0
    # As many cases as this or more are shown; with 0 cases the tail is everything.
    shown = bisect_left(range(n), True, key=lambda less: float(bdtrc(less, n, standard)) <= tail) + 1
    return float(bdtrc(shown - 1, n, share)) if shown <= n else 0.0


@checked(MeasureError)
def power_of_estimate(
    effect: float, error: float, *, degrees: float = np.inf, alpha: float = 0.05, sides: int = 2
) -> float:
    """Of a t test (z test with infinitely many degrees of freedom) whose estimate has the standard error ``error``."""
    _demand(alpha, sides)
    away = abs(effect) / error if error > 0 else np.inf
    if not np.isfinite(away):
        return 1.0 if effect else 0.0
    if degrees > 1e6:
        return float(ndtr(away - float(ndtri(1 - alpha / sides))))
    return float(1 - nctdtr(degrees, away, float(stdtrit(degrees, 1 - alpha / sides))))


def _demand_units(*shares: float, least: float) -> None:
    wrong = [share for share in shares if not 0 <= share <= 1] + ([] if 1 <= least < np.inf else [least])
    if wrong:
        raise MeasureError(
            expected=gettext_noop("Shares lie between 0 and 1, rates and exposures from 0 on, and there is 1 unit at"
                                  " least before and after."),
            found=gettext_noop("It is {given}."),
            remedy=gettext_noop("Write shares, not percentages: 5 % is 0.05."),
            given=wrong[0],
        )  # fmt: skip


def _demand(alpha: float, sides: int) -> None:
    if not 0 < alpha < 1 or sides not in {1, 2}:
        raise MeasureError(
            expected=gettext_noop("Alpha lies between 0 and 1, and a test has 1 or 2 sides."),
            found=gettext_noop("Alpha: {alpha}, sides: {sides}."),
            remedy=gettext_noop("Usual are alpha 0.05 and 2 sides."),
            alpha=alpha,
            sides=sides,
        )
