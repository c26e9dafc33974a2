"""Means in which each answer counts by what its customer is worth."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.special import stdtrit

from baton_analysis.arguments import checked
from baton_analysis.drawing.figures import number, percent
from baton_analysis.errors import MeasureError, gettext_noop
from baton_analysis.measures.inputs import demand_confidence, numbers_of
from baton_analysis.readers.model import Notice
from baton_analysis.results import Result

VERSION = "1"

ENOUGH_EFFECTIVE = 30.0
HEAVY = 0.25
"""Share of the whole weight from which on one answer is named as heavy."""


@dataclass(frozen=True, slots=True)
class WeightedMean(Result):
    """A mean by weight beside the plain one.

    Attributes
    ----------
    mean, interval
        By weight.
    plain
        The mean in which each answer counts the same.
    difference, difference_interval
        ``mean`` less ``plain``: above 0 the customers who are worth more are the more content.
    n, effective_n
        Answers, and how many of equal weight would be as sure (Kish): the sum of the weights squared over the sum of
        their squares.
    heaviest
        The largest share of the whole weight that one answer has.
    """

    mean: float
    interval: tuple[float, float]
    plain: float
    difference: float
    difference_interval: tuple[float, float]
    n: int
    effective_n: float
    heaviest: float
    left_out: int
    confidence: float
    warnings: tuple[Notice, ...] = ()
    method: str = "value_weighted_mean"
    version: str = VERSION

    def to_dict(self) -> dict[str, Any]:
        """As plain values for JSON."""
        plain = ("method", "version", "n", "effective_n", "left_out", "mean", "plain", "difference", "heaviest")
        return {
            **{name: getattr(self, name) for name in (*plain, "confidence")},
            "interval": list(self.interval),
            "difference_interval": list(self.difference_interval),
            "warnings": [warning.render() for warning in self.warnings],
        }


@checked(MeasureError)
def value_weighted_mean(values: npt.ArrayLike, weights: npt.ArrayLike, *, confidence: float = 0.95) -> WeightedMean:
    """The mean of answers, each counted by a weight such as the customer's turnover.

    Interval by linearisation (Cochran 1977, Sampling Techniques, section 6.4; as ``svymean`` of R's survey), with t of
    n - 1 degrees of freedom; effective n by Kish (1965), Survey Sampling, section 11.7.

    Parameters
    ----------
    values, weights
        Of each answer its figure and its weight, 0 or more; answers without one of them are left out.

    Raises
    ------
    MeasureError
        Columns of different length, fewer than two answers with a weight above 0, or a weight below 0.
    """
    demand_confidence(confidence)
    value, weight, left_out = _given(values, weights)
    n, shares = len(value), weight / weight.sum()
    mean, plain = float(shares @ value), float(value.mean())
    quantile = float(stdtrit(n - 1, 0.5 + confidence / 2))
    effective, heaviest = float(1 / (shares @ shares)), float(shares.max())

    def half(parts: npt.NDArray[np.float64]) -> float:
        return quantile * float(np.sqrt(n / (n - 1) * (parts @ parts)))

    own, difference = shares * (value - mean), mean - plain
    side, apart = half(own), half(own - (value - plain) / n)
    return WeightedMean(
        mean=mean,
        interval=(mean - side, mean + side),
        plain=plain,
        difference=difference,
        difference_interval=(difference - apart, difference + apart),
        n=n,
        effective_n=effective,
        heaviest=heaviest,
        left_out=left_out,
        confidence=confidence,
        warnings=_warnings(left_out, effective, heaviest),
    )


def _given(
    values: npt.ArrayLike, weights: npt.ArrayLike
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64], int]:
    value, weight = numbers_of(values), numbers_of(weights)
    alike = len(value) == len(weight)
    there = np.isfinite(value) & np.isfinite(weight) if alike else np.zeros(len(value), dtype=np.bool_)
    counted = int(np.count_nonzero(weight[there] > 0)) if alike else 0
    largest = max(np.abs(value[there]).max(initial=0.0), weight[there].max(initial=0.0)) if alike else 0.0
    if counted < 2 or weight[there].min() < 0 or largest > _LARGEST:
        raise MeasureError(
            expected=gettext_noop("Each answer has a weight of 0 or more; at least two have one above 0."),
            found=gettext_noop("Answers: {values}, weights: {weights}, of which {counted} count."),
            remedy=gettext_noop("Give the figure and the weight of each answer in the same order."),
            values=len(value),
            weights=len(weight),
            counted=counted,
        )
    return value[there], weight[there], int((~there).sum())


_LARGEST = 1e100


def _warnings(left_out: int, effective: float, heaviest: float) -> tuple[Notice, ...]:
    said = []
    if left_out:
        gaps = gettext_noop("{count} answers in which something is missing are left out.")
        said.append(Notice(gaps, count=left_out))
    if effective < ENOUGH_EFFECTIVE:
        few = gettext_noop("By weight the mean rests on as much as {n} answers would say; {wanted} are wanted.")
        said.append(Notice(few, values={"n": number(effective, 1), "wanted": number(ENOUGH_EFFECTIVE)}))
    if heaviest >= HEAVY:
        heavy = gettext_noop("One answer has {share} of the whole weight: look at it by itself.")
        said.append(Notice(heavy, values={"share": percent(heaviest, 0)}))
    return tuple(said)
