"""Customer satisfaction (CSAT), customer effort (CES) and an index of satisfaction after the ACSI."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from baton_analysis.arguments import checked
from baton_analysis.drawing.comparisons import plot_bars
from baton_analysis.drawing.plots import plot_indices
from baton_analysis.errors import MeasureError, gettext_noop
from baton_analysis.measures.inputs import Floats, demand_confidence
from baton_analysis.measures.proportions import wilson_interval
from baton_analysis.measures.surveys.answers import (
    VERSION,
    Answers,
    Given,
    Interval,
    Mean,
    Scale,
    bounds,
    demand_items,
    items_of,
    mean_of,
    mean_of_tally,
    plain,
    tally_of,
)
from baton_analysis.readers.model import Notice
from baton_analysis.results import Result

if TYPE_CHECKING:
    from matplotlib.axes import Axes

EFFORT_SCALE: Scale = (1, 7)
EASY_FROM = 5
"""On the scale of agreement that it was easy."""

_WHOLE = (0.0, 100.0)


@dataclass(frozen=True, slots=True)
class SatisfiedShare(Result):
    """Customer satisfaction (CSAT): share of the highest answers.

    Attributes
    ----------
    value, interval
        Share of the ``top`` highest answers, with Wilson's interval.
    mean, mean_interval
        Of the answers, with Student's interval; a mean of 4 of 5 and a share of 80 % are two different claims.
    counts
        How often each answer was given, from the lowest on.
    n, missing
        Answers, and those who gave none.
    """

    n: int
    missing: int
    satisfied: int
    value: float
    interval: Interval
    mean: float
    mean_interval: Interval | None
    counts: tuple[int, ...]
    scale: Scale
    top: int
    confidence: float
    warnings: tuple[Notice, ...] = ()
    method: str = "top_box_share"
    version: str = VERSION

    def to_dict(self) -> dict[str, Any]:
        """As plain values for JSON."""
        names = ("method", "version", "n", "missing", "satisfied", "value", "mean", "top", "confidence")
        return {
            **{name: getattr(self, name) for name in names},
            "interval": list(self.interval),
            "mean_interval": plain(self.mean_interval),
            "counts": list(self.counts),
            "scale": list(self.scale),
            "warnings": [warning.render() for warning in self.warnings],
        }

    def plot(self, ax: Axes | None = None) -> Axes:
        """How often each answer was given; see :class:`baton_analysis.results.Plottable`."""
        return _plot_counts(ax, self.counts, self.scale)


@checked(MeasureError)
def satisfied_share(
    answers: Given, *, scale: tuple[int, int] = (1, 5), top: int = 2, confidence: float = 0.95
) -> SatisfiedShare:
    """Share of those who chose one of the ``top`` highest answers of a scale of whole numbers.

    ``answers``: a list, None for who gave no answer, or how often each answer was given.

    Raises
    ------
    MeasureError
        No answer, one that the scale does not have, or so many highest answers that none is left below.
    """
    demand_confidence(confidence)
    tally, missing = tally_of(answers, scale, "CSAT")
    if not 1 <= top < len(tally):
        raise MeasureError(
            expected=gettext_noop("At least one answer counts as satisfied, and not all of them do."),
            found=gettext_noop("The highest {top} of {size} answers are to count."),
            remedy=gettext_noop("Give 2 for the two highest of five."),
            top=top,
            size=len(tally),
        )
    mean = mean_of_tally(tally, scale, confidence)
    satisfied = int(tally[-top:].sum())
    return SatisfiedShare(
        n=mean.n,
        missing=missing,
        satisfied=satisfied,
        value=satisfied / mean.n,
        interval=_wilson(satisfied, mean.n, confidence),
        mean=mean.value,
        mean_interval=mean.interval,
        counts=tuple(int(count) for count in tally),
        scale=(int(scale[0]), int(scale[1])),
        top=top,
        confidence=confidence,
    )


@dataclass(frozen=True, slots=True)
class EffortScore(Result):
    """Customer effort score (CES 2.0): agreement from 1 to 7 that it was made easy; high is good.

    Attributes
    ----------
    value, interval, sd
        Mean, with Student's interval and standard deviation; see
        :class:`baton_analysis.measures.surveys.answers.Mean`.
    easy, easy_interval
        Share of answers from 5 to 7, with Wilson's interval.
    counts
        How often 1 to 7 were given.
    n, missing
        Answers, and those who gave none.
    """

    n: int
    missing: int
    value: float
    sd: float | None
    interval: Interval | None
    easy: float
    easy_interval: Interval
    counts: tuple[int, ...]
    confidence: float
    warnings: tuple[Notice, ...] = ()
    method: str = "customer_effort_score"
    version: str = VERSION

    def to_dict(self) -> dict[str, Any]:
        """As plain values for JSON."""
        names = ("method", "version", "n", "missing", "value", "sd", "easy", "confidence")
        return {
            **{name: getattr(self, name) for name in names},
            "interval": plain(self.interval),
            "easy_interval": list(self.easy_interval),
            "counts": list(self.counts),
            "warnings": [warning.render() for warning in self.warnings],
        }

    def plot(self, ax: Axes | None = None) -> Axes:
        """How often each answer was given; see :class:`baton_analysis.results.Plottable`."""
        return _plot_counts(ax, self.counts, EFFORT_SCALE)


@checked(MeasureError)
def effort_score(answers: Given, *, confidence: float = 0.95) -> EffortScore:
    """The customer effort score of answers from 1 to 7 (Dixon, Freeman and Toman 2010, Harvard Business Review 88(7):
    116-122; in its second form people agree that it was made easy for them).

    ``answers``: a list, None for who gave no answer, or how often each answer was given.

    Raises
    ------
    MeasureError
        No answer, or one that is no whole number from 1 to 7.
    """
    demand_confidence(confidence)
    tally, missing = tally_of(answers, EFFORT_SCALE, "CES")
    mean = mean_of_tally(tally, EFFORT_SCALE, confidence)
    easy = int(tally[EASY_FROM - EFFORT_SCALE[0] :].sum())
    return EffortScore(
        n=mean.n,
        missing=missing,
        value=mean.value,
        sd=mean.sd,
        interval=mean.interval,
        easy=easy / mean.n,
        easy_interval=_wilson(easy, mean.n, confidence),
        counts=tuple(int(count) for count in tally),
        confidence=confidence,
        warnings=no_interval(mean),
    )


@dataclass(frozen=True, slots=True)
class IndexItem:
    """One item of an index: its weight, of all 1 together, and its mean on the scale from 0 to 100."""

    name: str
    weight: float
    value: float
    interval: Interval | None


@dataclass(frozen=True, slots=True)
class SatisfactionIndex(Result):
    """An index of satisfaction from 0 to 100.

    Attributes
    ----------
    value, interval, sd
        Mean of the respondents' own indices, with Student's interval and standard deviation; see
        :class:`baton_analysis.measures.surveys.answers.Mean`.
    items
        In the order given.
    n, incomplete
        Respondents with an answer to every item, and those who are left out because one is missing.
    """

    n: int
    incomplete: int
    value: float
    sd: float | None
    interval: Interval | None
    items: tuple[IndexItem, ...]
    confidence: float
    warnings: tuple[Notice, ...] = ()
    method: str = "satisfaction_index"
    version: str = VERSION

    def to_table(self) -> pl.DataFrame:
        """One row an item, then the index itself."""
        rows = [(one.name, one.weight, one.value, *bounds(one.interval)) for one in self.items]
        whole = ("index", 1.0, self.value, *bounds(self.interval))
        table = pl.DataFrame([*rows, whole], schema=["item", "weight", "value", "lower", "upper"], orient="row")
        return table.fill_nan(None)

    def to_dict(self) -> dict[str, Any]:
        """As plain values for JSON."""
        names = ("method", "version", "n", "incomplete", "value", "sd", "confidence")
        return {
            **{name: getattr(self, name) for name in names},
            "interval": plain(self.interval),
            "items": [
                {"name": one.name, "weight": one.weight, "value": one.value, "interval": plain(one.interval)}
                for one in self.items
            ],
            "warnings": [warning.render() for warning in self.warnings],
        }

    def plot(self, ax: Axes | None = None) -> Axes:
        """Each item with its interval, and a line at the index; see :class:`baton_analysis.results.Plottable`."""
        low, high = zip(*(bounds(one.interval) for one in self.items), strict=True)
        names, values = [one.name for one in self.items], [one.value for one in self.items]
        return plot_indices(ax, names=names, values=values, lower=low, upper=high, line=self.value)


@checked(MeasureError)
def satisfaction_index(
    answers: Answers,
    *,
    weights: Mapping[str, float] | None = None,
    scale: tuple[int, int] = (1, 10),
    confidence: float = 0.95,
) -> SatisfactionIndex:
    """A weighted mean of items, stretched to 0..100: the sum of weight x (answer - lowest) / (highest - lowest) x 100.

    With three items from 1 to 10 (satisfaction overall, compared with what was expected, and with the ideal) it is
    built as the American Customer Satisfaction Index is (Fornell et al. 1996, Journal of Marketing 60(4): 7-18), whose
    weights come from a model that is not public; without weights all items count alike. Respondents who left out an
    item are left out (listwise).

    Parameters
    ----------
    weights
        Of every item, in proportion; they are brought to a sum of 1.

    Raises
    ------
    MeasureError
        Nobody answered every item, an answer off the scale, or weights that are none.
    """
    demand_confidence(confidence)
    items = items_of(answers, scale=scale)
    share = _weights(items.names, weights)
    low, high = scale
    points = 100 * (items.values - low) / (high - low)
    complete = ~np.isnan(points).any(axis=1)
    mean = mean_of(points[complete] @ share, confidence, _WHOLE)
    if mean is None:
        raise MeasureError(
            expected=gettext_noop("At least one person has answered every item."),
            found=gettext_noop("Respondents: {n}; each left out an item."),
            remedy=gettext_noop("Leave out items that hardly anybody could answer."),
            n=len(points),
        )
    each = [mean_of(column, confidence, _WHOLE) for column in points[complete].T]
    return SatisfactionIndex(
        n=mean.n,
        incomplete=int((~complete).sum()),
        value=mean.value,
        sd=mean.sd,
        interval=mean.interval,
        items=tuple(
            IndexItem(name, float(weight), one.value, one.interval)
            for name, weight, one in zip(items.names, share, each, strict=True)
            if one is not None
        ),
        confidence=confidence,
        warnings=no_interval(mean),
    )


def no_interval(mean: Mean) -> tuple[Notice, ...]:
    """A warning where a mean has no interval."""
    if mean.interval is not None:
        return ()
    none = gettext_noop("There is no interval: it takes two answers or more that differ.")
    return (Notice(none),)


def _weights(names: tuple[str, ...], weights: Mapping[str, float] | None) -> Floats:
    if weights is None:
        return np.full(len(names), 1 / len(names))
    demand_items(weights, names)
    found = np.array([weights.get(name, np.nan) for name in names], dtype=np.float64)
    total = float(found.sum())
    if not np.isfinite(total) or (found < 0).any() or total <= 0:
        raise MeasureError(
            expected=gettext_noop("Every item has a weight of 0 or more, and one at least is above 0."),
            found=gettext_noop("The weights are: {weights}."),
            remedy=gettext_noop("Give a weight for each item, or none for all to count alike."),
            weights=", ".join(f"{name} {weight:g}" for name, weight in zip(names, found, strict=True)),
        )
    return np.asarray(found / total)


def _wilson(count: int, n: int, confidence: float) -> Interval:
    low, high = wilson_interval([count], [n], confidence=confidence)
    return float(low[0]), float(high[0])


def _plot_counts(ax: Axes | None, counts: tuple[int, ...], scale: Scale) -> Axes:
    names = [str(answer) for answer in range(scale[0], scale[1] + 1)]
    return plot_bars(ax, names=names, sizes=counts, unit="n")
