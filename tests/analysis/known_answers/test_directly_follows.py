"""Directly-follows graphs of published logs, against pm4py 2.7.23.11 (discover_dfg, discover_performance_dfg).

BPI Challenge 2013, Volvo IT incidents, DOI 10.4121/500573e6-accc-4b0c-9576-aa5468b10cee. BPI Challenge 2020, domestic
declarations, DOI 10.4121/uuid:52fb97d4-4588-43c9-9d04-3604d4613b51.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from baton_analysis.facts.events import event_facts
from baton_analysis.measures.directly_follows import (
    DirectlyFollowsGraph,
    activity_mapping,
    directly_follows,
    directly_follows_counts,
)
from baton_analysis.readers import read

pytestmark = pytest.mark.shared_data

COLUMNS = ("case:concept:name", "concept:name", "time:timestamp")


def graph_of(path: Path) -> DirectlyFollowsGraph:
    table = read(path, columns=COLUMNS)
    facts = event_facts(table.frame, activity_mapping(*COLUMNS), digest=table.digest)
    graph = directly_follows(facts)
    counts = directly_follows_counts(facts)
    assert counts.equals(graph.steps_frame.select("before", "after", "count"))
    return graph


def test_bpi_2013_incidents(shared_data: Path) -> None:
    graph = graph_of(shared_data / "eventlogs" / "bpi2013_incidents.xes.gz")
    assert (graph.n, graph.cases, graph.events, len(graph.steps)) == (57_979, 7_554, 65_533, 11)
    assert [(step.before, step.after, step.count) for step in graph.steps[:5]] == [
        ("Accepted", "Accepted", 22_527),
        ("Queued", "Accepted", 10_729),
        ("Accepted", "Queued", 9_498),
        ("Accepted", "Completed", 8_084),
        ("Completed", "Completed", 5_741),
    ]
    assert [step.median_seconds for step in graph.steps[:3]] == [178, 2_603, 205]
    means = [105_936.3851378346, 98_651.53182962065, 41_924.52179406191]
    assert [step.mean_seconds for step in graph.steps[:3]] == pytest.approx(means, rel=1e-12)
    assert graph.activities_frame.rows() == [
        ("Accepted", 40_117, 6_394, 8),
        ("Completed", 13_867, 4, 7_546),
        ("Queued", 11_544, 1_156, 0),
        ("Unmatched", 5, 0, 0),
    ]


def test_bpi_2020_domestic_declarations(shared_data: Path) -> None:
    graph = graph_of(shared_data / "eventlogs" / "bpi2020_domestic_declarations.xes.gz")
    assert (graph.n, graph.events, len(graph.steps)) == (45_271, 55_628, 32)
    first = graph.steps[0]
    assert (first.before, first.after) == ("Declaration FINAL_APPROVED by SUPERVISOR", "Request Payment")
    assert (first.count, first.median_seconds) == (9_912, 97_763.5)
    assert first.mean_seconds == pytest.approx(265_152.7215496368, rel=1e-12)
    ends = {row["activity"]: row["ends"] for row in graph.activities_frame.iter_rows(named=True) if row["ends"]}
    assert ends == {
        "Payment Handled": 9_911,
        "Declaration REJECTED by EMPLOYEE": 284,
        "Declaration SAVED by EMPLOYEE": 134,
        "Declaration REJECTED by MISSING": 28,
    }
