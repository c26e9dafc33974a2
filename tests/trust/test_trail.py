"""The audit trail as it is written: with the record or not at all, gap-free, secrets and persons kept apart."""

from __future__ import annotations

import json
import threading
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connection, connections, transaction

from baton.core.actors import Actor
from baton.core.audit import feed, vault
from baton.core.audit.chain import GENESIS, canonical, entry_hash
from baton.core.audit.trail import change, head
from baton.core.audit.values import plain
from baton.core.audit.verify import verify
from baton.core.changes import add_person, give_role
from baton.core.errors import NotFound, Stale
from baton.core.models import AuditEntry, Notification, OrganisationRole, Person, PersonalValue
from baton.core.rules import Role

AT = datetime(2026, 3, 2, 8, 30, tzinfo=UTC)
BY = Actor.system("test")


def person(name: str = "wang", **more: Any) -> Person:
    return add_person(by=BY, at=AT, sign_in_name=name, name={"en": name.title()}, **more)


def body(seq: int) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(AuditEntry.objects.get(seq=seq).body)
    return found


def test_definition_of_the_hash() -> None:
    """Computed by hand from the definition in docs/methods: lengths and number as eight bytes, big-endian."""
    import hashlib

    text = '{"a":"交接"}'
    octets = (64).to_bytes(8, "big") + GENESIS.encode() + (8).to_bytes(8, "big") + (7).to_bytes(8, "big")
    octets += len(text.encode()).to_bytes(8, "big") + text.encode()
    assert entry_hash(GENESIS, 7, text) == hashlib.sha256(octets).hexdigest()
    assert canonical({"b": 1.5, "a": "交接"}) == '{"a":"交接","b":1.5}'
    with pytest.raises(ValueError, match="64 characters"):
        entry_hash("short", 1, text)
    with pytest.raises(ValueError, match="not JSON compliant"):
        canonical({"a": float("nan")})


def test_values_in_the_trail() -> None:
    zone_at = datetime.fromisoformat("2026-03-02T16:30:00+08:00")
    given = {
        "at": zone_at,
        "day": date(2026, 3, 2),
        "price": Decimal("1.10"),
        "wait": timedelta(minutes=2),
        "ids": {2, 1},
    }
    assert plain({"deep": [given]}) == {
        "deep": [
            {"at": "2026-03-02T08:30:00+00:00", "day": "2026-03-02", "price": "1.10", "wait": 120.0, "ids": [1, 2]}
        ]
    }


@pytest.mark.django_db
def test_record_and_entry_stand_together() -> None:
    made = person()
    assert (made.changed_seq, made.recorded_at) == (head(), AT)
    said = body(made.changed_seq)
    assert (said["by"], said["action"], said["object"]) == ("system:test", "person.added", made.public_id)
    assert said["changed"]["language"] == [None, "en"]

    before = head()
    twin = Person(sign_in_name=made.sign_in_name, name={"en": "Twin"})
    with pytest.raises(IntegrityError), change(by=BY, at=AT) as trail:
        trail.save(twin, "person.added")
    assert (head(), Person.objects.count()) == (before, 1)


@pytest.mark.django_db
def test_only_what_changed_is_written() -> None:
    made = person()
    Person.objects.filter(pk=made.pk).update(language="zh-hans")  # as if written by something else meanwhile
    with change(by=BY, at=AT) as trail:
        fresh = trail.lock(Person, made)
        Person.objects.filter(pk=made.pk).update(language="en")
        fresh.time_zone = "Asia/Shanghai"
        trail.save(fresh, "person.edited")
    made.refresh_from_db()
    assert (made.time_zone, made.language) == ("Asia/Shanghai", "en")
    assert body(head())["changed"] == {"time_zone": ["UTC", "Asia/Shanghai"]}


@pytest.mark.django_db
def test_a_save_that_changes_nothing_writes_nothing() -> None:
    made, before = person(), head()
    with change(by=BY, at=AT) as trail:
        trail.save(trail.lock(Person, made), "person.edited")
    assert head() == before


@pytest.mark.django_db
def test_a_record_must_be_taken_first_and_a_change_ends() -> None:
    made = person()
    with change(by=BY, at=AT) as trail:
        with pytest.raises(RuntimeError, match="not taken"):
            trail.save(made, "person.edited")
        with pytest.raises(NotFound):
            trail.lock(Person, Person(pk=987654))
    with pytest.raises(RuntimeError, match="ended"):
        trail.note("anything", kind="person", object_id="x")


@pytest.mark.django_db
def test_stale_edit_shows_theirs_without_secrets() -> None:
    made = person(password="a long enough password")
    with pytest.raises(Stale) as refused, change(by=BY, at=AT) as trail:
        trail.lock(Person, made, expected_seq=made.changed_seq - 1)
    assert refused.value.theirs["sign_in_name"] == "wang"
    assert "password" not in refused.value.theirs


@pytest.mark.django_db
def test_savepoint_that_fails_takes_its_entries_along() -> None:
    made = person()
    before = head()
    with change(by=BY, at=AT) as outer:
        fresh = outer.lock(Person, made)
        with suppress(KeyError), change(by=BY, at=AT) as inner:
            inner.note("inner", kind="person", object_id=made.public_id)
            raise KeyError
        with suppress(KeyError), transaction.atomic():
            fresh.language = "zh-hans"
            outer.save(fresh, "person.edited")
            raise KeyError
        with pytest.raises(RuntimeError, match="rolled back"):
            outer.save(fresh, "person.edited")
        fresh = outer.lock(Person, made)
        fresh.language = "zh-hans"
        outer.save(fresh, "person.edited")
    made.refresh_from_db()
    assert (head(), made.language, made.changed_seq) == (before + 1, "zh-hans", before + 1)
    assert verify().holds


