"""Coverage of standards: what is counted, for whom, and that the database counts as the rules say."""

from __future__ import annotations

from datetime import timedelta
from itertools import product

import pytest

from baton.agreements import changes
from baton.agreements.models import AgreementVersion, Clause
from baton.agreements.queries.coverage import CoverageFilters, bare_links, register
from baton.agreements.queries.owed import View, owed_in_short
from baton.agreements.queries.standards import COUNTING, own_clauses, stands_on
from baton.agreements.rules import Aspect, Measure, Side, Source, VersionState, standing
from baton.agreements.rules.coverage import (
    BothSides,
    Coverage,
    LinkStandards,
    LinkState,
    Stands,
    counted,
    rolled_up,
    total,
)
from baton.core.audit.trail import change
from baton.core.errors import NotFound
from tests.api import Program, said, token_for
from tests.query_counts import queries_a_page
from tests.rooms.agreements.made import BARE, LINEN, ORDER, drafted, in_force, proposed, terms
from tests.rooms.agreements.offering import drafted_offer, more_wards, proposed_offer
from tests.rooms.agreements.test_signing import sign
from tests.world import NOON, SYSTEM, World

DAY = NOON.date()


def test_links_are_counted_for_all_in_whom_a_party_stands_and_once_in_the_whole() -> None:
    covered = LinkStandards(LinkState.COVERED, {Stands.BINDING: 2}, {Aspect.RELIABILITY})
    # link 1 leads from ward 10 to outside 30, link 2 between the wards 10 and 11 of house 1
    own = counted([(1, 10, 30), (2, 10, 11)], {1: covered})
    above = {10: ["house", "ten"], 11: ["house", "eleven"], 30: ["patient"]}
    sums = rolled_up(own, above)
    assert (sums["ten"].outgoing.links, sums["ten"].outgoing.covered, sums["ten"].outgoing.share) == (2, 1, 0.5)
    assert (sums["house"].outgoing.links, sums["house"].incoming.links) == (2, 1)  # link 2 on both sides
    assert sums["patient"].incoming.share_of(Aspect.RELIABILITY) == 1.0
    assert sums["eleven"].outgoing == Coverage()
    assert sums["eleven"].outgoing.share is None
    assert (total(own).links, total(own).covered, total(own).without) == (2, 1, 1)
    assert rolled_up({5: BothSides()}, {}) == {}


@pytest.mark.parametrize("state", [VersionState.ACTIVE, VersionState.DRAFT])
def test_the_database_counts_clauses_as_the_rules_say(world: World, state: VersionState) -> None:
    clauses = [
        terms(LINEN, source=source, source_note=note, target=target, trial_until=trial, **(baseline or {}))
        for source, note in ((Source.HANDOFFS, ""), (Source.OTHER, ""), (Source.OTHER, "Log book"), (None, ""))
        for target in (24.0, None)
        for trial, baseline in product(
            (None, DAY, DAY - timedelta(days=1)), (None, {"baseline_value": 30.0, "baseline_weeks": 4})
        )
    ]
    clauses += [BARE, terms(BARE, measure=Measure.VALUE, unit="°C"), terms(BARE, measure=Measure.DEFECTS, unit="ppm")]
    clauses += [terms(BARE, measure=Measure.VALUE, unit="°C", upper=5.0, source=Source.INSPECTION)]
    clauses += [terms(BARE, measure=Measure.DEFECTS, unit="ppm", target=5.0, source=Source.INSPECTION)]
    clauses += [terms(BARE, measure=Measure.SHARE, unit="%", target=5.0, source=Source.INSPECTION)]
    version = drafted(world, *clauses)
    if state is VersionState.ACTIVE:
        type(version).objects.filter(pk=version.pk).update(state=state, proposed_at=NOON, activated_at=NOON)
    counting = own_clauses().annotate(stands=stands_on(DAY, "agreement_version__state"))
    found = {one.pk: one for one in counting.select_related("calendar")}
    assert len(found) == len(clauses)
    for one in found.values():
        by_rule = standing(one.terms, DAY).value
        if state is VersionState.ACTIVE:
            assert one.stands == by_rule, one.terms
        else:
            assert one.stands == ("red" if by_rule == "red" else "being_agreed"), one.terms
    assert set(COUNTING) >= {state}


def test_a_link_is_covered_while_a_version_is_in_force(world: World) -> None:
    viewer = world.actor(world.lin_mei)
    ward = CoverageFilters(under=world.ward.public_id)

    def of_the_ward() -> Coverage:
        found = register(viewer=viewer, at=NOON, filters=ward).at
        assert found is not None
        return found.sides.incoming

    assert (of_the_ward().links, of_the_ward().covered) == (3, 0)
    version = proposed(world, terms(aspect=Aspect.RELIABILITY), terms(ORDER, aspect=Aspect.TANGIBLES))
    assert (of_the_ward().on_its_way, of_the_ward().of(Stands.BEING_AGREED)) == (1, 2)
    in_force(version)
    now = of_the_ward()
    assert (now.covered, now.on_its_way, now.of(Stands.ON_TRIAL)) == (1, 0, 2)
    assert now.aspects == {Aspect.RELIABILITY: 1}  # of promises alone
    # The next version does not count beside the one in force.
    changes.draft_version(by=viewer, at=NOON, agreement=version.agreement)
    assert of_the_ward().clauses == now.clauses
    nursing = register(viewer=viewer, at=NOON, filters=CoverageFilters(under=world.nursing.public_id))
    assert nursing.at is not None
    assert nursing.at.sides.incoming.covered == 1
    assert [row.party.public_id for row in nursing.rows] == [world.ward.public_id]
    bare = bare_links(viewer=viewer, at=NOON, under=world.ward.public_id, side="customer")
    assert {one.link.pk for one in bare} == {world.pharmacy_ward.pk, world.lab_ward.pk}
    changes.end_version(by=viewer, at=NOON, version=version, reason="Over")
    assert of_the_ward().covered == 0


