"""Interrupted series and change point against published results; each test is named after its source."""

from __future__ import annotations

import pytest

from baton_analysis.measures.before_after import change_point, segmented_regression

# Flow of the Nile at Aswan, 1871 to 1970 (Cobb 1978, Biometrika 65: 243-251), as in R datasets::Nile.
NILE = [
    1120, 1160, 963, 1210, 1160, 1160, 813, 1230, 1370, 1140, 995, 935, 1110, 994, 1020, 960, 1180, 799, 958,
    1140, 1100, 1210, 1150, 1250, 1260, 1220, 1030, 1100, 774, 840, 874, 694, 940, 833, 701, 916, 692, 1020,
    1050, 969, 831, 726, 456, 824, 702, 1120, 1100, 832, 764, 821, 768, 845, 864, 862, 698, 845, 744, 796, 1040,
    759, 781, 865, 845, 944, 984, 897, 822, 1010, 771, 676, 649, 846, 812, 742, 801, 1040, 860, 874, 848, 890,
    744, 749, 838, 1050, 918, 986, 797, 923, 975, 815, 1020, 906, 901, 1170, 912, 746, 919, 718, 714, 740,
]  # fmt: skip

# Acute coronary episodes in Sicily, January 2002 to November 2006, and the age-standardised population; smoking ban
# from January 2005 on. Lopez Bernal, Cummins and Gasparrini (2017), International Journal of Epidemiology 46: 348-355.
EPISODES = [
    728, 659, 791, 734, 757, 726, 760, 740, 720, 814, 795, 858, 887, 766, 851, 769, 781, 756, 766, 752, 765,
    831, 879, 928, 914, 808, 937, 840, 916, 828, 845, 818, 860, 839, 887, 886, 831, 796, 833, 820, 877, 758,
    767, 738, 781, 843, 850, 908, 1021, 859, 976, 888, 962, 838, 810, 876, 843, 936, 912,
]  # fmt: skip
POPULATION = [
    379875.3, 376495.5, 377040.8, 377116.4, 377383.4, 374113.1, 379513.3, 376295.5, 374653.2, 378485.6,
    375955.5, 378349.7, 376762.4, 379032.3, 379360.4, 376162, 377972.4, 381830.7, 379888.6, 380872.2, 380966.9,
    381240.4, 382104.9, 381802.7, 381656.3, 383680, 383504.2, 386462.9, 383783.1, 380836.8, 383483, 380906.2,
    382926.8, 384052.4, 384449.6, 383428.4, 388153.2, 388373.2, 386470.1, 386033.2, 383686.4, 385509.3,
    385901.9, 386516.6, 388436.5, 383255.2, 390148.7, 385874.9, 391613.6, 391750.4, 394005.6, 391364.9,
    391664.6, 389022.3, 391878.5, 388575.3, 392989, 390018.8, 390712.3,
]  # fmt: skip
BAN = 36


def test_r_lm_nile_level_and_slope_at_1898() -> None:
    """lm(y ~ t + (t > 28) + pmax(0, t - 28))."""
    result = segmented_regression(NILE, 28)
    terms = [result[name] for name in ("intercept", "time", "level", "slope")]
    assert [term.estimate for term in terms] == pytest.approx(
        [1080.93650793651, 1.159551176793, -288.63359659875, -0.4690887676345], rel=1e-6
    )
    assert [term.error for term in terms] == pytest.approx(
        [49.820549712146, 3.001564730243, 56.245860583391, 3.088477030555], rel=1e-6
    )
    assert result.r2 == pytest.approx(0.4426498371115, rel=1e-6)
    assert (result.method, result.n_before, result.n_after, result.degrees) == ("segmented_gaussian", 28, 72, 96)


def test_r_newey_west_errors_of_the_nile() -> None:
    """Bartlett weights, 4 lags, n / (n - 4), computed in R from their definition."""
    result = segmented_regression(NILE, 28, errors="newey_west")
    assert [term.error for term in result.coefficients.values()] == pytest.approx(
        [36.24224562501, 2.64372252010, 61.29099544502, 2.75728592148], rel=1e-8
    )


