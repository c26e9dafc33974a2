"""Scales: planted reliability and factors are found again, units do not matter, and what is refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from baton_analysis.errors import MeasureError
from baton_analysis.measures.surveys import cronbach_alpha, cronbach_alphas, factor_loadings, factorability

Floats = npt.NDArray[np.float64]


def table(values: Floats) -> pl.DataFrame:
    return pl.DataFrame(values, schema=[f"q{number}" for number in range(values.shape[1])])


def one_thing(seed: int, n: int, items: int, share: float) -> Floats:
    """Items that each hold this share of one true score."""
    chance = np.random.default_rng(seed)
    return share**0.5 * chance.normal(size=(n, 1)) + (1 - share) ** 0.5 * chance.normal(size=(n, items))


def test_recovery_of_a_planted_alpha() -> None:
    """Five items that correlate .4: alpha is 5 x .4/(1 + 4 x .4) = .769. Feldt's interval holds it as often as said."""
    truth, held, sum_of_all = 5 * 0.4 / 2.6, 0, 0.0
    for seed in range(400):
        found = cronbach_alpha(table(one_thing(seed, 40, 5, 0.4)))
        held += found.interval[0] <= truth <= found.interval[1]
        sum_of_all += found.alpha
    assert held / 400 == pytest.approx(0.95, abs=0.035)
    assert sum_of_all / 400 == pytest.approx(truth, abs=0.02)


@given(st.integers(0, 10_000), st.floats(0.1, 50), st.floats(-100, 100))
def test_another_unit_changes_no_alpha(seed: int, factor: float, shift: float) -> None:
    values = one_thing(seed, 12, 4, 0.5)
    one, other = cronbach_alpha(table(values)), cronbach_alpha(table(factor * values + shift))
    assert other.alpha == pytest.approx(one.alpha, abs=1e-6)
    assert other.standardised == pytest.approx(one.standardised, abs=1e-6)
    assert one.alpha <= 1


def test_an_item_asked_the_other_way_is_found_and_turned_round() -> None:
    values = one_thing(4, 200, 4, 0.5)
    values[:, 2] *= -1
    wrong = cronbach_alpha(table(values))
    assert "go against the others: q2" in " ".join(warning.render() for warning in wrong.warnings)
    assert cronbach_alpha(table(values), reverse=["q2"]).alpha > 0.75 > wrong.alpha


def test_pairwise_without_missing_answers_is_listwise() -> None:
    values = table(one_thing(5, 60, 5, 0.4))
    one, other = cronbach_alpha(values), cronbach_alpha(values, missing="pairwise")
    assert other.alpha == pytest.approx(one.alpha, abs=1e-12)
    assert other.interval == pytest.approx(one.interval, abs=1e-12)


def test_pairwise_keeps_who_left_out_an_item() -> None:
    values = one_thing(6, 300, 4, 0.4)
    values[np.random.default_rng(6).random(values.shape) < 0.2] = np.nan
    listwise, pairwise = cronbach_alpha(table(values)), cronbach_alpha(table(values), missing="pairwise")
    complete = int((~np.isnan(values).any(axis=1)).sum())
    assert (listwise.n, listwise.incomplete) == (complete, 300 - complete)
    assert pairwise.n > listwise.n
    assert pairwise.alpha == pytest.approx(4 * 0.4 / 2.2, abs=0.07)


def test_a_large_shift_makes_no_item_constant() -> None:
    """Readings around 100,000 that differ by a hundredth are answers that differ; equal ones are equal."""
    values = one_thing(14, 50, 4, 0.5)
    far = cronbach_alpha(table(1e5 + 0.01 * values))
    assert far.standardised == pytest.approx(cronbach_alpha(table(values)).standardised, abs=1e-6)
    assert cronbach_alpha({"a": [0.1] * 9, "b": [*range(9)], "c": [1, *range(8)]}).standardised is None


@pytest.mark.parametrize("form", ["whole numbers", "decimals", "lists", "missing"])
def test_a_table_is_read_alike_in_every_form(form: str) -> None:
    rated: dict[str, list[float | None]] = {"a": [1, 2, 5, 4, 3], "b": [2, 2, 4, 4, 1], "c": [1, 3, 5, 5, 2]}
    if form == "missing":
        rated = {name: [*values, None] for name, values in rated.items()}
    kinds: dict[str, Any] = {"whole numbers": pl.Int8, "decimals": pl.Decimal(10, 2), "missing": pl.Float32}
    given: Any = rated if form == "lists" else pl.DataFrame(rated).cast(kinds[form])
    assert cronbach_alpha(given).alpha == pytest.approx(0.928934, abs=5e-7)
    assert cronbach_alpha(given).incomplete == (form == "missing")