def test_examples_are_no_standards(world: World) -> None:
    changes.begin_agreement(
        by=world.actor(world.zhao_lei), at=NOON, link=world.laundry_ward, clauses=[LINEN, BARE], example=True
    )
    whole = register(viewer=world.actor(world.lin_mei), at=NOON, filters=CoverageFilters()).whole
    assert whole.clauses == {Stands.EXAMPLE: 2}


def test_everybody_counts_what_he_sees_and_begins_where_he_may(world: World) -> None:
    # Chen Jie does not see what LinenCo delivers to Stores.
    assert register(viewer=world.actor(world.lin_mei), at=NOON, filters=CoverageFilters()).whole.links == 8
    assert register(viewer=world.actor(world.chen_jie), at=NOON, filters=CoverageFilters()).whole.links < 8
    guest = register(viewer=world.actor(world.tom_reed), at=NOON, filters=CoverageFilters())
    assert (guest.whole.links, bare_links(viewer=world.actor(world.tom_reed), at=NOON).object_list) == (0, [])
    with pytest.raises(NotFound):
        register(viewer=world.actor(world.lin_mei), at=NOON, filters=CoverageFilters(under="x" * 16))
    may = {
        one.link.pk: one.may_begin
        for one in bare_links(viewer=world.actor(world.zhao_lei), at=NOON, under=world.ward.public_id)
    }
    assert (may[world.laundry_ward.pk], may[world.pharmacy_ward.pk]) == (True, False)


def test_rows_are_filtered_and_sorted(world: World) -> None:
    in_force(proposed(world))
    viewer = world.actor(world.lin_mei)

    def names(**asked: object) -> list[str]:
        found = register(viewer=viewer, at=NOON, filters=CoverageFilters(**asked))  # type: ignore[arg-type]
        return [str(row.party) for row in found.rows]

    assert "Ward 3" not in names()  # it stands in Nursing
    assert "Patient" not in names()
    assert names(search="ward") == ["Ward 3"]
    assert names(kind="team") == ["Night shift"]
    assert names(order="-outgoing")[0] == "Laundry"
    assert "Night shift" not in names(lacking=True)
    assert names(order="nonsense") == sorted(names())


def test_pages_table_and_call(world: World) -> None:
    client = world.client(world.zhao_lei)
    empty = client.get("/agreements/coverage/?q=nobody").content.decode()
    assert "No party found" in empty
    page = client.get(f"/agreements/coverage/?under={world.ward.public_id}&side=supplier").content.decode()
    assert "0 of 2 links have an agreement in force" in page
    assert f'action="/agreements/begin/{world.ward_laundry.public_id}/"' in page
    table = b"".join(client.get("/agreements/coverage/export.csv?q=ward")).decode("utf-8-sig").splitlines()
    assert len(table) == 3
    assert table[1].startswith("Ward 3,")
    program = Program(token_for(world.lin_mei, "agreements:read"))
    told = said(program.get(f"/coverage?under={world.ward.public_id}"))
    assert told["of"]["outgoing"]["links"] == 2
    assert [row["party"]["name"]["en"] for row in told["rows"]] == ["Night shift"]
    assert world.client(world.tom_reed).get("/agreements/coverage/").status_code == 403
    assert world.client(world.zhao_lei).get("/agreements/coverage/?under=unknown").status_code == 404


@pytest.mark.sqlite
def test_queries_do_not_grow(world: World) -> None:
    client = world.client(world.lin_mei)
    addresses = ["/agreements/coverage/", "/agreements/coverage/export.csv", "/agreements/owed/"]
    client.get(addresses[0])
    few = queries_a_page(client, addresses)
    in_force(proposed(world))
    changes.begin_agreement(by=world.actor(world.lin_mei), at=NOON, link=world.lab_ward, clauses=[])
    assert queries_a_page(client, addresses) == few


def test_clauses_of_a_service_offer_count_once_on_each_link_that_accepted_it(world: World) -> None:
    links = [world.laundry_ward, *more_wards(world, 3, world.wang_fang)]
    version = proposed_offer(world, drafted_offer(world, terms(aspect=Aspect.RELIABILITY), ORDER), *links)
    viewer = world.actor(world.lin_mei)
    mine = AgreementVersion.objects.get(offer_version=version, agreement__link=world.laundry_ward)
    before = register(viewer=viewer, at=NOON, filters=CoverageFilters()).whole
    assert (before.covered, before.on_its_way, before.of(Stands.BEING_AGREED)) == (0, 4, 8)
    for one in AgreementVersion.objects.filter(offer_version=version):
        sign(world, one, world.wang_fang, Side.CUSTOMER)
    whole = register(viewer=viewer, at=NOON, filters=CoverageFilters()).whole
    assert (whole.covered, sum(whole.clauses.values()), whole.aspects) == (4, 8, {Aspect.RELIABILITY: 4})
    short = owed_in_short(viewer=viewer, at=NOON, party=world.laundry.public_id)
    assert short.number(View.OWES) == 4
    # A deviation takes the place of the clause that it deviates from.
    own = Clause(
        agreement_version=mine, line="x" * 16, position=1, owed_by=Side.SUPPLIER, characteristic={"en": "By six"},
        deviates_from=version.clauses.order_by("position")[0].line, dropped=True,
    )  # fmt: skip
    with change(by=SYSTEM, at=NOON) as trail:
        trail.save(own, "clause.added")
    assert sum(register(viewer=viewer, at=NOON, filters=CoverageFilters()).whole.clauses.values()) == 7
