"""Houses of quality filled from tables: looked at before, all or nothing, withdrawn as a whole."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from baton.agreements.changes import houses as changes
from baton.agreements.changes.house_tables import HouseTable, NeedRow, fill_house, withdraw_filling
from baton.agreements.changes.houses import Judged
from baton.agreements.imports.houses import read_house
from baton.agreements.models import HouseFilling
from baton.core.audit.verify import verify
from baton.core.errors import Forbidden, Refused
from tests.rooms.agreements.test_houses import address, built, page_of
from tests.rooms.chain.test_pages import filled
from tests.world import NOON, World

if TYPE_CHECKING:
    from baton.agreements.models import House

pytestmark = pytest.mark.django_db


def test_an_exported_house_comes_back_into_another(world: World) -> None:
    house, client = built(world), world.client(world.zhao_lei)
    packed = client.get(address("export_house", house.public_id), {"format": "xlsx"}).content
    by = world.actor(world.zhao_lei)
    other = changes.begin_house(by=by, at=NOON, link=world.laundry_ward, name={"en": "Copy"})
    sent = {"file": SimpleUploadedFile("house.xlsx", packed), "version": str(other.changed_seq)}
    assert client.post(address("import_house", other.public_id), sent).status_code == 302
    mine, copy = page_of(world, house).weighed, page_of(world, other).weighed
    assert mine is not None
    assert copy is not None
    assert copy.relations == mine.relations
    assert [one.demanded for one in copy.characteristics] == [one.demanded for one in mine.characteristics]
    assert copy.roof == mine.roof


def test_what_a_table_changes_is_shown_before_it_is_entered(world: World) -> None:
    house, client = built(world), world.client(world.zhao_lei)
    packed = client.get(address("export_house", house.public_id)).getvalue()
    where = address("import_house", house.public_id)

    def look(content: bytes) -> Any:
        sent = {"file": SimpleUploadedFile("house.csv", content), "version": str(house.changed_seq), "preview": "yes"}
        return client.post(where, sent)

    assert look(packed).context["previewed"] == []
    rows = packed.decode("utf-8-sig").splitlines()
    cells = rows[1].split(",")
    changed = ",".join([cells[0], "1" if cells[1] != "1" else "2", *cells[2:]])
    answer = look("\n".join([rows[0], changed, *rows[2:], "quite new,3,,,1" + "," * (len(cells) - 5)]).encode())
    assert [one.about for one in answer.context["previewed"]] == ["New need", f"{cells[0]}: Importance"]
    page = page_of(world, house)
    assert len(page.needs) == 3
    assert page.needs[0].importance == int(cells[1])
    carried = {"kept": answer.context["form"]["kept"].value(), "version": str(house.changed_seq)}
    assert client.post(where, {**carried, "kept": carried["kept"] + "x"}).status_code == 422
    other = changes.begin_house(by=world.actor(world.zhao_lei), at=NOON, link=world.laundry_ward, name={"en": "Other"})
    foreign = {**carried, "version": str(other.changed_seq)}
    assert client.post(address("import_house", other.public_id), foreign).status_code == 422
    assert client.post(where, carried).status_code == 302
    page = page_of(world, house)
    assert len(page.needs) == 4
    assert page.needs[0].importance != int(cells[1])


@pytest.mark.sqlite
def test_a_table_that_is_no_house_is_refused_cell_by_cell_and_nothing_is_kept(world: World) -> None:
    house, client = built(world), world.client(world.zhao_lei)
    seq = house.changed_seq
    table = (
        "Need,Importance,Met now,To be met,Sales point,hours\n"
        "fresh,11,,,1,9\n"
        "warm,3,0,,1,5\n"
        ",3,,,1,9\n"
        "\u25b2 hours,,,,,\n"
        "\u25b2 nothing,,,,,?\n"
    )
    sent = {"file": SimpleUploadedFile("house.csv", table.encode()), "version": str(seq)}
    answer = client.post(address("import_house", house.public_id), sent)
    assert answer.status_code == 422
    said = answer.context["form"].errors["file"]
    assert [text.split(":")[0] for text in said] == ["Row 2", "Row 3", "Row 3", "Row 4", "Row 6"]
    assert house.needs.count() == 3
    header = "Need,Importance,Met now,To be met,Sales point,hours\n"
    for broken in (
        b"\x00\x01",
        b"Need\nwarm\n",
        b"Need,Importance\nwarm,3\n",
        f"{header}warm,3\nfresh,4,,,1,9\n".encode(),
    ):
        sent = {"file": SimpleUploadedFile("house.csv", broken), "version": str(seq)}
        assert client.post(address("import_house", house.public_id), sent).status_code == 422, broken
    assert house.needs.count() == 3


def grown(world: World, house: House) -> HouseFilling:
    """A table that adds a need and a characteristic, judges a need anew, and marks cells and the roof."""
    table = HouseTable(
        ("hours to delivery", "pieces a day"),
        (
            NeedRow("No  Stains", Judged(importance=1), {"hours to delivery": 9, "pieces a day": 3}),
            NeedRow("enough of it", Judged(importance=3), {"hours to delivery": 0, "pieces a day": 9}),
        ),
        {("hours to delivery", "pieces a day"): "+"},
    )
    by = world.actor(world.zhao_lei)
    return fill_house(by=by, at=NOON, house=house, table=table, title="wishes.xlsx")


def stands(world: World, house: House) -> Any:
    page = page_of(world, house)
    said = [(str(one), one.importance, one.current, one.target, one.sales_point) for one in page.needs]
    relations = {key: strength for key, strength in page.relations.items() if strength}
    return said, [str(one) for one in page.characteristics], relations, dict(page.roof)


def test_a_table_is_withdrawn_as_a_whole(world: World) -> None:
    house = built(world)
    before = stands(world, house)
    filling = grown(world, house)
    assert len(filling.wrote) == 7  # a need, a characteristic, one judged anew, three cells, one mark in the roof
    assert stands(world, house) != before
    by = world.actor(world.zhao_lei)
    with pytest.raises(Forbidden):
        withdraw_filling(by=world.actor(world.chen_jie), at=NOON, filling=filling, reason="wrong")
    withdraw_filling(by=by, at=NOON, filling=filling, reason="the table of another ward")
    assert stands(world, house) == before
    with pytest.raises(Refused, match="It was withdrawn"):
        withdraw_filling(by=by, at=NOON, filling=filling, reason="again")
    assert verify().holds


def test_what_was_changed_since_is_named_and_nothing_is_withdrawn(world: World) -> None:
    house, by = built(world), world.actor(world.zhao_lei)
    filling = grown(world, house)
    page = page_of(world, house)
    stains, enough = page.needs[1], page.needs[3]
    judged = {stains.public_id: Judged(importance=2)}
    cell = {(enough.public_id, page.characteristics[1].public_id): 9}  # a cell of the new need that no table wrote
    changes.judge_house(by=by, at=NOON, house=house, needs=judged, relations=cell, roof={})
    now = stands(world, house)
    with pytest.raises(Refused) as refused:
        withdraw_filling(by=by, at=NOON, filling=filling, reason="wrong")
    assert refused.value.values["count"] == 2
    assert refused.value.values["named"] == "no stains; enough of it – stained pieces"
    assert stands(world, house) == now


def test_a_later_table_is_withdrawn_first(world: World) -> None:
    house, by = built(world), world.actor(world.zhao_lei)
    before, first = stands(world, house), grown(world, house)
    table = HouseTable(("pieces a day",), (NeedRow("enough of it", Judged(importance=5), {"pieces a day": 1}),), {})
    second = fill_house(by=by, at=NOON, house=house, table=table)
    with pytest.raises(Refused, match="withdraw a later table first"):
        withdraw_filling(by=by, at=NOON, filling=first, reason="wrong")
    for filling in (second, first):
        withdraw_filling(by=by, at=NOON, filling=filling, reason="wrong")
    assert stands(world, house) == before


def test_it_is_withdrawn_on_the_page_of_its_house(world: World) -> None:
    house, client = built(world), world.client(world.zhao_lei)
    filling = grown(world, house)
    where = address("withdraw_house_filling", filling.public_id)
    own = client.get(address("house", house.public_id)).content.decode()
    assert "wishes.xlsx" in own
    assert where in own
    assert client.post(where, filled(client, where, reason=" ")).status_code == 422
    sent = filled(client, where, reason="<b>wrong</b>")
    assert client.post(where, sent).headers["Location"] == address("house", house.public_id)
    own = client.get(address("house", house.public_id)).content.decode()
    assert "&lt;b&gt;wrong&lt;/b&gt;" in own
    assert where not in own
    assert world.client(world.tom_reed).get(where).status_code == 403


@pytest.mark.parametrize("table", [
    "Need,Importance,Met now,To be met,Sales point,Hours,hours \nwarm,3,,,1,9,0\n",
    "Need,Importance,Met now,To be met,Sales point,hours\nwarm,3,,,1,9\nWARM,4,,,1,9\n",
])  # fmt: skip
def test_names_that_differ_in_capitals_alone_are_one_name_twice(table: str) -> None:
    _house, problems = read_house(table.encode())
    assert len(problems) == 1
