"""Scores of surveys: the truth lies within as often as said, missing answers are no answers, and what is refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from baton_analysis.errors import MeasureError
from baton_analysis.measures.surveys import (
    effort_score,
    net_promoter,
    satisfaction_index,
    satisfied_share,
    score_difference,
)

TO_TEN = st.lists(st.integers(0, 10), min_size=1, max_size=60)


@given(TO_TEN)
def test_a_net_promoter_score_and_its_mirror(answers: list[int]) -> None:
    """Promoters for detractors: the score and its interval change sign; the score lies within its interval."""
    found = net_promoter(answers)
    mirrored = {10: found.detractors, 8: found.passives, 0: found.promoters}
    other = net_promoter(mirrored)
    assert other.value == -found.value
    assert other.interval == pytest.approx((-found.interval[1], -found.interval[0]), abs=1e-6)
    assert -1 <= found.interval[0] <= found.value <= found.interval[1] <= 1
    assert found.interval[1] > found.interval[0]
    assert found.promoters + found.passives + found.detractors == found.n


@given(TO_TEN, st.integers(0, 5), st.randoms())
def test_missing_answers_and_their_order_change_nothing(answers: list[int], missing: int, random: Any) -> None:
    mixed: list[int | None] = [*answers, *[None] * missing]
    random.shuffle(mixed)
    one, other = net_promoter(answers), net_promoter(mixed)
    assert (one.value, one.interval, one.n) == (other.value, other.interval, other.n)
    assert other.missing == missing
    counted = {answer: answers.count(answer) for answer in set(answers)}
    assert net_promoter(counted).to_dict() == one.to_dict()


@pytest.mark.parametrize("shares", [(0.5, 0.3, 0.2), (0.85, 0.1, 0.05), (0.1, 0.8, 0.1)])
def test_recovery_the_score_interval_holds_as_often_as_said(shares: tuple[float, float, float]) -> None:
    """Samples of 25; Wald's interval holds the score less often where most people say the same."""
    chance = np.random.default_rng(11)
    truth, held, held_by_wald, samples = shares[0] - shares[2], 0, 0, 1500
    for promoters, passives, detractors in chance.multinomial(25, shares, samples):
        counts = {10: int(promoters), 8: int(passives), 0: int(detractors)}
        low, high = net_promoter(counts).interval
        held += low <= truth <= high
        low, high = net_promoter(counts, interval="wald").interval
        held_by_wald += low <= truth <= high
    assert held / samples >= 0.93
    assert held >= held_by_wald


def test_wald_of_answers_that_are_all_alike_is_warned_of() -> None:
    found = net_promoter([10] * 9, interval="wald")
    assert found.interval == (1.0, 1.0)
    assert "says nothing" in found.warnings[0].render()
    assert net_promoter([10] * 9).interval[0] < 0.6


@given(st.lists(st.integers(1, 7), min_size=1, max_size=40))
def test_effort_stays_on_its_scale(answers: list[int]) -> None:
    found = effort_score(answers)
    assert found.value == pytest.approx(np.mean(answers))
    if len(set(answers)) > 1:
        assert found.interval is not None
        assert 1 <= found.interval[0] <= found.value <= found.interval[1] <= 7
    else:
        assert found.interval is None
        assert "no interval" in found.warnings[0].render()


def test_an_index_leaves_out_who_left_out_an_item() -> None:
    found = satisfaction_index(pl.DataFrame({"a": [1, 10, None], "b": [1, 10, 5]}))
    assert (found.n, found.incomplete, found.value) == (2, 1, 50)
    assert [one.weight for one in found.items] == [0.5, 0.5]
    assert found.to_table()["item"].to_list() == ["a", "b", "index"]


