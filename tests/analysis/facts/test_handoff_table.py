"""A table of handoffs at the door: what is refused, and what is said about it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime

import polars as pl
import pytest

from baton_analysis.engines import engine_named
from baton_analysis.errors import FactError
from baton_analysis.facts.handoffs import HANDOFFS, check_handoffs, handoff_schema

MONDAY = (date(2026, 3, 2) - date(1970, 1, 1)).days


def table() -> pl.DataFrame:
    """Two handoffs, one of them open."""
    required = [column.name for column in HANDOFFS if column.required]
    rows = {
        "subject": ["lab>ward", "lab>ward"],
        "case": [1, 2],
        "at": [datetime(2026, 3, 2, 10, tzinfo=UTC), datetime(2026, 3, 3, 10, tzinfo=UTC)],
        "day": [MONDAY, MONDAY + 1],
        "week": [MONDAY, MONDAY],
        "net_seconds": [3600.0, None],
        "target_seconds": [7200.0, 7200.0],
        "late": [False, None],
        "open": [False, True],
        "returned": [False, False],
    }
    return pl.DataFrame(rows, schema={name: handoff_schema()[name] for name in required})


@pytest.mark.parametrize("engine", ["polars", "duckdb"])
def test_a_right_table_passes(engine: str) -> None:
    check_handoffs(engine_named(engine).lazy(table()))


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda rows: rows.drop("late", "open"), "The columns that are absent: late, open."),
        (lambda rows: rows.with_columns(pl.col("case").cast(pl.String)), "“case” must hold Int64. It holds String."),
        (lambda rows: rows.with_columns(at=pl.col("day")), "“at” must hold Datetime"),
        (lambda rows: rows.with_columns(late=pl.lit(0)), "“late” must hold Boolean"),
        (lambda rows: rows.with_columns(subject=pl.lit(None, dtype=pl.String)), "2 rows have none."),
        (lambda rows: rows.with_columns(target_seconds=pl.Series([-1.0, 5.0])), "1 row holds a number"),
        (lambda rows: rows.with_columns(target_seconds=pl.Series([float("nan"), float("inf")])), "2 rows hold a num"),
        (lambda rows: rows.with_columns(net_seconds=pl.Series([1.0, 2.0])), "1 open handoff has one."),
        (lambda rows: rows.with_columns(case=pl.lit(7)), "1 row repeats a subject and case."),
    ],
)
def test_a_wrong_table_is_refused(spoil: Callable[[pl.DataFrame], pl.DataFrame], said: str) -> None:
    with pytest.raises(FactError, match="Every|must|holds|is empty") as refused:
        check_handoffs(engine_named().lazy(spoil(table())))
    assert said in str(refused.value)


def test_a_table_that_baton_made_is_not_read_again() -> None:
    check_handoffs(engine_named().lazy(table().with_columns(case=pl.lit(7))), values=False)
