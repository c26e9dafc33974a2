"""From a party or a person to the outside customer, and the service blueprint of the way."""

from __future__ import annotations

from html import unescape

import pytest

from baton.chain import changes, queries
from baton.chain.queries.graph import customers_of, ways
from baton.chain.rules import Lane, Stage, lane_of
from tests.query_counts import queries_a_page
from tests.rooms.chain.test_gaps import link, party
from tests.world import NOON, SYSTEM, World


def found(world: World, key: str = "lin_mei", start: str = "", end: str = "") -> queries.Paths:
    return queries.paths(viewer=world.actor(getattr(world, key)), at=NOON, start=start, end=end)


def words(paths: queries.Paths) -> list[list[str]]:
    return [[way[0].supplier.name["en"], *(hop.customer.name["en"] for hop in way)] for way in paths.ways]


def test_the_shortest_way_comes_first_and_others_follow(world: World) -> None:
    start = world.laundry.public_id
    assert words(found(world, start=start)) == [["Laundry", "Ward 3", "Patient"]]
    link(world.laundry, world.pharmacy, "Coats")
    link(world.laundry, world.patient, "Slippers")
    assert words(found(world, start=start)) == [
        ["Laundry", "Patient"], ["Laundry", "Ward 3", "Patient"], ["Laundry", "Pharmacy", "Ward 3", "Patient"],
    ]  # fmt: skip


def test_ways_pass_no_party_twice_and_are_as_many_as_asked_for() -> None:
    edges = customers_of([(1, 2), (2, 1), (2, 3), (1, 3), (3, 4), (2, 4), (4, 1)])
    assert ways(edges, 1, {4}, 9) == [[1, 2, 4], [1, 3, 4], [1, 2, 3, 4]]
    assert ways(edges, 1, {4}, 2) == [[1, 2, 4], [1, 3, 4]]
    assert ways(edges, 1, {7}, 9) == []


def test_a_person_goes_by_way_of_what_he_belongs_to(world: World) -> None:
    assert words(found(world, "gao_ming")) == [["Laundry", "Ward 3", "Patient"]], "the reader himself"
    assert words(found(world, start=world.chen_jie.public_id)) == [["Ward 3", "Patient"]]
    paths = found(world, start=world.night_shift.public_id)
    assert words(paths) == [["Ward 3", "Patient"]]
    assert paths.by_way_of is not None
    assert paths.by_way_of.pk == world.ward.pk
    assert found(world, start=world.stores.public_id).ways == []


def test_a_way_leads_to_any_party_that_is_asked_for(world: World) -> None:
    paths = found(world, start=world.infection_control.public_id, end=world.laundry.public_id)
    assert words(paths) == [["Infection control", "Laboratory", "Ward 3", "Laundry"]]
    assert found(world, start=world.patient.public_id, end=world.laundry.public_id).ways == []


def test_nobody_is_led_over_links_that_he_does_not_see(world: World) -> None:
    link(world.stores, world.patient, "Crutches")
    start = world.linenco.public_id
    assert ["LinenCo", "Stores", "Patient"] in words(found(world, start=start))
    assert words(found(world, "chen_jie", start=start)) == [["LinenCo", "Laundry", "Ward 3", "Patient"]]
    assert found(world, "ivy_stone", start=start).ways == []


@pytest.mark.parametrize(
    ("stage", "place", "lane"),
    [(Stage.FRONT, 1, Lane.FRONT), (Stage.BACK, 3, Lane.BACK), (Stage.BACK, 2, Lane.BACK),
     (Stage.BACK, 1, Lane.SUPPORT), ("", 3, Lane.UNSAID)],
)  # fmt: skip
def test_a_step_stands_in_the_lane_of_its_stage(stage: str, place: int, lane: Lane) -> None:
    assert lane_of(stage, place=place, steps=3) is lane


def test_the_page_draws_lanes_and_says_what_is_unsaid(world: World) -> None:
    nobody = {"spend": None, "irreplaceability": None, "impact": None}
    changes.judge_link(by=SYSTEM, at=NOON, link=world.ward_patient, stage=Stage.FRONT, **nobody)  # type: ignore[arg-type]
    client = world.client(world.lin_mei)
    page = unescape(client.get(f"/path/?start={world.laundry.public_id}").content.decode())
    table = page[page.index('<table class="blueprint">') :]
    assert table.index("Front stage") < table.index(">Care<") < table.index("Line of visibility")
    assert table.index("Not said") < table.index(">Clean linen<")
    assert "No way leads there" in client.get(f"/path/?start={world.stores.public_id}").content.decode()
    assert "From whom?" in client.get("/path/").content.decode()
    for odd in ("/path/?way=99", "/path/?start=x&end=y", f"/path/?start={world.laundry.public_id}&way=x"):
        assert client.get(odd).status_code == 200


def test_the_way_of_a_person_is_asked_for_by_name(world: World) -> None:
    client = world.client(world.lin_mei)
    for asked in ("Chen Jie", world.chen_jie.public_id):
        page = client.get("/path/", {"person": asked, "start": world.laundry.public_id}).content.decode()
        assert 'value="Chen Jie"' in page
        assert '<table class="blueprint">' in page
        assert "Clean linen" not in page, "the person counts, not the party"
    nobody = client.get("/path/?person=Nobody+At+All").content.decode()
    assert "Nobody is called “Nobody At All”" in nobody
    assert "From whom?" in nobody
    several = client.get("/path/", {"person": "Ivy Stone"}).content.decode()
    assert "Nothing in sight that this person or party belongs to" in several


@pytest.mark.sqlite
@pytest.mark.slow
def test_as_many_queries_for_a_long_chain_as_for_a_short_one(world: World) -> None:
    client = world.client(world.lin_mei)
    address = f"/path/?start={world.linenco.public_id}"
    queries_a_page(client, [address])
    few = queries_a_page(client, [address])
    before = world.linenco
    for n in range(12):
        unit = party(f"Unit {n}")
        link(before, unit, f"Item {n}")
        link(unit, world.ward, f"Part {n}")
        before = unit
    assert queries_a_page(client, [address]) == few