def test_r_autoregressive_errors_of_the_nile() -> None:
    """AR(1) by restricted maximum likelihood, computed in R from its definition with full matrices."""
    result = segmented_regression(NILE, 28, errors="ar1")
    terms = list(result.coefficients.values())
    assert result.autocorrelation == pytest.approx(0.197475471902, abs=1e-5)
    assert [term.estimate for term in terms] == pytest.approx(
        [1081.55158431, 1.16803169308, -289.186365777, -0.502606136271], rel=1e-5
    )
    assert [term.error for term in terms] == pytest.approx(
        [60.04935006941, 3.59637437685, 67.15102653882, 3.72022453350], rel=1e-5
    )


def test_lopez_bernal_2017_poisson() -> None:
    """glm(aces ~ offset(log(stdpop)) + smokban + time, poisson): .8944 (.8647 to .9251)."""
    result = segmented_regression(EPISODES, BAN, family="poisson", exposure=POPULATION, slope=False, dispersion="fixed")
    assert result["level"].ratio == pytest.approx(0.894376508018, rel=1e-6)
    assert result["level"].ratio_interval == pytest.approx((0.864686416563, 0.925086045961), rel=1e-6)
    assert result["level"].p == pytest.approx(9.13012886987e-11, rel=1e-4)
    assert "vary 3.6 times" in result.warnings[-1].render()


def test_lopez_bernal_2017_quasi_poisson() -> None:
    """Dispersion 3.56; .8944 (.839 to .953)."""
    result = segmented_regression(EPISODES, BAN, family="poisson", exposure=POPULATION, slope=False)
    assert (result.method, result.dispersion) == ("segmented_poisson_quasi", pytest.approx(3.55919463201, rel=1e-5))
    assert result["level"].ratio_interval == pytest.approx((0.839189003437, 0.953193303080), rel=1e-6)
    by_t = segmented_regression(EPISODES, BAN, family="poisson", exposure=POPULATION, slope=False, quantile="t")
    assert by_t["level"].p == pytest.approx(1.12213727010e-03, rel=1e-5)  # summary.glm of R uses t


def test_lopez_bernal_2017_season() -> None:
    """With two harmonics of 12 months .8851 (.8394 to .9332); with a change of slope too: level .8765."""
    season = segmented_regression(EPISODES, BAN, family="poisson", exposure=POPULATION, slope=False, harmonics=2)
    assert season["level"].ratio == pytest.approx(0.885071547244, rel=1e-6)
    assert season["level"].ratio_interval == pytest.approx((0.839400955308, 0.933227010033), rel=1e-6)
    assert season.dispersion == pytest.approx(2.26218641456, rel=1e-5)
    both = segmented_regression(EPISODES, BAN, family="poisson", exposure=POPULATION, harmonics=2)
    assert both["level"].ratio == pytest.approx(0.876464417777, rel=1e-6)
    assert both["slope"].estimate == pytest.approx(0.00148222799809, rel=1e-5)


def test_r_newey_west_errors_of_the_episodes() -> None:
    """3 lags, computed in R from the scores."""
    result = segmented_regression(
        EPISODES, BAN, family="poisson", exposure=POPULATION, slope=False, errors="newey_west"
    )
    assert [term.error for term in result.coefficients.values()] == pytest.approx(
        [0.019714602848702, 0.000795111884839, 0.032841725668975], rel=1e-5
    )


def test_r_strucchange_nile() -> None:
    """breakpoints(Nile ~ 1): 28, the last year of the old level being 1898 with 1895 to 1902; means 1097.75, 849.97."""
    result = change_point(NILE, labels=range(1871, 1971))
    assert (result.n_before, result.label - 1) == (28, 1898)
    assert tuple(label - 1 for label in result.labels) == (1895, 1902)
    assert (result.before, result.after) == (1097.75, pytest.approx(849.9722, abs=1e-4))
    assert result.found
    assert result.p < 0.001
