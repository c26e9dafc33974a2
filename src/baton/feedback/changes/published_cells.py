"""Which figures of a wave may be shown. Pure computing: sheets come in, cells go out, nothing is written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import TYPE_CHECKING, Any

from baton.feedback.rules.published import (
    COLUMNS,
    ENOUGH,
    CellKey,
    Ends,
    Figure,
    Grouping,
    Why,
    cells_of,
    counted,
    cube_of,
    figures_of,
    scale_of,
)
from baton.feedback.rules.questions import About, Scored, number_in
from baton.feedback.rules.waves import LINKS_A_SHEET

if TYPE_CHECKING:
    import polars as pl

    from baton_analysis.measures.disclosure import Publication

CONFIDENCE = 0.95


@dataclass(frozen=True, slots=True)
class Sheet:
    """Answers about one link, or about none, without whose they are. ``pool`` names a set of customers that share
    somebody who was asked: people of different pools are different people."""

    link: str
    supplier: str
    customer: str
    pool: str
    band: str
    answers: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Computed:
    """One cell with its figure, or why it has none."""

    column: str
    figure: Figure
    grouping: Grouping
    key: CellKey
    why: Why | None = None
    n: int | None = None
    value: float | None = None
    interval: tuple[float, float] | None = None
    method: str = ""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be published: links of the wave, the fewest answers, and with how many answers cells were published
    before, by column, where who answered then is as good as known."""

    links: Sequence[Ends]
    least: int
    before: Mapping[str, Mapping[CellKey, int]]


def computed_cells(sheets: Sequence[Sheet], columns: Iterable[Scored], wanted: Wanted) -> list[Computed]:
    """The cells of all columns."""
    found: list[Computed] = []
    for column in columns:
        cube = cube_of(column.question.about, len(wanted.links))
        found += _of_column(sheets, column, cube, wanted)
    return found


def _of_column(sheets: Sequence[Sheet], column: Scored, cube: Sequence[Grouping], wanted: Wanted) -> list[Computed]:
    figures = figures_of(column)
    frames = {figure: _frame(sheets, column, figure) for figure in figures}
    groupings = [list(COLUMNS[one]) for one in cube]
    published: dict[Figure, Publication] = {}
    if figures and frames[figures[0]].height:
        for figure in figures:
            published[figure] = _published(frames[figure], groupings, column, figure, wanted)
    # Of several figures of the same answers each is shown only where all of them may be.
    shown = set.intersection(*(set(one.published) for one in published.values())) if published else set()
    few = {key for one in published.values() for key, reason in one.hidden.items() if reason == "few"}
    known = {key for one in published.values() for key in (*one.published, *one.hidden)}
    cells = []
    for grouping in cube:
        for key in cells_of(grouping, wanted.links):
            for figure in figures:
                if key in shown:
                    cells.append(_shown(frames[figure], column, figure, grouping, key))
                else:
                    why = Why.FEW if key in few or key not in known else Why.PROTECTION
                    cells.append(Computed(column.key, figure, grouping, key, why))
    return cells


def _published(
    frame: pl.DataFrame, groupings: list[list[str]], column: Scored, figure: Figure, wanted: Wanted
) -> Publication:
    from baton_analysis.measures.disclosure import publishable_cells

    low, high = scale_of(figure, column)
    of_links = column.question.about is About.LINK
    return publishable_cells(
        frame, groupings, value="value", low=low, high=high, least=wanted.least,
        before=wanted.before.get(column.key), once="link" if of_links else None, pool="pool" if of_links else None,
        each=LINKS_A_SHEET if of_links else 1,
    )  # fmt: skip


def _frame(sheets: Sequence[Sheet], column: Scored, figure: Figure) -> pl.DataFrame:
    """One row an answer to the question."""
    import polars as pl

    rows = [
        (one.link, one.supplier, one.customer, one.pool, one.band, counted(figure, column, number))
        for one in sheets
        if (number := number_in(one.answers, column)) is not None
    ]
    names = ("link", "supplier", "customer", "pool", "band")
    return pl.DataFrame(rows, schema={**dict.fromkeys(names, pl.String), "value": pl.Int64}, orient="row")


def _shown(frame: pl.DataFrame, column: Scored, figure: Figure, grouping: Grouping, key: CellKey) -> Computed:
    import polars as pl

    rows = frame.filter(*(pl.col(name) == value for name, value in key))["value"]
    n, mean = rows.len(), float(rows.sum()) / rows.len()
    interval, method = _interval(frame, column, figure, n, mean, whole=grouping is Grouping.WHOLE)
    rounded = (round(interval[0], 1), round(interval[1], 1))
    return Computed(column.key, figure, grouping, key, None, n, round(mean, 1), rounded, method)


def _interval(
    frame: pl.DataFrame, column: Scored, figure: Figure, n: int, mean: float, *, whole: bool
) -> tuple[tuple[float, float], str]:
    """Between what the figure lies, and by which method. The spread of a few answers would say nearly all of them, so
    that of all answers of the wave stands in for it; where these are few, too, the largest that the scale allows."""
    low, high = scale_of(figure, column)
    if figure is Figure.SATISFIED:
        return _wilson(round(mean * n / 100), n), "wilson"
    if frame.height < ENOUGH:
        return _within(mean, 1.96 * (high - low) / 2 / sqrt(n), low, high), "widest_spread"
    if figure is Figure.NPS and whole:
        return _net_interval(frame), "score"
    from scipy.special import stdtrit

    spread = float(frame["value"].std() or 0.0)  # type: ignore[arg-type]
    half = float(stdtrit(frame.height - 1, 0.5 + CONFIDENCE / 2)) * spread / sqrt(n)
    return _within(mean, half, low, high), "student" if whole else "student_pooled"


def _within(mean: float, half: float, low: float, high: float) -> tuple[float, float]:
    return max(low, mean - half), min(high, mean + half)


def _wilson(satisfied: int, n: int) -> tuple[float, float]:
    from baton_analysis.measures.proportions import wilson_interval

    low, high = wilson_interval([satisfied], [n], confidence=CONFIDENCE)
    return 100 * float(low[0]), 100 * float(high[0])


def _net_interval(frame: pl.DataFrame) -> tuple[float, float]:
    """That of Tango's score test, from how many answers are 100, 0 and -100."""
    from baton_analysis.measures.surveys import net_promoter

    counts = {place: int((frame["value"] == value).sum()) for place, value in ((10, 100), (8, 0), (0, -100))}
    low, high = net_promoter(counts, confidence=CONFIDENCE).interval
    return 100 * low, 100 * high
