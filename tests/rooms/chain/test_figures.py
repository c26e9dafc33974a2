"""How links go, on home, map, lists, party pages and in exports: the figures of monitoring, within the reader's sight.

An event log of forty-three weeks is brought and accepted as people do it. Laundry > Ward 3 waits three times as long in
the last six weeks, LinenCo > Stores in the last four; Pharmacy > Ward 3 goes on as ever;
the other links are not in the log.
"""

from __future__ import annotations

import csv
import json
import re
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any

import pytest

from baton.chain import changes, queries
from baton.chain.changes.splitting import to_assign
from baton.chain.models import Link, Party
from baton.chain.rules import PartyKind
from baton.core.registries import Subject
from baton.core.worker import Worker
from baton.monitoring.changes import refresh, start_phase, withdraw_phase
from baton.monitoring.rules import Health
from baton_analysis.facts.events import EventMapping
from tests.query_counts import queries_a_page
from tests.world import BEGAN, NOON, SYSTEM, World

FIRST = datetime(2025, 8, 4, 8, 0, tzinfo=UTC)
"""A Monday, so that the log ends in the week before NOON."""
WEEKS, CASES_A_WEEK = 43, 5
MINUTES = {False: 60, True: 180}


def event_log() -> bytes:
    """Minutes of wait: 58 to 62 by week, in the last weeks of what gets worse 178 to 182."""
    lines = ["case,time,activity,team"]
    for number, (supplier, customer, worse_from) in enumerate(
        (("Laundry", "Ward 3", 37), ("Pharmacy", "Ward 3", WEEKS), ("LinenCo", "Stores", 39))
    ):
        for week in range(WEEKS):
            for case in range(CASES_A_WEEK):
                at = FIRST + timedelta(weeks=week, days=case)
                wait = MINUTES[week >= worse_from] + week * 7 % 5 - 2
                name = f"{number}-{week}-{case}"
                lines.append(f"{name},{at.isoformat()},hand over,{supplier}")
                lines.append(f"{name},{(at + timedelta(minutes=wait)).isoformat()},accept,{customer}")
    return "\n".join(lines).encode()


@pytest.fixture
def measured(world: World) -> World:
    """The world with the log, measured."""
    log = changes.bring_event_log(by=SYSTEM, at=NOON, file_name="year.csv", chunks=[event_log()])
    mapping = EventMapping(case="case", party="team", time="time", activity="activity", party_kind="department")
    log = changes.choose_columns(by=SYSTEM, at=NOON, log=log, zone="UTC", mapping=mapping)
    assert Worker().drain(NOON + timedelta(days=900)).failed == 0
    log.refresh_from_db()
    changes.accept_event_log(by=SYSTEM, at=NOON, log=log)
    refresh(by=SYSTEM, at=NOON)
    return world


def page(world: World, person: str, address: str) -> str:
    answer = world.client(getattr(world, person)).get(address)
    assert answer.status_code == 200
    return unescape(b"".join(answer).decode())


def wire(html: str) -> dict[str, list[list[object]]]:
    """The map as it travels to the browser."""
    found = re.search(r'<script id="chain-data" type="application/json">(.*?)</script>', html)
    assert found is not None
    read: dict[str, list[list[object]]] = json.loads(found[1])
    return read


@pytest.mark.sqlite
def test_the_quality_manager_sees_counts_and_what_to_look_at_with_rule_and_since(measured: World) -> None:
    home = page(measured, "lin_mei", "/")
    assert re.search(r'/links/\?health=signal"><span class="figure">2<', home)
    assert re.search(r'/links/\?health=in_control"><span class="figure">1<', home)
    assert re.search(r'/links/\?health=unknown"><span class="figure">5<', home)
    listed = home[home.index("Links to look at") : home.index("To be cleared up")]
    assert "Laundry → Ward 3" in listed
    assert "LinenCo → Stores" in listed
    assert "Pharmacy → Ward 3" not in listed
    assert "One point beyond 3 sigma" in listed
    assert "20 Apr 2026" in listed, "the Monday of the first week with long waits"
    assert "3.0\u00a0h" in listed


