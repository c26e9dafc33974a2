"""Thousands of control charts of one length at once, as arrays of the shape (series, points).

Each series gets the limits that the function for one series would give it. What differs: a series that has no value in
a phase is not refused but has no limits there, and the warning counts such series.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from baton_analysis.errors import MeasureError, gettext_noop
from baton_analysis.measures.charted_series import VERSION, Flags, Floats, Numbers, lines, phase_of_each, wanted_points
from baton_analysis.measures.control_charts.attributes import BINOMIAL, POISSON, Law
from baton_analysis.measures.control_charts.variables import DEVIATIONS, RANGES, Spread
from baton_analysis.measures.control_constants import shewhart_constants
from baton_analysis.measures.inputs import numbers_of
from baton_analysis.readers.model import Notice
from baton_analysis.results import Result

_D2 = shewhart_constants(2).d2


@dataclass(frozen=True, eq=False)
class ManyCharts(Result):
    """Charts of many series of one length; arrays (series, points) that are read-only, as in a ControlChart.

    ``phase`` has one entry a point, the same for all series. ``companion`` are the charts that belong beside these
    (moving ranges, ranges, standard deviations), or None. :meth:`of_limits` makes charts from limits that are known.
    """

    method: str
    values: Floats
    centre: Floats
    sigma: Floats
    lcl: Floats
    ucl: Floats
    phase: Numbers
    warnings: tuple[Notice, ...] = ()
    width: float = 3.0
    companion: ManyCharts | None = None
    version: str = VERSION

    def __post_init__(self) -> None:
        for array in (self.values, self.centre, self.sigma, self.lcl, self.ucl, self.phase):
            array.setflags(write=False)

    @classmethod
    def of_limits(
        cls,
        values: npt.ArrayLike,
        centre: npt.ArrayLike,
        sigma: npt.ArrayLike,
        *,
        phases: Sequence[int] = (),
        method: str = "i",
        width: float = 3.0,
    ) -> ManyCharts:
        """Charts with a known centre and sigma: one number, one a series (shape (series, 1)), or one a point.

        Raises
        ------
        MeasureError
            ``values`` are no table, are infinite, or do not fit ``centre`` and ``sigma``.
        """
        table = _table(values)
        try:
            centres = np.array(np.broadcast_to(np.asarray(centre, dtype=np.float64), table.shape))
            sigmas = np.array(np.broadcast_to(np.asarray(sigma, dtype=np.float64), table.shape))
        except ValueError as error:
            raise _misfit(table.shape, np.shape(centre), np.shape(sigma)) from error
        lcl, ucl = lines(centres, sigmas, width=width)
        return cls(method, table, centres, sigmas, lcl, ucl, phase_of_each(table.shape[1], phases), (), width)

    def __len__(self) -> int:
        return len(self.values)

    @property
    def n(self) -> int:
        """Points that have a value, of all series."""
        return int(np.count_nonzero(~np.isnan(self.values)))

    def to_table(self) -> pl.DataFrame:
        """One row a point of a series, both counted from 0; null where there is no value or no limit."""
        series, point = np.indices(self.values.shape)
        columns = {"value": self.values, "centre": self.centre, "lcl": self.lcl, "ucl": self.ucl}
        return pl.DataFrame(
            {
                "series": series.ravel(),
                "point": point.ravel(),
                **{name: pl.Series(table.ravel()).fill_nan(None) for name, table in columns.items()},
                "phase": np.broadcast_to(self.phase, self.values.shape).ravel(),
            }
        )

    def to_dict(self) -> dict[str, Any]:
        """As plain values for JSON: for each series what :meth:`to_table` has of it, by column."""
        rows = self.to_table().partition_by("series", maintain_order=True, include_key=False)
        return {
            "method": self.method,
            "version": self.version,
            "n": self.n,
            "series": [part.to_dict(as_series=False) for part in rows],
            "warnings": [warning.render() for warning in self.warnings],
        }

    @property
    def standardised(self) -> Floats:
        """Distance of each value from its centre in its standard deviations; NaN in a gap and where sigma is 0."""
        return self.distance(slice(None))

    def distance(self, rows: slice) -> Floats:
        """As :attr:`standardised`, of these series only."""
        sigma = self.sigma[rows]
        varies = sigma > 0
        distance = np.subtract(self.values[rows], self.centre[rows])
        return np.divide(distance, sigma if varies.all() else np.where(varies, sigma, np.nan), out=distance)


def individuals_charts(values: npt.ArrayLike, *, phases: Sequence[int] = (), baseline: int | None = None) -> ManyCharts:
    """Individuals charts of many series: as :func:`individuals_chart` for each row of ``values``; NaN is a gap.

    Raises
    ------
    MeasureError
        As for :func:`individuals_chart`, and where ``values`` are no table of rows of one length.
    """
    table = _table(values)
    phase = phase_of_each(table.shape[1], phases)
    ranges = np.full_like(table, np.nan)
    centres, sigmas = [], []
    for here in _phases(phase):
        part = table[:, here]
        between = ranges[:, here.start + 1 : here.stop]
        np.abs(np.diff(part, axis=1), out=between)
        used = _used(~np.isnan(part), baseline)
        # A range belongs to the later of its two points; beside a gap there is none.
        known = used[:, 1:] if used.all() else used[:, 1:] & ~np.isnan(between)
        centres.append(_mean(part, used))
        sigmas.append(_mean(between, known) / _D2)
    centre, sigma = np.column_stack(centres), np.column_stack(sigmas)
    mean_range, range_sigma = sigma * _D2, sigma * shewhart_constants(2).d3
    companion = _by_phase("mr", ranges, mean_range, range_sigma, phase)
    return _by_phase("i", table, centre, sigma, phase, companion=companion)


def xbar_r_charts(values: npt.ArrayLike, *, phases: Sequence[int] = (), baseline: int | None = None) -> ManyCharts:
    """X̄-R charts of many series: as :func:`xbar_r_chart` for each.

    ``values`` has the shape (series, subgroups, values of a subgroup); NaN is a value that is not there. Errors: see
    :func:`individuals_charts`.
    """
    return _subgroups(RANGES, values, phases, baseline)


def xbar_s_charts(values: npt.ArrayLike, *, phases: Sequence[int] = (), baseline: int | None = None) -> ManyCharts:
    """X̄-S charts of many series: as :func:`xbar_s_chart` for each. ``values`` as for :func:`xbar_r_charts`."""
    return _subgroups(DEVIATIONS, values, phases, baseline)


def p_charts(
    counts: npt.ArrayLike, sizes: npt.ArrayLike, *, phases: Sequence[int] = (), baseline: int | None = None
) -> ManyCharts:
    """p charts of many series: as :func:`p_chart` for each row of ``counts`` and ``sizes``.

    Errors: see :func:`individuals_charts`; a count must lie between 0 and its size.
    """
    return _rates("p", BINOMIAL, counts, sizes, phases, baseline)


def laney_p_charts(
    counts: npt.ArrayLike, sizes: npt.ArrayLike, *, phases: Sequence[int] = (), baseline: int | None = None
) -> ManyCharts:
    """p' charts of many series: as :func:`laney_p_chart` for each row. Errors: see :func:`p_charts`."""
    return _rates("p_prime", BINOMIAL, counts, sizes, phases, baseline)


