"""Kappa and proficiency scores against published figures and the definitions."""

from __future__ import annotations

import json

import numpy as np
import pytest

from baton_analysis.errors import MeasureError
from baton_analysis.measures.agreement import cohen_kappa, fleiss_kappa
from baton_analysis.measures.proficiency import en_score, z_prime_score, z_score, zeta_score

# Counts of 14 appraisers in 5 grades for 10 items: the worked example of "Fleiss' kappa" in Wikipedia (kappa .210).
FLEISS = [
    [0, 0, 0, 0, 14], [0, 2, 6, 4, 2], [0, 0, 3, 5, 6], [0, 3, 9, 2, 0], [2, 2, 8, 1, 1],
    [7, 7, 0, 0, 0], [3, 2, 6, 3, 0], [2, 5, 3, 2, 2], [6, 5, 2, 1, 0], [0, 2, 2, 3, 7],
]  # fmt: skip


def paired(table: list[list[int]]) -> tuple[list[int], list[int]]:
    """Two lists of grades with the counts of a table."""
    pairs = [(one, other) for one, row in enumerate(table) for other, count in enumerate(row) for _ in range(count)]
    return [one for one, _ in pairs], [other for _, other in pairs]


def test_fleiss_ten_items_fourteen_appraisers() -> None:
    result = fleiss_kappa([np.repeat(range(5), counts).tolist() for counts in FLEISS])
    assert result.kappa == pytest.approx(0.210, abs=5e-4)
    assert (result.observed, result.by_chance) == (pytest.approx(0.378, abs=5e-4), pytest.approx(0.213, abs=5e-4))
    assert (result.n, result.appraisers, result.verdict) == (10, 14, "poor")


def test_cohen_fifty_grant_applications() -> None:
    """20 yes-yes, 15 no-no, 5 and 10 apart: agreement .70, by chance .50, kappa .40 (Wikipedia, Cohen's kappa)."""
    result = cohen_kappa(*paired([[20, 5], [10, 15]]))
    assert (result.observed, result.by_chance, result.kappa) == pytest.approx((0.7, 0.5, 0.4))


def test_fleiss_cohen_everitt_1969_unweighted() -> None:
    """200 cases in three grades: kappa .429."""
    result = cohen_kappa(*paired([[106, 10, 4], [22, 28, 10], [2, 12, 6]]))
    assert result.kappa == pytest.approx(0.429, abs=5e-4)


def test_weights_by_definition() -> None:
    """Two grades: all weights alike. Three: one step apart counts half (linear) or three quarters (quadratic)."""
    two = paired([[20, 5], [10, 15]])
    assert {round(cohen_kappa(*two, weights=w).kappa, 9) for w in ("none", "linear", "quadratic")} == {0.4}  # type: ignore[arg-type]
    three = paired([[10, 5, 0], [0, 10, 5], [0, 0, 10]])
    assert cohen_kappa(*three, weights="linear").observed == pytest.approx((30 + 10 * 0.5) / 40)
    assert cohen_kappa(*three, weights="quadratic").observed == pytest.approx((30 + 10 * 0.75) / 40)


@pytest.mark.parametrize("kind", ["cohen", "fleiss"])
def test_recovery_the_true_kappa_lies_in_its_interval_as_often_as_said(kind: str) -> None:
    """Two appraisers who agree on 70 % of 150 items of two even grades and grade the rest at random: kappa .70."""
    chance, held = np.random.default_rng(9), 0
    for _ in range(300):
        one = chance.integers(0, 2, 150)
        other = np.where(chance.random(150) < 0.7, one, chance.integers(0, 2, 150))
        if kind == "cohen":
            result = cohen_kappa(one.tolist(), other.tolist())
        else:
            result = fleiss_kappa(np.column_stack([one, other]).tolist())
        assert result.interval is not None
        held += result.interval[0] <= 0.7 <= result.interval[1]
    assert held / 300 == pytest.approx(0.95, abs=0.04)


def test_full_agreement_has_no_interval_and_one_grade_is_warned_of() -> None:
    full = cohen_kappa("aabb", "aabb")
    assert (full.kappa, full.interval, full.verdict) == (1, None, "good")
    rare = cohen_kappa(*paired([[95, 2], [2, 1]]))
    assert rare.observed == 0.96
    assert rare.kappa < 0.4
    assert rare.warnings[0].render().startswith("Nearly all items have one grade")
    assert json.loads(json.dumps(rare.to_dict()))["grades"] == ["0", "1"]


def test_iso_13528_definitions_of_the_four_scores() -> None:
    z = z_score(10.5, 10.0, 0.2)
    assert (z.value, z.verdict, z.interval) == (pytest.approx(2.5), "questionable", pytest.approx((9.6, 10.4)))
    assert z_prime_score(10.5, 10.0, 0.3, 0.4).value == pytest.approx(1.0)
    assert zeta_score(9.0, 10.0, 0.3, 0.4).value == pytest.approx(-2.0)
    assert en_score(10.5, 10.0, 0.3, 0.4).value == pytest.approx(1.0)
    assert en_score(10.5, 10.0, 0.3, 0.4).verdict == "satisfactory"
    assert en_score(10.6, 10.0, 0.3, 0.4).verdict == "unsatisfactory"
    assert [z_score(value, 0, 1).verdict for value in (-2, 2.99, -3)] == [
        "satisfactory",
        "questionable",
        "unsatisfactory",
    ]
    warned = z_score(10.5, 10.0, 0.2, assigned_uncertainty=0.1)
    assert warned.warnings[0].render().endswith("use z'.")
    assert json.loads(json.dumps(warned.to_dict()))["method"] == "z"


@pytest.mark.parametrize(
    ("refused", "words"),
    [
        (lambda: cohen_kappa([], []), "One has 0 grades"),
        (lambda: cohen_kappa("aa", "a"), "One has 2 grades, the other 1"),
        (lambda: cohen_kappa("aa", "aa"), "All have the grade a"),
        (lambda: cohen_kappa("ab", "ac", grades="ab"), "There is also c"),
        (lambda: cohen_kappa("ab", "ab", weights="cubic"), "none, linear, quadratic"),  # type: ignore[arg-type]
        (lambda: fleiss_kappa([]), "Items: 0"),
        (lambda: fleiss_kappa(["ab", "abc"]), "grades of an item: 2, 3"),
        (lambda: z_score(1, 1, 0), "divided by 0"),
        (lambda: zeta_score(1, 1, -1, 1), "They are -1 and 1"),
        (lambda: en_score(float("nan"), 1, 1, 1), "Result nan"),
    ],
)
def test_what_cannot_be_scored_is_refused_with_a_remedy(refused: object, words: str) -> None:
    with pytest.raises(MeasureError) as error:
        refused()  # type: ignore[operator]
    assert words in str(error.value)
