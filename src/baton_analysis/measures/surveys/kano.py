"""Kano's model: what must be, what more of is better, what delights, and what nobody cares about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, get_args

import numpy as np
import polars as pl
from scipy.special import ndtri

from baton_analysis.arguments import checked
from baton_analysis.drawing.quadrants import plot_quadrants
from baton_analysis.errors import MeasureError, gettext_noop
from baton_analysis.measures.inputs import demand_confidence
from baton_analysis.measures.proportions import wilson_interval
from baton_analysis.measures.surveys.answers import VERSION, Answers, Interval, items_of, plain
from baton_analysis.measures.surveys.net_promoter import net_share_interval
from baton_analysis.readers.model import Notice
from baton_analysis.results import Result

if TYPE_CHECKING:
    from matplotlib.axes import Axes

KanoCategory = Literal["M", "O", "A", "I", "R", "Q"]
"""Must-be, one-dimensional, attractive, indifferent, reverse, questionable; the first wins where two are equal."""

TABLE = ("QAAAO", "RIIIM", "RIIIM", "RIIIM", "RRRRQ")
"""Kano's evaluation table: rows are answers if the feature is there, columns if it is not, both from 1 (I like it) over
2 (it must be so), 3 (I do not mind) and 4 (I can live with it) to 5 (I dislike it)."""

_KNOWN: tuple[KanoCategory, ...] = get_args(KanoCategory)


@dataclass(frozen=True, slots=True)
class KanoFeature:
    """What people want of one feature.

    Attributes
    ----------
    n
        Pairs of answers.
    counts
        How many of them fall into each category.
    category, next
        The most frequent category and the next one; None where there is no other.
    clear
        Whether the first is ahead of the next beyond chance (Tango's interval of the difference of both shares).
    better, better_interval
        (A + O)/(A + O + M + I), the share whom the feature satisfies, with Wilson's interval; None where none of these
        was counted.
    worse, worse_interval
        -(O + M)/(A + O + M + I), the share, below 0, whom its absence dissatisfies.
    """

    name: str
    n: int
    counts: Mapping[KanoCategory, int]
    category: KanoCategory
    next: KanoCategory | None
    clear: bool
    better: float | None
    better_interval: Interval | None
    worse: float | None
    worse_interval: Interval | None


@dataclass(frozen=True, slots=True)
class Kano(Result):
    """Features by what people want of them.

    Attributes
    ----------
    features
        In the order given.
    n, missing
        Pairs of answers of all features, and those of which one or both are missing.
    """

    features: tuple[KanoFeature, ...]
    n: int
    missing: int
    confidence: float
    warnings: tuple[Notice, ...] = ()
    method: str = "kano"
    version: str = VERSION

    def to_table(self) -> pl.DataFrame:
        """One row a feature."""
        numbers = dict.fromkeys(("better", "worse"), pl.Float64)
        rows = [
            {
                "feature": one.name, "n": one.n, **one.counts, "category": one.category, "next": one.next,
                "clear": one.clear, "better": one.better, "worse": one.worse,
            }
            for one in self.features
        ]  # fmt: skip
        return pl.DataFrame(rows, schema_overrides={**numbers, "next": pl.String}, infer_schema_length=None)

    def to_dict(self) -> dict[str, Any]:
        """As plain values for JSON."""
        names = ("name", "n", "category", "next", "clear", "better", "worse")
        return {
            **{name: getattr(self, name) for name in ("method", "version", "n", "missing", "confidence")},
            "features": [
                {name: getattr(one, name) for name in names}
                | {"counts": dict(one.counts)}
                | {name: plain(getattr(one, name)) for name in ("better_interval", "worse_interval")}
                for one in self.features
            ],
            "warnings": [warning.render() for warning in self.warnings],
        }

    def plot(self, ax: Axes | None = None) -> Axes:
        """Features by how much they dissatisfy when absent and satisfy when there, cut at a half; see
        :class:`baton_analysis.results.Plottable`."""
        shown = [
            (one.name, -one.worse, one.better)
            for one in self.features
            if one.better is not None and one.worse is not None
        ]
        names, worse, better = zip(*shown, strict=True) if shown else ((), (), ())
        return plot_quadrants(ax, x=worse, y=better, names=names, cut=(0.5, 0.5), x_name="−worse", y_name="better")


@checked(MeasureError)
def kano_categories(functional: Answers, dysfunctional: Answers, *, confidence: float = 0.95) -> Kano:
    """Features classified from pairs of answers (Kano et al. 1984; table, coefficients and the rule M > O > A > I for
    equal counts: Berger et al. 1993, Center for Quality of Management Journal 2(4): 3-35).

    Parameters
    ----------
    functional, dysfunctional
        How people feel if a feature is there, and if it is not, from 1 (I like it) to 5 (I dislike it); see TABLE. The
        same features and respondents in both. A pair of which one is missing is left out (pairwise).

    Raises
    ------
    MeasureError
        Tables that do not fit each other, answers that are no whole numbers from 1 to 5, or a feature without a pair.
    """
    demand_confidence(confidence)
    with_it, without = items_of(functional, scale=(1, 5)), items_of(dysfunctional, scale=(1, 5))
    if set(with_it.names) != set(without.names) or len(with_it.values) != len(without.values):
        raise MeasureError(
            expected=gettext_noop("Both questions are asked about the same features of the same respondents."),
            found=gettext_noop("There: {first}, in {first_rows} rows; absent: {second}, in {second_rows} rows."),
            remedy=gettext_noop("Give both under the same names, None where one is missing."),
            first=", ".join(with_it.names),
            first_rows=len(with_it.values),
            second=", ".join(without.names),
            second_rows=len(without.values),
        )
    there, absent = with_it.values, without.of(with_it.names)
    known = ~(np.isnan(there) | np.isnan(absent))
    counts = {
        name: _tally(name, there[known[:, place], place], absent[known[:, place], place])
        for place, name in enumerate(with_it.names)
    }
    return _kano(counts, int((~known).sum()), confidence)


@checked(MeasureError)
def kano_of_counts(counts: Mapping[str, Mapping[str, int]], *, confidence: float = 0.95) -> Kano:
    """As :func:`kano_categories`, from how often each feature fell into which category: {"name": {"A": 20, "O": 35}}.

    Raises
    ------
    MeasureError
        No feature, a category that is unknown, a count below 0, or a feature without any.
    """
    demand_confidence(confidence)
    for name, of_one in counts.items():
        if not set(of_one) <= set(_KNOWN) or min(of_one.values(), default=0) < 0 or sum(of_one.values()) < 1:
            raise _no_counts(name, of_one)
    if not counts:
        raise _no_counts("", {})
    whole = {name: {known: int(of_one.get(known, 0)) for known in _KNOWN} for name, of_one in counts.items()}
    return _kano(whole, 0, confidence)


def _tally(name: str, there: np.ndarray[Any, Any], absent: np.ndarray[Any, Any]) -> dict[KanoCategory, int]:
    wrong = next((value for value in (*there, *absent) if value != int(value)), None)
    if wrong is not None:
        raise MeasureError(
            expected=gettext_noop("Answers are whole numbers from 1 (I like it) to 5 (I dislike it)."),
            found=gettext_noop("“{item}” has {value}."),
            remedy=gettext_noop("Give the number of the answer that was chosen."),
            item=name,
            value=float(wrong),
        )
    found = [TABLE[int(one) - 1][int(other) - 1] for one, other in zip(there, absent, strict=True)]
    if not found:
        raise _no_counts(name, {})
    return {known: found.count(known) for known in _KNOWN}


def _kano(counts: Mapping[str, Mapping[KanoCategory, int]], missing: int, confidence: float) -> Kano:
    features = tuple(_feature(name, of_one, confidence) for name, of_one in counts.items())
    return Kano(features, sum(one.n for one in features), missing, confidence, _warnings(features))


def _feature(name: str, counts: Mapping[KanoCategory, int], confidence: float) -> KanoFeature:
    n = sum(counts.values())
    first, second = sorted(_KNOWN, key=lambda known: -counts[known])[:2]
    z = float(ndtri(0.5 + confidence / 2))
    cared = counts["A"] + counts["O"] + counts["M"] + counts["I"]
    better, worse = counts["A"] + counts["O"], counts["O"] + counts["M"]
    low, high = wilson_interval([better, worse], [cared] * 2, confidence=confidence)
    return KanoFeature(
        name=name,
        n=n,
        counts=counts,
        category=first,
        next=second if counts[second] else None,
        clear=net_share_interval(counts[first], counts[second], n, z)[0] > 0,
        better=better / cared if cared else None,
        better_interval=(float(low[0]), float(high[0])) if cared else None,
        worse=0.0 - worse / cared if cared else None,
        worse_interval=(0.0 - float(high[1]), 0.0 - float(low[1])) if cared else None,
    )


def _warnings(features: Sequence[KanoFeature]) -> tuple[Notice, ...]:
    remarks = []
    unclear = [f"{one.name} ({one.category}/{one.next})" for one in features if not one.clear and one.next]
    if unclear:
        close = gettext_noop("The first category is not ahead of the next beyond chance: {features}.")
        remarks.append(Notice(close, values={"features": ", ".join(unclear)}))
    doubted = [one.name for one in features if one.category == "Q"]
    if doubted:
        misread = gettext_noop("Most answers contradict each other, so the question may be misread: {features}.")
        remarks.append(Notice(misread, values={"features": ", ".join(doubted)}))
    unwanted = [one.name for one in features if one.category == "R"]
    if unwanted:
        reverse = gettext_noop("Most people would rather not have these: {features}.")
        remarks.append(Notice(reverse, values={"features": ", ".join(unwanted)}))
    return tuple(remarks)


def _no_counts(name: str, counts: Mapping[str, int]) -> MeasureError:
    return MeasureError(
        expected=gettext_noop("Each feature has answers, counted by the categories {known}."),
        found=gettext_noop("“{name}” has: {counts}."),
        remedy=gettext_noop("Leave out a feature that nobody judged, or correct its counts."),
        known=", ".join(_KNOWN),
        name=name,
        counts=", ".join(f"{category} {count}" for category, count in counts.items()) or "0",
    )
