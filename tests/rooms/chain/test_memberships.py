"""Heads, deputies and members."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from baton.chain import changes, policy, queries
from baton.chain.models import Membership
from baton.chain.rules import Capacity, PartyKind, Scope
from baton.core.changes import add_person, issue_reset_code
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


@pytest.mark.both
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


def take_in(world: World, by: str, who: str, party: str) -> None:
    changes.appoint(
        by=world.actor(getattr(world, by)), at=NOON, party=getattr(world, party), person=getattr(world, who),
        capacity=Capacity.MEMBER,
    )  # fmt: skip


def test_a_head_resets_nobody_whom_he_took_in_himself(world: World) -> None:
    zhao_lei, ask = world.actor(world.zhao_lei), superiors.get("chain")
    take_in(world, "zhao_lei", "ivy_stone", "laundry")
    assert not ask(zhao_lei, world.ivy_stone)
    with pytest.raises(Forbidden):
        issue_reset_code(by=zhao_lei, at=NOON, person=world.ivy_stone)
    assert issue_reset_code(by=world.actor(world.sun_yan), at=NOON, person=world.ivy_stone)


def test_nor_whom_one_of_his_people_took_in_even_if_he_has_left_since(world: World) -> None:
    zhao_lei, ask = world.actor(world.zhao_lei), superiors.get("chain")
    deputy = changes.appoint(
        by=zhao_lei, at=NOON, party=world.laundry, person=world.gao_ming, capacity=Capacity.DEPUTY,
        ended_on=date(2026, 12, 1),
    )  # fmt: skip
    take_in(world, "gao_ming", "ivy_stone", "laundry")
    assert not ask(zhao_lei, world.ivy_stone)
    changes.end_membership(by=zhao_lei, at=NOON, membership=deputy)
    changes.end_membership(
        by=zhao_lei, at=NOON, membership=Membership.objects.get(person=world.gao_ming, capacity="member")
    )
    assert not ask(zhao_lei, world.ivy_stone)


def test_a_head_helps_whom_the_quality_manager_or_a_head_above_put_there(world: World) -> None:
    ask = superiors.get("chain")
    take_in(world, "lin_mei", "ivy_stone", "laundry")
    assert ask(world.actor(world.zhao_lei), world.ivy_stone)
    take_in(world, "liu_yang", "xu_jing", "ward")
    changes.end_membership(by=SYSTEM, at=NOON, membership=Membership.objects.get(person=world.xu_jing, capacity="head"))
    assert ask(world.actor(world.wang_fang), world.xu_jing)
    assert not ask(world.actor(world.liu_yang), world.xu_jing)


def test_being_taken_in_twice_does_not_harm(world: World) -> None:
    """Whoever was put in a head's care is helped, although the head gave him another place, too."""
    take_in(world, "wang_fang", "chen_jie", "night_shift")
    assert superiors.get("chain")(world.actor(world.wang_fang), world.chen_jie)


def test_the_page_of_a_party_offers_only_codes_that_the_core_allows(world: World) -> None:
    take_in(world, "wang_fang", "ivy_stone", "ward")
    take_in(world, "wang_fang", "gao_ming", "ward")
    changes.appoint(by=SYSTEM, at=NOON, party=world.ward, person=world.he_jun, capacity=Capacity.MEMBER)
    head = world.client(world.wang_fang)
    page = head.get(f"/parties/{world.ward.public_id}/").content.decode()
    offered = {
        name: f"/people/{getattr(world, name).public_id}/reset-code/" in page
        for name in ("chen_jie", "sun_lei", "zhou_min", "wang_fang", "ivy_stone", "gao_ming", "he_jun")
    }
    allowed = {
        name: head.get(f"/people/{getattr(world, name).public_id}/reset-code/").status_code == 200 for name in offered
    }
    assert offered == allowed
    assert [name for name, yes in offered.items() if yes] == ["chen_jie", "sun_lei", "zhou_min"]


@pytest.mark.sqlite
def test_the_page_takes_as_many_queries_for_many_members_as_for_few(world: World) -> None:
    head, address = world.client(world.wang_fang), f"/parties/{world.ward.public_id}/"
    with CaptureQueriesContext(connection) as few:
        assert head.get(address).status_code == 200
    for number in range(20):
        person = add_person(by=SYSTEM, at=NOON, sign_in_name=f"M-{number}", name={"en": f"Many {number}"})
        changes.appoint(by=SYSTEM, at=NOON, party=world.ward, person=person, capacity=Capacity.MEMBER)
    with CaptureQueriesContext(connection) as many:
        assert head.get(address).status_code == 200
    assert len(many) <= len(few) + 1


@pytest.mark.sqlite
def test_standing_is_read_in_two_queries(world: World, django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    actor = world.actor(world.wang_fang)
    with django_assert_num_queries(2):
        policy.standing_of(actor, BEGAN.date())