def test_warnings_of_alpha() -> None:
    def said(values: Any) -> str:
        return " ".join(warning.render() for warning in cronbach_alpha(values).warnings)

    assert "same in other words" in said(table(one_thing(7, 60, 10, 0.95)))
    assert "rests on 6 respondents" in said(table(one_thing(8, 6, 3, 0.5)))
    flat = cronbach_alpha({"a": [1, 2, 3, 4], "b": [2, 2, 3, 4], "c": [5, 5, 5, 5]})
    assert (flat.standardised, flat.items[2].rest_correlation) == (None, None)
    assert "alike to these items: c" in " ".join(warning.render() for warning in flat.warnings)
    assert cronbach_alpha({"a": [1, 2, 3], "b": [1, 3, 2]}).items[0].alpha_if_dropped is None


def test_alphas_of_groups_are_those_of_each_group() -> None:
    chance = np.random.default_rng(9)
    values = one_thing(9, 600, 5, 0.3)
    values[chance.random(values.shape) < 0.03] = np.nan
    groups = chance.integers(0, 12, 600)
    groups[:3] = [90, 91, 91]  # one person, and two who answered alike
    values[1:3] = 3.0
    found = cronbach_alphas(table(values), groups.tolist()).to_table()
    assert found["group"].to_list() == [str(group) for group in dict.fromkeys(groups.tolist())]
    for group, n, incomplete, alpha, lower, upper, reliable in found.iter_rows():
        if group in {"90", "91"}:
            assert (alpha, lower, upper, reliable) == (None, None, None, None)
            continue
        one = cronbach_alpha(table(values[groups == int(group)]))
        assert (n, incomplete, reliable) == (one.n, one.incomplete, one.reliable)
        assert (alpha, lower, upper) == pytest.approx((one.alpha, *one.interval), abs=1e-10)


def test_kmo_by_its_definition() -> None:
    """Partial correlations are those of what is left of two items when the others have explained them."""
    values = one_thing(10, 80, 5, 0.4)
    found = factorability(table(values))
    correlations = np.corrcoef(values, rowvar=False)
    partial = np.zeros((5, 5))
    for one in range(5):
        for other in set(range(5)) - {one}:
            rest = np.column_stack([np.ones(80), np.delete(values, [one, other], axis=1)])
            left = [
                values[:, item] - rest @ np.linalg.lstsq(rest, values[:, item], rcond=None)[0] for item in (one, other)
            ]
            partial[one, other] = np.corrcoef(*left)[0, 1]
    shared = correlations**2 - np.eye(5)
    assert found.kmo == pytest.approx(shared.sum() / (shared.sum() + (partial**2).sum()))
    each = shared.sum(axis=0) / (shared.sum(axis=0) + (partial**2).sum(axis=0))
    assert [item.msa for item in found.items] == pytest.approx(each.tolist())


def test_items_that_have_nothing_in_common() -> None:
    """Bartlett's p is spread evenly over 0..1 then, and KMO is low."""
    p = [factorability(table(np.random.default_rng(seed).normal(size=(60, 5)))).p for seed in range(300)]
    assert np.mean(np.array(p) < 0.05) == pytest.approx(0.05, abs=0.03)
    found = factorability(table(np.random.default_rng(3).normal(size=(40, 6))))
    said = " ".join(warning.render() for warning in found.warnings)
    assert ("below 0.50" in said) == (found.verdict == "unacceptable")
    assert ("may be chance" in said) == (found.p > 0.05)


def two_factors(seed: int, n: int) -> tuple[Floats, Floats]:
    """Six items, three on each of two independent factors, and their loadings."""
    planted = np.array([(0.8, 0), (0.7, 0), (0.6, 0), (0, 0.9), (0, 0.8), (0, 0.7)])
    chance = np.random.default_rng(seed)
    spread = np.sqrt(1 - (planted**2).sum(axis=1))
    return chance.normal(size=(n, 2)) @ planted.T + spread * chance.normal(size=(n, 6)), planted


