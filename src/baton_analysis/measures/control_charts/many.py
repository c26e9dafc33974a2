"""Thousands of control charts of one length at once, as arrays of the shape (series, points).

Each series gets the limits that the function for one series would give it. What differs: a series that has no value in
a phase is not refused but has no limits there, and the warning counts such series.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from baton_analysis.errors import MeasureError, gettext_noop
from baton_analysis.measures.charted_series import Flags, Floats, Numbers, lines, phase_of_each, wanted_points
from baton_analysis.measures.control_constants import shewhart_constants
from baton_analysis.readers.model import Notice

_D2 = shewhart_constants(2).d2


@dataclass(frozen=True, eq=False)
class ManyCharts:
    """Charts of many series of one length; arrays (series, points) that are read-only, as in a ControlChart.

    ``phase`` has one entry a point, the same for all series. :meth:`of_limits` makes one from limits that are known.
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

    @property
    def standardised(self) -> Floats:
        """Distance of each value from its centre in its standard deviations; NaN in a gap and where sigma is 0."""
        sigma = np.where(self.sigma > 0, self.sigma, np.nan)
        return np.asarray((self.values - self.centre) / sigma, dtype=np.float64)


def individuals_charts(values: npt.ArrayLike, *, phases: Sequence[int] = (), baseline: int | None = None) -> ManyCharts:
    """Individuals charts of many series: as :func:`individuals_chart` for each row of ``values``; NaN is a gap.

    Raises
    ------
    MeasureError
        As for :func:`individuals_chart`, and where ``values`` are no table of rows of one length.
    """
    table = _table(values)
    phase = phase_of_each(table.shape[1], phases)
    there = ~np.isnan(table)
    centre, sigma = np.empty_like(table), np.empty_like(table)
    for here in _phases(phase):
        used = _used(there[:, here], baseline)
        part = table[:, here]
        ranges = np.abs(np.diff(part, axis=1))
        centre[:, here] = _mean(part, used)[:, None]
        sigma[:, here] = (_mean(ranges, used[:, 1:] & ~np.isnan(ranges)) / _D2)[:, None]
    lcl, ucl = lines(centre, sigma)
    return ManyCharts("i", table, centre, sigma, lcl, ucl, phase, _without_limits(sigma))


def p_charts(
    counts: npt.ArrayLike, sizes: npt.ArrayLike, *, phases: Sequence[int] = (), baseline: int | None = None
) -> ManyCharts:
    """p charts of many series: as :func:`p_chart` for each row of ``counts`` and ``sizes``.

    Errors: see :func:`individuals_charts`; a count must lie between 0 and its size.
    """
    count, size = _counted(counts, sizes)
    _demand_counts((count < 0) | (count > size), count, size)
    centre, phase, values = _overall(count, size, phases, baseline)
    return _rate_charts("p", values, centre, centre * (1 - centre), size, phase, 1.0)


def u_charts(
    counts: npt.ArrayLike, sizes: npt.ArrayLike, *, phases: Sequence[int] = (), baseline: int | None = None
) -> ManyCharts:
    """u charts of many series: as :func:`u_chart` for each row of ``counts`` and ``sizes``.

    Errors: see :func:`individuals_charts`; counts and sizes must not be negative.
    """
    count, size = _counted(counts, sizes)
    _demand_counts((count < 0) | (size < 0), count, size)
    centre, phase, values = _overall(count, size, phases, baseline)
    return _rate_charts("u", values, centre, centre, size, phase, np.inf)


def _overall(
    count: Floats, size: Floats, phases: Sequence[int], baseline: int | None
) -> tuple[Floats, Numbers, Floats]:
    """All counts over all sizes of each phase, the phases, and the rate of each point."""
    phase = phase_of_each(count.shape[1], phases)
    centre = np.empty_like(count)
    for here in _phases(phase):
        used = _used(size[:, here] > 0, baseline)
        total = np.where(used, size[:, here], 0).sum(axis=1)
        events = np.where(used, count[:, here], 0).sum(axis=1)
        centre[:, here] = np.divide(events, total, out=np.full(len(total), np.nan), where=total > 0)[:, None]
    return centre, phase, np.divide(count, size, out=np.full(count.shape, np.nan), where=size > 0)


def _rate_charts(
    method: str, values: Floats, centre: Floats, variance: Floats, size: Floats, phase: Numbers, highest: float
) -> ManyCharts:
    sigma = np.sqrt(variance / np.where(size > 0, size, np.nan))
    lcl, ucl = lines(centre, sigma, 0.0, highest)
    return ManyCharts(method, values, centre, sigma, lcl, ucl, phase, _without_limits(sigma))


def _table(values: npt.ArrayLike) -> Floats:
    table = np.array(values, dtype=np.float64)
    if table.ndim != 2 or not table.size:
        raise MeasureError(
            expected=gettext_noop("Many charts need a table: one row a series, one column a point."),
            found=gettext_noop("Its shape is {shape}."),
            remedy=gettext_noop("Give rows of one length; fill up shorter series with missing values."),
            shape=table.shape,
        )
    if np.isinf(table).any():
        row, point = np.argwhere(np.isinf(table))[0]
        raise MeasureError(
            expected=gettext_noop("Values on a chart must be finite numbers."),
            found=gettext_noop("Series {series} is infinite at point {point}."),
            remedy=gettext_noop("Correct this value, or leave it out: it then stays a gap."),
            series=int(row) + 1,
            point=int(point) + 1,
        )
    return table


def _counted(counts: npt.ArrayLike, sizes: npt.ArrayLike) -> tuple[Floats, Floats]:
    """Counts and sizes of one shape; 0 of 0 in a gap."""
    count, size = _table(counts), _table(sizes)
    if count.shape != size.shape:
        raise _misfit(count.shape, size.shape, size.shape)
    size = np.where(np.isnan(count) | np.isnan(size), 0.0, size)
    return np.where(size == 0, 0.0, count), size


def _demand_counts(wrong: Flags, count: Floats, size: Floats) -> None:
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
    number = used.sum(axis=1)
    total = np.where(used, values, 0.0).sum(axis=1)
    mean: Floats = np.divide(total, number, out=np.full(len(total), np.nan), where=number > 0)
    return mean


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
