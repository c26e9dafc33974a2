"""Constants of Shewhart charts, computed and not copied from rounded tables.

``d2`` and ``d3`` are mean and standard deviation of the range of n standard normal values (Tippett 1925), ``c4`` is the
mean of their standard deviation (n - 1 in the denominator). All others follow from them: Montgomery, Introduction to
Statistical Quality Control, chapter 6 and appendix VI.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from math import exp, lgamma, pi, sqrt

import numpy as np
from scipy.special import ndtr

from baton_analysis.arguments import checked
from baton_analysis.errors import MeasureError, gettext_noop

LARGEST_SUBGROUP = 100

MOVING_RANGE_VARIANCE = 0.8264
"""Of the mean moving range over d2, times n, in large samples of independent normal values with sigma 1 (Cryer and Ryan
1990, Journal of Quality Technology 22: 187-192); that of the standard deviation is 0.5."""

_NODES = 200
_REACH = 9.0  # standard deviations; beyond them lies less than 1e-18


@dataclass(frozen=True, slots=True)
class ShewhartConstants:
    """Constants for subgroups of ``n`` values.

    ``A2``, ``A3``: limits of the mean from the mean range, from the mean standard deviation. ``D3``, ``D4``: limits of
    the range. ``B3``, ``B4``: limits of the standard deviation. ``E2``: limits of single values from the mean range.
    """

    n: int
    d2: float
    d3: float
    c4: float

    @property
    def A2(self) -> float:
        return 3 / (self.d2 * sqrt(self.n))

    @property
    def A3(self) -> float:
        return 3 / (self.c4 * sqrt(self.n))

    @property
    def D3(self) -> float:
        return max(0.0, 1 - 3 * self.d3 / self.d2)

    @property
    def D4(self) -> float:
        return 1 + 3 * self.d3 / self.d2

    @property
    def B3(self) -> float:
        return max(0.0, 1 - 3 * sqrt(1 - self.c4**2) / self.c4)

    @property
    def B4(self) -> float:
        return 1 + 3 * sqrt(1 - self.c4**2) / self.c4

    @property
    def E2(self) -> float:
        return 3 / self.d2


def c4(n: int) -> float:
    """Mean of the standard deviation (n - 1 in the denominator) of ``n`` >= 2 standard normal values."""
    return sqrt(2 / (n - 1)) * exp(lgamma(n / 2) - lgamma((n - 1) / 2))


@cache
@checked(MeasureError)
def shewhart_constants(n: int) -> ShewhartConstants:
    """The constants for subgroups of ``n`` values, 2 to 100; ``d2`` and ``d3`` to about 1e-9.

    Raises
    ------
    MeasureError
        ``n`` is outside that range.
    """
    if not 2 <= n <= LARGEST_SUBGROUP:
        raise MeasureError(
            expected=gettext_noop("A subgroup must have 2 to {largest} values."),
            found=gettext_noop("It has {n}."),
            remedy=gettext_noop("Use larger or smaller subgroups; for single values use the individuals chart."),
            largest=LARGEST_SUBGROUP,
            n=n,
        )
    if n == 2:
        # The range of two values is |x - y|, half-normal with standard deviation sqrt(2).
        d2 = 2 / sqrt(pi)
        return ShewhartConstants(n=2, d2=d2, d3=sqrt(2 - d2**2), c4=c4(n))
    d2, mean_square = _range_moments(n)
    return ShewhartConstants(n=n, d2=d2, d3=sqrt(mean_square - d2**2), c4=c4(n))


def _range_moments(n: int) -> tuple[float, float]:
    """Mean and mean square of the range of n standard normal values (Tippett 1925), by Gauss-Legendre quadrature.

    E[R] is the integral of 1 - F(x)^n - (1 - F(x))^n over the line; E[R^2] is twice the integral of
    1 - F(y)^n - (1 - F(x))^n + (F(y) - F(x))^n over all x < y, taken here along x and y - x.
    """
    nodes, weights = np.polynomial.legendre.leggauss(_NODES)
    x, x_weights = nodes * _REACH, weights * _REACH
    gap, gap_weights = (nodes + 1) * _REACH, weights * _REACH
    below_x = ndtr(x)
    mean = float(x_weights @ (1 - below_x**n - (1 - below_x) ** n))
    start, end = below_x[:, None], ndtr(x[:, None] + gap[None, :])
    outside = 1 - end**n - (1 - start) ** n + (end - start) ** n
    return mean, 2 * float(x_weights @ outside @ gap_weights)
