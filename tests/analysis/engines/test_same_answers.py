"""Every engine gives the same answers, to one in a thousand million."""

from __future__ import annotations

import shutil

import numpy as np
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from baton_analysis.engines import ENGINES, engine_named
from baton_analysis.errors import EngineError
from baton_analysis.facts.events import EventFacts, EventMapping, event_facts
from baton_analysis.measures.directly_follows import directly_follows, directly_follows_counts
from baton_analysis.measures.handover_chain import handover_chain, handover_counts

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


@pytest.fixture(scope="module")
def facts() -> EventFacts:
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
def test_handovers(facts: EventFacts, engine: str) -> None:
    expected, found = handover_chain(facts), handover_chain(facts, engine=engine)
    assert found.engine == engine
    for frame in ("edges_frame", "weekly_frame", "handovers_frame"):
        assert_frame_equal(getattr(found, frame), getattr(expected, frame), rel_tol=1e-9, abs_tol=1e-9)
    for count in ("cases", "events", "parties", "handovers", "cases_with_handover", "pairs", "ping_pong"):
        assert getattr(found, count) == getattr(expected, count)
        assert type(getattr(found, count)) is type(getattr(expected, count))
    assert_frame_equal(handover_counts(facts, engine=engine), handover_counts(facts))


@pytest.mark.parametrize("engine", OTHERS)
def test_directly_follows_graph(facts: EventFacts, engine: str) -> None:
    expected, found = directly_follows(facts), directly_follows(facts, engine=engine)
    for frame in ("steps_frame", "activities_frame"):
        assert_frame_equal(getattr(found, frame), getattr(expected, frame), rel_tol=1e-9, abs_tol=1e-9)
    assert_frame_equal(directly_follows_counts(facts, engine=engine), directly_follows_counts(facts))


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
