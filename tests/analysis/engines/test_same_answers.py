"""Every engine gives the same answers, to one in a thousand million.

All that needs Spark stands in this one file, so that it is started once in a run.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from baton_analysis.analyse.configuration import configuration
from baton_analysis.analyse.running import analyse
from baton_analysis.engines import ENGINES, engine_named
from baton_analysis.errors import EngineError, FactError
from baton_analysis.facts.calendars import business_calendar
from baton_analysis.facts.events import EventFacts, EventMapping, event_facts
from baton_analysis.facts.handoffs import Promise, Target, check_handoffs, events_of_rows, handoff_facts
from baton_analysis.measures.directly_follows import directly_follows, directly_follows_counts
from baton_analysis.measures.handover_chain import handover_chain, handover_counts
from baton_analysis.measures.link_weeks import link_weeks, link_weeks_of_files, refreshed_link_weeks
from baton_analysis.measures.path_times import path_times
from baton_analysis.measures.perfect_handoff import perfect_handoff
from baton_analysis.measures.timeliness import attainments

OTHERS = [
    "duckdb",
    pytest.param(
        "spark",
        marks=[
            pytest.mark.spark,
            pytest.mark.slow,
            pytest.mark.skipif(shutil.which("java") is None, reason="Spark needs Java, which is not on this machine"),
        ],
    ),
]


@pytest.fixture(scope="module", autouse=True)
def quick_java() -> Iterator[None]:
    """Java without its second compiler, which costs more than these few rows ever give back."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("JAVA_TOOL_OPTIONS", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC")
        yield


@pytest.fixture(scope="module")
def events() -> EventFacts:
    """5,000 events with ties, missing parties and missing times, in no order."""
    chance = np.random.default_rng(11)
    count = 5_000
    hours = chance.integers(0, 24 * 90, count)
    frame = pl.DataFrame(
        {
            "case": [f"c{number}" for number in chance.integers(0, 700, count)],
            "team": [None if number == 0 else f"team {number}" for number in chance.integers(0, 12, count)],
            "time": pl.Series(hours * 3_600_000_000, dtype=pl.Int64).cast(pl.Datetime("us", "UTC")),
        }
    ).with_columns(pl.when(pl.Series(chance.random(count) > 0.01)).then("time").alias("time"))
    return event_facts(frame, EventMapping("case", "team", "time"), zone="Asia/Shanghai")


@pytest.mark.parametrize("engine", OTHERS)
def test_handovers(events: EventFacts, engine: str) -> None:
    expected, found = handover_chain(events), handover_chain(events, engine=engine)
    assert found.engine == engine
    for frame in ("edges_frame", "weekly_frame", "handovers_frame"):
        assert_frame_equal(getattr(found, frame), getattr(expected, frame), rel_tol=1e-9, abs_tol=1e-9)
    for count in ("cases", "events", "parties", "handovers", "cases_with_handover", "pairs", "ping_pong"):
        assert getattr(found, count) == getattr(expected, count)
        assert type(getattr(found, count)) is type(getattr(expected, count))
    assert_frame_equal(handover_counts(events, engine=engine), handover_counts(events))


@pytest.mark.parametrize("engine", OTHERS)
def test_directly_follows_graph(events: EventFacts, engine: str) -> None:
    expected, found = directly_follows(events), directly_follows(events, engine=engine)
    for frame in ("steps_frame", "activities_frame"):
        assert_frame_equal(getattr(found, frame), getattr(expected, frame), rel_tol=1e-9, abs_tol=1e-9)
    assert_frame_equal(directly_follows_counts(events, engine=engine), directly_follows_counts(events))


@pytest.fixture(scope="module")
def handoffs() -> pl.DataFrame:
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


