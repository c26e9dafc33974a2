"""Saying what the columns of an event log mean, and what is told where a file or a choice does not fit."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from baton.chain.models import EventLog, Link
from baton.chain.queries.event_logs import mined_graph
from baton.core.actors import Actor
from baton.core.workbooks import Sheet, workbook
from tests.rooms.chain.test_event_logs import CASES, bring, log_file, mine
from tests.world import NOON, World

pytestmark = pytest.mark.django_db


def test_what_the_parties_are_is_asked_and_persons_are_proposed(world: World) -> None:
    """A kind of party is always chosen. The column's name proposes it, and one of persons is not taken for teams."""
    client = world.client(world.lin_mei)
    rows = "case,employee\n1,Ma Chao\n1,Chen Jie\n"
    log = bring(client, SimpleUploadedFile("persons.csv", rows.encode()))
    page = client.get(f"/discovery/{log.public_id}/columns/").content.decode()
    assert '<option value="person" selected>' in page
    assert "not_persons" not in page
    sent = {"case": "case", "party": "employee", "zone": "UTC", "version": log.changed_seq}
    assert client.post(f"/discovery/{log.public_id}/columns/", sent).status_code == 422
    refused = client.post(f"/discovery/{log.public_id}/columns/", sent | {"party_kind": "team"})
    assert refused.status_code == 422
    assert "holds persons" in refused.content.decode()
    assert 'name="not_persons"' in refused.content.decode()
    assert EventLog.objects.get().state == "uploaded"
    hashed = mine(client, log, party="employee", party_kind="person", time="", activity="")
    assert not hashed.names.filter(value="Ma Chao").exists()
    named = mine(client, hashed, party="employee", party_kind="team", not_persons="on", time="", activity="")
    assert named.names.filter(value="Ma Chao").exists()


def test_a_column_that_does_not_say_what_it_holds_proposes_nothing(world: World) -> None:
    client = world.client(world.lin_mei)
    log = bring(client, SimpleUploadedFile("log.csv", b"case,party\n1,Q\n1,R\n"))
    page = client.get(f"/discovery/{log.public_id}/columns/").content.decode()
    kinds = page.partition('name="party_kind"')[2].partition("</select>")[0]
    assert '<option value="" selected>' in kinds


def test_the_sheet_of_a_workbook_is_chosen(world: World) -> None:
    client = world.client(world.lin_mei)
    events = [[1, "Ward", "2026-03-02 08:00"], [1, "Lab", "2026-03-02 09:00"], [1, "Ward", "2026-03-02 10:00"]]
    book = workbook([
        Sheet("About", ["what", "who"], [["Export of March", "IT"]]), Sheet("Events", ["case", "team", "time"], events),
    ])  # fmt: skip
    log = bring(client, SimpleUploadedFile("log.xlsx", book))
    address = f"/discovery/{log.public_id}/columns/"
    first = client.get(address).content.decode()
    assert '<option value="About" selected>' in first
    assert "Export of March" in first
    second = client.get(address, {"sheet": "Events"}).content.decode()
    assert '<option value="Events" selected>' in second
    assert "2026-03-02" in second
    unknown = client.get(address, {"sheet": "Nowhere"})
    assert "Export of March" in unknown.content.decode()
    mined = mine(client, log, sheet="Events", activity="")
    assert (mined.state, mined.figures["handovers"]) == ("mined", 2)
    again = client.get(address).content.decode()
    assert '<option value="Events" selected>' in again


def test_rows_that_cannot_be_read_are_listed(world: World) -> None:
    """The person mends the file once, not once for every row; the first twenty stand on the page."""
    client = world.client(world.lin_mei)
    rows = (
        "".join(f"{n},Ward,2026-02-{30 + n % 2} 08:0{n % 10}\n" for n in range(25)) + "1,Ward,2026-01-01 08:00\n" * 200
    )
    log = bring(client, SimpleUploadedFile("days.csv", ("case,team,time\n" + rows).encode()))
    failed = mine(client, log, activity="", zone="UTC")
    assert failed.state == "failed"
    page = unescape(client.get(f"/discovery/{log.public_id}/columns/").content.decode())
    assert "25 values cannot be read" in page
    listed = re.findall(r"<li><bdi>(.*?)</bdi></li>", page)
    assert len(listed) == 20
    assert listed[0] == "Row 2, column “time”. “2026-02-30 08:00” is no such date."
    assert listed[19].startswith("Row 21,")


