"""What it cost: whose cost it is, in which currency, where it is shown, and who may say it."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from baton.config import env
from baton.core.errors import Forbidden, Refused
from baton.core.formats import NO_BREAK, money
from baton.handoffs import changes
from baton.handoffs.changes.checks import in_currency
from baton.handoffs.changes.figures import refresh_figures
from baton.handoffs.models import Handoff
from baton.handoffs.rules import Moments, Side
from tests.api import Program, said, token_for
from tests.rooms.handoffs.test_exports import table
from tests.rooms.handoffs.test_imports import HEAD, row
from tests.rooms.handoffs.test_pages import delivered, sent
from tests.rooms.imports.tables import checked, counts, entered
from tests.rooms.imports.tables import said as mistakes
from tests.world import NOON, SYSTEM, World


def test_each_side_says_its_own_cost_and_never_the_others(world: World) -> None:
    handoff = delivered(world)
    address = f"/handoffs/{handoff.public_id}/cost/"
    ward, laundry = world.client(world.chen_jie), world.client(world.gao_ming)
    page = ward.get(address).content.decode()
    assert "What it cost the customer" in page
    assert "What it cost the supplier" not in page
    assert "in EUR" in page
    assert sent(ward, address, customer_cost="12.50").status_code == 302
    assert sent(laundry, address, supplier_cost="1,000.25").status_code == 302
    # What the other side's field would bring is not looked at.
    assert sent(laundry, address, supplier_cost="8", customer_cost="0").status_code == 302
    handoff.refresh_from_db()
    assert (handoff.supplier_cost, handoff.customer_cost, handoff.cost) == (8, Decimal("12.50"), Decimal("20.50"))
    shown = laundry.get(f"/handoffs/{handoff.public_id}/").content.decode()
    for amount in ("20.50", "8.00", "12.50"):
        assert f"{amount}{NO_BREAK}EUR" in shown
    by = world.actor(world.gao_ming)
    with pytest.raises(Forbidden):
        changes.say_cost(by=by, at=NOON, handoff=handoff, costs={Side.CUSTOMER: Decimal(0)})
    both = {Side.SUPPLIER: None, Side.CUSTOMER: None}
    held = changes.say_cost(by=world.actor(world.lin_mei), at=NOON, handoff=handoff, costs=both)
    assert held.cost is None


def test_who_enters_a_handoff_says_the_cost_of_his_side(world: World) -> None:
    moments = Moments(requested_at=NOON)
    with pytest.raises(Forbidden):
        changes.record_handoff(
            by=world.actor(world.chen_jie), at=NOON, link=world.laundry_ward, moments=moments, supplier_cost=Decimal(1)
        )
    made = changes.record_handoff(
        by=world.actor(world.chen_jie), at=NOON, link=world.laundry_ward, moments=moments, customer_cost=Decimal(1)
    )
    assert (made.supplier_cost, made.customer_cost) == (None, 1)


def test_the_list_and_every_table_name_the_currency(world: World, settings: Any) -> None:
    settings.CURRENCY = "CNY"
    handoff = delivered(world)
    changes.say_cost(by=SYSTEM, at=NOON, handoff=handoff, costs={Side.SUPPLIER: Decimal(3), Side.CUSTOMER: Decimal(4)})
    changes.return_handoff(by=SYSTEM, at=handoff.delivered_at, handoff=handoff, phenomenon="Damp")
    changes.settle_return(
        by=SYSTEM, at=handoff.delivered_at, found=handoff.returns.get(), settlement="Credited", cost=Decimal(5)
    )
    quality = world.client(world.lin_mei)
    listed = quality.get("/handoffs/").content.decode()
    assert f"7.00{NO_BREAK}CNY" in listed
    (whole,) = table(quality, "/handoffs/export.csv")
    assert [whole[name] for name in ("Cost", "Supplier’s cost", "Customer’s cost", "Currency")] == [
        "7.00", "3.00", "4.00", "CNY",
    ]  # fmt: skip
    (back,) = table(quality, "/handoffs/export/returns/")
    assert (back["Cost"], back["Currency"]) == ("5.00", "CNY")
    refresh_figures(by=SYSTEM, at=datetime.now(UTC))
    link = quality.get(f"/links/{world.laundry_ward.public_id}/").content.decode()
    assert f"12.00{NO_BREAK}CNY" in link
    assert f"5.00{NO_BREAK}CNY" in quality.get(f"/handoffs/{handoff.public_id}/").content.decode()


def test_amounts_in_another_currency_are_refused_in_a_table(world: World) -> None:
    head = HEAD.replace("Cost", "Customer’s cost").strip() + ",Supplier’s cost,Currency\n"

    def told(currency: str, key: str = "K1", own: str = "2") -> bytes:
        return (head + row(world, key, cost="3").strip() + f",{own},{currency}\n").encode()

    def brought(*said: str, **more: str) -> Any:
        return entered("handoffs", told(*said, **more))

    assert counts(brought("eur", own="")) == (1, 0, 0, 0)
    made = Handoff.objects.get()
    assert (made.supplier_cost, made.customer_cost) == (None, 3)
    assert counts(brought("EUR", own="2.50")) == (0, 1, 0, 0)
    assert [column for _row, column, _text in mistakes(checked("handoffs", told("EUR", own="4")))] == [
        "Supplier’s cost"
    ]
    with pytest.raises(Refused, match="All rows say what is there already"):
        brought("", own="2.50")
    made.refresh_from_db()
    assert (made.supplier_cost, made.customer_cost) == (Decimal("2.50"), 3)
    ((number, column, text),) = mistakes(checked("handoffs", told("USD", "K2")))
    assert (number, column) == (2, "Currency")
    assert "Expected amounts in EUR" in text
    assert Handoff.objects.count() == 1


def test_programs_say_costs_of_their_side_in_one_currency(world: World) -> None:
    ward, laundry = Program(token_for(world.chen_jie)), Program(token_for(world.gao_ming))
    link = world.laundry_ward.public_id
    asked = {"link": link, "requested_at": "2026-05-30T08:00:00Z", "customer_cost": 2.5}
    made = said(ward.post("/handoffs", {**asked, "currency": "EUR"}))
    assert (made["customer_cost"], made["supplier_cost"], made["currency"]) == (2.5, None, "EUR")
    wrong = ward.post("/handoffs", {**asked, "currency": "USD"})
    assert (wrong.status_code, "Expected amounts in EUR" in wrong.content.decode()) == (422, True)
    assert ward.post("/handoffs", {**asked, "supplier_cost": 1}).status_code == 403
    address = f"/handoffs/{made['id']}/costs"
    own = said(laundry.post(address, {"version": made["version"], "side": "supplier", "cost": 4}))
    assert (own["customer_cost"], own["supplier_cost"]) == (2.5, 4.0)
    others = {"version": own["version"], "side": "customer", "cost": None}
    assert laundry.post(address, others).status_code == 403
    assert laundry.post(address, {**others, "side": "supplier", "currency": "CHF"}).status_code == 422
    assert said(ward.post(address, others))["customer_cost"] is None
    rows = [{"link": world.laundry_ward.number, "key": "1", "requested_at": "2026-05-30T08:00:00Z", "customer_cost": 3}]
    quality = Program(token_for(world.lin_mei))
    assert said(quality.post("/handoffs/batch", {"name": "MES", "rows": [{**rows[0], "currency": "EUR"}]}))["new"] == 1
    refused = quality.post("/handoffs/batch", {"name": "MES", "rows": [{**rows[0], "key": "2", "currency": "USD"}]})
    assert (refused.status_code, "Expected amounts in EUR" in refused.content.decode()) == (422, True)


@pytest.mark.parametrize(("raw", "code"), [("eur", "EUR"), (" CNY ", "CNY"), ("EURO", ""), ("XXX", ""), ("", "")])
def test_the_currency_of_an_installation_is_a_code_of_iso_4217(raw: str, code: str) -> None:
    if code:
        assert env.currency(raw) == code
    else:
        with pytest.raises(ValueError, match=f"^{raw}$"):
            env.currency(raw)


def test_money_is_written_with_its_currency(settings: Any) -> None:
    settings.CURRENCY = "JPY"
    assert money(Decimal("1234.5")) == f"1,234.50{NO_BREAK}JPY"
    assert (money(0), money(None)) == (f"0.00{NO_BREAK}JPY", "–")
    with pytest.raises(Refused):
        in_currency("EUR")
