"""Control charts: phases, held limits, gaps, the choice between p and p', and what is refused."""

from __future__ import annotations

import json
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from baton_analysis.errors import MeasureError
from baton_analysis.measures.control_charts import (
    CarriedOn,
    FrozenLimits,
    individuals_chart,
    laney_p_chart,
    over_dispersion_threshold,
    p_chart,
    proportion_chart,
)
from baton_analysis.signals.chart_rules import NELSON, WESTERN_ELECTRIC, RuleSet, find_violations


def test_a_gap_is_no_value_and_has_no_range() -> None:
    chart = individuals_chart([1.0, None, 3.0, 5.0])
    assert chart.companion is not None
    assert [point.value for point in chart.points] == [1.0, None, 3.0, 5.0]
    assert [point.value for point in chart.companion.points] == [None, None, None, 2.0]
    assert (chart.n, chart.centre[0]) == (3, 3.0)


def test_limits_of_a_baseline_are_held_afterwards() -> None:
    steady = [10.0, 11, 9, 10, 11, 9, 10, 11]
    chart = individuals_chart([*steady, 30.0, 31], baseline=8)
    alone = individuals_chart(steady)
    assert chart.centre[9] == alone.centre[0]
    assert chart.ucl[9] == alone.ucl[0]
    assert {violation.index for violation in find_violations(chart)} == {8, 9}


def test_each_phase_can_have_a_baseline_of_its_own() -> None:
    """A disturbance of three points is a phase; afterwards the limits of the time before are carried on."""
    steady = [10.0, 12, 11, 9, 10, 11, 10, 12]
    values = [*steady, 30.0, 34, 31, *steady, 25.0]
    chart = individuals_chart(values, phases=[8, 11], baseline=[6, None, CarriedOn(0)])
    alone = individuals_chart(steady, baseline=6)
    assert chart.limits[2] == chart.limits[0] == alone.limits[0]
    assert chart.limits[1].n == 3
    assert [hit.index for hit in find_violations(chart) if hit.rule == "WE1"] == [len(values) - 1]
    shares = proportion_chart([3, 2, 9, 3, 4], [30] * 5, phases=[2, 3], baseline=[None, None, CarriedOn(0)])
    assert shares.limits[2] == shares.limits[0]
    held = proportion_chart([3, 2, 9], [30] * 3, phases=[2], baseline=[None, FrozenLimits("p", 0.1, 1.0, 20)])
    assert (held.method, held.limits[1].centre) == ("p", 0.1)


def test_frozen_limits_of_an_earlier_chart_judge_the_next() -> None:
    earlier = individuals_chart([10.0, 11, 9, 10, 11, 9])
    chart = individuals_chart([10.0, 30.0], baseline=earlier.limits[0])
    assert chart.ucl[0] == earlier.ucl[0]
    assert [violation.index for violation in find_violations(chart)] == [1]


def test_each_phase_has_limits_of_its_own_and_no_range_between() -> None:
    chart = individuals_chart([1.0, 2, 1, 2, 101, 102, 101, 102], phases=[4])
    assert chart.centre.tolist() == [1.5] * 4 + [101.5] * 4
    assert [point.phase for point in chart.points] == [0] * 4 + [1] * 4
    assert chart.companion is not None
    assert np.isnan(chart.companion.values[4])
    assert chart.sigma[0] == chart.sigma[7]
    assert find_violations(chart, NELSON) == ()


def test_few_points_make_provisional_limits_and_equal_points_none() -> None:
    few = individuals_chart([1.0, 2.0, 3.0])
    assert "provisional" in few.warnings[0].render()
    level = individuals_chart([5.0] * 20)
    assert "limits cannot be estimated" in level.warnings[0].render()
    assert np.isnan(level.ucl).all()
    assert level.to_dict()["points"][0]["ucl"] is None
    assert find_violations(level) == ()
    single = individuals_chart([5.0])
    assert "no two neighbouring points" in single.warnings[1].render()
    assert single.to_dict()["points"][0]["ucl"] is None
    assert individuals_chart(list(range(12))).warnings == ()


def test_a_proportion_of_nothing_is_a_gap() -> None:
    chart = p_chart([1, 0, None, 2], [10, 0, 10, 10])
    assert [point.value for point in chart.points] == [0.1, None, None, 0.2]
    assert chart.centre[0] == pytest.approx(0.15)
    assert (chart.lcl[0], chart.to_dict()["points"][1]["ucl"]) == (0.0, None)


def test_all_or_nothing_counted_gives_a_chart_without_width() -> None:
    for counts in ([0, 0, 0], [9, 9, 9]):
        chart = proportion_chart(counts, [9, 9, 9])
        assert chart.method == "p"
        assert find_violations(chart) == ()


def test_binomial_counts_keep_p_and_over_dispersed_ones_get_p_prime() -> None:
    """The rule errs about once in a hundred series that vary by chance alone, also where returns are rare."""
    chance = np.random.default_rng(3)
    for rate, size in ((0.3, 60), (0.05, 60)):
        chosen = [proportion_chart(list(chance.binomial(size, rate, 40)), [size] * 40).method for _ in range(600)]
        assert chosen.count("p_prime") / 600 < 0.03
    noisy = [
        proportion_chart(list(chance.binomial(400, chance.beta(15, 35, 40))), [400] * 40).method for _ in range(100)
    ]
    assert noisy.count("p_prime") > 95


