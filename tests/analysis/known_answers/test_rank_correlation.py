"""Spearman's rho against published figures."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from baton_analysis.errors import MeasureError
from baton_analysis.measures.rank_correlation import rank_correlation


def test_intelligence_and_hours_of_television() -> None:
    """The example of Wikipedia, "Spearman's rank correlation coefficient": rho = -29/165."""
    found = rank_correlation([106, 100, 86, 101, 99, 103, 97, 113, 112, 110], [7, 27, 2, 50, 28, 29, 20, 12, 6, 17])
    assert found.value == pytest.approx(-29 / 165)
    assert found.interval is not None
    assert found.interval[0] < 0 < found.interval[1]
    assert any("0" in one.render() for one in found.warnings)


def test_ties_share_their_mean_rank() -> None:
    """By hand: ranks 1.5 1.5 3 4 5 and 1 2.5 2.5 4 5; their products sum up to 8.75, their squares to 9.5."""
    found = rank_correlation([1, 1, 2, 3, 4], [10, 20, 20, 30, 40])
    assert found.value == pytest.approx(8.75 / 9.5)


def test_interval_of_bonett_and_wright() -> None:
    """Equation 3 of Bonett and Wright 2000 written out: rho = 0.5, n = 28, variance (1 + 0.125)/25."""
    values = np.arange(28.0)
    chance = np.random.default_rng(1)
    found = rank_correlation(values, chance.permutation(values))
    half = 1.959963984540054 * np.sqrt((1 + found.value**2 / 2) / 25)
    assert found.interval == pytest.approx(tuple(np.tanh(np.arctanh(found.value) + np.array([-half, half]))))


@pytest.mark.parametrize(("n", "rho"), [(40, 0.0), (40, 0.6), (12, 0.4)])
def test_the_truth_lies_within_about_as_often_as_said(n: int, rho: float) -> None:
    """Normal pairs: Spearman's rho of the whole population is 6/pi asin(r/2)."""
    chance = np.random.default_rng(5)
    r = 2 * np.sin(np.pi * rho / 6)
    inside = 0
    for _run in range(1_000):
        one = chance.normal(size=n)
        other = r * one + np.sqrt(1 - r**2) * chance.normal(size=n)
        interval = rank_correlation(one, other).interval
        assert interval is not None
        inside += interval[0] <= rho <= interval[1]
    assert inside / 1_000 > 0.92


def test_perfect_order_has_no_interval_and_says_so() -> None:
    found = rank_correlation([1, 2, 3, 4, 5], [5, 4, 3, 2, 1])
    assert (found.value, found.interval) == (-1.0, None)
    assert any("perfect" in one.render() for one in found.warnings)


def test_gaps_are_left_out_and_counted() -> None:
    gap = float("nan")
    found = rank_correlation([1, 2, 3, 4, 5, gap, 7], [2, 1, 4, 3, 5, 6, gap])
    assert (found.n, found.left_out) == (5, 2)


@pytest.mark.parametrize(
    ("first", "second"),
    [([1, 2, 3, 4], [1, 2, 3, 4]), ([1, 2, 3, 4, 5], [1, 2, 3, 4]), ([1] * 5, [1, 2, 3, 4, 5]),
     ([1, 2, 3, 4, float("inf")], [1, 2, 3, 4, 5]), ([], [])],
)  # fmt: skip
def test_what_makes_no_sense_is_refused(first: list[Any], second: list[Any]) -> None:
    with pytest.raises(MeasureError) as refused:
        rank_correlation(first, second)
    assert refused.value.remedy
