"""Lists and pages: order, search, pages, and as many queries for few rows as for many."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.core.paginator import Page
from django.utils import translation

from baton.chain import changes, queries
from baton.chain.models import Link, Party
from baton.chain.rules import PAGE_ROWS, Capacity, OutputKind, PartyKind, Source
from baton.core.errors import NotFound
from baton.core.texts import sort_keys
from tests.query_counts import queries_a_page
from tests.world import BEGAN, NOON, SYSTEM, World

MOST_QUERIES = 85
"""Of one page, panels of other rooms included, which read for themselves where they are drawn anew."""


def parties(world: World, **filters: object) -> Page[Party]:
    return queries.parties(
        viewer=world.actor(world.lin_mei),
        at=NOON,
        filters=queries.PartyFilters(**filters),  # type: ignore[arg-type]
    )


def links(world: World, **filters: object) -> list[Link]:
    asked = queries.LinkFilters(**filters)  # type: ignore[arg-type]
    return [row.link for row in queries.links(viewer=world.actor(world.lin_mei), at=NOON, filters=asked)]


def grow(world: World, numbers: range) -> None:
    """More departments under Ward 3, each with a head and three links, and as many entries of history on one link."""
    for n in numbers:
        party = changes.add_party(
            by=SYSTEM, at=BEGAN, party_kind=PartyKind.DEPARTMENT, name={"en": f"Unit {n}"}, parent=world.ward
        )
        changes.appoint(by=SYSTEM, at=BEGAN, party=party, person=world.chen_jie, capacity=Capacity.HEAD)
        for supplier, customer in ((party, world.ward), (world.laundry, party), (world.laundry, world.ward)):
            changes.add_link(by=SYSTEM, at=BEGAN, supplier=supplier, customer=customer, output={"en": f"Item {n}"})
        linen = world.laundry_ward.output
        changes.give_responsibility(by=SYSTEM, at=BEGAN, output=linen, party=party, responsible="informed")
        changes.revise_output(by=SYSTEM, at=BEGAN, output=linen, label=f"R{n}", began_on=date(2026, 2, n + 1))
        need = changes.add_need(by=SYSTEM, at=BEGAN, holder=world.patient, words={"en": f"Need {n}"})
        project = changes.add_project(by=SYSTEM, at=BEGAN, name={"en": f"Project {n}"}, owner=party)
        changes.add_link(
            by=SYSTEM, at=BEGAN, supplier=world.ward, customer=world.patient, output={"en": f"Care {n}"}, need=need
        )
        for n_project in (project, world.dryers):  # type: ignore[attr-defined]
            changes.add_link(
                by=SYSTEM, at=BEGAN, supplier=party, customer=world.laundry, project=n_project,
                output={"en": f"Help {n} for {n_project}"}, need=world.clean_bed,  # type: ignore[attr-defined]
            )  # fmt: skip
        changes.change_link(
            by=world.actor(world.zhao_lei), at=NOON, link=world.laundry_ward, output={"en": f"Linen {n}"},
            output_kind="service",
        )  # fmt: skip


def test_numbers_sort_by_their_size() -> None:
    names = ["Ward 10", "Ward 2", "ward １", "12病区", "3病区"]
    for code, expected in (("en", ["ward １", "Ward 2", "Ward 10"]), ("zh-hans", ["3病区", "12病区"])):
        chosen = [name for name in names if name in expected]
        assert sorted(chosen, key=lambda name: sort_keys({code: name})[code]) == expected


def test_chinese_sorts_by_pinyin(world: World) -> None:
    with translation.override("zh-hans"):
        names = [str(party) for party in parties(world)]
    assert names == ["布草公司", "感染管理科", "护理部", "患者", "检验科", "库房", "三病区", "洗衣房", "药房", "夜班"]
    with translation.override("en"):
        assert [str(party) for party in parties(world)][:3] == ["Infection control", "Laboratory", "Laundry"]


def test_order_can_be_turned_round_and_counts_sort(world: World) -> None:
    assert [str(party) for party in parties(world, order="-suppliers")][0] == "Ward 3"
    assert [str(party) for party in parties(world, order="-number")][0] == "LinenCo"
    assert [str(party) for party in parties(world, kind="outside_customer")] == ["Patient"]


def test_links_are_filtered_by_party_kind_source_and_state(world: World) -> None:
    assert set(links(world, party=world.laboratory.public_id)) == {world.lab_ward, world.control_lab}
    assert links(world, output_kind=OutputKind.CONTROL) == [world.control_lab]
    assert links(world, source=Source.MINED) == []
    changes.end_link(by=SYSTEM, at=NOON, link=world.control_lab)
    assert world.control_lab not in links(world)
    assert links(world, state="ended") == [world.control_lab]
    assert len(links(world, state="all")) == 8
    assert links(world, search="洗衣 新") == [world.linenco_laundry], "words may stand in different columns"


def test_a_list_comes_in_pages(world: World) -> None:
    for n in range(PAGE_ROWS):
        changes.add_party(by=SYSTEM, at=BEGAN, party_kind=PartyKind.TEAM, name={"en": f"Team {n:03}"})
    viewer, filters = world.actor(world.lin_mei), queries.PartyFilters()
    pages = [queries.parties(viewer=viewer, at=NOON, filters=filters, page=number) for number in (1, 2, 99, "x")]
    assert [len(page) for page in pages] == [PAGE_ROWS, 10, 10, PAGE_ROWS]
    assert not set(pages[0]) & set(pages[1])


def test_what_is_not_in_sight_does_not_exist(world: World) -> None:
    viewer = world.actor(world.chen_jie)
    for ask, public_id in ((queries.party, world.stores.public_id), (queries.party_page, world.stores.public_id),
                           (queries.link, world.linenco_stores.public_id), (queries.link_page, "nonsense"),
                           (queries.membership, world.stores.memberships.get().public_id)):  # fmt: skip
        with pytest.raises(NotFound):
            ask(viewer=viewer, at=NOON, public_id=public_id)  # type: ignore[operator]


@pytest.mark.sqlite
@pytest.mark.slow
@pytest.mark.parametrize("person", ["lin_mei", "wang_fang"])
def test_pages_ask_as_many_queries_for_many_rows_as_for_few(world: World, person: str, settings: Any) -> None:
    settings.SETTLEMENT = False  # as installations come; where points are counted, a link or a party asks one more
    client = world.client(getattr(world, person))
    addresses = [
        "/", "/map/", "/parties/", "/links/", "/parties/add/", "/links/add/", "/parties/export.csv",
        "/links/export.csv",
        f"/parties/{world.ward.public_id}/", f"/parties/{world.ward.public_id}/appoint/",
        f"/links/{world.laundry_ward.public_id}/", f"/links/{world.laundry_ward.public_id}/change/",
    ]  # fmt: skip

    world.clean_bed = changes.add_need(by=SYSTEM, at=BEGAN, holder=world.patient, words={"en": "A bed"})  # type: ignore[attr-defined]
    world.dryers = changes.add_project(by=SYSTEM, at=BEGAN, name={"en": "Dryers"}, owner=world.ward)  # type: ignore[attr-defined]
    linen, need, project = world.laundry_ward.output.public_id, world.clean_bed.public_id, world.dryers.public_id  # type: ignore[attr-defined]
    addresses += [
        *(f"/{plural}/{page}" for plural in ("outputs", "needs", "projects") for page in ("", "add/", "export.csv")),
        "/outputs/?orphan=on&no_owner=on", "/needs/?unserved=on", f"/links/?project={project}&criticality=not_judged",
        f"/outputs/{linen}/", f"/needs/{need}/", f"/projects/{project}/",
        f"/links/{world.laundry_ward.public_id}/judge/",
    ]  # fmt: skip
    grow(world, range(2))
    queries_a_page(client, addresses)  # what is cached once a process is not counted
    few = queries_a_page(client, addresses)
    grow(world, range(2, 12))
    assert queries_a_page(client, addresses) == few
    assert max(few.values()) <= MOST_QUERIES, few
