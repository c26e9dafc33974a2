"""Alpha, KMO, Bartlett's test and loadings as other programs print them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from baton_analysis.measures.surveys import cronbach_alpha, cronbach_alphas, factor_loadings, factorability
from baton_analysis.measures.surveys.reliability import alpha_interval

# Chatterjee and Price 1977, Regression Analysis by Example: 30 departments, seven questions each; R's data "attitude".
ATTITUDE = {
    "rating": [43, 63, 71, 61, 81, 43, 58, 71, 72, 67, 64, 67, 69, 68, 77, 81, 74, 65, 65, 50, 50, 64, 53, 40, 63,
        66, 78, 48, 85, 82],
    "complaints": [51, 64, 70, 63, 78, 55, 67, 75, 82, 61, 53, 60, 62, 83, 77, 90, 85, 60, 70, 58, 40, 61, 66, 37,
        54, 77, 75, 57, 85, 82],
    "privileges": [30, 51, 68, 45, 56, 49, 42, 50, 72, 45, 53, 47, 57, 83, 54, 50, 64, 65, 46, 68, 33, 52, 52, 42,
        42, 66, 58, 44, 71, 39],
    "learning": [39, 54, 69, 47, 66, 44, 56, 55, 67, 47, 58, 39, 42, 45, 72, 72, 69, 75, 57, 54, 34, 62, 50, 58, 48,
        63, 74, 45, 71, 59],
    "raises": [61, 63, 76, 54, 71, 54, 66, 70, 71, 62, 58, 59, 55, 59, 79, 60, 79, 55, 75, 64, 43, 66, 63, 50, 66,
        88, 80, 51, 77, 64],
    "critical": [92, 73, 86, 84, 83, 49, 68, 66, 83, 80, 67, 74, 63, 77, 77, 54, 79, 80, 85, 78, 64, 80, 80, 57, 75,
        76, 78, 83, 74, 78],
    "advance": [45, 47, 48, 35, 47, 34, 35, 41, 31, 41, 34, 41, 25, 35, 46, 36, 63, 60, 46, 52, 33, 41, 37, 49, 33,
        72, 49, 38, 55, 39],
}  # fmt: skip

# pingouin's data set cronbach_wide_missing: twelve people, eleven yes/no questions.
WIDE = [
    "11111111111", "11111111010", ".011.111100", "11101101100", "11111000100", "01.01111000", "11110010000",
    "11111000000", "01011000010", "10010100.00", "11100000000", "10010000000",
]  # fmt: skip


def yes_or_no() -> dict[str, list[float | None]]:
    return {
        f"Q{number + 1}": [None if row[number] == "." else float(row[number]) for row in WIDE] for number in range(11)
    }


def test_cronbach_alpha_of_r_psych() -> None:
    """psych::alpha(attitude): raw .8431, standardised .8391, and both without each item."""
    found = cronbach_alpha(ATTITUDE)
    assert (found.n, found.incomplete, found.reliable) == (30, 0, True)
    assert found.alpha == pytest.approx(0.8431427695648, abs=1e-9)
    assert found.standardised == pytest.approx(0.8390838030295, abs=1e-9)
    assert found.average_correlation == pytest.approx(0.4269066426497, abs=1e-9)
    assert {one.name: one.alpha_if_dropped for one in found.items} == pytest.approx(
        {
            "rating": 0.8097602063089, "complaints": 0.7969174572741, "privileges": 0.8278477659387,
            "learning": 0.8030309750226, "raises": 0.7953865741982, "critical": 0.8638723114464,
            "advance": 0.8404648682655,
        },
        abs=1e-9,
    )  # fmt: skip


def test_cronbach_alpha_with_missing_answers_of_pingouin() -> None:
    """pingouin.cronbach_alpha, tested against psych: .732661 pairwise, listwise .801695. Feldt's intervals .435 to .909
    and .581 to .933 are printed there as if all twelve had answered everything."""
    listwise = cronbach_alpha(yes_or_no())
    assert listwise.alpha == pytest.approx(0.8016949152542373, abs=1e-12)
    assert (listwise.n, listwise.incomplete) == (9, 3)
    assert alpha_interval(listwise.alpha, 12, 11, 0.95) == pytest.approx((0.581, 0.933), abs=5e-4)
    assert listwise.interval == alpha_interval(listwise.alpha, 9, 11, 0.95)
    pairwise = cronbach_alpha(yes_or_no(), missing="pairwise")
    assert pairwise.alpha == pytest.approx(0.732660835214447, abs=1e-12)
    assert alpha_interval(pairwise.alpha, 12, 11, 0.95) == pytest.approx((0.435, 0.909), abs=5e-4)
    assert pairwise.incomplete == 3


def test_kmo_and_bartlett_of_r_psych() -> None:
    """psych::KMO(attitude) .7633; psych::cortest.bartlett: chi-square 98.753 with 21 degrees of freedom."""
    found = factorability(ATTITUDE)
    assert (found.kmo, found.verdict) == (pytest.approx(0.7633, abs=5e-5), "middling")
    assert (found.chi_square, found.df) == (pytest.approx(98.753, abs=5e-4), 21)
    assert found.p < 1e-10


def test_maximum_likelihood_factors_of_r_factanal() -> None:
    """factanal(attitude, 2): chi-square 5.474 with 8 degrees of freedom, p .706; varimax."""
    found = factor_loadings(ATTITUDE, 2)
    wanted = [
        (0.8819804857545, 0.1112826036777), (0.9139564917467, 0.1798534608613), (0.5049153024522, 0.3225602898822),
        (0.586603317134, 0.50942531247), (0.6128212402284, 0.5538152850836), (0.1519524206923, 0.2829391355357),
        (0.05265604133651, 0.9801048969104),
    ]  # fmt: skip
    assert np.array([one.loadings for one in found.items]) == pytest.approx(np.array(wanted), abs=0.002)
    assert {one.name: one.uniqueness for one in found.items} == pytest.approx(
        {
            "rating": 0.2097262958835, "complaints": 0.1323363037097, "privileges": 0.6410166727963,
            "learning": 0.3963816484811, "raises": 0.3177394697446, "critical": 0.8968602164887,
            "advance": 0.0366217393208,
        },
        abs=0.0005,
    )  # fmt: skip
    assert (found.chi_square, found.df) == (pytest.approx(5.474201, abs=1e-5), 8)
    assert found.p == pytest.approx(0.7058966, abs=1e-6)
    assert found.converged


@pytest.mark.shared_data
def test_mobile_customers_of_the_european_index(shared_data: Path) -> None:
    """ECSI, 250 customers: alphas of the scales; those of expectations and loyalty are not reliable."""
    answers = pl.read_csv(shared_data / "surveys" / "mobi.csv")
    wanted = {"IMAG": 0.714, "CUEX": 0.433, "PERQ": 0.872, "PERV": 0.817, "CUSA": 0.770, "CUSL": 0.442}
    found = {scale: cronbach_alpha(answers.select(pl.col(f"^{scale}\\d$"))) for scale in wanted}
    assert {scale: round(one.alpha, 3) for scale, one in found.items()} == wanted
    warned = {scale for scale, one in found.items() if any("below 0.70" in text.render() for text in one.warnings)}
    assert warned == {"CUEX", "CUSL"} == {scale for scale, one in found.items() if not one.reliable}
    together = cronbach_alphas(answers.select(pl.col("^PERQ\\d$")), ["all"] * 250)
    assert round(together.to_table()["alpha"][0], 3) == 0.872
