"""Signatures: bound to the exact version, voided by what changes afterwards, never rewritten."""

from __future__ import annotations

import json
from collections.abc import Collection
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import pytest
from django.db import IntegrityError, connection, transaction

from baton.chain.changes import rename_party
from baton.chain.models import Party
from baton.core import registries
from baton.core.actors import Actor
from baton.core.audit import triggers
from baton.core.audit.trail import change
from baton.core.audit.verify import verify
from baton.core.changes import edit_person, forget_person, sign
from baton.core.errors import Forbidden, NotFound, Refused, VersionChanged
from baton.core.models import AuditEntry, Person, Signature
from baton.core.queries import (
    Fate,
    SignatureStanding,
    signature,
    signatures_of,
    signatures_of_several,
    signed_name,
    to_sign,
)
from baton.core.signatures import Proof, digest_of, short
from baton.core.signing_rules import Grade, Meaning
from tests.world import NOON, SYSTEM, World

LATER = NOON + timedelta(days=1)


@pytest.fixture(autouse=True)
def parties_are_signed(monkeypatch: pytest.MonkeyPatch) -> None:
    """What stands on the page of a department is signed: its name and code."""

    def contents(public_ids: Collection[str]) -> dict[str, dict[str, object]]:
        rows = Party.objects.filter(public_id__in=public_ids)
        return {row.public_id: {"name": row.name, "code": row.code, "from": row.began_on} for row in rows}

    def names(public_ids: Collection[str]) -> dict[str, dict[str, str]]:
        return {row.public_id: row.name for row in Party.objects.filter(public_id__in=public_ids)}

    monkeypatch.setitem(registries.signables._entries, "party", registries.Signable(contents, names))


def proof_of(person: Person, at: datetime = NOON) -> Proof:
    return Proof(person.public_id, ("sign_in_name", "password"), at)


def signed(world: World, person: Person, at: datetime = NOON, by: Actor | None = None) -> Signature:
    actor = by or world.actor(person)
    shown = to_sign(viewer=actor, kind="party", public_id=world.laundry.public_id)
    return sign(
        by=actor, at=at, kind="party", public_id=world.laundry.public_id, expected_digest=shown.digest,
        meaning=Meaning.APPROVAL, grade=Grade.REAUTHENTICATION, proof=proof_of(person, at), side="supplier",
        capacity={"en": "Head of Laundry"},
    )  # fmt: skip


def standings(world: World) -> list[SignatureStanding]:
    return signatures_of(viewer=world.actor(world.lin_mei), kind="party", public_id=world.laundry.public_id)


def test_definition_of_the_digest() -> None:
    """Computed by hand from the definition in the module's docstring."""
    text = '{"content":{"days":["2026-03-02"],"of":"1.50"},"kind":"party","public_id":"b7kd"}'
    from datetime import date
    from decimal import Decimal

    content = {"of": Decimal("1.50"), "days": [date(2026, 3, 2)]}
    assert digest_of("party", "b7kd", content) == sha256(text.encode()).hexdigest()
    assert short("0123456789abcdef" * 4) == "0123 4567 89ab cdef"


def test_a_field_that_says_nothing_of_what_was_signed_before_voids_no_signature() -> None:
    before = {"clauses": [{"target": "24", "lower": 0}, {}], "days": 30}
    after = {
        "clauses": [{"target": "24", "lower": 0, "upper": None, "trial": False, "note": ""}, {"origin": {"of": []}}],
        "days": 30, "reason": {},
    }  # fmt: skip
    assert digest_of("party", "x", after) == digest_of("party", "x", before)
    assert digest_of("party", "x", {**after, "reason": {"en": "dearer"}}) != digest_of("party", "x", before)
    assert digest_of("party", "x", {"lower": 0}) != digest_of("party", "x", {})


