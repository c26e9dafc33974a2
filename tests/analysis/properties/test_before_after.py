"""Comparisons of before and after: what holds for all counts, intervals and power that keep their promise, refusals."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from baton_analysis.errors import MeasureError
from baton_analysis.measures.before_after import (
    Comparison,
    fisher_exact,
    poisson_rates,
    power_of_estimate,
    power_of_proportions,
    power_of_rates,
    share_against_standard,
    two_proportions,
    welch,
)

shares = st.integers(1, 60).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
rates = st.tuples(st.integers(0, 40), st.floats(0.5, 500))


def holds_together(result: Comparison) -> None:
    """What holds for every comparison."""
    assert 0 <= result.p <= 1
    if np.isfinite(result.estimate):
        assert result.interval[0] - 1e-9 <= result.estimate <= result.interval[1] + 1e-9
    assert json.loads(json.dumps(result.to_dict(), allow_nan=False))["method"] == result.method


@settings(max_examples=80)
@given(shares, shares, st.sampled_from(["by_expected", "chi_square", "fisher"]), st.booleans())
def test_two_shares(before: tuple[int, int], after: tuple[int, int], test: str, continuity: bool) -> None:
    result = two_proportions(before, after, test=test, continuity=continuity)  # type: ignore[arg-type]
    back = two_proportions(after, before, test=test, continuity=continuity)  # type: ignore[arg-type]
    holds_together(result)
    holds_together(fisher_exact(before, after))
    assert back.p == pytest.approx(result.p)
    assert back.estimate == pytest.approx(-result.estimate)
    assert back.interval == pytest.approx((-result.interval[1], -result.interval[0]))


@settings(max_examples=60)
@given(rates, rates, st.floats(0.1, 10))
def test_two_rates_do_not_depend_on_the_unit_of_exposure(
    before: tuple[int, float], after: tuple[int, float], unit: float
) -> None:
    result = poisson_rates(before, after)
    holds_together(result)
    other = poisson_rates((before[0], before[1] * unit), (after[0], after[1] * unit))
    assert other.p == pytest.approx(result.p, rel=1e-6)
    assert other.interval == pytest.approx(result.interval, rel=1e-6)


@settings(max_examples=60)
@given(shares, st.floats(0, 1))
def test_a_share_against_a_standard(after: tuple[int, int], standard: float) -> None:
    holds_together(share_against_standard(after, standard))
    tails = [share_against_standard(after, standard, alternative=side).p for side in ("less", "greater")]
    assert sum(tails) >= 1 - 1e-9  # both contain the outcome itself


@settings(max_examples=60)
@given(
    st.lists(st.floats(-5, 5), min_size=2, max_size=30).filter(lambda values: np.ptp(values) > 0.1),
    st.lists(st.floats(-5, 5), min_size=2, max_size=30).filter(lambda values: np.ptp(values) > 0.1),
    st.floats(0.1, 50),
    st.floats(-100, 100),
)
def test_two_means_do_not_depend_on_the_unit(before: list[float], after: list[float], unit: float, zero: float) -> None:
    result = welch(before, after)
    holds_together(result)
    other = welch([zero + unit * value for value in before], [zero + unit * value for value in after])
    assert other.p == pytest.approx(result.p, abs=1e-6)
    assert other.estimate == pytest.approx(unit * result.estimate, abs=1e-6)
    below = welch(before, after, alternative="less").p
    assert below + welch(before, after, alternative="greater").p == pytest.approx(1)


def test_recovery_the_true_change_lies_in_the_interval_as_often_as_said() -> None:
    chance, rounds = np.random.default_rng(11), 600
    held = np.zeros(4)
    for _ in range(rounds):
        results = (
            (two_proportions((int(chance.binomial(80, 0.3)), 80), (int(chance.binomial(60, 0.2)), 60)), -0.1),
            (two_proportions((int(chance.binomial(9, 0.3)), 9), (int(chance.binomial(8, 0.2)), 8)), -0.1),
            (poisson_rates((int(chance.poisson(12)), 30), (int(chance.poisson(8)), 40)), 0.5),
            (welch(chance.normal(5, 1, 12).tolist(), chance.normal(4, 3, 9).tolist()), -1.0),
        )
        held += [result.interval[0] <= truth <= result.interval[1] for result, truth in results]
    # Exact intervals hold at least what they promise; the others about that.
    assert (held / rounds >= 0.93).all()


def test_recovery_power_is_as_announced() -> None:
    chance, rounds = np.random.default_rng(12), 600
    shown = np.zeros(3)
    for _ in range(rounds):
        results = (
            two_proportions((int(chance.binomial(100, 0.4)), 100), (int(chance.binomial(90, 0.2)), 90)),
            poisson_rates((int(chance.poisson(30)), 30), (int(chance.poisson(12)), 25)),
            welch(chance.normal(5, 1, 15).tolist(), chance.normal(4, 1, 15).tolist()),
        )
        shown += [result.p <= 0.05 for result in results]
    announced = [
        power_of_proportions(0.4, 0.2, 100, 90),
        power_of_rates(1, 0.48, 30, 25),
        power_of_estimate(1, (2 / 15) ** 0.5, degrees=28),
    ]
    assert (shown / rounds).tolist() == pytest.approx(announced, abs=0.05)


@settings(max_examples=60)
@given(shares, st.floats(0.01, 0.99))
def test_two_sided_p_adds_up_what_is_no_more_likely(after: tuple[int, int], standard: float) -> None:
    """By its definition, with every outcome looked at."""
    count, size = after
    chances = np.array([math.comb(size, k) * standard**k * (1 - standard) ** (size - k) for k in range(size + 1)])
    expected = chances[chances <= chances[count] * (1 + 1e-7)].sum()
    assert share_against_standard(after, standard).p == pytest.approx(expected, rel=1e-6, abs=1e-12)


def test_exact_tests_of_millions_take_no_time() -> None:
    assert poisson_rates((40_000_000, 1e6), (39_980_000, 1e6)).p == pytest.approx(0.0253, abs=1e-4)  # z 2.236
    assert power_of_rates(40, 39.98, 1e6, 1e6) == pytest.approx(0.609, abs=0.002)


def test_what_was_small_is_said() -> None:
    assert two_proportions((1, 40), (4, 40)).method == "fisher"
    assert "Take Fisher" in two_proportions((1, 40), (4, 40), test="chi_square").warnings[0].render()
    assert "has 3 values only" in welch([1, 2, 3], [1, 2, 3, 4]).warnings[0].render()


@pytest.mark.parametrize(
    ("refused", "words"),
    [
        (lambda: two_proportions((5, 4), (1, 4)), "Found: 5 of 4"),
        (lambda: two_proportions((0, 0), (1, 4)), "Found: 0 of 0"),
        (lambda: two_proportions((1, 4), (1, 4), test="z"), "The test of two shares is one of"),  # type: ignore[arg-type]
        (lambda: two_proportions((1, 4), (1, 4), alternative="up"), "Alternative: up"),  # type: ignore[arg-type]
        (lambda: share_against_standard((1, 4), 95), "Give 0.95 for 95 percent"),
        (lambda: poisson_rates((1, 0), (1, 4)), "Found: 1 in 0"),
        (lambda: poisson_rates((1.5, 2), (1, 4)), "(1.5, 2)"),  # type: ignore[arg-type]
        (lambda: welch([1], [1, 2]), "(before) has: 1;"),
        (lambda: welch([1, 2], [1, float("nan")]), "not finite: 1"),
        (lambda: welch([1, 1], [2, 2]), "All values before are 1"),
        (lambda: power_of_estimate(1, 1, sides=3), "sides: 3"),
    ],
)
def test_what_cannot_be_computed_is_refused_with_a_remedy(refused: object, words: str) -> None:
    with pytest.raises(MeasureError) as error:
        refused()  # type: ignore[operator]
    assert words in str(error.value)
