"""Weekly series of handovers, counted by hand; the same on every embedded engine."""

from __future__ import annotations

import math
from datetime import date

import numpy as np
import polars as pl
import pytest

from baton_analysis.engines import engine_named
from baton_analysis.errors import FactError
from baton_analysis.measures.weekly_series import weekly_series

MONDAY = (date(2025, 3, 3) - date(1970, 1, 1)).days


def facts() -> pl.DataFrame:
    rows = [
        ("a>b", MONDAY, 60.0, False),
        ("a>b", MONDAY, 120.0, True),
        ("a>b", MONDAY, 600.0, False),
        ("a>b", MONDAY, 1000.0, False),
        ("a>b", MONDAY + 21, None, True),
        ("b>a", MONDAY + 7, 5.0, False),
        ("b>a", None, 7.0, True),
    ]
    schema = {"subject": pl.String, "week": pl.Int32, "wait_seconds": pl.Float64, "returned": pl.Boolean}
    return pl.DataFrame(rows, schema=schema, orient="row")


@pytest.mark.parametrize("engine", ["polars", "duckdb"])
def test_counts_medians_and_gaps(engine: str) -> None:
    found = weekly_series(engine_named(engine).lazy(facts()))
    assert set(found) == {"a>b", "b>a"}
    series = found["a>b"]
    assert series.weeks.tolist() == [MONDAY, MONDAY + 7, MONDAY + 14, MONDAY + 21]
    assert series.handovers.tolist() == [4, 0, 0, 1]
    assert series.waits.tolist() == [4, 0, 0, 0]
    assert series.returns.tolist() == [1, 0, 0, 1]
    assert series.median_wait_seconds[0] == 360.0, "halfway between 120 and 600"
    assert np.isnan(series.median_wait_seconds[1:]).all(), "no wait is known, which is not a wait of nothing"
    assert found["b>a"].handovers.tolist() == [1], "a handover without a time belongs to no week"


@pytest.mark.parametrize("engine", ["polars", "duckdb"])
def test_random_facts_agree_with_counting_one_by_one(engine: str) -> None:
    chance = np.random.default_rng(5)
    count = 3_000
    frame = pl.DataFrame(
        {
            "subject": [f"s{number}" for number in chance.integers(0, 9, count)],
            "week": pl.Series(MONDAY + 7 * chance.integers(0, 30, count), dtype=pl.Int32),
            "wait_seconds": [None if number < 0.1 else number * 1e5 for number in chance.random(count)],
            "returned": chance.random(count) < 0.2,
        }
    )
    found = weekly_series(engine_named(engine).lazy(frame))
    rows = frame.to_dicts()
    for subject, series in found.items():
        for index, week in enumerate(series.weeks):
            here = [row for row in rows if (row["subject"], row["week"]) == (subject, week)]
            waits = [row["wait_seconds"] for row in here if row["wait_seconds"] is not None]
            assert (series.handovers[index], series.waits[index]) == (len(here), len(waits))
            assert series.returns[index] == sum(row["returned"] for row in here)
            expected = float(np.median(waits)) if waits else math.nan
            assert series.median_wait_seconds[index] == pytest.approx(expected, rel=1e-12, nan_ok=True)


def test_a_table_that_is_none_is_refused() -> None:
    with pytest.raises(FactError, match="The column returned is absent"):
        weekly_series(engine_named().lazy(facts().drop("returned")))


def test_nothing_gives_nothing() -> None:
    assert weekly_series(engine_named().lazy(facts().clear())) == {}


def one_link(weeks: list[int]) -> pl.DataFrame:
    """A handover in each of these weeks, counted from MONDAY."""
    return pl.DataFrame(
        {
            "subject": ["a>b"] * len(weeks),
            "week": pl.Series([MONDAY + 7 * week for week in weeks], dtype=pl.Int32),
            "wait_seconds": [60.0 + week for week in weeks],
            "returned": [False] * len(weeks),
        }
    )


def test_one_mistyped_year_makes_no_endless_series() -> None:
    """1900-01-01 was a Monday; between it and March 2025 lie 6,530 weeks, of which one stays."""
    first = (date(1900, 1, 1) - date(1970, 1, 1)).days
    wrong = one_link([0, 2]).with_columns(week=pl.Series([first, MONDAY + 14], dtype=pl.Int32))
    (series,) = weekly_series(engine_named().lazy(pl.concat([one_link([0, 1]), wrong]))).values()
    assert series.weeks.tolist() == [first, first + 7, MONDAY, MONDAY + 7, MONDAY + 14]
    assert series.handovers.tolist() == [1, 0, 1, 1, 1]
    assert np.isnan(series.median_wait_seconds[1])
    assert series.breaks == (1,)


def test_a_year_without_handovers_is_a_gap_and_a_week_more_a_break() -> None:
    (year,) = weekly_series(engine_named().lazy(one_link([0, 53]))).values()
    assert (len(year), year.breaks) == (54, ())
    (longer,) = weekly_series(engine_named().lazy(one_link([0, 54]))).values()
    assert (len(longer), longer.breaks) == (3, (1,))
    assert longer.weeks.tolist() == [MONDAY, MONDAY + 7, MONDAY + 7 * 54]


def test_what_is_dated_after_the_last_possible_week_is_left_out_and_counted() -> None:
    later = (date(2999, 1, 7) - date(1970, 1, 1)).days
    facts_of_two = pl.concat(
        [
            one_link([0, 1]),
            one_link([0, 0]).with_columns(week=pl.lit(later, dtype=pl.Int32)),
            one_link([0]).with_columns(week=pl.lit(later, dtype=pl.Int32), subject=pl.lit("b>c")),
        ]
    )
    found = weekly_series(engine_named().lazy(facts_of_two), until=MONDAY + 7)
    assert list(found) == ["a>b"], "b>c has no handover that can be"
    assert (found["a>b"].weeks.tolist(), found["a>b"].later) == ([MONDAY, MONDAY + 7], 2)
