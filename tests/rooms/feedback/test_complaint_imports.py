"""Tables of complaints: new rows, the same file twice, hostile cells, taken back as a whole."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from baton.core.changes.imports import withdraw_import
from baton.core.errors import Forbidden
from baton.feedback.models import Complaint
from tests.rooms.imports.tables import checked, counts, entered, said
from tests.world import NOON, World

pytestmark = pytest.mark.django_db

HEADER = "Received at,Phenomenon,Matter,Customer’s name,Telephone,Supplier,Lot,Shipped on\n"
GOOD = (
    HEADER
    + "2026-06-01 09:30,Damp and grey,退货,Ward 5,call us,Laundry,W-17,2026-05-31\n"
    + "2026-06-02,Torn,Exchange,Ward 6,,Laundry,,\n"
)


def test_rows_become_complaints_with_numbers(world: World) -> None:
    run = entered("complaints", GOOD, by=world.actor(world.lin_mei))
    assert counts(run) == (2, 0, 0, 0)
    first, second = Complaint.objects.order_by("pk")
    assert (first.number, first.matter, first.supplier, first.telephone, first.received_by) == (
        f"CO-{datetime.now(UTC).year}-0001", "return", world.laundry, "call us", world.lin_mei,
    )  # fmt: skip
    assert (second.matter, second.state, second.channel) == ("exchange", "received", "phone")


def test_the_same_table_twice_adds_nothing(world: World) -> None:
    by = world.actor(world.lin_mei)
    entered("complaints", GOOD, by=by)
    assert counts(checked("complaints", GOOD, by=by)) == (0, 0, 2, 0)


@pytest.mark.parametrize(("line", "column"), [
    ("2999-01-01,Damp,,Ward 5,,,,", "Received at"), ("yesterday,Damp,,Ward 5,,,,", "Received at"),
    ("2026-06-01,Damp,grudge,Ward 5,,,,", "Matter"), ("2026-06-01,Damp,,,,,,", "Customer’s name"),
    ("2026-06-01,Damp,,Ward 5,,Nowhere,,", "Supplier"), ("2026-06-01,Damp,,Ward 5,,,,2026-06-02", "Shipped on"),
    (f"2026-06-01,{'x' * 5000},,Ward 5,,,,", "Phenomenon"), ("2026-06-01,Torn,,Ward 6,,,,", "Phenomenon"),
])  # fmt: skip
def test_what_cannot_be_is_refused_by_row_and_column(world: World, line: str, column: str) -> None:
    table = f"{HEADER}2026-06-01,Torn,,Ward 6,,,,\n{line}\n"
    run = checked("complaints", table, by=world.actor(world.lin_mei))
    assert counts(run)[3] == 1
    assert [(row, name) for row, name, _text in said(run)] == [(3, column)]
    assert not Complaint.everything.exists()


def test_a_table_is_taken_back_as_a_whole(world: World) -> None:
    by = world.actor(world.lin_mei)
    run = entered("complaints", GOOD, by=by)
    withdraw_import(by=by, at=NOON, run=run, reason="The wrong year")
    assert not Complaint.objects.exists()


@pytest.mark.parametrize("name", ["zhao_lei", "he_jun", "sun_yan"])
def test_others_bring_none(world: World, name: str) -> None:
    with pytest.raises(Forbidden):
        checked("complaints", GOOD, by=world.actor(getattr(world, name)))
