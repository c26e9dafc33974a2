"""Whether the members of a group answer alike enough for their mean to stand for the group."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from baton_analysis.arguments import checked
from baton_analysis.errors import MeasureError, gettext_noop
from baton_analysis.measures.inputs import Floats, demand_confidence, numbers_of
from baton_analysis.measures.proportions import wilson_interval
from baton_analysis.measures.raters.grouping import Grouped, grouped
from baton_analysis.readers.model import Notice
from baton_analysis.results import Result

VERSION = "1"

AGREES = 0.7
"""From this rwg on a group is usually taken to agree (James, Demaree and Wolf 1984)."""
ENOUGH_ANSWERS = 5
"""In smaller groups agreement is often chance."""


@dataclass(frozen=True, eq=False, slots=True)
class WithinGroupAgreement(Result):
    """Agreement within each group.

    Attributes
    ----------
    frame
        One row a group, in the order given: ``group``, ``n``, ``mean``; ``variance`` of its answers, the mean over
        items; ``rwg``: share by which that is below the variance of answers without any agreement, of several items
        rwg(j), 0 where it is not below; ``deviation``: mean absolute deviation from the group's mean (AD), in steps of
        the scale; ``agrees``: both ``rwg`` from 0.7 on and ``deviation`` up to ``largest_deviation``. Groups of one
        have none of these.
    agreeing, share, interval
        Groups that agree: how many, and as a share of those that can, with Wilson's interval.
    median
        Of ``rwg``.
    null_variance
        Variance of answers without any agreement.
    largest_deviation
        Up to which groups agree: a sixth of the steps of the scale (Burke and Dunlap 2002).
    n, groups, items
        Answers, groups, and items an answer.
    """

    frame: pl.DataFrame
    agreeing: int
    share: float
    interval: tuple[float, float]
    median: float
    null_variance: float
    largest_deviation: float
    n: int
    groups: int
    items: int
    left_out: int
    confidence: float
    warnings: tuple[Notice, ...] = ()
    method: str = "within_group_agreement"
    version: str = VERSION

    def to_table(self) -> pl.DataFrame:
        """One row a group."""
        return self.frame

    def to_dict(self) -> dict[str, Any]:
        """As plain values for JSON."""
        plain = ("method", "version", "n", "groups", "items", "left_out", "agreeing", "share", "median")
        more = ("null_variance", "largest_deviation", "confidence")
        return {
            **{name: getattr(self, name) for name in (*plain, *more)},
            "interval": list(self.interval),
            "rows": self.frame.to_dicts(),
            "warnings": [warning.render() for warning in self.warnings],
        }


@checked(MeasureError)
def within_group_agreement(
    groups: Sequence[Hashable],
    ratings: npt.ArrayLike,
    *,
    low: int,
    high: int,
    null_variance: float | None = None,
    confidence: float = 0.95,
) -> WithinGroupAgreement:
    """rwg or rwg(j) and AD of each group.

    James, Demaree and Wolf (1984), Journal of Applied Psychology 69: 85-98; Burke, Finkelstein and Dusig (1999),
    Organizational Research Methods 2: 49-68, with the bound of Burke and Dunlap (2002), same journal 5: 159-172.

    Parameters
    ----------
    groups, ratings
        Of each answer its group, and its figure or a row of figures of items that ask for the same; answers without a
        group or with a missing item are left out.
    low, high
        The ends of the scale.
    null_variance
        Of answers without any agreement; by default all steps of the scale alike, (steps^2 - 1) / 12. People seldom use
        the lower half: a smaller variance is stricter.

    Raises
    ------
    MeasureError
        As :func:`baton_analysis.measures.raters.intraclass_correlation`, answers off the scale, or a variance that is
        not above 0.
    """
    demand_confidence(confidence)
    table = numbers_of(ratings, dimensions=None)
    data = grouped(groups, table if table.ndim == 2 else table[:, None] if table.ndim == 1 else table, dimensions=2)
    steps = high - low + 1
    free = (steps**2 - 1) / 12 if null_variance is None else float(null_variance)
    _demand_scale(data.values, low, high, free)
    bound = steps / 6
    frame = _frame(data, free, bound)
    can = frame.filter(pl.col("n") > 1)
    agreeing = int(can["agrees"].sum())
    lower, upper = wilson_interval(agreeing, can.height, confidence=confidence)
    return WithinGroupAgreement(
        frame=frame,
        agreeing=agreeing,
        share=agreeing / can.height,
        interval=(float(lower), float(upper)),
        median=float(np.median(can["rwg"])),
        null_variance=free,
        largest_deviation=bound,
        n=len(data.values),
        groups=frame.height,
        items=data.values.shape[1],
        left_out=data.left_out,
        confidence=confidence,
        warnings=_warnings(data),
    )


def _frame(data: Grouped, free: float, bound: float) -> pl.DataFrame:
    sizes = data.sizes[:, None]
    mean = _sums(data, data.values) / sizes
    away = data.values - mean[data.place]
    several = data.sizes > 1
    variance = (_sums(data, away**2) / np.maximum(sizes - 1, 1)).mean(axis=1)
    deviation = (_sums(data, np.abs(away)) / sizes).mean(axis=1)
    agreement = np.clip(1 - variance / free, 0.0, 1.0)
    items = data.values.shape[1]
    # By Spearman and Brown, as if the items were parts of one test.
    rwg = items * agreement / (items * agreement + 1 - agreement)
    frame = pl.DataFrame(
        {
            "group": data.names,
            "n": data.sizes.astype(np.int64),
            "mean": mean.mean(axis=1),
            "variance": variance,
            "rwg": rwg,
            "deviation": deviation,
            "agrees": (rwg >= AGREES) & (deviation <= bound),
        }
    )
    return frame.with_columns(
        pl.when(pl.Series(several)).then(pl.col(name)).alias(name)
        for name in ("variance", "rwg", "deviation", "agrees")
    )


def _sums(data: Grouped, values: Floats) -> Floats:
    """Of each column by group."""
    columns = [np.bincount(data.place, column, minlength=len(data.names)) for column in values.T]
    return np.asarray(np.column_stack(columns), dtype=np.float64)


def _demand_scale(values: Floats, low: int, high: int, free: float) -> None:
    if not low < high or not 0 < free < np.inf or values.min() < low or values.max() > high:
        raise MeasureError(
            expected=gettext_noop("All answers lie on the scale, and answers without agreement have a variance above"
                                  " 0."),
            found=gettext_noop("The scale goes from {low} to {high}, the answers from {least} to {most}; the variance"
                               " is {free}."),
            remedy=gettext_noop("Give the ends of the scale that was asked with."),
            low=low,
            high=high,
            least=float(values.min()),
            most=float(values.max()),
            free=free,
        )  # fmt: skip


def _warnings(data: Grouped) -> tuple[Notice, ...]:
    said = data.gaps
    small = int(np.count_nonzero(data.sizes < ENOUGH_ANSWERS))
    if small:
        few = gettext_noop("{count} groups have fewer than {wanted} answers: agreement of so few is often chance.")
        said.append(Notice(few, count=small, values={"wanted": ENOUGH_ANSWERS}))
    return tuple(said)
