"""Interrupted series: planted changes are found, intervals keep their promise, and what is refused."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from baton_analysis.errors import MeasureError
from baton_analysis.measures.before_after import change_point, segmented_regression


def chained(chance: np.random.Generator, points: int, strength: float) -> list[float]:
    """A series with autocorrelation ``strength`` and variance 1."""
    noise = chance.normal(0, 1, points)
    series = [noise[0]]
    for step in noise[1:]:
        series.append(strength * series[-1] + (1 - strength**2) ** 0.5 * step)
    return series


@settings(max_examples=40)
@given(
    st.integers(0, 2**32), st.floats(0.01, 100), st.floats(-1000, 1000), st.sampled_from(["independent", "newey_west"])
)
def test_the_answer_follows_the_unit(seed: int, unit: float, zero: float, errors: str) -> None:
    values = np.random.default_rng(seed).normal(0, 1, 30)
    one = segmented_regression(values.tolist(), 14, errors=errors)  # type: ignore[arg-type]
    other = segmented_regression((zero + unit * values).tolist(), 14, errors=errors)  # type: ignore[arg-type]
    for name in ("time", "level", "slope"):
        assert other[name].estimate == pytest.approx(unit * one[name].estimate, rel=1e-5, abs=1e-7 * unit)
        assert other[name].p == pytest.approx(one[name].p, rel=1e-4, abs=1e-9)
    assert one.fitted[14:] - one.unchanged[14:] == pytest.approx(
        one["level"].estimate + one["slope"].estimate * np.arange(1, 17)
    )
    assert one.average.estimate == pytest.approx((one.fitted - one.unchanged)[14:].mean())
    assert json.loads(json.dumps(one.to_dict(), allow_nan=False))["n"] == 30
    assert one.to_table()["term"].to_list() == ["intercept", "time", "level", "slope", "average"]


@pytest.mark.parametrize("family", ["gaussian", "poisson"])
def test_recovery_of_a_planted_change_without_noise(family: str) -> None:
    """Level 3, slope 0.1, a season of 8 points, a step of -1 and a further slope of 0.05; a gap stays in its place."""
    time = np.arange(1, 61)
    after = time > 30
    truth = 3 + 0.1 * time + np.sin(2 * np.pi * time / 8) - after + 0.05 * np.maximum(0, time - 30)
    exposure = np.full(60, 1.0 if family == "gaussian" else 1e6)
    values: list[float | None] = list(truth if family == "gaussian" else np.round(np.exp(truth) * 1e6))
    values[7] = values[40] = None
    result = segmented_regression(
        values,
        30,
        family=family,
        exposure=exposure.tolist(),
        harmonics=1,
        period=8,  # type: ignore[arg-type]
    )
    found = [result[name].estimate for name in ("intercept", "time", "level", "slope", "sin1", "cos1")]
    assert found == pytest.approx([3, 0.1, -1, 0.05, 1, 0], abs=1e-6)
    assert (result.n, len(result.fitted)) == (58, 60)
    assert result.fitted[7] == pytest.approx(float(np.exp(truth[7]) * 1e6 if family == "poisson" else truth[7]))


def test_recovery_intervals_hold_the_true_step_although_points_are_chained() -> None:
    """Autocorrelation .4, 30 points before and after: plain intervals promise too much, AR(1) holds."""
    chance, rounds = np.random.default_rng(3), 200
    held = {"independent": 0, "ar1": 0}
    for _ in range(rounds):
        values = np.array(chained(chance, 60, 0.4))
        values[30:] += 1
        for errors in held:
            low, high = segmented_regression(values.tolist(), 30, errors=errors)["level"].interval  # type: ignore[arg-type]
            held[errors] += low <= 1 <= high
    assert held["independent"] / rounds < 0.88
    assert held["ar1"] / rounds >= 0.91


def test_recovery_without_a_change_overdispersed_counts_alarm_no_more_than_said() -> None:
    chance, rounds = np.random.default_rng(4), 200
    alarms = {"fixed": 0, "estimated": 0}
    for _ in range(rounds):
        counts = chance.negative_binomial(10, 1 / 3, 48).tolist()  # variance three times the mean
        for dispersion in alarms:
            result = segmented_regression(
                counts,
                24,
                family="poisson",
                slope=False,
                dispersion=dispersion,
                quantile="t",  # type: ignore[arg-type]
            )
            alarms[dispersion] += result["level"].p <= 0.05
    assert alarms["fixed"] / rounds > 0.15
    assert alarms["estimated"] / rounds <= 0.09


def test_a_transition_is_left_out() -> None:
    values = [1.0, 2, 1, 2, 1, 2, 90, 90, 5, 6, 5, 6, 5, 6]
    result = segmented_regression(values, 6, transition=2, slope=False)
    assert (result.n_before, result.n_after) == (6, 6)
    assert abs(result["level"].estimate) < 6


def test_warnings_say_what_makes_p_too_small() -> None:
    slow = np.cumsum(np.random.default_rng(5).normal(0, 1, 40)).tolist()
    said = [warning.render() for warning in segmented_regression(slow, 6).warnings]
    assert "6 points on one side" in said[0]
    assert "autocorrelation" in said[1]
    assert "slow drift" in change_point(slow).warnings[-1].render()


def test_recovery_of_a_planted_change_point() -> None:
    chance, rounds, held, exact = np.random.default_rng(6), 60, 0, 0
    for _ in range(rounds):
        values = chance.normal(0, 1, 80)
        values[35:] += 1.5
        result = change_point(values.tolist())
        held += result.interval[0] <= 35 <= result.interval[1]
        exact += abs(result.point - 35) <= 2
        assert result.found
    assert held / rounds >= 0.92
    assert exact / rounds >= 0.65


def test_a_change_point_in_pure_noise_is_found_no_more_often_than_said() -> None:
    chance = np.random.default_rng(7)
    results = [change_point(chance.normal(0, 1, 40).tolist()) for _ in range(60)]
    assert sum(result.found for result in results) <= 8  # 3 expected
    assert "No change is shown" in next(result for result in results if not result.found).warnings[0].render()
    assert json.loads(json.dumps(results[0].to_dict()))["n"] == 40


def test_a_step_without_scatter_is_certain() -> None:
    result = change_point([1.0] * 10 + [2.0] * 10)
    assert (result.point, result.interval, result.before, result.after) == (10, (10, 10), 1, 2)


@pytest.mark.parametrize(
    ("refused", "words"),
    [
        (lambda: segmented_regression([1, 2, 3, 4, 3, 2], 1), "Before: 1, after: 5"),
        (lambda: segmented_regression([1.0] * 30, 15), "The series must vary"),
        (lambda: segmented_regression([3] * 15 + [0] * 15, 15, family="poisson"), "after: 0"),
        (lambda: segmented_regression([1.5] * 30, 15, family="poisson"), "the smallest are 1.5"),
        (lambda: segmented_regression([1, 2] * 15, 15, exposure=[1]), "Values: 30, exposures: 1"),
        (lambda: segmented_regression([1, 2] * 15, 15, family="poisson", errors="ar1"), "Family poisson, errors ar1"),
        (lambda: segmented_regression([1, 2] * 8, 8, harmonics=4, period=2), "do not tell"),
        (lambda: change_point([1, 2, 3]), "Values: 3,"),
        (lambda: change_point([1, 2] * 9, shortest=0.7), "Shortest: 0.7"),
    ],
)
def test_what_cannot_be_fitted_is_refused_with_a_remedy(refused: object, words: str) -> None:
    with pytest.raises(MeasureError) as error:
        refused()  # type: ignore[operator]
    assert words in str(error.value)


def test_a_level_that_scatters_a_thousand_times_more_still_has_an_interval() -> None:
    """The interval reaches as far as the second level scatters, and never beyond the series."""
    values = [3_600.0 + 120 * (week % 3) + (7_200.0 if 24 <= week < 30 else 0.0) for week in range(52)]
    found = change_point(values)
    assert 0 <= found.interval[0] <= found.point <= found.interval[1] < len(values)
