"""What a segmented regression found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import polars as pl

from baton_analysis.drawing.comparisons import plot_interrupted
from baton_analysis.measures.before_after.comparison import VERSION, Interval, finite
from baton_analysis.measures.before_after.regression import (
    Floats,
)
from baton_analysis.readers.model import Notice
from baton_analysis.results import Result

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Family = Literal["gaussian", "poisson"]

Errors = Literal["independent", "newey_west", "ar1"]

Dispersion = Literal["estimated", "fixed"]

Quantile = Literal["t", "normal"]


@dataclass(frozen=True, slots=True)
class Coefficient:
    """One term. Of a Poisson regression on the scale of logarithms; ``ratio`` and ``ratio_interval`` are their powers
    of e: by how much the rate is multiplied.
    """

    name: str
    estimate: float
    error: float
    interval: Interval
    p: float

    @property
    def ratio(self) -> float:
        return float(np.exp(self.estimate))

    @property
    def ratio_interval(self) -> Interval:
        return float(np.exp(self.interval[0])), float(np.exp(self.interval[1]))

    def to_dict(self) -> dict[str, Any]:
        """As plain values for JSON."""
        return {
            "name": self.name,
            "estimate": self.estimate,
            "error": self.error,
            "interval": list(self.interval),
            "p": self.p,
        }


@dataclass(frozen=True, eq=False)
class SegmentedRegression(Result):
    """Level and slope before a change, and what changed in them.

    Attributes
    ----------
    method
        "segmented_gaussian" or "segmented_poisson", followed by "_newey_west", "_ar1", or "_quasi" (dispersion
        estimated).
    coefficients
        "intercept" and "time" (the first point is time 1), "level" (the step at the change), "slope" (what is added to
        the trend a point, counted 1 at the first point after), "sin1", "cos1" ... of the season.
    average
        The change averaged over the points after: level plus slope times their mean distance. It is the answer to "what
        did it bring in this time?".
    values, change
        At each point what was measured (NaN in a gap), and the first point after the change, from 0.
    fitted, unchanged
        At each point, gaps included: what the regression expects, and would expect without the change.
    dispersion
        Of Poisson counts: Pearson's chi-square by its degrees of freedom, 1 if they vary by chance alone. Gaussian: the
        residual variance.
    autocorrelation
        Of neighbouring residuals; with AR(1) errors the autocorrelation that was estimated.
    r2
        Share of the variance that is explained; NaN for Poisson and AR(1).
    """

    method: str
    n: int
    n_before: int
    n_after: int
    coefficients: Mapping[str, Coefficient]
    average: Coefficient
    values: Floats
    change: int
    fitted: Floats
    unchanged: Floats
    dispersion: float
    autocorrelation: float
    r2: float
    degrees: int
    confidence: float
    warnings: tuple[Notice, ...] = ()
    version: str = VERSION

    def __post_init__(self) -> None:
        for array in (self.values, self.fitted, self.unchanged):
            array.setflags(write=False)

    def __getitem__(self, name: str) -> Coefficient:
        """A term by name; KeyError where it is not part of the model."""
        return self.coefficients[name]

    def to_table(self) -> pl.DataFrame:
        """One row a term, and one for the average change."""
        terms = [*self.coefficients.values(), self.average]
        rows = [(term.name, term.estimate, term.error, *term.interval, term.p) for term in terms]
        return pl.DataFrame(rows, schema=["term", "estimate", "error", "lower", "upper", "p"], orient="row")

    def to_dict(self) -> dict[str, Any]:
        """As plain values for JSON."""
        plain = ("method", "version", "n", "n_before", "n_after", "change", "degrees", "confidence")
        return {
            **{name: getattr(self, name) for name in plain},
            **{name: finite(getattr(self, name)) for name in ("dispersion", "autocorrelation", "r2")},
            "coefficients": [term.to_dict() for term in self.coefficients.values()],
            "average": self.average.to_dict(),
            "values": [finite(value) for value in self.values.tolist()],
            "fitted": self.fitted.tolist(),
            "unchanged": self.unchanged.tolist(),
            "warnings": [warning.render() for warning in self.warnings],
        }

    def plot(self, ax: Axes | None = None) -> Axes:
        """Points, the regression and, dashed, what it expects without the change; see
        :class:`baton_analysis.results.Plottable`."""
        return plot_interrupted(
            ax, values=self.values, fitted=self.fitted, unchanged=self.unchanged, change=self.change
        )
