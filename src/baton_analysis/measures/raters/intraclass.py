"""How alike the members of a group answer, and how far the means of groups can be told from each other."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.special import fdtrc, fdtri

from baton_analysis.arguments import checked
from baton_analysis.drawing.figures import number
from baton_analysis.errors import MeasureError, gettext_noop
from baton_analysis.measures.inputs import demand_confidence
from baton_analysis.measures.raters.grouping import Components, Grouped, components, grouped
from baton_analysis.readers.model import Notice
from baton_analysis.results import Result

VERSION = "1"

RELIABLE = 0.7
"""From this ICC(2) on the means of groups are usually taken to differ reliably (Bliese 2000)."""
ENOUGH_GROUPS = 10


@dataclass(frozen=True, slots=True)
class IntraclassCorrelation(Result):
    """ICC(1) and ICC(2) of one column of answers.

    Attributes
    ----------
    icc1, interval
        Share of the variance of single answers that lies between groups; below 0 where groups differ less than chance
        alone would make them.
    icc2, icc2_interval
        Reliability of the mean of a group of ``size`` answers.
    between, within
        Variance between groups beyond chance, and within them, in the square of the answers' unit.
    f, p
        Of the analysis of variance; ``f`` is None where nobody differs within any group.
    n, groups, size
        Answers, groups, and their mean size as it counts here.
    """

    icc1: float
    interval: tuple[float, float]
    icc2: float
    icc2_interval: tuple[float, float]
    between: float
    within: float
    f: float | None
    p: float
    n: int
    groups: int
    size: float
    left_out: int
    confidence: float
    warnings: tuple[Notice, ...] = ()
    method: str = "one_way_intraclass_correlation"
    version: str = VERSION

    def to_dict(self) -> dict[str, Any]:
        """As plain values for JSON."""
        plain = ("method", "version", "n", "groups", "size", "left_out", "icc1", "icc2", "between", "within", "f", "p")
        return {
            **{name: getattr(self, name) for name in (*plain, "confidence")},
            "interval": list(self.interval),
            "icc2_interval": list(self.icc2_interval),
            "warnings": [warning.render() for warning in self.warnings],
        }


@checked(MeasureError)
def intraclass_correlation(
    groups: Sequence[Hashable], values: npt.ArrayLike, *, confidence: float = 0.95
) -> IntraclassCorrelation:
    """ICC(1) and ICC(2) by a one-way analysis of variance, sizes of groups may differ.

    Bartko (1976), Psychological Bulletin 83: 762-765; Bliese (2000), in Klein and Kozlowski, Multilevel Theory,
    Research, and Methods in Organizations, 349-381. Sizes that differ enter by Searle's mean size. Interval: Thomas and
    Hultquist (1978), Annals of Statistics 6: 582-587, which is the exact one of Shrout and Fleiss (1979), Psychological
    Bulletin 86: 420-428, where sizes are equal.

    Parameters
    ----------
    groups, values
        Of each answer its group (a department, a link) and its figure; answers without one of them are left out.

    Raises
    ------
    MeasureError
        Not a group for each value, fewer than two groups, no group with two values, or values that are all the same.
    """
    demand_confidence(confidence)
    data = grouped(groups, values)
    found = components(data)
    icc1 = (found.between_square - found.within_square) / (
        found.between_square + (found.size - 1) * found.within_square
    )
    interval = _interval(data, found, confidence)
    f = found.between_square / found.within_square if found.within_square > 0 else None
    icc2 = _of_means(icc1, found.size)
    return IntraclassCorrelation(
        icc1=icc1,
        interval=interval,
        icc2=icc2,
        icc2_interval=(_of_means(interval[0], found.size), _of_means(interval[1], found.size)),
        between=found.between,
        within=found.within_square,
        f=f,
        p=0.0 if f is None else float(fdtrc(found.between_df, found.within_df, f)),
        n=len(data.values),
        groups=len(data.names),
        size=found.size,
        left_out=data.left_out,
        confidence=confidence,
        warnings=_warnings(data, icc2),
    )


def _interval(data: Grouped, found: Components, confidence: float) -> tuple[float, float]:
    if found.within_square <= 0:
        return 1.0, 1.0
    harmonic = float(len(data.sizes) / (1 / data.sizes).sum())
    ratio = harmonic * float(data.means.var(ddof=1)) / found.within_square
    tail = (1 - confidence) / 2
    bounds = [ratio / float(fdtri(found.between_df, found.within_df, share)) - 1 for share in (1 - tail, tail)]
    return bounds[0] / (bounds[0] + harmonic), bounds[1] / (bounds[1] + harmonic)


def _of_means(icc1: float, size: float) -> float:
    """Reliability of the mean of so many answers (Spearman and Brown), the same as (MSB - MSW) / MSB; no less than -1,
    where it says nothing any more."""
    below = 1 + (size - 1) * icc1
    return max(-1.0, size * icc1 / below) if below > 0 else -1.0


def _warnings(data: Grouped, icc2: float) -> tuple[Notice, ...]:
    said = data.gaps
    alone = int(np.count_nonzero(data.sizes == 1))
    if alone:
        single = gettext_noop("{count} groups have one answer each: they say nothing about agreement.")
        said.append(Notice(single, count=alone))
    if len(data.names) < ENOUGH_GROUPS:
        few = gettext_noop("It rests on {groups} groups; {wanted} are wanted. Look at the interval.")
        said.append(Notice(few, values={"groups": len(data.names), "wanted": ENOUGH_GROUPS}))
    if icc2 < RELIABLE:
        weak = gettext_noop("ICC(2) is {icc2}, below {wanted}: the means of these groups cannot be ranked.")
        said.append(Notice(weak, values={"icc2": number(icc2, 2), "wanted": number(RELIABLE)}))
    return tuple(said)
