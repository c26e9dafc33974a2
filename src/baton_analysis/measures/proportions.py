"""Shares of a whole, with the interval that says how far they can be trusted."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.special import ndtri

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