def test_the_newest_alarm_comes_first(measured: World) -> None:
    found = queries.home(viewer=measured.actor(measured.lin_mei), at=NOON)
    assert [row.link for row in found.signals] == [measured.linenco_stores, measured.laundry_ward]
    for row in found.signals:
        since = [alarm.since for alarm in row.figures.alarms]
        assert since == sorted(since), "what it began with stands first"


def test_a_head_sees_the_figures_of_his_links_and_what_to_look_at_first(measured: World) -> None:
    home = page(measured, "wang_fang", "/")
    first = home[home.index("To be looked at first") : home.index("My customers")]
    assert "Laundry → Ward 3" in first
    suppliers = home[home.index("My suppliers") :]
    assert "In control" in suppliers
    assert "n = 5" in suppliers
    assert '<svg class="sparkline"' in suppliers
    assert "Not measured" in suppliers, "results of the laboratory are in no log"


@pytest.mark.sqlite
def test_nobody_reads_figures_of_links_out_of_his_sight(measured: World) -> None:
    """LinenCo > Stores has a signal; a nurse of Ward 3 does not see this link, nor that there is an alarm."""
    home = queries.home(viewer=measured.actor(measured.chen_jie), at=NOON)
    assert [row.link for row in home.signals] == [measured.laundry_ward]
    assert home.by_health[Health.SIGNAL] == 1
    drawn = queries.chain_map(viewer=measured.actor(measured.chen_jie), at=NOON)
    assert measured.linenco_stores.public_id not in {link.public_id for link in drawn.links}
    for address in ("/", "/map/", "/map/table/", "/links/?health=signal", "/links/export.csv", "/data/chain.links/"):
        shown = page(measured, "chen_jie", address)
        assert "Towels" not in shown, address
        assert measured.linenco_stores.public_id not in shown, address
    answer = measured.client(measured.tom_reed).get("/data/chain.links/")
    assert answer.status_code == 403


@pytest.mark.sqlite
def test_an_outsider_reads_no_figures_at_all(measured: World) -> None:
    home = page(measured, "ivy_stone", "/")
    assert not re.search(r"\bSignal\b", home), "the word of a status; the navigation says Signals"
    assert wire(page(measured, "lin_mei", "/map/"))["edges"]
    assert "chain-data" not in page(measured, "ivy_stone", "/map/")


def test_the_map_carries_handoffs_of_a_quarter_and_status(measured: World) -> None:
    drawn = queries.chain_map(viewer=measured.actor(measured.lin_mei), at=NOON)
    by_id = {link.public_id: link for link in drawn.links}
    laundry, lab = by_id[measured.laundry_ward.public_id], by_id[measured.lab_ward.public_id]
    assert (laundry.handovers, laundry.health) == (13 * CASES_A_WEEK, Health.SIGNAL)
    assert (lab.handovers, lab.health) == (None, Health.UNKNOWN)
    assert drawn.until is not None
    assert drawn.until.isoformat() == "2026-06-01"
    html = page(measured, "lin_mei", "/map/")
    for said in ("Living map", "handoffs of the 13 weeks before 1 Jun 2026", "Signal", "In control", "Unknown",
                 "department without a head", "data-map-status"):  # fmt: skip
        assert said in html, said
    travelled = wire(html)
    statuses = travelled["statuses"]
    edge = next(row for row in travelled["edges"] if row[0] == measured.laundry_ward.public_id)
    assert edge[4] == 13 * CASES_A_WEEK
    assert statuses[int(str(edge[5]))] == "signal"  # type: ignore[comparison-overlap]


@pytest.mark.sqlite
def test_a_department_without_a_head_is_a_gap_and_no_risk_on_the_map(measured: World) -> None:
    nodes = {str(row[0]): row for row in wire(page(measured, "lin_mei", "/map/"))["nodes"]}
    without = nodes[measured.infection_control.public_id]
    assert without[4:6] == [0, 1], "no status, but marked"
    assert len(nodes[measured.laundry.public_id]) <= 4


@pytest.mark.sqlite
def test_the_map_repeats_no_address_and_fetches_its_table(measured: World) -> None:
    html = page(measured, "lin_mei", "/map/")
    assert html.count(f"/parties/{measured.laundry.public_id}/") == 1
    assert f"/links/{measured.laundry_ward.public_id}/" not in html
    assert 'href="/map/table/"' in html
    table = page(measured, "lin_mei", "/map/table/")
    assert f"/links/{measured.laundry_ward.public_id}/" in table
    assert 'id="map-table"' in table


