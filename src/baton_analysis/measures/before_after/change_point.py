"""Change point: since when is the level of a series another one, if nobody knows the date?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import ceil, floor, sqrt
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.optimize import brentq
from scipy.special import erfcx, ndtr

from baton_analysis.arguments import checked
from baton_analysis.drawing.comparisons import label_points, plot_step
from baton_analysis.errors import MeasureError, gettext_noop
from baton_analysis.measures.before_after.comparison import VERSION, Floats, demand_settings
from baton_analysis.measures.before_after.regression import lag_one
from baton_analysis.measures.inputs import numbers_of
from baton_analysis.readers.model import Notice
from baton_analysis.results import Result

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_PERMUTATIONS = 1999
_FARTHEST = 1e4
_AT_ONCE = 200_000


@dataclass(frozen=True, slots=True)
class ChangePoint(Result):
    """One change of level.

    Attributes
    ----------
    point
        The first point of the new level, counted from 0; ``label`` is what stands under it. (Other programs name the
        point before it, the last of the old level.)
    interval
        First and last point at which the new level may have begun, counted from 0, with ``confidence``; wide where the
        step is small beside the scatter.
    before, after
        Mean of each level.
    p
        Probability of as clear a change, wherever it lies, in a series without one whose points may stand in any order.
    values, names
        The series, and what stands under its points.
    found
        Whether p is up to ``alpha``. If not, the point is the best guess at something that may not be there.
    """

    point: int
    label: Any
    interval: tuple[int, int]
    labels: tuple[Any, Any]
    before: float
    after: float
    n_before: int
    n_after: int
    p: float
    found: bool
    alpha: float
    confidence: float
    values: Floats = field(repr=False, compare=False)
    names: tuple[Any, ...] = field(repr=False, compare=False)
    method: str = "least_squares_level_shift"
    warnings: tuple[Notice, ...] = ()
    version: str = VERSION

    @property
    def n(self) -> int:
        return self.n_before + self.n_after

    def to_dict(self) -> dict[str, Any]:
        """As plain values for JSON: dates as ISO text."""
        plain = ("method", "version", "n", "point", "before", "after", "n_before", "n_after", "p", "found", "alpha")
        return {
            **{name: getattr(self, name) for name in (*plain, "confidence")},
            "label": _text(self.label),
            "interval": list(self.interval),
            "labels": [_text(label) for label in self.labels],
            "warnings": [warning.render() for warning in self.warnings],
        }

    def plot(self, ax: Axes | None = None) -> Axes:
        """The series with both levels, and a band where the new one may have begun; see
        :class:`baton_analysis.results.Plottable`."""
        levels = (self.before, self.after)
        axes = plot_step(ax, values=self.values, point=self.point, levels=levels, span=self.interval)
        label_points(axes, self.names)
        return axes


@checked(MeasureError)
def change_point(
    values: Sequence[float],
    *,
    labels: Sequence[Any] | None = None,
    shortest: float = 0.15,
    alpha: float = 0.05,
    confidence: float = 0.95,
    seed: int = 0,
) -> ChangePoint:
    """The point from which on another mean fits best, by least squares.

    Interval: Bai (1997), Review of Economics and Statistics 79: 551-563, with a variance for each level, as R
    strucchange. p: the largest F of all possible points, among those of 1,999 random orders of the values.

    Parameters
    ----------
    labels
        What stands under each point; by default its number from 0.
    shortest
        Neither level may be shorter than this share of the series.
    seed
        Of the random orders: the same seed gives the same p.

    Raises
    ------
    MeasureError
        Fewer than 10 values, values that are not finite or do not vary, or settings that do not fit.
    """
    demand_settings("two_sided", confidence)
    series = numbers_of(values)
    names = tuple(range(len(series))) if labels is None else tuple(labels)
    _demand(series, names, shortest, alpha, seed)
    least = max(2, floor(len(series) * shortest))
    gains = _gains(series[None, :] - series.mean(), least)[0]
    point = least + int(np.argmax(gains))
    one, other = series[:point], series[point:]
    p = _by_permutation(series, float(gains.max()), least, seed)
    low, high = _interval(one, other, confidence)
    first, last = max(0, point + low), min(len(series) - 1, point + high)
    residuals = np.concatenate([one - one.mean(), other - other.mean()])
    return ChangePoint(
        point=point,
        label=names[point],
        interval=(first, last),
        labels=(names[first], names[last]),
        before=float(one.mean()),
        after=float(other.mean()),
        n_before=len(one),
        n_after=len(other),
        p=p,
        found=p <= alpha,
        alpha=alpha,
        confidence=confidence,
        values=series,
        names=names,
        warnings=_warnings(residuals, p, alpha),
    )


def _gains(centred: Floats, least: int) -> Floats:
    """How much of the sum of squares a step before each possible point takes away; a row for each series, mean 0."""
    points = centred.shape[1]
    begins = np.arange(least, points - least + 1)
    total = np.cumsum(centred, axis=1)[:, begins - 1]
    return np.asarray(total**2 * (1 / begins + 1 / (points - begins)), dtype=np.float64)


def _by_permutation(series: Floats, gain: float, least: int, seed: int) -> float:
    chance = np.random.default_rng(seed)
    centred = series - series.mean()
    larger, left = 0, _PERMUTATIONS
    while left:
        rows = min(left, max(1, _AT_ONCE // len(series)))
        orders = chance.permuted(np.broadcast_to(centred, (rows, len(series))), axis=1)
        larger += int((_gains(orders, least).max(axis=1) >= gain * (1 - 1e-12)).sum())
        left -= rows
    return (larger + 1) / (_PERMUTATIONS + 1)


def _interval(one: Floats, other: Floats, confidence: float) -> tuple[int, int]:
    """How many points before and after the one found the true one may lie."""
    tail = (1 - confidence) / 2
    variance, later = float(one.var()), float(other.var())
    step = float(other.mean() - one.mean()) ** 2
    if variance == 0 or later == 0:
        return 0, 0
    ratio = later / variance

    def off(x: float, wanted: float) -> float:
        return _distribution(x, ratio) - wanted

    low = brentq(off, -_FARTHEST, -1e-9, args=(tail,)) if off(-1e-9, tail) > 0 else 0.0
    # A level that scatters more reaches farther.
    farthest = _FARTHEST * max(1.0, ratio)
    high = brentq(off, 1e-9, farthest, args=(1 - tail,)) if off(1e-9, 1 - tail) < 0 else 0.0
    # The law is that of the point found less the true one: what it may be too late by, the true one may be earlier.
    return -ceil(float(high) * variance / step), -floor(float(low) * variance / step)


def _distribution(x: float, ratio: float) -> float:
    """Distribution of where a two-sided Brownian motion with a drift to both sides has its maximum (Bai 1997, appendix
    B); variance ``ratio`` after the origin against 1 before it.
    """
    if x < 0:
        return _before(-x, ratio)
    # Seen from the other end of time the variances change places, and time passes ``ratio`` times as slowly.
    return 1 - _before(x / ratio, 1 / ratio)


def _before(x: float, ratio: float) -> float:
    """Probability that the maximum lies more than ``x`` before the origin."""
    root = sqrt(x)
    density = root * np.exp(-x / 8) / sqrt(2 * np.pi)
    # exp((1 + 1/ratio) x / (2 ratio)) times the normal tail beyond (0.5 + 1/ratio) root, of which the large exponents
    # cancel out.
    steep = np.exp(-x / 8) * erfcx((0.5 + 1 / ratio) * root / sqrt(2)) / 2
    straight = (x / 2 - 2 + (ratio + 2) ** 2 / (ratio + 1)) * ndtr(-root / 2)
    return float(straight - density - ratio * (ratio + 2) / (ratio + 1) * steep)


def _warnings(residuals: Floats, p: float, alpha: float) -> tuple[Notice, ...]:
    warnings = []
    if p > alpha:
        nothing = gettext_noop("No change is shown: the point is a guess.")
        warnings.append(Notice(nothing))
    strength = lag_one(residuals, np.arange(len(residuals)))
    if strength > 2 / sqrt(len(residuals)):
        chained = gettext_noop(
            "Neighbouring points depend on each other (autocorrelation {strength}): a slow drift looks like a step, and"
            " p is too small."
        )
        warnings.append(Notice(chained, values={"strength": f"{strength:.2f}"}))
    return tuple(warnings)


def _demand(series: Floats, names: tuple[Any, ...], shortest: float, alpha: float, seed: int) -> None:
    enough = series.ndim == 1 and len(series) >= 10 and len(names) == len(series)
    if not enough or not np.isfinite(series).all() or np.ptp(series) == 0:
        raise MeasureError(
            expected=gettext_noop("A change point is looked for among 10 finite values or more that vary, with a label"
                                  " each."),
            found=gettext_noop("Values: {values}, labels: {labels}, not finite: {wrong}."),
            remedy=gettext_noop("Take a longer series, and leave out what was not measured."),
            values=series.size,
            labels=len(names),
            wrong=int((~np.isfinite(series)).sum()),
        )  # fmt: skip
    if not 0 < shortest < 0.5 or not 0 < alpha < 1 or seed < 0:
        raise MeasureError(
            expected=gettext_noop(
                "The shortest level is a share between 0 and 0.5; alpha lies between 0 and 1; the seed is 0 or more."
            ),
            found=gettext_noop("Shortest: {shortest}, alpha: {alpha}, seed: {seed}."),
            remedy=gettext_noop("Usual are 0.15, 0.05 and 0."),
            shortest=shortest,
            alpha=alpha,
            seed=seed,
        )


def _text(label: Any) -> Any:
    return label.isoformat() if hasattr(label, "isoformat") else label
