"""Handoffs and their parts as tables: what stands in them, and who gets them."""

from __future__ import annotations

import csv
import io
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from baton.agreements.rules import Measure
from baton.handoffs import changes
from baton.handoffs.models import Handoff
from baton.handoffs.rules import Moments, Quantities
from tests.rooms.agreements.made import terms
from tests.rooms.handoffs.held import DAY, IN_TWO_HOURS, agreed, in_force_on
from tests.world import NOON, SYSTEM, World

if TYPE_CHECKING:
    from django.test import Client

ACIDITY = terms(
    IN_TWO_HOURS, measure=Measure.VALUE, unit="pH", direction=None, target=None, lower=6.0, upper=7.0, attainment=None
)
PARTS = ("lines", "values", "returns")


def table(client: Client, address: str) -> list[dict[str, str]]:
    answer: Any = client.get(address)
    assert answer.status_code == 200
    text = b"".join(answer).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def filled(world: World) -> Handoff:
    """A handoff without a key of its own, with a line of which a part came back, and two measured values."""
    agreed(world, ACIDITY)
    sheets = changes.LineGiven(
        name="=Sheets",
        unit="pc",
        item_code="S1",
        quantities=Quantities(ordered=Decimal(100), delivered=Decimal("99.5")),
    )
    moments = Moments(delivered_at=NOON - DAY)
    made = changes.record_handoff(by=SYSTEM, at=NOON, link=world.laundry_ward, moments=moments, lines=[sheets])
    (clause,) = in_force_on(world)
    for value in (6.0, 7.25):
        changes.record_value(by=SYSTEM, at=NOON, handoff=made, clause=clause.public_id, value=value)
    code = changes.add_defect_code(by=world.actor(world.lin_mei), at=NOON, code="TORN", name={"en": "Torn"})
    less = changes.Less(phenomenon="破洞", line=made.lines.get().public_id, refused=Decimal(5), code=code)
    return changes.accept_in_part(by=world.actor(world.chen_jie), at=NOON, handoff=made, less=[less])


def test_the_parts_stand_in_their_tables_under_the_number_of_the_handoff(world: World) -> None:
    made = filled(world)
    client = world.client(world.lin_mei)
    (line,) = table(client, "/handoffs/export/lines/")
    assert (line["Handoff"], line["Key"], line["Item code"], line["Unit"]) == (made.number, "", "S1", "pc")
    assert [Decimal(line[name]) for name in ("Ordered", "Delivered", "Accepted", "Refused")] == [
        Decimal(100), Decimal("99.5"), Decimal("94.5"), Decimal(5),
    ]  # fmt: skip
    assert line["What"] == "'=Sheets", "what a spreadsheet would compute is text"
    values = table(client, "/handoffs/export/values/")
    assert [(row["Handoff"], row["Value"], row["Lower limit"], row["Upper limit"]) for row in values] == [
        (made.number, "6.0", "6.0", "7.0"), (made.number, "7.25", "6.0", "7.0"),
    ]  # fmt: skip
    assert len({row["Within the limits"] for row in values}) == 2
    (back,) = table(client, "/handoffs/export/returns/")
    assert (back["Handoff"], back["What is seen"], back["Defect code"]) == (made.number, "破洞", "TORN")
    assert (Decimal(back["Quantity"]), back["Unit"], back["Number"]) == (5, "pc", made.returns.get().number)


def test_a_table_of_parts_follows_the_filters_of_the_list(world: World) -> None:
    filled(world)
    client = world.client(world.lin_mei)
    assert table(client, "/handoffs/export/lines/?state=expected") == []
    assert len(table(client, "/handoffs/export/lines/?state=partly")) == 1
    answer = client.get("/handoffs/export/values/?format=xlsx")
    assert answer["Content-Type"] == "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    assert client.get("/handoffs/export/judgements/").status_code == 404
    page = client.get("/handoffs/?state=partly").content.decode()
    assert "/handoffs/export/returns/?state=partly" in page


@pytest.mark.sqlite
def test_who_does_not_see_the_link_gets_nothing_of_its_parts(world: World) -> None:
    filled(world)
    sees, blind, guest = world.client(world.chen_jie), world.client(world.ivy_stone), world.client(world.tom_reed)
    for part in PARTS:
        address = f"/handoffs/export/{part}/"
        assert len(table(sees, address)) >= 1
        for client in (blind, guest):
            answer: Any = client.get(address)
            assert answer.status_code in (403, 404) or len(b"".join(answer).decode().splitlines()) == 1
            taken: Any = client.get(f"/data/handoffs.{part}/")
            assert taken.status_code in (403, 404) or len(b"".join(taken).decode().splitlines()) == 1


def test_the_table_of_handoffs_carries_number_and_key(world: World) -> None:
    made = filled(world)
    (row,) = table(world.client(world.lin_mei), "/handoffs/export.csv")
    assert (row["Number"], row["System"], row["Key"]) == (made.number, "", "")