def test_who_when_what_and_which_version_are_bound(world: World) -> None:
    edit_person(by=SYSTEM, at=NOON, person=world.zhao_lei, time_zone="Asia/Shanghai")
    world.zhao_lei.refresh_from_db()
    given = signed(world, world.zhao_lei)
    assert given.printed_name == {"en": "Zhao Lei", "zh-hans": "赵磊"}
    assert (given.person, given.meaning, given.grade) == (world.zhao_lei, "approval", "reauthentication")
    assert (given.signed_at, given.zone, given.utc_offset) == (NOON, "Asia/Shanghai", 480)
    assert given.local_time.isoformat() == "2026-06-01T20:00:00+08:00"
    entry = AuditEntry.objects.get(seq=given.changed_seq)
    said = json.loads(entry.body)
    assert (entry.action, entry.object_id, said["by"]) == ("signature.given", given.public_id, world.zhao_lei.public_id)
    assert said["changed"]["digest"] == [None, given.digest]
    assert "Zhao" not in entry.body
    assert given.salt not in entry.body
    assert [(one.signature, one.fate) for one in standings(world)] == [(given, Fate.HOLDS)]
    assert verify().holds


def test_a_change_afterwards_voids_it_and_changing_back_restores_it(world: World) -> None:
    given = signed(world, world.zhao_lei)
    laundry = rename_party(by=SYSTEM, at=LATER, party=world.laundry, name={"en": "Linen service"})
    assert [one.fate for one in standings(world)] == [Fate.CHANGED]
    rename_party(by=SYSTEM, at=LATER, party=laundry, name={"en": "Laundry", "zh-hans": "洗衣房"})
    assert [one.fate for one in standings(world)] == [Fate.HOLDS]
    assert Signature.objects.get().digest == given.digest


def test_b088_a_version_that_changed_under_the_signer_is_not_signed(world: World) -> None:
    actor = world.actor(world.zhao_lei)
    shown = to_sign(viewer=actor, kind="party", public_id=world.laundry.public_id)
    rename_party(by=SYSTEM, at=NOON, party=world.laundry, name={"en": "Linen service"})
    with pytest.raises(VersionChanged) as refused:
        sign(
            by=actor, at=NOON, kind="party", public_id=world.laundry.public_id, expected_digest=shown.digest,
            meaning=Meaning.APPROVAL, grade=Grade.TAP,
        )  # fmt: skip
    now = to_sign(viewer=actor, kind="party", public_id=world.laundry.public_id)
    assert refused.value.status == 409
    assert short(shown.digest) in str(refused.value)
    assert short(now.digest) in str(refused.value)
    assert not Signature.objects.exists()


@pytest.mark.both
@pytest.mark.parametrize("field", ["digest", "meaning", "printed_name", "signed_at", "person_id", "means"])
def test_a_signature_rewritten_behind_our_back_is_told(world: World, field: str) -> None:
    given = signed(world, world.zhao_lei)
    forged = {
        "digest": "0" * 64, "meaning": "author", "printed_name": '{"en": "Ma Chao"}', "signed_at": LATER,
        "person_id": world.ma_chao.pk, "means": "[]",
    }  # fmt: skip
    triggers.drop(connection)
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE core_signature SET {field} = %s", [forged[field]])
    assert [one.fate for one in standings(world)] == [Fate.FORGED]
    assert given.public_id


@pytest.mark.both
def test_a_signature_moved_to_another_record_or_copied_is_told(world: World) -> None:
    """21 CFR 11.70: it cannot be cut out, copied or moved."""
    given = signed(world, world.zhao_lei)
    copy = Signature.objects.get()
    copy.pk, copy.public_id = None, "bbbbbbbbbbbbbbbb"
    copy.save(force_insert=True)
    triggers.drop(connection)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE core_signature SET object_id = %s WHERE public_id = %s", [world.ward.public_id, given.public_id]
        )
    assert [one.fate for one in standings(world)] == [Fate.FORGED]
    moved = signatures_of(viewer=world.actor(world.lin_mei), kind="party", public_id=world.ward.public_id)
    assert [one.fate for one in moved] == [Fate.FORGED]


@pytest.mark.both
@pytest.mark.parametrize("statement", ["UPDATE core_signature SET meaning = 'author'", "DELETE FROM core_signature"])
def test_the_database_refuses_changes_of_signatures(world: World, statement: str) -> None:
    signed(world, world.zhao_lei)
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.sqlite
def test_replacing_a_signature_is_refused_too(world: World) -> None:
    signed(world, world.zhao_lei)
    statement = "INSERT OR REPLACE INTO core_signature SELECT * FROM core_signature"
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_nobody_signs_for_another(world: World) -> None:
    """Neither with another's proof, nor with an old one, nor as a program, nor as the system."""
    actor = world.actor(world.zhao_lei)
    shown = to_sign(viewer=actor, kind="party", public_id=world.laundry.public_id)
    person = world.zhao_lei
    for by, proof in (
        (actor, None),
        (actor, proof_of(world.ma_chao)),
        (actor, proof_of(person, NOON - timedelta(seconds=1))),
        (actor, Proof(person.public_id, (), NOON)),
        (Actor(person, actor.roles, via="token1234"), proof_of(person)),
        (SYSTEM, proof_of(person)),
    ):
        with pytest.raises(Forbidden):
            sign(
                by=by, at=NOON, kind="party", public_id=world.laundry.public_id, expected_digest=shown.digest,
                meaning=Meaning.APPROVAL, grade=Grade.REAUTHENTICATION, proof=proof,
            )  # fmt: skip
    with pytest.raises(NotFound):
        signed(world, world.ivy_stone)
    assert not Signature.objects.exists()