def test_the_list_is_filtered_and_sorted_by_status(measured: World) -> None:
    def listed(query: str) -> list[str]:
        viewer = measured.actor(measured.lin_mei)
        filters = queries.LinkFilters(**dict(pair.split("=") for pair in query.split("&")))
        return [row.link.number for row in queries.links(viewer=viewer, at=NOON, filters=filters)]

    with_signal = {measured.laundry_ward.number, measured.linenco_stores.number}
    assert set(listed("health=signal")) == with_signal
    assert listed("health=in_control") == [measured.pharmacy_ward.number]
    assert len(listed("health=unknown")) == 5
    assert set(listed("order=health")[:2]) == with_signal
    assert set(listed("order=-health")[-2:]) == with_signal
    assert len(listed("health=nonsense")) == 8
    html = page(measured, "lin_mei", "/links/?health=signal")
    assert "Clean linen" in html
    assert "Doses" not in html


def test_filtered_pages_by_status_hold_what_the_page_says(measured: World) -> None:
    for n in range(60):
        changes.add_link(by=SYSTEM, at=BEGAN, supplier=measured.laundry, customer=measured.ward, output={"en": f"I{n}"})
    viewer, filters = measured.actor(measured.lin_mei), queries.LinkFilters(health="signal")
    pages = [queries.links(viewer=viewer, at=NOON, filters=filters, page=number) for number in (1, 2)]
    assert [len(page) for page in pages] == [50, 12]
    assert pages[0].paginator.count == 62


@pytest.mark.sqlite
def test_a_party_page_shows_the_figures_beside_each_link(measured: World) -> None:
    html = page(measured, "chen_jie", f"/parties/{measured.ward.public_id}/")
    suppliers = html[html.index("Its suppliers") : html.index("Its customers")]
    assert "Signal" in suppliers
    assert "3.0\u00a0h" in suppliers
    assert "n = 5" in suppliers


def test_the_export_has_the_figures(measured: World) -> None:
    rows = list(csv.DictReader(page(measured, "lin_mei", "/links/export.csv").lstrip("\ufeff").splitlines()))
    linen = next(row for row in rows if row["Output"] == "Clean linen")
    assert linen["Status"] == "Signal"
    assert linen["Alarm"] == "One point beyond 3 sigma"
    assert 170 * 60 < float(linen["Median wait (s)"]) < 190 * 60
    assert (linen["Waits (n)"], linen["Handoffs (n)"]) == ("5", "5")
    assert linen["Week of the median wait"] == "2026-05-25"
    results = next(row for row in rows if row["Output"] == "Results")
    assert (results["Status"], results["Median wait (s)"], results["Share returned"]) == ("Not measured", "", "")
    only = page(measured, "lin_mei", "/links/export.csv?health=in_control")
    assert "Doses" in only
    assert "Clean linen" not in only


@pytest.mark.sqlite
def test_a_department_that_holds_others_is_no_gap(measured: World) -> None:
    """Nursing has no link itself, Ward 3 under it has; a new department without anything is a gap."""
    alone = changes.add_party(by=SYSTEM, at=BEGAN, party_kind=PartyKind.DEPARTMENT, name={"en": "Archive"})
    unlinked = queries.home(viewer=measured.actor(measured.lin_mei), at=NOON).unlinked
    assert unlinked == [alone]


@pytest.mark.sqlite
@pytest.mark.parametrize("person", ["lin_mei", "wang_fang"])
def test_as_many_queries_for_many_measured_links_as_for_few(measured: World, person: str) -> None:
    client = measured.client(getattr(measured, person))
    addresses = ["/", "/map/", "/map/table/", "/links/", "/links/?health=signal", "/links/?order=health",
                 "/links/export.csv", "/data/", "/data/chain.links/",
                 f"/parties/{measured.ward.public_id}/"]  # fmt: skip
    queries_a_page(client, addresses)
    few = queries_a_page(client, addresses)
    for n in range(8):
        changes.add_link(
            by=SYSTEM, at=BEGAN, supplier=measured.laundry, customer=measured.ward, output={"en": f"Item {n}"}
        )
        party = changes.add_party(by=SYSTEM, at=BEGAN, party_kind=PartyKind.TEAM, name={"en": f"Team {n}"})
        changes.add_link(by=SYSTEM, at=BEGAN, supplier=party, customer=measured.ward, output={"en": "Help"})
    assert queries_a_page(client, addresses) == few


