"""What scores of surveys share: answers that may be missing, their scale, and means with an interval."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Any

import numpy as np
import polars as pl
from scipy.special import stdtrit

from baton_analysis.errors import MeasureError, gettext_noop
from baton_analysis.measures.inputs import Floats, numbers_of

VERSION = "1"

Interval = tuple[float, float]
Scale = tuple[int, int]
"""Lowest and highest answer."""

Answers = pl.DataFrame | Mapping[str, Sequence[float | None]]
"""One column an item, one row a respondent; None or NaN where an item was left out or does not apply."""

Given = Sequence[float | None] | Mapping[int, int]
"""Answers to one question, None or NaN for those that are missing; or how often each answer was given."""


@dataclass(frozen=True, eq=False, slots=True)
class Items:
    """Answers as respondents times items, NaN for those that are missing."""

    names: tuple[str, ...]
    values: Floats

    def of(self, names: Iterable[str]) -> Floats:
        """The columns of these items."""
        return self.values[:, [self.names.index(name) for name in names]]


@dataclass(frozen=True, slots=True)
class Mean:
    """A mean of ``n`` answers with Student's interval, which does not leave the scale.

    ``sd`` is None below two answers, ``interval`` also where all answers are alike: they do not say how far off the
    mean may be.
    """

    n: int
    value: float
    sd: float | None
    interval: Interval | None


def items_of(answers: Answers, *, scale: Scale | None = None, least: int = 1) -> Items:
    """Answers checked: so many items at least, columns of one length, numbers on the scale.

    Raises
    ------
    MeasureError
        Something else.
    """
    names = tuple(answers.columns if isinstance(answers, pl.DataFrame) else answers)
    columns = _columns(answers, names)
    lengths = sorted({len(column) for column in columns})
    if len(names) < least or len(lengths) > 1 or lengths == [0]:
        raise MeasureError(
            expected=gettext_noop("Answers are a table of at least this many items: {least}. Each item has one row a"
                                  " respondent."),
            found=gettext_noop("Items: {items}, rows: {rows}."),
            remedy=gettext_noop("Give all items of the same respondents in the same order, None where there is no"
                                " answer."),
            least=least,
            items=len(names),
            rows=", ".join(map(str, lengths)) or "0",
        )  # fmt: skip
    low, high = (-_LARGEST, _LARGEST) if scale is None else demand_scale(scale)
    for name, column in zip(names, columns, strict=True):
        if np.fmin.reduce(column) < low or np.fmax.reduce(column) > high:  # NaN is passed over
            raise _off_the_scale(name, column[np.argmax((column < low) | (column > high))], low, high)
    return Items(names, columns.T if isinstance(columns, np.ndarray) else np.array(columns).T)


def _columns(answers: Answers, names: Sequence[str]) -> Sequence[Floats] | Floats:
    """One row an item."""
    if isinstance(answers, pl.DataFrame) and all(dtype.is_numeric() for dtype in answers.dtypes):
        return np.asarray(answers.cast(pl.Float64).to_numpy().T)
    return [numbers_of(answers[name]) for name in names]


def tally_of(given: Given, scale: Scale, question: str) -> tuple[Floats, int]:
    """How often each answer of a scale of whole numbers was given, and how many are missing.

    Raises
    ------
    MeasureError
        An answer that the scale does not have, or none at all.
    """
    low, high = demand_scale(scale)
    if isinstance(given, Mapping):
        answers, times, missing = numbers_of(list(given)), numbers_of(list(given.values())), 0
    else:
        read = numbers_of(given)
        answers = read[~np.isnan(read)]
        times, missing = np.ones(len(answers)), len(read) - len(answers)
    wrong = (answers != np.floor(answers)) | (answers < low) | (answers > high)
    if wrong.any():
        raise _off_the_scale(question, float(answers[np.argmax(wrong)]), low, high)
    if not np.isfinite(times).all() or (times < 0).any() or times.sum() < 1:
        raise MeasureError(
            expected=gettext_noop("At least one person has answered, and no answer was given fewer than 0 times."),
            found=gettext_noop("Answers: {n}; the smallest count is {smallest}."),
            remedy=gettext_noop("Wait for the first answer, or correct the counts."),
            n=int(times.sum()),
            smallest=int(times.min(initial=0)),
        )
    tally = np.bincount(answers.astype(np.int64) - low, weights=times, minlength=high - low + 1)
    return tally.astype(np.float64), missing


def demand_scale(scale: Scale) -> Scale:
    """Refuse a scale on which there is nothing to choose."""
    low, high = scale
    if not low < high or max(abs(low), abs(high)) > _FARTHEST:
        raise MeasureError(
            expected=gettext_noop("A scale goes from its lowest answer to a higher one."),
            found=gettext_noop("It goes from {low} to {high}."),
            remedy=gettext_noop("Give both, such as (1, 5)."),
            low=low,
            high=high,
        )
    return low, high


def demand_items(wanted: Iterable[str], known: Sequence[str]) -> None:
    """Refuse the name of an item that was not asked."""
    unknown = [name for name in wanted if name not in known]
    if unknown:
        raise MeasureError(
            expected=gettext_noop("Every name is one of the items: {known}."),
            found=gettext_noop("“{name}” was given."),
            remedy=gettext_noop("Correct the name, or give the answers to this item."),
            known=", ".join(known),
            name=unknown[0],
        )


def mean_of(values: Floats, confidence: float, within: tuple[float, float]) -> Mean | None:
    """The mean of values that lie ``within`` bounds, NaN left out; None where nobody has answered."""
    known = values[~np.isnan(values)]
    if len(known) == 0:
        return None
    sd = float(known.std(ddof=1)) if len(known) > 1 else None
    return _mean(len(known), float(known.mean()), sd, confidence, within)


def mean_of_tally(tally: Floats, scale: Scale, confidence: float) -> Mean:
    """The mean of answers that were counted from the lowest of the scale on."""
    places = np.arange(scale[0], scale[0] + len(tally))
    n = int(tally.sum())
    value = float(tally @ places / n)
    sd = sqrt(float(tally @ (places - value) ** 2) / (n - 1)) if n > 1 else None
    return _mean(n, value, sd, confidence, scale)


def _mean(n: int, value: float, sd: float | None, confidence: float, within: tuple[float, float]) -> Mean:
    if sd is None:
        return Mean(n, value, None, None)
    if sd <= _ROUNDING * max(1.0, abs(value)):
        return Mean(n, value, 0.0, None)
    half = float(stdtrit(n - 1, 0.5 + confidence / 2)) * sd / sqrt(n)
    return Mean(n, value, sd, (max(within[0], value - half), min(within[1], value + half)))


def plain(interval: Interval | None) -> list[float] | None:
    """An interval for JSON."""
    return None if interval is None else list(interval)


def bounds(interval: Interval | None) -> Interval:
    """An interval to be drawn: NaN where there is none."""
    return (np.nan, np.nan) if interval is None else interval


def _off_the_scale(item: str, value: Any, low: float, high: float) -> MeasureError:
    if high == _LARGEST:
        return MeasureError(
            expected=gettext_noop("Answers are finite numbers; what does not apply is None."),
            found=gettext_noop("“{item}” has {value}."),
            remedy=gettext_noop("Correct this answer."),
            item=item,
            value=float(value),
        )
    return MeasureError(
        expected=gettext_noop("Answers lie on the scale from {low} to {high}; what does not apply is None."),
        found=gettext_noop("“{item}” has {value}."),
        remedy=gettext_noop("Correct the answer, or give the scale that was asked."),
        low=low,
        high=high,
        item=item,
        value=float(value),
    )


_ROUNDING = 1e-12
_FARTHEST = 1000
_LARGEST = 1e100  # squares of it are finite
