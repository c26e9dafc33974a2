"""Tables of many series, and their phases: what every kind of chart of many series does with its arrays."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from baton_analysis.errors import MeasureError, gettext_noop
from baton_analysis.measures.charted_series import Flags, Floats, Numbers, wanted_points
from baton_analysis.measures.inputs import numbers_of
from baton_analysis.readers.model import Notice


def table_of(values: npt.ArrayLike, dimensions: int = 2) -> Floats:
    """The values as a table; a copy, so that nobody else can change them."""
    table = shaped(values, dimensions, copy=True)
    if not np.isfinite(table).all():
        demand_finite(table)
    return table


def shaped(values: npt.ArrayLike, dimensions: int = 2, *, copy: bool = False) -> Floats:
    """The values as a table of so many dimensions; infinite ones are not looked for."""
    if not isinstance(values, np.ndarray) or values.dtype.kind not in "biuf":
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
    return table


def demand_finite(table: Floats, first: int = 0) -> None:
    """Refuse infinity; ``first`` is the number of the first of these series among all."""
    if np.isinf(table).any():
        row, point = np.argwhere(np.isinf(table))[0][:2]
        raise MeasureError(
            expected=gettext_noop("Values on a chart must be finite numbers."),
            found=gettext_noop("Series {series} is infinite at point {point}."),
            remedy=gettext_noop("Correct this value, or leave it out: it then stays a gap."),
            series=first + int(row) + 1,
            point=int(point) + 1,
        )


def misfit(values: tuple[int, ...], *others: tuple[int, ...]) -> MeasureError:
    """What to tell where tables do not fit each other, by their shapes."""
    return MeasureError(
        expected=gettext_noop("What belongs to a table of values must fit its shape, {values}."),
        found=gettext_noop("The shapes are {others}."),
        remedy=gettext_noop("Give one number, one row entry a series, or one value a point."),
        values=values,
        others=", ".join(str(shape) for shape in others),
    )


def parts_of(phase: Numbers) -> list[slice]:
    """The points of each phase."""
    edges = [0, *(np.flatnonzero(np.diff(phase)) + 1).tolist(), len(phase)]
    return [slice(start, end) for start, end in zip(edges, edges[1:], strict=False)]


def used_of(there: Flags, baseline: int | None) -> Flags:
    """The points from which limits come: all that are there, or the first of them."""
    wanted = wanted_points(baseline)
    return there if wanted is None else there & (np.cumsum(there, axis=1) <= wanted)


def mean_of_rows(values: Floats, used: Flags) -> Floats:
    """Mean of each row; NaN where nothing is used."""
    if values.shape[1] and used.all():
        return np.asarray(values.mean(axis=1), dtype=np.float64)
    number, total = used.sum(axis=1), sum_of_rows(values, used)
    mean: Floats = np.divide(total, number, out=np.full(len(total), np.nan), where=number > 0)
    return mean


def sum_of_rows(values: Floats, used: Flags | None) -> Floats:
    """Sum of what is used of each row; None: all."""
    part = values if used is None or used.all() else np.where(used, values, 0.0)
    return np.asarray(part.sum(axis=1), dtype=np.float64)


def each_point(by_phase: Floats, phase: Numbers) -> Floats:
    """From one column a phase to one a point; a single phase takes no memory for that."""
    if by_phase.shape[1] == 1:
        return np.broadcast_to(by_phase, (len(by_phase), len(phase)))
    return by_phase[:, phase]


def without_limits(sigma: Floats) -> tuple[Notice, ...]:
    """A remark on series that have no limits at any point."""
    number = int(np.count_nonzero(~(sigma > 0).any(axis=1)))
    if not number:
        return ()
    return (
        Notice(
            message=gettext_noop("{series} of {all} series have no limits: nothing varies in their baseline."),
            values={"series": number, "all": len(sigma)},
        ),
    )
