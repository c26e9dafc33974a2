"""From an event log to links, through the pages."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from baton.chain.models import EventLog, Link, Party
from baton.core.audit.feed import read as feed
from baton.core.models import AuditEntry
from baton.core.worker import Worker
from tests.query_counts import queries_a_page
from tests.world import NOON, World

if TYPE_CHECKING:
    from django.test import Client

pytestmark = pytest.mark.django_db

CASES = [
    ("s1", "2026-03-02T08:00:00Z", "take specimen", "Ward 3"),
    ("s1", "2026-03-02T09:00:00Z", "analyse", "Laboratory"),
    ("s1", "2026-03-02T09:30:00Z", "take again", "Ward 3"),
    ("s1", "2026-03-02T10:30:00Z", "analyse", "Laboratory"),
    ("s1", "2026-03-02T12:00:00Z", "carry", "Porters"),
    ("s2", "2026-03-03T08:00:00Z", "take specimen", "Ward 3"),
    ("s2", "2026-03-03T11:00:00Z", "analyse", "Laboratory"),
    ("s2", "2026-03-03T11:30:00Z", "look", "?"),
    ("s2", "2026-03-03T12:00:00Z", "carry", "Porters"),
]


def log_file(rows: list[tuple[str, str, str, str]] = CASES, name: str = "specimens.csv") -> SimpleUploadedFile:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["case", "time", "activity", "team"])
    writer.writerows(rows)
    return SimpleUploadedFile(name, text.getvalue().encode())


def bring(client: Client, file: SimpleUploadedFile | None = None) -> EventLog:
    answer = client.post("/discovery/", {"file": file or log_file()})
    assert answer.status_code == 302, answer.content.decode()
    return EventLog.objects.latest("pk")


def mine(client: Client, log: EventLog, **columns: object) -> EventLog:
    sent = {
        "case": "case", "party": "team", "party_kind": "department", "time": "time", "activity": "activity",
        "zone": "Asia/Shanghai", "missing": ["?", "MISSING", "(empty)"], "version": log.changed_seq,
    } | columns  # fmt: skip
    answer = client.post(f"/discovery/{log.public_id}/columns/", sent)
    assert answer.status_code == 302, answer.content.decode()
    done = Worker().drain(timezone.now() + timedelta(seconds=5))
    assert done.failed == 0
    return EventLog.objects.get(pk=log.pk)


def test_a_log_is_brought_read_and_shown(world: World) -> None:
    client = world.client(world.lin_mei)
    log = mine(client, bring(client))
    assert log.state == "mined"
    assert log.figures["handovers"] == 6
    page = client.get(f"/discovery/{log.public_id}/").content.decode()
    assert "Ward 3" in page
    assert "Porters" in page
    pair = log.pairs.get(supplier="Ward 3", customer="Laboratory")
    assert (pair.handovers, pair.cases, pair.returns) == (3, 2, 1)
    assert pair.median_wait_seconds == 3600


def test_missing_parties_are_passed_over_and_said(world: World) -> None:
    client = world.client(world.lin_mei)
    log = mine(client, bring(client))
    assert log.pairs.filter(supplier="Laboratory", customer="Porters").get().handovers == 2
    page = client.get(f"/discovery/{log.public_id}/").content.decode()
    assert "1 event has no party" in page
    kept = mine(client, log, missing=[])
    assert kept.pairs.filter(supplier="?", customer="Porters").exists()


def test_known_names_are_matched_and_pairs_become_links(world: World) -> None:
    client = world.client(world.lin_mei)
    log = mine(client, bring(client))
    assert {name.value for name in log.names.filter(party__isnull=False)} == {"Ward 3", "Laboratory"}
    chosen = log.pairs.filter(customer="Porters").values_list("pk", flat=True)
    asked = client.post(f"/discovery/{log.public_id}/links/", {"pair": list(chosen), "step": "choose"})
    assert asked.status_code == 200
    made = client.post(
        f"/discovery/{log.public_id}/links/", {"pair": list(chosen), "output_en": "Specimens", "parent": ""}
    )
    assert made.status_code == 302, made.content.decode()
    porters = Party.objects.get(name__en="Porters")
    assert porters.party_kind == "department"
    link = Link.objects.get(supplier=world.laboratory, customer=porters)
    assert (link.source, link.output.name) == ("mined", {"en": "Specimens"})
    again = client.post(
        f"/discovery/{log.public_id}/links/", {"pair": list(chosen), "output_en": "Specimens", "parent": ""}
    )
    assert again.status_code == 302
    assert Link.objects.filter(supplier=world.laboratory, customer=porters).count() == 1


def test_comparison_names_undeclared_missing_dead_and_kept(world: World) -> None:
    rows = [*CASES, ("s3", "2026-06-30T08:00:00Z", "x", "Pharmacy"), ("s3", "2026-06-30T09:00:00Z", "y", "Porters")]
    client = world.client(world.lin_mei)
    log = mine(client, bring(client, log_file(rows)))
    page = client.get(f"/discovery/{log.public_id}/comparison/").content.decode()
    assert "Undeclared" in page
    # Laboratory > Ward 3 is agreed but was last seen in March; Pharmacy > Ward 3 is agreed and never seen.
    from baton.chain.queries.event_logs import comparison

    found = comparison(viewer=world.actor(world.lin_mei), at=NOON, log=log)
    said = {(row.supplier, row.customer): row.finding.value for row in found.rows}
    assert said["Laboratory", "Ward 3"] == "dead"
    assert said["Pharmacy", "Ward 3"] == "missing"
    assert said["Ward 3", "Laboratory"] == "undeclared"
    assert said["Pharmacy", "Porters"] == "undeclared"
    assert found.not_judged == 6


def test_accepted_handovers_become_facts_without_names(world: World) -> None:
    from baton.chain.facts import handover_facts, handover_sources

    client = world.client(world.lin_mei)
    log = mine(client, bring(client))
    assert handover_facts(log.public_id) is None
    answer = client.post(f"/discovery/{log.public_id}/accept/", {"version": log.changed_seq})
    assert answer.status_code == 302
    assert handover_sources() == [log.public_id]
    facts = handover_facts(log.public_id)
    assert facts is not None
    assert facts.columns == ["subject", "case", "at", "day", "week", "wait_seconds", "returned"]
    pair = f"{world.ward.public_id}>{world.laboratory.public_id}"
    assert facts.filter(facts["subject"] == pair).height == 3
    assert "Ward" not in str(facts.to_dicts())


def test_facts_of_an_accepted_log_follow_a_name_that_is_matched_later(world: World) -> None:
    from baton.chain.facts import handover_facts

    client = world.client(world.lin_mei)
    log = mine(client, bring(client))
    client.post(f"/discovery/{log.public_id}/accept/", {"version": log.changed_seq})
    before = AuditEntry.objects.latest("seq").seq
    sent = {"value": "Porters", "party": world.stores.public_id}
    assert client.post(f"/discovery/{log.public_id}/names/", sent).status_code == 302
    facts = handover_facts(log.public_id)
    assert facts is not None
    assert f"{world.laboratory.public_id}>{world.stores.public_id}" in facts["subject"].to_list()
    assert AuditEntry.objects.filter(seq__gt=before, kind="event_log", action="event_log.name_matched").count() == 1
    assert feed("test", 1000)[-1].kind == "event_log"


def test_names_of_persons_do_not_reach_the_trail(world: World) -> None:
    client = world.client(world.lin_mei)
    rows = [(case, at, activity, f"{team} Qx7") for case, at, activity, team in CASES]
    log = mine(client, bring(client, log_file(rows)), party_kind="person", allow_persons="on")
    sent = {"value": "Porters Qx7", "party": world.stores.public_id}
    assert client.post(f"/discovery/{log.public_id}/names/", sent).status_code == 302
    assert log.names.get(value="Porters Qx7").party == world.stores
    bodies = list(AuditEntry.objects.values_list("body", flat=True))
    assert world.stores.public_id in bodies[-1]
    assert [body for body in bodies if "Qx7" in body] == []


def test_withdrawn_log_leaves_no_file_and_no_facts(world: World) -> None:
    from baton.chain.facts import handover_facts
    from baton.core import uploads

    client = world.client(world.lin_mei)
    log = mine(client, bring(client))
    client.post(f"/discovery/{log.public_id}/accept/", {"version": log.changed_seq})
    assert client.post(f"/discovery/{log.public_id}/withdraw/", {"reason": ""}).status_code == 422
    assert client.post(f"/discovery/{log.public_id}/withdraw/", {"reason": "wrong file"}).status_code == 302
    assert handover_facts(log.public_id) is None
    assert client.get(f"/discovery/{log.public_id}/").status_code == 404
    assert log.pairs.count() == 0
    assert uploads.location(log.path).name != ""


@pytest.mark.sqlite
def test_markup_in_names_is_shown_as_text(world: World) -> None:
    rows = [
        ("c", "2026-03-02T08:00:00Z", "a", "<img src=x onerror=alert(1)>"),
        ("c", "2026-03-02T09:00:00Z", "a", "=1+1"),
    ]
    client = world.client(world.lin_mei)
    log = mine(client, bring(client, log_file(rows)))
    page = client.get(f"/discovery/{log.public_id}/").content.decode()
    assert "<img src=x" not in page
    assert "&lt;img src=x" in page
    exported = b"".join(client.get(f"/discovery/{log.public_id}/pairs.csv").streaming_content).decode()
    assert "'=1+1" in exported
    none = b"".join(client.get(f"/discovery/{log.public_id}/pairs.csv?search=nobody").streaming_content).decode()
    assert len(none.splitlines()) == 1, "what is taken away is filtered as the page is"
    assert client.get(f"/discovery/{log.public_id}/pairs.csv?format=xlsx").content[:2] == b"PK"


def test_persons_are_pseudonyms_unless_allowed(world: World) -> None:
    rows = [("c", "2026-03-02T08:00:00Z", "a", "Zhang San"), ("c", "2026-03-02T09:00:00Z", "a", "Li Si")]
    client = world.client(world.lin_mei)
    log = mine(client, bring(client, log_file(rows)), party_kind="person")
    names = set(log.names.values_list("value", flat=True))
    assert not names & {"Zhang San", "Li Si"}
    refused = client.post(
        f"/discovery/{log.public_id}/links/", {"pair": [log.pairs.get().pk], "output_en": "x", "parent": ""}
    )
    assert refused.status_code == 422
    assert "Match these names to parties first" in refused.content.decode()
    named = mine(client, EventLog.objects.get(pk=log.pk), party_kind="person", allow_persons="on")
    assert set(named.names.values_list("value", flat=True)) == {"Zhang San", "Li Si"}


def test_two_people_choosing_columns_do_not_overwrite_each_other(world: World) -> None:
    client = world.client(world.lin_mei)
    log = bring(client)
    stale = log.changed_seq
    mine(client, log)
    late = client.post(
        f"/discovery/{log.public_id}/columns/",
        {"case": "case", "party": "activity", "party_kind": "team", "zone": "UTC", "version": stale},
    )
    assert late.status_code == 422
    assert "Somebody changed this record" in late.content.decode()


@pytest.mark.sqlite
@pytest.mark.parametrize("person", ["chen_jie", "wang_fang", "sun_yan", "tom_reed", "ivy_stone"])
def test_only_those_who_may_see_logs_see_them(world: World, person: str) -> None:
    log = bring(world.client(world.lin_mei))
    client = world.client(getattr(world, person))
    for part in ("", "columns/", "map/", "comparison/", "names/", "pairs.csv", "reading/", "withdraw/"):
        assert client.get(f"/discovery/{log.public_id}/{part}").status_code == 403, part
    for part in ("links/", "accept/", "withdraw/", "names/"):
        assert client.post(f"/discovery/{log.public_id}/{part}").status_code == 403, part


def test_the_auditor_sees_but_does_not_bring(world: World) -> None:
    log = mine(world.client(world.lin_mei), bring(world.client(world.lin_mei)))
    client = world.client(world.wu_tao)
    assert client.get(f"/discovery/{log.public_id}/").status_code == 200
    assert client.post("/discovery/", {"file": log_file(name="other.csv")}).status_code == 403
    assert client.post(f"/discovery/{log.public_id}/accept/").status_code == 403


@pytest.mark.sqlite
def test_pages_need_the_same_number_of_queries_whatever_the_size(world: World) -> None:
    client = world.client(world.lin_mei)
    rows = [
        (f"c{n}", f"2026-03-02T{8 + m:02d}:00:00Z", "a", f"Team {(n * (m + 3)) % 40}")
        for n in range(200)
        for m in range(4)
    ]
    log = mine(client, bring(client, log_file(rows)))
    asked = queries_a_page(
        client, [f"/discovery/{log.public_id}/{part}" for part in ("", "map/", "comparison/", "names/")]
    )
    assert max(asked.values()) <= 41, asked


@pytest.mark.sqlite
def test_bpi_2013_has_the_published_figures(world: World, shared_data: Path) -> None:
    client = world.client(world.lin_mei)
    content = (shared_data / "eventlogs" / "bpi2013_incidents.xes.gz").read_bytes()
    log = bring(client, SimpleUploadedFile("bpi2013_incidents.xes.gz", content))
    log = mine(
        client, log, case="case:concept:name", party="org:group", party_kind="team", time="time:timestamp",
        activity="concept:name", zone="UTC",
    )  # fmt: skip
    figures = log.figures
    assert (figures["cases"], figures["events"], figures["parties"]) == (7554, 65533, 649)
    assert (figures["handovers"], figures["cases_with_handover"], figures["pairs"]) == (9454, 3820, 2463)
    assert figures["ping_pong"] == {"count": 2394, "cases": 1177}
    first = log.pairs.order_by("-handovers")[0]
    assert (first.supplier, first.customer, first.handovers) == ("G96", "G97", 255)


def test_returns_of_an_agreed_link_are_no_undeclared_work(world: World) -> None:
    from baton.chain.queries.event_logs import comparison

    rows = [
        ("a", "2026-03-02T08:00:00Z", "pack", "Pharmacy"), ("a", "2026-03-02T09:00:00Z", "take", "Ward 3"),
        ("a", "2026-03-02T10:00:00Z", "pack again", "Pharmacy"), ("a", "2026-03-02T11:00:00Z", "take", "Ward 3"),
    ]  # fmt: skip
    client = world.client(world.lin_mei)
    log = mine(client, bring(client, log_file(rows)))
    found = comparison(viewer=world.actor(world.lin_mei), at=NOON, log=log)
    assert {(row.supplier, row.customer): row.finding.value for row in found.rows} == {
        ("Pharmacy", "Ward 3"): "kept", ("Ward 3", "Pharmacy"): "way_back",
    }  # fmt: skip


def test_whoever_asked_is_told_when_a_log_is_read_or_cannot_be(world: World) -> None:
    client = world.client(world.lin_mei)
    log = mine(client, bring(client))
    page = client.get("/notifications/").content.decode()
    assert "The event log “specimens.csv” is read" in page
    rows = [("c", "2026-03-02T08:00:00Z", "a", "T"), ("c", "2026-02-31T08:00:00Z", "a", "T")] * 3000
    mine(client, bring(client, log_file(rows, "broken.csv")))
    assert "“broken.csv” could not be read" in client.get("/notifications/").content.decode()
    assert "specimens.csv" not in world.client(world.wu_tao).get("/notifications/").content.decode()
    assert log.state == "mined"


def test_two_names_of_one_party_count_together(world: World) -> None:
    from baton.chain.queries.event_logs import comparison, linked_pairs, mined_graph

    rows = [
        ("a", "2026-03-02T08:00:00Z", "analyse", "Laboratory"), ("a", "2026-03-02T09:00:00Z", "check", "Lab"),
        ("a", "2026-03-02T10:00:00Z", "read", "Ward 3"), ("a", "2026-03-02T11:00:00Z", "carry", "Porters"),
        ("b", "2026-03-03T08:00:00Z", "analyse", "Laboratory"), ("b", "2026-03-03T09:00:00Z", "read", "Ward 3"),
        ("c", "2026-03-04T08:00:00Z", "carry", "Porters"), ("c", "2026-03-04T09:00:00Z", "analyse", "Lab"),
        ("d", "2026-03-05T08:00:00Z", "carry", "Porters"), ("d", "2026-03-05T09:00:00Z", "analyse", "Laboratory"),
    ]  # fmt: skip
    client = world.client(world.lin_mei)
    log = mine(client, bring(client, log_file(rows)))
    names = f"/discovery/{log.public_id}/names/"
    assert client.post(names, {"value": "Lab", "party": world.laboratory.public_id}).status_code == 302
    viewer = world.actor(world.lin_mei)
    linked = linked_pairs(viewer=viewer, at=NOON, log=log)
    assert linked["Lab", "Ward 3"] == linked["Laboratory", "Ward 3"] == world.lab_ward
    found = {(row.supplier, row.customer): row for row in comparison(viewer=viewer, at=NOON, log=log).rows}
    kept = found["Laboratory", "Ward 3"]
    assert (kept.finding.value, kept.handovers, kept.link) == ("kept", 2, world.lab_ward)
    assert found["Porters", "Laboratory"].handovers == 2
    assert ("Laboratory", "Laboratory") not in found
    ids = [node["id"] for node in mined_graph(viewer=viewer, at=NOON, log=log)["nodes"]]
    assert sorted(ids) == sorted(set(ids))
    every = {"all": "1", "output_en": "Work"}
    assert client.post(f"/discovery/{log.public_id}/links/", every).status_code == 302
    porters = Party.objects.get(name__en="Porters")
    link = Link.objects.get(supplier=porters, customer=world.laboratory)
    assert link.began_on.isoformat() == "2026-03-02"