def u_charts(
    counts: npt.ArrayLike, sizes: npt.ArrayLike, *, phases: Sequence[int] = (), baseline: int | None = None
) -> ManyCharts:
    """u charts of many series: as :func:`u_chart` for each row of ``counts`` and ``sizes``.

    Errors: see :func:`individuals_charts`; counts and sizes must not be negative.
    """
    return _rates("u", POISSON, counts, sizes, phases, baseline)


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
    count, size = _table(counts, copy=False), _table(sizes, copy=False)
    if count.shape != size.shape:
        raise _misfit(count.shape, size.shape, size.shape)
    phase = phase_of_each(count.shape[1], phases)
    count, size, there = _counted(law, count, size)
    with np.errstate(divide="ignore", invalid="ignore"):
        values, sigma = np.asarray(count / size), np.sqrt(size)
        centres, spreads = [], []
        for here in _phases(phase):
            used = _used(there[:, here], baseline)
            centre = _sum(count[:, here], used) / _sum(size[:, here], used)
            spread = np.sqrt(law.variance(centre))
            if method.endswith("_prime"):
                spread = spread * _sigma_z(values[:, here], size[:, here], centre, spread, used)
            centres.append(centre)
            spreads.append(spread)
        np.divide(_each_point(np.column_stack(spreads), phase), sigma, out=sigma)
    if not there.all():
        sigma[~there] = np.nan
    each = _each_point(np.column_stack(centres), phase)
    lcl, ucl = lines(each, sigma, 0.0, law.highest)
    return ManyCharts(method, values, each, sigma, lcl, ucl, phase, _without_limits(sigma))


