"""A league table that says what it does not know: estimates drawn to the mean, and places as from–to."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtri

from baton_analysis.measures.funnel.dispersion import dispersion
from baton_analysis.measures.funnel.limits import standard_errors
from baton_analysis.measures.inputs import Floats

_ROWS_AT_ONCE = 256


@dataclass(frozen=True, eq=False, slots=True)
class League:
    """Links in an order; each array has one entry a link.

    Attributes
    ----------
    estimate, lower, upper
        The figure drawn to the mean of all: the less it rests on, the farther (empirical Bayes: Efron and Morris 1975,
        Journal of the American Statistical Association 70: 311-319), with its interval.
    first, last
        Places that it may have, 1 being the best: one behind all links that are better beyond doubt, and one before
        all that are worse beyond doubt (Goldstein and Spiegelhalter 1996, Journal of the Royal Statistical Society A
        159: 385-443, on what rankings cannot say).
    tau2
        Variance between links on which the estimates rest; 0: no link can be told from another.
    """

    estimate: Floats
    lower: Floats
    upper: Floats
    first: np.ndarray[tuple[int, ...], np.dtype[np.int64]]
    last: np.ndarray[tuple[int, ...], np.dtype[np.int64]]
    tau2: float


def league(
    values: Floats, sizes: Floats, *, proportion: bool, low_is_better: bool, winsorise: float, confidence: float
) -> League:
    """Links by their estimates around the mean of all, whatever the target is."""
    pooled = float(values @ sizes / sizes.sum())
    errors = standard_errors(sizes, pooled, proportion=proportion)
    scores = np.divide(values - pooled, errors, out=np.zeros(len(values)), where=errors > 0)
    tau2 = dispersion(scores, errors, winsorise).tau2
    variance = errors**2
    together = tau2 + variance
    kept = np.divide(tau2, together, out=np.zeros(len(values)), where=together > 0)
    weight = np.divide(1, together, out=np.ones(len(values)), where=together > 0)
    mean = float(values @ weight / weight.sum())
    estimate = mean + kept * (values - mean)
    spread = np.sqrt(kept * variance)
    z = float(ndtri(0.5 + confidence / 2))
    first, last = _places(-estimate if low_is_better else estimate, spread, z)
    return League(
        estimate=estimate,
        lower=np.clip(estimate - z * spread, 0, None),
        upper=np.clip(estimate + z * spread, None, 1.0 if proportion else None),
        first=first,
        last=last,
        tau2=tau2,
    )


def _places(
    goodness: Floats, spread: Floats, z: float
) -> tuple[np.ndarray[tuple[int, ...], np.dtype[np.int64]], np.ndarray[tuple[int, ...], np.dtype[np.int64]]]:
    """First and last place: a link is better beyond doubt if the difference is above ``z`` of its standard errors."""
    links = len(goodness)
    first, last = np.ones(links, dtype=np.int64), np.full(links, links, dtype=np.int64)
    for begin in range(0, links, _ROWS_AT_ONCE):
        rows = slice(begin, begin + _ROWS_AT_ONCE)
        ahead = goodness[np.newaxis, :] - goodness[rows, np.newaxis]
        doubt = z * np.sqrt(spread[np.newaxis, :] ** 2 + spread[rows, np.newaxis] ** 2)
        first[rows] += (ahead > doubt).sum(axis=1)
        last[rows] -= (-ahead > doubt).sum(axis=1)
    return first, last
