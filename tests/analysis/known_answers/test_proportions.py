"""Wilson's interval against published figures."""

from __future__ import annotations

import numpy as np
import pytest

from baton_analysis.measures.proportions import wilson_interval


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