def test_rows_of_another_width_are_listed_when_the_file_is_brought(world: World) -> None:
    answer = world.client(world.lin_mei).post(
        "/discovery/", {"file": SimpleUploadedFile("wide.csv", b"case,team\n1,A\n2\n3,B,C\n")}
    )
    assert answer.status_code == 422
    listed = re.findall(r"<li><bdi>(.*?)</bdi></li>", unescape(answer.content.decode()))
    assert [one.partition(",")[0] for one in listed] == ["Row 3", "Row 4"]


def test_an_hour_that_the_clocks_left_out_is_called_so(world: World) -> None:
    client = world.client(world.lin_mei)
    log = bring(client, SimpleUploadedFile("gap.csv", b"case,team,time\n1,A,2026-03-29 02:30\n1,B,2026-03-29 04:30\n"))
    failed = mine(client, log, activity="", zone="Europe/Berlin")
    page = unescape(client.get(f"/discovery/{failed.public_id}/columns/").content.decode())
    assert "Times that the clocks of Europe/Berlin showed were expected." in page
    assert "1 value cannot be read; it stands in row 2" in page
    assert "Dates that exist" not in page


def test_accepting_without_the_version_that_was_seen_is_stale(world: World) -> None:
    client = world.client(world.lin_mei)
    log = mine(client, bring(client))
    for sent in ({}, {"version": "x"}, {"version": log.changed_seq - 1}):
        assert client.post(f"/discovery/{log.public_id}/accept/", sent).status_code == 409
    assert EventLog.objects.get().state == "mined"
    assert client.post(f"/discovery/{log.public_id}/accept/", {"version": log.changed_seq}).status_code == 302


def test_marks_of_direction_in_names_stand_as_their_codes(world: World) -> None:
    client = world.client(world.lin_mei)
    rows = [(case, at, activity, team.replace("Porters", "Por\u202eters")) for case, at, activity, team in CASES]
    log = mine(client, bring(client, log_file(rows)))
    graph = mined_graph(viewer=Actor.system("test"), at=NOON, log=log)
    assert {"Por\\u202eters"} < {node["label"] for node in graph["nodes"]}
    client.post(f"/discovery/{log.public_id}/names/", {"value": "Por\u202eters", "party": world.stores.public_id})
    page = client.get(f"/discovery/{log.public_id}/names/").content.decode()
    assert "“Por\\u202eters” is matched." in page


def test_one_click_makes_a_pair_a_link_and_says_how_to_take_it_back(world: World) -> None:
    """The output is what the supplier does most often; other ticks on the page do not count."""
    client = world.client(world.lin_mei)
    log = mine(client, bring(client))
    pair = log.pairs.get(supplier="Laboratory", customer="Porters")
    other = log.pairs.exclude(pk=pair.pk).first()
    assert other is not None
    before = Link.objects.count()
    answer = client.post(f"/discovery/{log.public_id}/links/", {"now": pair.pk, "pair": other.pk}, follow=True)
    link = Link.objects.latest("pk")
    assert Link.objects.count() == before + 1
    assert str(link.supplier) == "Laboratory"
    assert link.output.name["en"] == "analyse"
    said = answer.content.decode()
    assert "1 link was made. 1 new party." in said
    undo = re.search(r'href="(/data/bulk/[^"]+/take-back/)"', said)
    assert undo is not None
    form = client.get(undo[1]).content.decode()
    version = re.search(r'name="version" value="(\d+)"', form)
    assert version is not None
    client.post(undo[1], {"reason": "By mistake", "version": version[1]})
    assert not Link.objects.filter(pk=link.pk, ended_on=None, batch__state="sealed").exists()


def test_a_link_of_an_unknown_pair_is_refused(world: World) -> None:
    client = world.client(world.lin_mei)
    log = mine(client, bring(client))
    assert client.post(f"/discovery/{log.public_id}/links/", {"now": "x"}).status_code == 422


def test_what_parties_usually_do_goes_with_the_log(world: World) -> None:
    client = world.client(world.lin_mei)
    log = mine(client, bring(client))
    assert log.figures["activities"]["Ward 3"] == "take specimen"
    client.post(f"/discovery/{log.public_id}/withdraw/", {"reason": "Wrong file"})
    assert "activities" not in EventLog.objects.get().figures
    persons = mine(client, bring(client, log_file(CASES[:6])), party_kind="person")
    assert persons.figures["activities"] == {}
