"""Deputies act between two days, within their scope, and never in their own case; through changes, pages and API."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from baton.chain import changes, policy
from baton.chain.models import Link, Membership
from baton.chain.rules import Capacity, Dealings, LinkSide, OutputKind, PartyKind, ProposalState, Scope
from baton.core import formats
from baton.core.errors import Forbidden, Refused
from baton.core.models import Person
from tests.api import Program, said, token_for
from tests.world import NOON, SYSTEM, World

UNTIL = date(2099, 12, 31)


def stands_in(world: World, **narrowed: str) -> Person:
    """Gao Ming of the Laundry stands in for its head, for these links."""
    changes.appoint(
        by=SYSTEM, at=NOON, party=world.laundry, person=world.gao_ming, capacity=Capacity.DEPUTY, ended_on=UNTIL,
        scope=Scope.LINKS, **narrowed,
    )  # fmt: skip
    return world.gao_ming


def may_end(world: World, person: Person, link: Link) -> bool:
    """Whether he may end the link; what it changed is taken back."""
    try:
        with transaction.atomic():
            changes.end_link(by=world.actor(person), at=NOON, link=link)
            transaction.set_rollback(True)
    except Forbidden:
        return False
    return True


BUYING = {"scope_side": LinkSide.CUSTOMER, "scope_dealings": Dealings.OUTSIDE}


@pytest.mark.parametrize(
    ("narrowed", "held"),
    [
        ({}, {"laundry_ward", "ward_laundry", "linenco_laundry"}),
        ({"scope_side": LinkSide.SUPPLIER}, {"laundry_ward"}),
        ({"scope_side": LinkSide.CUSTOMER}, {"ward_laundry", "linenco_laundry"}),
        (BUYING, {"linenco_laundry"}),
        ({"scope_dealings": Dealings.INSIDE}, {"laundry_ward", "ward_laundry"}),
        ({"scope_kind": OutputKind.INFORMATION}, set()),
        ({"scope_kind": OutputKind.SERVICE, "scope_side": LinkSide.SUPPLIER}, {"laundry_ward"}),
    ],
)
def test_he_ends_the_links_of_his_scope_and_no_others(world: World, narrowed: dict[str, str], held: set[str]) -> None:
    deputy = stands_in(world, **narrowed)
    names = ("laundry_ward", "ward_laundry", "linenco_laundry", "lab_ward", "pharmacy_ward")
    assert {name for name in names if may_end(world, deputy, getattr(world, name))} == held


def test_what_he_adds_and_what_he_makes_of_a_link_stays_in_his_scope(world: World) -> None:
    by = world.actor(stands_in(world, scope_side=LinkSide.SUPPLIER, scope_kind=OutputKind.INFORMATION))
    given = {"by": by, "at": NOON, "supplier": world.laundry, "customer": world.ward}
    made = changes.add_link(**given, output={"en": "Counts"}, output_kind=OutputKind.INFORMATION)
    for output, kind in (({"en": "Coats"}, OutputKind.SERVICE), ({"en": "Clean linen"}, OutputKind.INFORMATION)):
        with pytest.raises(Forbidden, match="not for this kind of link"):  # the second name is a service by now
            changes.add_link(**given, output=output, output_kind=kind)
    with pytest.raises(Forbidden):
        changes.change_link(by=by, at=NOON, link=made, output={"en": "Counts"}, output_kind=OutputKind.SERVICE)
    with pytest.raises(Forbidden):
        changes.change_output(
            by=by, at=NOON, output=made.output, name={"en": "Counts"}, output_kind=OutputKind.CONTROL
        )  # fmt: skip
    changed = changes.change_output(
        by=by, at=NOON, output=made.output, name={"en": "Daily counts"}, output_kind=OutputKind.INFORMATION
    )
    assert changed.name == {"en": "Daily counts"}
    assert Link.objects.filter(supplier=world.laundry, customer=world.ward).count() == 2


def test_what_concerns_more_than_one_link_needs_all_of_them(world: World) -> None:
    def answers(by: Callable[[], object]) -> bool:
        try:
            with transaction.atomic():
                by()
                transaction.set_rollback(True)
        except Forbidden:
            return False
        return True

    def may(person: Person) -> list[bool]:
        actor = world.actor(person)
        return [
            answers(lambda: changes.add_need(by=actor, at=NOON, holder=world.patient, words={"en": "Warm"})),
            answers(lambda: changes.add_project(by=actor, at=NOON, name={"en": "Dryers"}, owner=world.laundry)),
            policy.may_answer_gap(policy.standing_of(actor, NOON.date()), [world.laundry.path]),
            policy.may_answer_proposal(policy.standing_of(actor, NOON.date()), world.laundry),
        ]

    deputy = stands_in(world, **BUYING)
    assert may(deputy) == [False] * 4
    changes.end_membership(
        by=SYSTEM, at=NOON, membership=Membership.objects.get(person=deputy, capacity=Capacity.DEPUTY)
    )
    assert may(stands_in(world)) == [True] * 4


@pytest.mark.parametrize("scope", [Scope.ALL, Scope.MEMBERS])
def test_he_takes_himself_in_nowhere(world: World, scope: Scope) -> None:
    changes.appoint(
        by=SYSTEM, at=NOON, party=world.nursing, person=world.sun_lei, capacity=Capacity.DEPUTY, ended_on=UNTIL,
        scope=scope,
    )  # fmt: skip
    by = world.actor(world.sun_lei)
    for capacity in (Capacity.MEMBER, Capacity.HEAD):
        with pytest.raises(Forbidden):
            changes.appoint(by=by, at=NOON, party=world.night_shift, person=world.sun_lei, capacity=capacity)
    assert changes.appoint(by=by, at=NOON, party=world.night_shift, person=world.ivy_stone, capacity=Capacity.MEMBER)


def test_the_party_that_is_he_himself_is_led_by_the_head_alone(world: World) -> None:
    stands_in(world)
    himself = changes.add_party(
        by=SYSTEM, at=NOON, party_kind=PartyKind.PERSON, name={"en": "Gao Ming"}, person=world.gao_ming,
        parent=world.laundry,
    )  # fmt: skip
    for person, allowed in ((world.gao_ming, False), (world.zhao_lei, True)):
        standing = policy.standing_of(world.actor(person), NOON.date())
        assert policy.may_edit_link(standing, himself, world.pharmacy) is allowed
        assert policy.may_answer_proposal(standing, himself) is allowed


@pytest.mark.both
def test_only_a_deputy_for_links_is_held_to_some(world: World) -> None:
    for capacity, scope in ((Capacity.MEMBER, Scope.LINKS), (Capacity.DEPUTY, Scope.ALL)):
        with pytest.raises(Refused, match="Only a deputy whose scope is Links") as refused:
            changes.appoint(
                by=SYSTEM, at=NOON, party=world.laundry, person=world.ivy_stone, capacity=capacity, scope=scope,
                ended_on=UNTIL, scope_side=LinkSide.SUPPLIER,
            )  # fmt: skip
        assert refused.value.field == "scope"
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.filter(person=world.zhao_lei).update(scope_kind=OutputKind.CONTROL)


def test_the_form_holds_him_to_some_and_the_page_says_so(world: World) -> None:
    head, address = world.client(world.zhao_lei), f"/parties/{world.laundry.public_id}/appoint/"
    sent = {
        "person": world.gao_ming.public_id, "capacity": "deputy", "scope": "links", "scope_side": "customer",
        "scope_dealings": "outside", "ended_on": "2099-12-31",
    }  # fmt: skip
    refused = head.post(address, {**sent, "scope": "members"})
    assert refused.status_code == 422
    assert "Only a deputy whose scope is Links" in refused.content.decode()
    assert head.post(address, sent).status_code == 302
    shown = head.get(f"/parties/{world.laundry.public_id}/").content.decode()
    assert "Links, As customer, With parties outside" in shown
    deputy = world.client(world.gao_ming)
    assert deputy.get(f"/links/{world.linenco_laundry.public_id}/end/").status_code == 200
    told = deputy.get(f"/links/{world.laundry_ward.public_id}/end/")
    assert told.status_code == 403
    assert "You stand in for the head" in told.content.decode()
    assert f"/links/{world.laundry_ward.public_id}/end/" not in deputy.get(
        f"/links/{world.laundry_ward.public_id}/"
    ).content.decode()  # fmt: skip


def test_a_deputy_of_next_month_stands_on_the_page_with_his_days_and_can_be_taken_back(world: World) -> None:
    head, page = world.client(world.zhao_lei), f"/parties/{world.laundry.public_id}/"
    today = datetime.now(UTC).date()
    first, last = today + timedelta(days=20), today + timedelta(days=34)
    sent = {"person": "Gao Ming", "capacity": "deputy", "scope": "all", "began_on": first.isoformat(),
            "ended_on": last.isoformat(), "note": "Leave"}  # fmt: skip
    assert head.post(f"{page}appoint/", sent).status_code == 302
    shown = head.get(page).content.decode()
    planned = Membership.objects.get(person=world.gao_ming, capacity=Capacity.DEPUTY)
    assert "From a later day" in shown
    assert formats.day(first) in shown
    assert formats.day(last) in shown
    assert f"/memberships/{planned.public_id}/end/" in shown
    assert head.get(f"/memberships/{planned.public_id}/end/").status_code == 200


def test_the_api_says_and_takes_his_scope(world: World) -> None:
    manager = Program(token_for(world.lin_mei))
    sent = {
        "party": world.laundry.public_id, "person": world.gao_ming.public_id, "capacity": "deputy", "scope": "links",
        "scope_kind": "service", "scope_side": "supplier", "ended_on": "2099-12-31",
    }  # fmt: skip
    made = manager.post("/memberships", sent)
    assert made.status_code == 201, made.content
    shown = said(made)
    assert (shown["scope_side"], shown["scope_kind"], shown["scope_dealings"]) == ("supplier", "service", None)
    assert manager.post("/memberships", {**sent, "scope": "all"}).status_code == 422
    deputy = Program(token_for(world.gao_ming))
    link = world.linenco_laundry
    refused = deputy.post(f"/links/{link.public_id}/end", {"version": link.changed_seq})
    assert refused.status_code == 403
    assert "not for this kind of link" in said(refused)["detail"]


def test_a_deputy_for_some_links_is_not_told_of_proposals(world: World) -> None:
    from baton.chain.changes.proposals import ProposedLink
    from baton.chain.models import LinkProposal
    from baton.chain.rules import Side
    from baton.core.models import Notification

    stands_in(world, **BUYING)
    changes.appoint(by=SYSTEM, at=NOON, party=world.laundry, person=world.ivy_stone, capacity=Capacity.MEMBER)
    changes.propose_links(
        by=world.actor(world.ivy_stone), at=NOON, party=world.laundry,
        links=[ProposedLink(Side.CUSTOMER, "Pharmacy", "Coats")],
    )  # fmt: skip
    assert set(Notification.objects.values_list("person", flat=True)) == {world.zhao_lei.pk}
    assert LinkProposal.objects.get().state == ProposalState.OPEN
