"""Wilson's interval and the exact bound against published figures."""

from __future__ import annotations

import numpy as np
import pytest

from baton_analysis.measures.proportions import clopper_pearson_upper, wilson_interval


def test_customer_satisfaction_84_of_100() -> None:
    """Score interval without continuity correction, as R's ``prop.test(84, 100, correct = FALSE)`` prints it."""
    low, high = wilson_interval([84], [100])
    assert low[0] == pytest.approx(0.7558, abs=5e-5)
    assert high[0] == pytest.approx(0.8990, abs=5e-5)


def test_newcombe_1998() -> None:
    """Newcombe 1998, Statistics in Medicine 17: 857-872, table I, method 3: 81/263, 15/148, 0/20, 1/29."""
    low, high = wilson_interval([81, 15, 0, 1], [263, 148, 20, 29])
    assert low == pytest.approx([0.2553, 0.0624, 0.0000, 0.0061], abs=5e-5)
    assert high == pytest.approx([0.3662, 0.1605, 0.1611, 0.1718], abs=5e-5)


@pytest.mark.parametrize("n", [8, 40, 400])
def test_the_truth_lies_within_as_often_as_said(n: int) -> None:
    """For one share coverage swings with the whole numbers; over all shares it is what was promised."""
    chance = np.random.default_rng(3)
    share = chance.random(200_000)
    low, high = wilson_interval(chance.binomial(n, share), np.full(len(share), n))
    assert np.mean((low <= share) & (share <= high)) == pytest.approx(0.95, abs=0.01)


def test_of_nothing_nothing_is_known() -> None:
    low, high = wilson_interval([0], [0])
    assert np.isnan(low[0])
    assert np.isnan(high[0])


def test_exact_upper_bounds_of_newcombe_1998() -> None:
    """Newcombe 1998, table I, method 5 (Clopper-Pearson, two-sided 95 %): 81/263, 15/148, 0/20, 1/29."""
    upper = clopper_pearson_upper([81, 15, 0, 1], [263, 148, 20, 29], confidence=0.975)
    assert upper == pytest.approx([0.3676, 0.1617, 0.1684, 0.1776], abs=5e-5)


def test_the_rule_of_three() -> None:
    """Hanley & Lippman-Hand 1983: none of n; the exact bound 1 - 0.05^(1/n) is near 3/n for n of 30 or more."""
    sizes = np.array([1, 30, 100, 1000])
    upper = clopper_pearson_upper(np.zeros(4), sizes)
    assert upper == pytest.approx(1 - 0.05 ** (1 / sizes))
    assert upper[1:] == pytest.approx(3 / sizes[1:], rel=0.06)


def test_the_bound_of_everything_and_of_nothing() -> None:
    upper = clopper_pearson_upper([7, 0], [7, 0])
    assert upper[0] == 1.0
    assert np.isnan(upper[1])
