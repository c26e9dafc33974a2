"""Pages of agreements through the front door."""

from __future__ import annotations

import re

import pytest
from django.urls import get_resolver

from baton.agreements import changes
from baton.agreements.models import Agreement, Clause
from baton.agreements.rules import Side, VersionState
from baton.core.signatures import digest_now
from tests.query_counts import queries_a_page
from tests.rooms.agreements.made import BARE, LINEN, ORDER, drafted, first_clause, in_force, proposed, terms
from tests.rooms.chain.test_policy import OF_THE_WARD, OVERSEERS, PEOPLE, STAFF, Cell, asked
from tests.world import NOON, World

TYPED = {
    "characteristic_en": "Clean linen is on the ward", "clause_kind": "outcome", "measure": "time",
    "direction": "at_most", "target": "12", "unit": "h", "attainment": "95", "source": "handoffs",
    "measured_by": "supplier", "sampling": "all",
}  # fmt: skip


def test_from_a_link_without_an_agreement_to_a_proposal(world: World) -> None:
    laundry = world.client(world.zhao_lei)
    page = laundry.get(f"/links/{world.laundry_ward.public_id}/").content.decode()
    assert "Begin an agreement" in page
    assert "Begin an agreement" not in world.client(world.chen_jie).get(
        f"/links/{world.laundry_ward.public_id}/"
    ).content.decode()  # fmt: skip
    begun = laundry.post(f"/agreements/begin/{world.laundry_ward.public_id}/")
    version = Agreement.objects.get().versions.get()
    assert begun.headers["Location"] == f"/agreements/{version.agreement.public_id}/"
    adding = f"/agreements/versions/{version.public_id}/clauses/add/"
    assert laundry.post(adding, TYPED).status_code == 302
    duty = {**TYPED, "characteristic_en": "Used linen is sorted", "measure": "share", "target": "98"}
    assert laundry.post(f"{adding}?side=customer", {**duty, "direction": "at_least"}).status_code == 302
    page = laundry.get(begun.headers["Location"]).content.decode()
    assert "95 % within 12 business hours" in page
    assert "at least 98 % of the cases" in page
    assert laundry.post(
        f"/agreements/versions/{version.public_id}/propose/", {"version": _version_on(laundry, version.public_id)}
    ).status_code == 302  # fmt: skip
    version.refresh_from_db()
    assert version.state == VersionState.PROPOSED
    assert str(version.agreement.number) in laundry.get("/agreements/?q=linen&state=proposed").content.decode()
    assert "95 % within 12 business hours" in laundry.get(
        f"/links/{world.laundry_ward.public_id}/"
    ).content.decode()  # fmt: skip


def _version_on(client: object, public_id: str) -> str:
    page = client.get(f"/agreements/versions/{public_id}/propose/").content.decode()  # type: ignore[attr-defined]
    found = re.search(r'name="version" value="(\d+)"', page)
    assert found is not None
    return found[1]


def test_a_step_that_somebody_took_meanwhile_is_stale_and_stays_forbidden_to_others(world: World) -> None:
    version = changes.withdraw_version(by=world.actor(world.zhao_lei), at=NOON, version=drafted(world))
    again = f"/agreements/versions/{version.public_id}/withdraw/"
    assert world.client(world.zhao_lei).get(again).status_code == 409
    assert world.client(world.lin_mei).post(again, {"version": "1"}).status_code == 409
    assert world.client(world.chen_jie).get(again).status_code == 403


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"unit": "ppm"}, "One of the choices was expected"),
        ({"measure": "", "target": "5"}, None),
        ({"measure": "share", "target": "101", "direction": "at_least"}, "Expected a number from 0 to 100. Found 101."),
        ({"attainment": "101"}, "Expected a share of the cases above 0 and up to 100 %. Found 101 %."),
        ({"measure": "value", "unit": "°C", "lower": "2", "upper": "8", "target": "9"}, "Expected a target within"),
        ({"target": "nan"}, "Enter a number"),
        ({"sampling": "sample"}, "Expected how many cases are looked at"),
        ({"characteristic_en": "\u200b"}, "A value was expected here"),
    ],
)
def test_what_is_wrong_stands_beside_the_field(world: World, typed: dict[str, str], message: str | None) -> None:
    """A clause without a measure is kept, and is red: people may talk about it."""
    version = drafted(world, LINEN)
    answer = world.client(world.zhao_lei).post(
        f"/agreements/versions/{version.public_id}/clauses/add/", {**TYPED, **typed}
    )
    assert answer.status_code == (302 if message is None else 422)
    assert version.clauses.count() == (2 if message is None else 1)
    if message is None:
        page = world.client(world.zhao_lei).get(answer.headers["Location"]).content.decode()
        assert "Missing: how it is measured, the unit, the direction, the target" in page
    else:
        assert message in answer.content.decode()


@pytest.mark.sqlite
def test_an_end_before_the_start_is_refused(world: World) -> None:
    version = drafted(world)
    answer = world.client(world.zhao_lei).post(
        f"/agreements/versions/{version.public_id}/describe/",
        {"starts_on": "2027-02-01", "ends_on": "2027-01-31", "renewal_days": "60", "version": version.changed_seq},
    )
    assert answer.status_code == 422
    assert "Expected a last day on or after 2027-02-01, the first day. Found 2027-01-31." in answer.content.decode()


