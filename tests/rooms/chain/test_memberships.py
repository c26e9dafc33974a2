"""Heads, deputies and members."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from baton.chain import changes, policy, queries
from baton.chain.models import Membership
from baton.chain.rules import Capacity, PartyKind, Scope
from baton.core.changes import issue_reset_code
from baton.core.errors import Forbidden, Refused
from baton.core.registries import superiors
from tests.world import BEGAN, NOON, SYSTEM, World


def membership(world: World, key: str) -> Membership:
    return Membership.objects.get(person=getattr(world, key))


def test_one_head_at_a_time(world: World) -> None:
    with pytest.raises(Refused, match="Zhao Lei") as refused:
        changes.appoint(
            by=SYSTEM, at=NOON, party=world.laundry, person=world.gao_ming, capacity=Capacity.HEAD
        )  # fmt: skip
    assert refused.value.field == "person"
    changes.end_membership(by=SYSTEM, at=NOON, membership=membership(world, "zhao_lei"), ended_on=date(2026, 7, 1))
    with pytest.raises(Refused):
        changes.appoint(
            by=SYSTEM, at=NOON, party=world.laundry, person=world.gao_ming, capacity=Capacity.HEAD,
            began_on=date(2026, 6, 30),
        )  # fmt: skip
    head = changes.appoint(
        by=SYSTEM,
        at=NOON,
        party=world.laundry,
        person=world.gao_ming,
        capacity=Capacity.HEAD,
        began_on=date(2026, 7, 1),
    )
    assert head.state(date(2026, 6, 30)) == "planned"
    assert head.state(date(2026, 7, 1)) == "live"


def test_the_database_refuses_a_second_open_head_and_a_deputy_without_end(world: World) -> None:
    held = membership(world, "gao_ming")
    for capacity in (Capacity.HEAD, Capacity.DEPUTY):
        with pytest.raises(IntegrityError), transaction.atomic():
            Membership.objects.filter(pk=held.pk).update(capacity=capacity)


def test_a_deputy_needs_an_end(world: World) -> None:
    with pytest.raises(Refused) as refused:
        changes.appoint(by=SYSTEM, at=NOON, party=world.laundry, person=world.gao_ming, capacity=Capacity.DEPUTY)
    assert refused.value.field == "ended_on"


def test_nobody_is_the_same_twice(world: World) -> None:
    with pytest.raises(Refused, match="Gao Ming"):
        changes.appoint(by=SYSTEM, at=NOON, party=world.laundry, person=world.gao_ming, capacity=Capacity.MEMBER)


def test_an_end_before_the_beginning_is_refused(world: World) -> None:
    with pytest.raises(Refused) as refused:
        changes.end_membership(by=SYSTEM, at=NOON, membership=membership(world, "gao_ming"), ended_on=date(2025, 1, 1))
    assert refused.value.field == "ended_on"


def test_a_party_that_is_one_person_has_no_members(world: World) -> None:
    party = changes.add_party(
        by=SYSTEM, at=NOON, party_kind=PartyKind.PERSON, name={"en": "Chen Jie"}, person=world.chen_jie
    )
    with pytest.raises(Refused, match="one person"):
        changes.appoint(by=SYSTEM, at=NOON, party=party, person=world.sun_lei, capacity=Capacity.MEMBER)


def test_only_the_quality_manager_leaves_a_department_without_a_head(world: World) -> None:
    held = membership(world, "wang_fang")
    for key in ("wang_fang", "liu_yang", "zhou_min", "sun_yan"):
        with pytest.raises(Forbidden, match="Only the quality manager"):
            changes.end_membership(by=world.actor(getattr(world, key)), at=NOON, membership=held)
    changes.end_membership(by=world.actor(world.lin_mei), at=NOON, membership=held)
    page = queries.party_page(viewer=world.actor(world.lin_mei), at=NOON, public_id=world.ward.public_id)
    assert page.head is None
    assert page.lacks_head
    assert world.ward in queries.home(viewer=world.actor(world.lin_mei), at=NOON).headless


def test_a_deputy_acts_within_his_scope_and_days(world: World) -> None:
    deputy = world.actor(world.zhou_min)
    changes.change_link(by=deputy, at=NOON, link=world.laundry_ward, output={"en": "Linen"}, output_kind="service")
    with pytest.raises(Forbidden):
        changes.rename_party(by=deputy, at=NOON, party=world.ward, name={"en": "Mine"})
    with pytest.raises(Forbidden):
        changes.appoint(by=deputy, at=NOON, party=world.ward, person=world.gao_ming, capacity=Capacity.MEMBER)
    changes.end_membership(by=SYSTEM, at=NOON, membership=membership(world, "zhou_min"))
    with pytest.raises(Forbidden):
        changes.change_link(by=deputy, at=NOON, link=world.laundry_ward, output={"en": "X"}, output_kind="service")


def test_a_deputy_never_decides_in_his_own_case(world: World) -> None:
    changes.appoint(
        by=SYSTEM, at=NOON, party=world.laundry, person=world.gao_ming, capacity=Capacity.DEPUTY,
        ended_on=date(2026, 7, 1), scope=Scope.ALL,
    )  # fmt: skip
    deputy = world.actor(world.gao_ming)
    own = Membership.objects.get(person=world.gao_ming, capacity=Capacity.DEPUTY)
    with pytest.raises(Forbidden):
        changes.end_membership(by=deputy, at=NOON, membership=own)
    with pytest.raises(Forbidden):
        changes.appoint(
            by=deputy, at=NOON, party=world.laundry, person=world.gao_ming, capacity=Capacity.DEPUTY,
            began_on=date(2026, 7, 1), ended_on=date(2027, 7, 1),
        )  # fmt: skip
    assert changes.appoint(by=deputy, at=NOON, party=world.laundry, person=world.chen_jie, capacity=Capacity.MEMBER)


def test_a_deputy_does_not_make_himself_head_of_what_stands_below(world: World) -> None:
    changes.end_membership(by=SYSTEM, at=NOON, membership=membership(world, "wang_fang"))
    changes.appoint(
        by=SYSTEM, at=NOON, party=world.nursing, person=world.chen_jie, capacity=Capacity.DEPUTY,
        ended_on=date(2026, 7, 1), scope=Scope.ALL,
    )  # fmt: skip
    deputy, head = world.actor(world.chen_jie), world.actor(world.liu_yang)
    with pytest.raises(Forbidden):
        changes.appoint(by=deputy, at=NOON, party=world.ward, person=world.chen_jie, capacity=Capacity.HEAD)
    assert changes.appoint(by=deputy, at=NOON, party=world.night_shift, person=world.sun_lei, capacity=Capacity.HEAD)
    assert changes.appoint(by=head, at=NOON, party=world.ward, person=world.liu_yang, capacity=Capacity.HEAD)


def test_heads_appoint_below_themselves(world: World) -> None:
    above = world.actor(world.liu_yang)
    changes.end_membership(by=SYSTEM, at=NOON, membership=membership(world, "wang_fang"))
    assert changes.appoint(by=above, at=NOON, party=world.ward, person=world.chen_jie, capacity=Capacity.HEAD)
    with pytest.raises(Forbidden):
        changes.appoint(by=above, at=NOON, party=world.nursing, person=world.chen_jie, capacity=Capacity.HEAD)


@pytest.mark.parametrize(
    ("head", "person", "is_superior"),
    [("wang_fang", "chen_jie", True), ("liu_yang", "chen_jie", True), ("liu_yang", "wang_fang", True),
     ("wang_fang", "liu_yang", False), ("zhao_lei", "chen_jie", False), ("zhou_min", "chen_jie", False),
     ("wang_fang", "wang_fang", False), ("chen_jie", "sun_lei", False)],
)  # fmt: skip
def test_a_head_is_superior_of_those_in_his_subtree(world: World, head: str, person: str, is_superior: bool) -> None:
    ask = superiors.get("chain")
    assert ask(world.actor(getattr(world, head)), getattr(world, person)) is is_superior


def test_nobody_becomes_superior_by_taking_somebody_in(world: World) -> None:
    """Whoever may hand over a reset code can sign in as its owner: taking in the head of another party is no way."""
    zhao_lei, ask = world.actor(world.zhao_lei), superiors.get("chain")
    changes.appoint(by=zhao_lei, at=NOON, party=world.laundry, person=world.xu_jing, capacity=Capacity.MEMBER)
    assert not ask(zhao_lei, world.xu_jing)
    with pytest.raises(Forbidden):
        issue_reset_code(by=zhao_lei, at=NOON, person=world.xu_jing)
    assert issue_reset_code(by=zhao_lei, at=NOON, person=world.gao_ming)


def test_standing_is_read_in_two_queries(world: World, django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    actor = world.actor(world.wang_fang)
    with django_assert_num_queries(2):
        policy.standing_of(actor, BEGAN.date())