def written(handoffs: pl.DataFrame, folder: Path) -> Path:
    """A file for each four weeks, and one of the undated."""
    month = ((pl.col("week") - 20_000) // 28).alias("month")
    for key, part in handoffs.with_columns(month).partition_by("month", as_dict=True, include_key=False).items():
        place = folder / f"month={key[0]}"
        place.mkdir(parents=True)
        part.write_parquet(place / "all [of them].parquet")
    return folder


@pytest.mark.parametrize("engine", OTHERS)
def test_link_weeks(handoffs: pl.DataFrame, engine: str, tmp_path: Path) -> None:
    expected = link_weeks(engine_named("polars").lazy(handoffs))
    found = link_weeks(engine_named(engine).lazy(handoffs), engine=engine)
    assert found.engine == engine
    assert [warning.count for warning in found.warnings] == [handoffs["week"].null_count()]
    assert_frame_equal(found.frame, expected.frame, rel_tol=1e-9, abs_tol=1e-9)
    folder = written(handoffs, tmp_path / "facts")
    of_files = link_weeks_of_files(folder, engine=engine)
    assert_frame_equal(of_files.frame, expected.frame, rel_tol=1e-9, abs_tol=1e-9)
    assert of_files.warnings == expected.warnings
    stored = refreshed_link_weeks(folder, tmp_path / "link-weeks.parquet", engine=engine)
    assert_frame_equal(stored.frame, expected.frame, rel_tol=1e-9, abs_tol=1e-9)


@pytest.mark.parametrize("engine", OTHERS)
def test_the_command_analyse(handoffs: pl.DataFrame, engine: str, tmp_path: Path) -> None:
    facts = written(handoffs, tmp_path / "facts")
    wanted = configuration({"promise": {"attainment": 0.6}, "specification": {"upper_seconds": 20_000}})
    expected, found = (analyse(facts, wanted, tmp_path / name, engine=name) for name in ("polars", engine))
    assert_frame_equal(found.links, expected.links, rel_tol=1e-9, abs_tol=1e-9)
    assert_frame_equal(found.signals, expected.signals, rel_tol=1e-9, abs_tol=1e-9)
    assert found.capabilities.keys() == expected.capabilities.keys()
    for subject, capability in expected.capabilities.items():
        assert_frame_equal(found.capabilities[subject].to_table(), capability.to_table(), rel_tol=1e-9)


@pytest.fixture(scope="module")
def promised() -> pl.DataFrame:
    """2,000 handoffs of 12 links in 20 weeks, some open and some without a promise."""
    chance = np.random.default_rng(7)
    count = 2_000
    received = 1_767_225_600 + chance.integers(0, 140 * 86_400, count)
    accepted = received + np.round(chance.lognormal(11, 1, count))
    rows = pl.DataFrame({
        "subject": [f"甲{number}>ward" for number in chance.integers(0, 12, count)],
        "case": np.arange(count),
        "received": pl.from_epoch(pl.Series(received)).dt.replace_time_zone("UTC"),
        "accepted": pl.from_epoch(pl.Series(accepted.astype(np.int64))).dt.replace_time_zone("UTC"),
        "priority": np.where(chance.random(count) < 0.2, "high", "low"),
    })  # fmt: skip
    calendar = business_calendar("Asia/Shanghai", {"mon-fri": [("09:00", "12:00"), ("13:30", "18:00")]})
    quick, none = Promise(calendar, Target(days=2), {"high": Target(seconds=14_400)}), Promise(calendar)
    promises = {subject: none if subject.startswith("甲3>") else quick for subject in rows["subject"].unique()}
    return handoff_facts(events_of_rows(rows), promises, as_of=datetime(2026, 5, 4, tzinfo=UTC)).frame


@pytest.mark.parametrize("engine", OTHERS)
def test_attainments(promised: pl.DataFrame, engine: str) -> None:
    lazy = engine_named(engine).lazy(promised)
    check_handoffs(lazy)
    expected = attainments(engine_named("polars").lazy(promised)).to_table()
    assert_frame_equal(attainments(lazy).to_table(), expected, rel_tol=1e-9, abs_tol=1e-9)
    assert min(expected.select("kept", "late", "overdue", "waiting", "without_promise").sum().row(0)) > 0
    with pytest.raises(FactError, match="rows hold a number that is negative or not finite"):
        check_handoffs(engine_named(engine).lazy(promised.with_columns(net_seconds=pl.lit(float("nan")), open=False)))


@pytest.mark.parametrize("engine", OTHERS)
def test_path_times(promised: pl.DataFrame, engine: str) -> None:
    """200 references on three links, some handoffs open, some references in two parts, some promises for the moment."""
    path = ["甲0>ward", "甲1>ward", "甲2>ward"]
    marked = promised.with_columns(reference=pl.format("R{}", pl.col("case") % 200), due_agreed=pl.col("case") % 3 == 0)
    expected = path_times(engine_named("polars").lazy(marked), path)
    found = path_times(engine_named(engine).lazy(marked), path)
    assert expected.n > 10
    assert (found.n, found.references, found.interval) == (expected.n, expected.references, expected.interval)
    for frame in ("links", "legs"):
        assert_frame_equal(getattr(found, frame), getattr(expected, frame), rel_tol=1e-9, abs_tol=1e-9)


@pytest.mark.parametrize("engine", OTHERS)
def test_perfect_handoff(promised: pl.DataFrame, engine: str) -> None:
    parts = promised.select(
        on_time=~pl.col("late"), complete=pl.col("case") % 7 > 0,
        conforming=pl.when(pl.col("case") % 5 > 0).then(pl.col("case") % 11 > 0), information_right=pl.lit(True),
        undelivered=pl.col("case") % 13 == 0,
    )  # fmt: skip
    for unknown in ("as_failed", "left_out"):
        expected = perfect_handoff(parts, unknown=unknown)
        assert perfect_handoff(engine_named(engine).lazy(parts), unknown=unknown) == expected
        assert expected.incomplete > 0


@pytest.mark.parametrize("engine", OTHERS)
def test_no_handovers_at_all(engine: str) -> None:
    frame = pl.DataFrame({"case": ["1", "2"], "team": ["A", "B"]})
    chain = handover_chain(event_facts(frame, EventMapping("case", "team")), engine=engine)
    assert (chain.handovers, chain.edges, chain.ping_pong.cases) == (0, (), 0)


def test_an_unknown_engine_is_refused_by_name() -> None:
    with pytest.raises(EngineError) as refusal:
        engine_named("abacus")
    assert "“abacus”" in str(refusal.value)
    assert all(name in str(refusal.value) for name in ENGINES)
