"""Charts that remember: EWMA and CUSUM add up small lasting changes that no single point shows.

Both start anew at each phase. A gap leaves what has been added up as it is. How often a design alarms by chance, and
how soon it finds a shift, is computed in :mod:`baton_analysis.measures.run_lengths`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from math import isfinite
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from baton_analysis.arguments import checked
from baton_analysis.drawing.plots import plot_chart
from baton_analysis.errors import MeasureError, gettext_noop
from baton_analysis.measures.charted_series import (
    Baselines,
    ControlChart,
    Flags,
    Floats,
    FrozenLimits,
    Label,
    Numbers,
    at_each_point,
    labels_for,
    limit_warnings,
    limits_of_phases,
    lines,
    mean_of,
    moving_ranges,
    phase_of_each,
    series_of,
)
from baton_analysis.measures.control_constants import shewhart_constants
from baton_analysis.readers.model import Notice

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_D2 = shewhart_constants(2).d2
_ON_THE_LINE = 1e-9  # standard deviations, as in the rules of charts: less is the rounding of floating-point numbers


@checked(MeasureError)
def ewma_chart(
    values: Sequence[float | None],
    *,
    sizes: Sequence[float | None] | None = None,
    weight: float = 0.2,
    width: float = 3.0,
    steady_state: bool = False,
    target: float | None = None,
    sigma: float | None = None,
    labels: Sequence[Label] | None = None,
    phases: Sequence[int] = (),
    baseline: Baselines = None,
) -> ControlChart:
    """Exponentially weighted moving average z_i = w x_i + (1 - w) z_(i-1), from z_0 = the target of the phase.

    Limits: target ± ``width`` times the standard deviation of z_i, which grows from w sigma to sigma sqrt(w / (2 - w))
    (Montgomery, section 9.2; NIST/SEMATECH e-Handbook 6.3.2.4). With means of different sizes the variance follows the
    same recursion, w² sigma²/n_i + (1 - w)² var(z_(i-1)).

    Parameters
    ----------
    values, labels, phases
        As for :func:`individuals_chart`; the chart's ``values`` are the averages z_i, NaN in a gap.
    sizes
        Of how many values each value is the mean; 1 if not given.
    weight, width
        Weight of the newest value, above 0 and up to 1; sigmas from target to limits. 0.1 with 2.703 and 0.2 with 2.86
        alarm by chance about once in 370 points.
    steady_state
        Limits as after many points from the start on.
    target, sigma
        Where they are known: mean and standard deviation of single values, in all phases. What is not given comes from
        the baseline, as on an individuals chart.
    baseline
        See :mod:`baton_analysis.measures.charted_series`; held limits of an individuals chart fit too.

    Raises
    ------
    MeasureError
        As for :func:`individuals_chart`, and for a weight, width, sigma or size outside its range.
    """
    _in_range("weight", weight, highest=1)
    _in_range("width", width)
    series = _Charted.of(values, sizes, phases)
    limits = series.limits("ewma", target, sigma, baseline)
    centre, spread = at_each_point(limits, series.phase)
    averages, deviation = np.full(len(centre), np.nan), np.full(len(centre), np.nan)
    for number, limit in enumerate(limits):
        here = np.flatnonzero((series.phase == number) & series.there)
        average = limit.centre
        # Of the average so far, in variances of a single value.
        variance = weight / (2 - weight) / series.sizes[here[0]] if steady_state and len(here) else 0.0
        for index in here:
            average = weight * series.values[index] + (1 - weight) * average
            variance = weight**2 / series.sizes[index] + (1 - weight) ** 2 * variance
            averages[index], deviation[index] = average, spread[index] * np.sqrt(variance)
    lcl, ucl = lines(centre, deviation, width=width)
    return ControlChart(
        method="ewma",
        labels=labels_for(labels, len(centre)),
        values=averages,
        sizes=None if sizes is None else series.sizes,
        centre=centre,
        sigma=deviation,
        lcl=lcl,
        ucl=ucl,
        phase=series.phase,
        limits=tuple(limits),
        warnings=_warnings(limits, target, sigma),
        width=width,
    )


Side = Literal["high", "low"]


@dataclass(frozen=True, slots=True)
class CusumSignal:
    """The first point at which a CUSUM passes its limit, and what it says about the change.

    Attributes
    ----------
    index, side
        The point (from 0), and "high" or "low".
    run
        N: the points with a value since the sum was last 0, this one included.
    begins
        Index of the first of them: the change most likely happened just before it.
    mean
        Estimate of the new mean: that of the values since then.
    """

    index: int
    side: Side
    run: int
    begins: int
    mean: float


@dataclass(frozen=True, eq=False)
class CusumChart(ControlChart):
    """The sums above the target (``method`` "cusum_high"); ``companion`` is the chart of the sums below it.

    ``values`` and ``ucl`` are in the unit of what was measured, centre and lower limit are 0. ``runs`` counts for each
    point the points since its sum was last 0; ``signals`` are the first alarms of each excursion, both sides, in order.
    """

    runs: Numbers = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    signals: tuple[CusumSignal, ...] = ()

    def __post_init__(self) -> None:
        super().__post_init__()
        self.runs.setflags(write=False)

    def plot(self, ax: Axes | None = None) -> Axes:
        """Both sums, that of falls below the line; see :class:`baton_analysis.results.Plottable`."""
        axes = super().plot(ax)
        if self.companion is None:
            return axes
        falls = self.companion
        return plot_chart(
            axes, labels=self.labels, values=-falls.values, centre=-falls.centre, lcl=-falls.ucl, ucl=-falls.lcl,
            phase=falls.phase, title="cusum",
        )  # fmt: skip

    def to_dict(self) -> dict[str, Any]:
        """As of any chart, with the signals; their indices count from 0."""
        return {**super().to_dict(), "signals": [asdict(signal) for signal in self.signals]}


@checked(MeasureError)
def cusum_chart(
    values: Sequence[float | None],
    *,
    sizes: Sequence[float | None] | None = None,
    reference: float = 0.5,
    decision: float = 5.0,
    head_start: float = 0.0,
    target: float | None = None,
    sigma: float | None = None,
    labels: Sequence[Label] | None = None,
    phases: Sequence[int] = (),
    baseline: Baselines = None,
) -> CusumChart:
    """Tabular CUSUM: C+_i = max(0, x_i - (target + K) + C+_(i-1)), and the same below, with the limit H.

    K = ``reference`` sigma and H = ``decision`` sigma (Montgomery, section 9.1). Of means of different sizes the
    standardised distances are added up: C+_i = max(0, sigma (z_i - reference) + C+_(i-1)) with z_i = (x_i - target)
    sqrt(n_i) / sigma, which for single values is the same. The sum goes on after an alarm.

    Parameters
    ----------
    values, sizes, target, sigma, labels, phases, baseline
        As for :func:`ewma_chart`.
    reference, decision
        k and h in sigmas: k is half the shift that is to be found soon; k 0.5 with h 4 alarms by chance once in 168
        points, with h 5 once in 465.
    head_start
        Sigmas from which both sums start (fast initial response: half of ``decision``), below ``decision``.

    Raises
    ------
    MeasureError
        As for :func:`ewma_chart`.
    """
    _in_range("reference", reference)
    _in_range("decision", decision)
    if not 0 <= head_start < decision:
        raise _out_of_range("head_start", head_start)
    series = _Charted.of(values, sizes, phases)
    limits = series.limits("cusum", target, sigma, baseline)
    names, warnings = labels_for(labels, len(series.values)), _warnings(limits, target, sigma)

    def one_side(side: Side) -> CusumChart:
        sums, runs = _sums(side, series, limits, reference, head_start)
        _, spread = at_each_point(limits, series.phase)
        limit = np.where(spread > 0, decision * spread, np.nan)
        return CusumChart(
            method=f"cusum_{side}",
            labels=names,
            values=sums,
            sizes=None if sizes is None else series.sizes,
            centre=np.zeros(len(sums)),
            sigma=spread,
            lcl=np.where(spread > 0, 0.0, np.nan),
            ucl=limit,
            phase=series.phase,
            limits=tuple(limits),
            warnings=warnings,
            width=decision,
            runs=runs,
            signals=_signals(side, sums > limit + _ON_THE_LINE * spread, runs, series),
        )

    high, low = one_side("high"), one_side("low")
    signals = sorted((*high.signals, *low.signals), key=lambda signal: signal.index)
    return replace(high, companion=low, signals=tuple(signals))


def _sums(
    side: Side, series: _Charted, limits: list[FrozenLimits], reference: float, head_start: float
) -> tuple[Floats, Numbers]:
    """Sums that never fall below 0, and for each point how many points they have been above it."""
    centre, spread = at_each_point(limits, series.phase)
    away = (series.values - centre) * np.sqrt(series.sizes)
    steps = (away if side == "high" else -away) - reference * spread
    sums, runs = np.full(len(steps), np.nan), np.zeros(len(steps), dtype=np.int64)
    total, run, phase = 0.0, 0, -1
    for index in np.flatnonzero(series.there):
        if series.phase[index] != phase:
            phase, total, run = int(series.phase[index]), head_start * float(spread[index]), 0
        total = max(0.0, total + float(steps[index]))
        run = run + 1 if total > 0 else 0
        sums[index], runs[index] = total, run
    return sums, runs


def _signals(side: Side, beyond: Flags, runs: Numbers, series: _Charted) -> tuple[CusumSignal, ...]:
    """The first alarm of each excursion from 0."""
    there = np.flatnonzero(series.there)
    found: dict[int, CusumSignal] = {}
    for position, index in enumerate(there):
        if beyond[index]:
            since = there[position - runs[index] + 1 : position + 1]
            mean = float(np.average(series.values[since], weights=series.sizes[since]))
            found.setdefault(int(since[0]), CusumSignal(int(index), side, int(runs[index]), int(since[0]), mean))
    return tuple(found.values())


@dataclass(frozen=True, eq=False, slots=True)
class _Charted:
    """Values with their sizes and phases; where a value or its size is not there, ``there`` is False."""

    values: Floats
    sizes: Floats
    phase: Numbers
    there: Flags

    @classmethod
    def of(
        cls, values: Sequence[float | None], sizes: Sequence[float | None] | None, phases: Sequence[int]
    ) -> _Charted:
        series = series_of(values)
        size = np.ones(len(series)) if sizes is None else series_of(sizes)
        if len(size) != len(series):
            raise MeasureError(
                expected=gettext_noop("Each mean needs the number of values behind it."),
                found=gettext_noop("There are {means} means and {sizes} numbers."),
                remedy=gettext_noop("Give both for each point."),
                means=len(series),
                sizes=len(size),
            )
        if (size < 0).any():
            raise MeasureError(
                expected=gettext_noop("Each mean needs the number of values behind it."),
                found=gettext_noop("It is {given}."),
                remedy=gettext_noop("Correct this point."),
                given=float(size[np.argmax(size < 0)]),
            )
        there = ~np.isnan(series) & (size > 0)
        return cls(
            np.where(there, series, np.nan), np.where(there, size, np.nan), phase_of_each(len(series), phases), there
        )

    def limits(self, method: str, target: float | None, sigma: float | None, baseline: Baselines) -> list[FrozenLimits]:
        """For each phase target and standard deviation of single values, given, held or estimated."""
        if sigma is not None:
            _in_range("sigma", sigma)
        if target is not None and not isfinite(target):
            raise _out_of_range("target", target)
        # A mean of n values differs from its neighbour's mean with the variance sigma² (1/n + 1/m).
        scale = np.full(len(self.values), np.nan)
        scale[1:] = np.sqrt((1 / self.sizes[1:] + 1 / self.sizes[:-1]) / 2)
        ranges = moving_ranges(self.values, self.phase) / scale

        def compute(used: Flags, _number: int) -> FrozenLimits:
            centre = float(np.average(self.values[used], weights=self.sizes[used]))
            return FrozenLimits(method, centre, mean_of(ranges[used]) / _D2, int(used.sum()))

        found = limits_of_phases(self.values, self.phase, baseline, methods=["i", method], compute=compute)
        return [
            FrozenLimits(
                method, limit.centre if target is None else target, limit.spread if sigma is None else sigma, limit.n
            )
            for limit in found
        ]


def _warnings(limits: list[FrozenLimits], target: float | None, sigma: float | None) -> tuple[Notice, ...]:
    """None about limits that do not come from the points."""
    return () if target is not None and sigma is not None else limit_warnings(limits)


def _in_range(name: str, value: float, highest: float = np.finfo(np.float64).max) -> None:
    if not 0 < value <= highest:
        raise _out_of_range(name, value)


def _out_of_range(name: str, value: float) -> MeasureError:
    return MeasureError(
        expected=gettext_noop(
            "A chart with memory needs a weight above 0 and up to 1; width, reference, decision and sigma above 0; a "
            "head start of at least 0 and below the decision limit."
        ),
        found=gettext_noop("The {name} is {value}."),
        remedy=gettext_noop("Usual are weight 0.2 with width 2.86, and reference 0.5 with decision 5."),
        name=name,
        value=value,
    )
