"""Directly-follows graphs of logs that are made up, against a plain reckoning in Python."""

from __future__ import annotations

from collections import Counter
from statistics import fmean, median

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from baton_analysis.facts.events import event_facts
from baton_analysis.measures.directly_follows import activity_mapping, directly_follows
from tests.analysis.properties.test_handover_chain import Row, frame_of

EVENT = st.tuples(
    st.sampled_from(["1", "2", "3"]), st.none() | st.sampled_from(["ask", "do", "check"]), st.integers(0, 600)
)


@settings(deadline=None, max_examples=40)
@given(st.lists(EVENT, min_size=1, max_size=40).filter(lambda rows: any(row[1] for row in rows)))
def test_as_reckoned_with_loops(rows: list[Row]) -> None:
    graph = directly_follows(event_facts(frame_of(rows), activity_mapping("case", "team", "time")))
    durations: dict[tuple[str, str], list[float]] = {}
    starts: Counter[str] = Counter()
    ends: Counter[str] = Counter()
    for case in {row[0] for row in rows}:
        events = [row for row in sorted(rows, key=lambda row: row[2] or 0) if row[0] == case and row[1]]
        for (_, before, left), (_, after, come) in zip(events, events[1:], strict=False):
            durations.setdefault((str(before), str(after)), []).append(60.0 * ((come or 0) - (left or 0)))
        if events:
            starts[str(events[0][1])] += 1
            ends[str(events[-1][1])] += 1
    assert {(step.before, step.after): step.count for step in graph.steps} == {k: len(v) for k, v in durations.items()}
    for step in graph.steps:
        assert step.median_seconds == pytest.approx(median(durations[step.before, step.after]))
        assert step.mean_seconds == pytest.approx(fmean(durations[step.before, step.after]))
    for row in graph.activities_frame.iter_rows(named=True):
        assert (row["starts"], row["ends"]) == (starts[row["activity"]], ends[row["activity"]])
    assert graph.n == sum(map(len, durations.values()))


def test_missing_activities_are_left_out_and_counted() -> None:
    rows: list[Row] = [("1", "ask", 0), ("1", None, 5), ("1", "do", 9)]
    graph = directly_follows(event_facts(frame_of(rows), activity_mapping("case", "team", "time")))
    assert [(step.before, step.after, step.mean_seconds) for step in graph.steps] == [("ask", "do", 540.0)]
    assert graph.events == 3
    assert "1 event" in graph.warnings[0].render()
    assert graph.to_dict()["steps"][0]["share"] == 1.0
