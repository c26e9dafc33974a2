"""Tables of handoffs that are laid into a watched folder, in all three forms."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from baton.core.changes.imports import keep_mapping, watch_folder
from baton.core.imports.folders import look, place_of
from baton.core.models import ImportRun, Notification
from baton.handoffs.models import Handoff
from tests.rooms.imports.tables import SYSTEM
from tests.world import World

PATH = {"case": "order", "link_1": "link", "received_1": "bought", "accepted_1": "approved"}


def test_all_three_forms_come_by_a_watched_folder(world: World) -> None:
    by, number = world.actor(world.lin_mei), world.laundry_ward.number
    at = timezone.now()
    kept = keep_mapping(by=by, at=at, target="handoff_cases", name="Orders", mapping=PATH, system="Shop")
    tables = {
        "handoffs": f"Link,Key,Delivered\n{number},K1,2026-03-02 08:00\n",
        "handoff_cases": f"order,link,bought,approved\nO1,{number},2026-03-02 08:00,2026-03-02 09:00\n",
        "handoff_events": "Case,Team,Time\nE1,LD,2026-03-02 08:00\nE1,W3,2026-03-02 10:00\n",
    }
    places = {}
    for target, text in tables.items():
        mapping = kept if target == "handoff_cases" else None
        folder = watch_folder(by=by, at=at, name=target.replace("_", "-"), target=target, mapping=mapping)
        places[target] = place_of(folder)
        places[target].mkdir(parents=True)
        (places[target] / "table.csv").write_text(text)
    later = at + timedelta(minutes=5)
    assert look(by=SYSTEM, at=later) == 3
    stored = Handoff.objects.order_by("key").values_list("system", "key", "state", "batch__person__sign_in_name")
    assert list(stored) == [
        ("", "E1", "accepted", "lin.mei"), ("", "K1", "delivered", "lin.mei"), ("Shop", "O1", "accepted", "lin.mei"),
    ]  # fmt: skip
    for target, text in tables.items():
        (places[target] / "again.csv").write_text(text)
    (places["handoff_events"] / "bad.csv").write_text("Case,Team,Time\nE2,LD,2026-03-02 08:00\nE2,Roof,2026-03-03\n")
    later += timedelta(minutes=5)
    assert look(by=SYSTEM, at=later) == 4
    assert Handoff.objects.count() == 3
    assert sorted(ImportRun.objects.values_list("rows_unchanged", flat=True)) == [0, 0, 1, 1, 1, 1, 2]
    assert [file.name.partition("-")[2] for file in (places["handoff_events"] / "failed").iterdir()] == ["bad.csv"]
    waits = Notification.objects.filter(person=world.lin_mei, topic="core.import_waits")
    assert waits.count() == 1


def test_a_leaders_folder_takes_his_links_only(world: World) -> None:
    at = timezone.now()
    folder = watch_folder(
        by=world.actor(world.zhao_lei), at=at, name="laundry", target="handoffs", mapping=None, leave_out=True
    )
    place_of(folder).mkdir(parents=True)
    rows = (f"{link.number},K1,2026-03-02 08:00\n" for link in (world.laundry_ward, world.pharmacy_ward))
    (place_of(folder) / "table.csv").write_text("Link,Key,Delivered\n" + "".join(rows))
    assert look(by=SYSTEM, at=at + timedelta(minutes=5)) == 1
    assert Handoff.objects.get().link == world.laundry_ward
