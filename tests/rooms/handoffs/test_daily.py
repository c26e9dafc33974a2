"""Messages, labels, the search and the bar of a phone: what makes handoffs daily work."""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from baton.chain.changes import end_link
from baton.core.models import Notification
from baton.core.queries import notification_text
from baton.core.search.finding import numbered, search
from baton.handoffs import changes
from baton.handoffs.models import Handoff
from baton.handoffs.queries.waiting import waiting_by_party
from baton.handoffs.rules import ReturnState, Side
from tests.rooms.handoffs.made import HOUR, accepted, delivered, requested
from tests.rooms.handoffs.test_life import as_
from tests.rooms.handoffs.test_returns import arbiter
from tests.world import NOON, SYSTEM, World

DAY = timedelta(days=1)


def told(topic: str) -> dict[str, str]:
    """Who was told, and what."""
    found = Notification.objects.filter(topic=f"handoffs.{topic}").select_related("person")
    return {one.person.sign_in_name: notification_text(one) for one in found}


def names(world: World, *people: str) -> set[str]:
    return {getattr(world, one).sign_in_name for one in people}


def test_one_message_a_day_says_all_that_waits(world: World) -> None:
    requested(world, due_at=NOON - HOUR / 2)
    requested(world, due_at=NOON + 2 * HOUR)
    delivered(world)
    judged = accepted(world)
    changes.judge_handoff(**as_(world, "gao_ming"), handoff=judged, side=Side.SUPPLIER, request_complete=True)
    changes.tell_what_waits(by=SYSTEM, at=NOON)
    found = told("waiting")
    assert found[world.zhao_lei.sign_in_name] == (
        "Handoffs: 1 handoff that you owe is late. 1 handoff that you owe is due within a day."
    )
    assert found[world.wang_fang.sign_in_name] == (
        "Handoffs: 1 delivery waits for your acceptance."
        " 1 handoff was judged by the other side and waits for your judgement."
    )
    assert names(world, "chen_jie", "gao_ming", "ivy_stone") & found.keys() == set()
    assert changes.tell_what_waits(by=SYSTEM, at=NOON + HOUR / 60) == 0, "nothing new"
    delivered(world)
    assert changes.tell_what_waits(by=SYSTEM, at=NOON + HOUR / 2) > 0
    assert "2 deliveries" in told("waiting")[world.wang_fang.sign_in_name]
    assert Notification.objects.filter(topic="handoffs.waiting", person=world.wang_fang).count() == 1
    Notification.objects.filter(person=world.wang_fang).update(read_at=NOON)
    delivered(world)
    changes.tell_what_waits(by=SYSTEM, at=NOON + HOUR)
    assert Notification.objects.filter(topic="handoffs.waiting", person=world.wang_fang).count() == 1, "tomorrow"
    changes.tell_what_waits(by=SYSTEM, at=NOON + DAY)
    assert Notification.objects.filter(topic="handoffs.waiting", person=world.wang_fang).count() == 2


def test_what_waits_on_a_link_that_ends_later_is_told_as_today_shows_it(world: World) -> None:
    delivered(world)
    by = world.actor(world.lin_mei)
    end_link(by=by, at=NOON, link=world.laundry_ward, ended_on=(NOON + 9 * DAY).date())
    changes.tell_what_waits(by=SYSTEM, at=NOON)
    assert "1 delivery waits" in told("waiting")[world.wang_fang.sign_in_name]
    assert waiting_by_party(viewer=SYSTEM, at=NOON + 9 * DAY) == {}


def test_nothing_that_waits_is_told_to_nobody_and_people_cannot_ask_for_all_parties(world: World) -> None:
    accepted(world)
    assert changes.tell_what_waits(by=SYSTEM, at=NOON) == 0
    requested(world, due_at=NOON + 3 * DAY)
    assert changes.tell_what_waits(by=SYSTEM, at=NOON) == 0
    delivered(world)
    assert waiting_by_party(viewer=world.actor(world.lin_mei), at=NOON) == {}


