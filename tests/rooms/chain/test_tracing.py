"""From a link forward to what somebody outside needs, and back."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baton.chain import changes, policy, queries
from baton.chain.models import OutsideNeed
from baton.chain.queries.chains import chain_in_sight
from baton.chain.queries.graph import Edge, Walk
from baton.chain.queries.tracing import traces_of
from baton.core.days import day_of
from baton.core.errors import NotFound
from tests.world import BEGAN, NOON, SYSTEM, World

PARTIES = st.integers(0, 7)


@st.composite
def chains(draw: st.DrawFn) -> Walk:
    """Small chains, cycles and needs named in the middle included; parties 6 and 7 are outside customers."""
    pairs = draw(st.lists(st.tuples(PARTIES, PARTIES, st.one_of(st.none(), st.integers(0, 2))), max_size=14))
    edges = [Edge(n, supplier, customer, n, need) for n, (supplier, customer, need) in enumerate(pairs)]
    return Walk([edge for edge in edges if edge.supplier != edge.customer], ends={6, 7})


def shortest(walk: Walk, begin: int, need: int) -> int | None:
    """The number of links to the need by trying all longer and longer ways; an oracle without memory."""
    ways = [[begin]]
    for _length in range(len(walk.edges) + 1):
        if any(walk.edges[way[-1]].need == need for way in ways):
            return len(ways[0])
        ways = [
            [*way, edge.link]
            for way in ways
            if (here := walk.edges[way[-1]].customer) not in walk.ends
            for edge in walk.edges.values()
            if edge.supplier == here and edge.link not in way
        ][:20000]
        if not ways:
            return None
    return None


@given(chains())
def test_forward_and_backward_agree_and_ways_are_the_shortest(walk: Walk) -> None:
    for link in walk.edges:
        paths = walk.paths_to_needs([link])
        for need in range(3):
            steps = walk.serving([need])
            assert (need in paths) is (link in steps)
            assert (len(paths[need]) if need in paths else None) == shortest(walk, link, need)
            assert steps.get(link) == shortest(walk, link, need)


@given(chains())
def test_a_way_is_a_chain_that_ends_where_the_need_is_named(walk: Walk) -> None:
    for link in walk.edges:
        for need, path in walk.paths_to_needs([link]).items():
            assert path[0].link == link
            assert path[-1].need == need
            assert all(one.customer == then.supplier for one, then in zip(path, path[1:], strict=False))
            assert len({edge.link for edge in path}) == len(path)
    assert set(walk.serving_any()) == {link for link in walk.edges if walk.paths_to_needs([link])}


def test_a_link_that_is_not_there_serves_nothing() -> None:
    assert Walk([]).paths_to_needs([1]) == {}
    assert Walk([]).serving([1]) == {}


@pytest.fixture
def clean_bed(world: World) -> OutsideNeed:
    """The patient's need, named by what the ward does for him."""
    need = changes.add_need(by=SYSTEM, at=BEGAN, holder=world.patient, words={"en": "I want a clean bed tonight"})
    changes.change_link(
        by=SYSTEM, at=NOON, link=world.ward_patient, output=world.ward_patient.output, output_kind="service", need=need
    )
    return need


def serves(world: World, person: str, output: str) -> list[list[str]]:
    page = queries.output_page(
        viewer=world.actor(getattr(world, person)), at=NOON, public_id=getattr(world, output).output.public_id
    )
    return [[str(party) for party in trace.parties] for trace in page.serves]


def test_an_output_is_traced_to_the_need_over_all_that_lies_between(world: World, clean_bed: OutsideNeed) -> None:
    assert serves(world, "lin_mei", "linenco_laundry") == [["LinenCo", "Laundry", "Ward 3", "Patient"]]
    assert serves(world, "lin_mei", "linenco_stores") == []


def test_a_trace_does_not_lead_over_what_the_viewer_cannot_see(world: World, clean_bed: OutsideNeed) -> None:
    assert serves(world, "he_ping", "linenco_stores") == []
    assert serves(world, "zhao_lei", "laundry_ward") == [["Laundry", "Ward 3", "Patient"]]
    with pytest.raises(NotFound):
        serves(world, "he_ping", "laundry_ward")


def test_a_need_lists_all_that_serves_it_the_nearest_first(world: World, clean_bed: OutsideNeed) -> None:
    page = queries.need_page(viewer=world.actor(world.lin_mei), at=NOON, public_id=clean_bed.public_id)
    assert [(step, str(link.output)) for step, link in page.serving.links] == [
        (1, "Care"), (2, "Clean linen"), (2, "Doses"), (2, "Results"), (3, "Sorted used linen"), (3, "New linen"),
        (3, "Audits"),
    ]  # fmt: skip
    assert "Towels" not in [str(link.output) for _step, link in page.serving.links]
    assert (page.serving.all_links, page.serving.parties, page.serving.outputs) == (7, 6, 7)


def test_orphans_are_outputs_that_serve_nothing(world: World, clean_bed: OutsideNeed) -> None:
    filters = queries.OutputFilters(orphan=True)
    rows = queries.outputs(viewer=world.actor(world.lin_mei), at=NOON, filters=filters)
    assert [str(row.output) for row in rows] == ["Towels"]


def test_a_need_that_has_ended_is_served_by_nobody(world: World, clean_bed: OutsideNeed) -> None:
    changes.end_need(by=SYSTEM, at=NOON, need=clean_bed, ended_on=date(2026, 6, 1))
    assert serves(world, "lin_mei", "laundry_ward") == []


def test_the_customers_customer_two_steps_and_no_further(world: World) -> None:
    page = queries.link_page(viewer=world.actor(world.lin_mei), at=NOON, public_id=world.linenco_laundry.public_id)
    assert [str(link.customer) for link in page.onwards.first] == ["Ward 3"]
    assert [str(one.party) for one in page.onwards.second.parties] == ["Patient"]
    last = queries.link_page(viewer=world.actor(world.lin_mei), at=NOON, public_id=world.ward_patient.public_id)
    assert last.onwards.first == []


def test_a_party_sees_two_steps_in_both_directions(world: World) -> None:
    page = queries.party_page(viewer=world.actor(world.lin_mei), at=NOON, public_id=world.ward.public_id)
    assert {str(one.party): [str(via) for via in one.via] for one in page.before.parties} == {
        "LinenCo": ["Laundry"], "Infection control": ["Laboratory"],
    }  # fmt: skip
    assert page.after.parties == [], "the laundry hands back to the ward itself, the patient ends the chain"


def test_who_sees_a_way_sees_all_parties_on_it(world: World, clean_bed: OutsideNeed) -> None:
    for person in ("chen_jie", "zhao_lei", "wang_fang"):
        viewer = world.actor(getattr(world, person))
        seen = {party.pk for party in queries.parties_to_choose(viewer=viewer, at=NOON)}
        sight = policy.sight_of(viewer, day_of(NOON))
        chain = chain_in_sight(sight, day_of(NOON))
        for trace in traces_of(chain, chain.walk.paths_to_needs(chain.walk.edges)):
            assert {party.pk for party in trace.parties} <= seen
