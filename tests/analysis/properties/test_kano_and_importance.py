"""Kano and importance-performance: what was planted is found again, what is unclear is said, and what is refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from baton_analysis.errors import MeasureError
from baton_analysis.measures.surveys import importance_performance, kano_categories, kano_of_counts

ANSWERS = st.lists(st.tuples(*[st.none() | st.integers(1, 5)] * 2), min_size=1, max_size=40)


@given(ANSWERS)
def test_every_pair_falls_into_one_category(pairs: list[tuple[int | None, int | None]]) -> None:
    there, absent = ([pair[side] for pair in pairs] for side in (0, 1))
    whole = [pair for pair in pairs if None not in pair]
    if not whole:
        with pytest.raises(MeasureError, match="nobody judged"):
            kano_categories({"f": there}, {"f": absent})
        return
    found = kano_categories({"f": there}, {"f": absent})
    (feature,) = found.features
    assert sum(feature.counts.values()) == feature.n == len(whole)
    assert found.missing == len(pairs) - len(whole)
    assert feature.counts[feature.category] == max(feature.counts.values())
    if feature.better is not None:
        assert feature.better_interval is not None
        assert 0 <= feature.better_interval[0] <= feature.better <= feature.better_interval[1] <= 1
        assert feature.worse is not None
        assert feature.worse_interval is not None
        assert -1 <= feature.worse_interval[0] <= feature.worse <= feature.worse_interval[1] <= 0
    assert kano_of_counts({"f": dict(feature.counts)}).features == found.features  # type: ignore[dict-item]


def test_recovery_of_planted_kinds_of_people() -> None:
    """Three features, of which 70 of 100 people feel as planted; the others answer by chance."""
    chance = np.random.default_rng(6)
    planted: dict[str, tuple[int, int]] = {"M": (3, 5), "O": (1, 5), "A": (1, 3)}
    there: dict[str, list[float | None]] = {}
    absent: dict[str, list[float | None]] = {}
    for category, (one, other) in planted.items():
        felt = chance.random(200) < 0.7
        there[category] = np.where(felt, one, chance.integers(1, 6, 200)).tolist()
        absent[category] = np.where(felt, other, chance.integers(1, 6, 200)).tolist()
    found = kano_categories(there, absent)
    assert [feature.category for feature in found.features] == list(planted)
    assert all(feature.clear for feature in found.features)
    assert not found.warnings
    assert found.to_table()["feature"].to_list() == list(planted)


def test_recovery_categories_that_are_equal_are_rarely_called_clear() -> None:
    """Of 500 samples of 60 people in which two categories are alike, some 5 % have one clearly ahead."""
    chance, clear = np.random.default_rng(2), 0
    for one, other, rest in chance.multinomial(60, (0.4, 0.4, 0.2), 500):
        clear += kano_of_counts({"f": {"M": int(one), "A": int(other), "I": int(rest)}}).features[0].clear
    assert clear / 500 == pytest.approx(0.05, abs=0.03)


def test_what_kano_warns_of() -> None:
    found = kano_of_counts({"misread": {"Q": 40}, "unwanted": {"R": 30}, "close": {"O": 5, "M": 6}})
    said = [warning.render() for warning in found.warnings]
    assert "close (M/O)" in said[0]
    assert "misread" in said[1]
    assert "unwanted" in said[2]
    assert found.features[0].better is found.features[0].worse is None


def judged(seed: int, n: int = 300) -> tuple[dict[str, list[float]], dict[str, list[float]], list[float]]:
    """Performance, stated importance and overall judgement, which follows "fast" and a little "right"."""
    chance = np.random.default_rng(seed)
    means = {"fast": 2.5, "right": 4.2, "kind": 4.2, "cheap": 2.6}
    said = {"fast": 2.6, "right": 4.5, "kind": 4.4, "cheap": 2.7}
    performance = {name: np.clip(chance.normal(mean, 0.8, n), 1, 5) for name, mean in means.items()}
    overall = 0.7 * performance["fast"] + 0.5 * performance["right"] + chance.normal(0, 0.4, n)
    importance = {name: np.clip(chance.normal(mean, 0.5, n), 1, 5).tolist() for name, mean in said.items()}
    return {name: values.tolist() for name, values in performance.items()}, importance, overall.tolist()


@pytest.mark.parametrize("derive", ["lmg", "correlation"])
def test_recovery_of_what_moves_the_judgement(derive: Any) -> None:
    """People do not say that speed matters to them; their judgement shows it."""
    performance, importance, overall = judged(1)
    found = importance_performance(performance, importance=importance, overall=overall, derive=derive)
    assert {one.name: one.stated.quadrant for one in found.items if one.stated} == {
        "fast": "low priority", "right": "keep up the good work", "kind": "keep up the good work",
        "cheap": "low priority",
    }  # fmt: skip
    assert {one.name: one.derived.quadrant for one in found.items if one.derived} == {
        "fast": "concentrate here", "right": "keep up the good work", "kind": "possible overkill",
        "cheap": "low priority",
    }  # fmt: skip
    assert all(one.stated and one.stated.clear for one in found.items)
    assert "differ: fast, kind" in " ".join(warning.render() for warning in found.warnings)
    assert found.derivation == derive
    if derive == "lmg":
        assert sum(one.derived.value for one in found.items if one.derived) == pytest.approx(1)
        assert found.derived_cut == pytest.approx(0.25)


def test_a_cut_in_the_middle_of_the_scale_is_another_cut() -> None:
    performance = {"a": [4.0, 5.0, 4.5], "b": [5.0, 4.8, 4.9]}
    importance = {"a": [3.5, 3.2, 3.1], "b": [4.0, 4.5, 4.6]}
    at_means = importance_performance(performance, importance=importance)
    at_middle = importance_performance(performance, importance=importance, cut="midpoint")
    assert {one.stated.quadrant for one in at_middle.items if one.stated} == {"keep up the good work"}
    assert [one.stated.quadrant for one in at_means.items if one.stated] == ["low priority", "keep up the good work"]
    assert (at_middle.performance_cut, at_middle.stated_cut, at_middle.cut) == (3, 3, "midpoint")


@given(st.integers(1, 5), st.integers(2, 6))
def test_items_that_are_all_alike_lie_on_the_cut_and_count_as_above(answer: int, items: int) -> None:
    same: dict[str, list[float | None]] = {f"q{number}": [answer, answer, None] for number in range(items)}
    found = importance_performance(same, importance=same)
    assert {one.stated.quadrant for one in found.items if one.stated} == {"keep up the good work"}
    assert not any(one.stated and one.stated.clear for one in found.items)
    assert "other side of a cut" in found.warnings[0].render()
    assert found.items[0].n == 2


def test_an_item_that_moves_the_judgement_the_other_way_is_told() -> None:
    performance, _, overall = judged(3)
    against = {**performance, "fast": [6 - value for value in performance["fast"]]}
    derivations: tuple[Any, ...] = ("lmg", "correlation")
    for derive in derivations:
        found = importance_performance(against, overall=overall, derive=derive)
        assert "judges the whole worse: fast" in " ".join(warning.render() for warning in found.warnings)


def test_who_gave_no_overall_judgement_still_counts_for_performance() -> None:
    performance, _, overall = judged(4, 60)
    partly: list[float | None] = [None, None, *overall[2:]]
    found = importance_performance(performance, overall=partly, derive="correlation")
    assert {one.n for one in found.items} == {60}
    shorter = {name: values[2:] for name, values in performance.items()}
    expected = importance_performance(shorter, overall=overall[2:], derive="correlation")
    for one, other in zip(found.items, expected.items, strict=True):
        assert one.derived is not None
        assert other.derived is not None
        assert one.derived.value == pytest.approx(other.derived.value)


TWO: Any = {"a": [1, 2, 3, 5], "b": [2, 2, 3, 4]}
REFUSED: dict[str, tuple[Callable[[], object], str]] = {
    "other features": (lambda: kano_categories({"a": [1]}, {"b": [1]}), "There: a, in 1 rows; absent: b"),
    "other respondents": (lambda: kano_categories({"a": [1]}, {"a": [1, 2]}), "in 2 rows"),
    "half an answer": (lambda: kano_categories({"a": [1.5]}, {"a": [1]}), "“a” has 1.5"),
    "off the scale": (lambda: kano_categories({"a": [6]}, {"a": [1]}), "scale from 1 to 5"),
    "an unknown category": (lambda: kano_of_counts({"a": {"X": 3}}), "“a” has: X 3"),
    "a count below 0": (lambda: kano_of_counts({"a": {"M": -1, "O": 4}}), "“a” has: M -1"),
    "no feature": (lambda: kano_of_counts({}), "Each feature has answers"),
    "no importance": (lambda: importance_performance(TWO), "Neither was given"),
    "other items": (lambda: importance_performance(TWO, importance={"a": [1]}), "Importance: a; performance: a, b"),
    "one item": (lambda: importance_performance({"a": [1]}, importance={"a": [1]}), "at least this many items: 2"),
    "an item nobody judged": (
        lambda: importance_performance({"a": [1], "b": [None]}, importance=TWO), "Nobody judged “b”"),
    "too few overall": (lambda: importance_performance(TWO, overall=[1, 2]), "Overall judgements: 2, respondents: 4"),
    "overall all alike": (
        lambda: importance_performance(TWO, overall=[3, 3, 3, 3], derive="correlation"), "all alike or too few"),
    "too few to derive": (
        lambda: importance_performance({"a": [1, 2], "b": [2, 1]}, overall=[1, 2]), "For 2 drivers"),
    "an unknown cut": (lambda: importance_performance(TWO, importance=TWO, cut="half"), "means, midpoint"),  # type: ignore[arg-type]
    "an unknown way": (lambda: importance_performance(TWO, importance=TWO, derive="pratt"), "lmg, correlation"),  # type: ignore[arg-type]
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_refused_and_how(case: str) -> None:
    ask, words = REFUSED[case]
    with pytest.raises(MeasureError) as refused:
        ask()
    assert words in str(refused.value)
    assert refused.value.remedy
