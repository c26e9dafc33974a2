"""Charts of many series of measured values: single ones, and subgroups."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from baton_analysis.arguments import checked
from baton_analysis.errors import MeasureError
from baton_analysis.measures.charted_series import Flags, Floats, Numbers, lines, phase_of_each
from baton_analysis.measures.control_charts.many.model import ManyCharts
from baton_analysis.measures.control_charts.many.tables import (
    each_point,
    mean_of_rows,
    parts_of,
    table_of,
    used_of,
    without_limits,
)
from baton_analysis.measures.control_charts.variables import DEVIATIONS, RANGES, Spread
from baton_analysis.measures.control_constants import shewhart_constants

_D2 = shewhart_constants(2).d2


@checked(MeasureError)
def individuals_charts(values: npt.ArrayLike, *, phases: Sequence[int] = (), baseline: int | None = None) -> ManyCharts:
    """Individuals charts of many series: as :func:`individuals_chart` for each row of ``values``; NaN is a gap.

    Raises
    ------
    MeasureError
        As for :func:`individuals_chart`, and where ``values`` are no table of rows of one length.
    """
    table = table_of(values)
    phase = phase_of_each(table.shape[1], phases)
    ranges = np.full_like(table, np.nan)
    centres, sigmas = [], []
    for here in parts_of(phase):
        part = table[:, here]
        between = ranges[:, here.start + 1 : here.stop]
        np.abs(np.diff(part, axis=1), out=between)
        used = used_of(~np.isnan(part), baseline)
        # A range belongs to the later of its two points; beside a gap there is none.
        known = used[:, 1:] if used.all() else used[:, 1:] & ~np.isnan(between)
        centres.append(mean_of_rows(part, used))
        sigmas.append(mean_of_rows(between, known) / _D2)
    centre, sigma = np.column_stack(centres), np.column_stack(sigmas)
    mean_range, range_sigma = sigma * _D2, sigma * shewhart_constants(2).d3
    companion = _by_phase("mr", ranges, mean_range, range_sigma, phase)
    return _by_phase("i", table, centre, sigma, phase, companion=companion)


@checked(MeasureError)
def xbar_r_charts(values: npt.ArrayLike, *, phases: Sequence[int] = (), baseline: int | None = None) -> ManyCharts:
    """X̄-R charts of many series: as :func:`xbar_r_chart` for each.

    ``values`` has the shape (series, subgroups, values of a subgroup); NaN is a value that is not there. Errors: see
    :func:`individuals_charts`.
    """
    return _subgroups(RANGES, values, phases, baseline)


@checked(MeasureError)
def xbar_s_charts(values: npt.ArrayLike, *, phases: Sequence[int] = (), baseline: int | None = None) -> ManyCharts:
    """X̄-S charts of many series: as :func:`xbar_s_chart` for each. ``values`` as for :func:`xbar_r_charts`."""
    return _subgroups(DEVIATIONS, values, phases, baseline)


def _subgroups(kind: Spread, values: npt.ArrayLike, phases: Sequence[int], baseline: int | None) -> ManyCharts:
    # One layer for each value of the subgroups: sums over layers are far faster than over a short last axis.
    layers = np.ascontiguousarray(np.moveaxis(table_of(values, dimensions=3), 2, 0))
    there = ~np.isnan(layers)
    size = there.sum(axis=0)
    means, spreads = _means_and_spreads(kind, layers, there, size)
    # What the spread of standard normal values is like, looked up by the size of the subgroup.
    known = np.array([kind.mean_and_sigma(number) for number in range(len(layers) + 1)])
    expected, deviation = known[:, 0][size], known[:, 1][size]
    phase = phase_of_each(layers.shape[2], phases)
    centres, sigmas = [], []
    scaled = spreads / expected
    for here in parts_of(phase):
        used = used_of(size[:, here] > 0, baseline)
        weight = np.where(used, size[:, here], 0)
        total = weight.sum(axis=1)
        summed = np.where(used, means[:, here] * weight, 0).sum(axis=1)
        centres.append(np.divide(summed, total, out=np.full(len(total), np.nan), where=total > 0))
        sigmas.append(mean_of_rows(scaled[:, here], used & ~np.isnan(scaled[:, here])))
    each, sigma = each_point(np.column_stack(centres), phase), each_point(np.column_stack(sigmas), phase)
    of_mean = sigma / np.sqrt(np.where(size > 0, size, np.nan))
    low, high = lines(expected * sigma, deviation * sigma, lowest=0.0)
    companion = ManyCharts(kind.companion, spreads, expected * sigma, deviation * sigma, low, high, phase)
    lcl, ucl = lines(each, of_mean)
    warnings = without_limits(of_mean)
    return ManyCharts(kind.method, means, each, of_mean, lcl, ucl, phase, warnings, companion=companion)


def _means_and_spreads(kind: Spread, layers: Floats, there: Flags, size: Numbers) -> tuple[Floats, Floats]:
    """Mean, and range or standard deviation, of each subgroup; NaN where it has no value, or only one."""
    whole = bool(there.all())
    with np.errstate(divide="ignore", invalid="ignore"):
        means = np.asarray((layers if whole else np.where(there, layers, 0.0)).sum(axis=0) / size, dtype=np.float64)
        if kind.companion == "r":
            top = layers if whole else np.where(there, layers, -np.inf)
            bottom = layers if whole else np.where(there, layers, np.inf)
            spreads = top.max(axis=0) - bottom.min(axis=0)
        else:
            squares = np.zeros_like(means)
            for layer, known in zip(layers, there, strict=True):
                away = layer - means if whole else np.where(known, layer - means, 0.0)
                squares += away * away
            spreads = np.sqrt(squares / (size - 1))
    return means, np.where(size > 1, spreads, np.nan)


def _by_phase(
    method: str,
    values: Floats,
    centre: Floats,
    sigma: Floats,
    phase: Numbers,
    *,
    companion: ManyCharts | None = None,
) -> ManyCharts:
    """Charts whose centre and sigma have a column a phase; moving ranges have the lower limit 0."""
    low, high = lines(centre, sigma)
    low = np.zeros_like(low) if method == "mr" else low
    return ManyCharts(
        method=method,
        values=values,
        centre=each_point(centre, phase),
        sigma=each_point(sigma, phase),
        lcl=each_point(low, phase),
        ucl=each_point(high, phase),
        phase=phase,
        warnings=() if method == "mr" else without_limits(sigma),
        companion=companion,
    )
