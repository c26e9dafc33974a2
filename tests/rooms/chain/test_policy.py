"""Who sees and does what in the chain: every route x person x object through the front door.

In the whole run everybody who is to be refused asks, and of those who get in one for each object; which one it is goes
round. ``--exhaustive`` lets everybody in.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import pytest
from django.db import transaction
from django.urls import get_resolver

from baton.chain import changes, queries
from baton.chain.models import Account, Link, Membership
from baton.chain.rules import Responsible, Side
from tests.exhaustive import in_turn
from tests.world import BEGAN, NOON, SYSTEM, World

PEOPLE = (
    "lin_mei", "he_jun", "wu_tao", "sun_yan", "qian_li", "liu_yang", "wang_fang", "zhou_min", "chen_jie", "zhao_lei",
    "he_ping", "tom_reed", "ivy_stone", "stranger",
)  # fmt: skip
STAFF = frozenset(PEOPLE) - {"tom_reed", "stranger"}

# Who sees which party and link, as the world's docstring tells it; written by hand, not computed.
OVERSEERS = {"lin_mei", "he_jun", "wu_tao"}
SEE_ALL_PARTIES = OVERSEERS | {"sun_yan", "qian_li"}
OF_THE_WARD = {"liu_yang", "wang_fang", "zhou_min", "chen_jie"}
SEES_PARTY = {
    "ward": SEE_ALL_PARTIES | OF_THE_WARD | {"zhao_lei"},
    "laundry": SEE_ALL_PARTIES | OF_THE_WARD | {"zhao_lei", "he_ping"},
    "linenco": SEE_ALL_PARTIES | OF_THE_WARD | {"zhao_lei", "he_ping"},
    "stores": SEE_ALL_PARTIES | {"zhao_lei", "he_ping"},
    "patient": SEE_ALL_PARTIES | OF_THE_WARD | {"zhao_lei", "tom_reed"},
}
SEES_LINK = {
    "laundry_ward": OVERSEERS | OF_THE_WARD | {"zhao_lei"},
    "linenco_laundry": OVERSEERS | OF_THE_WARD | {"zhao_lei", "he_ping"},
    "linenco_stores": OVERSEERS | {"zhao_lei", "he_ping"},
}
# Who may change what; the others who see it get 403, those who do not see it 404.
EDITS_PARTY = {"ward": {"lin_mei", "liu_yang", "wang_fang"}, "stores": {"lin_mei", "he_ping"}}
ENDS_PARTY = {"ward": {"lin_mei", "liu_yang"}, "stores": {"lin_mei"}}
EDITS_LINK = {
    "laundry_ward": {"lin_mei", "liu_yang", "wang_fang", "zhou_min", "zhao_lei"},
    "linenco_stores": {"lin_mei", "he_ping"},
}
# An output is changed by whoever leads all that hand it over; "Towels" comes from LinenCo, whom nobody leads.
SEES_OUTPUT = {
    "laundry_ward": OVERSEERS | OF_THE_WARD | {"zhao_lei"},
    "linenco_stores": OVERSEERS | {"zhao_lei", "he_ping"},
}
EDITS_OUTPUT = {"laundry_ward": {"lin_mei", "zhao_lei"}, "linenco_stores": {"lin_mei"}}
# Who sees the patient, or a link that names his need: the administrator and HR see all parties.
SEES_NEED = SEE_ALL_PARTIES | OF_THE_WARD | {"zhao_lei"}
SEES_PROJECT = SEE_ALL_PARTIES | OF_THE_WARD | {"zhao_lei", "he_ping"}
HEADS = {"lin_mei", "liu_yang", "wang_fang", "zhao_lei", "he_ping"}


@dataclass(frozen=True)
class Cell:
    """One address asked by everybody: ``sees`` may know that it is there, ``may`` gets in.
    ``writes``: asked with GET and POST; ``posts``: with POST alone."""

    route: str
    address: str
    sees: frozenset[str]
    may: frozenset[str]
    writes: bool = False
    posts: bool = False

    def expected(self, person: str) -> str:
        if person == "stranger":
            return "sign in"
        if person in self.may:
            return "in"
        guests_too = self.route in {"home", "parties", "export_parties", "party"}
        if person not in STAFF and not guests_too:
            return "forbidden"
        return "forbidden" if person in self.sees else "not found"


def cells(world: World) -> Iterator[Cell]:
    """The whole matrix."""
    yield from cells_of_outputs(world)
    signed_in = frozenset(PEOPLE) - {"stranger"}
    for route, address in {"home": "/", "parties": "/parties/", "export_parties": "/parties/export.csv"}.items():
        yield Cell(route, address, signed_in, signed_in)
    for route, address in {
        "path": "/path/", "matrix": "/matrix/",
        "export_matrix": "/matrix/export/", "gaps": "/gaps/", "export_gaps": "/gaps/export.csv",
        "map": "/map/", "map_table": "/map/table/", "links": "/links/", "export_links": "/links/export.csv",
    }.items():  # fmt: skip
        yield Cell(route, address, STAFF, STAFF)
    yield Cell("reading", "/settings/reading/", STAFF, frozenset({"lin_mei"}), writes=True)
    yield Cell("add_party", "/parties/add/", STAFF, frozenset(HEADS), writes=True)
    yield Cell("add_link", "/links/add/", STAFF, frozenset(HEADS | {"zhou_min"}), writes=True)
    for key, sees in SEES_PARTY.items():
        address = f"/parties/{getattr(world, key).public_id}/"
        yield Cell("party", address, frozenset(sees), frozenset(sees))
        for route, may in {
            "rename_party": EDITS_PARTY, "appoint": EDITS_PARTY, "merge_party": EDITS_PARTY, "move_party": ENDS_PARTY,
            "end_party": ENDS_PARTY, "split_party": ENDS_PARTY,
        }.items():  # fmt: skip
            if key in may:
                step = route.removesuffix("_party")
                yield Cell(route, f"{address}{step}/", frozenset(sees), frozenset(may[key]), writes=True)
    laundry = f"/parties/{world.laundry.public_id}/promises/"
    yield Cell("promise_to_staff", laundry, frozenset(SEES_PARTY["laundry"]), frozenset({"lin_mei", "zhao_lei"}),
               writes=True)  # fmt: skip
    yield from gap_cells(world)
    yield from proposal_cells(world)
    partner = f"/parties/{world.linenco.public_id}/partner/"
    yield Cell("describe_partner", partner, frozenset(SEES_PARTY["linenco"]), frozenset({"lin_mei"}), writes=True)
    yield from account_cells(world)
    held = Membership.objects.get(person=world.chen_jie)
    yield Cell("end_membership", f"/memberships/{held.public_id}/end/", frozenset(SEES_PARTY["ward"]),
               frozenset(EDITS_PARTY["ward"]), writes=True)  # fmt: skip
    for key, sees in SEES_LINK.items():
        address = f"/links/{getattr(world, key).public_id}/"
        yield Cell("link", address, frozenset(sees), frozenset(sees))
        if key in EDITS_LINK:
            for step in ("change", "judge", "assign", "end"):
                yield Cell(
                    f"{step}_link", f"{address}{step}/", frozenset(sees), frozenset(EDITS_LINK[key]), writes=True
                )


def gap_cells(world: World) -> Iterator[Cell]:
    """Who may not know of a gap is led to the list, as for one that is no more."""
    output = world.laundry_ward.output.public_id
    address = f"/gaps/output_without_owner/{output}/"
    sees, may = OVERSEERS | {"zhao_lei"}, {"lin_mei", "zhao_lei"}
    yield Cell("gap", address, STAFF, STAFF)
    for step in ("assign", "answer"):
        may_step = STAFF - (sees - may)
        yield Cell(f"{step}_gap", f"{address}{step}/", STAFF, frozenset(may_step), writes=True)
    yield Cell("withdraw_gap_answer", f"{address}withdraw/", STAFF, STAFF, posts=True)


def proposal_cells(world: World) -> Iterator[Cell]:
    """A link of Ward 3 that Chen Jie proposed: seen by him and by whoever may enter links of the ward. What is sent
    without an answer comes back to all of these."""
    proposed = changes.propose_links(
        by=world.actor(world.chen_jie), at=NOON, party=world.ward,
        links=[changes.ProposedLink(Side.CUSTOMER, "Patient", "A made bed")],
    )[0]  # fmt: skip
    yield Cell("find_my_customer", "/find-my-customer/", STAFF, STAFF, writes=True)
    yield Cell("proposals", "/proposals/", STAFF, STAFF)
    sees = frozenset(OF_THE_WARD | {"lin_mei"})
    yield Cell("answer_proposal", f"/proposals/{proposed.public_id}/", sees, sees, writes=True)


def cells_of_outputs(world: World) -> Iterator[Cell]:
    """Outputs, responsibilities, outside needs and projects."""
    may_link = frozenset(HEADS | {"zhou_min"})
    for plural, singular in (("outputs", "output"), ("needs", "need"), ("projects", "project")):
        yield Cell(plural, f"/{plural}/", STAFF, STAFF)
        yield Cell(f"export_{plural}", f"/{plural}/export.csv", STAFF, STAFF)
        yield Cell(f"add_{singular}", f"/{plural}/add/", STAFF, may_link, writes=True)
    for key, sees in SEES_OUTPUT.items():
        address = f"/outputs/{getattr(world, key).output.public_id}/"
        yield Cell("output", address, frozenset(sees), frozenset(sees))
        for route, step in (("change_output", "change"), ("revise_output", "revise"), ("give_responsibility", "give"),
                            ("end_output", "end")):  # fmt: skip
            yield Cell(route, f"{address}{step}/", frozenset(sees), frozenset(EDITS_OUTPUT[key]), writes=True)
    held = changes.give_responsibility(
        by=SYSTEM, at=BEGAN, output=world.laundry_ward.output, party=world.laundry, responsible=Responsible.INFORMED
    )
    # Who knows the Laundry and that it hands linen over.
    knows = frozenset(SEES_PARTY["laundry"] | {"sun_yan", "qian_li"})
    yield Cell("end_responsibility", f"/responsibilities/{held.public_id}/end/", knows,
               frozenset(EDITS_OUTPUT["laundry_ward"]), writes=True)  # fmt: skip
    need = changes.add_need(by=SYSTEM, at=BEGAN, holder=world.patient, words={"en": "A clean bed"})
    project = changes.add_project(by=SYSTEM, at=BEGAN, name={"en": "New dryers"}, owner=world.laundry)
    for route, address, sees, may in (
        ("need", f"/needs/{need.public_id}/", SEES_NEED, may_link & SEES_NEED),
        ("project", f"/projects/{project.public_id}/", SEES_PROJECT, {"lin_mei", "zhao_lei"}),
    ):  # fmt: skip
        yield Cell(route, address, frozenset(sees), frozenset(sees))
        for step in ("change", "end"):
            yield Cell(f"{step}_{route}", f"{address}{step}/", frozenset(sees), frozenset(may), writes=True)


def account_cells(world: World) -> Iterator[Cell]:
    """Accounts of the patient are kept by the ward, which has a link to him; for all others they are not there."""
    by, keepers = world.actor(world.lin_mei), frozenset(OF_THE_WARD | {"lin_mei"})
    of = Account.objects.filter(party=world.patient).first() or changes.add_account(
        by=by, at=NOON, party=world.patient, number="1", name="Li"
    )
    person = of.contacts.first() or changes.add_contact(by=by, at=NOON, account=of, name="Li Na", phone="13812341234")
    party, contact = f"/accounts-of/{world.patient.public_id}/", f"/contacts/{person.public_id}/"
    page = f"/customer-accounts/{of.public_id}/"
    for route, address in {"accounts": party, "quiet_list": f"{party}quiet/", "export_accounts": f"{party}export.csv",
                           "account": page}.items():  # fmt: skip
        yield Cell(route, address, keepers, keepers)
    for route, address in {
        "add_account": f"{party}add/", "change_account": f"{page}change/", "end_account": f"{page}end/",
        "add_contact": f"{page}contacts/add/", "change_contact": f"{contact}change/", "end_contact": f"{contact}end/",
    }.items():  # fmt: skip
        yield Cell(route, address, keepers, keepers, writes=True)
    yield Cell("show_contact", f"{contact}show/", keepers, keepers, posts=True)
    for route, address in {"take_contacts": f"{party}take/", "forget_contact": f"{contact}forget/"}.items():
        yield Cell(route, address, STAFF, frozenset({"lin_mei"}), writes=True)


def outcome(status: int, location: str, *, signed_out: bool) -> str:
    """``signed_out``: a form came back with what was typed, to be sent again after signing in."""
    if status == 302:
        return "sign in" if location.startswith("/accounts/login/") else "in"
    if signed_out:
        return "sign in"
    return {200: "in", 422: "in", 409: "in", 403: "forbidden", 404: "not found"}.get(status, str(status))


def asked(world: World, these: Iterable[Cell], people: Iterable[str] = PEOPLE) -> Iterator[tuple[Cell, str, str, str]]:
    """Every cell, person and method with what came back; a post is undone."""
    clients = {key: world.client(None if key == "stranger" else getattr(world, key)) for key in people}
    for cell in these:
        for key in in_turn(f"{cell.route} of {len(cell.sees)}", clients, cell.expected, {"in": 1}):
            client = clients[key]
            for method in ("get", "post") if cell.writes else ("post",) if cell.posts else ("get",):
                with transaction.atomic():
                    answer = getattr(client, method)(cell.address)
                    transaction.set_rollback(True)
                yield (
                    cell,
                    key,
                    method,
                    outcome(
                        answer.status_code,
                        answer.headers.get("Location", ""),
                        signed_out=not answer.streaming and b"You were signed out" in answer.content,
                    ),
                )


@pytest.mark.slow
@pytest.mark.sqlite
def test_nobody_gets_further_than_the_policy_says(world: World) -> None:
    """Route x person x object, read and write: 0 unexpected."""
    unexpected = [
        f"{method} {cell.route} {cell.address} by {person}: {came}, expected {cell.expected(person)}"
        for cell, person, method, came in asked(world, cells(world))
        if came != cell.expected(person)
    ]
    assert unexpected == []


def test_every_route_of_the_chain_stands_in_the_matrix(world: World) -> None:
    found = {
        name
        for resolver in get_resolver().url_patterns
        if getattr(resolver, "app_name", "") == "chain"
        for pattern in resolver.url_patterns
        if pattern.callback.__module__ != "baton.chain.views.event_logs"
        for name in [pattern.name]
    }
    assert found == {cell.route for cell in cells(world)}


@pytest.mark.parametrize("key", [key for key in PEOPLE if key != "stranger"])
def test_lists_map_and_page_agree_on_what_is_in_sight(world: World, key: str) -> None:
    viewer = world.actor(getattr(world, key))
    listed = {party.pk for party in queries.parties(viewer=viewer, at=NOON, filters=queries.PartyFilters())}
    drawn = queries.chain_map(viewer=viewer, at=NOON)
    links = {row.link.pk for row in queries.links(viewer=viewer, at=NOON, filters=queries.LinkFilters())}
    assert {party.pk for party in drawn.parties} == listed
    assert {link.public_id for link in drawn.links} == {link.public_id for link in Link.objects.filter(pk__in=links)}
    assert {party.pk for party in queries.parties_to_choose(viewer=viewer, at=NOON)} == listed
    for name, sees in SEES_PARTY.items():
        assert (getattr(world, name).pk in listed) is (key in sees), name
    for name, sees in SEES_LINK.items():
        assert (getattr(world, name).pk in links) is (key in sees), name


def test_counts_in_a_list_count_only_what_is_in_sight(world: World) -> None:
    def customers_of_linenco(key: str) -> int:
        filters = queries.PartyFilters(search="LinenCo")
        page = queries.parties(viewer=world.actor(getattr(world, key)), at=NOON, filters=filters)
        count: int = page[0].customers  # type: ignore[attr-defined]
        return count

    assert customers_of_linenco("lin_mei") == 2
    assert customers_of_linenco("chen_jie") == 1
    assert customers_of_linenco("sun_yan") == 0