def test_a_warning_is_told_to_the_customer_at_once(world: World) -> None:
    handoff = requested(world)
    changes.warn_late(**as_(world, "gao_ming"), handoff=handoff, expected_at=NOON + 5 * HOUR)
    assert told("warned").keys() == names(world, "wang_fang", "zhou_min")
    assert handoff.number in told("warned")[world.wang_fang.sign_in_name]


def test_of_a_return_each_hears_what_is_for_him_to_answer(world: World) -> None:
    handoff = delivered(world)
    less = [changes.Less(line=one.public_id, refused=one.ordered, phenomenon=f"Damp {one.name}") for one in
            handoff.lines.order_by("position")]  # fmt: skip
    changes.accept_in_part(**as_(world, "chen_jie"), handoff=handoff, less=less)
    assert told("returned").keys() == names(world, "zhao_lei")
    assert "Damp Sheets · Damp Towels" in told("returned")[world.zhao_lei.sign_in_name], "two lines, one message"
    found = handoff.returns.order_by("pk")[0]
    arbiter(world)
    contested = changes.contest_return(**as_(world, "gao_ming"), found=found, ground="Dry")
    assert told("contested").keys() == names(world, "wang_fang", "zhou_min", "liu_yang")
    changes.decide_return(**as_(world, "liu_yang"), found=contested, verdict=ReturnState.UPHELD, note="Seen")
    assert told("return_decided").keys() == names(world, "wang_fang", "zhou_min", "zhao_lei")
    assert all("Damp" not in said for said in told("return_decided").values())


def test_where_nobody_is_named_the_quality_manager_hears_of_a_contest(world: World) -> None:
    handoff = delivered(world)
    changes.return_handoff(**as_(world, "chen_jie"), handoff=handoff, phenomenon="Damp")
    changes.contest_return(**as_(world, "zhao_lei"), found=handoff.returns.get(), ground="Dry")
    assert names(world, "lin_mei") <= told("contested").keys()


def found(world: World, who: str, text: str, **more: Any) -> list[str]:
    groups = search(viewer=world.actor(getattr(world, who)), at=NOON, text=text, **more)
    return [hit.public_id for group in groups if group.kind == "handoff" for hit in group.hits]


def test_a_handoff_is_found_by_its_number_and_by_how_its_reference_begins(world: World) -> None:
    handoff = requested(world, reference="LOT-7")
    other = requested(world, reference="LOT-71")
    for text in (handoff.number, handoff.number.lower(), handoff.number[:-1], "LOT-7", "lot-7", " LOT-7 "):
        assert handoff.public_id in found(world, "chen_jie", text), text
    assert found(world, "chen_jie", "LOT-7") == [handoff.public_id, other.public_id], "the exact one first"
    assert found(world, "chen_jie", "LOT-71") == [other.public_id]
    assert found(world, "chen_jie", "OT-7") == found(world, "chen_jie", "L") == []
    assert found(world, "chen_jie", "%") == found(world, "chen_jie", "__T-7") == []
    assert found(world, "chen_jie", "x" * 5_000) == []
    hit = numbered(viewer=world.actor(world.chen_jie), at=NOON, text=handoff.number.lower())
    assert hit is not None
    assert hit.address == f"/handoffs/{handoff.public_id}/"
    client = world.client(world.chen_jie)
    assert client.get("/search/", {"q": handoff.number})["Location"] == hit.address
    page = client.get("/search/", {"q": "LOT-7", "kind": "handoff"}).content.decode()
    assert page.count("/handoffs/") >= 2


