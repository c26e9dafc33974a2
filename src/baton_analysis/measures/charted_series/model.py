"""What a control chart is: points in phases, each with centre, standard deviation and limits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import polars as pl

from baton_analysis.arguments import checked_fields
from baton_analysis.drawing.plots import plot_chart
from baton_analysis.errors import MeasureError
from baton_analysis.readers.model import Notice
from baton_analysis.results import Result

if TYPE_CHECKING:
    from matplotlib.axes import Axes

VERSION = "3"

_SAME = 1e-9
"""Share of the centre by which a value differs from it because floating-point numbers are rounded."""

Floats = npt.NDArray[np.float64]

Numbers = npt.NDArray[np.int64]

Flags = npt.NDArray[np.bool_]

Label = Any
"""What stands under a point: a date, a text, a number."""


@dataclass(frozen=True, slots=True)
class ChartPoint:
    """One point. ``value`` is None in a gap; ``n`` is what the value is a share of, None for single values."""

    label: Label
    value: float | None
    n: float | None
    centre: float
    sigma: float
    lcl: float
    ucl: float
    phase: int


@checked_fields(MeasureError)
@dataclass(frozen=True, slots=True)
class FrozenLimits:
    """Limits held from an earlier time.

    ``spread`` is the standard deviation of single values in their unit ("i", "lj", "xbar_r", "xbar_s", "ewma",
    "cusum"), or the factor sigma-z by which the standard deviation of the binomial or Poisson law is multiplied ("p",
    "np", "c", "u": 1; "p_prime", "u_prime"). On a chart of ranges or standard deviations ("mr", "r", "s") it is that of
    its points, for subgroups of the usual size. ``centre`` of "np" is the share. ``n`` points stand behind them.
    """

    method: str
    centre: float
    spread: float
    n: int


@checked_fields(MeasureError)
@dataclass(frozen=True, slots=True)
class CarriedOn:
    """A phase that is judged by the limits of an earlier one. ``phase``: the number of that one, from 0."""

    phase: int


Baseline = int | FrozenLimits | CarriedOn | None

Baselines = Baseline | Sequence[Baseline]
"""One for all phases, or one a phase; see the text at the top of this module."""


@dataclass(frozen=True, eq=False)
class ControlChart(Result):
    """Points with limits; all arrays have one entry a point and are read-only.

    Attributes
    ----------
    method
        "i" with "mr", "xbar_r" with "r", "xbar_s" with "s", "lj", "p", "p_prime", "np", "c", "u", "u_prime", "ewma", or
        "cusum_high" with "cusum_low".
    values
        NaN in a gap.
    sizes
        What each value is a share of, or how many values it is the mean of; None for charts of single values.
    centre, sigma, lcl, ucl
        Centre line, standard deviation and limits (``width`` sigma; clipped where a value cannot lie) at each point;
        limits are NaN where sigma is 0.
    phase
        0, 1, 2 ... for each point.
    n
        Points that have a value.
    limits
        For each phase the limits by which it is judged, ready to be held.
    companion
        The chart that belongs beside it (moving ranges beside individuals), or None.
    width
        How many sigma the limits lie from the centre line.
    """

    method: str
    labels: tuple[Label, ...]
    values: Floats
    sizes: Floats | None
    centre: Floats
    sigma: Floats
    lcl: Floats
    ucl: Floats
    phase: Numbers
    limits: tuple[FrozenLimits, ...]
    warnings: tuple[Notice, ...] = ()
    companion: ControlChart | None = None
    version: str = VERSION
    width: float = 3.0

    def __post_init__(self) -> None:
        for array in (self.values, self.sizes, self.centre, self.sigma, self.lcl, self.ucl, self.phase):
            if array is not None:
                array.setflags(write=False)

    def __len__(self) -> int:
        return len(self.labels)

    @property
    def n(self) -> int:
        return int(np.count_nonzero(~np.isnan(self.values)))

    @property
    def points(self) -> tuple[ChartPoint, ...]:
        """All points in order, gaps included."""
        return tuple(
            ChartPoint(
                label=label,
                value=None if np.isnan(self.values[i]) else float(self.values[i]),
                n=None if self.sizes is None else float(self.sizes[i]),
                centre=float(self.centre[i]),
                sigma=float(self.sigma[i]),
                lcl=float(self.lcl[i]),
                ucl=float(self.ucl[i]),
                phase=int(self.phase[i]),
            )
            for i, label in enumerate(self.labels)
        )

    @property
    def standardised(self) -> Floats:
        """Distance of each value from its centre in its standard deviations; NaN in a gap and where sigma is 0."""
        nothing = np.full(len(self), np.nan)
        distance: Floats = np.divide(self.values - self.centre, self.sigma, out=nothing, where=self.sigma > 0)
        return distance

    @property
    def departures(self) -> Flags:
        """Points that differ from a centre line without limits, because nothing varied where it comes from."""
        away = np.abs(self.values - self.centre)
        differs: Flags = (self.sigma == 0) & (away > _SAME * np.abs(self.centre))
        return differs

    def to_table(self) -> pl.DataFrame:
        """One row a point; null where there is no value, size or limit."""
        sizes = np.full(len(self), np.nan) if self.sizes is None else self.sizes
        columns = {"value": self.values, "n": sizes, "centre": self.centre, "lcl": self.lcl, "ucl": self.ucl}
        return pl.DataFrame(
            {
                "label": [str(label) for label in self.labels],
                **{name: pl.Series(column).fill_nan(None) for name, column in columns.items()},
                "phase": self.phase,
            }
        )

    def plot(self, ax: Axes | None = None) -> Axes:
        """Points with centre and limits; see :class:`baton_analysis.results.Plottable`."""
        return plot_chart(
            ax, labels=self.labels, values=self.values, centre=self.centre, lcl=self.lcl, ucl=self.ucl,
            phase=self.phase, title=self.method,
        )  # fmt: skip

    def to_dict(self) -> dict[str, Any]:
        """As plain values for JSON: dates as ISO text, None for what is not there or not finite."""
        return {
            "method": self.method,
            "version": self.version,
            "n": self.n,
            "limits": [
                {"centre": _plain(limit.centre), "spread": _plain(limit.spread), "n": limit.n} for limit in self.limits
            ],
            "warnings": [warning.render() for warning in self.warnings],
            "points": [
                {
                    "label": point.label.isoformat() if hasattr(point.label, "isoformat") else point.label,
                    "value": point.value,
                    "n": point.n,
                    "centre": _plain(point.centre),
                    "sigma": _plain(point.sigma),
                    "lcl": _plain(point.lcl),
                    "ucl": _plain(point.ucl),
                    "phase": point.phase,
                }
                for point in self.points
            ],
            "companion": self.companion.to_dict() if self.companion else None,
        }


def _plain(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
