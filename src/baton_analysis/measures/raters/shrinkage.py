"""Means of groups that rest on few answers, drawn to the mean of all by as much as they are unsure."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import polars as pl
from scipy.special import ndtri

from baton_analysis.arguments import checked
from baton_analysis.drawing.plots import plot_indices
from baton_analysis.errors import MeasureError, gettext_noop
from baton_analysis.measures.inputs import Floats, demand_confidence
from baton_analysis.measures.raters.grouping import Grouped, components, grouped
from baton_analysis.readers.model import Notice
from baton_analysis.results import SHOWN_ROWS, Result

if TYPE_CHECKING:
    from matplotlib.axes import Axes

VERSION = "1"

FEW_GROUPS = 6
"""With fewer groups the variance between them is a guess."""


@dataclass(frozen=True, eq=False, slots=True)
class ShrunkenMeans(Result):
    """Means of groups, plain and shrunken.

    Attributes
    ----------
    frame
        One row a group, the highest estimate first: ``group``, ``n``, ``mean``; ``estimate`` with ``lower`` and
        ``upper``; ``weight``: how much of the group's own distance from the mean of all it keeps, from 0 to 1.
    mean, interval
        The mean of all groups, each counted by how sure it is.
    between, within
        Variance between groups beyond chance, and within them.
    n, groups
        Answers and groups.
    """

    frame: pl.DataFrame
    mean: float
    interval: tuple[float, float]
    between: float
    within: float
    n: int
    groups: int
    left_out: int
    confidence: float
    warnings: tuple[Notice, ...] = ()
    method: str = "empirical_bayes"
    version: str = VERSION

    def to_table(self) -> pl.DataFrame:
        """One row a group, the highest first."""
        return self.frame

    def to_dict(self) -> dict[str, Any]:
        """As plain values for JSON."""
        plain = ("method", "version", "n", "groups", "left_out", "mean", "between", "within", "confidence")
        return {
            **{name: getattr(self, name) for name in plain},
            "interval": list(self.interval),
            "rows": self.frame.to_dicts(),
            "warnings": [warning.render() for warning in self.warnings],
        }

    def plot(self, ax: Axes | None = None) -> Axes:
        """The estimates with their intervals, the first twenty, and the mean of all as a line; see
        :class:`baton_analysis.results.Plottable`."""
        first = self.frame.head(SHOWN_ROWS)
        return plot_indices(
            ax,
            names=first["group"].to_list(),
            values=first["estimate"].to_list(),
            lower=first["lower"].to_list(),
            upper=first["upper"].to_list(),
            line=self.mean,
        )


@checked(MeasureError)
def shrunken_means(groups: Sequence[Hashable], values: npt.ArrayLike, *, confidence: float = 0.95) -> ShrunkenMeans:
    """The mean of each group as an estimate of what it would be with many answers (empirical Bayes).

    Efron and Morris (1975), Journal of the American Statistical Association 70: 311-319, for groups of different size;
    variances by analysis of variance, which for equal sizes are those of restricted maximum likelihood. The interval of
    an estimate allows for the mean of all and the variances being estimated, too (Morris 1983, same journal 78: 47-55,
    section 5; the latter with more than three groups).

    Parameters
    ----------
    groups, values
        Of each answer its group and its figure; answers without one of them are left out.

    Raises
    ------
    MeasureError
        As :func:`baton_analysis.measures.raters.intraclass_correlation`.
    """
    demand_confidence(confidence)
    data = grouped(groups, values)
    found = components(data)
    error = found.within_square / data.sizes
    together = found.between + error
    if found.between > 0:
        weight, precision = found.between / together, 1 / together
    else:
        weight, precision = np.zeros(len(error)), data.sizes / found.within_square
    means = data.means
    mean = float(means @ precision / precision.sum())
    variance = weight * error + (1 - weight) ** 2 / precision.sum() + _of_variances(means - mean, weight, error)
    half = float(ndtri(0.5 + confidence / 2)) * np.sqrt(variance)
    estimate = mean + weight * (means - mean)
    frame = pl.DataFrame(
        {
            "group": data.names,
            "n": data.sizes.astype(np.int64),
            "mean": means,
            "estimate": estimate,
            "lower": estimate - half,
            "upper": estimate + half,
            "weight": weight,
        }
    )
    side = float(ndtri(0.5 + confidence / 2) / np.sqrt(precision.sum()))
    return ShrunkenMeans(
        frame=frame.sort("estimate", descending=True, maintain_order=True),
        mean=mean,
        interval=(mean - side, mean + side),
        between=found.between,
        within=found.within_square,
        n=len(data.values),
        groups=len(data.names),
        left_out=data.left_out,
        confidence=confidence,
        warnings=_warnings(data, found.between),
    )


def _of_variances(away: Floats, weight: Floats, error: Floats) -> Floats:
    """What estimating the variance between groups adds to the variance of an estimate, after Morris (1983)."""
    groups = len(away)
    if groups <= 3:
        return np.zeros(groups)
    drawn = 1 - weight
    together = np.divide(error, drawn, out=np.ones(groups), where=drawn > 0)
    usual = float((error / together).sum() / (1 / together).sum())
    ratio = np.divide(usual + (together - error), together)
    return np.asarray(2 / (groups - 3) * drawn**2 * ratio * away**2, dtype=np.float64)


def _warnings(data: Grouped, between: float) -> tuple[Notice, ...]:
    said = data.gaps
    if len(data.names) < FEW_GROUPS:
        few = gettext_noop("How much groups differ is told by {groups} of them only; {wanted} are wanted.")
        said.append(Notice(few, values={"groups": len(data.names), "wanted": FEW_GROUPS}))
    if between <= 0:
        alike = gettext_noop("Groups differ no more than by chance: all have the same estimate.")
        said.append(Notice(alike))
    return tuple(said)
