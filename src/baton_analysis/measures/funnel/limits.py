"""Limits of a funnel: how far a link may lie from the target by chance alone."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy.special import bdtr, bdtrc, ndtri, pdtr, pdtrc

from baton_analysis.measures.inputs import Floats

_FARTHEST = 12.0
"""Standard errors beyond which no count is looked for, and as many counts more."""


def standard_errors(sizes: Floats, target: float, *, proportion: bool) -> Floats:
    """Of a figure that rests on so many, if the target is true."""
    spread = target * (1 - target) if proportion else target
    return np.asarray(np.sqrt(spread / sizes), dtype=np.float64)


def exact_limits(sizes: Floats, target: float, level: float, *, proportion: bool) -> tuple[Floats, Floats]:
    """Limits from the binomial distribution of shares, or the Poisson distribution of rates.

    A count lies beyond a limit if so extreme a count, or a more extreme one, has at most the probability (1 - level)/2.
    Between counts the limits are interpolated along the distribution, as Spiegelhalter (2005, appendix A.1) does on the
    lower side; on the upper side it is done as if the others were counted, so that both sides are treated alike.
    """
    tail = (1 - level) / 2
    whole = sizes.astype(np.int64)  # SciPy takes no others
    most = sizes if proportion else np.ceil(target * sizes + _FARTHEST * np.sqrt(target * sizes) + _FARTHEST)

    def down_to(count: Floats) -> Floats:
        """Probability of at most this count."""
        found = bdtr(np.maximum(count, 0), whole, target) if proportion else pdtr(np.maximum(count, 0), target * sizes)
        return np.where(count < 0, 0.0, found)

    def up_from(count: Floats) -> Floats:
        """Probability of at least this count."""
        below = np.clip(count - 1, 0, most)
        found = bdtrc(below, whole, target) if proportion else pdtrc(below, target * sizes)
        return np.where(count <= 0, 1.0, np.where(count > most, 0.0, found))

    first = _first(lambda count: down_to(count) >= tail, most)
    lower = first - _part(down_to(first) - tail, down_to(first) - down_to(first - 1))
    last = _first(lambda count: up_from(count + 1) <= tail, most)
    upper = last + _part(up_from(last) - tail, up_from(last) - up_from(last + 1))
    highest = 1.0 if proportion else np.inf
    return np.clip(lower / sizes, 0, highest), np.clip(upper / sizes, 0, highest)


def normal_limits(errors: Floats, target: float, level: float, *, proportion: bool) -> tuple[Floats, Floats]:
    """Limits at so many standard errors, which hold where these were widened."""
    half = float(ndtri(0.5 + level / 2)) * errors
    return np.clip(target - half, 0, None), np.clip(target + half, None, 1.0 if proportion else None)


def _first(holds: Callable[[Floats], np.ndarray[tuple[int, ...], np.dtype[np.bool_]]], most: Floats) -> Floats:
    """The first count from 0 to ``most`` from which on something holds, by halving for all at once."""
    low, high = np.zeros(len(most)), most.astype(np.float64)
    while (low < high).any():
        middle = np.floor((low + high) / 2)
        there = holds(middle)
        high, low = np.where(there, middle, high), np.where(there, low, np.minimum(middle + 1, high))
    return low


def _part(passed: Floats, step: Floats) -> Floats:
    return np.clip(np.divide(passed, step, out=np.zeros(len(step)), where=step > 0), 0, 1)
