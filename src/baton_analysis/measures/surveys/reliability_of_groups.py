"""Cronbach's alpha of many groups at once."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from scipy.special import fdtri

from baton_analysis.arguments import checked
from baton_analysis.errors import MeasureError, gettext_noop
from baton_analysis.measures.inputs import Floats, demand_confidence
from baton_analysis.measures.surveys.answers import VERSION, Answers, items_of
from baton_analysis.measures.surveys.reliability import RELIABLE
from baton_analysis.readers.model import Notice
from baton_analysis.results import Result


@dataclass(frozen=True, eq=False, slots=True)
class GroupReliabilities(Result):
    """Cronbach's alpha of every group.

    Attributes
    ----------
    frame
        One row a group, in the order in which groups first occur: ``group``, ``n`` (respondents with every item),
        ``incomplete`` (the others), ``alpha``, ``lower``, ``upper`` (Feldt's interval) and ``reliable``; no alpha
        where fewer than two respondents are left or their sums do not differ.
    n
        Respondents with every item, of all groups.
    """

    frame: pl.DataFrame
    items: int
    n: int
    confidence: float
    warnings: tuple[Notice, ...] = ()
    method: str = "cronbach_alpha_by_group"
    version: str = VERSION

    def to_table(self) -> pl.DataFrame:
        """One row a group."""
        return self.frame

    def to_dict(self) -> dict[str, Any]:
        """As plain values for JSON."""
        names = ("method", "version", "n", "items", "confidence")
        return {
            **{name: getattr(self, name) for name in names},
            "groups": self.frame.to_dicts(),
            "warnings": [warning.render() for warning in self.warnings],
        }


@checked(MeasureError)
def cronbach_alphas(answers: Answers, groups: Sequence[Hashable], *, confidence: float = 0.95) -> GroupReliabilities:
    """Cronbach's alpha of every group of respondents, as :func:`baton_analysis.measures.surveys.cronbach_alpha` finds
    it listwise for each.

    ``groups``: the group of each respondent, in the order of the answers.

    Raises
    ------
    MeasureError
        Fewer than two items, or not a group for each respondent.
    """
    demand_confidence(confidence)
    items = items_of(answers, least=2)
    if len(groups) != len(items.values):
        raise MeasureError(
            expected=gettext_noop("Each respondent belongs to a group."),
            found=gettext_noop("Respondents: {n}, groups given: {groups}."),
            remedy=gettext_noop("Give the group of each respondent in the order of the answers."),
            n=len(items.values),
            groups=len(groups),
        )
    places: dict[Hashable, int] = {}
    codes = np.fromiter((places.setdefault(group, len(places)) for group in groups), dtype=np.int64, count=len(groups))
    complete = ~np.isnan(items.values).any(axis=1)
    asked = np.bincount(codes, minlength=len(places))
    n, alpha = _alphas(items.values[complete], codes[complete], len(places))
    k, tail = items.values.shape[1], (1 - confidence) / 2
    degrees = np.maximum(n - 1, 1)
    low, high = (1 - (1 - alpha) * fdtri(degrees, degrees * (k - 1), level) for level in (1 - tail, tail))
    frame = pl.DataFrame(
        {
            "group": [str(group) for group in places],
            "n": n,
            "incomplete": asked - n,
            **{
                name: pl.Series(of, nan_to_null=True)
                for name, of in (("alpha", alpha), ("lower", low), ("upper", high))
            },
        }
    ).with_columns(reliable=pl.col("alpha") >= RELIABLE)
    below = frame.filter(~pl.col("reliable")).height
    return GroupReliabilities(frame, k, int(n.sum()), confidence, _warnings(below, frame.height))


def _alphas(
    values: Floats, codes: np.ndarray[tuple[int, ...], np.dtype[np.int64]], groups: int
) -> tuple[np.ndarray[tuple[int, ...], np.dtype[np.int64]], Floats]:
    """Size and alpha of each group; NaN where there is none."""
    n = np.bincount(codes, minlength=groups)
    k = values.shape[1]
    alpha = np.full(groups, np.nan)
    there = n > 0
    if not there.any():
        return n, alpha
    order = np.argsort(codes, kind="stable")
    values, starts = values[order], np.cumsum(n[there]) - n[there]
    middle = np.add.reduceat(values, starts, axis=0) / n[there, None]
    apart = values - np.repeat(middle, n[there], axis=0)
    variances = np.add.reduceat(apart**2, starts, axis=0).sum(axis=1)
    whole = np.add.reduceat(apart.sum(axis=1) ** 2, starts)
    usable = whole > _ROUNDING * np.maximum(variances, 1e-300)
    ratio = np.divide(variances, whole, out=np.full(len(whole), np.nan), where=usable)
    alpha[there] = np.where(n[there] > 1, k / (k - 1) * (1 - ratio), np.nan)
    return n, alpha


def _warnings(below: int, groups: int) -> tuple[Notice, ...]:
    if not below:
        return ()
    low = gettext_noop("Groups with an alpha below {wanted}: {below} of {groups}. Their sums say little.")
    return (Notice(low, values={"wanted": f"{RELIABLE:.2f}", "below": below, "groups": groups}),)


_ROUNDING = 1e-12