def test_an_empty_installation_teaches_three_steps(db: None) -> None:
    from baton.starters.changes import keep_draft
    from tests.world import _people

    world = World()
    _people(world)
    keep_draft(by=world.actor(world.lin_mei), at=NOON, answers={})  # has left the first-run wizard
    home = page(world, "lin_mei", "/")
    assert Party.objects.count() == 0
    for step in ("/parties/add/", "/discovery/", "/links/"):
        assert f'class="btn btn-{"primary" if step == "/parties/add/" else "secondary"}" href="{step}"' in home, step
    links = page(world, "lin_mei", "/links/")
    assert "No link yet" in links
    assert 'href="/data/"' in links


def test_links_between_the_same_two_say_that_they_share_their_figures(measured: World) -> None:
    address = f"/links/{measured.laundry_ward.public_id}/"
    assert "These figures are shared" not in page(measured, "lin_mei", address)
    other = changes.add_link(
        by=SYSTEM, at=BEGAN, supplier=measured.laundry, customer=measured.ward, output={"en": "Curtains"}
    )
    back = changes.add_link(
        by=SYSTEM, at=BEGAN, supplier=measured.ward, customer=measured.laundry, output={"en": "Dirty linen"}
    )
    html = page(measured, "lin_mei", address)
    said = html[html.index("These figures are shared") : html.index("How it goes")]
    assert "all handoffs from Laundry to Ward 3" in said
    assert f"{other.number} Curtains" in said
    assert back.number not in said
    assert "These figures are shared" in page(measured, "lin_mei", f"/links/{other.public_id}/")
    assert "These figures are shared" not in page(measured, "lin_mei", f"/links/{back.public_id}/"), "not measured"


@pytest.mark.sqlite
def test_a_link_that_fell_silent_is_unknown_on_list_map_and_page(measured: World) -> None:
    """Another log goes on for two months; the links of the first one are not heard of any more."""
    late = "\n".join(
        ["case,time,activity,team"]
        + [
            f"{week},{(FIRST + timedelta(weeks=week, hours=hour)).isoformat()},hand over,{team}"
            for week in range(WEEKS + 8)
            for hour, team in enumerate(("Laboratory", "Ward 3"))
        ]
    )
    later = NOON + timedelta(weeks=9)
    log = changes.bring_event_log(by=SYSTEM, at=later, file_name="late.csv", chunks=[late.encode()])
    mapping = EventMapping(case="case", party="team", time="time", activity="activity", party_kind="department")
    log = changes.choose_columns(by=SYSTEM, at=later, log=log, zone="UTC", mapping=mapping)
    assert Worker().drain(later + timedelta(days=900)).failed == 0
    log.refresh_from_db()
    changes.accept_event_log(by=SYSTEM, at=later, log=log)
    refresh(by=SYSTEM, at=later)
    listed = page(measured, "lin_mei", "/links/?q=linen")
    assert "No handoffs since 2026-W22" in listed
    assert "No handoffs since 2026-W22" in page(measured, "lin_mei", "/map/table/")
    travelled = wire(page(measured, "lin_mei", "/map/"))
    edge = next(row for row in travelled["edges"] if row[0] == measured.laundry_ward.public_id)
    assert str(travelled["statuses"][int(str(edge[5]))]) == "unknown"
    assert "No handoffs since 2026-W22" in page(measured, "lin_mei", f"/links/{measured.laundry_ward.public_id}/")
    assert queries.home(viewer=measured.actor(measured.lin_mei), at=later).signals == []