def test_recovery_of_planted_loadings() -> None:
    values, planted = two_factors(1, 4000)
    found = factor_loadings(table(values), 2)
    loadings = np.array([one.loadings for one in found.items])
    assert loadings == pytest.approx(planted[:, ::-1], abs=0.06)  # the stronger factor comes first
    assert [one.uniqueness for one in found.items] == pytest.approx((1 - (planted**2).sum(axis=1)).tolist(), abs=0.05)
    assert found.items[0].communality == pytest.approx(1 - found.items[0].uniqueness)
    assert sum(value > 1 for value in found.eigenvalues) == 2
    too_few = factor_loadings(table(values), 1)
    assert too_few.p is not None
    assert too_few.p < 1e-6
    assert "do not suffice" in too_few.warnings[0].render()


def test_so_many_factors_suffice_as_often_as_said() -> None:
    p = [factor_loadings(table(two_factors(seed, 300)[0]), 2).p for seed in range(80)]
    assert np.mean([one is not None and one < 0.05 for one in p]) == pytest.approx(0.05, abs=0.05)


def test_turning_changes_no_communality() -> None:
    values, _ = two_factors(2, 200)
    plain, turned = factor_loadings(table(values), 2, rotation="none"), factor_loadings(table(values), 2)
    for one, other in zip(plain.items, turned.items, strict=True):
        assert sum(np.square(one.loadings)) == pytest.approx(sum(np.square(other.loadings)))
        assert one.uniqueness == other.uniqueness
    assert sum(plain.explained) == pytest.approx(sum(turned.explained))


def test_three_items_leave_no_degree_of_freedom() -> None:
    found = factor_loadings(table(one_thing(11, 100, 3, 0.5)), 1)
    assert (found.df, found.chi_square, found.p) == (0, None, None)


SIX = table(one_thing(12, 40, 6, 0.4))
FLAT = SIX.with_columns(q5=pl.lit(3.0))
TWICE = SIX.with_columns(q5=pl.col("q0") + pl.col("q1"))

REFUSED: dict[str, tuple[Callable[[], object], str]] = {
    "one item": (lambda: cronbach_alpha({"a": [1, 2, 3]}), "Items: 1"),
    "one respondent": (lambda: cronbach_alpha({"a": [1], "b": [2]}), "Respondents: 1"),
    "nobody complete": (lambda: cronbach_alpha({"a": [1, None, 2], "b": [None, 1, None]}), "with every item: 0"),
    "no pair": (lambda: cronbach_alpha({"a": [1, None], "b": [None, 1]}, missing="pairwise"), "with every item: 0"),
    "all alike": (lambda: cronbach_alpha({"a": [3, 3], "b": [3, 3]}), "variance of the sums is 0"),
    "sums that are alike": (lambda: cronbach_alpha({"a": [1, 2], "b": [2, 1]}), "Turn round items"),
    "an unknown item": (lambda: cronbach_alpha(SIX, reverse=["q9"]), "“q9” was given"),
    "an unknown rule": (lambda: cronbach_alpha(SIX, missing="mean"), "listwise, pairwise"),  # type: ignore[arg-type]
    "a group too few": (lambda: cronbach_alphas(SIX, ["a"]), "groups given: 1"),
    "two items": (lambda: factorability(SIX.select("q0", "q1")), "at least this many items: 3"),
    "a flat item": (lambda: factorability(FLAT), "alike to: q5"),
    "a sum of others": (lambda: factor_loadings(TWICE, 1), "one of these follows from others"),
    "more items than people": (lambda: factorability(SIX.head(5)), "more respondents than items"),
    "an endless answer": (lambda: cronbach_alpha({"a": [1, float("-inf")], "b": [1, 2]}), "“a” has -inf"),
    "words": (lambda: cronbach_alpha(pl.DataFrame({"a": ["1", "x"], "b": [1, 2]})), "Correct this value"),
    "no factor": (lambda: factor_loadings(SIX, 0), "Factors: 0"),
    "too many factors": (lambda: factor_loadings(SIX, 4), "Ask for fewer factors"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_refused_and_how(case: str) -> None:
    ask, words = REFUSED[case]
    with pytest.raises(MeasureError) as refused:
        ask()
    assert words in str(refused.value)
    assert refused.value.remedy
