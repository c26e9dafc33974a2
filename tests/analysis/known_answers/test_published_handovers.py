"""Handovers of published event logs, against figures that were computed independently.

BPI Challenge 2013, Volvo IT incidents, DOI 10.4121/500573e6-accc-4b0c-9576-aa5468b10cee. BPI Challenge 2020, domestic
declarations, DOI 10.4121/uuid:52fb97d4-4588-43c9-9d04-3604d4613b51.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from baton_analysis.discover import discover
from baton_analysis.measures.handover_chain import Edge, HandoverChain

pytestmark = pytest.mark.shared_data

DAY = 86_400
CASE = "case:concept:name"


def edge(chain: HandoverChain, supplier: str, customer: str) -> Edge:
    return next(one for one in chain.edges if (one.supplier, one.customer) == (supplier, customer))


@pytest.fixture(scope="module")
def incidents(shared_data: Path) -> HandoverChain:
    return discover(shared_data / "eventlogs" / "bpi2013_incidents.xes.gz", case=CASE, party="org:group")


@pytest.fixture(scope="module")
def declarations(shared_data: Path) -> HandoverChain:
    return discover(shared_data / "eventlogs" / "bpi2020_domestic_declarations.xes.gz", case=CASE, party="org:role")


def test_bpi_2013_support_teams(incidents: HandoverChain) -> None:
    assert (incidents.cases, incidents.events, incidents.parties) == (7_554, 65_533, 649)
    assert (incidents.handovers, incidents.cases_with_handover, incidents.pairs) == (9_454, 3_820, 2_463)
    assert (incidents.ping_pong.count, incidents.ping_pong.cases) == (2_394, 1_177)
    largest = [(one.supplier, one.customer, one.handovers) for one in incidents.edges[:4]]
    assert largest == [("G96", "G97", 255), ("D5", "D4", 123), ("S42", "S43", 100), ("D4", "D5", 92)]


def test_bpi_2013_all_parts_add_up(incidents: HandoverChain) -> None:
    assert sum(one.handovers for one in incidents.edges) == 9_454
    assert sum(one.returns for one in incidents.edges) == incidents.ping_pong.count
    assert sum(one.share for one in incidents.edges) == pytest.approx(1)
    assert incidents.weekly_frame["handovers"].sum() == 9_454
    assert incidents.weekly_frame["returns"].sum() == 2_394
    assert sum(week.handovers for week in incidents.weekly("G96", "G97")) == 255
    assert incidents.handovers_frame.height == 9_454
    assert incidents.handovers_frame["returned"].sum() == 2_394


def test_bpi_2013_as_json(incidents: HandoverChain) -> None:
    answer = json.loads(json.dumps(incidents.to_dict()))
    assert answer["ping_pong"] == {"count": 2_394, "cases": 1_177}
    first = answer["edges"][0]
    assert (first["supplier"], first["customer"], first["handovers"], first["cases"]) == ("G96", "G97", 255, 251)
    assert first["first_seen"] == "2011-12-01T17:44:45+00:00"
    assert {"median_wait_seconds", "p90_wait_seconds", "returns", "last_seen"} <= set(first)
    assert len(answer["input_digest"]) == 64


def test_bpi_2013_organisation_lines(shared_data: Path) -> None:
    path = shared_data / "eventlogs" / "bpi2013_incidents.xes.gz"
    chain = discover(path, case=CASE, party="organization involved")
    assert chain.handovers == 4_350
    assert edge(chain, "Org line C", "Org line A2").handovers == 1_115
    assert edge(chain, "Org line A2", "Org line C").handovers == 665


def test_bpi_2013_persons_are_hidden_unless_allowed(shared_data: Path) -> None:
    path = shared_data / "eventlogs" / "bpi2013_incidents.xes.gz"
    hidden = discover(path, case=CASE, party="org:resource", salt=b"a key")
    shown = discover(path, case=CASE, party="org:resource", allow_persons=True)
    assert all(one.supplier.startswith("person-") for one in hidden.edges)
    assert hidden.handovers == shown.handovers
    assert [one.handovers for one in hidden.edges] == [one.handovers for one in shown.edges]
    assert not {one.supplier for one in hidden.edges} & {one.supplier for one in shown.edges}


def test_bpi_2020_roles_with_the_values_as_written(declarations: HandoverChain) -> None:
    assert (declarations.cases, declarations.events, declarations.handovers) == (10_357, 55_628, 34_287)
    system = edge(declarations, "SUPERVISOR", "UNDEFINED")
    assert system.handovers == 9_914
    assert system.median_wait_seconds == pytest.approx(1.13 * DAY, abs=0.005 * DAY)
    assert edge(declarations, "EMPLOYEE", "ADMINISTRATION").handovers == 8_997
    approval = edge(declarations, "ADMINISTRATION", "SUPERVISOR")
    assert approval.handovers == 5_257
    assert approval.median_wait_seconds == pytest.approx(0.87 * DAY, abs=0.005 * DAY)
    assert edge(declarations, "ADMINISTRATION", "EMPLOYEE").handovers == 936


def test_bpi_2020_with_values_declared_as_missing(shared_data: Path, declarations: HandoverChain) -> None:
    path = shared_data / "eventlogs" / "bpi2020_domestic_declarations.xes.gz"
    chain = discover(path, case=CASE, party="org:role", missing=("?", "MISSING", ""))
    assert "MISSING" in {one.customer for one in declarations.edges}
    assert "MISSING" not in {one.customer for one in chain.edges} | {one.supplier for one in chain.edges}
    assert chain.events == 55_628
    assert any("89 events have no party" in notice.render() for notice in chain.notices)
