"""Timeliness: the same table of handoffs passes the door of each engine and gives the same attainments."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from baton_analysis.engines import engine_named
from baton_analysis.errors import FactError
from baton_analysis.facts.calendars import business_calendar
from baton_analysis.facts.handoffs import Promise, Target, check_handoffs, events_of_rows, handoff_facts
from baton_analysis.measures.timeliness import attainments
from tests.analysis.engines.test_same_answers import OTHERS


@pytest.fixture(scope="module")
def facts() -> pl.DataFrame:
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
def test_attainments(facts: pl.DataFrame, engine: str) -> None:
    lazy = engine_named(engine).lazy(facts)
    check_handoffs(lazy)
    expected = attainments(engine_named("polars").lazy(facts)).to_table()
    assert_frame_equal(attainments(lazy).to_table(), expected, rel_tol=1e-9, abs_tol=1e-9)
    assert min(expected.select("kept", "late", "overdue", "waiting", "without_promise").sum().row(0)) > 0
    with pytest.raises(FactError, match="rows hold a number that is negative or not finite"):
        check_handoffs(engine_named(engine).lazy(facts.with_columns(net_seconds=pl.lit(float("nan")), open=False)))
