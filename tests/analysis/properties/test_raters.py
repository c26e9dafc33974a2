"""What a simulation put in is found again, mutual favour is found and good service is not, and what makes no sense is
refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from baton_analysis.errors import MeasureError
from baton_analysis.measures.raters import (
    intraclass_correlation,
    rater_effects,
    rating_bias,
    shrunken_means,
    value_weighted_mean,
    within_group_agreement,
)


def answers(seed: int, groups: int, between: float, least: int = 2, most: int = 30) -> tuple[list[str], Any, Any]:
    """Answers of groups of different size: names, values, true means; within groups they scatter by 1."""
    chance = np.random.default_rng(seed)
    true = between * chance.normal(size=groups)
    place = np.repeat(np.arange(groups), chance.integers(least, most, groups))
    return [f"g{one}" for one in place], true[place] + chance.normal(size=len(place)), true


def test_intraclass_correlations_of_a_simulation_lie_within_their_intervals() -> None:
    """ICC(1) = .2: within the 95 % interval in 200 of 200 less some ten."""
    held = sum(
        found.interval[0] <= 0.2 <= found.interval[1]
        for found in (intraclass_correlation(*answers(seed, 30, 0.5)[:2]) for seed in range(200))
    )
    assert 0.9 * 200 <= held <= 199


def test_shrunken_means_are_nearer_the_truth_than_plain_ones_and_their_intervals_hold_it() -> None:
    held, groups, shrunk, plain = 0, 0, 0.0, 0.0
    for seed in range(50):
        names, values, true = answers(seed, 40, 0.5, most=10)
        found = shrunken_means(names, values).frame
        aim = np.array([true[int(name[1:])] for name in found["group"]])
        shrunk += float(((found["estimate"].to_numpy() - aim) ** 2).sum())
        plain += float(((found["mean"].to_numpy() - aim) ** 2).sum())
        held += int(((found["lower"].to_numpy() <= aim) & (aim <= found["upper"].to_numpy())).sum())
        groups += len(aim)
    assert shrunk < 0.75 * plain
    assert held / groups == pytest.approx(0.95, abs=0.02)


@settings(max_examples=40)
@given(st.integers(0, 10**6), st.floats(0, 3), st.integers(2, 30))
def test_estimates_lie_between_the_mean_of_the_group_and_of_all(seed: int, between: float, groups: int) -> None:
    names, values, _ = answers(seed, groups, between)
    found = shrunken_means(names, values)
    for row in found.frame.to_dicts():
        low, high = sorted((row["mean"], found.mean))
        assert low - 1e-9 <= row["estimate"] <= high + 1e-9
        assert 0 <= row["weight"] <= 1
    one = intraclass_correlation(names, values)
    assert one.icc1 <= one.icc2 + 1e-12 or one.icc1 < 0
    assert found.between == pytest.approx(one.between)


@settings(max_examples=40)
@given(st.lists(st.integers(1, 5), min_size=4, max_size=40), st.integers(1, 4))
def test_agreement_lies_between_0_and_1_and_turning_the_scale_changes_nothing(drawn: list[int], items: int) -> None:
    table = np.array([[one] * items for one in drawn])
    groups = ["a", "b"] * (len(drawn) // 2) + ["a"] * (len(drawn) % 2)
    found, turned = (within_group_agreement(groups, part, low=1, high=5).frame for part in (table, 6 - table))
    assert ((found["rwg"] >= 0) & (found["rwg"] <= 1)).all()
    assert found["rwg"].to_list() == pytest.approx(turned["rwg"].to_list())
    assert found["deviation"].to_list() == pytest.approx(turned["deviation"].to_list())


def test_severity_of_a_simulation_is_found_although_not_everybody_rates_everybody() -> None:
    chance = np.random.default_rng(3)
    severity, worth = chance.normal(0, 0.7, 12), chance.normal(0, 1, 20)
    rater, rated = (part.ravel() for part in np.meshgrid(np.arange(12), np.arange(20)))
    kept = chance.random(240) < 0.5
    rater, rated = rater[kept], rated[kept]
    ratings = 5 + severity[rater] + worth[rated] + 0.5 * chance.normal(size=len(rater))
    found = rater_effects([f"r{one}" for one in rater], [f"d{one}" for one in rated], ratings).frame
    true = severity - severity.mean()
    wanted = [true[int(name[1:])] for name in found["rater"]]
    assert np.abs(found["effect"].to_numpy() - wanted).max() < 0.5
    inside = (found["lower"].to_numpy() <= wanted) & (wanted <= found["upper"].to_numpy())
    assert inside.sum() >= 10


def waves(
    seed: int, favour: float = 0.0, served: float = 0.0, departments: int = 10, number: int = 6
) -> dict[str, list[Any]]:
    """Ratings of departments by each other. The first two favour each other; the third and fourth serve each other
    well, and are rated by what they deliver."""
    chance = np.random.default_rng(seed)
    mild, worth = chance.normal(0, 0.6, departments), chance.normal(0, 0.6, departments)
    columns: dict[str, list[Any]] = {name: [] for name in ("raters", "rated", "waves", "ratings", "attainment")}
    lasting = 0.2 * chance.normal(size=(departments, departments))
    for wave in range(number):
        for one in range(departments):
            for other in range(departments):
                if one == other or chance.random() < 0.1:
                    continue
                kept = 0.9 + 0.05 * chance.normal() + (served if {one, other} == {2, 3} else 0)
                rating = 7 + mild[one] + worth[other] + lasting[one, other] + 8 * (kept - 0.9) + 0.7 * chance.normal()
                rating += favour if {one, other} == {0, 1} else 0
                for name, value in zip(columns, (f"d{one}", f"d{other}", wave, rating, kept), strict=True):
                    columns[name].append(value)
    return columns


def test_mutual_favour_is_found_and_named() -> None:
    found = rating_bias(**waves(1, favour=1.5), simulations=500)
    assert found.frame.filter("found").select("first", "second").rows() == [("d0", "d1")]
    first = found.frame.row(0, named=True)
    assert first["first_of_second"] > 0.5
    assert first["p"] < 0.02
    assert found.slope == pytest.approx(8, abs=1.5)
    assert found.warnings[-1].render().startswith("A reason to look and to ask, no proof")


def test_mutual_good_service_is_no_favour() -> None:
    """Two who serve each other better and are rated by it stand out only where the service is not measured."""
    year = waves(2, served=0.3)
    assert not rating_bias(**year, simulations=500).frame["found"].any()
    blind = rating_bias(**{**year, "attainment": [0.9] * len(year["ratings"])}, simulations=500)
    assert blind.slope is None
    assert blind.frame.filter("found").select("first", "second").rows() == [("d2", "d3")]
    assert "good service cannot be told from favour" in blind.warnings[0].render()


@pytest.mark.slow
def test_where_nobody_favours_anybody_hardly_any_organisation_has_a_finding() -> None:
    """100 organisations: at a level of 5 % some five have any finding, by the binomial 11 at the most."""
    alarms = sum(rating_bias(**waves(seed), simulations=200).frame["found"].any() for seed in range(100))
    assert alarms <= 11


def test_the_same_seed_gives_the_same_p() -> None:
    one, same = (rating_bias(**waves(4), simulations=200, seed=5).to_dict() for _ in range(2))
    assert one == same


def test_one_sided_favour_is_not_mutual() -> None:
    year = waves(5)
    year["ratings"] = [
        rating + (2 if (rater, rated) == ("d0", "d1") else 0)
        for rating, rater, rated in zip(year["ratings"], year["raters"], year["rated"], strict=True)
    ]
    assert not rating_bias(**year, simulations=500).frame["found"].any()


NO_SENSE: dict[str, tuple[Callable[[], object], str]] = {
    "one group": (lambda: intraclass_correlation("aaa", [1, 2, 3]), "in 1 groups"),
    "groups of one": (lambda: intraclass_correlation("abc", [1, 2, 3]), "two values"),
    "too few groups": (lambda: shrunken_means("ab", [1, 2, 3]), "Groups: 2, values: 3"),
    "all the same": (lambda: shrunken_means("aabb", [3.1] * 4), "All 4 are the same"),
    "beyond all measure": (lambda: intraclass_correlation("aabb", [1e300, -1e300, 1, 2]), "beyond all measure"),
    "off the scale": (lambda: within_group_agreement("aab", [1, 2, 9], low=1, high=5), "answers from 1.0 to 9.0"),
    "a scale upside down": (lambda: within_group_agreement("aab", [1, 2, 3], low=5, high=1), "from 5 to 1"),
    "no variance at all": (
        lambda: within_group_agreement("aab", [1, 2, 3], low=1, high=5, null_variance=0), "variance is 0"),
    "a weight below 0": (lambda: value_weighted_mean([1, 2, 3], [1, -1, 1]), "of which 2 count"),
    "one weight": (lambda: value_weighted_mean([1, 2, 3], [1, 0, 0]), "of which 1 count"),
    "fewer weights": (lambda: value_weighted_mean([1, 2, 3], [1, 2]), "Answers: 3, weights: 2"),
    "raters of nobody in common": (
        lambda: rater_effects("aabbccdd" * 2, "xyxyzwzw" * 2, range(16)), "2 sets that have nobody in common"),
    "hardly a rating": (lambda: rater_effects("aab", "xyx", [1, 2, 3]), "raters: 2, rated: 2"),
    "a level of 5": (lambda: rater_effects("aabb", "xyxy", [1, 2, 3, 5], level=5), "level lies between"),
    "three waves": (lambda: rating_bias(**waves(1, number=3)), "waves: 3"),
    "nobody rates back": (
        lambda: rating_bias("aaaa", "bcde", [1, 2, 3, 4], [1, 2, 3, 4], [1] * 4), "waves: 4, pairs: 0"),
    "columns of other lengths": (lambda: rating_bias("ab", "ba", [1], [1, 2], [1, 2]), "0 can be used"),
    "two simulations": (lambda: rating_bias(**waves(1), simulations=2), "Simulations: 2"),
    "nothing but ones": (
        lambda: rating_bias(**{**waves(1), "ratings": [1] * len(waves(1)["raters"])}), "nothing is left"),
}  # fmt: skip


@pytest.mark.parametrize("case", NO_SENSE)
def test_what_makes_no_sense_is_refused_with_a_remedy(case: str) -> None:
    asked, words = NO_SENSE[case]
    with pytest.raises(MeasureError) as refused:
        asked()
    assert words in str(refused.value)
    assert refused.value.remedy


def test_gaps_are_left_out_and_said() -> None:
    groups, values = ["a", "a", "b", "b", None, "a"], [1, 2, 3, 5, 4, None]
    found = intraclass_correlation(groups, values)
    assert (found.n, found.left_out) == (4, 2)
    assert found.warnings[0].render() == "2 answers in which something is missing are left out."
    assert shrunken_means(groups, values).left_out == within_group_agreement(groups, values, low=1, high=5).left_out
    assert value_weighted_mean([1, 2, None], [1, 1, 1]).left_out == 1
