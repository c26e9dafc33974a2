"""What a funnel plot says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import polars as pl

from baton_analysis.drawing.funnels import MOST_NAMED, plot_funnel
from baton_analysis.measures.funnel.dispersion import Dispersion
from baton_analysis.readers.model import Notice
from baton_analysis.results import Result

if TYPE_CHECKING:
    from matplotlib.axes import Axes

VERSION = "1"

FunnelKind = Literal["proportion", "rate"]
Widening = Literal["multiplicative", "additive", "none"]
Worse = Literal["below", "above"]
Verdict = Literal["usual", "warning", "alarm"]

LIMITS = ("warning_low", "warning_high", "alarm_low", "alarm_high")


@dataclass(frozen=True, eq=False, slots=True)
class FunnelPlot(Result):
    """Links of one kind against one target.

    Attributes
    ----------
    frame
        One row a link, in the order of the league: ``link``, ``count``, ``size``, ``value``; ``lower`` and ``upper``,
        its interval (Wilson's of a share, the exact Poisson one of a rate); ``z``, its distance from the target in
        standard errors, and ``z_widened`` in widened ones; ``warning_low`` to ``alarm_high``, the limits at its size;
        ``verdict`` and ``side`` ("below", "above", or nothing); ``shrunken``, ``shrunken_lower``, ``shrunken_upper``,
        the estimate by which it is ordered; ``place_from`` and ``place_to``, between which its place lies.
    curves
        The limits over all sizes, to be drawn: ``size`` and the four limits.
    n
        All that the figures rest on: handoffs of a share, exposure of a rate.
    links
        How many links are compared.
    target
        What they are compared with: the figure of all together where none was given (``target_given``).
    dispersion
        How much they differ; ``widened``: by which method the limits allow for it, "none" where they are exact.
    tau2
        Variance between links on which the league rests.
    levels
        Of the limits for a warning and for an alarm.
    worse
        Which side is bad.
    """

    kind: FunnelKind
    frame: pl.DataFrame
    curves: pl.DataFrame
    n: float
    links: int
    target: float
    target_given: bool
    dispersion: Dispersion
    widened: Widening
    tau2: float
    levels: tuple[float, float]
    worse: Worse
    confidence: float
    warnings: tuple[Notice, ...] = ()
    method: str = "funnel_plot"
    version: str = VERSION

    def to_table(self) -> pl.DataFrame:
        """One row a link, the best first."""
        return self.frame

    def to_dict(self) -> dict[str, Any]:
        """As plain values for JSON."""
        plain = ("method", "version", "kind", "n", "links", "target", "target_given", "widened", "tau2", "worse")
        return {
            **{name: getattr(self, name) for name in plain},
            "phi": self.dispersion.phi,
            "phi_bound": self.dispersion.bound,
            "levels": list(self.levels),
            "confidence": self.confidence,
            "rows": self.frame.to_dicts(),
            "curves": self.curves.to_dicts(),
            "warnings": [warning.render() for warning in self.warnings],
        }

    def plot(self, ax: Axes | None = None) -> Axes:
        """Each link at its size, the target, and the limits as a funnel; links beyond the outer one are ringed, and the
        farthest of them named. See :class:`baton_analysis.results.Plottable`."""
        alarms = self.frame["verdict"] == "alarm"
        farthest = self.frame.filter(alarms).sort(pl.col("z_widened").abs(), descending=True)["link"][:MOST_NAMED]
        names = [str(link) if link in farthest else "" for link in self.frame["link"]]
        return plot_funnel(
            ax,
            sizes=self.frame["size"].to_numpy(),
            values=self.frame["value"].to_numpy(),
            target=self.target,
            curve_sizes=self.curves["size"].to_numpy(),
            curves=[self.curves[name].to_numpy() for name in LIMITS],
            names=names,
            beyond=np.asarray(alarms),
        )
