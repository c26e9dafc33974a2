"""Perfect handoffs by the definition of SCOR RL.1.1: an order counts if all of its components are right."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import polars as pl
import pytest

from baton_analysis.errors import MeasureError
from baton_analysis.measures.perfect_handoff import PARTS, Unknown, perfect_handoff


def table(*rows: tuple[bool | None, bool | None, bool | None, bool | None, int]) -> pl.DataFrame:
    kinds: dict[str, Any] = {**dict.fromkeys(PARTS, pl.Boolean), "handoffs": pl.Int64}
    return pl.DataFrame(rows, schema=kinds, orient="row")


def test_scor_one_part_that_fails_is_enough() -> None:
    found = perfect_handoff(
        table((True,) * 4 + (80,), (False, True, True, True, 15), (False, False, True, True, 5)), unknown="left_out"
    )
    assert (found.n, found.perfect, found.value) == (100, 80, 0.8)
    assert found.interval == pytest.approx((0.7112, 0.8666), abs=5e-5)  # Wilson 1927
    assert [part.value for part in found.parts] == [0.8, 0.95, 1.0, 1.0]
    assert found.product == pytest.approx(0.76)
    assert found.failures is not None
    assert [(row.name, row.count) for row in found.failures.rows][:2] == [("on_time", 20), ("complete", 5)]


@pytest.mark.parametrize(
    ("unknown", "n", "perfect"), [("left_out", 90, 80), ("as_failed", 100, 80), ("as_right", 100, 85)]
)
def test_what_is_not_known_is_settled_as_it_was_said(unknown: Unknown, n: int, perfect: int) -> None:
    rows = table(
        (True,) * 4 + (80,), (True, True, True, False, 10), (True, True, True, None, 5), (None, False, True, True, 5)
    )
    found = perfect_handoff(rows, unknown=unknown)
    assert (found.n, found.perfect, found.incomplete, found.handoffs) == (n, perfect, 10, 100)
    assert found.bounds == (0.80, 0.85)
    assert [part.unknown for part in found.parts] == [5, 0, 0, 5]


def test_rows_of_single_handoffs_and_rows_with_counts_say_the_same() -> None:
    chance = np.random.default_rng(4)
    single = pl.DataFrame({name: chance.random(500) < 0.9 for name in PARTS})
    counted = single.group_by(PARTS).len("handoffs")
    assert perfect_handoff(single, unknown="left_out") == perfect_handoff(counted, unknown="left_out")


def test_what_never_came_is_judged_and_its_unknown_parts_are_not_right() -> None:
    """Scor counts an order that was not delivered as not perfect; whether its papers were right nobody can say."""
    rows = table(
        (True,) * 4 + (8,), (True, True, False, True, 1), (False, False, None, None, 4), (None, None, None, None, 2)
    ).with_columns(undelivered=pl.Series([False, False, True, False]))
    found = perfect_handoff(rows, unknown="left_out")
    assert (found.n, found.perfect, found.handoffs, found.incomplete) == (13, 8, 15, 6)
    assert {one.name: (one.right, one.n) for one in found.parts} == {
        "on_time": (9, 13), "complete": (9, 13), "conforming": (8, 9), "information_right": (9, 9),
    }  # fmt: skip
    assert found.product == pytest.approx(9 / 13 * 9 / 13 * 8 / 9)
    assert found.bounds == (8 / 15, 10 / 15)
    assert found.failures is not None
    assert {one.name: one.count for one in found.failures.rows} == {
        "on_time": 4, "complete": 4, "conforming": 1, "information_right": 0,
    }  # fmt: skip
    assert [one.render() for one in found.warnings][1:] == [
        "2 handoffs of 15 are left out because a part is not known. Look at the bounds."
    ]


def test_where_nothing_came_there_is_no_product_of_shares() -> None:
    never = pl.DataFrame({
        "on_time": [False], "complete": [False], "conforming": [None], "information_right": [None],
        "undelivered": [True], "handoffs": [3],
    }, schema_overrides=dict.fromkeys(PARTS, pl.Boolean))  # fmt: skip
    found = perfect_handoff(never, unknown="left_out")
    assert (found.n, found.value, found.product) == (3, 0.0, None)
    assert [(one.n, one.value) for one in found.parts] == [(3, 0.0), (3, 0.0), (0, None), (0, None)]
    assert perfect_handoff(never, unknown="as_right").value == 0.0
    contrary = never.with_columns(on_time=True, complete=True, conforming=True, information_right=True)
    assert perfect_handoff(contrary, unknown="left_out").perfect == 0
    assert [part.n for part in perfect_handoff(never, unknown="as_failed").parts] == [3, 3, 3, 3]


def test_recovery_of_parts_that_fail_independently() -> None:
    chance, true = np.random.default_rng(5), (0.95, 0.97, 0.96, 0.99)
    rows = pl.DataFrame({name: chance.random(40_000) < share for name, share in zip(PARTS, true, strict=True)})
    found = perfect_handoff(rows, unknown="left_out")
    assert found.interval is not None
    assert found.interval[0] < np.prod(true) < found.interval[1]
    assert found.product == pytest.approx(found.value, abs=0.003)


def test_what_cannot_be_said_is_not_said() -> None:
    never = perfect_handoff(table((True, True, True, None, 50)), unknown="left_out")
    assert (never.n, never.value, never.product, never.failures, never.bounds) == (0, None, None, None, (0.0, 1.0))
    assert [warning.render() for warning in never.warnings] == [
        "No handoff can be judged: there is no share.",
        "Of no handoff is it known: information_right.",
        "50 handoffs of 50 are left out because a part is not known. Look at the bounds.",
    ]
    few = perfect_handoff(table((True,) * 4 + (1,)), unknown="as_failed")
    assert few.warnings[0].render() == "The share rests on 1 handoff; 30 are wanted. Look at the interval."
    assert json.loads(json.dumps(few.to_dict()))["failures"] is None
    assert never.to_table().height == 5


@pytest.mark.parametrize(
    ("rows", "settings", "words"),
    [
        (pl.DataFrame({"on_time": [True]}), {}, "Not so: complete, conforming, information_right"),
        (pl.DataFrame({"on_time": [1]}), {"parts": ["on_time"]}, "Not so: on_time"),
        (pl.DataFrame({"on_time": [True]}), {"parts": []}, "Parts: –"),
        (pl.DataFrame({"on_time": [True], "undelivered": [1]}), {"parts": ["on_time"]}, "Not so: undelivered"),
        (pl.DataFrame({"on_time": [True], "handoffs": ["x"]}), {"parts": ["on_time"]}, "Not so: handoffs"),
        (pl.DataFrame({"on_time": [True]}), {"parts": ["on_time"], "unknown": "ignored"}, "“ignored” was given"),
    ],
)
def test_a_table_that_is_none_is_refused(rows: pl.DataFrame, settings: dict[str, Any], words: str) -> None:
    with pytest.raises(MeasureError) as refused:
        perfect_handoff(rows, **{"unknown": "left_out", **settings})
    assert words in str(refused.value)