@given(st.lists(st.tuples(*[st.integers(1, 10)] * 3), min_size=2, max_size=30), st.integers(1, 9))
def test_weights_of_an_index_are_taken_in_proportion(rows: list[tuple[int, int, int]], factor: int) -> None:
    answers = dict(zip("abc", map(list, zip(*rows, strict=True)), strict=True))
    weights = {"a": 3.0, "b": 2.0, "c": 1.0}
    one = satisfaction_index(answers, weights=weights)
    other = satisfaction_index(answers, weights={name: factor * weight for name, weight in weights.items()})
    assert one.value == pytest.approx(other.value)
    assert 0 <= one.value <= 100


def test_recovery_two_waves_differ_only_if_they_do() -> None:
    """Of 400 pairs of waves from one population about one in twenty seems to differ; a planted half point is found."""
    chance, seemed, found = np.random.default_rng(5), 0, 0
    for _ in range(400):
        one, other = chance.integers(3, 8, 40), chance.integers(3, 8, 40)
        seemed += score_difference(effort_score(one.tolist()), effort_score(other.tolist())).beyond_chance
        better = np.clip(other + chance.integers(0, 4, 40), 1, 7)
        found += score_difference(effort_score(one.tolist()), effort_score(better.tolist())).beyond_chance
    assert seemed / 400 == pytest.approx(0.05, abs=0.03)
    assert found / 400 > 0.5


def test_two_scores_of_different_kinds_are_not_compared() -> None:
    pairs: list[tuple[Any, Any]] = [
        (net_promoter([9]), satisfied_share([5])),
        (net_promoter([9]), net_promoter([9], interval="wald")),
        (net_promoter([9]), net_promoter([9], confidence=0.9)),
        (satisfied_share([5]), satisfied_share([5], top=1)),
        (satisfaction_index({"a": [1, 2]}), satisfaction_index({"b": [1, 2]})),
    ]
    for first, second in pairs:
        with pytest.raises(MeasureError, match="Compute both in the same way"):
            score_difference(first, second)


REFUSED: dict[str, tuple[Callable[[], object], str]] = {
    "nobody": (lambda: net_promoter([None, None]), "Answers: 0;"),
    "nothing": (lambda: net_promoter([]), "Wait for the first answer"),
    "eleven": (lambda: net_promoter([9, 11]), "scale from 0 to 10"),
    "half": (lambda: satisfied_share([4.5]), "“CSAT” has 4.5"),
    "endless": (lambda: effort_score([float("inf")]), "“CES” has inf"),
    "counts below 0": (lambda: effort_score({7: -1, 6: 3}), "smallest count is -1"),
    "no scale": (lambda: satisfied_share([1], scale=(5, 1)), "goes from 5 to 1"),
    "all are satisfied": (lambda: satisfied_share([1], top=5), "The highest 5 of 5"),
    "columns of two lengths": (lambda: satisfaction_index({"a": [1, 2], "b": [1]}), "Items: 2, rows: 1, 2"),
    "no items": (lambda: satisfaction_index({}), "Items: 0"),
    "nobody complete": (lambda: satisfaction_index({"a": [1, None], "b": [None, 2]}), "Respondents: 2; each left out"),
    "off the scale": (lambda: satisfaction_index({"a": [0]}), "“a” has 0.0"),
    "a weight too few": (lambda: satisfaction_index({"a": [1], "b": [2]}, weights={"a": 1}), "b nan"),
    "a weight of another": (lambda: satisfaction_index({"a": [1]}, weights={"c": 1}), "“c” was given"),
    "weights of 0": (lambda: satisfaction_index({"a": [1]}, weights={"a": 0}), "a 0"),
    "one answer": (lambda: score_difference(effort_score([4]), effort_score([5, 6])), "Wait for more answers"),
    "no confidence": (lambda: net_promoter([9], confidence=95), "Give 0.95"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_refused_and_how(case: str) -> None:
    ask, words = REFUSED[case]
    with pytest.raises(MeasureError) as refused:
        ask()
    assert words in str(refused.value)
    assert refused.value.remedy
