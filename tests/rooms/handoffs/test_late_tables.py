"""What a table tells late of handoffs that are there: moments, lines and values; Baton's own table brought back."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from django.test import Client
from django.utils import timezone

from baton.agreements.rules import Direction, Measure
from baton.core.audit.verify import verify
from baton.core.changes.imports import enter_import
from baton.core.imports.runs import enter_now
from baton.core.models import ImportRun
from baton.handoffs import changes
from baton.handoffs.models import Handoff, HandoffLine, MeasuredValue
from tests.rooms.agreements.made import in_force, proposed, terms
from tests.rooms.handoffs.made import HOUR, requested
from tests.rooms.imports.tables import SYSTEM, checked, counts, said
from tests.world import NOON, World

HEAD = "Link,Key,Delivered,Item,Unit,Ordered,Quantity delivered,Refused,Defect code\n"
COME = "2026-06-02 11:00"


def brought(table: str, mapping: dict[str, str] | None = None) -> ImportRun:
    """The run of a table that was entered, where there was something to enter."""
    run = checked("handoffs", table.encode(), mapping=mapping)
    if run.rows_new or run.rows_changed:
        at = timezone.now()
        run = enter_now(by=SYSTEM, at=at, run=enter_import(by=SYSTEM, at=at, run=run))
        assert not run.plan.get("not_applied"), run.plan
    return run


def told(world: World, *cells: str) -> tuple[int, int, int, int]:
    """New, changed, unchanged and refused of a table of one row: what stands behind its moment."""
    return counts(brought(HEAD + ",".join((world.laundry_ward.number, "K1", COME, *cells)) + "\n"))


def lines() -> list[tuple[str, str, Decimal | None, Decimal | None, Decimal | None, str]]:
    rows = HandoffLine.objects.select_related("code").order_by("position")
    return [
        (one.name, one.unit, one.ordered, one.delivered, one.refused, one.code.code if one.code else "") for one in rows
    ]


def test_a_second_table_brings_quantities_and_more_lines(world: World) -> None:
    changes.add_defect_code(by=SYSTEM, at=NOON, code="TORN", name={"en": "Torn"})
    assert told(world, "", "", "", "", "", "") == (1, 0, 0, 0)
    assert told(world, "Sheets", "", "100", "", "", "") == (0, 1, 0, 0)
    assert lines() == [("Sheets", "", Decimal(100), None, None, "")]
    assert told(world, "sheets", "pc", "100", "98", "4", "TORN") == (0, 1, 0, 0)
    full = [("Sheets", "pc", Decimal(100), Decimal(98), Decimal(4), "TORN")]
    assert lines() == full
    assert told(world, "", "", "100", "", "4", "") == (0, 0, 1, 0), "the only line"
    assert told(world, "Towels", "pc", "40", "", "", "") == (0, 1, 0, 0)
    assert lines() == [*full, ("Towels", "pc", Decimal(40), None, None, "")]
    assert told(world, "Towels", "pc", "40", "", "", "") == (0, 0, 1, 0)
    assert verify().holds


def test_what_a_line_is_known_to_be_does_not_change(world: World) -> None:
    changes.add_defect_code(by=SYSTEM, at=NOON, code="TORN", name={"en": "Torn"})
    changes.add_defect_code(by=SYSTEM, at=NOON, code="WET", name={"en": "Wet"})
    told(world, "Sheets", "pc", "100", "98", "4", "TORN")
    before = lines()
    for cells, column in (
        (("Sheets", "pc", "90", "", "", ""), "Ordered"),
        (("Sheets", "kg", "", "98", "", ""), "Unit"),
        (("Sheets", "pc", "", "", "4", "WET"), "Defect code"),
    ):
        row = ",".join((world.laundry_ward.number, "K1", COME, *cells))
        run = checked("handoffs", (HEAD + row + "\n").encode())
        assert [(number, name) for number, name, _text in said(run)] == [(2, column)], cells
    told(world, "Towels", "pc", "40", "", "", "")
    run = checked("handoffs", (HEAD + f"{world.laundry_ward.number},K1,{COME},Towels,pc,,,41,\n").encode())
    assert [(number, name) for number, name, _text in said(run)] == [(2, "Refused")], "more than was ordered"
    assert lines()[:1] == before


def test_reference_and_priority_are_filled_in_once(world: World) -> None:
    head = "Link,Key,Reference,Priority,Delivered\n"
    rows = [f"{world.laundry_ward.number},K1,{cells},{COME}\n" for cells in (",", "ORD-1,", ",urgent", "ORD-1,urgent")]
    found = [counts(brought(head + row)) for row in rows]
    assert found == [(1, 0, 0, 0), (0, 1, 0, 0), (0, 1, 0, 0), (0, 0, 1, 0)]
    handoff = Handoff.objects.get()
    assert (handoff.reference, handoff.priority) == ("ORD-1", "urgent")
    run = checked("handoffs", (head + f"{world.laundry_ward.number},K1,ORD-2,low,{COME}\n").encode())
    assert {name for _number, name, _text in said(run)} == {"Reference", "Priority"}


def test_a_measured_value_comes_late_and_is_not_measured_twice(world: World) -> None:
    damp = terms(characteristic={"en": "Moisture"}, measure=Measure.VALUE, unit="%", upper=5.0, target=None,
                 attainment=None, direction=Direction.AT_MOST)  # fmt: skip
    in_force(proposed(world, damp))

    def measured(value: str) -> ImportRun:
        table = f"Link,Key,Delivered,Moisture (%)\n{world.laundry_ward.number},K1,{COME},{value}\n"
        mapping = {"link": "Link", "key": "Key", "delivered_at": "Delivered", "value_1": "Moisture (%)"}
        return brought(table, mapping)

    assert counts(measured("")) == (1, 0, 0, 0)
    assert counts(measured("3.5")) == (0, 1, 0, 0)
    assert counts(measured("3.5")) == (0, 0, 1, 0)
    assert MeasuredValue.objects.get().measured_at == datetime(2026, 6, 2, 11, tzinfo=UTC)
    assert [(number, name) for number, name, _text in said(measured("4"))] == [(2, "Moisture (%)")]
    assert MeasuredValue.objects.count() == 1


def test_batons_own_table_brought_back_changes_nothing(world: World) -> None:
    link = world.laundry_ward
    first = requested(world)
    changes.deliver_handoff(by=world.actor(world.gao_ming), at=NOON + timedelta(seconds=7, microseconds=13),
                            handoff=first)  # fmt: skip
    requested(world, reference="ORD-1")
    requested(world, reference="ORD-1", requested_at=NOON - 2 * HOUR)
    changes.record_handoff(by=SYSTEM, at=NOON, link=link, moments=first.moments, key="9", reference="ORD-2")
    changes.record_handoff(
        by=SYSTEM, at=NOON, link=link, moments=first.moments, system="MES", key="9", supplier_cost=Decimal(3)
    )
    quality: Client = world.client(world.lin_mei)
    answer = quality.get("/data/tables/handoffs/csv/")
    assert answer.status_code == 200
    table = b"".join(answer.streaming_content) if answer.streaming else answer.content
    assert len(list(csv.DictReader(io.StringIO(table.decode("utf-8-sig"))))) == 5
    run = checked("handoffs", table, by=world.actor(world.lin_mei))
    assert counts(run) == (0, 0, 5, 0), said(run)
    assert counts(checked("handoffs", table.replace(link.number.encode(), world.pharmacy_ward.number.encode()))) == (
        5, 0, 0, 0
    ), "of another link they are others"  # fmt: skip


def test_a_line_is_a_line_where_only_its_item_is_said(world: World) -> None:
    assert told(world, "Sheets", "pc", "", "", "", "") == (1, 0, 0, 0)
    assert lines() == [("Sheets", "pc", None, None, None, "")]


def test_what_the_customer_found_is_filled_in_once(world: World) -> None:
    head = "Link,Key,Delivered,Complete,Information right,Cost\n"
    rows = [f"{world.laundry_ward.number},K1,{COME},{cells}\n" for cells in (",,", "no,,", ",yes,5.50", "no,yes,5.5")]
    found = [counts(brought(head + row)) for row in rows]
    assert found == [(1, 0, 0, 0), (0, 1, 0, 0), (0, 1, 0, 0), (0, 0, 1, 0)]
    run = checked("handoffs", (head + f"{world.laundry_ward.number},K1,{COME},yes,no,6\n").encode())
    assert {name for _number, name, _text in said(run)} == {"Complete", "Information right", "Cost"}
    handoff = Handoff.objects.get()
    assert (handoff.complete, handoff.information_right, handoff.cost) == (False, True, Decimal("5.50"))
