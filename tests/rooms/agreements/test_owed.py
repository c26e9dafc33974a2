"""What we promise and what we are promised: every clause in force, from both ends of its link."""

from __future__ import annotations

from datetime import date

import pytest

from baton.agreements.queries.owed import OwedFilters, OwedRow, View, owed_in_short, owed_page, owed_to_export
from baton.agreements.rules.coverage import Stands
from baton.core.errors import NotFound
from tests.api import Program, said, token_for
from tests.rooms.agreements.made import LINEN, ORDER, in_force, proposed, terms
from tests.world import NOON, World


def ends(rows: list[OwedRow]) -> list[tuple[str, str, str]]:
    return [(str(row.clause), str(row.mine), str(row.other)) for row in rows]


def test_each_clause_is_owed_by_one_end_and_owed_to_the_other(world: World) -> None:
    in_force(proposed(world, LINEN, ORDER))
    promise, duty = "Clean linen is on the ward", "Used linen is sorted"

    def of(party: str, view: View) -> list[tuple[str, str, str]]:
        rows = owed_to_export(viewer=world.actor(world.lin_mei), at=NOON, filters=OwedFilters(party=party, view=view))
        return ends(list(rows))

    laundry, nursing = world.laundry.public_id, world.nursing.public_id
    assert of(laundry, View.OWES) == [(promise, "Laundry", "Ward 3")]
    assert of(laundry, View.OWED) == [(duty, "Laundry", "Ward 3")]
    # Nursing has no link of its own; Ward 3 stands in it.
    assert of(nursing, View.OWES) == [(duty, "Ward 3", "Laundry")]
    assert of(nursing, View.OWED) == [(promise, "Ward 3", "Laundry")]
    assert of(world.stores.public_id, View.OWES) == []


def test_only_what_is_in_force_counts_and_how_it_stands_is_said(world: World) -> None:
    viewer = world.actor(world.zhao_lei)
    measured = terms(LINEN, baseline_value=30.0, baseline_weeks=6)
    version = proposed(world, measured, LINEN)
    assert owed_in_short(viewer=viewer, at=NOON).number(View.OWES) == 0
    in_force(version)
    mine = owed_in_short(viewer=viewer, at=NOON)  # of the Laundry, which he heads
    assert mine.party is None
    assert mine.counts[View.OWES] == {Stands.BINDING: 1, Stands.ON_TRIAL: 1}
    found, page = owed_page(viewer=viewer, at=NOON, filters=OwedFilters(stands=Stands.BINDING))
    assert [row.stands for row in page] == [Stands.BINDING]
    assert found.number(View.OWES) == 2  # filters aside
    assert not owed_page(viewer=viewer, at=NOON, filters=OwedFilters(search="pharmacy"))[1].object_list
    assert len(owed_page(viewer=viewer, at=NOON, filters=OwedFilters(search="WARD linen"))[1]) == 2


@pytest.mark.sqlite
def test_who_sees_what(world: World) -> None:
    in_force(proposed(world))
    for person, number in ((world.xu_jing, 0), (world.he_jun, 1), (world.chen_jie, 1)):
        filters = OwedFilters(party=world.ward.public_id, view=View.OWED)
        try:
            found = list(owed_to_export(viewer=world.actor(person), at=NOON, filters=filters))
        except NotFound:
            found = []
        assert len(found) == number or person is world.xu_jing
    with pytest.raises(NotFound):
        owed_in_short(viewer=world.actor(world.lin_mei), at=NOON, party="x" * 16)
    assert world.client(world.tom_reed).get("/agreements/owed/").status_code == 403


def test_pages_panels_table_and_call(world: World) -> None:
    client = world.client(world.zhao_lei)
    assert "Nothing is promised yet" in client.get("/agreements/owed/").content.decode()
    version = in_force(proposed(world))
    type(version).objects.filter(pk=version.pk).update(ends_on=date(2099, 12, 31))
    page = client.get("/agreements/owed/").content.decode()
    assert "Clean linen is on the ward" in page
    assert "95 % within 24 business hours" in page
    assert "31 Dec 2099" in page
    assert "What we are promised: 1" in page
    paper = client.get("/agreements/owed/print/").content.decode()
    assert "Used linen is sorted" in paper
    assert "Clean linen is on the ward" in paper
    other = f"/agreements/owed/?party={world.ward.public_id}&view=owed"
    assert "What it is promised: 1" in client.get(other).content.decode()
    assert other.replace("&", "&amp;") in client.get(f"/parties/{world.ward.public_id}/").content.decode()
    assert "/agreements/owed/?party=&amp;view=owes" in client.get("/").content.decode()
    table = b"".join(client.get("/agreements/owed/export.csv?view=owed")).decode("utf-8-sig")
    assert "Used linen is sorted" in table
    told = said(Program(token_for(world.zhao_lei, "agreements:read")).get("/owed?view=owed"))
    assert (told["owes"], told["owed"], told["rows"][0]["other"]["name"]["en"]) == (1, 1, "Ward 3")


def test_who_belongs_to_no_party_is_asked_whose_promises(world: World) -> None:
    in_force(proposed(world, LINEN))
    manager = world.client(world.lin_mei)
    assert "Whose promises?" in manager.get("/agreements/owed/").content.decode()
    assert "Clean linen is on the ward" in manager.get(
        f"/agreements/owed/?party={world.laundry.public_id}"
    ).content.decode()  # fmt: skip


def test_the_page_for_paper_says_that_there_is_more_only_where_there_is(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_force(proposed(world, LINEN, terms(LINEN, characteristic={"en": "Linen is soft"}), ORDER))
    monkeypatch.setattr("baton.agreements.views.owed.PRINTED", 1)
    head, own = world.client(world.zhao_lei), "/agreements/owed/print/"
    assert "The first 1." in head.get(own).content.decode()
    assert "The first 1." not in head.get(f"{own}?q=soft").content.decode()
