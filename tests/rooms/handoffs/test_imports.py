"""Handoffs as tables: entered as single ones are, told late, known again, refused with place and reason, taken back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from baton.core.audit.trail import rows_digest
from baton.core.audit.verify import verify
from baton.core.changes.imports import withdraw_import
from baton.core.errors import Forbidden
from baton.core.imports import checking
from baton.core.models import AuditEntry
from baton.handoffs import changes
from baton.handoffs.changes.keyed import keyed
from baton.handoffs.models import Handoff, HandoffLine, MeasuredValue
from baton.handoffs.rules import Moments, Quantities, are_plainly_well, faults_of_moments
from tests.rooms.agreements.made import in_force, proposed, terms
from tests.rooms.imports.tables import SYSTEM, checked, counts, entered, said
from tests.world import NOON, World

HEAD = "Link,Reference,Key,Requested,Due,Delivered,Accepted,Priority,Cost,Ordered,Refused,Defect code,Unit,Complete\n"
DAY = datetime(2026, 6, 2, tzinfo=UTC)


def row(world: World, key: str = "K1", **cells: str) -> str:
    """A row of the table: asked for at 8, due at 12, delivered at 11, accepted at half past."""
    values = {
        "link": world.laundry_ward.number, "reference": f"ORD-{key}", "key": key, "requested": "2026-06-02 08:00",
        "due": "2026-06-02 12:00", "delivered": "2026-06-02 11:00", "accepted": "2026-06-02T11:30:00Z",
        "priority": "urgent", "cost": "", "ordered": "", "refused": "", "code": "", "unit": "", "complete": "", **cells,
    }  # fmt: skip
    return ",".join(values.values()) + "\n"


def plain(record: Any) -> dict[str, Any]:
    own = {"id", "public_id", "batch", "changed_seq", "recorded_at", "number", "key", "handoff"}
    return {f.attname: getattr(record, f.attname) for f in record._meta.concrete_fields if f.name not in own}


def test_they_come_out_as_one_by_one_and_the_trail_says_the_same_of_them(world: World) -> None:
    torn = changes.add_defect_code(by=SYSTEM, at=NOON, code="TORN", name={"en": "Torn"})
    table = HEAD + row(world, cost="12.50", ordered="100", refused="4", code="torn", unit="pc", complete="yes")
    run = entered("handoffs", (table + row(world, "K2", delivered="", accepted="", due="")).encode(), system="MES")
    assert (run.state, counts(run)) == ("entered", (2, 0, 0, 0))
    alone = changes.record_handoff(
        by=SYSTEM, at=datetime.now(UTC), link=world.laundry_ward, reference="ORD-K1", system="MES", key="K1-alone",
        priority="urgent", complete=True, customer_cost=Decimal("12.50"),
        moments=Moments(requested_at=DAY + timedelta(hours=8), due_at=DAY + timedelta(hours=12),
                        delivered_at=DAY + timedelta(hours=11), accepted_at=DAY + timedelta(hours=11, minutes=30)),
        lines=[changes.LineGiven(name="Clean linen", unit="pc", code=torn,
                                 quantities=Quantities(ordered=Decimal(100), refused=Decimal(4)))],
    )  # fmt: skip
    alone.refresh_from_db()
    many, waiting = Handoff.objects.exclude(pk=alone.pk).order_by("pk")
    assert plain(many) == plain(alone)
    assert plain(many.lines.get()) == plain(alone.lines.get())
    assert (waiting.state, waiting.occurred_at) == ("expected", DAY + timedelta(hours=8))
    assert waiting.number == f"{many.number[:-1]}{int(many.number[-1]) + 1}"
    for model in (Handoff, HandoffLine):
        rows = list(model.objects.filter(batch__isnull=False).order_by("pk"))
        entry = AuditEntry.objects.get(action="batch.rows_entered", seq=rows[0].changed_seq)
        assert f'"rows_digest":"{rows_digest(rows)}"' in entry.body, model
    assert verify().holds


def test_what_is_told_late_is_filled_in_and_the_same_table_changes_nothing(world: World) -> None:
    def brought(**cells: str) -> tuple[int, int, int, int]:
        return counts(entered("handoffs", (HEAD + row(world, **cells)).encode(), system="MES"))

    assert brought(delivered="", accepted="") == (1, 0, 0, 0)
    assert brought(accepted="") == (0, 1, 0, 0)
    assert Handoff.objects.get().state == "delivered"
    assert brought(complete="no", cost="3") == (0, 1, 0, 0)
    handoff = Handoff.objects.get()
    assert (handoff.state, handoff.complete, handoff.cost) == ("accepted", False, Decimal(3))
    assert handoff.accepted_at == DAY + timedelta(hours=11, minutes=30)
    told = AuditEntry.objects.filter(object_id=handoff.public_id, action="handoff.told")
    assert told.count() == 2
    same = (HEAD + row(world, complete="no", cost="3.00")).encode()
    assert counts(checked("handoffs", same, system="MES")) == (0, 0, 1, 0)
    other = checked("handoffs", (HEAD + row(world, delivered="2026-06-02 11:01")).encode(), system="MES")
    assert [(number, column) for number, column, _text in said(other)] == [(2, "Delivered")]
    assert counts(checked("handoffs", same, system="LIMS")) == (1, 0, 0, 0), "another system's key"


def test_what_came_back_in_baton_is_not_told_by_a_table(world: World) -> None:
    entered("handoffs", (HEAD + row(world, accepted="")).encode())
    handoff = Handoff.objects.get()
    changes.return_handoff(
        by=world.actor(world.chen_jie), at=NOON + timedelta(days=2), handoff=handoff, phenomenon="Wet"
    )
    run = checked("handoffs", (HEAD + row(world)).encode())
    assert [(number, column) for number, column, _text in said(run)] == [(2, "Key")]


def test_every_mistake_is_named_with_row_and_column(world: World) -> None:
    wrong: list[tuple[dict[str, str], str]] = [
        ({"due": "2026-06-02 07:59"}, "Due"),
        ({"delivered": "2199-06-02 11:00", "accepted": ""}, "Delivered"),
        ({"accepted": "2026-06-02 10:00"}, "Accepted"),
        ({"ordered": "-5"}, "Ordered"),
        ({"ordered": "10", "refused": "11"}, "Refused"),
        ({"ordered": "1,234"}, "Ordered"),
        ({"ordered": "1e400"}, "Ordered"),
        ({"link": "L-1999-0001"}, "Link"),
        ({"link": ""}, "Link"),
        ({"reference": "", "key": ""}, "Key"),
        ({"code": "NONE"}, "Defect code"),
        ({"requested": "31/02/2026 08:00"}, "Requested"),
        ({"requested": "02/06/2026 25:00"}, "Requested"),
        ({"cost": "-1"}, "Cost"),
        ({"key": "K1"}, "Key"),
        ({"complete": "perhaps"}, "Complete"),
    ]
    table = HEAD + row(world)
    for place, (cells, _column) in enumerate(wrong):
        good = {"key": f"W{place}", "reference": "R"}
        quoted = {name: f'"{text}"' if "," in text else text for name, text in cells.items()}
        table += row(world, **{**good, **quoted})
    run = checked("handoffs", table.encode())
    assert counts(run) == (1, 0, 0, len(wrong)), run.failure
    assert [(number, column) for number, column, _text in said(run)] == [
        (number, column) for number, (_cells, column) in enumerate(wrong, start=3)
    ]
    assert all(text.count(".") >= 2 for _row, _column, text in said(run)), "what was expected, found, and is to be done"
    assert not Handoff.everything.exists()


def test_a_time_that_the_clocks_jumped_over_is_refused_in_its_zone(world: World) -> None:
    table = "Link,Key,Time zone,Delivered\n"
    for key, zone, moment in (
        ("gap", "Europe/Berlin", "2026-03-29 02:30"), ("said", "Europe/Berlin", "2026-03-29T02:30:00+01:00"),
        ("none", "Mars/Base", "2026-03-28 02:30"), ("there", "Asia/Shanghai", "2026-03-29 02:30"),
    ):  # fmt: skip
        table += f"{world.laundry_ward.number},{key},{zone},{moment}\n"
    run = entered("handoffs", table.encode(), leave_out=True)
    assert [(number, column) for number, column, _text in said(run)] == [(2, "Delivered"), (4, "Time zone")]
    known = dict(Handoff.objects.values_list("key", "delivered_at"))
    assert known["said"] == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
    assert known["there"] == datetime(2026, 3, 28, 18, 30, tzinfo=UTC)


def test_values_are_held_against_the_clause_in_force_that_their_column_names(world: World) -> None:
    from baton.agreements.rules import Direction, Measure

    damp = terms(characteristic={"en": "Moisture"}, measure=Measure.VALUE, unit="%", upper=5.0, target=None,
                 attainment=None, direction=Direction.AT_MOST)  # fmt: skip
    clause = in_force(proposed(world, damp)).clauses.get()
    number, other = world.laundry_ward.number, world.pharmacy_ward.number
    table = "Link,Key,Delivered,{header}\n{link},A,2026-06-02 11:00,3.5\n{before},B,{day} 11:00,4\n"
    mapping = {"link": "Link", "key": "Key", "delivered_at": "Delivered"}

    def brought(header: str, before: str, day: str) -> Any:
        content = table.format(header=header, link=number, before=before, day=day).encode()
        return checked("handoffs", content, mapping={**mapping, "value_1": header})

    assert counts(brought("moisture (%)", number, "2026-06-03")) == (2, 0, 0, 0)
    assert counts(brought("moisture (kg)", number, "2026-06-03")) == (0, 0, 0, 2), "wrong unit"
    assert counts(brought("moisture", other, "2026-06-03")) == (1, 0, 0, 1), "clause of another link"
    run = brought("Moisture", number, "2026-05-03")
    assert [(row, column) for row, column, _text in said(run)] == [(3, "Moisture")], "before it was in force"
    from baton.core.changes.imports import enter_import
    from baton.core.imports.runs import enter_now

    enter_now(by=SYSTEM, at=NOON, run=enter_import(by=SYSTEM, at=NOON, run=run, leave_out=True))
    value = MeasuredValue.objects.get()
    assert (value.clause_id, value.value, value.handoff.key, value.person) == (clause.pk, 3.5, "A", None)
    assert value.measured_at == DAY + timedelta(hours=11)


def test_a_link_is_named_by_its_parties_too_and_members_bring_none(world: World) -> None:
    table = (
        "Supplier,Customer,Output,Key,Delivered,Accepted\n"
        "Laundry,Ward 3,Clean linen,A,2026-06-02 11:00,\n"
        "Laundry,Ward 3,Doses,B,2026-06-02 11:00,\n"
        "Laundry,Nobody,,C,2026-06-02 11:00,\n"
        "Laundry,Ward 3,,D,2026-06-02 11:00,2026-06-02 11:30\n"
    )
    run = checked("handoffs", table.encode(), by=world.actor(world.lin_mei))
    assert [(row, column) for row, column, _text in said(run)] == [(3, "Output"), (4, "Customer")]
    for person in (world.chen_jie, world.tom_reed):
        with pytest.raises(Forbidden):
            checked("handoffs", table.encode(), by=world.actor(person))


def test_a_long_table_is_looked_at_in_parts_and_taken_back_whole(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checking, "PART_ROWS", 7)
    table = HEAD + "".join(row(world, f"N{n % 38:03}", ordered=str(n)) for n in range(40))
    run = checked("handoffs", table.encode())
    assert counts(run) == (38, 0, 0, 2)
    run = entered("handoffs", table.encode(), leave_out=True)
    assert (Handoff.objects.count(), HandoffLine.objects.count()) == (38, 38)
    withdraw_import(by=SYSTEM, at=NOON, run=run, reason="wrong file")
    assert not Handoff.objects.exists()
    assert not HandoffLine.objects.exists()
    assert counts(entered("handoffs", table.encode(), leave_out=True)) == (38, 0, 0, 2), "keys are free again"
    assert verify().holds


@pytest.mark.sqlite
def test_a_key_is_found_by_its_index_however_many_handoffs_a_link_has(world: World) -> None:
    plan = keyed(link=world.laundry_ward.pk, system="MES").filter(key__in=["A", "B"]).explain()
    assert "handoffs_key_once_a_link (link_id=? AND system=? AND key=?)" in plan


def test_the_quick_look_at_moments_finds_what_the_rules_find() -> None:
    steps = (None, datetime(1999, 1, 1, tzinfo=UTC), NOON - timedelta(hours=2), NOON - timedelta(hours=1),
             NOON + timedelta(minutes=4), NOON + timedelta(hours=1), NOON + timedelta(days=2000))  # fmt: skip
    for requested in steps:
        for received in (None, NOON - timedelta(hours=1)):
            for delivered in steps:
                for due in steps:
                    told = Moments(requested_at=requested, received_at=received, delivered_at=delivered, due_at=due)
                    found = list(faults_of_moments(told, at=NOON, zone=UTC))
                    assert are_plainly_well(told, at=NOON) is (not found), told