@pytest.mark.parametrize(
    "who", ["he_ping", *(pytest.param(one, marks=pytest.mark.sqlite) for one in ("tom_reed", "ivy_stone"))]
)
def test_what_is_out_of_sight_is_not_found(world: World, who: str) -> None:
    handoff = requested(world, reference="LOT-7")
    client = world.client(getattr(world, who))
    for text in (handoff.number, handoff.number[:8], "LOT-7", "LO"):
        assert found(world, who, text) == []
        assert numbered(viewer=world.actor(getattr(world, who)), at=NOON, text=text) is None
        for address in ("/search/", "/search/suggest/"):
            answer = client.get(address, {"q": text})
            assert handoff.public_id not in answer.content.decode() + answer.get("Location", "")


@pytest.mark.both
def test_the_database_takes_an_index_for_each_lookup(world: World) -> None:
    requested(world, reference="LOT-7")
    with CaptureQueriesContext(
        connection,
    ) as asked:
        found(world, "lin_mei", "LOT-7")
        found(world, "lin_mei", "HO-2026-00")
    rows = [one["sql"] for one in asked if '"handoffs_handoff"."reference"' in one["sql"].partition("WHERE")[2]]
    assert rows
    if connection.vendor == "sqlite":
        for sql in rows:
            with connection.cursor() as cursor:
                cursor.execute(f"EXPLAIN QUERY PLAN {sql}")
                plan = " ".join(str(row) for row in cursor.fetchall())
            assert "SCAN handoffs_handoff" not in plan, plan


def test_a_label_leads_to_the_page_where_one_tap_accepts(world: World) -> None:
    handoff = delivered(world, reference="LOT-7")
    shown = world.client(world.gao_ming).get(f"/handoffs/{handoff.public_id}/label/").content.decode()
    for words in ("<svg", handoff.number, "LOT-7", "Laundry → <strong>Ward 3</strong>", "Sheets 100 pc", "Due"):
        assert words in shown
    scanned = world.client(world.chen_jie).get(f"/handoffs/{handoff.public_id}/").content.decode()
    assert f'<form method="post" action="/handoffs/{handoff.public_id}/step/accept/"' in scanned
    assert world.client(world.he_ping).get(f"/handoffs/{handoff.public_id}/label/").status_code == 404
    assert world.client(world.tom_reed).get(f"/handoffs/{handoff.public_id}/label/").status_code == 403


def test_a_sheet_of_labels_of_all_that_is_owed(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    at = datetime.now(UTC)
    owed = changes.request_handoff(by=world.actor(world.chen_jie), at=at, link=world.laundry_ward, reference="LOT-8")
    gone = changes.deliver_handoff(by=world.actor(world.gao_ming), at=at, handoff=requested(world, reference="LOT-9"))
    laundry = world.client(world.gao_ming)
    shown = laundry.get("/handoffs/labels/").content.decode()
    assert owed.number in shown
    assert gone.number not in shown
    assert "/handoffs/labels/" in laundry.get("/handoffs/today/").content.decode()
    assert Handoff.objects.count() == 2
    assert "more is owed" not in shown
    changes.request_handoff(by=world.actor(world.chen_jie), at=at, link=world.laundry_ward, reference="LOT-10")
    monkeypatch.setattr(sys.modules["baton.handoffs.queries.today"], "SHOWN", 1)
    assert "more is owed" in laundry.get("/handoffs/labels/").content.decode()
    assert "Nothing is owed" in world.client(world.ivy_stone).get("/handoffs/labels/").content.decode()


def test_today_stands_at_the_foot_of_the_phone_of_whoever_works_with_it(world: World) -> None:
    def bar(who: str) -> str:
        page = world.client(getattr(world, who)).get("/me/").content.decode()
        return page.split('<nav class="bottom-bar"')[1].split('<details class="menu menu-up"')[0]

    assert bar("chen_jie").count("<a href") == 4
    assert '<a href="/handoffs/today/"' in bar("chen_jie")
    assert '<a href="/handoffs/today/"' not in bar("lin_mei"), "she belongs to no party"
    assert "Today" not in world.client(world.tom_reed).get("/me/").content.decode().split('"bottom-bar"')[1]
