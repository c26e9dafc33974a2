"""Service quality by dimension: what people expect of a service, and what they experience (SERVQUAL, SERVPERF)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import polars as pl

from baton_analysis.arguments import checked
from baton_analysis.drawing.plots import plot_indices
from baton_analysis.errors import MeasureError, gettext_noop
from baton_analysis.measures.inputs import Floats, demand_confidence
from baton_analysis.measures.surveys.answers import (
    VERSION,
    Answers,
    Interval,
    Items,
    Mean,
    bounds,
    demand_items,
    items_of,
    mean_of,
)
from baton_analysis.readers.model import Notice
from baton_analysis.results import Result

if TYPE_CHECKING:
    from matplotlib.axes import Axes

POINTS = 100.0
"""That a respondent spreads over the dimensions."""

ENOUGH_ITEMS = 0.5
"""Share of a dimension's items that a respondent must have judged to count for it."""


@dataclass(frozen=True, slots=True)
class QualityRow:
    """A dimension or an item.

    Attributes
    ----------
    n
        Respondents who judged it.
    expectation, perception
        Their means; no expectation in SERVPERF.
    value, interval
        The gap perception less expectation, or in SERVPERF the perception, with Student's interval.
    weight
        Mean of the points that respondents gave to a dimension, as a share of 100; None of items and without points.
    """

    name: str
    dimension: str
    n: int
    expectation: float | None
    perception: float
    value: float
    interval: Interval | None
    weight: float | None = None


@dataclass(frozen=True, slots=True)
class Overall:
    """The mean over all dimensions of ``n`` respondents who judged every dimension, with Student's interval."""

    n: int
    value: float
    interval: Interval | None


@dataclass(frozen=True, slots=True)
class ServiceQuality(Result):
    """Service quality by dimension.

    Attributes
    ----------
    dimensions, items
        In the order given; items that nobody judged are left out.
    unweighted
        Every dimension counts alike; None where nobody judged all of them.
    weighted
        Every respondent's dimensions are weighted by that respondent's own points, and then averaged; None without
        points.
    n
        Respondents who judged at least one dimension.
    """

    dimensions: tuple[QualityRow, ...]
    items: tuple[QualityRow, ...]
    unweighted: Overall | None
    weighted: Overall | None
    n: int
    confidence: float
    method: str
    warnings: tuple[Notice, ...] = ()
    version: str = VERSION

    def to_table(self) -> pl.DataFrame:
        """One row a dimension, then the overall figures."""
        overall = [
            {"name": name, "n": one.n, "value": one.value, **_bounds(one.interval)}
            for name, one in (("unweighted", self.unweighted), ("weighted", self.weighted))
            if one is not None
        ]
        return _table(self.dimensions, overall).drop("dimension").rename({"name": "dimension"})

    def items_table(self) -> pl.DataFrame:
        """One row an item."""
        return _table(self.items).drop("weight")

    def to_dict(self) -> dict[str, Any]:
        """As plain values for JSON."""
        return {
            "method": self.method,
            "version": self.version,
            "n": self.n,
            "confidence": self.confidence,
            "unweighted": None if self.unweighted is None else asdict(self.unweighted),
            "weighted": None if self.weighted is None else asdict(self.weighted),
            "dimensions": [asdict(row) for row in self.dimensions],
            "items": [asdict(row) for row in self.items],
            "warnings": [warning.render() for warning in self.warnings],
        }

    def plot(self, ax: Axes | None = None) -> Axes:
        """Each dimension with its interval, and a line where nothing is missing, or in SERVPERF at the mean of all; see
        :class:`baton_analysis.results.Plottable`."""
        low, high = zip(*(bounds(row.interval) for row in self.dimensions), strict=True)
        names, values = [row.name for row in self.dimensions], [row.value for row in self.dimensions]
        line = 0.0 if self.method == "servqual" else float(np.mean(values))
        return plot_indices(ax, names=names, values=values, lower=low, upper=high, line=line)


