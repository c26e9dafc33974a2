"""What a comparison of before and after is, and what all of them share."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from math import log, log1p
from typing import TYPE_CHECKING, Any, Literal, get_args

import numpy as np
import numpy.typing as npt
from scipy.special import bdtr, bdtrc, betaincinv, gammaln

from baton_analysis.drawing.plots import plot_indices
from baton_analysis.errors import MeasureError, gettext_noop
from baton_analysis.readers.model import Notice
from baton_analysis.results import Result

if TYPE_CHECKING:
    from matplotlib.axes import Axes

VERSION = "1"

Alternative = Literal["two_sided", "less", "greater"]
"""What is to be shown of the figure after: that it differs from before, is less, or is greater."""

Scale = Literal["difference", "ratio", "odds_ratio"]
Interval = tuple[float, float]
Floats = npt.NDArray[np.float64]

_AS_LIKELY = 1 + 1e-7
"""Outcomes count as no more likely than the one found up to this factor, which is the rounding of their probability."""


@dataclass(frozen=True, slots=True)
class Comparison(Result):
    """A figure after a change against the same figure before it, or against a standard.

    Attributes
    ----------
    method
        "chi_square", "chi_square_yates", "fisher", "poisson_exact", "binomial_exact", "welch".
    before, after
        Share, rate or mean; ``before`` of a comparison with a standard is the standard.
    n_before, n_after
        Units, exposure or values behind them; 0 for a standard.
    estimate, scale
        After less before ("difference"), after by before ("ratio"), or the ratio of their odds.
    interval
        Of ``estimate``, two-sided whatever the alternative.
    statistic, degrees
        Of the test, with its degrees of freedom; None for exact tests.
    p
        Probability of a result at least as far in the direction of ``alternative`` if nothing has changed.
    """

    method: str
    before: float
    after: float
    n_before: float
    n_after: float
    estimate: float
    scale: Scale
    interval: Interval
    p: float
    alternative: Alternative
    confidence: float
    statistic: float | None = None
    degrees: float | None = None
    warnings: tuple[Notice, ...] = ()
    version: str = VERSION

    @property
    def n(self) -> float:
        """Units, exposure or values of both together."""
        return self.n_before + self.n_after

    def to_dict(self) -> dict[str, Any]:
        """As plain values for JSON; None for what is not finite."""
        plain = ("method", "version", "n", "n_before", "n_after", "scale", "p", "alternative", "confidence")
        numbers = ("before", "after", "estimate", "statistic", "degrees")
        return {
            **{name: getattr(self, name) for name in plain},
            **{name: finite(getattr(self, name)) for name in numbers},
            "interval": [finite(bound) for bound in self.interval],
            "warnings": [warning.render() for warning in self.warnings],
        }

    def plot(self, ax: Axes | None = None) -> Axes:
        """The estimate with its interval, and a line where nothing has changed; an end that is not finite is not drawn.
        See :class:`baton_analysis.results.Plottable`."""
        low, high = (np.nan if finite(bound) is None else bound for bound in self.interval)
        unchanged = 0.0 if self.scale == "difference" else 1.0
        return plot_indices(ax, names=[self.scale], values=[self.estimate], lower=[low], upper=[high], line=unchanged)


def finite(value: float | None) -> float | None:
    """The value for JSON, which knows neither infinity nor NaN."""
    return None if value is None or not np.isfinite(value) else float(value)


def binomial_p(successes: int, size: int, share: float, alternative: Alternative) -> float:
    """Exact probability of an outcome as far from ``share`` or farther: two-sided, all outcomes that are no more likely
    than the one found (as R binom.test).
    """
    if alternative == "less":
        return float(bdtr(successes, size, share))
    if alternative == "greater":
        return float(bdtrc(successes - 1, size, share)) if successes > 0 else 1.0
    if share in {0.0, 1.0}:
        return float(successes == share * size)

    def chance(outcome: int) -> float:
        """Its logarithm."""
        ways = gammaln(size + 1) - gammaln(outcome + 1) - gammaln(size - outcome + 1)
        return float(ways + outcome * log(share) + (size - outcome) * log1p(-share))

    # On each side of the most likely outcome chances only fall: where they have fallen as far is found by halving.
    most, as_likely = int((size + 1) * share), chance(successes) + log(_AS_LIKELY)
    if successes < most:
        opposite = bisect_left(range(most, size + 1), True, key=lambda outcome: chance(outcome) <= as_likely) + most
        return min(1.0, float(bdtr(successes, size, share) + bdtrc(opposite - 1, size, share)))
    if successes == most:
        return 1.0
    below = bisect_left(range(most + 1), True, key=lambda back: chance(most - back) <= as_likely)
    opposite = most - below
    lower = float(bdtr(opposite, size, share)) if opposite >= 0 else 0.0
    return min(1.0, lower + float(bdtrc(successes - 1, size, share)))


def no_more_likely(chances: Floats, found: int) -> float:
    """Sum of all chances that are not above the one found."""
    return min(1.0, float(chances[chances <= chances[found] * _AS_LIKELY].sum()))


def exact_share_interval(successes: int, size: int, confidence: float) -> Interval:
    """Two-sided interval of a share by Clopper and Pearson (1934), Biometrika 26: 404-413."""
    tail = (1 - confidence) / 2
    low = float(betaincinv(successes, size - successes + 1, tail)) if successes > 0 else 0.0
    high = float(betaincinv(successes + 1, size - successes, 1 - tail)) if successes < size else 1.0
    return low, high


def demand_settings(alternative: str, confidence: float) -> None:
    """Refuse a direction that is not known, and a confidence that is none."""
    if alternative not in get_args(Alternative) or not 0 < confidence < 1:
        raise MeasureError(
            expected=gettext_noop("The alternative is one of {known}; the confidence lies between 0 and 1."),
            found=gettext_noop("Alternative: {alternative}, confidence: {confidence}."),
            remedy=gettext_noop("Take two_sided and 0.95 if nothing else was agreed."),
            known=", ".join(get_args(Alternative)),
            alternative=alternative,
            confidence=confidence,
        )


def demand_share(count: float, size: float) -> tuple[int, int]:
    """Count and size of a share as whole numbers."""
    whole = np.isfinite([count, size]).all() and count == int(count) and size == int(size)
    if not whole or size < 1 or not 0 <= count <= size:
        raise MeasureError(
            expected=gettext_noop("A share is a whole number of cases out of a whole number of at least 1."),
            found=gettext_noop("Found: {count} of {size}."),
            remedy=gettext_noop("Give how many it concerns and how many were looked at."),
            count=count,
            size=size,
        )
    return int(count), int(size)
