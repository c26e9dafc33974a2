"""Comparisons of before and after against published results; each test is named after its source."""

from __future__ import annotations

import pytest

from baton_analysis.measures.before_after import (
    fisher_exact,
    poisson_rates,
    power_of_estimate,
    power_of_proportions,
    power_of_standard,
    share_against_standard,
    two_proportions,
    welch,
)

# Hours of extra sleep with two drugs: Student (1908), Biometrika 6: 1-25, as in R datasets::sleep.
FIRST_DRUG = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0]
SECOND_DRUG = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4]


def test_r_prop_test_without_continuity() -> None:
    """prop.test(c(15, 25), c(50, 50), correct = FALSE)."""
    result = two_proportions((25, 50), (15, 50))
    assert (result.method, result.n, result.degrees) == ("chi_square", 100, 1)
    assert result.statistic == pytest.approx(4.166666666667, abs=1e-9)
    assert result.p == pytest.approx(0.04122683333716, abs=1e-9)
    assert result.interval == pytest.approx((-0.3879931412323, -0.0120068587677), abs=1e-9)
    assert two_proportions((25, 50), (15, 50), alternative="less").p == pytest.approx(0.0206134166686, abs=1e-9)


def test_r_prop_test_the_continuity_correction_turns_the_decision() -> None:
    """prop.test(c(15, 25), c(50, 50))."""
    result = two_proportions((25, 50), (15, 50), continuity=True)
    assert result.method == "chi_square_yates"
    assert result.statistic == pytest.approx(3.375, abs=1e-9)
    assert result.p == pytest.approx(0.06619257972219, abs=1e-9)
    assert result.interval == pytest.approx((-0.4079931412323, 0.0079931412323), abs=1e-9)


def test_agresti_lady_tasting_tea() -> None:
    """R fisher.test example (Agresti, Categorical Data Analysis, p. 61): p .2428571, odds ratio 6.408309."""
    result = fisher_exact((1, 4), (3, 4), alternative="greater")
    assert result.p == pytest.approx(0.2428571, abs=1e-6)
    assert (result.scale, result.estimate) == ("odds_ratio", pytest.approx(6.408308867006, rel=1e-4))
    both = fisher_exact((1, 4), (3, 4))
    assert both.p == pytest.approx(0.485714285714, abs=1e-9)
    # SciPy 1.17; R's search for a root stops early here and prints 621.9.
    assert both.interval == pytest.approx((0.2117355954, 626.2435305888), rel=1e-6)
    assert two_proportions((1, 4), (3, 4), alternative="greater").p == pytest.approx(result.p)


def test_fisher_convictions_of_twins() -> None:
    """R fisher.test example (Fisher 1962): 2 of 17 against 10 of 13."""
    result = fisher_exact((15, 18), (2, 12))
    assert result.p == pytest.approx(0.000536724119143, abs=1e-9)
    assert result.estimate == pytest.approx(0.046936608827699, rel=1e-3)
    assert result.interval == pytest.approx((0.003325764033859, 0.363182271474897), rel=3e-3)
    assert fisher_exact((15, 18), (2, 12), alternative="less").p == pytest.approx(0.000465180943363, abs=1e-9)


def test_newcombe_1998_interval_of_a_difference() -> None:
    """Statistics in Medicine 17: 873-890, table II, method 10: 56/70 less 48/80 is .2 with .0524 to .3339."""
    result = two_proportions((48, 80), (56, 70), test="fisher")
    assert result.estimate == pytest.approx(0.2)
    assert result.interval == pytest.approx((0.0524, 0.3339), abs=1e-4)
    assert two_proportions((0, 10), (10, 10), test="fisher").interval == pytest.approx((0.6075, 1.0), abs=1e-4)


def test_r_binom_test_mendels_peas() -> None:
    """binom.test(682, 925, p = 0.75): Conover (1971), p. 97."""
    result = share_against_standard((682, 925), 0.75)
    assert result.p == pytest.approx(0.3824915595749, abs=1e-9)
    assert [0.75 + bound for bound in result.interval] == pytest.approx([0.707668264079, 0.7654065582415], abs=1e-9)
    assert share_against_standard((0, 10), 0.2).p == pytest.approx(0.228248064, abs=1e-9)
    assert share_against_standard((3, 15), 0.1, alternative="greater").p == pytest.approx(0.184061069106, abs=1e-9)


def test_r_poisson_test_two_rates() -> None:
    """poisson.test(c(11, 6+8+7), c(800, 1083+1050+878)): p .07967, ratio 1.971 [.858, 4.277]."""
    result = poisson_rates((21, 1083 + 1050 + 878), (11, 800))
    assert result.p == pytest.approx(0.07967, abs=5e-6)
    assert (result.scale, result.estimate) == ("ratio", pytest.approx(1.971488, abs=1e-6))
    assert result.interval == pytest.approx((0.8584264, 4.2772659), abs=1e-6)
    assert poisson_rates((21, 3011), (11, 800), alternative="greater").p == pytest.approx(0.0560086597877, abs=1e-9)


def test_r_poisson_test_nothing_after() -> None:
    """poisson.test(c(0, 7), c(10, 10))."""
    result = poisson_rates((7, 10), (0, 10))
    assert (result.p, result.estimate) == (pytest.approx(0.015625), 0)
    assert result.interval == pytest.approx((0, 0.693813980096), abs=1e-9)


def test_student_1908_sleep() -> None:
    """R t.test(extra ~ group): Welch's t -1.8608, df 17.776, p .07939; its difference is the first less the second."""
    result = welch(SECOND_DRUG, FIRST_DRUG)
    assert result.statistic == pytest.approx(-1.860813467487, abs=1e-9)
    assert result.degrees == pytest.approx(17.776473516178, abs=1e-9)
    assert result.p == pytest.approx(0.07939414018736, abs=1e-9)
    assert result.interval == pytest.approx((-3.365483230712, 0.2054832307117), abs=1e-9)


def test_r_power_t_test() -> None:
    """power.t.test(n = 20, delta = 1, sd = 1): .8690; one-sided .9279."""
    error = (2 / 20) ** 0.5
    assert power_of_estimate(1, error, degrees=38) == pytest.approx(0.868952801692, abs=1e-6)
    assert power_of_estimate(1, error, degrees=38, sides=1) == pytest.approx(0.927902473395, abs=1e-6)


def test_r_power_prop_test() -> None:
    """power.prop.test(n = 50, p1 = .50, p2 = .75): .7402."""
    assert power_of_proportions(0.5, 0.75, 50, 50) == pytest.approx(0.740165901331, abs=1e-6)


def test_definition_of_the_power_of_an_exact_test() -> None:
    """10 units against a standard of .5, one side of .05: shown by 0 or 1 (p .0107); at .1 these have .7361."""
    assert power_of_standard(0.5, 0.1, 10, sides=1) == pytest.approx(0.9**10 + 10 * 0.1 * 0.9**9)
    assert power_of_standard(0.5, 0.9, 10, sides=1) == pytest.approx(0.9**10 + 10 * 0.1 * 0.9**9)
    assert power_of_standard(0.5, 0.1, 3, sides=1) == 0