def test_somebody_outside_gives_his_name(world: World) -> None:
    digest = to_sign(viewer=SYSTEM, kind="party", public_id=world.laundry.public_id).digest

    def by_link(name: str) -> Signature:
        return sign(
            by=Actor(None, request="r1"), at=NOON, kind="party", public_id=world.laundry.public_id,
            expected_digest=digest, meaning=Meaning.ACCEPTANCE, grade=Grade.TASK_LINK, name=name,
        )  # fmt: skip

    given = by_link("  Ana\u202e   Silva ")
    assert (given.printed_name, given.person) == ({"en": "Ana Silva"}, None)
    assert "Silva" not in AuditEntry.objects.get(seq=given.changed_seq).body
    for wrong in ("", " \u200b ", "x" * 121):
        with pytest.raises(Refused):
            by_link(wrong)


def test_part_11_10_c_of_somebody_forgotten_the_printed_name_stays_and_the_signature_holds(world: World) -> None:
    given = signed(world, world.zhao_lei)
    admin = world.actor(world.sun_yan)
    told = signed_name(viewer=admin, person=world.zhao_lei)
    assert told.count == 1
    assert told.kept_until == datetime(2036, 6, 1, 12, 0, tzinfo=UTC)
    page = world.client(world.sun_yan).get(f"/people/{world.zhao_lei.public_id}/forget/").content.decode()
    assert "The name printed in 1 signature, kept as proof until 1 Jun 2036." in page
    forget_person(by=admin, at=LATER, person=world.zhao_lei, reason="left")
    (stands,) = standings(world)
    assert (stands.fate, str(stands.signature)) == (Fate.HOLDS, "Zhao Lei")
    assert stands.signature.public_id == given.public_id
    assert verify().holds


def test_who_does_not_see_the_record_sees_no_signature(world: World) -> None:
    given = signed(world, world.zhao_lei)
    for viewer in (world.actor(world.ivy_stone), Actor(None)):
        with pytest.raises(NotFound):
            signatures_of(viewer=viewer, kind="party", public_id=world.laundry.public_id)
        with pytest.raises(NotFound):
            signature(viewer=viewer, public_id=given.public_id)
    policy = registries.policies.get("signature")
    assert policy.may_see(world.actor(world.lin_mei), given.public_id)
    assert policy.address(given.public_id) == f"/parties/{world.laundry.public_id}/"


@pytest.mark.sqlite
def test_signatures_of_many_records_cost_as_many_queries_as_of_one(
    world: World, django_assert_num_queries: object
) -> None:
    mei = world.actor(world.lin_mei)
    parties = [world.laundry, world.ward, world.pharmacy, world.stores]
    for party in parties:
        digest = to_sign(viewer=mei, kind="party", public_id=party.public_id).digest
        sign(
            by=mei, at=NOON, kind="party", public_id=party.public_id, expected_digest=digest, meaning=Meaning.REVIEW,
            grade=Grade.TAP,
        )  # fmt: skip
    with django_assert_num_queries(3):  # type: ignore[operator]
        found = signatures_of_several(viewer=mei, kind="party", public_ids=[party.public_id for party in parties])
    assert [len(found[party.public_id]) for party in parties] == [1, 1, 1, 1]


def test_a_signature_that_is_rolled_back_leaves_nothing(world: World) -> None:
    with suppress(ZeroDivisionError), change(by=SYSTEM, at=NOON):
        signed(world, world.zhao_lei)
        _ = 1 // 0
    assert not Signature.objects.exists()
    assert not AuditEntry.objects.filter(action="signature.given").exists()
