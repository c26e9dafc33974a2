"""Pareto: the few causes that make up most."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from baton_analysis.arguments import checked
from baton_analysis.drawing.plots import plot_pareto
from baton_analysis.errors import MeasureError, gettext_noop
from baton_analysis.measures.proportions import wilson_interval
from baton_analysis.measures.yields.basis import VERSION, Interval
from baton_analysis.readers.model import Notice
from baton_analysis.results import Result

if TYPE_CHECKING:
    from matplotlib.axes import Axes


@dataclass(frozen=True, slots=True)
class ParetoRow:
    """One cause: its count, its share of all and the share of all causes down to it; ``vital`` if it is one of the few
    that make up the wanted share. ``interval`` is Wilson's, of ``share``.
    """

    name: str
    count: float
    share: float
    cumulative: float
    vital: bool
    interval: Interval


@dataclass(frozen=True, slots=True)
class Pareto(Result):
    """Causes, the most frequent first; ``n`` is the sum of all counts."""

    rows: tuple[ParetoRow, ...]
    n: float
    vital_share: float
    method: str = "pareto"
    warnings: tuple[Notice, ...] = ()
    version: str = VERSION

    @property
    def vital_few(self) -> tuple[str, ...]:
        """Names of the causes that together make up the wanted share."""
        return tuple(row.name for row in self.rows if row.vital)

    def to_table(self) -> pl.DataFrame:
        """One row a cause."""
        rows = [(row.name, row.count, row.share, row.cumulative, row.vital, *row.interval) for row in self.rows]
        names = ["cause", "count", "share", "cumulative", "vital", "lower", "upper"]
        return pl.DataFrame(rows, schema=names, orient="row")

    def to_dict(self) -> dict[str, Any]:
        """As plain values for JSON."""
        return {
            "method": self.method,
            "version": self.version,
            "n": self.n,
            "vital_share": self.vital_share,
            "rows": [
                {
                    "name": row.name,
                    "count": row.count,
                    "share": row.share,
                    "cumulative": row.cumulative,
                    "vital": row.vital,
                    "interval": list(row.interval),
                }
                for row in self.rows
            ],
            "warnings": [warning.render() for warning in self.warnings],
        }

    def plot(self, ax: Axes | None = None) -> Axes:
        """Bars with the cumulative share; see :class:`baton_analysis.results.Plottable`."""
        return plot_pareto(
            ax,
            names=[row.name for row in self.rows],
            counts=[row.count for row in self.rows],
            shares=[row.cumulative for row in self.rows],
        )


@checked(MeasureError)
def pareto(counts: Mapping[str, float], *, vital_share: float = 0.8, confidence: float = 0.95) -> Pareto:
    """Causes in order of frequency; the vital few are the first ones that together reach ``vital_share``.

    Equal counts stay in the order given. Causes with a count of 0 are kept.

    Raises
    ------
    MeasureError
        No cause, a count below 0 or not finite, or all 0; a share that is none.
    """
    if not 0 < vital_share <= 1:
        raise MeasureError(
            expected=gettext_noop("The share of the vital few lies above 0 and up to 1."),
            found=gettext_noop("It is {given}."),
            remedy=gettext_noop("Give 0.8 for 80 percent."),
            given=vital_share,
        )
    total = float(sum(counts.values()))
    if not counts or not np.isfinite(total) or total <= 0 or min(counts.values()) < 0:
        raise MeasureError(
            expected=gettext_noop("Counts are 0 or more, and one at least is above 0."),
            found=gettext_noop("There are {causes} causes with {total} in all, the smallest {smallest}."),
            remedy=gettext_noop("Correct the counts, or wait until something was counted."),
            causes=len(counts),
            total=total,
            smallest=min(counts.values(), default=0),
        )
    ordered = sorted(counts.items(), key=lambda item: -item[1])
    low, high = wilson_interval([count for _, count in ordered], [total] * len(ordered), confidence=confidence)
    rows: list[ParetoRow] = []
    before = 0.0
    for (name, count), lower, upper in zip(ordered, low, high, strict=True):
        # A hair's breadth below the share is the share: 0.8 is not exact in floating point.
        vital = before / total < vital_share - 1e-12
        before += count
        rows.append(ParetoRow(name, count, count / total, before / total, vital, (float(lower), float(upper))))
    return Pareto(tuple(rows), total, vital_share, warnings=_flat(rows))


def _flat(rows: Sequence[ParetoRow]) -> tuple[Notice, ...]:
    """A warning where the causes hardly differ: then there are no vital few."""
    if len(rows) > 1 and rows[0].interval[0] <= 1 / len(rows):
        return (Notice(gettext_noop("No cause stands out from an even spread: sort the causes in another way.")),)
    return ()