def test_markup_in_a_clause_stays_text(world: World) -> None:
    version = drafted(world, terms(characteristic={"en": "<script>alert(1)</script>"}, source_note="<b>list</b>"))
    page = world.client(world.zhao_lei).get(f"/agreements/{version.agreement.public_id}/").content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<script>alert" not in page
    assert "<b>list" not in page


def test_two_browsers_counter_one_clause_and_the_second_sees_both_texts(world: World) -> None:
    version = proposed(world)
    changes.open_consultation(by=world.actor(world.wang_fang), at=NOON, version=version)
    clause = first_clause(version)
    address = f"/agreements/clauses/{clause.public_id}/change/"
    typed = {**TYPED, "version": clause.changed_seq}
    won = world.client(world.zhao_lei).post(address, typed)
    assert won.status_code == 302
    lost = world.client(world.wang_fang).post(address, {**typed, "target": "8", "source_note": "my own list"})
    assert lost.status_code == 409
    page = lost.content.decode()
    assert "Now stands: 12" in page
    assert 'value="8"' in page
    assert 'value="my own list"' in page
    clause.refresh_from_db()
    assert clause.target == 12
    again = re.search(r'name="version" value="(\d+)"', page)
    assert again is not None
    second = world.client(world.wang_fang).post(address, {**typed, "target": "8", "version": again[1]})
    assert second.status_code == 302
    clause.refresh_from_db()
    assert clause.target == 8


def test_the_form_shows_what_its_measure_needs_without_scripts(world: World) -> None:
    version = drafted(world, LINEN)
    laundry, address = world.client(world.zhao_lei), f"/agreements/versions/{version.public_id}/clauses/add/"

    def fields(page: str) -> set[str]:
        wanted = {"direction", "target", "lower", "upper", "unit", "attainment", "baseline_value"}
        return wanted & set(re.findall(r'name="(\w+)"', page))

    assert fields(laundry.get(address).content.decode()) == set()
    shown = {
        "time": {"direction", "target", "unit", "attainment", "baseline_value"},
        "share": {"direction", "target", "baseline_value"},
        "value": {"target", "lower", "upper", "unit", "attainment", "baseline_value"},
        "rating": {"target", "unit", "baseline_value"},
    }
    for measure, expected in shown.items():
        asked = laundry.post(address, {"characteristic_en": "Warm food", "measure": measure, "reshape": "yes"})
        page = asked.content.decode()
        assert (asked.status_code, fields(page)) == (200, expected)
        assert 'value="Warm food"' in page
    assert version.clauses.count() == 1


def test_versions_stand_side_by_side(world: World) -> None:
    version = in_force(proposed(world))
    by = world.actor(world.zhao_lei)
    second = changes.draft_version(by=by, at=NOON, agreement=version.agreement, reason="Earlier")
    changes.change_clause(by=by, at=NOON, clause=first_clause(second), terms=terms(target=12.0))
    changes.drop_clause(by=by, at=NOON, clause=second.clauses.get(owed_by="customer"))
    changes.add_clause(by=by, at=NOON, version=second, terms=BARE)
    page = world.client(world.chen_jie).get(
        f"/agreements/{version.agreement.public_id}/compare/?before=1&after=2"
    ).content.decode()  # fmt: skip
    for said in ("Added", "Changed", "Dropped", "<del>24 business hours</del> → <ins>12 business hours</ins>"):
        assert said in page


def test_what_waits_for_a_head_stands_on_his_first_page(world: World) -> None:
    version = proposed(world)

    def told(name: str) -> bool:
        return "Agreements that wait for me" in world.client(getattr(world, name)).get("/").content.decode()

    assert [told(name) for name in ("wang_fang", "zhou_min", "zhao_lei", "chen_jie", "he_ping", "lin_mei")] == [
        True, True, True, False, False, False
    ]  # fmt: skip
    in_force(version)
    assert not told("wang_fang")


@pytest.mark.parametrize(
    "asked", ["order=password", "page=-1", "page=99999", "state=x&party=y", "q=%00", "party=%00", "order=-state"]
)
def test_odd_questions_to_the_lists_are_answered(world: World, asked: str) -> None:
    drafted(world)
    for listed in ("", "houses/", "certificates/", "offers/", "reviews/", "decisions/", "workshops/"):
        assert world.client(world.zhao_lei).get(f"/agreements/{listed}?{asked}").status_code == 200


def test_an_export_has_a_row_a_clause(world: World) -> None:
    drafted(world, LINEN, ORDER)
    rows = b"".join(world.client(world.zhao_lei).get("/agreements/export.csv")).decode().splitlines()  # type: ignore[arg-type]
    assert len(rows) == 3
    assert "95 % within 24 business hours" in rows[1]


SEES = frozenset(OVERSEERS | OF_THE_WARD | {"zhao_lei"})
WRITES = frozenset({"lin_mei", "liu_yang", "wang_fang", "zhou_min", "zhao_lei"})


