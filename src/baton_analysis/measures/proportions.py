"""Shares of a whole, with the interval that says how far they can be trusted."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.special import betaincinv, ndtri

from baton_analysis.arguments import checked
from baton_analysis.errors import MeasureError, gettext_noop
from baton_analysis.measures.inputs import demand_confidence, numbers_of

Floats = npt.NDArray[np.float64]


@checked(MeasureError)
def wilson_interval(counts: npt.ArrayLike, sizes: npt.ArrayLike, *, confidence: float = 0.95) -> tuple[Floats, Floats]:
    """Lower and upper bound of each proportion ``counts / sizes``; NaN where a size is 0.

    The score interval of Wilson (1927), Journal of the American Statistical Association 22: 209-212, without continuity
    correction: it stays within 0..1 and holds its confidence for small numbers too.

    Raises
    ------
    MeasureError
        A count below 0 or above its size, or a confidence outside 0..1.
    """
    demand_confidence(confidence)
    count, size = _parts(counts, sizes)
    z = float(ndtri(0.5 + confidence / 2))
    with np.errstate(divide="ignore", invalid="ignore"):
        share = count / size
        middle = (share + z**2 / (2 * size)) / (1 + z**2 / size)
        half = z / (1 + z**2 / size) * np.sqrt(share * (1 - share) / size + z**2 / (4 * size**2))
    known = size > 0
    return np.where(known, middle - half, np.nan).clip(0, 1), np.where(known, middle + half, np.nan).clip(0, 1)


@checked(MeasureError)
def clopper_pearson_upper(counts: npt.ArrayLike, sizes: npt.ArrayLike, *, confidence: float = 0.95) -> Floats:
    """The exact one-sided upper bound of each proportion ``counts / sizes``; NaN where a size is 0.

    Clopper and Pearson (1934), Biometrika 26: 404-413. For a count of 0 it is 1 - (1 - confidence)^(1/n), with 95 %
    about 3/n: the rule of three (Hanley and Lippman-Hand 1983, JAMA 249: 1743-1745). Errors: see
    :func:`wilson_interval`.
    """
    demand_confidence(confidence)
    count, size = _parts(counts, sizes)
    known = size > 0
    room = np.where(known & (count < size), size - count, 1.0)
    bound = betaincinv(np.where(known, count, 0) + 1, room, confidence)
    return np.asarray(np.where(known, np.where(count < size, bound, 1.0), np.nan), dtype=np.float64)


def _parts(counts: npt.ArrayLike, sizes: npt.ArrayLike) -> tuple[Floats, Floats]:
    """Counts and what they are a part of. Raises MeasureError where a count is no part of its size."""
    count, size = numbers_of(counts, None), numbers_of(sizes, None)
    try:
        np.broadcast_shapes(count.shape, size.shape)
    except ValueError as error:
        raise MeasureError(
            expected=gettext_noop("Each count has the number of which it is a part."),
            found=gettext_noop("Counts: {counts}, numbers: {sizes}."),
            remedy=gettext_noop("Give as many of one as of the other, or one number for all."),
            counts=count.size,
            sizes=size.size,
        ) from error
    wrong = (count < 0) | (size > 0) & (count > size)
    if wrong.any():
        first = np.argmax(wrong)
        raise MeasureError(
            expected=gettext_noop("A count must lie between 0 and the number of which it is a part."),
            found=gettext_noop("Found: {count} of {size}."),
            remedy=gettext_noop("Give both for each point."),
            count=float(np.broadcast_to(count, wrong.shape).flat[first]),
            size=float(np.broadcast_to(size, wrong.shape).flat[first]),
        )
    return count, size
