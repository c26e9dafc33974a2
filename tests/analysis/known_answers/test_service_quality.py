"""SERVQUAL and SERVPERF against the procedure of Parasuraman, Zeithaml and Berry."""

from __future__ import annotations

import pytest

from baton_analysis.measures.surveys import service_gaps, service_performance

SIZES = {"tangibles": 4, "reliability": 5, "responsiveness": 4, "assurance": 4, "empathy": 5}
EXPECTED = [6, 6, 5, 7, 7, 7, 7, 6, 7, 6, 7, 6, 7, 7, 6, 7, 5, 5, 6, 6, 6, 5]
PERCEIVED = [5, 6, 5, 6, 5, 6, 6, 5, 6, 5, 5, 6, 6, 6, 6, 6, 5, 4, 5, 6, 5, 5]
NAMES = [f"{dimension} {number}" for dimension, size in SIZES.items() for number in range(size)]
DIMENSIONS = {dimension: [name for name in NAMES if name.startswith(dimension)] for dimension in SIZES}
POINTS = {"tangibles": [11], "reliability": [32], "responsiveness": [23], "assurance": [19], "empathy": [15]}


def test_servqual_gaps_by_dimension() -> None:
    """22 pairs of one respondent; points after the pattern of Zeithaml, Parasuraman and Berry 1990 (11, 32, 23, 19 and
    15): -.76 unweighted, -.854 weighted, by the definition."""
    found = service_gaps(
        {name: [value] for name, value in zip(NAMES, EXPECTED, strict=True)},
        {name: [value] for name, value in zip(NAMES, PERCEIVED, strict=True)},
        DIMENSIONS,
        points=POINTS,
    )
    gaps = {row.name: row.value for row in found.dimensions}
    wanted = {"tangibles": -0.5, "reliability": -1.2, "responsiveness": -1.0, "assurance": -0.5, "empathy": -0.6}
    assert gaps == pytest.approx(wanted)
    assert found.unweighted is not None
    assert found.unweighted.value == pytest.approx(-0.76)
    assert found.weighted is not None
    assert found.weighted.value == pytest.approx(-0.854)
    assert (found.n, found.method, len(found.items)) == (1, "servqual", 22)


def test_servperf_is_the_perceptions_alone() -> None:
    """Cronin and Taylor 1992: the 22 perceptions, without expectations."""
    found = service_performance({name: [value] for name, value in zip(NAMES, PERCEIVED, strict=True)}, DIMENSIONS)
    assert {row.name: row.value for row in found.dimensions} == pytest.approx(
        {"tangibles": 5.5, "reliability": 5.6, "responsiveness": 5.5, "assurance": 5.75, "empathy": 5.0}
    )
    assert {row.expectation for row in found.dimensions} == {None}
    assert found.method == "servperf"


def test_points_weight_the_own_gaps_of_a_respondent_before_averaging() -> None:
    """Two who each miss what they care for: -2. Mean points on mean gaps would say -1."""
    found = service_gaps(
        {"a": [7, 7], "b": [7, 7]},
        {"a": [5, 7], "b": [7, 5]},
        {"first": ["a"], "second": ["b"]},
        points={"first": [100, None], "second": [None, 100]},
    )
    assert found.weighted is not None
    assert found.weighted.value == pytest.approx(-2)
    assert found.unweighted is not None
    assert found.unweighted.value == pytest.approx(-1)
    assert [row.weight for row in found.dimensions] == [0.5, 0.5]
