"""What an analysis of key drivers says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import polars as pl

from baton_analysis.drawing.plots import plot_indices
from baton_analysis.readers.model import Notice
from baton_analysis.results import SHOWN_ROWS, Result

if TYPE_CHECKING:
    from matplotlib.axes import Axes

VERSION = "1"

EXACT_UP_TO = 15
"""So many drivers are taken in all their orders; of more a sample of the orders is taken."""
ENOUGH_ANSWERS = 200
"""With fewer a share without an interval is refused."""

_SHOWN = ("driver", "lmg", "lower", "upper", "share", "place_from", "place_to", "relative_weight", "first", "last")

Sharing = Literal["lmg_exact", "lmg_sampled"]


@dataclass(frozen=True, eq=False, slots=True)
class KeyDrivers(Result):
    """Drivers of an outcome by their part in what all of them explain of it.

    Attributes
    ----------
    method
        "lmg_exact": over all orders of the drivers; "lmg_sampled": over a sample of the orders.
    frame
        One row a driver, the most important first. ``lmg``: its part of R², with ``lower`` and ``upper``; ``share``:
        the same as a share of R², with its interval; ``place_from`` and ``place_to``: between which its place lies;
        ``relative_weight``: Johnson's, with its interval; ``first``: R² of this driver alone; ``last``: what it adds to
        all others; ``pratt``: coefficient times correlation, which may be negative; ``coefficient``: standardised;
        ``correlation`` with the outcome; ``variance_inflation``: by how much the others blow up the variance of its
        coefficient, nothing where it is a sum of them. Intervals are missing where nothing was drawn.
    n
        Answers behind it: those that rate the outcome and every driver; ``left_out`` do not.
    r_squared, interval
        The share of the outcome's variance that all drivers explain together; ``interval`` is None where nothing was
        drawn.
    draws
        Samples of the answers, drawn with replacement, behind the intervals.
    orders, sampling_error
        Orders of the drivers that were sampled, and the largest standard error of an ``lmg`` that comes from sampling
        them; 0 and None if all of them were taken.
    first_place
        Share of the draws in which the first driver is the first; None where nothing was drawn.
    """

    method: Sharing
    frame: pl.DataFrame
    n: int
    left_out: int
    r_squared: float
    interval: tuple[float, float] | None
    draws: int
    orders: int
    sampling_error: float | None
    first_place: float | None
    confidence: float
    warnings: tuple[Notice, ...] = ()
    version: str = VERSION

    def to_table(self) -> pl.DataFrame:
        """One row a driver, the most important first; ``frame`` has every column."""
        return self.frame.select(_SHOWN)

    def to_dict(self) -> dict[str, Any]:
        """As plain values for JSON."""
        plain = ("method", "version", "n", "left_out", "r_squared", "draws", "orders", "sampling_error", "first_place")
        return {
            **{name: getattr(self, name) for name in (*plain, "confidence")},
            "interval": None if self.interval is None else list(self.interval),
            "rows": self.frame.to_dicts(),
            "warnings": [warning.render() for warning in self.warnings],
        }

    def plot(self, ax: Axes | None = None) -> Axes:
        """The share of each driver with its interval, the first twenty, and a line where all would be alike; see
        :class:`baton_analysis.results.Plottable`."""
        first = self.frame.head(SHOWN_ROWS)
        drawn = {"lower": "share_lower", "upper": "share_upper"} if self.draws else {"lower": "share", "upper": "share"}
        return plot_indices(
            ax,
            names=first["driver"].to_list(),
            values=first["share"].to_list(),
            line=1 / self.frame.height,
            **{side: first[column].to_list() for side, column in drawn.items()},
        )
