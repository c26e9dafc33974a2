"""Who rates mildly and who severely, apart from whom they rate: on named ratings only."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import polars as pl
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.special import stdtr, stdtrit

from baton_analysis.arguments import checked
from baton_analysis.drawing.plots import plot_indices
from baton_analysis.errors import MeasureError, gettext_noop
from baton_analysis.measures.false_discovery import control_false_discoveries
from baton_analysis.measures.inputs import Floats, demand_confidence, numbers_of
from baton_analysis.measures.raters.grouping import Places, places_of
from baton_analysis.readers.model import Notice
from baton_analysis.results import SHOWN_ROWS, Result

if TYPE_CHECKING:
    from matplotlib.axes import Axes

VERSION = "1"

ENOUGH_RATINGS = 5


@dataclass(frozen=True, eq=False, slots=True)
class RaterEffects(Result):
    """Effects of raters, and means of the rated as a rater of mean severity would give them.

    Attributes
    ----------
    frame
        One row a rater, the mildest first: ``rater``, ``n``; ``effect`` with ``lower`` and ``upper``: by how much he
        rates above (mild) or below (severe) the mean rater, in the unit of the ratings; ``p`` and ``adjusted`` (Holm,
        over all raters); ``found``: mild or severe beyond doubt.
    rated
        One row a rated, the best first: ``rated``, ``n``, ``mean``; ``adjusted`` with ``lower`` and ``upper``: the mean
        freed from who rated it.
    deviation
        Standard deviation of what neither rater nor rated explains.
    n, raters
        Ratings and raters.
    """

    frame: pl.DataFrame
    rated: pl.DataFrame
    deviation: float
    n: int
    raters: int
    left_out: int
    level: float
    confidence: float
    warnings: tuple[Notice, ...] = ()
    method: str = "additive_rater_effects"
    version: str = VERSION

    def to_table(self) -> pl.DataFrame:
        """One row a rater, the mildest first."""
        return self.frame

    def to_dict(self) -> dict[str, Any]:
        """As plain values for JSON."""
        plain = ("method", "version", "n", "raters", "left_out", "deviation", "level", "confidence")
        return {
            **{name: getattr(self, name) for name in plain},
            "rows": self.frame.to_dicts(),
            "rated": self.rated.to_dicts(),
            "warnings": [warning.render() for warning in self.warnings],
        }

    def plot(self, ax: Axes | None = None) -> Axes:
        """The effects of the first twenty raters with their intervals, and a line at the mean rater; see
        :class:`baton_analysis.results.Plottable`."""
        first = self.frame.head(SHOWN_ROWS)
        return plot_indices(
            ax,
            names=first["rater"].to_list(),
            values=first["effect"].to_list(),
            lower=first["lower"].to_list(),
            upper=first["upper"].to_list(),
            line=0,
        )


@checked(MeasureError)
def rater_effects(
    raters: Sequence[Hashable],
    rated: Sequence[Hashable],
    ratings: npt.ArrayLike,
    *,
    level: float = 0.05,
    confidence: float = 0.95,
) -> RaterEffects:
    """Severity and leniency by the additive model rating = rater + rated + rest, least squares; not everybody has to
    rate everybody.

    Scheffé (1959), The Analysis of Variance, chapter 4; who rates mildly beyond doubt by Holm (1979). A rater who is
    served worse than others looks severe: the model knows no service that differs from customer to customer.

    Parameters
    ----------
    raters, rated, ratings
        Of each rating who gave it, to whom, and its figure; where one of them is missing it is left out.
    level
        Probability that anybody is called mild or severe by chance.

    Raises
    ------
    MeasureError
        Columns of different length, fewer than two raters or rated, no more ratings than raters and rated together,
        raters who do not hang together through those whom they rate, or settings that do not fit.
    """
    demand_confidence(confidence)
    data = _given(raters, rated, ratings)
    demand_level(level)
    effects, spread, free = _fitted(data)
    degrees = len(data.values) - (len(data.raters) + len(data.rated) - 1)
    error = np.sqrt(np.diag(spread).clip(0) * free)
    half = float(stdtrit(degrees, 0.5 + confidence / 2)) * error
    count = len(data.raters)
    own, their = slice(0, count), slice(count, None)
    t = np.divide(effects[own], error[own], out=np.full(count, np.inf), where=error[own] > 0)
    p = np.where(effects[own] == 0, 1.0, 2 * stdtr(degrees, -np.abs(t)))
    control = control_false_discoveries(p, level=level, method="holm")
    frame = pl.DataFrame(
        {
            "rater": data.raters,
            "n": np.bincount(data.rater),
            "effect": effects[own],
            "lower": effects[own] - half[own],
            "upper": effects[own] + half[own],
            "p": p,
            "adjusted": control.adjusted,
            "found": control.found,
        }
    )
    others = pl.DataFrame(
        {
            "rated": data.rated,
            "n": np.bincount(data.target),
            "mean": np.bincount(data.target, data.values) / np.bincount(data.target),
            "adjusted": effects[their],
            "lower": effects[their] - half[their],
            "upper": effects[their] + half[their],
        }
    )
    return RaterEffects(
        frame=frame.sort("effect", descending=True, maintain_order=True),
        rated=others.sort("adjusted", descending=True, maintain_order=True),
        deviation=float(np.sqrt(free)),
        n=len(data.values),
        raters=count,
        left_out=data.left_out,
        level=level,
        confidence=confidence,
        warnings=_warnings(data),
    )


def demand_level(level: float) -> None:
    """Refuse a level that is no probability between 0 and 1."""
    if not 0 < level < 1:
        raise MeasureError(
            expected=gettext_noop("The level lies between 0 and 1."),
            found=gettext_noop("It is {given}."),
            remedy=gettext_noop("Take 0.05."),
            given=level,
        )


@dataclass(frozen=True, eq=False, slots=True)
class _Ratings:
    raters: list[str]
    rated: list[str]
    rater: Places
    target: Places
    values: Floats
    left_out: int


def _given(raters: Sequence[Hashable], rated: Sequence[Hashable], ratings: npt.ArrayLike) -> _Ratings:
    values = numbers_of(ratings)
    (_, rater), (_, target) = places_of(raters), places_of(rated)
    alike = len(rater) == len(target) == len(values)
    there = (rater >= 0) & (target >= 0) & np.isfinite(values) if alike else np.zeros(len(values), dtype=np.bool_)
    givers, giver = np.unique(np.array([str(name) for name in raters])[there] if alike else [], return_inverse=True)
    takers, taker = np.unique(np.array([str(name) for name in rated])[there] if alike else [], return_inverse=True)
    n, sides = int(there.sum()), (len(givers), len(takers))
    if min(sides) < 2 or n <= sum(sides) - 1 or not np.abs(values[there]).max() < _LARGEST:
        raise MeasureError(
            expected=gettext_noop("Each rating has a rater and a rated, two of each at least, and there are more"
                                  " ratings than raters and rated together."),
            found=gettext_noop("Ratings: {ratings}, of which {n} can be used; raters: {raters}, rated: {rated}."),
            remedy=gettext_noop("Take several waves together, or wait until more have rated."),
            ratings=len(values),
            n=n,
            raters=sides[0],
            rated=sides[1],
        )  # fmt: skip
    data = _Ratings(
        givers.tolist(), takers.tolist(), giver.astype(np.int64), taker.astype(np.int64), values[there],
        int((~there).sum()),
    )  # fmt: skip
    _demand_connected(data)
    return data


_LARGEST = 1e100


def _demand_connected(data: _Ratings) -> None:
    size = len(data.raters) + len(data.rated)
    links = coo_array((np.ones(len(data.values)), (data.rater, data.target + len(data.raters))), shape=(size, size))
    parts = int(connected_components(links, directed=False)[0])
    if parts > 1:
        raise MeasureError(
            expected=gettext_noop("Raters hang together through those whom they rate."),
            found=gettext_noop("They fall into {parts} sets that have nobody in common."),
            remedy=gettext_noop("Look at each set by itself: between them nobody can say who is severe."),
            parts=parts,
        )


def _fitted(data: _Ratings) -> tuple[Floats, Floats, float]:
    """Effects of raters around 0, then adjusted means of the rated; their covariances in units of the variance of the
    rest; and that variance."""
    givers, takers, n = len(data.raters), len(data.rated), len(data.values)
    design = np.zeros((n, givers + takers))
    design[np.arange(n), data.rater] = 1
    design[np.arange(n), givers + data.target] = 1
    inverse = np.linalg.pinv(design.T @ design, rcond=1e-10, hermitian=True)
    raw = inverse @ (design.T @ data.values)
    rest = data.values - design @ raw
    # The mean effect of raters goes to the rated.
    contrast = np.eye(givers + takers)
    contrast[:givers, :givers] -= 1 / givers
    contrast[givers:, :givers] += 1 / givers
    free = float(rest @ rest) / (n - givers - takers + 1)
    return contrast @ raw, contrast @ inverse @ contrast.T, free


def _warnings(data: _Ratings) -> tuple[Notice, ...]:
    said = []
    if data.left_out:
        gaps = gettext_noop("{count} answers in which something is missing are left out.")
        said.append(Notice(gaps, count=data.left_out))
    few = int(np.count_nonzero(np.bincount(data.rater) < ENOUGH_RATINGS))
    if few:
        rare = gettext_noop("{count} raters gave fewer than {wanted} ratings each. Look at their intervals.")
        said.append(Notice(rare, count=few, values={"wanted": ENOUGH_RATINGS}))
    return tuple(said)
