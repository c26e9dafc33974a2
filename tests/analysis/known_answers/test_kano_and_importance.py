"""Kano's table and coefficients, and the importance-performance matrix, as their authors define them."""

from __future__ import annotations

import pytest

from baton_analysis.measures.surveys import importance_performance, kano_categories, kano_of_counts

BERGER = ["QAAAO", "RIIIM", "RIIIM", "RIIIM", "RRRRQ"]


@pytest.mark.parametrize("there", range(1, 6))
@pytest.mark.parametrize("absent", range(1, 6))
def test_evaluation_table_of_berger_1993(there: int, absent: int) -> None:
    """Center for Quality of Management Journal 2(4), after Kano 1984 (scribd.com/doc/60002990, table 1)."""
    found = kano_categories({"feature": [there]}, {"feature": [absent]}).features[0]
    assert found.category == BERGER[there - 1][absent - 1]
    assert sum(found.counts.values()) == found.n == 1


def test_better_and_worse_of_berger_1993() -> None:
    """A 20, O 35, M 25, I 15, R 3, Q 2: better 55/95 = .578947, worse -60/95 = -.631579; most often one-dimensional."""
    counts = {"A": 20, "O": 35, "M": 25, "I": 15, "R": 3, "Q": 2}
    found = kano_of_counts({"feature": counts})
    (feature,) = found.features
    assert (feature.better, feature.worse) == (pytest.approx(0.578947, abs=1e-6), pytest.approx(-0.631579, abs=1e-6))
    assert (feature.category, feature.next, feature.n, found.n) == ("O", "M", 100, 100)


def test_equal_counts_go_by_must_be_one_dimensional_attractive_indifferent() -> None:
    """Berger et al. 1993: M > O > A > I."""
    for first, second in (("M", "O"), ("O", "A"), ("A", "I")):
        (feature,) = kano_of_counts({"feature": {second: 8, first: 8}}).features
        assert (feature.category, feature.next, feature.clear) == (first, second, False)


def test_quadrants_of_martilla_and_james_1977() -> None:
    """Four items, cut at the means."""
    performance = {"a": [3.0], "b": [4.5], "c": [2.9], "d": [4.4]}
    importance = {"a": [4.6], "b": [4.4], "c": [3.0], "d": [2.8]}
    found = importance_performance(performance, importance=importance)
    assert {one.name: one.stated.quadrant for one in found.items if one.stated} == {
        "a": "concentrate here",
        "b": "keep up the good work",
        "c": "low priority",
        "d": "possible overkill",
    }
    assert (found.performance_cut, found.stated_cut) == (pytest.approx(3.7), pytest.approx(3.7))
