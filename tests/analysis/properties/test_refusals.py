"""What a newcomer gives: arrays and columns are taken as lists, and what makes no sense is refused with a remedy."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from typing import Any

import numpy as np
import polars as pl
import pytest

from baton_analysis.errors import MeasureError
from baton_analysis.measures.agreement import cohen_kappa, fleiss_kappa
from baton_analysis.measures.before_after import (
    change_point,
    group_sequential,
    power_of_proportions,
    power_of_rates,
    segmented_regression,
    welch,
)
from baton_analysis.measures.capability import anderson_darling, capability
from baton_analysis.measures.control_charts import (
    FrozenLimits,
    c_chart,
    cusum_chart,
    ewma_chart,
    individuals_chart,
    individuals_charts,
    levey_jennings_chart,
    np_chart,
    p_chart,
    xbar_r_chart,
    xbar_s_chart,
)
from baton_analysis.measures.effect_plan import EffectPlan, SeriesModel, Window
from baton_analysis.measures.false_discovery import control_false_discoveries
from baton_analysis.measures.gauge import analysis_of_variance, average_and_range
from baton_analysis.measures.proficiency import z_score
from baton_analysis.measures.proportions import clopper_pearson_upper, wilson_interval
from baton_analysis.measures.run_lengths import cusum_run_length, ewma_run_length, shewhart_run_length
from baton_analysis.measures.sampling import operating_characteristic, plan_between, single_plan
from baton_analysis.measures.yields import Step, defect_rate, pareto, path_yield
from baton_analysis.signals.broken_standards import newest_points

VALUES = np.random.default_rng(11).normal(10, 1, 30).tolist()
GROUPS = np.random.default_rng(12).normal(10, 1, (12, 4)).tolist()
STUDY = np.random.default_rng(13).normal(10, 1, (3, 2, 6)).tolist()
YIELD = [Step("weigh", 100, 90)]
NAN, INF = float("nan"), float("inf")


def _plan(**parts: Any) -> EffectPlan:
    windows = {
        "baseline": Window(date(2026, 1, 1), date(2026, 2, 1)),
        "follow_up": Window(date(2026, 3, 1), date(2026, 4, 1)),
    }
    usual = {
        "metric": "waits",
        "test": "welch",
        "better": "lower",
        "minimal_effect": 0.1,
        "fixed_on": date(2026, 2, 20),
    }
    return EffectPlan(**(usual | windows | parts))


@pytest.mark.parametrize("given", [np.array, pl.Series, tuple], ids=["array", "column", "tuple"])
@pytest.mark.parametrize(
    ("measure", "data"),
    [
        (individuals_chart, VALUES), (ewma_chart, VALUES), (cusum_chart, VALUES), (xbar_r_chart, GROUPS),
        (xbar_s_chart, GROUPS), (change_point, VALUES), (lambda values: capability(values, upper=15), VALUES),
        (lambda values: capability(values, upper=15), GROUPS),
        (lambda values: segmented_regression(values, 15), VALUES),
        (lambda values: cohen_kappa(values, values), [1, 2, 2, 3, 10, 1]),
    ],
)  # fmt: skip
def test_arrays_and_columns_are_taken_as_lists_are(
    measure: Callable[[Any], Any], data: list[Any], given: Callable[[Any], Any]
) -> None:
    assert measure(given(data)).to_dict() == measure(data).to_dict()


NO_SENSE: dict[str, Callable[[], object]] = {
    "text": lambda: individuals_chart(["10", "ten"]),  # type: ignore[list-item]
    "one number": lambda: p_chart([1, 2, 3], 50),  # type: ignore[arg-type]
    "a table for a list": lambda: individuals_chart(GROUPS),
    "a list for subgroups": lambda: xbar_r_chart(VALUES),
    "rows of different length": lambda: individuals_charts([[1, 2], [3]]),
    "p-values of different length": lambda: control_false_discoveries([[0.1], [0.2, 0.3]]),
    "a baseline of 2.5": lambda: individuals_chart(VALUES, baseline=2.5),  # type: ignore[arg-type]
    "a baseline of text": lambda: individuals_chart(VALUES, baseline="12"),  # type: ignore[arg-type]
    "a phase between points": lambda: individuals_chart(VALUES, phases=[3.5]),  # type: ignore[list-item]
    "a negative size": lambda: ewma_chart(VALUES, sizes=[-1] * 30),
    "a target of nan": lambda: cusum_chart(VALUES, target=NAN),
    "an endless sd": lambda: levey_jennings_chart(VALUES, mean=10, sd=INF),
    "a limit at infinity": lambda: capability(VALUES, lower=5, upper=INF),
    "capability with 95": lambda: capability(VALUES, upper=15, confidence=95),
    "yield with 95": lambda: path_yield(YIELD, confidence=95),
    "defects with 95": lambda: defect_rate(3, 100, confidence=95),
    "pareto with 95": lambda: pareto({"late": 3, "lost": 1}, confidence=95),
    "cohen with 95": lambda: cohen_kappa("aabb", "abab", confidence=95),
    "fleiss with 95": lambda: fleiss_kappa(["aab", "abb", "bbb"], confidence=95),
    "gauge with 95": lambda: analysis_of_variance(STUDY, confidence=95),
    "wilson with 95": lambda: wilson_interval(3, 10, confidence=95),
    "a bound with 95": lambda: clopper_pearson_upper(3, 10, confidence=95),
    "5 of 3": lambda: wilson_interval([1, 5], [3, 3]),
    "no defects known": lambda: defect_rate(NAN, 10),  # type: ignore[arg-type]
    "a flat gauge study": lambda: average_and_range([[1, 2], [3, 4]]),  # type: ignore[list-item]
    "a tolerance of nan": lambda: average_and_range(STUDY, tolerance=NAN),
    "150 parts by ranges": lambda: average_and_range(np.random.default_rng(1).normal(size=(2, 2, 150)).tolist()),
    "a deviation of 0": lambda: z_score(1, 2, 0, assigned_uncertainty=0.5),
    "an uncertainty below 0": lambda: z_score(1, 2, 1, assigned_uncertainty=-0.5),
    "limits at 40 sigma": lambda: shewhart_run_length(width=40),
    "half an item": lambda: single_plan(500.5, 1.0),  # type: ignore[arg-type]
    "a lot of nan": lambda: single_plan(NAN, 1.0),  # type: ignore[arg-type]
    "values that are all the same": lambda: anderson_darling([2.0] * 10),
    "a share of nan": lambda: pareto({"late": 3, "lost": 1}, vital_share=NAN),
    "a shift of nan": lambda: defect_rate(3, 100, shift=NAN),
    "a million items": lambda: plan_between(1e-6, 2e-6),
    "one quality": lambda: operating_characteristic(single_plan(500, 1.0), 0.5),  # type: ignore[arg-type]
    "welch of text": lambda: welch(["a", "b"], [1, 2]),  # type: ignore[list-item]
    "a change between points": lambda: segmented_regression(VALUES, 15.5),  # type: ignore[arg-type]
    "a season of 0": lambda: segmented_regression(VALUES, 15, harmonics=1, period=0),
    "-1 lags": lambda: segmented_regression(VALUES, 15, errors="newey_west", lags=-1),
    "another quantile": lambda: segmented_regression(VALUES, 15, quantile="z"),  # type: ignore[arg-type]
    "two looks at once": lambda: group_sequential([0.5, 0.500001, 1]),
    "looks at percents": lambda: group_sequential([50, 100]),
    "an alpha that nothing reaches": lambda: group_sequential(3, alpha=1e-15),
    "power of percents": lambda: power_of_proportions(10, 20, 50, 50),
    "power of nothing": lambda: power_of_proportions(0.1, 0.2, 0, 0),
    "power of an unknown rate": lambda: power_of_rates(NAN, 0.2, 10, 10),
    "a standard of 95": lambda: _plan(test="standard", baseline=None, standard=95),
    "an effect of 5 points": lambda: _plan(test="two_proportions", minimal_effect=5),
    "an endless effect": lambda: _plan(minimal_effect=INF),
    "a minimum of nan": lambda: _plan(minimal_before=NAN),
    "limits of nan": lambda: _plan(test="long_run_limits", baseline=None, limits=FrozenLimits("i", NAN, 1, 20)),
    "a series with a season of 0": lambda: SeriesModel(period=0, harmonics=1),
    "counts with ar1": lambda: SeriesModel(family="poisson"),
    "two volumes for three links": lambda: newest_points("abc", individuals_charts([VALUES] * 3), [1, 2]),
}


@pytest.mark.parametrize("case", NO_SENSE)
def test_what_makes_no_sense_is_refused_with_a_remedy(case: str) -> None:
    with pytest.raises(MeasureError) as refused:
        NO_SENSE[case]()
    error = refused.value
    assert error.expected
    assert error.found
    assert error.remedy
    assert "{" not in error.render()


def test_what_was_not_measured_is_a_gap_on_held_limits_too() -> None:
    for chart in (
        np_chart([None, None], [None, None], baseline=FrozenLimits("np", 0.1, 1, 20)),
        xbar_r_chart([None, None], baseline=FrozenLimits("xbar_r", 10, 1, 20)),
        c_chart([3.0, NAN, 4.0]),
    ):
        assert chart.to_dict()["points"][1]["value"] is None


def test_values_of_a_mapping_and_of_a_generator_are_taken_too() -> None:
    wanted = individuals_chart(VALUES).to_dict()
    assert individuals_chart(dict(enumerate(VALUES)).values()).to_dict() == wanted  # type: ignore[arg-type]
    assert individuals_chart(value for value in VALUES).to_dict() == wanted  # type: ignore[arg-type]


def test_a_baseline_counted_by_numpy_is_a_baseline() -> None:
    held = individuals_chart(VALUES, baseline=np.int64(12))  # type: ignore[arg-type]
    assert held.limits == individuals_chart(VALUES, baseline=12).limits != individuals_chart(VALUES).limits


def test_grades_that_are_numbers_stand_in_their_order() -> None:
    """As texts, 10 would stand beside 1: a weighted kappa would take them for neighbours."""
    first, second = [1, 2, 9, 10, 10, 1], [2, 2, 10, 10, 9, 1]
    ordered = cohen_kappa(first, second, grades=[1, 2, 9, 10], weights="linear")
    assert cohen_kappa(first, second, weights="linear").to_dict() == ordered.to_dict()


@pytest.mark.parametrize("later", [0.001, 1000.0])
def test_a_change_of_the_spread_too_has_its_point_and_interval(later: float) -> None:
    """Variances that differ a million times: the interval reaches into the side that scatters."""
    chance = np.random.default_rng(3)
    values = [*chance.normal(0, 1, 30), *chance.normal(3 * max(1, later), later, 30)]
    found = change_point(values)
    assert found.interval[0] <= found.point <= found.interval[1]
    assert abs(found.point - 30) <= 2


def test_run_lengths_that_cannot_be_told_are_endless_and_not_an_error() -> None:
    far = cusum_run_length(50, decision=5)
    assert far.average == pytest.approx(1, abs=1e-6)
    for endless in (cusum_run_length(decision=60), ewma_run_length(width=9), shewhart_run_length(width=9)):
        assert endless.average == INF
        assert json.loads(json.dumps(endless.to_dict(), allow_nan=False))["average"] is None
        assert endless.warnings


def test_a_plan_of_too_many_items_names_their_number() -> None:
    with pytest.raises(MeasureError, match="at most 1000000 items"):
        plan_between(1e-6, 2e-6)
