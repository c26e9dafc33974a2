"""What following a path by reference says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl

from baton_analysis.drawing.comparisons import plot_bars
from baton_analysis.readers.model import Notice
from baton_analysis.results import Result

if TYPE_CHECKING:
    from matplotlib.axes import Axes

METHOD = "path_times"
VERSION = "1"
DAY = 86_400.0

LINKS: dict[str, Any] = {
    "link": pl.String,
    "n": pl.Int64,
    "median_seconds": pl.Float64,
    "lower": pl.Float64,
    "upper": pl.Float64,
    "p90_seconds": pl.Float64,
    "mean_seconds": pl.Float64,
    "share": pl.Float64,
    "wait_seconds": pl.Float64,
    "work_seconds": pl.Float64,
    "promised": pl.Int64,
    "late": pl.Int64,
    "lateness_seconds": pl.Float64,
    "own_seconds": pl.Float64,
    "inherited_seconds": pl.Float64,
    "recovered_seconds": pl.Float64,
    "contribution_seconds": pl.Float64,
    "contribution_share": pl.Float64,
}
"""Columns of the table of links."""


@dataclass(frozen=True, eq=False, slots=True)
class PathTimes(Result):
    """Times of references along a path, in seconds of real time.

    Attributes
    ----------
    links
        One row a link in the order of the path (``LINKS``): ``median_seconds`` with ``lower`` and ``upper``, the 90th
        percentile and the mean of the time from the handover before it to its own; ``share``, its part of all time;
        ``wait_seconds`` and ``work_seconds``, the means before and after its start; ``promised``, of how many
        references a promise is known; ``late``, how many left it late; the means of lateness, own, inherited and
        recovered delay (see :class:`baton_analysis.measures.path_times.delays.Delays`) over all references, and of what
        it contributes to the lateness at the end, with its share of that.
    legs
        One row a reference and link: ``reference``, ``link``, ``seconds``, ``wait_seconds`` and the delays.
    n
        References that have passed all links; ``references`` is how many have begun.
    lead_seconds, interval
        Median of the lead time, from the start on the first link to the end on the last, with its distribution-free
        interval (None: too few).
    p90_seconds, mean_seconds
        Of the lead time.
    late, late_share, late_interval
        How many references were late at the end, as a share with Wilson's interval; None where nothing is known.
    lateness_seconds
        Mean lateness at the end over all references: the sum of the contributions of all links.
    """

    path: tuple[str, ...]
    links: pl.DataFrame
    legs: pl.DataFrame
    n: int
    references: int
    lead_seconds: float | None
    interval: tuple[float, float] | None
    p90_seconds: float | None
    mean_seconds: float | None
    late: int
    late_share: float | None
    late_interval: tuple[float, float] | None
    lateness_seconds: float | None
    confidence: float
    warnings: tuple[Notice, ...] = ()
    method: str = METHOD
    version: str = VERSION

    @property
    def lead_days(self) -> float | None:
        """Median of the lead time in days of 24 hours."""
        return None if self.lead_seconds is None else self.lead_seconds / DAY

    def to_table(self) -> pl.DataFrame:
        """One row a link."""
        return self.links

    def to_dict(self) -> dict[str, Any]:
        """As plain values for JSON; without the single references."""
        figures = ("lead_seconds", "lead_days", "p90_seconds", "mean_seconds", "late", "late_share", "lateness_seconds")
        plain = ("method", "version", "n", "references", *figures, "confidence")
        intervals = ("interval", "late_interval")
        return {
            **{name: getattr(self, name) for name in plain},
            **{name: None if (pair := getattr(self, name)) is None else list(pair) for name in intervals},
            "path": list(self.path),
            "links": self.links.to_dicts(),
            "warnings": [warning.render() for warning in self.warnings],
        }

    def plot(self, ax: Axes | None = None) -> Axes:
        """The mean days that each link takes; see :class:`baton_analysis.results.Plottable`."""
        days = (self.links["mean_seconds"] / DAY).fill_null(0).to_list()
        return plot_bars(ax, names=self.links["link"].to_list(), sizes=days, unit="d")
