"""Shares of a whole, with the interval that says how far they can be trusted."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.special import betaincinv, ndtri

Floats = npt.NDArray[np.float64]


def wilson_interval(counts: npt.ArrayLike, sizes: npt.ArrayLike, *, confidence: float = 0.95) -> tuple[Floats, Floats]:
    """Lower and upper bound of each proportion ``counts / sizes``; NaN where a size is 0.

    The score interval of Wilson (1927), Journal of the American Statistical Association 22: 209-212, without continuity
    correction: it stays within 0..1 and holds its confidence for small numbers too.
    """
    count = np.asarray(counts, dtype=np.float64)
    size = np.asarray(sizes, dtype=np.float64)
    z = float(ndtri(0.5 + confidence / 2))
    with np.errstate(divide="ignore", invalid="ignore"):
        share = count / size
        middle = (share + z**2 / (2 * size)) / (1 + z**2 / size)
        half = z / (1 + z**2 / size) * np.sqrt(share * (1 - share) / size + z**2 / (4 * size**2))
    known = size > 0
    return np.where(known, middle - half, np.nan).clip(0, 1), np.where(known, middle + half, np.nan).clip(0, 1)


def clopper_pearson_upper(counts: npt.ArrayLike, sizes: npt.ArrayLike, *, confidence: float = 0.95) -> Floats:
    """The exact one-sided upper bound of each proportion ``counts / sizes``; NaN where a size is 0.

    Clopper and Pearson (1934), Biometrika 26: 404-413. For a count of 0 it is 1 - (1 - confidence)^(1/n), with 95 %
    about 3/n: the rule of three (Hanley and Lippman-Hand 1983, JAMA 249: 1743-1745).
    """
    count = np.asarray(counts, dtype=np.float64)
    size = np.asarray(sizes, dtype=np.float64)
    known = size > 0
    room = np.where(known & (count < size), size - count, 1.0)
    bound = betaincinv(np.where(known, count, 0) + 1, room, confidence)
    return np.asarray(np.where(known, np.where(count < size, bound, 1.0), np.nan), dtype=np.float64)
