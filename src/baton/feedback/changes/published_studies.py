"""What is worked out from all answers of a wave together. Pure computing: nothing is written.

Each study rests on :data:`baton.feedback.rules.published.ENOUGH` sheets at least, and says nothing of fewer than the
least number of people: no counts of single answers leave, so that these can be added to no published mean. A question
that everybody answered alike is studied no more than its cell is shown: it would tell what each of them answered.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import TYPE_CHECKING, Any

from baton.feedback.changes.published_cells import Sheet
from baton.feedback.rules.published import ENOUGH, Figure, Study, counted, is_judged
from baton.feedback.rules.questions import ALL_POINTS, About, Kind, Question, Scored, number_in
from baton_analysis.errors import MeasureError

if TYPE_CHECKING:
    import polars as pl

    from baton_analysis.results import Result


@dataclass(frozen=True, slots=True)
class Studied:
    """One study of a wave; ``subject`` is the key of a dimension or question."""

    study: Study
    subject: str
    result: dict[str, Any]


@dataclass(frozen=True, eq=False, slots=True)
class _Answers:
    """Sheets about one thing as a table: a column of numbers for each column that is asked, a row a sheet."""

    columns: tuple[Scored, ...]
    frame: pl.DataFrame
    questions: tuple[Question, ...]
    sheets: tuple[Sheet, ...]
    least: int

    @property
    def judged(self) -> list[Scored]:
        """The columns that say how well something is done."""
        return [one for one in self.columns if is_judged(one) and not one.question.outcome]

    def dimensions(self, of: Iterable[Scored]) -> dict[str, list[str]]:
        """Keys of columns by their dimension."""
        found: dict[str, list[str]] = {}
        for one in of:
            if one.question.dimension:
                found.setdefault(one.question.dimension, []).append(one.key)
        return found


def studies_of(
    sheets: Sequence[Sheet], columns: Sequence[Scored], questions: Sequence[Question], least: int
) -> list[Studied]:
    """All studies that the questions allow."""
    found: list[Studied] = []
    for about in About:
        own = [one for one in sheets if bool(one.link) == (about is About.LINK)]
        alike = _answered_alike(own, [one for one in columns if one.question.about is about])
        asked = [one for one in columns if one.question.about is about and alike.isdisjoint(_together(one))]
        if len(own) >= max(ENOUGH, least) and asked:
            of_these = tuple(one for one in questions if one.about is about and one.key not in alike)
            answers = _Answers(tuple(asked), _frame(own, asked), of_these, tuple(own), least)
            for study in (_reliability, _drivers, _importance, _gaps, _kano, _recommendation):
                found += study(answers)
    return found


def _together(column: Scored) -> frozenset[str]:
    """What is left out with the column: both halves of a question that makes one figure of two answers."""
    return frozenset({column.key, column.question.key})


def _answered_alike(sheets: Sequence[Sheet], columns: Iterable[Scored]) -> frozenset[str]:
    """Keys of the columns in which all answers are the same, and of the questions of which one half is."""
    alike = [one for one in columns if len({number_in(sheet.answers, one) for sheet in sheets} - {None}) == 1]
    halves = {one.question.key for one in alike if one.question.kind in (Kind.PAIR, Kind.KANO)}
    return frozenset({one.key for one in alike} | halves)


def _frame(sheets: Sequence[Sheet], columns: Sequence[Scored]) -> pl.DataFrame:
    import polars as pl

    values = {one.key: [number_in(sheet.answers, one) for sheet in sheets] for one in columns}
    return pl.DataFrame(values, schema=dict.fromkeys(values, pl.Float64))


def _reliability(answers: _Answers) -> Iterator[Studied]:
    from baton_analysis.measures.surveys import cronbach_alpha

    judged = [one for one in answers.columns if is_judged(one)]
    for dimension, keys in answers.dimensions(judged).items():
        if len(keys) >= 2 and _rows(answers.frame, keys) >= ENOUGH:
            yield _studied(Study.RELIABILITY, dimension, lambda keys=keys: cronbach_alpha(answers.frame.select(keys)))


def _drivers(answers: _Answers) -> Iterator[Studied]:
    """Of each outcome its drivers: the questions, or, where these are more than can be taken in all orders, the means
    of their dimensions."""
    from baton_analysis.measures.drivers import EXACT_UP_TO, key_drivers

    judged = [one.key for one in answers.judged]
    table = answers.frame.select(judged)
    if len(judged) > EXACT_UP_TO:
        table = _dimension_means(answers)
    for outcome in _outcomes(answers):
        drivers = {name: table[name].to_numpy() for name in table.columns}
        if len(drivers) >= 2 and _rows(table.with_columns(answers.frame[outcome]), [*drivers, outcome]) >= ENOUGH:
            told = answers.frame[outcome].to_numpy()
            yield _studied(
                Study.DRIVERS, outcome, lambda told=told, drivers=drivers: key_drivers(told, drivers), _driver_rows
            )


def _importance(answers: _Answers) -> Iterator[Studied]:
    """Dimensions (or, without them, questions) by how well they are done and how much they matter: as people say
    where they were asked to lay 100 points, and as it shows in the first outcome."""
    from baton_analysis.measures.surveys import importance_performance

    scales = {(one.low, one.high) for one in answers.judged}
    if len(scales) != 1:
        return
    scale = scales.pop()
    means = _dimension_means(answers)
    table = means if means.width >= 2 else answers.frame.select([one.key for one in answers.judged])
    stated = _stated(answers, table.columns, scale)
    outcome = next(iter(_outcomes(answers)), "")
    overall = answers.frame[outcome].to_list() if outcome else None
    if table.width < 2 or (stated is None and overall is None):
        return
    if _rows(table, table.columns) >= ENOUGH:
        yield _studied(
            Study.IMPORTANCE, "",
            lambda: importance_performance(table, importance=stated, overall=overall, scale=scale),
            lambda result: {"outcome": outcome, "scale": list(scale), "rows": _told(result, scale)},
        )  # fmt: skip


def _gaps(answers: _Answers) -> Iterator[Studied]:
    from baton_analysis.measures.surveys import service_gaps

    pairs = [one for one in answers.questions if one.kind is Kind.PAIR]
    scales = {(one.low, one.high) for one in pairs}
    if len(scales) != 1:
        return
    scale = scales.pop()
    dimensions: dict[str, list[str]] = {}
    for one in pairs:
        dimensions.setdefault(one.dimension or one.key, []).append(one.key)
    expected = answers.frame.select(*(_named(answers.frame, f"{one.key}.expected", one.key) for one in pairs))
    seen = answers.frame.select(*(_named(answers.frame, f"{one.key}.experienced", one.key) for one in pairs))
    points = _points(answers, list(dimensions))
    yield _studied(
        Study.GAPS, "",
        lambda: service_gaps(expected, seen, dimensions, points=points, scale=scale),
        lambda result: {name: result.to_dict()[name] for name in ("dimensions", "items", "unweighted", "weighted")},
    )  # fmt: skip


def _kano(answers: _Answers) -> Iterator[Studied]:
    from baton_analysis.measures.surveys import kano_categories

    keys = [one.key for one in answers.questions if one.kind is Kind.KANO]
    ready = [key for key in keys if _rows(answers.frame, [f"{key}.functional", f"{key}.dysfunctional"]) >= ENOUGH]
    if ready:
        halves = [
            answers.frame.select(*(_named(answers.frame, f"{key}.{half}", key) for key in ready))
            for half in ("functional", "dysfunctional")
        ]
        yield _studied(Study.KANO, "", lambda: kano_categories(*halves), _classes)


def _recommendation(answers: _Answers) -> Iterator[Studied]:
    """Who promotes and who does not; only where each of the three groups is large enough to be told of."""
    from baton_analysis.measures.surveys import net_promoter

    for column in answers.columns:
        told = answers.frame[column.key].drop_nulls().to_list()
        if column.question.kind is not Kind.NPS or len(told) < ENOUGH:
            continue
        groups = [counted(Figure.NPS, column, int(one)) for one in told]
        if min(groups.count(value) for value in (100, 0, -100)) >= answers.least:
            yield _studied(
                Study.NPS, column.key, lambda told=told: net_promoter(told),
                lambda result: {
                    name: getattr(result, name) for name in ("promoters", "passives", "detractors", "value")
                } | {"interval": list(result.interval)},
            )  # fmt: skip


def rater_study(
    sheets: Sequence[tuple[str, str, Mapping[str, Any]]], columns: Sequence[Scored], least: int
) -> Studied | None:
    """Of a named wave: who rates (a pseudonym), about which link, and what. Kept are the links with their means freed
    from who rated them, and how many raters stand out; never which."""
    from baton_analysis.measures.raters import rater_effects

    judged = [one for one in columns if is_judged(one)]
    rows = []
    for rater, link, answers in sheets:
        given = [number for one in judged if (number := number_in(answers, one)) is not None]
        if given and link:
            rows.append((rater, link, sum(given) / len(given)))
    if len({(one.low, one.high) for one in judged}) != 1 or len(rows) < ENOUGH:
        return None

    def told(result: Any) -> dict[str, Any]:
        rated = [one for one in result.rated.to_dicts() if one["n"] >= least]
        found = result.frame.filter(result.frame["found"])
        mild = int((found["effect"] > 0).sum())
        return {"rated": _plain(rated), "raters": result.raters, "mild": mild, "severe": found.height - mild}

    raters, rated, ratings = zip(*rows, strict=True)
    return _studied(Study.RATERS, "", lambda: rater_effects(list(raters), list(rated), list(ratings)), told)


def _studied(study: Study, subject: str, compute: Any, told: Any = None) -> Studied:
    """The result as it is kept; where the answers do not allow it, why."""
    try:
        result: Result = compute()
    except MeasureError as refused:
        message = {name: getattr(refused, name) for name in ("expected", "found", "remedy")}
        return Studied(study, subject, {"refused": _plain({**message, "values": dict(refused.values)})})
    figures = told(result) if told else {name: value for name, value in result.to_dict().items() if name != "warnings"}
    said = [{"message": one.message, "count": one.count, "values": dict(one.values)} for one in result.warnings]
    head = {"n": result.n, "method": result.method, "version": result.version}
    whole = {name: getattr(result, name) for name in ("r_squared", "left_out") if hasattr(result, name)}
    return Studied(study, subject, _plain({**head, **whole, **figures, "warnings": said}))


def _driver_rows(result: Any) -> dict[str, Any]:
    return {
        "interval": None if result.interval is None else list(result.interval),
        "first_place": result.first_place,
        "rows": result.frame.to_dicts(),
    }


def _told(result: Any, scale: tuple[int, int]) -> list[dict[str, Any]]:
    """The items with importance in points again where it was asked in points."""
    rows = []
    for one in result.items:
        row: dict[str, Any] = {"name": one.name, "n": one.n, "performance": one.performance, "interval": one.interval}
        for way in ("stated", "derived"):
            said = getattr(one, way)
            if said is not None:
                value = _to_points(said.value, scale) if way == "stated" else said.value
                row[way] = {"value": value, "quadrant": said.quadrant, "clear": said.clear}
        rows.append(row)
    return rows


def _classes(result: Any) -> dict[str, Any]:
    names = ("name", "n", "category", "next", "clear", "better", "worse", "better_interval", "worse_interval")
    return {"rows": [{name: getattr(one, name) for name in names} for one in result.features]}


def _outcomes(answers: _Answers) -> list[str]:
    kinds = {Kind.RATING, Kind.NPS, Kind.CSAT, Kind.CES}
    return [one.key for one in answers.columns if one.question.outcome and one.question.kind in kinds]


def _dimension_means(answers: _Answers) -> pl.DataFrame:
    """The mean of each sheet's answers to the questions of a dimension."""
    import polars as pl

    found = answers.dimensions(answers.judged)
    return answers.frame.select(*(pl.mean_horizontal(keys).alias(name) for name, keys in found.items()))


