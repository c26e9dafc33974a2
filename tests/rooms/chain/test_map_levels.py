"""Large maps are collapsed to levels of the tree, opened in place, and filtered."""

from __future__ import annotations

from typing import Any

import pytest

from baton.chain import changes, queries
from baton.chain.models import Party
from baton.chain.pages.maps import MapFilters, graph
from baton.chain.rules import MAP_PARTIES, PartyKind
from baton.core.ids import new_public_id
from tests.query_counts import queries_a_page
from tests.rooms.chain.test_gaps import link
from tests.world import BEGAN, NOON, SYSTEM, World


def drawn(world: World, key: str = "lin_mei", **filters: Any) -> dict[str, Any]:
    return graph(queries.chain_map(viewer=world.actor(getattr(world, key)), at=NOON), MapFilters(**filters))


def labels(found: dict[str, Any]) -> set[str]:
    return {node["label"] for node in found["nodes"]}


def lines(found: dict[str, Any]) -> set[tuple[str, str, str]]:
    name = {node["id"]: node["label"] for node in found["nodes"]}
    return {(name[edge["source"]], name[edge["target"]], edge["label"]) for edge in found["edges"]}


def test_a_small_chain_is_drawn_whole(world: World) -> None:
    found = drawn(world)
    assert (len(found["nodes"]), len(found["edges"])) == (10, 8)
    assert (found["collapsed"], found["left_out"]) == (0, 0)


def test_a_level_draws_parties_in_those_that_hold_them_and_their_links_together(world: World) -> None:
    link(world.laundry, world.night_shift, "Coats")
    found = drawn(world, level=1)
    assert "Nursing (+2)" in labels(found)
    assert not {"Ward 3", "Night shift"} & labels(found)
    assert ("Laundry", "Nursing (+2)", "2 links") in lines(found)
    assert ("Laboratory", "Nursing (+2)", "Results") in lines(found)
    node = next(node for node in found["nodes"] if node["id"] == world.nursing.public_id)
    assert node["href"] == f"?level=1&open={world.nursing.public_id}"
    opened = drawn(world, level=1, opened=frozenset({world.nursing.public_id}))
    assert {"Nursing", "Ward 3 (+1)"} <= labels(opened)
    assert opened["collapsed"] == 1


def test_a_part_is_drawn_with_those_who_deal_with_it(world: World) -> None:
    found = drawn(world, under=world.laundry.public_id)
    assert labels(found) == {"Laundry", "Nursing (+2)", "LinenCo"}
    assert ("LinenCo", "Laundry", "New linen") in lines(found)
    assert drawn(world, under="nonsense")["nodes"] == drawn(world)["nodes"]


def test_only_links_of_a_criticality_are_drawn(world: World) -> None:
    changes.judge_link(by=SYSTEM, at=NOON, link=world.lab_ward, spend=4, irreplaceability=5, impact=5)
    assert lines(drawn(world, criticality="high")) == {("Laboratory", "Ward 3", "Results")}
    assert drawn(world, criticality="low")["edges"] == []


@pytest.mark.sqlite
@pytest.mark.slow
def test_a_large_chain_is_collapsed_and_says_so_with_as_many_queries(world: World) -> None:
    client = world.client(world.lin_mei)
    addresses = ["/map/", "/map/?level=1", f"/map/?under={world.nursing.public_id}"]
    queries_a_page(client, addresses)
    few = queries_a_page(client, addresses)
    made = []
    for n in range(MAP_PARTIES + 20):
        public_id = new_public_id()
        made.append(
            Party(
                public_id=public_id, number=f"P-X-{n}", party_kind=PartyKind.TEAM, name={"en": f"Team {n}"},
                sort_keys={"en": f"team {n:04}"}, search_text="", parent=world.ward,
                path=f"{world.ward.path}{public_id}/", began_on=BEGAN.date(), recorded_at=BEGAN, changed_seq=0,
            )
        )  # fmt: skip
    Party.objects.bulk_create(made)
    assert queries_a_page(client, addresses) == few
    found = drawn(world)
    assert len(found["nodes"]) <= MAP_PARTIES
    assert f"Ward 3 (+{MAP_PARTIES + 21})" in labels(found)
    assert "are drawn in those that hold them" in client.get("/map/").content.decode()
    cut = drawn(world, level=12)
    assert len(cut["nodes"]) == MAP_PARTIES
    assert cut["left_out"] == 30
