"""Parties and their tree: what changes.py does, refuses and records, and what the database itself refuses."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from baton.chain import changes, queries
from baton.chain.models import Party
from baton.chain.rules import TREE_DEPTH, PartyKind
from baton.core.errors import Forbidden, Refused, Stale
from baton.core.history import history_of
from tests.world import BEGAN, NOON, SYSTEM, World

DEPARTMENT = PartyKind.DEPARTMENT


def add(name: str, parent: Party | None = None, kind: PartyKind = DEPARTMENT) -> Party:
    return changes.add_party(by=SYSTEM, at=BEGAN, party_kind=kind, name={"en": name}, parent=parent)


def listed(world: World, search: str) -> list[str]:
    found = queries.parties(
        viewer=world.actor(world.lin_mei), at=NOON, filters=queries.PartyFilters(search=search, ended=True)
    )
    return [str(party) for party in found]


def test_numbers_run_on_within_the_year(world: World) -> None:
    first, second = add("One"), add("Two")
    assert first.number.startswith("P-2026-")
    assert int(second.number[-4:]) == int(first.number[-4:]) + 1


def test_names_lose_invisible_characters_and_outer_space(db: None) -> None:
    party = changes.add_party(
        by=SYSTEM, at=BEGAN, party_kind=DEPARTMENT, name={"en": "  Lau\u202endry\u200b\x00 ", "zh-hans": "\u200b "}
    )
    assert party.name == {"en": "Laundry"}


@pytest.mark.parametrize(
    "name", [{}, {"zh-hans": "洗衣房"}, {"en": ""}, {"en": " \u200b"}, {"en": "\u200d"}, {"en": "x" * 201}]
)
def test_a_name_must_be_readable_and_short(db: None, name: dict[str, str]) -> None:
    with pytest.raises(Refused) as refused:
        changes.add_party(by=SYSTEM, at=BEGAN, party_kind=DEPARTMENT, name=name)
    assert refused.value.field == "name"
    assert not Party.objects.exists()


@pytest.mark.parametrize("search", ["laundry", "LAUNDRY", "洗衣", "xiyifang", "LD", "ｌａｕｎ", "P-2026-0004"])
def test_a_party_is_found_by_name_in_any_language_pinyin_code_and_number(world: World, search: str) -> None:
    assert listed(world, search) == ["Laundry"]


def test_renaming_is_found_under_the_new_name_and_remembers_the_old(world: World) -> None:
    changes.rename_party(
        by=world.actor(world.zhao_lei), at=NOON, party=world.laundry, name={"en": "Linen service"}, code="LS"
    )
    assert listed(world, "linen serv") == ["Linen service"]
    assert listed(world, "laundry") == []
    last = history_of(viewer=SYSTEM, object_ids=[world.laundry.public_id])[0]
    assert last.changed["name"] == ({"en": "Laundry", "zh-hans": "洗衣房"}, {"en": "Linen service"})
    assert last.changed["code"] == ("LD", "LS")
    assert last.who["en"] == "Zhao Lei"


def test_a_stale_rename_is_refused_with_what_now_stands(world: World) -> None:
    seen = world.laundry.changed_seq
    changes.rename_party(by=SYSTEM, at=NOON, party=world.laundry, name={"en": "Linen"}, expected_seq=seen)
    with pytest.raises(Stale) as stale:
        changes.rename_party(by=SYSTEM, at=NOON, party=world.laundry, name={"en": "Wash"}, expected_seq=seen)
    assert stale.value.theirs["name"] == {"en": "Linen"}


def test_a_code_belongs_to_one_party(world: World) -> None:
    for code in ("LD", "ld"):  # tables name parties by their codes, and nobody minds the letter case there
        with pytest.raises(Refused, match=world.laundry.number) as refused:
            changes.add_party(by=SYSTEM, at=NOON, party_kind=DEPARTMENT, name={"en": "Copy"}, code=code)
        assert refused.value.field == "code"


def test_parties_without_a_code_do_not_clash(db: None) -> None:
    assert add("One").code is None
    assert add("Two").code is None


def test_moving_takes_along_what_stands_under(world: World) -> None:
    changes.move_party(by=SYSTEM, at=NOON, party=world.ward, parent=world.laundry)
    world.night_shift.refresh_from_db()
    ids = [world.laundry.public_id, world.ward.public_id, world.night_shift.public_id]
    assert world.night_shift.path == "/".join(ids) + "/"
    changes.move_party(by=SYSTEM, at=NOON, party=world.ward, parent=None)
    world.night_shift.refresh_from_db()
    assert world.night_shift.path == "/".join(ids[1:]) + "/"


@pytest.mark.parametrize("target", ["ward", "night_shift"])
def test_a_party_cannot_stand_under_itself(world: World, target: str) -> None:
    with pytest.raises(Refused, match="stands under it") as refused:
        changes.move_party(by=SYSTEM, at=NOON, party=world.ward, parent=getattr(world, target))
    assert refused.value.field == "parent"


def test_the_tree_has_a_depth(db: None) -> None:
    chain = [add("1")]
    for level in range(2, TREE_DEPTH + 1):
        chain.append(add(str(level), chain[-1]))
    with pytest.raises(Refused, match=str(TREE_DEPTH)):
        add("too deep", chain[-1])
    with pytest.raises(Refused, match=str(TREE_DEPTH)):
        changes.move_party(by=SYSTEM, at=NOON, party=chain[0], parent=add("top"))


def test_outside_and_inside_stand_apart(world: World) -> None:
    with pytest.raises(Refused):
        add("Desk", world.patient)
    with pytest.raises(Refused):
        add("Relatives", world.ward, PartyKind.OUTSIDE_CUSTOMER)
    assert add("Relatives", world.patient, PartyKind.OUTSIDE_CUSTOMER).parent == world.patient


def test_a_person_is_one_party(world: World) -> None:
    party = changes.add_party(
        by=SYSTEM, at=NOON, party_kind=PartyKind.PERSON, name={"en": "Chen Jie"}, person=world.chen_jie
    )
    assert party.data_subject() == world.chen_jie.public_id
    entry = history_of(viewer=SYSTEM, object_ids=[party.public_id])[0]
    assert entry.changed["name"] is None, "a person's name stands in the trail under his key only"
    with pytest.raises(Refused, match=party.number):
        changes.add_party(by=SYSTEM, at=NOON, party_kind=PartyKind.PERSON, name={"en": "C"}, person=world.chen_jie)
    with pytest.raises(Refused):
        changes.add_party(by=SYSTEM, at=NOON, party_kind=PartyKind.PERSON, name={"en": "Nobody"})
    with pytest.raises(Refused):
        add("Under a person", party)


def test_ending_is_refused_until_nothing_is_left(world: World) -> None:
    with pytest.raises(Refused, match=world.linenco_stores.number):
        changes.end_party(by=SYSTEM, at=NOON, party=world.stores)
    changes.end_link(by=SYSTEM, at=NOON, link=world.linenco_stores)
    with pytest.raises(Refused, match="members: 1"):
        changes.end_party(by=SYSTEM, at=NOON, party=world.stores)
    held = world.stores.memberships.get()
    changes.end_membership(by=SYSTEM, at=NOON, membership=held)
    ended = changes.end_party(by=SYSTEM, at=NOON, party=world.stores, reason="merged")
    assert ended.ended_on == NOON.date()
    with pytest.raises(Refused, match="ended on"):
        changes.end_party(by=SYSTEM, at=NOON, party=world.stores)
    with pytest.raises(Refused, match="ended on"):
        add("Late", world.stores)
    with pytest.raises(Refused, match="ended on"):
        changes.add_link(by=SYSTEM, at=NOON, supplier=world.stores, customer=world.ward, output={"en": "x"})


def test_a_head_works_within_his_subtree(world: World) -> None:
    by = world.actor(world.liu_yang)
    team = changes.add_party(by=by, at=NOON, party_kind=PartyKind.TEAM, name={"en": "Day"}, parent=world.ward)
    changes.move_party(by=by, at=NOON, party=team, parent=world.nursing)
    changes.end_party(by=by, at=NOON, party=team)
    with pytest.raises(Forbidden):
        changes.add_party(by=by, at=NOON, party_kind=PartyKind.TEAM, name={"en": "Mine"}, parent=world.laundry)
    with pytest.raises(Forbidden):
        changes.move_party(by=by, at=NOON, party=world.ward, parent=world.laundry)
    with pytest.raises(Forbidden):
        changes.move_party(by=by, at=NOON, party=world.nursing, parent=None)
    with pytest.raises(Forbidden):
        changes.end_party(by=by, at=NOON, party=world.nursing)


@pytest.mark.both
@pytest.mark.parametrize(
    "values",
    [
        {"parent": "self"},
        {"path": "cycle"},
        {"path": "elsewhere/"},
        {"party_kind": "person"},
        {"code": ""},
        {"ended_on": "1999-01-01"},
    ],
)
def test_the_database_refuses_impossible_parties(world: World, values: dict[str, object]) -> None:
    """Convention 6: also for whoever goes past changes.py."""
    if values.get("parent") == "self":
        values = {"parent": world.laundry, "path": f"{world.laundry.path}{world.laundry.public_id}/"}
    if values.get("path") == "cycle":
        values = {"parent": world.ward, "path": f"{world.laundry.path}{world.ward.path}{world.laundry.path}"}
    with pytest.raises(IntegrityError), transaction.atomic():
        Party.objects.filter(pk=world.laundry.pk).update(**values)
