"""Scores of surveys against published figures and against other programs."""

from __future__ import annotations

from math import sqrt

import pytest

from baton_analysis.measures.surveys import (
    effort_score,
    net_promoter,
    satisfaction_index,
    satisfied_share,
    score_difference,
)

OHIO = {"overall": 0.3885, "expected": 0.319, "ideal": 0.2925}


def test_net_promoter_score_half_third_sixth() -> None:
    """Shares 1/2, 1/3 and 1/6: NPS 1/3, variance 5/9 (stats.stackexchange.com; cybaea.net 2016-01-14)."""
    found = net_promoter({10: 162, 8: 108, 5: 54}, interval="wald")
    assert (found.n, found.promoters, found.passives, found.detractors) == (324, 162, 108, 54)
    assert found.value == pytest.approx(1 / 3, abs=1e-12)
    assert found.standard_error**2 * 324 == pytest.approx(5 / 9, abs=1e-12)
    assert found.standard_error == pytest.approx(0.041408666249996104, abs=1e-12)
    half = 1.959963984540054 * found.standard_error
    assert found.interval == pytest.approx((1 / 3 - half, 1 / 3 + half), abs=1e-12)


@pytest.mark.parametrize(
    ("promoters", "detractors", "n", "interval"),
    [(6, 16, 161, (-0.1240, -0.0054)), (16, 6, 161, (0.0054, 0.1240))],
)
def test_tango_score_interval_of_cavo_2012(
    promoters: int, detractors: int, n: int, interval: tuple[float, float]
) -> None:
    """Pairs that changed: 6 one way, 16 the other, of 161. Fagerland, Lydersen and Laake 2017, Statistical Analysis of
    Contingency Tables, chapter 8; R contingencytables, Tango_asymptotic_score_CI_paired_2x2."""
    found = net_promoter({10: promoters, 8: n - promoters - detractors, 0: detractors})
    assert found.interval == pytest.approx(interval, abs=5e-5)


def test_net_promoter_groups() -> None:
    """9 and 10 promote, 7 and 8 are passive, 0 to 6 detract (Reichheld 2003)."""
    found = net_promoter([*range(11), None, float("nan")])
    assert (found.promoters, found.passives, found.detractors) == (2, 2, 7)
    assert (found.n, found.missing) == (11, 2)
    assert found.value == pytest.approx(-5 / 11)


def test_customer_satisfaction_84_of_100() -> None:
    """R prop.test(84, 100, correct = FALSE)."""
    found = satisfied_share({1: 4, 2: 4, 3: 8, 4: 44, 5: 40})
    assert (found.satisfied, found.n, found.value) == (84, 100, 0.84)
    assert found.interval == pytest.approx((0.7557973061073, 0.899047115112), abs=1e-7)
    assert found.mean == pytest.approx(4.12)
    assert found.counts == (4, 4, 8, 44, 40)


def test_newcombe_1998_difference_of_two_shares() -> None:
    """56/70 less 48/80, Statistics in Medicine 17: 873-890, table II, method 10: .0524 to .3339."""
    found = score_difference(satisfied_share({1: 32, 5: 48}), satisfied_share({1: 14, 5: 56}))
    assert found.value == pytest.approx(0.2)
    assert found.interval == pytest.approx((0.0524, 0.3339), abs=5e-5)
    assert found.beyond_chance


def test_the_difference_of_two_net_promoter_scores_adds_the_squared_errors() -> None:
    """cybaea.net 2016-01-14: the root of both squared standard errors."""
    first = net_promoter({10: 40, 8: 30, 0: 30}, interval="wald")
    second = net_promoter({10: 50, 8: 40, 0: 10}, interval="wald")
    found = score_difference(first, second)
    half = 1.959963984540054 * sqrt(first.standard_error**2 + second.standard_error**2)
    assert found.value == pytest.approx(0.3)
    assert found.interval == pytest.approx((0.3 - half, 0.3 + half), abs=1e-12)


def test_customer_effort_score_by_hand() -> None:
    """Mean 43/8; squares about it 13.875; Student's t with 7 degrees of freedom 2.364624 (any table): the interval is
    5.375 -+ 2.364624 sqrt(13.875/7/8)."""
    found = effort_score([7, 6, 5, 4, None, 6, 7, 3, 5])
    assert (found.value, found.n, found.missing) == (5.375, 8, 1)
    half = 2.364624 * sqrt(13.875 / 7 / 8)
    assert found.interval == pytest.approx((5.375 - half, 5.375 + half), abs=1e-5)
    assert found.easy == 6 / 8


def test_american_customer_satisfaction_index_ohio_weights() -> None:
    """Means 8.2, 7.6 and 7.1 of 1 to 10 with the State of Ohio's weights: 74.298333; all alike: 73.703704 (verint.com,
    "ACSI score & its calculation"; the formula (sum - 3)/27 x 100)."""
    answers = {
        "overall": [8, 9, 8, 8, 8, 8, 9, 8, 8, 8], "expected": [8, 8, 8, 8, 8, 8, 7, 7, 7, 7],
        "ideal": [7, 7, 7, 7, 7, 7, 7, 7, 7, 8],
    }  # fmt: skip
    assert satisfaction_index(answers, weights=OHIO).value == pytest.approx(74.298333, abs=1e-6)
    assert satisfaction_index(answers).value == pytest.approx(73.703704, abs=1e-6)
