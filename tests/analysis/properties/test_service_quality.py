"""SERVQUAL: planted gaps are found again, missing answers are left out as stated, and what is refused."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from baton_analysis.errors import MeasureError
from baton_analysis.measures.surveys import service_gaps, service_performance

DIMENSIONS = {"reliable": ["on time", "correct", "complete"], "kind": ["polite", "patient"]}
NAMES = [name for names in DIMENSIONS.values() for name in names]


def table(values: npt.NDArray[np.float64], names: list[str] = NAMES) -> dict[str, list[float]]:
    return {name: values[:, place].tolist() for place, name in enumerate(names)}


def test_recovery_planted_gaps_lie_within_their_intervals() -> None:
    """Gaps of -1 and +.5 on every item, 100 samples of 60 respondents."""
    chance, held = np.random.default_rng(8), np.zeros(2)
    planted = np.array([-1.0, -1.0, -1.0, 0.5, 0.5])
    for _ in range(100):
        expected = chance.normal(5, 0.3, (60, 5))
        perceived = expected + planted + chance.normal(0, 0.3, (60, 5)) + chance.normal(0, 0.3, (60, 1))
        found = service_gaps(table(expected), table(np.clip(perceived, 1, 7)), DIMENSIONS)
        for place, (row, truth) in enumerate(zip(found.dimensions, (-1.0, 0.5), strict=True)):
            assert row.interval is not None
            held[place] += row.interval[0] <= truth <= row.interval[1]
    assert held / 100 == pytest.approx([0.95, 0.95], abs=0.06)


def test_gaps_are_perceptions_less_expectations() -> None:
    chance = np.random.default_rng(9)
    expected, perceived = chance.integers(1, 8, (30, 5)) * 1.0, chance.integers(1, 8, (30, 5)) * 1.0
    gaps = service_gaps(table(expected), table(perceived), DIMENSIONS)
    before = service_performance(table(expected), DIMENSIONS)
    after = service_performance(table(perceived), DIMENSIONS)
    for gap, one, other in zip(gaps.dimensions, before.dimensions, after.dimensions, strict=True):
        assert gap.value == pytest.approx(other.value - one.value)
        assert (gap.expectation, gap.perception) == pytest.approx((one.value, other.value))


def test_what_does_not_apply_is_left_out_item_by_item() -> None:
    """An item counts where both answers are there; a dimension where half of its items do."""
    expected: dict[str, Any] = {name: [7, 7, 7] for name in NAMES}
    perceived: dict[str, Any] = {name: [5, 5, 5] for name in NAMES}
    perceived |= {"on time": [None, None, 5], "correct": [None, 6, 5], "polite": [None, 5, 5], "patient": [3, 5, None]}
    found = service_gaps(expected, perceived, DIMENSIONS)
    reliable, kind = found.dimensions
    assert (reliable.n, kind.n, found.n) == (2, 3, 3)
    assert reliable.value == pytest.approx((-1.5 - 2) / 2)
    assert kind.value == pytest.approx((-4 - 2 - 2) / 3)
    assert found.unweighted is not None
    assert found.unweighted.n == 2
    assert found.unweighted.value == pytest.approx(((-1.5 - 2) / 2 - 2) / 2)
    assert "judged every dimension: 2" in found.warnings[0].render()
    assert {row.name: row.n for row in found.items}["on time"] == 1
    assert found.items_table().height == 5
    assert found.to_table()["dimension"].to_list() == ["reliable", "kind", "unweighted"]


def test_who_spread_no_points_is_left_out_of_the_weighted_figure_only() -> None:
    answers: dict[str, Any] = {name: [7, 1] for name in NAMES}
    found = service_performance(answers, DIMENSIONS, points={"reliable": [60, None], "kind": [40, None]})
    assert found.weighted is not None
    assert (found.weighted.n, found.weighted.value) == (1, 7)
    assert found.unweighted is not None
    assert found.unweighted.value == 4
    assert "spread points, too: 1" in found.warnings[0].render()


def test_answers_that_are_all_alike_have_no_interval() -> None:
    found = service_performance({"a": [7, 7, 7]}, {"only": ["a"]})
    assert found.dimensions[0].interval is None
    assert "no interval" in found.warnings[0].render()


GOOD: dict[str, Any] = {name: [7, 6] for name in NAMES}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"perceptions": {"on time": [7, 6]}}, "the same items"),
        ({"perceptions": {name: [7] for name in NAMES}}, "in 1 rows"),
        ({"perceptions": {**GOOD, "polite": [8, 1]}}, "“polite” has 8.0"),
        ({"dimensions": {}}, "Dimensions: 0"),
        ({"dimensions": {"reliable": []}}, "Dimensions: 1"),
        ({"dimensions": {"one": ["polite"], "other": ["polite"]}}, "each item belongs to one"),
        ({"dimensions": {"one": ["courteous"]}}, "“courteous” was given"),
        ({"points": {"reliable": [60, 50], "kind": [40, 40]}}, "respondent 2 spread 90.0"),
        ({"points": {"reliable": [60], "kind": [40]}}, "Rows of points: 1"),
        ({"points": {"reliable": [60, 50]}}, "“kind” was given"),
        ({"points": {"reliable": [-10, 50], "kind": [110, 50]}}, "scale from 0 to 100"),
        ({"perceptions": {**GOOD, "polite": [None, None], "patient": [None, None]}}, "Nobody judged “kind”"),
    ],
)
def test_what_is_refused_and_how(change: dict[str, Any], words: str) -> None:
    given = {"expectations": GOOD, "perceptions": GOOD, "dimensions": DIMENSIONS, **change}
    with pytest.raises(MeasureError) as refused:
        service_gaps(**given)
    assert words in str(refused.value)
    assert refused.value.remedy
