"""The median of times, with an interval that supposes nothing about how they are distributed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.special import bdtr

from baton_analysis.arguments import checked
from baton_analysis.errors import MeasureError, gettext_noop
from baton_analysis.measures.inputs import demand_confidence, numbers_of
from baton_analysis.readers.model import Notice
from baton_analysis.results import Result

METHOD = "median"
VERSION = "1"


@dataclass(frozen=True, slots=True)
class Median(Result):
    """A median (type 7 of Hyndman and Fan 1996) of ``n`` values, with its interval from one of these values to another;
    None where values are too few for the confidence, which needs six for 95 percent."""

    n: int
    value: float
    interval: tuple[float, float] | None
    confidence: float
    warnings: tuple[Notice, ...] = ()
    method: str = METHOD
    version: str = VERSION

    def to_dict(self) -> dict[str, Any]:
        """As plain values for JSON."""
        plain = ("method", "version", "n", "value", "confidence")
        return {
            **{name: getattr(self, name) for name in plain},
            "interval": None if self.interval is None else list(self.interval),
            "warnings": [warning.render() for warning in self.warnings],
        }


@checked(MeasureError)
def median(values: npt.ArrayLike, *, confidence: float = 0.95) -> Median:
    """The median with its distribution-free interval, from order statistics.

    Each value lies below the median as often as above it, so that the number below is binomial: the interval goes from
    the k-th smallest to the k-th largest value, with the largest k that still covers the median with the confidence
    (Conover 1999, Practical Nonparametric Statistics, section 3.2). NaN is left out.

    Raises
    ------
    MeasureError
        No value, something that is no finite number, or a confidence outside 0..1.
    """
    demand_confidence(confidence)
    given = numbers_of(values)
    known = np.sort(given[~np.isnan(given)])
    if not len(known) or not np.isfinite(known[[0, -1]]).all():
        raise MeasureError(
            expected=gettext_noop("A median needs at least one value, and all of them finite."),
            found=gettext_noop("There are {n} values that are known."),
            remedy=gettext_noop("Wait for the first value, or correct those that are not finite."),
            n=len(known),
        )
    rank = _rank(len(known), confidence)
    interval = (float(known[rank - 1]), float(known[-rank])) if rank else None
    few = gettext_noop("{n} values are too few for an interval of this confidence.")
    warnings = () if rank else (Notice(few, values={"n": len(known)}),)
    return Median(len(known), float(np.quantile(known, 0.5)), interval, confidence, warnings)


def _rank(n: int, confidence: float) -> int:
    """The largest k for which fewer than k of n values lie below the median with at most half of the rest of the
    confidence; 0: not even the outermost values cover it."""
    tail, low, high = (1 - confidence) / 2, 0, n // 2
    while low < high:
        middle = (low + high + 1) // 2
        if float(bdtr(middle - 1, n, 0.5)) <= tail:
            low = middle
        else:
            high = middle - 1
    return low