@pytest.mark.django_db
def test_links_to_records_stand_by_public_id() -> None:
    made = person()
    role = give_role(by=BY, at=AT, person=made, role=Role.AUDITOR)
    assert body(role.changed_seq)["changed"]["person"] == [None, made.public_id]


@pytest.mark.django_db
def test_secrets_and_personal_values_are_not_in_the_trail() -> None:
    made = person("wang fang", email="wang.fang@example.org", phone="+8613812341234", password="a long enough password")
    said = AuditEntry.objects.get(seq=made.changed_seq).body.casefold()
    for value in ("wang", "example.org", "13812341234", made.password.casefold()):
        assert value not in said
    opened = vault.opened([made.changed_seq])[made.changed_seq]
    assert opened["phone"] == (None, "+8613812341234")
    assert opened["name"] == (None, {"en": "Wang Fang"})


@pytest.mark.django_db
def test_digest_of_a_personal_value_needs_the_key() -> None:
    """Also for values that are lists or texts by language, and equal values in two entries do not look equal."""
    one = vault.keep(1, "somebody", {"names": (None, ["Wang", "Fang"]), "name": (None, {"en": "Wang"})})
    two = vault.keep(2, "somebody", {"names": (None, ["Wang", "Fang"])})
    other = vault.keep(3, "another", {"names": (None, ["Wang", "Fang"])})
    assert len({one["names"], two["names"], other["names"], one["name"]}) == 4
    assert vault.opened([1, 2])[1]["names"] == (None, ["Wang", "Fang"])


@pytest.mark.django_db
def test_a_destroyed_key_is_never_replaced() -> None:
    vault.keep(1, "somebody", {"name": (None, "Wang")})
    assert vault.destroy("somebody") is True
    assert vault.destroy("somebody") is False
    assert not PersonalValue.objects.exists()
    assert len(vault.keep(2, "somebody", {"name": (None, "Wang")})["name"]) == 64
    assert vault.opened([1, 2]) == {}


@pytest.mark.django_db
def test_sealed_value_does_not_open_elsewhere() -> None:
    """A sealed value copied to another entry, or changed, is treated as unreadable."""
    vault.keep(1, "somebody", {"name": (None, "Wang"), "email": (None, "w@example.org")})
    PersonalValue.objects.filter(field="name").update(seq=2)
    assert vault.opened([2]) == {}
    PersonalValue.objects.filter(field="email").update(sealed=b"\0" * 40)
    assert vault.opened([1]) == {}


@pytest.mark.django_db
def test_one_entry_for_a_batch() -> None:
    made = person()
    rows = [
        Notification(person=made, topic="t", address=f"/{number}", values={"number": number}) for number in range(3)
    ]
    with change(by=BY, at=AT) as trail:
        seq = trail.bulk("notification", "notifications.sent", rows=rows, digest="ab" * 32, row_range=(1, 3))
    said = body(seq)
    assert said["detail"]["rows"] == 3
    assert said["detail"]["row_range"] == [1, 3]
    assert len(said["detail"]["rows_digest"]) == 64
    assert list(Notification.objects.values_list("changed_seq", "recorded_at").distinct()) == [(seq, AT)]


@pytest.mark.django_db
@pytest.mark.parametrize("statement", ["UPDATE core_auditentry SET actor = 'x'", "DELETE FROM core_auditentry"])
def test_the_database_refuses_changes_of_the_trail(statement: str) -> None:
    person()
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.sqlite
@pytest.mark.django_db
def test_replacing_an_entry_is_refused_too() -> None:
    person()
    statement = "INSERT OR REPLACE INTO core_auditentry SELECT * FROM core_auditentry"
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.postgres
@pytest.mark.django_db
def test_truncating_the_trail_is_refused_too() -> None:
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("TRUNCATE core_auditentry")


@pytest.mark.django_db
def test_feed_is_read_in_order_and_remembered() -> None:
    made = [person(f"p{number}") for number in range(5)]
    first = feed.read("reader", limit=2)
    assert [entry.seq for entry in first] == [made[0].changed_seq, made[1].changed_seq]
    assert feed.read("reader", limit=2)[0].seq == first[0].seq  # not handled yet: seen again
    feed.advance("reader", first[-1].seq)
    feed.advance("reader", first[0].seq)
    assert feed.position("reader") == first[-1].seq
    assert [entry.object_id for entry in feed.read("reader")] == [p.public_id for p in made[2:]]
    feed.rewind("reader")
    assert feed.read("reader", limit=1)[0].seq == 1


def test_writers_side_by_side(committed_db: object) -> None:
    """Eight threads write at the same time, each entry read by a follower exactly in its order."""

    def write(worker: int) -> None:
        for number in range(15):
            person(f"w{worker}n{number}")
        connections.close_all()

    threads = [threading.Thread(target=write, args=(worker,)) for worker in range(8)]
    for thread in threads:
        thread.start()
    seen: list[int] = []
    while any(thread.is_alive() for thread in threads) or feed.position("f") < head():
        entries = feed.read("f", limit=7)
        seen += [entry.seq for entry in entries]
        if entries:
            feed.advance("f", entries[-1].seq)
    for thread in threads:
        thread.join()
    assert Person.objects.count() == 8 * 15
    assert seen == list(range(1, 8 * 15 + 1))
    assert verify().holds
    assert not OrganisationRole.objects.exists()
