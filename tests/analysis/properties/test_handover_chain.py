"""Handovers of logs that are made up, against a plain reckoning in Python."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from baton_analysis.facts.events import EventMapping, event_facts
from baton_analysis.measures.handover_chain import HandoverChain, handover_chain, handover_counts

START = datetime(2026, 3, 2, 8, tzinfo=UTC)
MAPPING = EventMapping(case="case", party="team", time="time")

Row = tuple[str, str | None, int | None]
Pair = tuple[str, str]


def frame_of(rows: list[Row]) -> pl.DataFrame:
    """Rows of case, team, and minutes after the start."""
    return pl.DataFrame(
        {
            "case": [row[0] for row in rows],
            "team": [row[1] for row in rows],
            "time": [None if row[2] is None else START + timedelta(minutes=row[2]) for row in rows],
        },
        schema={"case": pl.String, "team": pl.String, "time": pl.Datetime("us", "UTC")},
    )


def mined(*rows: Row) -> HandoverChain:
    return handover_chain(event_facts(frame_of(list(rows)), MAPPING))


def reckoned(
    rows: list[Row],
) -> tuple[Counter[Pair], Counter[Pair], dict[Pair, list[float]]]:
    """Handovers, returns and waits a pair, case by case, with lists and loops."""
    handovers: Counter[Pair] = Counter()
    returns: Counter[Pair] = Counter()
    waits: dict[Pair, list[float]] = {}
    for case in {row[0] for row in rows}:
        events = sorted((row for row in rows if row[0] == case and row[1] is not None), key=lambda row: row[2] or 0)
        steps = []
        for (_, supplier, left), (_, customer, taken) in zip(events, events[1:], strict=False):
            if supplier != customer and supplier and customer:
                steps.append((supplier, customer))
                waits.setdefault((supplier, customer), []).append(60.0 * ((taken or 0) - (left or 0)))
        handovers.update(steps)
        returns.update(step for step, after in zip(steps, steps[1:], strict=False) if after == step[::-1])
    return handovers, returns, waits


@settings(deadline=None, max_examples=60)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["1", "2", "3"]), st.sampled_from(["A", "B", "C", None]), st.integers(0, 60 * 24 * 30)
        ),
        min_size=1,
        max_size=60,
    ).filter(lambda rows: any(row[1] for row in rows))
)
def test_the_same_as_a_plain_reckoning(rows: list[Row]) -> None:
    facts = event_facts(frame_of(rows), MAPPING)
    chain = handover_chain(facts)
    handovers, returns, waits = reckoned(rows)
    assert {(one.supplier, one.customer): one.handovers for one in chain.edges} == handovers
    assert {(one.supplier, one.customer): one.returns for one in chain.edges if one.returns} == returns
    for one in chain.edges:
        expected = np.quantile(waits[one.supplier, one.customer], [0.5, 0.9])
        assert [one.median_wait_seconds, one.p90_wait_seconds] == pytest.approx(list(expected), abs=1e-6)
    assert chain.weekly_frame["handovers"].sum() == chain.handovers == handovers.total()
    assert {(a, b): n for a, b, n in handover_counts(facts).iter_rows()} == handovers


def test_work_that_comes_straight_back_is_a_return() -> None:
    chain = mined(("1", "A", 0), ("1", "A", 5), ("1", "B", 10), ("1", "B", 20), ("1", "A", 30), ("1", "C", 40))
    assert [(one.supplier, one.customer, one.returns) for one in chain.edges] == [
        ("A", "B", 1),
        ("A", "C", 0),
        ("B", "A", 0),
    ]
    assert (chain.ping_pong.count, chain.ping_pong.cases, chain.cases_with_handover) == (1, 1, 1)
    assert [one.median_wait_seconds for one in chain.edges] == [300, 600, 600]


def test_the_chain_goes_on_past_an_event_without_party() -> None:
    chain = mined(("1", "A", 0), ("1", None, 5), ("1", "B", 10), ("1", None, 11), ("1", "B", 12))
    (only,) = chain.edges
    assert (only.supplier, only.customer, only.median_wait_seconds) == ("A", "B", 600)
    assert "2 events have no party" in chain.notices[0].render()


def test_work_does_not_pass_from_case_to_case() -> None:
    chain = mined(("1", "A", 0), ("2", "B", 1), ("3", "A", 2))
    assert (chain.handovers, chain.pairs, chain.edges, chain.ping_pong.count) == (0, 0, (), 0)
    assert chain.to_dict()["weekly"] == []


def test_a_handover_without_times_counts_but_has_no_wait_and_no_week() -> None:
    chain = mined(("1", "A", 0), ("1", "B", None))
    (only,) = chain.edges
    assert (only.handovers, only.median_wait_seconds, only.first_seen) == (1, None, None)
    assert chain.weekly_frame.is_empty()


def test_without_a_time_column_there_are_handovers_only() -> None:
    rows: list[Row] = [("1", "A", 0), ("1", "B", 1), ("1", "A", 2)]
    chain = handover_chain(event_facts(frame_of(rows).drop("time"), EventMapping("case", "team")))
    assert chain.handovers == 2
    assert chain.edges[0].p90_wait_seconds is None
    assert chain.handovers_frame["at"].null_count() == 2


def test_facts_for_storage_have_one_row_a_handover() -> None:
    chain = mined(("1", "A", 0), ("1", "B", 60), ("1", "A", 60 * 24 * 7))
    rows = chain.handovers_frame
    assert rows["case"].to_list() == ["1", "1"]
    assert rows["at"].to_list() == [START + timedelta(hours=1), START + timedelta(days=7)]
    assert (rows["week"][1] - rows["week"][0], rows["day"][1] - rows["day"][0]) == (7, 7)
    assert rows["returned"].to_list() == [True, False]
    assert [week.start.isoformat() for week in chain.weekly("B", "A")] == ["2026-03-09"]