def _points(answers: _Answers, dimensions: Sequence[str]) -> pl.DataFrame | None:
    """The points that each sheet lays on the dimensions, where one question asks for exactly these."""
    import polars as pl

    asked = next(
        (
            one
            for one in answers.questions
            if one.kind is Kind.POINTS and {option.key for option in one.options} == set(dimensions)
        ),
        None,
    )
    if asked is None:
        return None
    given = [sheet.answers.get(asked.key) for sheet in answers.sheets]
    if not any(given):
        return None
    return pl.DataFrame(
        {name: [None if not one else float(one.get(name, 0)) for one in given] for name in dimensions},
        schema=dict.fromkeys(dimensions, pl.Float64),
    )


def _stated(answers: _Answers, names: Sequence[str], scale: tuple[int, int]) -> pl.DataFrame | None:
    """The points, stretched to the scale of the ratings, as both axes of the matrix want one scale."""
    import polars as pl

    points = _points(answers, names)
    low, high = scale
    return None if points is None else points.select(low + pl.all() * (high - low) / ALL_POINTS)


def _to_points(value: float, scale: tuple[int, int]) -> float:
    low, high = scale
    return (value - low) / (high - low) * ALL_POINTS


def _named(frame: pl.DataFrame, column: str, name: str) -> pl.Series:
    return frame[column].alias(name)


def _rows(frame: pl.DataFrame, keys: Sequence[str]) -> int:
    """Sheets on which all of these were answered."""
    return frame.select(keys).drop_nulls().height


def _plain(value: Any) -> Any:
    """The value as JSON holds it; what is no number is nothing."""
    if isinstance(value, Mapping):
        return {str(name): _plain(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if isinstance(value, float):
        return value if isfinite(value) else None
    return value if isinstance(value, str | int | bool) or value is None else str(value)
