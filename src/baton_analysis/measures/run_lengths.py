"""Average run lengths: after how many points a chart alarms, by chance and after a shift of the mean.

For independent normal values with known mean and standard deviation. Shifts are in standard deviations of what is
charted; the run is counted from the first point after the shift, with the chart at its start (zero state).

CUSUM and EWMA follow an integral equation for the average run length from each state of the chart, solved here with
Gauss-Legendre nodes (Page 1954, Biometrika 41: 100-115; Crowder 1987, Technometrics 29: 401-407). Two one-sided CUSUMs
are combined by 1/L = 1/L+ + 1/L- (Kemp 1961; exact where both cannot be above 0.5 h at once, and in practice always).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import exp, sqrt
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr

from baton_analysis.arguments import checked
from baton_analysis.errors import MeasureError, gettext_noop
from baton_analysis.readers.model import Notice
from baton_analysis.results import Result

VERSION = "1"

Sides = Literal["one", "two"]
Floats = npt.NDArray[np.float64]

_FEWEST_NODES = 60
_MOST_NODES = 600
_SIEGMUND_OVERSHOOT = 1.166
_SLOW = 1e5
_SOLVABLE = 1e12  # longer ones are lost in the rounding of the linear equations


@dataclass(frozen=True, slots=True)
class AverageRunLength(Result):
    """After how many points, on average, a chart alarms.

    Attributes
    ----------
    chart
        "shewhart", "cusum" or "ewma".
    method
        "exact", "integral_equation" or "siegmund".
    average
        Points up to and including the first alarm.
    shift
        Of the mean, in standard deviations; 0: ``average`` is the time between false alarms.
    n
        Nodes of the numerical solution; 0 for formulas.
    """

    chart: str
    method: str
    average: float
    shift: float
    n: int = 0
    warnings: tuple[Notice, ...] = ()
    version: str = VERSION

    def __float__(self) -> float:
        return self.average

    @property
    def alarms_per_point(self) -> float:
        """Share of points at which a new alarm comes: with shift 0 the false alarms that one chart adds a point."""
        return 1 / self.average

    def to_dict(self) -> dict[str, Any]:
        """As plain values for JSON; None for an average that is not finite."""
        return {
            "chart": self.chart,
            "method": self.method,
            "version": self.version,
            "average": self.average if np.isfinite(self.average) else None,
            "shift": self.shift,
            "n": self.n,
            "warnings": [warning.render() for warning in self.warnings],
        }


@checked(MeasureError)
def shewhart_run_length(shift: float = 0.0, *, width: float = 3.0) -> AverageRunLength:
    """Of the rule "one point beyond ``width`` sigma": 1 / P(beyond). Montgomery, section 5.3.4: 370 at 3 sigma."""
    _demand(bool(np.isfinite(shift)), "shift", shift)
    _demand(0 < width < 12, "width", width)
    beyond = float(ndtr(-width - shift) + ndtr(shift - width))
    return _answer("shewhart", "exact", 1 / beyond, shift, 0)


@checked(MeasureError)
def cusum_run_length(
    shift: float = 0.0,
    *,
    reference: float = 0.5,
    decision: float = 5.0,
    head_start: float = 0.0,
    sides: Sides = "two",
) -> AverageRunLength:
    """Of a tabular CUSUM, by its integral equation.

    L(u) = 1 + F(k - u - d) L(0) + integral over 0..h of f(x + k - u - d) L(x) dx, with shift d, reference k, decision h
    (all in sigmas). With ``sides`` "one" only the sum towards a positive shift is watched.

    Raises
    ------
    MeasureError
        ``reference`` or ``decision`` is not above 0, or ``head_start`` lies outside 0 ... ``decision``.
    """
    _demand_cusum(shift, reference, decision, head_start)
    nodes = _nodes_for(decision)

    def one_side(d: float) -> float:
        return _run_length_above_zero(reference - d, decision, head_start, nodes)

    if sides == "one":
        return _answer("cusum", "integral_equation", one_side(shift), shift, nodes)
    # With head start u each side's length is reduced alike: L = (L+(u) L-(0) + L-(u) L+(0) - L+(0) L-(0))
    # / (L+(0) + L-(0)), Lucas & Crosier 1982, Technometrics 24: 199-205.
    up, down = one_side(shift), one_side(-shift)
    up0, down0 = (
        (_run_length_above_zero(reference - d, decision, 0.0, nodes) if head_start else full)
        for d, full in ((shift, up), (-shift, down))
    )
    if np.isinf(max(up0, down0)):  # one side never alarms: the other decides alone
        return _answer("cusum", "integral_equation", min(up, down), shift, nodes)
    share_up, share_down = up0 / (up0 + down0), down0 / (up0 + down0)
    average = up * share_down + down * share_up - up0 * share_down
    return _answer("cusum", "integral_equation", average, shift, nodes)


@checked(MeasureError)
def cusum_run_length_siegmund(
    shift: float = 0.0, *, reference: float = 0.5, decision: float = 5.0, sides: Sides = "two"
) -> AverageRunLength:
    """Of a tabular CUSUM by Siegmund's approximation, within a few percent (Siegmund 1985; Montgomery, section 9.1.3).

    (exp(-2 D b) + 2 D b - 1) / (2 D²) with D = d - k and b = h + 1.166; b² where D is 0. Errors: see
    :func:`cusum_run_length`.
    """
    _demand_cusum(shift, reference, decision, 0.0)
    b = decision + _SIEGMUND_OVERSHOOT

    def one_side(d: float) -> float:
        drift = d - reference
        if abs(drift) < 1e-6:
            return b**2
        # Beyond this exponent the length is astronomically large, and exp would overflow.
        return (exp(min(-2 * drift * b, 700.0)) + 2 * drift * b - 1) / (2 * drift**2)

    up = one_side(shift)
    average = up if sides == "one" else 1 / (1 / up + 1 / one_side(-shift))
    return _answer("cusum", "siegmund", average, shift, 0)


@checked(MeasureError)
def ewma_run_length(shift: float = 0.0, *, weight: float = 0.2, width: float = 3.0) -> AverageRunLength:
    """Of a two-sided EWMA with its limits as after many points, by its integral equation (Crowder 1987).

    L(u) = 1 + 1/w integral over -c..c of f((y - (1 - w) u) / w - d) L(y) dy, with c = width sqrt(w / (2 - w)).

    Raises
    ------
    MeasureError
        ``weight`` is not above 0 and up to 1, or ``width`` is not above 0.
    """
    _demand(bool(np.isfinite(shift)), "shift", shift)
    _demand(0 < weight <= 1, "weight", weight)
    _demand(0 < width < 12, "width", width)
    if weight == 1:
        return _answer("ewma", "exact", shewhart_run_length(shift, width=width).average, shift, 0)
    limit = width * sqrt(weight / (2 - weight))
    nodes = _nodes_for(2 * limit / weight)
    y, weights = _legendre(-limit, limit, nodes)

    def kernel(u: Floats) -> Floats:
        return _density((y[None, :] - (1 - weight) * u[:, None]) / weight - shift) / weight * weights[None, :]

    lengths = _solved(kernel, y)
    average = 1 + float((kernel(np.zeros(1)) @ lengths)[0])
    return _answer("ewma", "integral_equation", average, shift, nodes)


def _run_length_above_zero(drift: float, decision: float, start: float, nodes: int) -> float:
    """Of one CUSUM with steps N(-drift, 1) from ``start``. The state 0 has weight of its own beside the nodes."""
    x, weights = _legendre(0.0, decision, nodes)
    states = np.concatenate([[0.0], x])

    def kernel(u: Floats) -> Floats:
        to_zero = ndtr(drift - u)[:, None]
        return np.hstack([to_zero, _density(x[None, :] + drift - u[:, None]) * weights[None, :]])

    lengths = _solved(kernel, states)
    return _told(1 + float((kernel(np.array([start])) @ lengths)[0]))


def _told(average: float) -> float:
    """A run length that the equations can tell; infinite where rounding has swallowed it."""
    return average if 1 <= average <= _SOLVABLE else float("inf")


def _solved(kernel: Callable[[Floats], Floats], states: Floats) -> Floats:
    """Run length from each state: L = 1 + K L; NaN where the chart never leaves its limits."""
    try:
        lengths = np.linalg.solve(np.eye(len(states)) - kernel(states), np.ones(len(states)))
    except np.linalg.LinAlgError:
        lengths = np.full(len(states), np.nan)
    return np.asarray(lengths, dtype=np.float64)


def _legendre(low: float, high: float, nodes: int) -> tuple[Floats, Floats]:
    x, weights = np.polynomial.legendre.leggauss(nodes)
    return (x + 1) / 2 * (high - low) + low, weights * (high - low) / 2


def _nodes_for(widths: float) -> int:
    """Enough nodes for a range that is that many widths of the kernel."""
    return int(min(max(_FEWEST_NODES, 6 * widths), _MOST_NODES))


def _density(x: Floats) -> Floats:
    return np.asarray(np.exp(-(x**2) / 2) / sqrt(2 * np.pi), dtype=np.float64)


def _answer(chart: str, method: str, average: float, shift: float, nodes: int) -> AverageRunLength:
    warnings: tuple[Notice, ...] = ()
    average = _told(average)
    if average > _SLOW:
        warnings = (
            Notice(
                message=gettext_noop(
                    "So long a run rests on the far tail of the normal law, which real values do not follow: take it "
                    "as “very long”."
                )
            ),
        )
    return AverageRunLength(chart, method, average, shift, nodes, warnings)


def _demand_cusum(shift: float, reference: float, decision: float, head_start: float) -> None:
    _demand(bool(np.isfinite(shift)), "shift", shift)
    _demand(0 <= reference < 10, "reference", reference)
    _demand(0 < decision < 100, "decision", decision)
    _demand(0 <= head_start < decision, "head_start", head_start)


def _demand(fits: bool, name: str, value: float) -> None:
    if not fits:
        raise MeasureError(
            expected=gettext_noop(
                "A run length needs a finite shift; a weight above 0 and up to 1; a width above 0 and below 12; a "
                "reference of 0 to 10; a decision limit above 0 and below 100; a head start of at least 0 and below "
                "that limit."
            ),
            found=gettext_noop("The {name} is {value}."),
            remedy=gettext_noop("Usual are weight 0.2 with width 2.86, and reference 0.5 with decision 5."),
            name=name,
            value=value,
        )
