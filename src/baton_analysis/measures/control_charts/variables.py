"""Charts of measured values: single ones with moving ranges, subgroups with ranges or standard deviations, controls."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf, isfinite

import numpy as np

from baton_analysis.arguments import checked
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
from baton_analysis.measures.control_constants import c4, shewhart_constants
from baton_analysis.measures.inputs import numbers_of
from baton_analysis.readers.model import Notice

_D2 = shewhart_constants(2).d2
_RANGE_SIGMA = shewhart_constants(2).d3 / _D2

ENOUGH_RESULTS = 20
"""With fewer results than this the mean and standard deviation of a control material are called provisional."""

Subgroup = Sequence[float | None]


@checked(MeasureError)
def individuals_chart(
    values: Sequence[float | None],
    *,
    labels: Sequence[Label] | None = None,
    phases: Sequence[int] = (),
    baseline: Baselines = None,
) -> ControlChart:
    """Individuals chart with its moving-range chart as ``companion`` (I-MR, ranges of two neighbours).

    Centre: mean of the values; sigma: mean moving range / d2, d2 = 2/sqrt(pi) exactly; limits: centre ± 3 sigma
    (Montgomery, Introduction to Statistical Quality Control, section 6.4; NIST/SEMATECH e-Handbook 6.3.2.2). Moving
    ranges: centre MR-bar, upper limit D4 MR-bar, lower limit 0.

    Parameters
    ----------
    values
        In order of time; None is a gap.
    labels
        What stands under each point; 1, 2, 3 ... if not given.
    phases
        Indices (from 0) at which a new phase starts; 0 is implied.
    baseline
        See :mod:`baton_analysis.measures.charted_series`.

    Raises
    ------
    MeasureError
        Nothing to chart, values that are not finite, labels or phases that do not fit, or limits of another method.
    """
    series = series_of(values)
    phase = phase_of_each(len(series), phases)
    ranges = moving_ranges(series, phase)

    def compute(used: Flags, _number: int) -> FrozenLimits:
        # A range belongs to the later of its two points: both lie in the baseline if the later one does.
        return FrozenLimits("i", mean_of(series[used]), mean_of(ranges[used]) / _D2, int(used.sum()))

    limits = limits_of_phases(series, phase, baseline, methods=["i"], compute=compute)
    names = labels_for(labels, len(series))
    _, sigma = at_each_point(limits, phase)
    return _single_values("i", series, phase, names, limits, _range_chart(ranges, sigma * _D2, phase, names, limits))


@checked(MeasureError)
def levey_jennings_chart(
    values: Sequence[float | None],
    *,
    mean: float | None = None,
    sd: float | None = None,
    labels: Sequence[Label] | None = None,
    phases: Sequence[int] = (),
    baseline: Baselines = None,
) -> ControlChart:
    """Levey-Jennings chart of one control material: its results around their mean, in standard deviations.

    Centre and sigma are ``mean`` and ``sd`` where both are given (an assigned value, or what a longer time has shown);
    otherwise mean and standard deviation (n - 1) of the baseline, not the moving range as on an individuals chart
    (Levey & Jennings 1950, American Journal of Clinical Pathology 20: 1059-1066; Westgard et al. 1981, Clinical
    Chemistry 27: 493-501). A new lot of the material is a new phase; a mean and sd that are given hold in all phases.
    Other parameters and errors: see :func:`individuals_chart`.
    """
    series = series_of(values)
    phase = phase_of_each(len(series), phases)
    if (mean is None) != (sd is None) or (
        mean is not None and sd is not None and not (isfinite(mean) and 0 < sd < inf)
    ):
        raise MeasureError(
            expected=gettext_noop("An assigned mean needs its standard deviation, above 0."),
            found=gettext_noop("The mean is {mean}, the standard deviation {sd}."),
            remedy=gettext_noop("Give both, or neither: they are then taken from the baseline."),
            mean="-" if mean is None else mean,
            sd="-" if sd is None else sd,
        )

    def compute(used: Flags, _number: int) -> FrozenLimits:
        n = int(used.sum())
        if mean is not None and sd is not None:
            return FrozenLimits("lj", mean, sd, n)
        return FrozenLimits("lj", mean_of(series[used]), float(series[used].std(ddof=1)) if n > 1 else float("nan"), n)

    own = None if mean is not None and isinstance(baseline, FrozenLimits) else baseline
    limits = limits_of_phases(series, phase, own, methods=["lj"], compute=compute)
    warned = limit_warnings(limits, ENOUGH_RESULTS) if mean is None else ()
    return _single_values("lj", series, phase, labels_for(labels, len(series)), limits, None, warned)


@checked(MeasureError)
def xbar_r_chart(
    subgroups: Sequence[Subgroup | None],
    *,
    labels: Sequence[Label] | None = None,
    phases: Sequence[int] = (),
    baseline: Baselines = None,
) -> ControlChart:
    """Means of subgroups, with the chart of their ranges as ``companion`` (X̄-R).

    Centre: mean of all values; sigma of single values: mean of R_i / d2(n_i), which for subgroups of one size is
    R-bar / d2; limits: centre ± 3 sigma / sqrt(n_i) = centre ± A2 R-bar. Ranges: centre d2(n_i) sigma, limits D3 and D4
    times that (Montgomery, section 6.2; subgroups of different sizes as R qcc's "UWAVE-R").

    Parameters
    ----------
    subgroups
        In order of time; each holds the values measured together. A value None is left out; a subgroup None or without
        values is a gap; one of a single value has a mean and no range. At most 100 values: else :func:`xbar_s_chart`.
    labels, phases, baseline
        As for :func:`individuals_chart`. A baseline of k means k subgroups.

    Raises
    ------
    MeasureError
        As for :func:`individuals_chart`, and for a subgroup of more than 100 values.
    """
    return _subgroup_chart(RANGES, subgroups, labels, phases, baseline)


@checked(MeasureError)
def xbar_s_chart(
    subgroups: Sequence[Subgroup | None],
    *,
    labels: Sequence[Label] | None = None,
    phases: Sequence[int] = (),
    baseline: Baselines = None,
) -> ControlChart:
    """Means of subgroups, with the chart of their standard deviations as ``companion`` (X̄-S), of any size.

    Sigma of single values: mean of s_i / c4(n_i), which for subgroups of one size is s-bar / c4; limits: centre ± 3
    sigma / sqrt(n_i) = centre ± A3 s-bar. Standard deviations: centre c4(n_i) sigma, limits B3 and B4 times that
    (Montgomery, section 6.3; subgroups of different sizes as R qcc's "UWAVE-SD"). Parameters and errors: see
    :func:`xbar_r_chart`.
    """
    return _subgroup_chart(DEVIATIONS, subgroups, labels, phases, baseline)


@dataclass(frozen=True, slots=True)
class Spread:
    """How a chart of subgroups measures the spread within them: its own name and that of its companion."""

    method: str
    companion: str

    def of(self, values: Floats) -> float:
        """Range or standard deviation of one subgroup; NaN of a single value."""
        if len(values) < 2:
            return float("nan")
        return float(np.ptp(values)) if self.companion == "r" else float(values.std(ddof=1))

    def mean_and_sigma(self, size: int) -> tuple[float, float]:
        """Of the spread of ``size`` standard normal values."""
        if size < 2:
            return float("nan"), float("nan")
        if self.companion == "r":
            constants = shewhart_constants(size)
            return constants.d2, constants.d3
        return c4(size), float(np.sqrt(1 - c4(size) ** 2))


RANGES = Spread("xbar_r", "r")
DEVIATIONS = Spread("xbar_s", "s")


def _subgroup_chart(
    kind: Spread,
    subgroups: Sequence[Subgroup | None],
    labels: Sequence[Label] | None,
    phases: Sequence[int],
    baseline: Baselines,
) -> ControlChart:
    groups = [_values_of(group, number) for number, group in enumerate(subgroups, start=1)]
    sizes = np.array([len(group) for group in groups], dtype=np.float64)
    means = series_of([float(group.mean()) if len(group) else None for group in groups])
    spreads = np.array([kind.of(group) for group in groups], dtype=np.float64)
    expected, deviation = np.array([kind.mean_and_sigma(len(group)) for group in groups], dtype=np.float64).T
    phase = phase_of_each(len(means), phases)

    def compute(used: Flags, _number: int) -> FrozenLimits:
        centre = float(np.average(means[used], weights=sizes[used]))
        return FrozenLimits(kind.method, centre, mean_of(spreads[used] / expected[used]), int(used.sum()))

    limits = limits_of_phases(means, phase, baseline, methods=[kind.method], compute=compute)
    names = labels_for(labels, len(means))
    centres, sigma = at_each_point(limits, phase)
    of_mean = np.divide(sigma, np.sqrt(sizes), out=np.full(len(sizes), np.nan), where=sizes > 0)
    lcl, ucl = lines(centres, of_mean)
    companion = _spread_chart(kind, spreads, expected * sigma, deviation * sigma, sizes, phase, names, limits)
    return ControlChart(
        method=kind.method,
        labels=names,
        values=means,
        sizes=sizes,
        centre=centres,
        sigma=of_mean,
        lcl=lcl,
        ucl=ucl,
        phase=phase,
        limits=tuple(limits),
        warnings=(*_spread_warnings(limits), *_different_sizes(sizes)),
        companion=companion,
    )


def _values_of(group: Subgroup | None, number: int) -> Floats:
    """The values of a subgroup that are there."""
    values = numbers_of(() if group is None else group)
    if np.isinf(values).any():
        raise MeasureError(
            expected=gettext_noop("Values of a subgroup must be finite numbers."),
            found=gettext_noop("Subgroup {subgroup} holds an infinite one."),
            remedy=gettext_noop("Correct this value, or leave it out."),
            subgroup=number,
        )
    return values[~np.isnan(values)]


def _spread_chart(
    kind: Spread,
    values: Floats,
    centre: Floats,
    sigma: Floats,
    sizes: Floats,
    phase: Numbers,
    labels: tuple[Label, ...],
    of: list[FrozenLimits],
) -> ControlChart:
    lcl, ucl = lines(centre, sigma, lowest=0.0)
    usual = int(np.median(sizes[sizes > 1])) if (sizes > 1).any() else 0
    mean, deviation = kind.mean_and_sigma(usual)
    return ControlChart(
        method=kind.companion,
        labels=labels,
        values=values,
        sizes=sizes,
        centre=centre,
        sigma=sigma,
        lcl=lcl,
        ucl=ucl,
        phase=phase,
        limits=tuple(
            FrozenLimits(kind.companion, mean * limit.spread, deviation * limit.spread, limit.n) for limit in of
        ),
    )


def _spread_warnings(limits: list[FrozenLimits]) -> tuple[Notice, ...]:
    """As of any chart, but spread comes from within subgroups here."""
    known = [limit for limit in limits if not np.isnan(limit.spread) and limit.spread != 0]
    warnings = list(limit_warnings([FrozenLimits(limit.method, limit.centre, 1.0, limit.n) for limit in limits]))
    if len(known) < len(limits):
        warnings.append(
            Notice(
                message=gettext_noop(
                    "No limits: the values within the subgroups of the baseline do not differ, or each subgroup holds "
                    "one value. Points that differ are marked and raise no alarm."
                )
            )
        )
    return tuple(warnings)


def _different_sizes(sizes: Floats) -> tuple[Notice, ...]:
    there = sizes[sizes > 0]
    if not len(there) or there.max() <= 2 * there.min():
        return ()
    return (
        Notice(
            message=gettext_noop("Subgroups hold {smallest} to {largest} values: each point has limits of its own."),
            values={"smallest": int(there.min()), "largest": int(there.max())},
        ),
    )


def _single_values(
    method: str,
    series: Floats,
    phase: Numbers,
    labels: tuple[Label, ...],
    limits: list[FrozenLimits],
    companion: ControlChart | None,
    warnings: tuple[Notice, ...] | None = None,
) -> ControlChart:
    centre, sigma = at_each_point(limits, phase)
    lcl, ucl = lines(centre, sigma)
    return ControlChart(
        method=method,
        labels=labels,
        values=series,
        sizes=None,
        centre=centre,
        sigma=sigma,
        lcl=lcl,
        ucl=ucl,
        phase=phase,
        limits=tuple(limits),
        warnings=limit_warnings(limits) if warnings is None else warnings,
        companion=companion,
    )


def _range_chart(
    ranges: Floats, mean_range: Floats, phase: Numbers, labels: tuple[Label, ...], of: list[FrozenLimits]
) -> ControlChart:
    sigma = _RANGE_SIGMA * mean_range
    _, ucl = lines(mean_range, sigma)
    return ControlChart(
        method="mr",
        labels=labels,
        values=ranges,
        sizes=None,
        centre=mean_range,
        sigma=sigma,
        lcl=np.zeros(len(ranges)),
        ucl=ucl,
        phase=phase,
        limits=tuple(
            FrozenLimits("mr", limit.spread * _D2, _RANGE_SIGMA * limit.spread * _D2, limit.n) for limit in of
        ),
    )