@checked(MeasureError)
def service_gaps(
    expectations: Answers,
    perceptions: Answers,
    dimensions: Mapping[str, Sequence[str]],
    *,
    points: Answers | None = None,
    scale: tuple[int, int] = (1, 7),
    confidence: float = 0.95,
) -> ServiceQuality:
    """Gaps between perception and expectation, by dimension (SERVQUAL: Parasuraman, Zeithaml and Berry 1988, Journal
    of Retailing 64: 12-40).

    A gap is that of one respondent at one item, so an item counts where both are there (pairwise). The gap of a
    dimension is the mean of its items' gaps for every respondent who judged half of them or more; overall figures rest
    on those who judged every dimension (listwise).

    Parameters
    ----------
    expectations, perceptions
        The same items of the same respondents, in the same order of rows.
    dimensions
        Which items belong to which dimension; each belongs to one.
    points
        How every respondent spreads 100 points over the dimensions, a column a dimension: nothing at all for who gave
        none, an empty cell beside others for 0. They weight this respondent's own gaps.

    Raises
    ------
    MeasureError
        Tables that do not fit each other, answers off the scale, points that are not 100 together, or a dimension that
        nobody judged.
    """
    demand_confidence(confidence)
    expected, perceived = items_of(expectations, scale=scale), items_of(perceptions, scale=scale)
    _demand_pairs(expected, perceived)
    names = _demand_dimensions(dimensions, perceived.names)
    before, after = expected.of(names), perceived.of(names)
    both = np.isnan(before) | np.isnan(after)
    before, after = np.where(both, np.nan, before), np.where(both, np.nan, after)
    widest = float(scale[1] - scale[0])
    made = _Judged(names, dimensions, after, before, (-widest, widest))
    return _quality("servqual", made, points, confidence)


@checked(MeasureError)
def service_performance(
    perceptions: Answers,
    dimensions: Mapping[str, Sequence[str]],
    *,
    points: Answers | None = None,
    scale: tuple[int, int] = (1, 7),
    confidence: float = 0.95,
) -> ServiceQuality:
    """Perceptions alone, by dimension (SERVPERF: Cronin and Taylor 1992, Journal of Marketing 56(3): 55-68).

    Parameters, missing answers and errors are those of :func:`service_gaps`.
    """
    demand_confidence(confidence)
    perceived = items_of(perceptions, scale=scale)
    names = _demand_dimensions(dimensions, perceived.names)
    return _quality("servperf", _Judged(names, dimensions, perceived.of(names), None, scale), points, confidence)


@dataclass(frozen=True, eq=False, slots=True)
class _Judged:
    """Answers in the order of ``names``: perceptions, and where they were asked expectations at the same places."""

    names: Sequence[str]
    dimensions: Mapping[str, Sequence[str]]
    after: Floats
    before: Floats | None
    within: tuple[float, float]

    @property
    def values(self) -> Floats:
        """Gaps, or perceptions."""
        return self.after if self.before is None else self.after - self.before

    def row(self, name: str, dimension: str, items: Sequence[str], confidence: float) -> QualityRow:
        """What is said of these items together."""
        places = [self.names.index(item) for item in items]
        found = mean_of(_half_rule(self.values[:, places]), confidence, self.within)
        if found is None:
            raise MeasureError(
                expected=gettext_noop("Every dimension was judged by somebody, in half of its items or more."),
                found=gettext_noop("Nobody judged “{name}”."),
                remedy=gettext_noop("Leave it out, or wait for answers."),
                name=name,
            )
        before = None if self.before is None else float(np.nanmean(_half_rule(self.before[:, places])))
        after = float(np.nanmean(_half_rule(self.after[:, places])))
        return QualityRow(name, dimension, found.n, before, after, found.value, found.interval)


def _quality(method: str, judged: _Judged, points: Answers | None, confidence: float) -> ServiceQuality:
    dimensions, values = judged.dimensions, judged.values
    given = None if points is None else _points(points, tuple(dimensions), len(values))
    rows = [judged.row(name, name, items, confidence) for name, items in dimensions.items()]
    places = [[judged.names.index(item) for item in items] for items in dimensions.values()]
    each = np.column_stack([_half_rule(values[:, of_one]) for of_one in places])
    known = ~np.isnan(each).any(axis=1)
    unweighted = mean_of(each[known].mean(axis=1), confidence, judged.within) if known.any() else None
    weighted = None
    if given is not None:
        rows = [replace(row, weight=float(share)) for row, share in zip(rows, np.nanmean(given, axis=0), strict=True)]
        both = known & ~np.isnan(given).any(axis=1)
        weighted = mean_of((each[both] * given[both]).sum(axis=1), confidence, judged.within)
    n = int((~np.isnan(each)).any(axis=1).sum())
    return ServiceQuality(
        dimensions=tuple(rows),
        items=tuple(judged.row(item, name, [item], confidence) for name, items in dimensions.items() for item in items),
        unweighted=_overall(unweighted),
        weighted=_overall(weighted),
        n=n,
        confidence=confidence,
        method=method,
        warnings=_warnings(n, unweighted, weighted, asked=given is not None),
    )