def test_the_history_of_a_link_tells_of_its_phases(measured: World) -> None:
    subject = Subject("link", measured.laundry_ward.public_id, measured.laundry_ward.measured_as)
    by = measured.actor(measured.lin_mei)
    phase = start_phase(
        by=by,
        at=NOON,
        subject=subject,
        measure="waiting_time",
        day=FIRST.date() + timedelta(weeks=30),
        reason="New dryer",
    )
    withdraw_phase(by=by, at=NOON, subject=subject, phase=phase, reason="Wrong link")
    html = page(measured, "lin_mei", f"/links/{measured.laundry_ward.public_id}/")
    told = html[html.index("History") :]
    for said in ("New phase started", "2026-W10 · New dryer", "New phase withdrawn", "2026-W10 · Wrong link"):
        assert said in told, said


def chart_of(world: World, public_id: str) -> dict[str, Any]:
    """The chart of waiting time as the page of a link draws it."""
    from baton.monitoring.pages import link_panel

    viewer = world.actor(world.lin_mei)
    link = queries.link(viewer=viewer, at=NOON, public_id=public_id)
    shown = link_panel(viewer, Subject("link", public_id, link.measured_as), "")
    return {block["name"]: block for block in shown["blocks"]}["waiting_time"]


def test_the_chart_of_merged_parties_begins_with_those_they_came_of(measured: World) -> None:
    """Laundry and Pharmacy both serve the ward and become one; nothing is measured of the new one yet."""
    world = measured
    one = changes.merge_parties(
        by=SYSTEM, at=NOON, parties=[world.laundry, world.pharmacy], name={"en": "Supply"}, head=world.zhao_lei
    )
    link = Link.objects.get(supplier=one, output=world.laundry_ward.output)
    block = chart_of(world, link.public_id)
    labels = [phase["label"] for phase in block["chart"]["phases"]]
    assert [label.partition(",")[0] for label in labels] == ["Laundry → Ward 3", "Pharmacy → Ward 3"]
    assert all("before the merge on" in label for label in labels)
    assert [phase["start"] for phase in block["chart"]["phases"]] == [0, WEEKS]
    points = block["chart"]["points"]
    assert len(points) == 2 * WEEKS
    assert [point["label"] for point in points[:WEEKS]] == [point["label"] for point in points[WEEKS:]]
    assert {point["phase"] for point in points} == {0, 1}
    assert any(point["violations"] for point in points[:WEEKS]), "the laundry's signal stays in its own phase"
    assert not any(point["violations"] for point in points[WEEKS:])
    assert block["stats"] == []
    assert any("Some weeks stand twice" in said for said in block["chart"]["warnings"])
    page = world.client(world.lin_mei).get(f"/links/{link.public_id}/").content.decode()
    assert "before the merge on" in page
    assert "Nothing measured yet" not in page


def test_who_takes_over_goes_on_behind_those_who_came_to_him(measured: World) -> None:
    """The Pharmacy takes the Laundry over: the chart of Pharmacy > Ward 3 keeps its own weeks, limits and figures."""
    world = measured
    before = chart_of(world, world.pharmacy_ward.public_id)
    changes.merge_parties(by=SYSTEM, at=NOON, parties=[world.laundry], into=world.pharmacy)
    after = chart_of(world, world.pharmacy_ward.public_id)
    assert [phase["label"].partition(",")[0] for phase in after["chart"]["phases"]] == [
        "Laundry → Ward 3",
        "afterwards",
    ]
    own = [{**point, "phase": 0} for point in after["chart"]["points"][WEEKS:]]
    assert own == before["chart"]["points"]
    assert (after["stats"], after["signals"]) == (before["stats"], before["signals"])


def test_parts_of_a_split_show_what_was_before_as_undivided(measured: World) -> None:
    world = measured
    held = queries.holdings(viewer=world.actor(world.lin_mei), at=NOON, parties=[world.laundry], on=NOON.date())
    parts = changes.split_party(
        by=SYSTEM, at=NOON, party=world.laundry, names=[{"en": "Washing"}, {"en": "Mending"}],
        assigned=dict.fromkeys(to_assign(held), 0),
    )  # fmt: skip
    link = Link.objects.get(supplier=parts[0], customer=world.ward)
    (phase,) = chart_of(world, link.public_id)["chart"]["phases"]
    assert phase["label"].startswith("Laundry → Ward 3, before the split on")
    assert phase["label"].endswith("not divided")
