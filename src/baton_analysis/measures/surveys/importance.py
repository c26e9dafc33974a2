"""Importance and performance: what to mend first, by what people say and by what moves their judgement."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from math import atanh, sqrt, tanh
from typing import TYPE_CHECKING, Any, Literal, get_args

import numpy as np
import polars as pl
from scipy.special import ndtri

from baton_analysis.arguments import checked
from baton_analysis.drawing.quadrants import plot_quadrants
from baton_analysis.errors import MeasureError, gettext_noop
from baton_analysis.measures.drivers import key_drivers
from baton_analysis.measures.inputs import Floats, demand_choice, demand_confidence
from baton_analysis.measures.surveys.answers import VERSION, Answers, Interval, Items, items_of, mean_of
from baton_analysis.readers.model import Notice
from baton_analysis.results import Result

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Quadrant = Literal["concentrate here", "keep up the good work", "low priority", "possible overkill"]
Cut = Literal["means", "midpoint"]
Derivation = Literal["lmg", "correlation"]


@dataclass(frozen=True, slots=True)
class Importance:
    """How important an item is by one way of asking.

    Attributes
    ----------
    value, interval
        A mean of what people say, a share of what all items explain (LMG), or a correlation.
    quadrant
        On the cut counts as above it.
    clear
        Whether the intervals of importance and performance both leave out their cuts.
    """

    value: float
    interval: Interval | None
    quadrant: Quadrant
    clear: bool


@dataclass(frozen=True, slots=True)
class ImportanceItem:
    """One item: its performance as the mean of ``n`` answers with Student's interval, and its importance as people say
    it (``stated``) and as it shows in their overall judgement (``derived``); None where it was not asked."""

    name: str
    n: int
    performance: float
    interval: Interval | None
    stated: Importance | None
    derived: Importance | None


@dataclass(frozen=True, slots=True)
class ImportancePerformance(Result):
    """Items by importance and performance.

    Attributes
    ----------
    items
        In the order given.
    cut, performance_cut, stated_cut, derived_cut
        By which rule the matrix was cut, and where; derived importance is always cut at its mean.
    derivation
        How importance was derived; None where it was not.
    n
        Respondents.
    """

    items: tuple[ImportanceItem, ...]
    cut: Cut
    performance_cut: float
    stated_cut: float | None
    derived_cut: float | None
    derivation: Derivation | None
    n: int
    confidence: float
    warnings: tuple[Notice, ...] = ()
    method: str = "importance_performance"
    version: str = VERSION

    def to_table(self) -> pl.DataFrame:
        """One row an item."""
        columns: dict[str, list[Any]] = {
            "item": [one.name for one in self.items],
            "n": [one.n for one in self.items],
            "performance": [one.performance for one in self.items],
        }
        for way in ("stated", "derived"):
            told = [getattr(one, way) for one in self.items]
            if None not in told:
                columns[way] = [one.value for one in told]
                columns[f"{way}_quadrant"] = [one.quadrant for one in told]
                columns[f"{way}_clear"] = [one.clear for one in told]
        return pl.DataFrame(columns)

    def to_dict(self) -> dict[str, Any]:
        """As plain values for JSON."""
        names = ("method", "version", "n", "cut", "derivation", "confidence")
        cuts = ("performance_cut", "stated_cut", "derived_cut")
        return {
            **{name: getattr(self, name) for name in (*names, *cuts)},
            "items": [asdict(one) for one in self.items],
            "warnings": [warning.render() for warning in self.warnings],
        }

    def plot(self, ax: Axes | None = None) -> Axes:
        """Performance across, importance up (stated where it was asked), and the cuts; see
        :class:`baton_analysis.results.Plottable`."""
        stated = self.stated_cut is not None
        told = [one.stated if stated else one.derived for one in self.items]
        cut = self.stated_cut if self.stated_cut is not None else self.derived_cut
        return plot_quadrants(
            ax,
            x=[one.performance for one in self.items],
            y=[np.nan if one is None else one.value for one in told],
            names=[one.name for one in self.items],
            cut=(self.performance_cut, 0.0 if cut is None else cut),
            x_name="performance",
            y_name="importance" if stated else "derived importance",
        )


@checked(MeasureError)
def importance_performance(
    performance: Answers,
    *,
    importance: Answers | None = None,
    overall: Sequence[float | None] | None = None,
    cut: Cut = "means",
    derive: Derivation = "lmg",
    scale: tuple[int, int] = (1, 5),
    confidence: float = 0.95,
    seed: int = 0,
) -> ImportancePerformance:
    """The importance-performance matrix (Martilla and James 1977, Journal of Marketing 41(1): 77-79).

    Parameters
    ----------
    performance
        How each item is judged. Every mean rests on all who judged the item.
    importance
        How important people say that each item is, on the same scale; other respondents may have been asked.
    overall
        The overall judgement of the respondents of ``performance``, in the same order; importance is derived from it.
    cut
        "means": at the mean of all items, so that about half of them always lie below; "midpoint": in the middle of the
        scale. On the cut counts as above.
    derive
        "lmg": the item's share of what all items explain (:func:`baton_analysis.measures.drivers.key_drivers`), from
        those who judged everything (listwise), with a bootstrap interval. "correlation": with the overall judgement,
        from those who gave both (pairwise), with Fisher's interval; items that go together then share their importance.
    seed
        Of the bootstrap.

    Raises
    ------
    MeasureError
        Neither importance nor an overall judgement, tables that do not fit each other, answers off the scale, an item
        that nobody judged, or too few answers to derive importance.
    """
    demand_confidence(confidence)
    demand_choice("cut", cut, get_args(Cut))
    demand_choice("derive", derive, get_args(Derivation))
    judged = items_of(performance, scale=scale, least=2)
    how_well = _means(judged, scale, confidence)
    how_important = None if importance is None else _stated(importance, judged, scale, confidence)
    derived, remarks = (None, ()) if overall is None else _derived(judged, overall, derive, confidence, seed)
    if how_important is None and derived is None:
        raise MeasureError(
            expected=gettext_noop("Importance is asked, or there is an overall judgement to derive it from."),
            found=gettext_noop("Neither was given."),
            remedy=gettext_noop("Give “importance” or “overall”."),
        )
    return _matrix(judged, (how_well, how_important, derived), cut, sum(scale) / 2, confidence, derive, remarks)


Told = list[tuple[float, Interval | None]]
_ROUNDING = 1e-12


def _matrix(
    judged: Items,
    told: tuple[Told, Told | None, Told | None],
    cut: Cut,
    midpoint: float,
    confidence: float,
    derive: Derivation,
    remarks: Sequence[Notice],
) -> ImportancePerformance:
    """``told``: performance, stated and derived importance of every item."""
    well, stated, derived = told
    at_means = cut == "means"
    well_cut = _mean(well) if at_means else midpoint
    stated_cut = None if stated is None else _mean(stated) if at_means else midpoint
    derived_cut = None if derived is None else _mean(derived)
    known = ~np.isnan(judged.values)
    items = tuple(
        ImportanceItem(
            name=name,
            n=int(known[:, place].sum()),
            performance=well[place][0],
            interval=well[place][1],
            stated=_placed(stated, stated_cut, well[place], well_cut, place),
            derived=_placed(derived, derived_cut, well[place], well_cut, place),
        )
        for place, name in enumerate(judged.names)
    )
    return ImportancePerformance(
        items=items,
        cut=cut,
        performance_cut=well_cut,
        stated_cut=stated_cut,
        derived_cut=derived_cut,
        derivation=None if derived is None else derive,
        n=int(known.any(axis=1).sum()),
        confidence=confidence,
        warnings=(*_warnings(items), *remarks),
    )


def _mean(told: Told) -> float:
    return float(np.mean([value for value, _ in told]))


def _means(items: Items, scale: tuple[int, int], confidence: float) -> Told:
    found: Told = []
    for name, column in zip(items.names, items.values.T, strict=True):
        mean = mean_of(column, confidence, scale)
        if mean is None:
            raise MeasureError(
                expected=gettext_noop("Somebody has judged every item."),
                found=gettext_noop("Nobody judged “{name}”."),
                remedy=gettext_noop("Leave it out, or wait for answers."),
                name=name,
            )
        found.append((mean.value, mean.interval))
    return found


def _stated(importance: Answers, judged: Items, scale: tuple[int, int], confidence: float) -> Told:
    asked = items_of(importance, scale=scale)
    if set(asked.names) != set(judged.names):
        raise MeasureError(
            expected=gettext_noop("Importance and performance are asked about the same items."),
            found=gettext_noop("Importance: {first}; performance: {second}."),
            remedy=gettext_noop("Give both under the same names."),
            first=", ".join(asked.names),
            second=", ".join(judged.names),
        )
    return _means(Items(judged.names, asked.of(judged.names)), scale, confidence)


def _derived(
    judged: Items, overall: Sequence[float | None], derive: Derivation, confidence: float, seed: int
) -> tuple[Told, tuple[Notice, ...]]:
    outcome = items_of({"overall": overall}).values[:, 0]
    if len(outcome) != len(judged.values):
        raise MeasureError(
            expected=gettext_noop("Everybody who judged the items judged the whole, too, or is None there."),
            found=gettext_noop("Overall judgements: {overall}, respondents: {n}."),
            remedy=gettext_noop("Give the overall judgement of each respondent in the order of the answers."),
            overall=len(outcome),
            n=len(judged.values),
        )
    related: Told = [_correlation(name, column, outcome, confidence) for name, column in _columns(judged)]
    against = [
        name
        for name, (_, interval) in zip(judged.names, related, strict=True)
        if interval is not None and interval[1] < 0
    ]
    if derive == "correlation":
        return related, _contrary(against)
    found = key_drivers(outcome, dict(_columns(judged)), confidence=confidence, seed=seed)
    rows = {row["driver"]: row for row in found.frame.iter_rows(named=True)}
    shares = [rows[name] for name in judged.names]
    told: Told = [(row["share"], (row["share_lower"], row["share_upper"])) for row in shares]
    return told, (*_contrary(against), *found.warnings)


def _contrary(items: Sequence[str]) -> tuple[Notice, ...]:
    if not items:
        return ()
    other = gettext_noop("Who judges these items better judges the whole worse: {items}. A share of importance does not"
                         " show that.")  # fmt: skip
    return (Notice(other, values={"items": ", ".join(items)}),)


def _columns(items: Items) -> list[tuple[str, Floats]]:
    return list(zip(items.names, items.values.T, strict=True))


def _correlation(name: str, values: Floats, outcome: Floats, confidence: float) -> tuple[float, Interval | None]:
    """Pearson's correlation with Fisher's interval, of those who gave both."""
    known = np.isfinite(values) & np.isfinite(outcome)
    one, other = values[known], outcome[known]
    n = len(one)
    if n < 2 or float(np.ptp(one)) == 0 or float(np.ptp(other)) == 0:
        raise MeasureError(
            expected=gettext_noop("Answers to every item and overall judgements differ among those who gave both."),
            found=gettext_noop("Of “{name}” there are {n}, all alike or too few."),
            remedy=gettext_noop("Leave this item out, or wait for answers."),
            name=name,
            n=n,
        )
    found = float(np.clip(np.corrcoef(one, other)[0, 1], -1, 1))
    if n < 4 or abs(found) >= 1 - 1e-12:
        return found, None
    half = float(ndtri(0.5 + confidence / 2)) / sqrt(n - 3)
    return found, (tanh(atanh(found) - half), tanh(atanh(found) + half))


def _placed(
    told: Told | None, cut: float | None, well: tuple[float, Interval | None], well_cut: float, place: int
) -> Importance | None:
    if told is None or cut is None:
        return None
    value, interval = told[place]
    clear = _leaves_out(interval, cut) and _leaves_out(well[1], well_cut)
    quadrant = _quadrant(value >= cut - _ROUNDING, well[0] >= well_cut - _ROUNDING)
    return Importance(value, interval, quadrant, clear)


def _quadrant(important: bool, well: bool) -> Quadrant:
    if important:
        return "keep up the good work" if well else "concentrate here"
    return "possible overkill" if well else "low priority"


def _leaves_out(interval: Interval | None, cut: float) -> bool:
    return interval is not None and not interval[0] <= cut <= interval[1]


def _warnings(items: Sequence[ImportanceItem]) -> list[Notice]:
    remarks = []
    unclear = [one.name for one in items if any(way is not None and not way.clear for way in (one.stated, one.derived))]
    if unclear:
        close = gettext_noop("These items may lie on the other side of a cut: {items}.")
        remarks.append(Notice(close, values={"items": ", ".join(unclear)}))
    other = [one.name for one in items if one.stated and one.derived and one.stated.quadrant != one.derived.quadrant]
    if other:
        differ = gettext_noop("What people say is important and what moves their judgement differ: {items}.")
        remarks.append(Notice(differ, values={"items": ", ".join(other)}))
    return remarks