def test_one_lasting_shift_is_no_over_dispersion() -> None:
    chance = np.random.default_rng(4)
    counts = [*chance.binomial(200, 0.10, 20), *chance.binomial(200, 0.25, 20)]
    chart = proportion_chart(counts, [200] * 40)
    assert chart.method == "p"
    assert len({violation.index for violation in find_violations(chart)}) > 20


def test_the_threshold_falls_with_the_number_of_points() -> None:
    assert over_dispersion_threshold(51) == pytest.approx(1.296, abs=1e-3)
    assert over_dispersion_threshold(0) == float("inf")


@given(st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=40), st.floats(-1e3, 1e3), st.floats(0.1, 100))
def test_charts_follow_a_change_of_unit(values: list[float], offset: float, factor: float) -> None:
    plain = individuals_chart(values)
    moved = individuals_chart([offset + factor * value for value in values])
    scale = factor * max(1.0, float(np.abs(plain.values).max())) + abs(offset)
    assume(plain.sigma[0] == 0 or factor * plain.sigma[0] > 1e-12 * scale)  # otherwise rounding levels what varied
    np.testing.assert_allclose(moved.ucl, offset + factor * plain.ucl, atol=1e-8 * scale)
    np.testing.assert_allclose(moved.sigma, factor * plain.sigma, atol=1e-8 * scale)


def test_a_chart_is_plain_json_with_dates() -> None:
    weeks = [date(2026, 3, 2) + timedelta(weeks=number) for number in range(3)]
    answer = json.loads(json.dumps(laney_p_chart([1, 2, None], [10, 12, None], labels=weeks).to_dict()))
    assert [point["label"] for point in answer["points"]] == ["2026-03-02", "2026-03-09", "2026-03-16"]
    assert (answer["method"], answer["version"], answer["n"]) == ("p_prime", "3", 2)
    assert answer["points"][2]["value"] is None


def test_the_arrays_of_a_chart_cannot_be_changed() -> None:
    chart = individuals_chart([1.0, 2.0])
    with pytest.raises(ValueError, match="read-only"):
        chart.ucl[0] = 9


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: individuals_chart([]), "at least one value"),
        (lambda: individuals_chart([None, None]), "Phase 1 has none"),
        (lambda: individuals_chart([1.0, None], phases=[1]), "Phase 2 has none"),
        (lambda: individuals_chart([1.0, float("inf")]), "Point 2 is infinite"),
        (lambda: individuals_chart([1.0, 2.0], phases=[5]), "starts at point 6"),
        (lambda: individuals_chart([1.0, 2.0], labels=["a"]), "1 labels and 2 points"),
        (lambda: individuals_chart([1.0, 2.0], baseline=1), "at least two points"),
        (lambda: individuals_chart([1.0, 2.0], baseline=[None, None]), "2 baselines and 1 phases"),
        (lambda: individuals_chart([1.0, 2.0, 3.0], phases=[1], baseline=[None, CarriedOn(1)]), "those of phase 2"),
        (lambda: individuals_chart([1.0], baseline=FrozenLimits("p", 0.1, 1, 20)), "another kind (p)"),
        (lambda: p_chart([1], [1, 2]), "1 counts and 2 numbers"),
        (lambda: p_chart([1, 5], [2, 4]), "Point 2 has 5.0 of 4.0"),
    ],
)
def test_refused(make: object, says: str) -> None:
    with pytest.raises(MeasureError) as refusal:
        make()  # type: ignore[operator]
    assert says in str(refusal.value)
    assert refusal.value.remedy


@pytest.mark.parametrize("rules", [WESTERN_ELECTRIC, NELSON])
def test_what_differs_from_a_baseline_without_variation_is_marked_and_no_alarm(rules: RuleSet) -> None:
    returns = proportion_chart([0] * 20 + [0, 6, 0], [30] * 23, baseline=20)
    waits = individuals_chart([5.0] * 20 + [5.0, 7.0, 4.0], baseline=20)
    assert np.flatnonzero(returns.departures).tolist() == [21]
    assert np.flatnonzero(waits.departures).tolist() == [21, 22]
    for chart in (returns, waits):
        assert find_violations(chart, rules) == ()
        assert np.isnan(chart.lcl).all()
        assert np.isnan(chart.ucl).all()
    assert waits.companion is not None
    assert find_violations(waits.companion, rules) == ()


def test_a_phase_that_varies_has_limits_beside_one_that_does_not() -> None:
    chart = p_chart([0] * 12 + [3, 2, 4, 3, 2, 4, 3, 2, 4, 3, 2, 4, 20], [30] * 25, phases=[12], baseline=12)
    assert np.isnan(chart.ucl[:12]).all()
    assert np.isfinite(chart.ucl[12:]).all()
    assert [hit.index for hit in find_violations(chart) if hit.rule == "WE1"] == [24]


@given(st.lists(st.integers(0, 30), min_size=2, max_size=40), st.integers(2, 20))
def test_a_chart_has_limits_where_its_baseline_varies_and_marks_only_where_it_does_not(
    counts: list[int], baseline: int
) -> None:
    chart = p_chart(list(counts), [30] * len(counts), baseline=baseline)
    varies = 0 < sum(counts[:baseline]) < 30 * len(counts[:baseline])
    assert np.isfinite(chart.ucl).all() == np.isfinite(chart.lcl).all() == varies
    assert not (varies and chart.departures.any())
    assert varies or find_violations(chart) == ()
    differs = [count / 30 != chart.centre[0] for count in counts]
    assert varies or chart.departures.tolist() == differs


def test_nothing_is_violated_where_nothing_ever_varies() -> None:
    assert not find_violations(individuals_chart([5.0] * 25), WESTERN_ELECTRIC)
