"""Link-weeks: the same figures on each engine, from a frame, from files, and week by week."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from baton_analysis.engines import engine_named
from baton_analysis.measures.link_weeks import link_weeks, link_weeks_of_files, refreshed_link_weeks
from tests.analysis.engines.test_same_answers import OTHERS


@pytest.fixture(scope="module")
def facts() -> pl.DataFrame:
    """4,000 handoffs of 12 links in 20 weeks: open ones, unjudged ones, undated ones, ties."""
    chance = np.random.default_rng(5)
    count = 4_000
    day = chance.integers(20_000, 20_140, count)
    seconds = np.round(chance.lognormal(9, 1, count), -1)
    frame = pl.DataFrame(
        {
            "subject": [f"甲{number}>ward" for number in chance.integers(0, 12, count)],
            "week": ((day + 3) // 7 * 7 - 3).astype(np.int32),
            "net_seconds": seconds,
            "late": seconds > 12_000,
            "returned": chance.random(count) < 0.1,
        }
    )

    def sometimes(name: str, share: float) -> pl.Expr:
        return pl.when(pl.Series(chance.random(count) > share)).then(name).alias(name)

    return frame.with_columns(sometimes("week", 0.01), sometimes("net_seconds", 0.05), sometimes("late", 0.3))


def written(facts: pl.DataFrame, folder: Path) -> Path:
    """A file for each four weeks, and one of the undated."""
    month = ((pl.col("week") - 20_000) // 28).alias("month")
    for key, part in facts.with_columns(month).partition_by("month", as_dict=True, include_key=False).items():
        place = folder / f"month={key[0]}"
        place.mkdir(parents=True)
        part.write_parquet(place / "all [of them].parquet")
    return folder


@pytest.mark.parametrize("engine", OTHERS)
def test_link_weeks(facts: pl.DataFrame, engine: str, tmp_path: Path) -> None:
    expected = link_weeks(engine_named("polars").lazy(facts))
    found = link_weeks(engine_named(engine).lazy(facts), engine=engine)
    assert found.engine == engine
    assert [warning.count for warning in found.warnings] == [facts["week"].null_count()]
    assert_frame_equal(found.frame, expected.frame, rel_tol=1e-9, abs_tol=1e-9)
    folder = written(facts, tmp_path / "facts")
    of_files = link_weeks_of_files(folder, engine=engine)
    assert_frame_equal(of_files.frame, expected.frame, rel_tol=1e-9, abs_tol=1e-9)
    assert of_files.warnings == expected.warnings
    stored = refreshed_link_weeks(folder, tmp_path / "link-weeks.parquet", engine=engine)
    assert_frame_equal(stored.frame, expected.frame, rel_tol=1e-9, abs_tol=1e-9)
