"""Shares before and after, and a share against a standard."""

from __future__ import annotations

from collections.abc import Callable
from math import exp, sqrt
from typing import Literal, get_args

import numpy as np
from scipy.optimize import brentq
from scipy.special import chdtrc, gammaln, ndtr, ndtri

from baton_analysis.arguments import checked
from baton_analysis.errors import MeasureError, gettext_noop
from baton_analysis.measures.before_after.comparison import (
    Alternative,
    Comparison,
    Floats,
    Interval,
    binomial_p,
    demand_settings,
    demand_share,
    exact_share_interval,
    no_more_likely,
)
from baton_analysis.measures.proportions import wilson_interval
from baton_analysis.readers.model import Notice

SMALLEST_EXPECTED = 5
"""Where a cell of the table is expected to hold fewer, chi-square gives way to Fisher's exact test (Cochran 1954)."""

ShareTest = Literal["by_expected", "chi_square", "fisher"]
_FARTHEST = 700.0  # logarithm of an odds ratio beyond which exp overflows


@checked(MeasureError)
def two_proportions(
    before: tuple[int, int],
    after: tuple[int, int],
    *,
    test: ShareTest = "by_expected",
    continuity: bool = False,
    alternative: Alternative = "two_sided",
    confidence: float = 0.95,
) -> Comparison:
    """Whether a share has changed; ``before`` and ``after`` are (cases, units looked at).

    Chi-square with pooled variance (the z test for two proportions, z^2 = chi-square) with Wald's interval, both as R
    prop.test; or Fisher's exact test with the interval of Newcombe (1998), Statistics in Medicine 17: 873-890, method
    10. The estimate is the difference of the shares in both cases.

    Parameters
    ----------
    test
        "by_expected": Fisher where a cell is expected to hold fewer than 5, else chi-square.
    continuity
        Yates' correction of chi-square and of its interval. It can turn a decision, so it belongs into the plan.

    Raises
    ------
    MeasureError
        Counts that are no shares, or unknown settings.
    """
    demand_settings(alternative, confidence)
    _demand_test(test)
    (a, n), (b, m) = demand_share(*before), demand_share(*after)
    pooled = (a + b) / (n + m)
    expected = min(n, m) * min(pooled, 1 - pooled)
    if test == "by_expected":
        test = "fisher" if expected < SMALLEST_EXPECTED else "chi_square"
    statistic = None
    if test == "fisher":
        interval, p = _newcombe((a, n), (b, m), confidence), _fisher_p((a, n), (b, m), alternative)
    else:
        statistic, p = _chi_square((a, n), (b, m), alternative, continuity=continuity)
        interval = _wald((a, n), (b, m), confidence, continuity=continuity)
    return Comparison(
        method=f"{test}_yates" if test == "chi_square" and continuity else test,
        before=a / n,
        after=b / m,
        n_before=n,
        n_after=m,
        estimate=b / m - a / n,
        scale="difference",
        interval=interval,
        p=p,
        alternative=alternative,
        confidence=confidence,
        statistic=statistic,
        degrees=None if statistic is None else 1,
        warnings=_rough(expected) if test == "chi_square" else (),
    )


@checked(MeasureError)
def fisher_exact(
    before: tuple[int, int],
    after: tuple[int, int],
    *,
    alternative: Alternative = "two_sided",
    confidence: float = 0.95,
) -> Comparison:
    """Fisher's exact test with the odds ratio of after to before (conditional maximum likelihood) and its exact
    interval, as R fisher.test. Errors: see :func:`two_proportions`.
    """
    demand_settings(alternative, confidence)
    (a, n), (b, m) = demand_share(*before), demand_share(*after)
    estimate, interval = _odds_ratio((a, n), (b, m), confidence)
    return Comparison(
        method="fisher",
        before=a / n,
        after=b / m,
        n_before=n,
        n_after=m,
        estimate=estimate,
        scale="odds_ratio",
        interval=interval,
        p=_fisher_p((a, n), (b, m), alternative),
        alternative=alternative,
        confidence=confidence,
    )


@checked(MeasureError)
def share_against_standard(
    after: tuple[int, int],
    standard: float,
    *,
    alternative: Alternative = "two_sided",
    confidence: float = 0.95,
) -> Comparison:
    """Whether a share differs from a standard that is given: exact binomial test with the interval of Clopper and
    Pearson, as R binom.test. The interval is that of the difference from the standard.

    Raises
    ------
    MeasureError
        Counts that are no share, a standard that is none, or unknown settings.
    """
    demand_settings(alternative, confidence)
    count, size = demand_share(*after)
    demand_standard(standard)
    low, high = exact_share_interval(count, size, confidence)
    return Comparison(
        method="binomial_exact",
        before=standard,
        after=count / size,
        n_before=0,
        n_after=size,
        estimate=count / size - standard,
        scale="difference",
        interval=(low - standard, high - standard),
        p=binomial_p(count, size, standard, alternative),
        alternative=alternative,
        confidence=confidence,
    )


