"""Keys under which other systems know parties and people."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from baton.core import changes, queries
from baton.core.audit import vault
from baton.core.errors import Forbidden, NotFound, Refused
from baton.core.models import AuditEntry, ExternalKey
from tests.rooms.core.entrance import actions
from tests.world import NOON, SYSTEM, World


def give(world: World, key: str, *, to: str = "ward", system: str = "SAP", by: str = "lin_mei") -> ExternalKey:
    record = getattr(world, to)
    return changes.give_external_key(
        by=world.actor(getattr(world, by)),
        at=NOON,
        kind=record.kind,
        object_id=record.public_id,
        system=system,
        key=key,
    )


@pytest.mark.both
def test_a_key_means_one_record_of_a_kind_in_a_system(world: World) -> None:
    give(world, "4711")
    with pytest.raises(Refused, match="Another one has it") as refused:
        give(world, "4711", to="laundry")
    assert refused.value.field == "key"
    give(world, "4711", to="laundry", system="HIS")
    give(world, "4711", to="chen_jie", by="qian_li")
    given = ExternalKey.objects.get(system="HIS")
    with pytest.raises(IntegrityError), transaction.atomic():
        ExternalKey.objects.filter(pk=given.pk).update(system="SAP")


def test_given_twice_is_given_once(world: World) -> None:
    first = give(world, "4711")
    again = give(world, " 4711\u200b ", system="sap")
    assert (first.pk, again.system) == (again.pk, "SAP")
    assert actions().count("external_key.given") == 1


def test_a_withdrawn_key_stays_as_history_and_may_be_given_again(world: World) -> None:
    by, first = world.actor(world.lin_mei), give(world, "4711")
    withdrawn = changes.withdraw_external_key(by=by, at=NOON, key=first)
    assert changes.withdraw_external_key(by=by, at=NOON, key=first).changed_seq == withdrawn.changed_seq
    assert queries.external_keys(viewer=by, kind="party") == {}
    give(world, "4711", to="laundry")
    found = queries.records_by_key(viewer=by, kind="party", keys=["4711"])
    assert found == {"4711": {world.laundry.public_id}}
    past = queries.external_keys(viewer=by, kind="party", object_ids=[world.ward.public_id], withdrawn=True)
    assert past[world.ward.public_id] == [first]


@pytest.mark.parametrize(("system", "key", "field"), [
    ("", "1", "system"), ("SAP", " \u200b", "key"), ("S" * 61, "1", "system"), ("SAP", "1" * 201, "key"),
])  # fmt: skip
def test_nothing_and_too_much_are_refused(world: World, system: str, key: str, field: str) -> None:
    with pytest.raises(Refused) as refused:
        give(world, key, system=system)
    assert refused.value.field == field


@pytest.mark.parametrize(
    ("who", "record", "refusal"),
    [("wang_fang", "ward", None), ("wang_fang", "night_shift", None), ("wang_fang", "laundry", Forbidden),
     ("chen_jie", "ward", Forbidden), ("sun_yan", "ward", Forbidden), ("ivy_stone", "ward", NotFound),
     ("tom_reed", "ward", NotFound), ("qian_li", "ma_chao", None), ("sun_yan", "ma_chao", None),
     ("wu_tao", "ma_chao", NotFound), ("lin_mei", "ma_chao", NotFound), ("ma_chao", "ma_chao", NotFound)],
)  # fmt: skip
def test_who_may_give_keys(world: World, who: str, record: str, refusal: type[Exception] | None) -> None:
    if refusal is None:
        assert give(world, "1", to=record, by=who)
        return
    with pytest.raises(refusal):
        give(world, "1", to=record, by=who)


def test_no_keys_for_other_kinds_and_for_what_does_not_exist(world: World) -> None:
    for kind, object_id in (
        ("output", world.laundry_ward.output.public_id),
        ("nonsense", "x"),
        ("party", "x"),
        ("link", "x"),
    ):
        with pytest.raises(NotFound):
            changes.give_external_key(by=SYSTEM, at=NOON, kind=kind, object_id=object_id, system="SAP", key="1")


def test_keys_are_found_for_those_who_see_their_records(world: World) -> None:
    give(world, "N1", to="stores")
    give(world, "N2", to="laundry")
    member, outsider = world.actor(world.chen_jie), world.actor(world.ivy_stone)
    assert set(queries.records_by_key(viewer=member, kind="party", keys=["N1", "N2"])) == {"N2"}
    assert queries.records_by_key(viewer=outsider, kind="party", keys=["N1", "N2"]) == {}
    assert set(queries.external_keys(viewer=member, kind="party")) == {world.laundry.public_id}


@pytest.mark.sqlite
def test_many_keys_take_one_query(world: World, django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    for number in range(30):
        give(world, f"K{number}")
    keys = [f"K{number}" for number in range(6_000)]
    with django_assert_num_queries(1):
        assert queries.records_by_key(viewer=SYSTEM, kind="party", keys=["other"], system="SAP") == {}
    with django_assert_num_queries(2):  # the keys, and which of the parties the viewer sees
        assert len(queries.records_by_key(viewer=SYSTEM, kind="party", keys=keys)) == 30


def test_a_persons_key_is_sealed_in_the_trail_and_goes_with_him(world: World) -> None:
    given = give(world, "staff-77", to="chen_jie", system="HR", by="qian_li")
    entry = AuditEntry.objects.get(action="external_key.given")
    assert "staff-77" not in entry.body
    assert vault.opened([entry.seq])[entry.seq]["key"] == (None, "staff-77")
    changes.forget_person(by=SYSTEM, at=NOON, person=world.chen_jie, reason="left")
    given.refresh_from_db()
    assert "staff-77" not in given.key + given.search_text
    assert given.withdrawn_at is not None
    assert vault.opened([entry.seq]) == {}


def test_the_page_of_a_person_shows_and_changes_his_keys(world: World) -> None:
    hr, person = world.client(world.qian_li), f"/people/{world.ma_chao.public_id}/"
    address = f"/keys/person/{world.ma_chao.public_id}/"
    assert address in hr.get(person).content.decode()
    assert hr.get(address).status_code == 200
    assert hr.post(address, {"system": "HR", "key": "K-0815"}).status_code == 302
    shown = hr.get(person).content.decode()
    assert "K-0815" in shown
    refused = hr.post(f"/keys/person/{world.gao_ming.public_id}/", {"system": "HR", "key": "K-0815"})
    assert (refused.status_code, "Another one has it already" in refused.content.decode()) == (422, True)
    key = ExternalKey.objects.get()
    assert world.client(world.wu_tao).get(address).status_code == 404
    assert world.client(world.wu_tao).post(f"/keys/{key.public_id}/withdraw/").status_code == 404
    assert "K-0815" not in world.client(world.wu_tao).get(person).content.decode()
    assert hr.post(f"/keys/{key.public_id}/withdraw/").status_code == 302
    assert "K-0815" not in hr.get(person).content.decode()
    assert hr.post(f"/keys/{key.public_id}/withdraw/").status_code == 404
