"""Each sector becomes an organisation: whole, once, beside others only when asked to."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from baton.chain import changes as chain
from baton.chain import queries
from baton.chain.models import Link, Output, OutsideNeed, Party, Responsibility
from baton.chain.queries import LinkFilters
from baton.chain.rules import OUTSIDE, PartyKind, Responsible, Sourcing
from baton.config.cli import main
from baton.core.audit.verify import verify
from baton.core.errors import Forbidden, Refused
from baton.core.models import Batch
from baton.core.queries import external_keys
from baton.starters.changes import LoadedSector, load_sector
from baton.starters.sectors import CODES, sector
from baton.starters.sectors.rules import Promised
from tests.databases import Databases
from tests.world import NOON, SYSTEM, World

NAMED = {"factory": ("purchasing", "production"), "hospital": ("laundry", "ward"), "hotel": ("it", "reservations")}
"""The three links with which the teaching text begins (M044): supplier and customer by code."""


def parties_by_code(code: str) -> dict[str, Party]:
    keys = external_keys(viewer=SYSTEM, kind="party")
    found = {key.key: public_id for public_id, held in keys.items() for key in held if key.system == f"starter:{code}"}
    return {key: Party.objects.get(public_id=public_id) for key, public_id in found.items()}


# What a database can do to one sector it does to all: the other one enters the hospital alone.
@pytest.fixture(params=[pytest.param(code, marks=() if code == "hospital" else pytest.mark.sqlite) for code in CODES])
def code(request: pytest.FixtureRequest) -> str:
    found: str = request.param
    return found


def test_every_sector_loads_whole_into_an_empty_installation(db: None, code: str) -> None:
    """With all its links, outputs, needs and parties, those with which the teaching text begins (M044) among them; and
    without gaps but those of its file."""
    done = load_sector(by=SYSTEM, at=NOON, code=code)
    demand_all_of_the_file(code, done)
    demand_no_gaps_but_those_of_the_file(code)
    there = parties_by_code(code)
    if code in NAMED:
        supplier, customer = NAMED[code]
        assert Link.objects.filter(supplier=there[supplier], customer=there[customer]).exists()


def demand_all_of_the_file(code: str, done: LoadedSector) -> None:
    wanted = sector(code)
    counts = (done.parties, done.outputs, done.responsibilities, done.needs, done.links)
    assert counts == (
        len(wanted.parties), len(wanted.outputs), len(wanted.responsibilities), len(wanted.needs), len(wanted.links)
    )  # fmt: skip
    there = parties_by_code(code)
    for party in wanted.parties:
        made = there[party.code]
        assert (made.name, made.party_kind) == (dict(party.name), party.kind)
        above = party.deputy_of or party.parent
        assert made.parent == (there[above] if above else None)
    assert Batch.objects.get(state="sealed").rows_entered == len(wanted.links), "the links came as one entry"
    loaded = {(link.supplier, link.customer, link.output.item_code): link for link in Link.objects.all()}
    for link in wanted.links:
        made_link = loaded[there[link.supplier], there[link.customer], link.output]
        assert made_link.need is not None
        assert made_link.need.holder == there[_whose(code, link.need)]
        assert (made_link.stage, made_link.sourcing) == (link.stage, link.sourcing or "")
        assert (made_link.spend, made_link.impact) == (link.criticality.spend, link.criticality.impact)
        assert bool(made_link.continuity_plan) is (link.sourcing is Sourcing.CHOSEN)


def _whose(code: str, need: str) -> str:
    return next(one.whose for one in sector(code).needs if one.code == need)


def demand_no_gaps_but_those_of_the_file(code: str) -> None:
    """One accountable party an output, every party inside with a customer, every link with an outside need."""
    for output in Output.objects.all():
        held = Responsibility.objects.filter(output=output, responsible=Responsible.ACCOUNTABLE)
        assert held.count() == 1, output
    serving = set(Link.objects.values_list("supplier__path", flat=True))
    for party in Party.objects.exclude(party_kind__in=OUTSIDE):
        alone = not any(path.startswith(party.path) or party.path.startswith(path) for path in serving)
        assert not alone, party
    assert not Link.objects.filter(need__isnull=True).exists()
    accidental = Link.objects.filter(sourcing=Sourcing.ACCIDENTAL).count()
    assert accidental == sum(link.sourcing is Sourcing.ACCIDENTAL for link in sector(code).links)


@pytest.mark.sqlite
def test_the_leaders_three_promises_are_links_to_the_staff(db: None, code: str) -> None:
    """M112: who manages serves his staff."""
    load_sector(by=SYSTEM, at=NOON, code=code, promises={Promised.TRAINING: {"en": "Two days a year to learn"}})
    names = [link.output.name["en"] for link in Link.objects.filter(output__item_code__in=_promised(code))]
    assert "Two days a year to learn" in names
    kept = [promise.text["en"] for promise in sector(code).promises if promise.promised is not Promised.TRAINING]
    assert set(kept) <= set(names)


def _promised(code: str) -> list[str]:
    return [promise.output for promise in sector(code).promises]


def test_loaded_again_it_enters_nothing_twice_and_takes_nothing_up_again(db: None) -> None:
    load_sector(by=SYSTEM, at=NOON, code="hospital")
    ended = Link.objects.first()
    assert ended is not None
    chain.end_link(by=SYSTEM, at=NOON, link=ended)
    chain.rename_party(by=SYSTEM, at=NOON, party=parties_by_code("hospital")["laundry"], name={"en": "Linen house"})
    before = (Party.objects.count(), Link.objects.count(), Output.objects.count(), OutsideNeed.objects.count())
    again = load_sector(by=SYSTEM, at=NOON, code="hospital")
    assert (again.parties, again.outputs, again.responsibilities, again.needs, again.links) == (0, 0, 0, 0, 0)
    assert before == (Party.objects.count(), Link.objects.count(), Output.objects.count(), OutsideNeed.objects.count())
    assert str(parties_by_code("hospital")["laundry"]) == "Linen house"


def test_beside_others_only_when_asked_to(world: World) -> None:
    parties = Party.objects.count()
    with pytest.raises(Refused) as refused:
        load_sector(by=SYSTEM, at=NOON, code="hotel")
    assert "without parties" in refused.value.render()
    assert Party.objects.count() == parties
    load_sector(by=SYSTEM, at=NOON, code="hotel", beside=True, under=world.nursing)
    there = parties_by_code("hotel")
    assert there["hotel"].parent == world.nursing
    assert there["guest"].parent is None
    assert Party.objects.count() == parties + len(sector("hotel").parties)


@pytest.mark.sqlite
def test_two_sectors_beside_each_other_share_no_item_code(db: None) -> None:
    load_sector(by=SYSTEM, at=NOON, code="hospital")
    done = load_sector(by=SYSTEM, at=NOON, code="school", beside=True)
    assert done.links == len(sector("school").links)
    codes = [code for code in Output.objects.values_list("item_code", flat=True) if code]
    assert len(codes) == len(set(codes))


def test_own_names_one_language_and_parties_left_out(db: None) -> None:
    done = load_sector(
        by=SYSTEM, at=NOON, code="hospital", languages=["en"], names={"laundry": {"en": "Linen house"}},
        left_out=["blood_bank"],
    )  # fmt: skip
    there = parties_by_code("hospital")
    assert there["laundry"].name == {"en": "Linen house"}
    assert "zh-hans" not in there["ward"].name
    assert "blood_bank" not in there
    assert done.links == sum("blood_bank" not in (one.supplier, one.customer) for one in sector("hospital").links)
    assert not Output.objects.filter(item_code="BLOOD").exists()


def test_nothing_is_entered_when_something_is_refused(db: None) -> None:
    with pytest.raises(Refused):
        load_sector(by=SYSTEM, at=NOON, code="factory", names={"shipping": {"en": "x" * 300}})
    assert not Party.objects.exists()


@pytest.mark.sqlite
def test_only_who_may_enter_the_chain_loads(world: World) -> None:
    for person in (world.sun_yan, world.he_jun, world.chen_jie, world.wang_fang, world.ivy_stone):
        with pytest.raises(Forbidden):
            load_sector(by=World.actor(person), at=NOON, code="hotel", beside=True)
    done = load_sector(by=World.actor(world.lin_mei), at=NOON, code="hotel", beside=True)
    assert done.parties
    page = queries.links(viewer=World.actor(world.lin_mei), at=NOON, filters=LinkFilters(search="luggage"))
    assert page.paginator.count


@pytest.mark.sqlite
def test_shifts_workplaces_and_consumers_are_parties(db: None) -> None:
    load_sector(by=SYSTEM, at=NOON, code="assembly_line")
    load_sector(by=SYSTEM, at=NOON, code="school", beside=True)
    kinds = set(Party.objects.values_list("party_kind", flat=True))
    assert {PartyKind.WORKPLACE, PartyKind.SHIFT, PartyKind.CONSUMERS, PartyKind.ROLE} <= kinds


@pytest.mark.sqlite
def test_the_command_lists_loads_and_refuses(committed_db: Databases) -> None:
    listed = json.loads(CliRunner().invoke(main, ["starter", "list", "--json"]).stdout)
    assert [row["code"] for row in listed] == list(CODES)
    done = CliRunner().invoke(main, ["starter", "load", "hotel", "--json"])
    assert done.exit_code == 0, done.stderr
    assert json.loads(done.stdout)["links"] == len(sector("hotel").links)
    assert "0 parties" in CliRunner().invoke(main, ["starter", "load", "hotel"]).stdout
    refused = CliRunner().invoke(main, ["starter", "load", "school"])
    assert (refused.exit_code, "--beside" in refused.stderr) == (1, True)
    number = Party.objects.get(name__en="Hotel").number
    beside = CliRunner().invoke(main, ["starter", "load", "school", "--beside", "--under", number, "--json"])
    assert beside.exit_code == 0, beside.stderr
    unknown = CliRunner().invoke(main, ["starter", "load", "circus"])
    assert (unknown.exit_code, "hospital" in unknown.stderr) == (1, True)
    nowhere = CliRunner().invoke(main, ["starter", "load", "factory", "--beside", "--under", "P-1"])
    assert (nowhere.exit_code, "P-1" in nowhere.stderr) == (1, True)
    assert verify().holds
