"""Charts of many series of one length."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from baton_analysis.arguments import checked
from baton_analysis.errors import MeasureError, gettext_noop
from baton_analysis.measures.charted_series import VERSION, Floats, Numbers, lines, phase_of_each
from baton_analysis.measures.control_charts.many.tables import demand_finite, misfit, table_of
from baton_analysis.readers.model import Notice
from baton_analysis.results import Result


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
    @checked(MeasureError)
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
        table = table_of(values)
        try:
            centres = np.array(np.broadcast_to(np.asarray(centre, dtype=np.float64), table.shape))
            sigmas = np.array(np.broadcast_to(np.asarray(sigma, dtype=np.float64), table.shape))
        except ValueError as error:
            raise misfit(table.shape, np.shape(centre), np.shape(sigma)) from error
        demand_finite(centres)
        demand_finite(sigmas)
        if not 0 < width < np.inf:
            raise MeasureError(
                expected=gettext_noop("Limits lie a finite number of sigma from the centre, above 0."),
                found=gettext_noop("It is {given}."),
                remedy=gettext_noop("Give 3, as usual."),
                given=width,
            )
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
