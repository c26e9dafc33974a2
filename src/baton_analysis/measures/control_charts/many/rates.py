"""Charts of many series of shares and rates."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from baton_analysis.arguments import checked
from baton_analysis.errors import MeasureError, gettext_noop
from baton_analysis.measures.charted_series import Flags, Floats, lines, phase_of_each
from baton_analysis.measures.control_charts.attributes import BINOMIAL, POISSON, Law
from baton_analysis.measures.control_charts.many.model import ManyCharts
from baton_analysis.measures.control_charts.many.tables import (
    demand_finite,
    each_point,
    mean_of_rows,
    misfit,
    parts_of,
    shaped,
    sum_of_rows,
    used_of,
    without_limits,
)
from baton_analysis.measures.control_constants import shewhart_constants

_D2 = shewhart_constants(2).d2

_IN_CACHE = 1 << 16
"""Points whose rates are computed together, so that they stay in the cache of the processor."""


@checked(MeasureError)
def p_charts(
    counts: npt.ArrayLike, sizes: npt.ArrayLike, *, phases: Sequence[int] = (), baseline: int | None = None
) -> ManyCharts:
    """p charts of many series: as :func:`p_chart` for each row of ``counts`` and ``sizes``.

    Errors: see :func:`individuals_charts`; a count must lie between 0 and its size.
    """
    return _rates("p", BINOMIAL, counts, sizes, phases, baseline)


@checked(MeasureError)
def laney_p_charts(
    counts: npt.ArrayLike, sizes: npt.ArrayLike, *, phases: Sequence[int] = (), baseline: int | None = None
) -> ManyCharts:
    """p' charts of many series: as :func:`laney_p_chart` for each row. Errors: see :func:`p_charts`."""
    return _rates("p_prime", BINOMIAL, counts, sizes, phases, baseline)


@checked(MeasureError)
def u_charts(
    counts: npt.ArrayLike, sizes: npt.ArrayLike, *, phases: Sequence[int] = (), baseline: int | None = None
) -> ManyCharts:
    """u charts of many series: as :func:`u_chart` for each row of ``counts`` and ``sizes``.

    Errors: see :func:`individuals_charts`; counts and sizes must not be negative.
    """
    return _rates("u", POISSON, counts, sizes, phases, baseline)


@checked(MeasureError)
def laney_u_charts(
    counts: npt.ArrayLike, sizes: npt.ArrayLike, *, phases: Sequence[int] = (), baseline: int | None = None
) -> ManyCharts:
    """u' charts of many series: as :func:`laney_u_chart` for each row. Errors: see :func:`u_charts`."""
    return _rates("u_prime", POISSON, counts, sizes, phases, baseline)


def _rates(
    method: str,
    law: Law,
    counts: npt.ArrayLike,
    sizes: npt.ArrayLike,
    phases: Sequence[int],
    baseline: int | None,
) -> ManyCharts:
    count, size = shaped(counts), shaped(sizes)
    if count.shape != size.shape:
        raise misfit(count.shape, size.shape, size.shape)
    phase = phase_of_each(count.shape[1], phases)
    parts = parts_of(phase)
    # In one piece, and series by series while they lie in the cache: fetching memory costs more than computing.
    values, sigma, lcl, ucl = np.empty((4, *count.shape))
    centres = np.empty((len(count), len(parts)))
    together = max(1, _IN_CACHE // count.shape[1])
    for start in range(0, len(count), together):
        rows = slice(start, start + together)
        some, of, there = _counted(law, count[rows], size[rows], start)
        centres[rows], spread = _rate_and_spread(method, law, some, of, there, parts, baseline, values[rows])
        np.sqrt(of, out=sigma[rows])
        with np.errstate(divide="ignore", invalid="ignore"):
            np.divide(each_point(spread, phase), sigma[rows], out=sigma[rows])
        if there is not None:
            sigma[rows][~there] = np.nan
        lines(each_point(centres[rows], phase), sigma[rows], 0.0, law.highest, out=(lcl[rows], ucl[rows]))
    each = each_point(centres, phase)
    return ManyCharts(method, values, each, sigma, lcl, ucl, phase, without_limits(sigma))


def _rate_and_spread(
    method: str,
    law: Law,
    count: Floats,
    size: Floats,
    there: Flags | None,
    parts: Sequence[slice],
    baseline: int | None,
    values: Floats,
) -> tuple[Floats, Floats]:
    """The rate and the standard deviation of one unit of each series, a column a phase; writes the rates of points."""
    centres, spreads = [], []
    with np.errstate(divide="ignore", invalid="ignore"):
        np.divide(count, size, out=values)
        for here in parts:
            used = None if there is None else there[:, here]
            if baseline is not None:
                used = used_of(np.ones(count[:, here].shape, dtype=np.bool_) if used is None else used, baseline)
            centre = sum_of_rows(count[:, here], used) / sum_of_rows(size[:, here], used)
            spread = np.sqrt(law.variance(centre))
            if method.endswith("_prime"):
                spread = spread * _sigma_z(values[:, here], size[:, here], centre, spread, used)
            centres.append(centre)
            spreads.append(spread)
    return np.column_stack(centres), np.column_stack(spreads)


def _sigma_z(values: Floats, size: Floats, centre: Floats, spread: Floats, used: Flags | None) -> Floats:
    """Laney's factor of each series; 1 where it cannot be told."""
    with np.errstate(divide="ignore", invalid="ignore"):
        z = (values - centre[:, None]) * np.sqrt(size) / np.where(spread > 0, spread, np.nan)[:, None]
    ranges = np.abs(np.diff(z, axis=1))
    known = ~np.isnan(ranges)
    factor = mean_of_rows(ranges, known if used is None else used[:, 1:] & known) / _D2
    return np.where(np.isnan(factor), 1.0, factor)


def _counted(law: Law, count: Floats, size: Floats, first: int) -> tuple[Floats, Floats, Flags | None]:
    """Counts and sizes, checked, 0 of 0 in a gap; and where there is no gap (None: there is none at all)."""
    # A missing value makes each of these comparisons false.
    within = bool((count <= size).all()) if law.binomial else count.max() < np.inf
    if within and count.min() >= 0 and size.min() > 0 and size.max() < np.inf:
        return count, size, None
    for table in (count, size):
        demand_finite(table, first)
    missing = np.isnan(count) | np.isnan(size) | (size == 0)
    count, size = np.where(missing, 0.0, count), np.where(missing, 0.0, size)
    wrong = (count < 0) | (size < 0)
    if law.binomial:
        wrong |= count > size
    if wrong.any():
        row, point = np.argwhere(wrong)[0]
        raise MeasureError(
            expected=gettext_noop("Counts and sizes must not be negative, nor a count exceed what it is a part of."),
            found=gettext_noop("Series {series} has {count} of {size} at point {point}."),
            remedy=gettext_noop("Correct this point."),
            series=first + int(row) + 1,
            point=int(point) + 1,
            count=float(count[row, point]),
            size=float(size[row, point]),
        )
    return count, size, ~missing
