"""Cases with a column for each moment become handoffs of several links; a published marketplace gives its figures."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest
from django.utils import timezone

from baton.chain import changes as chain
from baton.core import pace
from baton.core.changes.imports import enter_import, keep_mapping
from baton.core.imports.runs import enter_now
from baton.handoffs.models import Handoff
from baton_analysis.facts.calendars import always_open
from baton_analysis.facts.handoffs import Clock, HandoffFacts, Promise, events_of_rows, handoff_facts
from baton_analysis.measures.timeliness import attainment
from tests.rooms.imports.tables import SYSTEM, checked, counts, said
from tests.world import NOON, World

if TYPE_CHECKING:
    from baton.chain.models import Link

ZONE = "America/Sao_Paulo"
PATH = {
    "case": "order_id", "zone": "zone",
    "link_1": "approval", "received_1": "order_purchase_timestamp", "accepted_1": "order_approved_at",
    "link_2": "shipping", "received_2": "order_approved_at", "accepted_2": "order_delivered_carrier_date",
    "link_3": "carrier", "received_3": "order_delivered_carrier_date", "due_3": "order_estimated_delivery_date",
    "accepted_3": "order_delivered_customer_date",
}  # fmt: skip
SELLER = {
    "case": "case", "zone": "zone", "link_1": "shipping", "received_1": "order_approved_at",
    "due_1": "shipping_limit_date", "accepted_1": "order_delivered_carrier_date",
}  # fmt: skip


def brought(table: pl.DataFrame | str, mapping: dict[str, str]) -> tuple[int, int, int, int]:
    """New, changed, unchanged, refused of a table that was entered by a mapping that is kept."""
    kept = keep_mapping(by=SYSTEM, at=timezone.now(), target="handoff_cases", name="Orders", mapping=mapping)
    content = table.write_csv() if isinstance(table, pl.DataFrame) else table
    run = checked("handoff_cases", content.encode(), mapping=kept.mapping)
    assert run.state == "checked", run.failure
    assert not run.rows_refused, said(run)[:3]
    enter_now(by=SYSTEM, at=timezone.now(), run=enter_import(by=SYSTEM, at=timezone.now(), run=run))
    return counts(run)


def stored(link: Link, clock: Clock) -> HandoffFacts:
    """The facts of the handoffs of one link, as they are stored."""
    columns = {"public_id": "case", "received_at": "received", "accepted_at": "accepted", "due_at": "due_at"}
    rows = list(Handoff.objects.filter(link=link).values_list(*columns))
    moment = pl.Datetime("us", "UTC")
    schema: dict[str, Any] = {"case": pl.String, "received": moment, "accepted": moment, "due_at": moment}
    frame = pl.DataFrame(rows, schema=schema, orient="row").with_columns(subject=pl.lit(link.number))
    as_of = datetime(2018, 12, 31, tzinfo=UTC)
    return handoff_facts(events_of_rows(frame), Promise(always_open(ZONE), clock=clock), as_of=as_of)


def days(found: HandoffFacts) -> float:
    median = found.frame["net_seconds"].median()
    assert isinstance(median, float)
    return median / 86_400


def test_a_case_goes_through_its_links_and_comes_again_with_more(world: World) -> None:
    head = "Order,A,Asked,Made,B,Begun,Due,Done\n"
    mapping = {"case": "Order", "link_1": "A", "requested_1": "Asked", "delivered_1": "Made", "link_2": "B",
               "received_2": "Begun", "due_2": "Due", "accepted_2": "Done"}  # fmt: skip
    one, two = world.linenco_laundry.number, world.laundry_ward.number
    first = head + f"7,{one},2026-06-01 08:00,2026-06-01 09:00,{two},,2026-06-03,\n8,{one},2026-06-01 08:00,,,,,\n"
    assert brought(first, mapping) == (2, 0, 0, 0)
    assert sorted(Handoff.objects.values_list("reference", "link__number", "state")) == [
        ("7", one, "delivered"), ("8", one, "expected"),
    ]  # fmt: skip
    later = head + (
        f"7,{one},2026-06-01 08:00,2026-06-01 09:00,{two},2026-06-01 09:00,2026-06-03,2026-06-02 10:00\n"
        f"8,{one},2026-06-01 08:00,2026-06-01 10:00,{two},2026-06-01 10:30,2026-06-03,2026-06-01 10:00\n"
    )
    assert brought(later, mapping) == (2, 1, 0, 0), "both go on, one was asked for before"
    known = {(one.reference, one.link.number): one for one in Handoff.objects.select_related("link")}
    assert {key: one.state for key, one in known.items()} == {
        ("7", one): "delivered", ("7", two): "accepted", ("8", one): "delivered", ("8", two): "accepted",
    }  # fmt: skip
    assert known["8", two].received_at == known["8", two].accepted_at, "what begins after its end takes no time"
    wrong = head + f"9,{one},2026-06-01 08:00,,L-0,2026-06-01 09:00,,\n9,{one},2026-06-01 08:00,,,,,\n"
    run = checked("handoff_cases", wrong.encode(), mapping=mapping)
    assert [(row, column) for row, column, _text in said(run)] == [(2, "B"), (3, "Order")]


@pytest.mark.slow
@pytest.mark.sqlite
@pytest.mark.shared_data
def test_a_published_marketplace_gives_its_figures(
    world: World, shared_data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Olist: orders joined with the items of each seller, as docs/guide says; figures that were computed
    independently."""
    monkeypatch.setattr(pace, "LOCK_SECONDS", 10.0)  # nobody else waits here
    parties = [world.linenco, world.laundry, world.ward, world.patient]
    platform, seller, carrier = (
        chain.add_link(by=SYSTEM, at=NOON, supplier=parties[n], customer=parties[n + 1], output={"en": "An order"})
        for n in range(3)
    )
    named = {"zone": pl.lit(ZONE), "approval": pl.lit(platform.number), "shipping": pl.lit(seller.number),
             "carrier": pl.lit(carrier.number)}  # fmt: skip
    orders = pl.read_csv(shared_data / "olist" / "olist_orders_dataset.csv.gz").with_columns(**named)
    sold = pl.read_csv(shared_data / "olist" / "olist_order_items_dataset.csv.gz")
    by_seller = sold.unique(["order_id", "seller_id"], maintain_order=True).join(orders, on="order_id")
    assert brought(orders, PATH) == (8_135, 0, 0, 0)
    shipped = by_seller.filter(pl.col("order_delivered_carrier_date").is_not_null())
    pairs = shipped.with_columns(case=pl.format("{}/{}", "order_id", pl.col("seller_id").str.slice(0, 12)))

    assert round(days(stored(platform, Clock())), 3) == 0.014
    assert round(days(stored(carrier, Clock())), 2) == 7.15
    delivered = orders.filter(pl.col("order_status") == "delivered")["order_id"].to_list()
    Handoff.objects.filter(link=carrier).exclude(reference__in=delivered).update(accepted_at=None, state="expected")
    for means, late in (("moment", 0.0802), ("day", 0.0662)):
        found = attainment(stored(carrier, Clock(due_means=means)))  # type: ignore[arg-type]
        assert found.late / (found.n - found.overdue) == pytest.approx(late, abs=5e-5), means
    assert round(days(stored(seller, Clock())), 2) == 1.83
    Handoff.objects.filter(link=seller).update(link=world.laundry_ward)  # the same handoffs, with a row for each seller
    assert brought(pairs, SELLER) == (6_424, 0, 0, 0)
    sellers = attainment(stored(seller, Clock()))
    assert (sellers.n, sellers.late) == (6_424, 610)
