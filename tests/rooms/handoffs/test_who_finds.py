"""What was found of what came, the customer says: whoever acts for the supplier alone tells none of it, at no door."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from baton.core.changes.imports import enter_import
from baton.core.errors import Forbidden
from baton.core.imports.runs import enter_now
from baton.handoffs import changes
from baton.handoffs.models import Handoff, HandoffLine
from baton.handoffs.rules import Moments
from tests.api import Program, token_for
from tests.rooms.imports.tables import SYSTEM, checked, counts, entered, said
from tests.world import NOON, World

HEAD = "Link,Key,Delivered"
COME = "2026-06-02 11:00"


@pytest.mark.parametrize(
    ("column", "cell"),
    [
        ("Complete", "yes"), ("Information right", "no"), ("Quantity accepted", "9"), ("Refused", "1"),
        ("Defect code", "TORN"),
    ],
)  # fmt: skip
def test_a_table_of_the_supplier_does_not_say_what_the_customer_found(world: World, column: str, cell: str) -> None:
    changes.add_defect_code(by=SYSTEM, at=NOON, code="TORN", name={"en": "Torn"})
    table = f"{HEAD},Quantity delivered,{column}\n{world.laundry_ward.number},K1,{COME},10,{cell}\n".encode()
    run = checked("handoffs", table, by=world.actor(world.zhao_lei))
    assert counts(run) == (0, 0, 0, 1)
    assert "only what your side tells of it" in said(run)[0][2]
    assert counts(checked("handoffs", table, by=world.actor(world.lin_mei))) == (1, 0, 0, 0)


def test_what_the_customer_said_does_not_change_by_a_table_of_the_supplier(world: World) -> None:
    row = f"{world.laundry_ward.number},K1,{COME}"
    entered("handoffs", f"{HEAD}\n{row}\n".encode(), by=world.actor(world.zhao_lei))
    told = f"Link,Key,Accepted,Complete\n{world.laundry_ward.number},K1,2026-06-02 11:30,no\n"
    entered("handoffs", told.encode(), by=world.actor(world.wang_fang))
    run = checked("handoffs", f"{HEAD},Complete\n{row},yes\n".encode(), by=world.actor(world.zhao_lei))
    assert counts(run) == (0, 0, 0, 1)
    assert Handoff.objects.get().complete is False


def test_who_led_both_sides_at_the_check_and_leads_one_now_tells_no_findings(world: World) -> None:
    """The rights are asked again when the rows are entered."""
    row = f"{world.laundry_ward.number},K1,{COME}"
    entered("handoffs", f"{HEAD}\n{row}\n".encode(), by=world.actor(world.zhao_lei))
    handoff = Handoff.objects.get()
    by, at = world.actor(world.zhao_lei), timezone.now()
    line = changes.telling.LineTold(name="Sheets", code=1)
    for said_of_it in ({"complete": True}, {"information_right": True}, {"line": line}):
        with pytest.raises(Forbidden):
            changes.telling.tell_more(by=by, at=at, handoff=handoff, moments=Moments(), **said_of_it)  # type: ignore[arg-type]
    assert not HandoffLine.objects.exists()
    run = checked("handoffs", f"{HEAD},Complete\n{row},yes\n".encode(), by=world.actor(world.lin_mei))
    run = enter_now(by=SYSTEM, at=at, run=enter_import(by=world.actor(world.lin_mei), at=at, run=run))
    handoff.refresh_from_db()
    assert (run.state, handoff.complete) == ("entered", True)


def test_a_program_of_the_supplier_does_not_say_it_either(world: World) -> None:
    at = timezone.now() - timedelta(hours=1)
    body = {"link": world.laundry_ward.public_id, "delivered_at": at.isoformat(), "complete": True}
    assert Program(token_for(world.gao_ming)).post("/handoffs", body).status_code == 403
    assert not Handoff.objects.exists()
    body = {"link": world.laundry_ward.public_id, "requested_at": at.isoformat(), "information_right": True}
    assert Program(token_for(world.chen_jie)).post("/handoffs", body).status_code == 201
