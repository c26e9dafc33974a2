"""Who brings tables of handoffs: leaders of their own links, the quality manager of all; who sees what was brought."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from baton.chain import changes as chain
from baton.chain.models import Membership
from baton.core.changes.imports import enter_import, keep_mapping, watch_folder, withdraw_import
from baton.core.errors import Forbidden, Refused
from baton.core.imports.runs import enter_now
from baton.core.models import Batch, ImportRun
from baton.handoffs.models import Handoff
from tests.rooms.imports.tables import SYSTEM, checked, counts, entered, said
from tests.world import World

HEAD = "Link,Key,Delivered,Accepted\n"
COME, TAKEN = "2026-06-02 11:00", "2026-06-02 11:30"


def table(world: World, accepted: str = "") -> bytes:
    """A delivery to Ward 3 by the Laundry and one by the Pharmacy."""
    rows = (f"{link.number},K1,{COME},{accepted}\n" for link in (world.laundry_ward, world.pharmacy_ward))
    return (HEAD + "".join(rows)).encode()


def test_who_leads_a_side_brings_its_links_and_no_others(world: World) -> None:
    laundry = world.actor(world.zhao_lei)
    run = checked("handoffs", table(world), by=laundry)
    assert counts(run) == (1, 0, 0, 1)
    assert [(number, column) for number, column, _text in said(run)] == [(3, "Link")]
    run = checked("handoffs", table(world, accepted=TAKEN), by=laundry)
    assert counts(run) == (0, 0, 0, 2), "that it was accepted, the ward tells"
    ward = world.actor(world.wang_fang)
    assert counts(checked("handoffs", table(world), by=ward)) == (0, 0, 0, 2), "that it was delivered, they tell"
    run = entered("handoffs", (HEAD + f"{world.laundry_ward.number},K1,,{TAKEN}\n").encode(), by=ward)
    assert (run.state, Handoff.objects.get().state) == ("entered", "accepted")
    for person in (world.chen_jie, world.gao_ming, world.he_jun, world.tom_reed, world.ivy_stone):
        with pytest.raises(Forbidden):
            checked("handoffs", table(world), by=world.actor(person))


@pytest.mark.sqlite
def test_others_do_not_see_what_a_leader_brought(world: World) -> None:
    row = f"{world.laundry_ward.number},K1,{COME},\n"
    mine = entered("handoffs", (HEAD + row).encode(), by=world.actor(world.zhao_lei))
    batch = Batch.objects.get()
    for address in (f"/data/imports/{mine.public_id}/", f"/data/bulk/{batch.public_id}/"):
        seen = {
            name: world.client(getattr(world, name)).get(address).status_code
            for name in ("zhao_lei", "lin_mei", "wu_tao", "xu_jing", "gao_ming")
        }
        assert seen == {"zhao_lei": 200, "lin_mei": 200, "wu_tao": 200, "xu_jing": 404, "gao_ming": 403}, address
    title = mine.title.encode()
    assert title not in world.client(world.xu_jing).get("/data/imports/").content
    assert title in world.client(world.zhao_lei).get("/data/imports/").content
    for name in ("xu_jing", "wu_tao"):
        by = world.actor(getattr(world, name))
        with pytest.raises(Forbidden):
            withdraw_import(by=by, at=timezone.now(), run=mine, reason="not mine")
    withdraw_import(by=world.actor(world.zhao_lei), at=timezone.now(), run=mine, reason="wrong file")
    assert not Handoff.objects.exists()
    theirs = checked("organisation", "Code\tName (English)\tKind\nX1\tTheatre\tDepartment\n")
    assert world.client(world.zhao_lei).get(f"/data/imports/{theirs.public_id}/").status_code == 404


def test_who_leads_no_more_enters_nothing(world: World) -> None:
    laundry, at = world.actor(world.zhao_lei), timezone.now()
    run = checked("handoffs", (HEAD + f"{world.laundry_ward.number},K1,{COME},\n").encode(), by=laundry)
    run = enter_import(by=laundry, at=at, run=run)
    place = Membership.objects.get(person=world.zhao_lei)
    chain.end_membership(by=SYSTEM, at=at - timedelta(days=1), membership=place)
    run = enter_now(by=SYSTEM, at=at, run=run)
    assert (run.state, Handoff.everything.count()) == ("failed", 0)
    assert not ImportRun.objects.get().batches.exists()


def test_an_assignment_that_somebody_else_keeps_is_not_replaced(world: World) -> None:
    manager, laundry, at = world.actor(world.lin_mei), world.actor(world.zhao_lei), timezone.now()
    keep_mapping(by=manager, at=at, target="handoffs", name="MES", mapping={"link": "Link"})
    with pytest.raises(Refused):
        keep_mapping(by=laundry, at=at, target="handoffs", name="MES", mapping={"link": "Elsewhere"})
    keep_mapping(by=laundry, at=at, target="handoffs", name="Ours", mapping={"link": "L"})
    kept = keep_mapping(by=laundry, at=at, target="handoffs", name="Ours", mapping={"link": "Link"})
    assert kept.mapping == {"link": "Link"}
    assert keep_mapping(by=manager, at=at, target="handoffs", name="Ours", mapping={}).mapping == {}


def test_a_watched_folder_is_its_owners(world: World) -> None:
    folder = watch_folder(
        by=world.actor(world.zhao_lei), at=timezone.now(), name="laundry", target="handoffs", mapping=None
    )
    for name, status in (("xu_jing", 200), ("zhao_lei", 200), ("lin_mei", 200)):
        page = world.client(getattr(world, name)).get("/data/imports/folders/")
        assert page.status_code == status
        assert (folder.name.encode() in page.content) is (name != "xu_jing"), name
    refused = world.client(world.xu_jing).post(f"/data/imports/folders/{folder.public_id}/", {"active": "no"})
    assert refused.status_code in (403, 404)