def _sigma_z(values: Floats, size: Floats, centre: Floats, spread: Floats, used: Flags) -> Floats:
    """Laney's factor of each series; 1 where it cannot be told."""
    with np.errstate(divide="ignore", invalid="ignore"):
        z = (values - centre[:, None]) * np.sqrt(size) / np.where(spread > 0, spread, np.nan)[:, None]
    ranges = np.abs(np.diff(z, axis=1))
    factor = _mean(ranges, used[:, 1:] & ~np.isnan(ranges)) / _D2
    return np.where(np.isnan(factor), 1.0, factor)


def _subgroups(kind: Spread, values: npt.ArrayLike, phases: Sequence[int], baseline: int | None) -> ManyCharts:
    # One layer for each value of the subgroups: sums over layers are far faster than over a short last axis.
    layers = np.ascontiguousarray(np.moveaxis(_table(values, dimensions=3), 2, 0))
    there = ~np.isnan(layers)
    size = there.sum(axis=0)
    means, spreads = _means_and_spreads(kind, layers, there, size)
    # What the spread of standard normal values is like, looked up by the size of the subgroup.
    known = np.array([kind.mean_and_sigma(number) for number in range(len(layers) + 1)])
    expected, deviation = known[:, 0][size], known[:, 1][size]
    phase = phase_of_each(layers.shape[2], phases)
    centres, sigmas = [], []
    scaled = spreads / expected
    for here in _phases(phase):
        used = _used(size[:, here] > 0, baseline)
        weight = np.where(used, size[:, here], 0)
        total = weight.sum(axis=1)
        summed = np.where(used, means[:, here] * weight, 0).sum(axis=1)
        centres.append(np.divide(summed, total, out=np.full(len(total), np.nan), where=total > 0))
        sigmas.append(_mean(scaled[:, here], used & ~np.isnan(scaled[:, here])))
    each, sigma = _each_point(np.column_stack(centres), phase), _each_point(np.column_stack(sigmas), phase)
    of_mean = sigma / np.sqrt(np.where(size > 0, size, np.nan))
    low, high = lines(expected * sigma, deviation * sigma, lowest=0.0)
    companion = ManyCharts(kind.companion, spreads, expected * sigma, deviation * sigma, low, high, phase)
    lcl, ucl = lines(each, of_mean)
    warnings = _without_limits(of_mean)
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
        centre=_each_point(centre, phase),
        sigma=_each_point(sigma, phase),
        lcl=_each_point(low, phase),
        ucl=_each_point(high, phase),
        phase=phase,
        warnings=() if method == "mr" else _without_limits(sigma),
        companion=companion,
    )


