"""Whether promises hold together: what clauses carry, along the ways of the world, on pages and panels."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, get_args

import pytest
from django.urls import reverse

from baton.agreements import changes
from baton.agreements.api import promises as api
from baton.agreements.changes.houses import Judged, add_characteristic, add_house_need
from baton.agreements.queries.promises import PromisePaths, promise_paths
from baton.agreements.rules import ClauseKind, Direction, Measure, Side, Source, Terms
from baton.agreements.rules.chaining import Span, carried
from baton_analysis.measures.promise_chain import result, support
from tests.query_counts import queries_a_page
from tests.rooms.agreements.made import in_force, terms
from tests.rooms.agreements.test_houses import built
from tests.world import NOON, World

if TYPE_CHECKING:
    from baton.chain.models import Link

HOUR = 3600.0
RIGHT = Terms(
    owed_by=Side.SUPPLIER, characteristic={"en": "No piece has stains"}, measure=Measure.SHARE, unit="%",
    direction=Direction.AT_LEAST, target=98.0, source=Source.COUNT_BY_HAND,
)  # fmt: skip
AHEAD = Terms(
    owed_by=Side.CUSTOMER, characteristic={"en": "Orders come ahead"}, measure=Measure.TIME, unit="h",
    direction=Direction.AT_LEAST, target=20.0, source=Source.HANDOFFS,
)  # fmt: skip


def test_what_clauses_carry() -> None:
    found = carried([
        ("a", terms(target=2.0, unit="min")), ("b", terms(target=24.0, attainment=95.0)), ("c", AHEAD), ("d", RIGHT),
        ("e", terms(RIGHT, target=3.0, direction=Direction.AT_MOST)),
        ("f", terms(RIGHT, measure=Measure.DEFECTS, unit="1/100", target=1.0, direction=Direction.AT_MOST)),
        ("g", terms(RIGHT, clause_kind=ClauseKind.BEHAVIOUR, target=10.0)),
    ])  # fmt: skip
    assert (found.time, found.time_line, found.attainment) == (Span(24 * HOUR), "b", 0.95)
    assert found.conforming == pytest.approx(0.97)
    assert found.conforming_line == "e"
    assert (found.lead, found.lead_line) == (Span(20 * HOUR), "c")
    assert carried([("a", terms(unit="working_d", target=1.5))]).time == Span(days=2)
    assert carried([("a", terms(unit="d", target=2.0))]).time == Span(48 * HOUR, elapsed=True)
    assert carried([]).time is None


def agreed(world: World, link: Link, *clauses: Terms) -> None:
    """An agreement of the link in force, as if both sides had signed it."""
    by = world.actor(world.lin_mei)
    version = changes.begin_agreement(by=by, at=NOON, link=link, clauses=clauses)
    in_force(changes.propose_version(by=by, at=NOON, version=version))


def ways(world: World, viewer: Any = None) -> PromisePaths:
    """From LinenCo over the Laundry and Ward 3 to the patient."""
    return promise_paths(
        viewer=world.actor(viewer or world.lin_mei), at=NOON, start=world.linenco.public_id
    )  # fmt: skip


@pytest.mark.django_db
def test_a_chain_is_added_up_as_by_hand(world: World) -> None:
    """48 + 24 hours before the ward, 60 promised to the patient: 12 too few. .95 twice: .9025, .90 at least."""
    agreed(world, world.linenco_laundry, terms(target=48.0), RIGHT)
    agreed(world, world.laundry_ward, terms(target=24.0), RIGHT, AHEAD)
    agreed(world, world.ward_patient, terms(target=60.0, attainment=92.0), terms(RIGHT, target=90.0))
    (way,) = ways(world).ways
    assert [step.link for step in way.steps] == [world.linenco_laundry, world.laundry_ward]
    assert way.last.link == world.ward_patient
    chain = way.chain
    assert chain is not None
    assert (chain.seconds, chain.promised_seconds) == (72 * HOUR, 60 * HOUR)
    assert [one.kind for one in chain.contradictions] == ["time", "attainment"]
    assert (chain.attainment.lower, chain.attainment.independent) == pytest.approx((0.9, 0.9025))
    assert chain.attainment.verdict == "if_together"
    assert chain.conforming.verdict == "guaranteed"
    assert [step.share.share for step in way.steps if step.share] == pytest.approx([48 / 60, 24 / 60])


@pytest.mark.django_db
def test_links_that_promise_nothing_are_named(world: World) -> None:
    agreed(world, world.ward_patient, terms(target=60.0))
    (way,) = ways(world).ways
    assert way.chain is not None
    assert len(way.chain.uncovered) == 2
    assert way.chain.attainment.verdict == "unknown"
    body = world.client(world.lin_mei).get(
        reverse("agreements:promises"), {"start": world.linenco.public_id}
    ).content.decode()  # fmt: skip
    assert "not every step promises a time" in body
    assert "Steps without a promised time" in body
    alone = promise_paths(viewer=world.actor(world.lin_mei), at=NOON, start=world.ward.public_id).ways[0]
    assert alone.chain is None


@pytest.mark.django_db
def test_the_page_says_the_contradiction_with_its_figures(world: World) -> None:
    agreed(world, world.laundry_ward, terms(target=24.0))
    agreed(world, world.ward_patient, terms(target=12.0, attainment=80.0))
    client = world.client(world.chen_jie)
    asked = {"start": world.laundry.public_id}
    body = client.get(reverse("agreements:promises"), asked).content.decode()
    assert "The steps before need 24 h of business time; 12 h are promised at the end." in body
    short = client.get(reverse("agreements:promises_panel"), asked).content.decode()
    assert "the promises contradict each other" in short
    on_party = client.get(reverse("chain:party", args=[world.laundry.public_id])).content.decode()
    on_way = client.get(reverse("chain:path"), asked).content.decode()
    assert on_party.count("/agreements/promises/panel/?start=") == on_way.count("/agreements/promises/panel/?") == 1


@pytest.mark.django_db
def test_who_sees_no_way_reads_no_promise(world: World) -> None:
    agreed(world, world.ward_patient, terms(target=12.0))
    for stranger in (world.ivy_stone, world.tom_reed):
        assert ways(world, stranger).ways == []
    assert world.client(world.tom_reed).get(reverse("agreements:promises")).status_code == 403


@pytest.mark.sqlite
@pytest.mark.django_db
def test_the_queries_of_the_pages_do_not_grow_with_their_rows(world: World) -> None:
    house = built(world)
    addresses = [
        f"{reverse('agreements:promises')}?start={world.linenco.public_id}", reverse("agreements:houses"),
        reverse("agreements:house", args=[house.public_id]), reverse("agreements:judge_house", args=[house.public_id]),
    ]  # fmt: skip
    client = world.client(world.lin_mei)
    agreed(world, world.laundry_ward, terms(target=24.0))
    agreed(world, world.ward_patient, terms(target=60.0))
    queries_a_page(client, addresses)  # what is asked once for all pages
    few = queries_a_page(client, addresses)
    agreed(world, world.linenco_laundry, terms(target=48.0), RIGHT)
    other = built(world)
    by = world.actor(world.zhao_lei)
    for name in ("pieces short", "rounds a day"):
        add_characteristic(by=by, at=NOON, house=house, name={"en": name})
        add_house_need(by=by, at=NOON, house=house, words={"en": name}, judged=Judged(importance=2))
    assert other.number != house.number
    assert queries_a_page(client, addresses) == few


def test_programs_are_told_every_verdict_and_contradiction() -> None:
    assert get_args(api.Verdict) == get_args(support.Verdict)
    assert get_args(api.ContradictionKind) == get_args(result.ContradictionKind)
