"""Whether two figures of the same things rise and fall together, whatever their scales: Spearman's rho."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.special import ndtri

from baton_analysis.arguments import checked
from baton_analysis.errors import MeasureError, gettext_noop
from baton_analysis.measures.inputs import demand_confidence, numbers_of
from baton_analysis.readers.model import Notice
from baton_analysis.results import Result

METHOD = "spearman"
VERSION = "1"

FEWEST = 5
"""Pairs below which nothing is said: four can be in perfect order by chance in one of twelve cases."""
ENOUGH = 25
"""Pairs from which on the interval holds its confidence fairly well (Bonett and Wright 2000, table 2)."""


@dataclass(frozen=True, slots=True)
class RankCorrelation(Result):
    """Spearman's rho of ``n`` pairs with its interval; None where the pairs are in perfect order, because then the
    formula of the interval says nothing. ``left_out`` pairs had a gap."""

    n: int
    left_out: int
    value: float
    interval: tuple[float, float] | None
    confidence: float
    warnings: tuple[Notice, ...] = ()
    method: str = METHOD
    version: str = VERSION

    def to_dict(self) -> dict[str, Any]:
        """As plain values for JSON."""
        plain = ("method", "version", "n", "left_out", "value", "confidence")
        return {
            **{name: getattr(self, name) for name in plain},
            "interval": None if self.interval is None else list(self.interval),
            "warnings": [warning.render() for warning in self.warnings],
        }


@checked(MeasureError)
def rank_correlation(first: npt.ArrayLike, second: npt.ArrayLike, *, confidence: float = 0.95) -> RankCorrelation:
    """Spearman's rho: Pearson's correlation of the ranks, equal values sharing their mean rank (Spearman 1904, American
    Journal of Psychology 15: 72-101; Kendall 1948, Rank Correlation Methods, chapter 3).

    Interval by Fisher's z with the variance (1 + rho^2/2) / (n - 3) of Bonett and Wright (2000), Psychometrika 65:
    23-28, equation 3. It says nothing of cause.

    Parameters
    ----------
    first, second
        The two figures of each thing, in the same order; pairs in which one is NaN are left out.

    Raises
    ------
    MeasureError
        Columns of different length, fewer than five pairs, a column in which all values are equal, or a value that is
        no finite number.
    """
    demand_confidence(confidence)
    one, other, left_out = _pairs(first, second)
    n = len(one)
    ranks = np.stack([_ranks(one), _ranks(other)])
    value = float(np.clip(np.asarray(np.corrcoef(ranks))[0, 1], -1.0, 1.0))
    perfect = bool(np.isclose(abs(value), 1.0))
    value = float(np.sign(value)) if perfect else value
    interval = None if perfect else _interval(value, n, confidence)
    return RankCorrelation(n, left_out, value, interval, confidence, _warnings(n, left_out, interval, perfect=perfect))


def _ranks(values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Places from 1 on; equal values share the mean of theirs."""
    _values, place, counts = np.unique(values, return_inverse=True, return_counts=True)
    ends = np.cumsum(counts)
    return np.asarray((ends - (counts - 1) / 2)[place.ravel()], dtype=np.float64)


def _interval(value: float, n: int, confidence: float) -> tuple[float, float]:
    half = float(ndtri(0.5 + confidence / 2)) * float(np.sqrt((1 + value**2 / 2) / (n - 3)))
    middle = float(np.arctanh(value))
    return float(np.tanh(middle - half)), float(np.tanh(middle + half))


def _pairs(first: npt.ArrayLike, second: npt.ArrayLike) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64], int]:
    one, other = numbers_of(first), numbers_of(second)
    alike = len(one) == len(other)
    known = ~(np.isnan(one) | np.isnan(other)) if alike else np.zeros(len(one), dtype=np.bool_)
    left, right = one[known], other[known[: len(other)]] if alike else other[:0]
    endless = bool(np.isinf(left).any() or np.isinf(right).any())
    if len(left) < FEWEST or endless:
        raise MeasureError(
            expected=gettext_noop("Two figures of each thing, finite ones; both are known of at least {fewest}."),
            found=gettext_noop("First figures: {first}, second: {second}, pairs: {pairs}."),
            remedy=gettext_noop("Give both figures in the same order, or wait for more."),
            fewest=FEWEST,
            first=len(one),
            second=len(other),
            pairs=len(left),
        )
    if np.ptp(left) == 0 or np.ptp(right) == 0:
        raise MeasureError(
            expected=gettext_noop("Values of both figures differ."),
            found=gettext_noop("All {n} values of one of them are equal."),
            remedy=gettext_noop("Wait until they differ: what is always the same goes with nothing."),
            n=len(left),
        )
    return left, right, int((~known).sum())


def _warnings(n: int, left_out: int, interval: tuple[float, float] | None, *, perfect: bool) -> tuple[Notice, ...]:
    said = []
    if n < ENOUGH:
        few = gettext_noop("{n} pairs are few: the interval is rough below {enough}.")
        said.append(Notice(few, values={"n": n, "enough": ENOUGH}))
    if perfect:
        said.append(Notice(gettext_noop("The pairs are in perfect order: there is no interval.")))
    elif interval is not None and interval[0] < 0 < interval[1]:
        said.append(Notice(gettext_noop("The interval holds 0: these pairs do not show whether they go together.")))
    if left_out:
        said.append(Notice(gettext_noop("{count} pairs with a gap are left out."), count=left_out))
    return tuple(said)
