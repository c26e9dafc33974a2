"""What holds for every publication: nothing about few can be computed, no more is hidden than must be, and bad input is
refused."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from baton_analysis.errors import MeasureError
from baton_analysis.measures.disclosure import audit_cells, publishable_cells
from tests.analysis.small_organisations import GROUPINGS, cells_of, exposed, organisation

SCALE: dict[str, Any] = {"value": "score", "low": 1.0, "high": 5.0}
CUBE: list[list[str]] = [[], ["team"], ["band"], ["team", "band"]]


def table(sizes: list[list[int]], seed: int = 0) -> pl.DataFrame:
    """Teams by bands, so many answers in each cell, of every step of the scale."""
    chance = np.random.default_rng(seed)
    rows = [
        (f"t{team}", f"b{band}", int(chance.integers(1, 6)))
        for team, row in enumerate(sizes)
        for band, size in enumerate(row)
        for _ in range(size)
    ]
    return pl.DataFrame(rows, schema={"team": pl.String, "band": pl.String, "score": pl.Int64}, orient="row")


tables = st.integers(1, 4).flatmap(
    lambda bands: st.lists(st.lists(st.integers(0, 12), min_size=bands, max_size=bands), min_size=1, max_size=4)
)


@settings(max_examples=60, deadline=None)
@given(tables, st.integers(3, 6), st.integers(0, 10**6))
def test_nothing_about_few_can_be_computed(sizes: list[list[int]], least: int, seed: int) -> None:
    answers = table(sizes, seed)
    if not answers.height:
        return
    found = publishable_cells(answers, CUBE, **SCALE, least=least)
    cells = cells_of(answers, CUBE)
    assert set(found.published) | set(found.hidden) == set(cells)
    assert exposed(cells, found.published, least) is None
    audit = audit_cells(answers, CUBE, found.published, **SCALE, least=least)
    assert audit.safe
    assert audit.hidden == len(found.hidden)
    assert audit.frame.filter((pl.col("n") < least) & (pl.col("lower") == pl.col("upper"))).height == 0


# The two totals of ten differ by 4: one of two people said 5 and the other 1, though no few are singled out by counts.
@example([[1, 9], [2, 1]], 22968)
@settings(max_examples=25, deadline=None)
@given(st.lists(st.lists(st.integers(1, 12), min_size=2, max_size=2), min_size=2, max_size=2), st.integers(0, 10**6))
def test_no_more_is_hidden_than_must_be(sizes: list[list[int]], seed: int) -> None:
    """Every other choice of cells that is safe hides as many answers or more: all 512 are tried."""
    answers = table(sizes, seed)
    cells = cells_of(answers, CUBE)
    found = publishable_cells(answers, CUBE, **SCALE)
    first = {key for key, why in found.hidden.items() if why in {"few", "alike"}}
    if any(why == "alike" for why in found.hidden.values()):
        return
    others = [key for key in cells if key not in first]
    hidden = sum(len(cells[key]) for key in found.hidden if key not in first)
    for many in range(len(others) + 1):
        for chosen in combinations(others, many):
            if sum(len(cells[key]) for key in chosen) < hidden:
                left = [key for key in others if key not in chosen]
                told = exposed(cells, left, 5) is not None
                assert told or not audit_cells(answers, CUBE, left, **SCALE, least=5).safe


def test_the_order_of_the_answers_does_not_matter() -> None:
    answers = organisation(3)
    one = publishable_cells(answers, GROUPINGS, **SCALE)
    other = publishable_cells(answers.sample(fraction=1, shuffle=True, seed=1), GROUPINGS, **SCALE)
    sizes = {key: len(members) for key, members in cells_of(answers).items()}
    assert sum(sizes[key] for key in one.hidden) == sum(sizes[key] for key in other.hidden)


def test_nothing_is_hidden_where_all_are_many() -> None:
    found = publishable_cells(table([[30, 40], [50, 60]]), CUBE, **SCALE)
    assert not found.hidden
    assert found.warnings == ()
    assert audit_cells(table([[30, 40], [50, 60]]), CUBE, found.published, **SCALE).safe


def test_sheets_without_a_value_count_nowhere() -> None:
    answers = table([[5, 9]]).with_columns(score=pl.when(pl.int_range(pl.len()) > 0).then("score"))
    found = publishable_cells(answers, CUBE, **SCALE)
    assert (found.n, found.left_out) == (13, 1)
    assert not found.frame.filter(pl.col("cell") == "t0, b0")["shown"].item()
    assert found.warnings[0].render() == "1 answer in which something is missing is left out."


def test_a_missing_band_is_a_cell_of_its_own() -> None:
    answers = table([[9, 9], [9, 9]]).with_columns(band=pl.when(pl.int_range(pl.len()) < 34).then("band"))
    found = publishable_cells(answers, CUBE, **SCALE)
    assert found.hidden[(("band", "–"),)] == "few"


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"groupings": []}, "Groupings: 0"),
        ({"groupings": ["team"]}, "Groupings: 1"),
        ({"groupings": [["floor"]]}, "no numbers: floor"),
        ({"groupings": [["score"]]}, "a column of numbers that none of them has"),
        ({"value": "band"}, "no numbers: band"),
        ({"value": "mark"}, "no numbers: mark"),
        ({"low": 2.0}, "the scale goes from 2.0 to 5.0"),
        ({"high": float("nan")}, "to nan"),
        ({"least": 2}, "It is 2"),
        ({"least": 10**6}, "It is 1000000"),
        ({"answers": table([[5, 5]]).clear()}, "There are 0"),
        (
            {"answers": pl.DataFrame({"team": [["a"]] * 9, "band": ["b"] * 9, "score": [1] * 9})},
            "lists or records: team",
        ),
        ({"answers": pl.DataFrame({"team": range(6000), "band": ["b"] * 6000, "score": [1] * 6000})}, "and more"),
        ({"already": [()], "answers": table([[3]])}, "Cells that are out already"),
    ],
)
def test_what_cannot_be_published_is_refused_with_a_remedy(changed: dict[str, Any], words: str) -> None:
    usual: dict[str, Any] = {"answers": table([[9, 9], [9, 9]]), "groupings": CUBE, **SCALE}
    with pytest.raises(MeasureError) as refused:
        publishable_cells(**{**usual, **changed})
    assert words in str(refused.value)
    assert refused.value.remedy


def test_a_published_cell_that_is_none_is_refused() -> None:
    with pytest.raises(MeasureError, match="This one is not"):
        audit_cells(table([[9, 9]]), CUBE, [(("team", "t7"),)], **SCALE)
