"""Link-weeks against NumPy, from files in any cut, and week by week."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from polars.testing import assert_frame_equal

from baton_analysis.engines import engine_named
from baton_analysis.engines.local import PolarsEngine
from baton_analysis.errors import FactError, ReadError
from baton_analysis.facts.files import fact_files, spans_of_weeks
from baton_analysis.measures.link_weeks import LinkWeeks, link_weeks, link_weeks_of_files, refreshed_link_weeks

FIRST = 20_514
"""Monday 2 March 2026 as days since 1970-01-01."""


def handoffs(rows: list[tuple[str, int, float | None, bool | None, bool]]) -> pl.DataFrame:
    """Facts of (subject, weeks after the first, seconds, late, returned)."""
    kinds = {
        "subject": pl.String,
        "week": pl.Int32,
        "net_seconds": pl.Float64,
        "late": pl.Boolean,
        "returned": pl.Boolean,
    }
    return pl.DataFrame([(s, FIRST + 7 * w, *rest) for s, w, *rest in rows], schema=kinds, orient="row")


def computed(facts: pl.DataFrame) -> LinkWeeks:
    return link_weeks(engine_named().lazy(facts))


A_HANDOFF = some.tuples(
    some.sampled_from(["a>b", "b>a", "乙>丙"]),
    some.integers(0, 30),
    some.none() | some.floats(0, 1e6),
    some.none() | some.booleans(),
    some.booleans(),
)


@settings(max_examples=25, deadline=None)
@given(some.lists(A_HANDOFF, min_size=1, max_size=60))
def test_as_numpy(rows: list[tuple[str, int, float | None, bool | None, bool]]) -> None:
    for found in computed(handoffs(rows)).frame.iter_rows(named=True):
        here = [row for row in rows if (row[0], FIRST + 7 * row[1]) == (found["subject"], found["week"])]
        seconds = [row[2] for row in here if row[2] is not None]
        judged = [row[3] for row in here if row[3] is not None]
        assert (found["handoffs"], found["judged"], found["late"]) == (len(here), len(judged), sum(judged))
        assert (found["known"], found["returns"]) == (len(seconds), sum(row[4] for row in here))
        if seconds:
            assert found["median_seconds"] == pytest.approx(np.quantile(seconds, 0.5), rel=1e-12)
            assert found["p90_seconds"] == pytest.approx(np.quantile(seconds, 0.9), rel=1e-12)
            assert found["mean_seconds"] == pytest.approx(np.mean(seconds), rel=1e-12)
        else:
            assert found["median_seconds"] is None


def test_shares_have_an_interval_and_none_where_nothing_was_judged() -> None:
    frame = computed(
        handoffs([("a>b", 0, 5.0, True, False), ("a>b", 0, 5.0, False, False), ("b>c", 0, 5.0, None, True)])
    )
    first, second = frame.frame.iter_rows(named=True)
    assert (first["late_share"], second["late_share"], second["late_low"]) == (0.5, None, None)
    assert first["late_low"] == pytest.approx(0.0945, abs=1e-4)  # Wilson, 1 of 2
    assert frame.to_dict()["weeks"][0]["week"] == "2026-03-02"
    assert frame.n == 3


def test_handovers_of_event_logs_have_waits_and_no_targets() -> None:
    facts = handoffs([("a>b", 0, 60.0, None, True)]).rename({"net_seconds": "wait_seconds"}).drop("late")
    row = computed(facts).frame.row(0, named=True)
    assert (row["median_seconds"], row["judged"], row["late"], row["returns"]) == (60.0, 0, 0, 1)


def test_a_table_without_the_columns_is_refused() -> None:
    with pytest.raises(FactError, match="net_seconds / wait_seconds"):
        computed(handoffs([]).drop("net_seconds"))


def many(weeks: range, seed: int) -> pl.DataFrame:
    chance = np.random.default_rng(seed)
    return handoffs(
        [
            (f"l{link}>x", int(week), float(chance.exponential(5000)), bool(chance.random() < 0.2), False)
            for week in weeks
            for link in range(4)
            for _ in range(3)
        ]
    )


def test_files_are_grouped_a_stretch_of_weeks_at_a_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Files that overlap, and one that holds more than fits: the same as in one go."""
    parts = [many(range(0, 9), 1), many(range(8, 10), 2), many(range(10, 30), 3)]
    for number, part in enumerate(parts):
        part.write_parquet(tmp_path / f"{number}.parquet")
    monkeypatch.setattr(PolarsEngine, "rows_at_once", 50)
    spans = spans_of_weeks(fact_files(tmp_path), 50)
    assert len(spans) > 5
    assert (spans[0][0], spans[-1][1]) == (FIRST, FIRST + 7 * 29)
    assert all(after[0] == before[1] + 7 for before, after in zip(spans, spans[1:], strict=False))
    assert_frame_equal(link_weeks_of_files(tmp_path).frame, computed(pl.concat(parts)).frame, rel_tol=1e-12)


def test_only_weeks_whose_files_changed_are_computed_again(tmp_path: Path) -> None:
    facts, store = tmp_path / "facts", tmp_path / "kept" / "weeks.parquet"
    facts.mkdir()
    parts = {"a": many(range(0, 4), 1), "b": many(range(4, 8), 2)}
    for name, part in parts.items():
        part.write_parquet(facts / f"{name}.parquet")
    assert refreshed_link_weeks(facts, store).computed_weeks == 8
    assert refreshed_link_weeks(facts, store).computed_weeks == 0

    parts["c"] = many(range(7, 9), 3)
    parts["c"].write_parquet(facts / "c.parquet")
    found = refreshed_link_weeks(facts, store)
    assert found.computed_weeks == 2
    assert_frame_equal(found.frame, computed(pl.concat(parts.values())).frame, rel_tol=1e-12)

    (facts / "a.parquet").unlink()
    found = refreshed_link_weeks(facts, store)
    assert found.computed_weeks == 4
    assert_frame_equal(found.frame, computed(pl.concat([parts["b"], parts["c"]])).frame, rel_tol=1e-12)

    store.write_bytes(b"cut off")
    assert refreshed_link_weeks(facts, store).computed_weeks == 5


def test_a_folder_without_facts_and_a_damaged_file_are_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match="holds none"):
        link_weeks_of_files(tmp_path)
    deep = tmp_path / ("long" * 20)
    deep.mkdir()
    (deep / "half.parquet").write_bytes(b"PAR1 and no more")
    with pytest.raises(ReadError, match=r"half\.parquet"):
        link_weeks_of_files(deep)
    pl.DataFrame({"a": [1]}).write_parquet(deep / "half.parquet")
    with pytest.raises(FactError, match="“week”"):
        link_weeks_of_files(deep)
    many(range(2), 1).write_parquet(deep / "half.parquet")
    many(range(2), 1).drop("late").write_parquet(deep / "other.parquet")
    with pytest.raises(FactError, match=r"half\.parquet” has late \(bool\)\."):
        link_weeks_of_files(deep)
