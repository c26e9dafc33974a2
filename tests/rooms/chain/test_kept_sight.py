"""What is kept of who sees what holds for pages only: for the same person in the same roles on the same day, as long as
no record changes on which it depends."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from baton.chain import changes, policy
from baton.chain.models import Link, Membership, Party
from baton.chain.queries.chains import chain_in_sight
from baton.chain.rules import Capacity, Confidentiality, Partner, Reach
from baton.core import changes as core
from baton.core.audit.trail import change
from baton.core.days import day_of
from baton.core.models import OrganisationRole
from baton.core.once import once_in_here
from tests.world import NOON, SYSTEM, World

DAY = day_of(NOON)
PEOPLE = ("lin_mei", "he_jun", "qian_li", "tom_reed", "ivy_stone", "wang_fang", "chen_jie", "gao_ming", "zhao_lei")


def seen(world: World, name: str, *, page: bool) -> tuple[set[str], set[str], set[str], set[str]]:
    """Numbers of the links and of the parties that somebody sees, what he leads, and the links of his
    map; on a page,
    or as it is judged when he changes something."""

    def read() -> tuple[set[str], set[str], set[str], set[str]]:
        viewer = world.actor(getattr(world, name))
        sight = policy.sight_of(viewer, DAY)
        return (
            set(Link.objects.filter(sight.links).values_list("number", flat=True)),
            set(Party.objects.filter(sight.parties).values_list("number", flat=True)),
            {lead.path for lead in sight.standing.leads},
            {link.number for link in chain_in_sight(sight, DAY).links.values()},
        )

    if not page:
        return read()
    with once_in_here():
        return read()


def appoint_a_deputy(world: World) -> None:
    changes.appoint(
        by=SYSTEM, at=NOON, party=world.stores, person=world.chen_jie, capacity=Capacity.DEPUTY, began_on=DAY,
        ended_on=DAY + timedelta(days=1),
    )  # fmt: skip


def let_a_member_go(world: World) -> None:
    held = Membership.objects.get(person=world.chen_jie)
    changes.end_membership(by=SYSTEM, at=NOON, membership=held, ended_on=DAY)


def keep_a_partner_confidential(world: World) -> None:
    changes.describe_partner(
        by=SYSTEM, at=NOON, party=world.linenco, partner=Partner.FORMER_COMPETITOR,
        confidentiality=Confidentiality.CONFIDENTIAL,
    )  # fmt: skip


def take_a_role(world: World) -> None:
    core.end_role(by=SYSTEM, at=NOON, role=OrganisationRole.objects.get(person=world.lin_mei))


CHANGES: dict[str, Callable[[World], object]] = {
    "a deputy comes": appoint_a_deputy,
    "a member goes": let_a_member_go,
    "a partner becomes confidential": keep_a_partner_confidential,
    "a role ends": take_a_role,
    "a link ends": lambda world: changes.end_link(by=SYSTEM, at=NOON, link=world.laundry_ward, ended_on=DAY),
    "a link begins": lambda world: changes.add_link(
        by=SYSTEM, at=NOON, supplier=world.stores, customer=world.ward, output={"en": "Gauze"}
    ),
    "a party moves": lambda world: changes.move_party(by=SYSTEM, at=NOON, party=world.laundry, parent=world.nursing),
    "members read less": lambda world: changes.say_how_far_members_read(by=SYSTEM, at=NOON, reach=Reach.OWN),
    "members read all": lambda world: changes.say_how_far_members_read(by=SYSTEM, at=NOON, reach=Reach.ALL),
}


@pytest.mark.parametrize("what", CHANGES)
def test_the_next_page_shows_what_stands_in_the_records(world: World, what: str) -> None:
    before = {name: seen(world, name, page=True) for name in PEOPLE}
    assert before == {name: seen(world, name, page=True) for name in PEOPLE}, "kept"
    CHANGES[what](world)
    after = {name: seen(world, name, page=True) for name in PEOPLE}
    assert after == {name: seen(world, name, page=False) for name in PEOPLE}
    assert after != before


def test_who_loses_his_place_or_role_sees_less_on_the_next_page(world: World) -> None:
    member, manager = world.client(world.chen_jie), world.client(world.lin_mei)
    own, far = (f"/links/{link.public_id}/" for link in (world.laundry_ward, world.linenco_stores))
    assert (member.get(own).status_code, manager.get(far).status_code) == (200, 200)
    changes.end_membership(by=SYSTEM, at=NOON, membership=Membership.objects.get(person=world.chen_jie), ended_on=DAY)
    core.end_role(by=SYSTEM, at=NOON, role=OrganisationRole.objects.get(person=world.lin_mei))
    assert (member.get(own).status_code, manager.get(far).status_code) == (404, 404)


def test_a_deputy_sees_until_his_days_are_over(world: World) -> None:
    appoint_a_deputy(world)
    viewer = world.actor(world.chen_jie)
    with once_in_here():
        assert world.stores.pk in policy.sight_of(viewer, DAY).own
        assert world.stores.pk not in policy.sight_of(viewer, DAY + timedelta(days=1)).own


def test_nothing_is_kept_of_a_page_that_wrote_something(world: World) -> None:
    viewer = world.actor(world.chen_jie)
    with once_in_here():
        assert policy.sight_of(viewer, DAY).key is not None
        appoint_a_deputy(world)
        assert policy.sight_of(viewer, DAY).key is None
    assert policy.sight_of(viewer, DAY).key is None


def test_a_change_is_judged_by_what_stands_in_the_database_when_it_begins(world: World) -> None:
    viewer = world.actor(world.wang_fang)
    with once_in_here():
        before = policy.standing_of(viewer, DAY)
        assert before.leads
        # Another process ends it between the reading of the form and the change.
        Membership.objects.filter(person=world.wang_fang).update(ended_on=DAY)
        assert policy.standing_of(viewer, DAY) == before
        with change(by=viewer, at=NOON):
            assert not policy.standing_of(viewer, DAY).leads