def _table(values: npt.ArrayLike, dimensions: int = 2, *, copy: bool = True) -> Floats:
    """The values as a table; a copy where they are to be kept, so that nobody else can change them."""
    if not isinstance(values, np.ndarray):
        table = numbers_of(values, None)
    else:
        table = np.array(values, dtype=np.float64) if copy else np.asarray(values, dtype=np.float64)
    if table.ndim != dimensions or not table.size:
        raise MeasureError(
            expected=gettext_noop(
                "Many charts need a table: one row a series, one column a point; of subgroups a third dimension."
            ),
            found=gettext_noop("Its shape is {shape}."),
            remedy=gettext_noop("Give rows of one length; fill up shorter series with missing values."),
            shape=table.shape,
        )
    if not np.isfinite(table).all() and np.isinf(table).any():
        row, point = np.argwhere(np.isinf(table))[0][:2]
        raise MeasureError(
            expected=gettext_noop("Values on a chart must be finite numbers."),
            found=gettext_noop("Series {series} is infinite at point {point}."),
            remedy=gettext_noop("Correct this value, or leave it out: it then stays a gap."),
            series=int(row) + 1,
            point=int(point) + 1,
        )
    return table


def _counted(law: Law, count: Floats, size: Floats) -> tuple[Floats, Floats, Flags]:
    """Counts and sizes, checked, 0 of 0 in a gap; and where there is no gap."""
    there = size > 0
    # One pass tells of a value that is missing: it makes the sum NaN.
    if not there.all() or np.isnan(count.sum()):
        missing = np.isnan(count) | np.isnan(size) | (size == 0)
        count, size = np.where(missing, 0.0, count), np.where(missing, 0.0, size)
        there = size > 0
    wrong = (count < 0) | (size < 0)
    if law.binomial:
        wrong |= count > size
    if wrong.any():
        row, point = np.argwhere(wrong)[0]
        raise MeasureError(
            expected=gettext_noop("Counts and sizes must not be negative, nor a count exceed what it is a part of."),
            found=gettext_noop("Series {series} has {count} of {size} at point {point}."),
            remedy=gettext_noop("Correct this point."),
            series=int(row) + 1,
            point=int(point) + 1,
            count=float(count[row, point]),
            size=float(size[row, point]),
        )
    return count, size, there


def _misfit(values: tuple[int, ...], *others: tuple[int, ...]) -> MeasureError:
    return MeasureError(
        expected=gettext_noop("What belongs to a table of values must fit its shape, {values}."),
        found=gettext_noop("The shapes are {others}."),
        remedy=gettext_noop("Give one number, one row entry a series, or one value a point."),
        values=values,
        others=", ".join(str(shape) for shape in others),
    )


def _phases(phase: Numbers) -> list[slice]:
    edges = [0, *(np.flatnonzero(np.diff(phase)) + 1).tolist(), len(phase)]
    return [slice(start, end) for start, end in zip(edges, edges[1:], strict=False)]


def _used(there: Flags, baseline: int | None) -> Flags:
    """The points from which limits come: all that are there, or the first of them."""
    wanted = wanted_points(baseline)
    return there if wanted is None else there & (np.cumsum(there, axis=1) <= wanted)


def _mean(values: Floats, used: Flags) -> Floats:
    """Mean of each row; NaN where nothing is used."""
    if values.shape[1] and used.all():
        return np.asarray(values.mean(axis=1), dtype=np.float64)
    number, total = used.sum(axis=1), _sum(values, used)
    mean: Floats = np.divide(total, number, out=np.full(len(total), np.nan), where=number > 0)
    return mean


def _sum(values: Floats, used: Flags) -> Floats:
    """Sum of what is used of each row."""
    part = values if used.all() else np.where(used, values, 0.0)
    return np.asarray(part.sum(axis=1), dtype=np.float64)


def _each_point(by_phase: Floats, phase: Numbers) -> Floats:
    """From one column a phase to one a point; a single phase takes no memory for that."""
    if by_phase.shape[1] == 1:
        return np.broadcast_to(by_phase, (len(by_phase), len(phase)))
    return by_phase[:, phase]


def _without_limits(sigma: Floats) -> tuple[Notice, ...]:
    number = int(np.count_nonzero(~(sigma > 0).any(axis=1)))
    if not number:
        return ()
    return (
        Notice(
            message=gettext_noop("{series} of {all} series have no limits: nothing varies in their baseline."),
            values={"series": number, "all": len(sigma)},
        ),
    )