def cells(world: World) -> list[Cell]:
    """Every route x person: an agreement of the linen from the Laundry to Ward 3, in consultation."""
    version = changes.open_consultation(by=world.actor(world.wang_fang), at=NOON, version=proposed(world))
    clause = Clause.objects.filter(agreement_version=version)[0]
    page, held = f"/agreements/{version.agreement.public_id}/", f"/agreements/clauses/{clause.public_id}/"
    on = f"/agreements/versions/{version.public_id}/"
    found = [
        Cell("agreements", "/agreements/", STAFF, STAFF),
        Cell("export_agreements", "/agreements/export.csv", STAFF, STAFF),
        Cell("agreement", page, SEES, SEES),
        Cell("compare", f"{page}compare/?before=1&after=1", SEES, SEES),
        Cell("draft", f"{page}draft/", SEES, WRITES, writes=True),
        Cell("begin", f"/agreements/begin/{world.laundry_ward.public_id}/", SEES, WRITES, posts=True),
        Cell("describe", f"{on}describe/", SEES, WRITES, writes=True),
        Cell("add_clause", f"{on}clauses/add/", SEES, WRITES, writes=True),
        Cell("step", f"{on}close/", SEES, WRITES, writes=True),
        # Declined by the side that did not propose it; withdrawn by the one that did, or by who writes for both.
        Cell("step", f"{on}decline/", SEES, frozenset({"liu_yang", "wang_fang", "zhou_min"}), writes=True),
        Cell("step", f"{on}withdraw/", SEES, frozenset({"lin_mei", "zhao_lei"}), writes=True),
    ]
    laundry = world.actor(world.zhao_lei)
    bought = changes.begin_agreement(by=laundry, at=NOON, link=world.linenco_laundry, clauses=[LINEN, ORDER])
    bought = changes.propose_version(by=laundry, at=NOON, version=bought)
    digest = digest_now("agreement_version", bought.public_id)
    asked = changes.ask_outside(
        by=laundry, at=NOON, version=bought, side=Side.SUPPLIER, digest=digest, name="Ana Silva", days=14
    )
    there, also = f"/agreements/versions/{bought.public_id}/", SEES | {"he_ping"}
    found += [
        Cell("sign", f"{there}sign/customer/", also, frozenset({"zhao_lei"}), writes=True),
        Cell("sign", f"{there}sign/supplier/", also, frozenset(), writes=True),
        Cell("print", f"{there}print/", also, also),
        Cell("marked", f"{there}print/{digest}/", also, also),
        Cell("register_paper", f"{there}paper/supplier/", also, frozenset({"lin_mei", "zhao_lei"}), writes=True),
        Cell("ask_outside", f"{there}ask/supplier/", also, frozenset({"lin_mei", "zhao_lei"}), writes=True),
        Cell("withdraw_asking", f"/agreements/links/{asked.link.public_id}/withdraw/", also,
             frozenset({"lin_mei", "zhao_lei"}), posts=True),
    ]  # fmt: skip
    for step, posts in (("change", False), ("drop", False), ("restore", True), ("move", True)):
        found.append(Cell(f"{step}_clause", f"{held}{step}/", SEES, WRITES, writes=not posts, posts=posts))
    return found


@pytest.mark.slow
@pytest.mark.sqlite
def test_nobody_gets_further_than_the_policy_says(world: World) -> None:
    people = ("lin_mei", "wu_tao", "zhou_min", "chen_jie", "zhao_lei", "he_ping", "tom_reed", "stranger")
    assert set(people) < set(PEOPLE)
    unexpected = [
        f"{method} {cell.address} by {person}: {came}, expected {cell.expected(person)}"
        for cell, person, method, came in asked(world, cells(world), people)
        if came != cell.expected(person)
    ]
    assert unexpected == []


def test_every_route_stands_in_the_matrix(world: World) -> None:
    """Those of houses and certificates stand where these are tested."""
    here = {f"baton.agreements.views.{name}" for name in ("agreements", "clauses", "paper", "signing", "versions")}
    found = {
        pattern.name
        for resolver in get_resolver().url_patterns
        if getattr(resolver, "app_name", "") == "agreements"
        for pattern in resolver.url_patterns
        if pattern.callback.__module__ in here
    }
    assert found == {cell.route for cell in cells(world)}


@pytest.mark.sqlite
def test_pages_ask_no_query_for_a_row(world: World) -> None:
    version = drafted(world, LINEN, ORDER)
    addresses = ["/agreements/", f"/agreements/{version.agreement.public_id}/"]
    queries_a_page(world.client(world.lin_mei), addresses)  # what a process reads once
    few = queries_a_page(world.client(world.lin_mei), addresses)
    for link in (world.pharmacy_ward, world.lab_ward, world.ward_laundry):
        changes.begin_agreement(by=world.actor(world.lin_mei), at=NOON, link=link, clauses=[LINEN, ORDER])
    for n in range(4):
        changes.add_clause(
            by=world.actor(world.zhao_lei), at=NOON, version=version, terms=terms(characteristic={"en": f"C {n}"})
        )
    assert queries_a_page(world.client(world.lin_mei), addresses) == few
