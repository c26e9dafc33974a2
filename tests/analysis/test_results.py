"""Results print well, become tables and plain values, and those that are pictures can be drawn."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import matplotlib as mpl
import narwhals as nw
import numpy as np
import polars as pl
import pytest

from baton_analysis.errors import PlotError
from baton_analysis.facts.calendars import always_open
from baton_analysis.facts.handoffs import HandoffFacts, Promise, Target, events_of_rows, handoff_facts
from baton_analysis.measures.agreement import cohen_kappa
from baton_analysis.measures.before_after import (
    change_point,
    group_sequential,
    segmented_regression,
    sequential_probability_ratio,
    two_proportions,
)
from baton_analysis.measures.capability import capability
from baton_analysis.measures.control_charts import (
    cusum_chart,
    ewma_chart,
    individuals_chart,
    individuals_charts,
    levey_jennings_chart,
    p_chart,
)
from baton_analysis.measures.disclosure import audit_cells, publishable_cells
from baton_analysis.measures.drivers import key_drivers
from baton_analysis.measures.escape_rates import Check, escape_rates
from baton_analysis.measures.false_discovery import control_false_discoveries
from baton_analysis.measures.funnel import funnel_plot
from baton_analysis.measures.gauge import analysis_of_variance
from baton_analysis.measures.house_of_quality import Characteristic, Need, house_of_quality
from baton_analysis.measures.medians import median
from baton_analysis.measures.path_times import path_times
from baton_analysis.measures.perfect_handoff import perfect_handoff
from baton_analysis.measures.proficiency import z_score
from baton_analysis.measures.promise_chain import ChainStep, FinalPromise, promise_chain
from baton_analysis.measures.rank_correlation import rank_correlation
from baton_analysis.measures.raters import (
    intraclass_correlation,
    rater_effects,
    rating_bias,
    shrunken_means,
    value_weighted_mean,
    within_group_agreement,
)
from baton_analysis.measures.run_lengths import shewhart_run_length
from baton_analysis.measures.sampling import operating_characteristic, single_plan
from baton_analysis.measures.settlement import PricedHandoff, settle
from baton_analysis.measures.surveys import (
    cronbach_alpha,
    cronbach_alphas,
    effort_score,
    factor_loadings,
    factorability,
    importance_performance,
    kano_of_counts,
    net_promoter,
    satisfaction_index,
    satisfied_share,
    score_difference,
    service_gaps,
)
from baton_analysis.measures.timeliness import attainments
from baton_analysis.measures.two_judgements import JudgedWeek, two_judgements
from baton_analysis.measures.weekly_series import WeeklySeries
from baton_analysis.measures.yields import Step, defect_rate, pareto, path_yield
from baton_analysis.results import Plottable, Result
from baton_analysis.signals.broken_standards import attainment_below_standard, broken_standards, newest_points
from baton_analysis.signals.chart_rules import find_episodes, find_flags
from baton_analysis.signals.expected_alarms import expected_false_alarms
from baton_analysis.signals.inspection_switching import LotResult, follow
from baton_analysis.signals.laboratory_rules import judge_runs
from baton_analysis.signals.leading_indicators import leading_indicators

mpl.use("Agg")

VALUES = [9.8, 10.1, 10.0, 10.3, 9.9, 10.2, 9.7, 10.0, 10.1, 9.9, 10.0, 10.2, 12.5]
PLAN = single_plan(1000, 1.0)
CHANCE = np.random.default_rng(4)
SERIES = [*CHANCE.normal(10, 1, 15), *CHANCE.normal(13, 1, 15)]
STUDY = (CHANCE.normal(0, 0.2, (2, 2, 10)) + np.arange(10)).tolist()
MOMENT = datetime(2026, 3, 2, 9, tzinfo=UTC)
HANDED = pl.DataFrame({
    "subject": ["lab>ward"] * 8, "reference": list("abcdefgh"), "on_time": [True] * 6 + [False] * 2,
    "started_at": [MOMENT] * 8, "stopped_at": [MOMENT + timedelta(hours=number) for number in range(1, 9)],
})  # fmt: skip
SHEETS = pl.DataFrame({"team": list("aaaabbbbbbb"), "score": [1, 2, 3, 4, 5, 1, 2, 3, 4, 5, 3]})
UPSTREAM = CHANCE.normal(0, 1, 60).tolist()
DOWNSTREAM = [0.0, *UPSTREAM[:-1]]
RATED = {name: CHANCE.integers(1, 6, 25).tolist() for name in ("fast", "right", "kind")}


def handed_over() -> HandoffFacts:
    """Of two links, two handoffs each, two weeks apart; one is late."""
    came = [datetime(2026, 3, day, 9, tzinfo=UTC) for day in (2, 2, 16, 16)]
    rows = pl.DataFrame({"subject": ["a>b", "c>d"] * 2, "case": [1, 2, 3, 4], "received": came})
    rows = rows.with_columns(accepted=pl.col("received") + pl.Series([timedelta(hours=h) for h in (1, 1, 1, 3)]))
    promise = Promise(always_open("UTC"), Target(7200))
    return handoff_facts(events_of_rows(rows), promise, as_of=datetime(2026, 4, 1, tzinfo=UTC))


def rated() -> dict[str, list[Any]]:
    """Four departments that rate each other in four waves, and what was measured of their service."""
    pairs = [(one, other, wave) for wave in range(4) for one in "abcd" for other in "abcd" if one != other]
    columns = zip(("raters", "rated", "waves"), map(list, zip(*pairs, strict=True)), strict=True)
    return {**dict(columns), "ratings": CHANCE.normal(7, 1, 48).tolist(), "attainment": [0.9, 1.0] * 24}


def weeks() -> WeeklySeries:
    """Three weeks, one of them without handovers."""
    days = np.array([20514, 20521, 20528])
    counts = np.array([4, 0, 5])
    return WeeklySeries(days, counts, counts, np.array([60.0, np.nan, 90.0]), np.array([1, 0, 0]), (1,), 2)


SAMPLES: dict[str, Callable[[], Result]] = {
    "individuals": lambda: individuals_chart(VALUES, baseline=12),
    "shares": lambda: p_chart([3, 4, 0], [50, 60, 0]),
    "ewma": lambda: ewma_chart(VALUES),
    "cusum": lambda: cusum_chart(VALUES, target=10, sigma=0.2),
    "many": lambda: individuals_charts([VALUES, VALUES[::-1]]),
    "flags": lambda: find_flags(individuals_charts([VALUES], baseline=12)),
    "capability": lambda: capability(VALUES[:-1], lower=9, upper=11),
    "pareto": lambda: pareto({"late": 70, "short": 20, "wrong": 10}),
    "oc": lambda: operating_characteristic(PLAN, [0.0, 0.01, 0.05]),
    "net promoter": lambda: net_promoter([10, 9, 7, 3, None]),
    "satisfied": lambda: satisfied_share([5, 4, 4, 2, None]),
    "effort": lambda: effort_score([7, 5, 6, 2, None]),
    "index": lambda: satisfaction_index({"overall": [9, 7, 8], "ideal": [7, 7, None]}),
    "difference": lambda: score_difference(net_promoter([10, 9, 7, 3]), net_promoter([10, 9, 9])),
    "alpha": lambda: cronbach_alpha(RATED),
    "kano": lambda: kano_of_counts({"early": {"A": 20, "O": 5}, "right": {"M": 9, "I": 2, "Q": 9}}),
    "importance": lambda: importance_performance(
        RATED, importance=RATED, overall=RATED["fast"][::-1], derive="correlation"
    ),
    "alphas": lambda: cronbach_alphas(RATED, list("aabbb") * 5),
    "adequacy": lambda: factorability(RATED),
    "factors": lambda: factor_loadings(RATED, 1),
    "gaps": lambda: service_gaps({"a": [7, 6], "b": [6, 6]}, {"a": [5, 6], "b": [6, 6]}, {"one": ["a"], "two": ["b"]}),
    "kappa": lambda: cohen_kappa(["a", "b", "a", "b"], ["a", "b", "a", "a"]),
    "comparison": lambda: two_proportions((30, 100), (15, 100)),
    "discoveries": lambda: control_false_discoveries([0.001, 0.2, 0.03]),
    "z": lambda: z_score(10.2, 10.0, 0.1),
    "run length": shewhart_run_length,
    "alarms": lambda: expected_false_alarms([]),
    "segmented": lambda: segmented_regression([*SERIES[:7], None, *SERIES[8:]], 15),
    "change point": lambda: change_point(SERIES),
    "gauge": lambda: analysis_of_variance(STUDY),
    "runs": lambda: judge_runs([levey_jennings_chart(VALUES, mean=10, sd=0.2)] * 2),
    "group sequential": lambda: group_sequential(3),
    "ratio test": lambda: sequential_probability_ratio(0.1, 0.05),
    "ratio path": lambda: sequential_probability_ratio(0.1, 0.5).follow([0, 1, 1, 1]),
    "path": lambda: path_yield([Step("weigh", 100, 90), Step("mix", 90, 88)]),
    "weeks": weeks,
    "broken": lambda: broken_standards(
        attainment_below_standard(["a", "b"], [50, 99], 100, 0.95),
        newest_points(["c"], individuals_charts([VALUES], baseline=12), 30, worth=0.5),
    ),
    "episodes": lambda: find_episodes(individuals_chart(VALUES, baseline=12)),
    "lots": lambda: follow([LotResult(n, "not_accepted") for n in range(3)]),
    "leading": lambda: leading_indicators({"lab": UPSTREAM}, {"ward": DOWNSTREAM}),
    "attainments": lambda: attainments(handed_over(), window="week"),
    "escapes": lambda: escape_rates([Check("self-check", 60), Check("inspector", 6)], came_back=4),
    "perfect": lambda: perfect_handoff(HANDED.select("on_time"), unknown="left_out", parts=["on_time"]),
    "judgements": lambda: two_judgements([JudgedWeek(date(2026, 3, 2), 20, 9, 1, 3)]),
    "funnel": lambda: funnel_plot(list("abcd"), [90, 45, 3, 60], [100, 50, 3, 100]),
    "path of references": lambda: path_times(nw.from_native(HANDED.lazy()), ["lab>ward"]),
    "settlement": lambda: settle(
        [PricedHandoff("H-1", "lab", "ward", Decimal(3))], as_of=MOMENT, claim_limit=timedelta(days=7)
    ),
    "median": lambda: median(VALUES),
    "ranks": lambda: rank_correlation(VALUES, VALUES[::-1]),
    "defects": lambda: defect_rate(5, 1000, opportunities=4),
    "house": lambda: house_of_quality([Need("on time", 5)], [Characteristic("hours")], {("on time", "hours"): 9}),
    "drivers": lambda: key_drivers(UPSTREAM, {"speed": DOWNSTREAM, "care": SERIES + SERIES}, draws=100),
    "alike": lambda: intraclass_correlation("ab" * 30, UPSTREAM),
    "within groups": lambda: within_group_agreement("aabb", [4, 4, 2, 5], low=1, high=5),
    "shrunken": lambda: shrunken_means("abc" * 20, UPSTREAM),
    "by value": lambda: value_weighted_mean(VALUES, [1.0] * 12 + [20.0]),
    "severity": lambda: rater_effects("aabbcc", "xyxyxy", [1, 2, 3, 5, 4, 4]),
    "favour": lambda: rating_bias(**rated(), simulations=200),
    "published": lambda: publishable_cells(SHEETS, [[], ["team"]], value="score", low=1, high=5),
    "audited": lambda: audit_cells(SHEETS, [[], ["team"]], [(), (("team", "b"),)], value="score", low=1, high=5),
    "promises": lambda: promise_chain([ChainStep("order"), ChainStep("delivery")], FinalPromise(conforming=0.9)),
}


@pytest.mark.parametrize("name", SAMPLES)
def test_a_result_prints_well_and_has_plain_forms(name: str) -> None:
    result = SAMPLES[name]()
    said = str(result)
    assert said.startswith(f"{type(result).__name__}: {result.method}, version {result.version}, n = ")
    assert "dtype" not in said
    assert max(map(len, said.splitlines())) <= 200
    for warning in result.warnings:
        assert f"! {warning.render()}" in said
    assert "<table" in result._repr_html_()
    assert isinstance(result.to_table(), pl.DataFrame)
    plain = json.loads(json.dumps(result.to_dict(), allow_nan=False))
    assert plain["method"] == result.method
    assert plain["version"] == result.version


def test_an_interval_is_two_columns_of_the_table() -> None:
    table = two_proportions((30, 100), (15, 100)).to_table()
    assert {"lower", "upper", "n"} <= set(table.columns)
    assert table.height == 1


def test_a_long_table_says_what_is_left_out() -> None:
    assert "6 rows more: to_table() has them all." in str(individuals_charts([VALUES, VALUES]))


def test_markup_in_a_remark_stays_text() -> None:
    page = pareto({"<b>late</b>": 1, "short": 2})._repr_html_()
    assert "<b>late" not in page


PICTURES = (
    "net promoter", "satisfied", "effort", "index", "difference", "gaps", "alpha",
    "adequacy", "factors", "kano", "importance",
    "individuals", "shares", "ewma", "cusum", "capability", "pareto", "oc", "comparison", "discoveries", "segmented",
    "change point", "gauge", "runs", "group sequential", "ratio path", "path", "weeks", "broken", "episodes", "lots",
    "leading", "attainments", "house", "escapes", "perfect", "judgements", "funnel", "path of references", "settlement",
    "house", "drivers", "shrunken", "severity",
)  # fmt: skip


@pytest.mark.parametrize("name", PICTURES)
def test_pictures(name: str) -> None:
    result = SAMPLES[name]()
    assert isinstance(result, Plottable)
    axes = result.plot()
    assert axes.lines or axes.patches or axes.containers
    assert result.plot(axes) is axes
    mpl.pyplot.close("all")


def test_a_point_beyond_the_limits_is_ringed() -> None:
    axes = SAMPLES["individuals"]().plot()  # type: ignore[attr-defined]
    rings = [line for line in axes.lines if line.get_markersize() == 9]
    assert [list(ring.get_xdata()) for ring in rings] == [[12]]
    mpl.pyplot.close("all")


def test_without_matplotlib_a_picture_is_refused_with_the_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    monkeypatch.setitem(sys.modules, "matplotlib.pyplot", None)
    with pytest.raises(PlotError, match=r"Install baton-tqm\[plot\]"):
        pareto({"late": 1, "short": 2}).plot()