def _half_rule(values: Floats) -> Floats:
    """The mean of every respondent's items; NaN for who judged fewer than half of them."""
    known = ~np.isnan(values)
    counts = known.sum(axis=1)
    total = np.where(known, values, 0.0).sum(axis=1)
    found: Floats = np.divide(total, counts, out=np.full(len(values), np.nan), where=counts > 0)
    return np.where(counts >= ENOUGH_ITEMS * values.shape[1], found, np.nan)


def _overall(mean: Mean | None) -> Overall | None:
    return None if mean is None else Overall(mean.n, mean.value, mean.interval)


def _table(rows: Sequence[QualityRow], more: Sequence[dict[str, Any]] = ()) -> pl.DataFrame:
    figures = ("expectation", "perception", "value", "lower", "upper", "weight")
    schema = {"name": pl.String, "dimension": pl.String, "n": pl.Int64, **dict.fromkeys(figures, pl.Float64)}
    return pl.DataFrame([*({**asdict(row), **_bounds(row.interval)} for row in rows), *more], schema=schema)


def _bounds(interval: Interval | None) -> dict[str, float | None]:
    return dict(zip(("lower", "upper"), interval or (None, None), strict=True))


def _warnings(n: int, unweighted: Mean | None, weighted: Mean | None, *, asked: bool) -> tuple[Notice, ...]:
    remarks: list[Notice] = []
    complete = 0 if unweighted is None else unweighted.n
    if complete < n:
        left_out = gettext_noop("Respondents: {n}; those who judged every dimension: {complete}. The overall figures"
                                " rest on the latter.")  # fmt: skip
        remarks.append(Notice(left_out, values={"n": n, "complete": complete}))
    if asked and (0 if weighted is None else weighted.n) < complete:
        unspread = gettext_noop("Respondents who judged every dimension: {n}; those who spread points, too: {complete}."
                                " The weighted figure rests on the latter.")  # fmt: skip
        spread = 0 if weighted is None else weighted.n
        remarks.append(Notice(unspread, values={"n": complete, "complete": spread}))
    if unweighted is not None and unweighted.interval is None:
        none = gettext_noop("There is no interval: it takes two answers or more that differ.")
        remarks.append(Notice(none))
    return tuple(remarks)


def _points(points: Answers, dimensions: tuple[str, ...], respondents: int) -> Floats:
    """Every respondent's weights, of all 1 together; NaN for who spread no points."""
    spread = items_of(points, scale=(0, int(POINTS)))
    demand_items(dimensions, spread.names)
    values = spread.of(dimensions)
    none = np.isnan(spread.values).all(axis=1)
    totals = np.nansum(spread.values, axis=1)
    wrong: npt.NDArray[np.bool_] = np.asarray(~none & (np.abs(totals - POINTS) > 1e-6))
    if len(values) != respondents or wrong.any() or none.all() or len(spread.names) != len(dimensions):
        raise MeasureError(
            expected=gettext_noop("Every respondent spreads 100 points over all dimensions, or none at all."),
            found=gettext_noop("Rows of points: {rows}, of answers: {respondents}; respondent {row} spread {total}."),
            remedy=gettext_noop("Correct the points; leave the row empty for who gave none."),
            rows=len(values),
            respondents=respondents,
            row=int(np.argmax(wrong)) + 1,
            total=float(totals[np.argmax(wrong)]),
        )
    shares: Floats = np.nan_to_num(values) / POINTS
    shares[none] = np.nan
    return shares


def _demand_pairs(expected: Items, perceived: Items) -> None:
    if set(expected.names) != set(perceived.names) or len(expected.values) != len(perceived.values):
        raise MeasureError(
            expected=gettext_noop("Expectations and perceptions have the same items and respondents."),
            found=gettext_noop("Expectations: {first}, in {first_rows} rows; perceptions: {second}, in {second_rows}"
                               " rows."),
            remedy=gettext_noop("Give both under the same names, None where one is missing."),
            first=", ".join(expected.names),
            first_rows=len(expected.values),
            second=", ".join(perceived.names),
            second_rows=len(perceived.values),
        )  # fmt: skip


def _demand_dimensions(dimensions: Mapping[str, Sequence[str]], known: Sequence[str]) -> list[str]:
    """All items in the order of their dimensions."""
    names = [name for items in dimensions.values() for name in items]
    if not dimensions or not all(len(items) for items in dimensions.values()) or len(set(names)) < len(names):
        raise MeasureError(
            expected=gettext_noop("There is a dimension at least, each has items, and each item belongs to one."),
            found=gettext_noop("Dimensions: {dimensions}, with these items: {items}."),
            remedy=gettext_noop("Name the items of each dimension once."),
            dimensions=len(dimensions),
            items=", ".join(map(str, names)),
        )
    demand_items(names, known)
    return names