def demand_standard(standard: float) -> None:
    """Refuse a standard that is no share."""
    if not 0 <= standard <= 1:
        raise MeasureError(
            expected=gettext_noop("The standard for a share lies between 0 and 1."),
            found=gettext_noop("It is {standard}."),
            remedy=gettext_noop("Give 0.95 for 95 percent."),
            standard=standard,
        )


def _chi_square(
    before: tuple[int, int], after: tuple[int, int], alternative: Alternative, *, continuity: bool
) -> tuple[float, float]:
    """The statistic and its p; 0 and 1 where all are cases or none is."""
    (a, n), (b, m) = before, after
    pooled, away = (a + b) / (n + m), b / m - a / n
    inverse = 1 / n + 1 / m
    if pooled in {0.0, 1.0}:
        return 0.0, 1.0
    yates = min(0.5, abs(away) / inverse) if continuity else 0.0
    z = (abs(away) - yates * inverse) / sqrt(pooled * (1 - pooled) * inverse) * (1 if away >= 0 else -1)
    if alternative == "two_sided":
        return z**2, float(chdtrc(1, z**2))
    return z**2, float(ndtr(z if alternative == "less" else -z))


def _wald(before: tuple[int, int], after: tuple[int, int], confidence: float, *, continuity: bool) -> Interval:
    (a, n), (b, m) = before, after
    one, other = a / n, b / m
    yates = min(0.5, abs(other - one) / (1 / n + 1 / m)) * (1 / n + 1 / m) if continuity else 0.0
    half = float(ndtri(0.5 + confidence / 2)) * sqrt(one * (1 - one) / n + other * (1 - other) / m) + yates
    return max(-1.0, other - one - half), min(1.0, other - one + half)


def _newcombe(before: tuple[int, int], after: tuple[int, int], confidence: float) -> Interval:
    low, high = wilson_interval([before[0], after[0]], [before[1], after[1]], confidence=confidence)
    one, other = before[0] / before[1], after[0] / after[1]
    away = other - one
    return (
        away - sqrt((other - low[1]) ** 2 + (high[0] - one) ** 2),
        away + sqrt((high[1] - other) ** 2 + (one - low[0]) ** 2),
    )


def _table(before: tuple[int, int], after: tuple[int, int]) -> tuple[Floats, Floats, int]:
    """With all margins held: which counts after are possible, the logarithm of their chances, which one was found."""
    (a, n), (b, m) = before, after
    total = a + b
    possible = np.arange(max(0, total - n), min(m, total) + 1, dtype=np.float64)

    def choose(of: int, take: Floats) -> Floats:
        return np.asarray(gammaln(of + 1) - gammaln(take + 1) - gammaln(of - take + 1), dtype=np.float64)

    logs = choose(m, possible) + choose(n, total - possible) - choose(n + m, np.array(total, dtype=np.float64))
    return possible, logs, b - int(possible[0])


def _fisher_p(before: tuple[int, int], after: tuple[int, int], alternative: Alternative) -> float:
    _, logs, found = _table(before, after)
    chances = np.exp(logs)
    if alternative == "two_sided":
        return no_more_likely(chances, found)
    return min(1.0, float(chances[: found + 1].sum() if alternative == "less" else chances[found:].sum()))


def _odds_ratio(before: tuple[int, int], after: tuple[int, int], confidence: float) -> tuple[float, Interval]:
    """Conditional estimate and exact interval, from the noncentral hypergeometric distribution."""
    possible, logs, found = _table(before, after)
    last, tail = len(possible) - 1, (1 - confidence) / 2

    def chances(log_ratio: float) -> Floats:
        weights = logs + possible * log_ratio
        weights = np.exp(weights - weights.max())
        return np.asarray(weights / weights.sum(), dtype=np.float64)

    def solved(wanted: Callable[[float], float]) -> float:
        return exp(float(brentq(wanted, -_FARTHEST, _FARTHEST)))

    if last == 0:
        return float("nan"), (0.0, float("inf"))
    low = solved(lambda x: float(chances(x)[found:].sum()) - tail) if found > 0 else 0.0
    high = solved(lambda x: float(chances(x)[: found + 1].sum()) - tail) if found < last else float("inf")
    if found in {0, last}:
        return (0.0 if found == 0 else float("inf")), (low, high)
    return solved(lambda x: float(chances(x) @ possible) - float(possible[found])), (low, high)


def _rough(expected: float) -> tuple[Notice, ...]:
    if expected >= SMALLEST_EXPECTED:
        return ()
    rough = gettext_noop(
        "Chi-square is rough here: a cell of the table is expected to hold {expected}, and {enough} are wanted. Take "
        "Fisher's exact test."
    )
    return (Notice(rough, values={"expected": f"{expected:.1f}", "enough": SMALLEST_EXPECTED}),)


def _demand_test(test: str) -> None:
    if test not in get_args(ShareTest):
        raise MeasureError(
            expected=gettext_noop("The test of two shares is one of {known}."),
            found=gettext_noop("It is {given}."),
            remedy=gettext_noop("Take by_expected: it chooses by the counts."),
            known=", ".join(get_args(ShareTest)),
            given=test,
        )
