"""Forgetting a person: nothing in the database says who he was, and the trail still holds."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner
from django.db import connection

from baton.chain.changes import accept_event_log, add_party, bring_event_log, choose_columns, match_name
from baton.chain.models import LogParty
from baton.chain.rules import PartyKind
from baton.config.cli import main
from baton.core.actors import Actor
from baton.core.audit import vault
from baton.core.audit.trail import head
from baton.core.audit.verify import verify
from baton.core.changes import add_person, edit_person, forget_person, give_role, notify, open_personal_values
from baton.core.errors import Forbidden, NotFound, Refused
from baton.core.models import AuditEntry, OrganisationRole, Person
from baton.core.queries import audit_entries, roles_of
from baton.core.registries import Topic, topics
from baton.core.retention import retention_report
from baton.core.rules import Role
from baton.core.worker import Worker
from baton_analysis.facts.events import EventMapping

if TYPE_CHECKING:
    from tests.databases import Databases
    from tests.world import World

AT = datetime(2026, 3, 2, 8, 30, tzinfo=UTC)
SYSTEM = Actor.system("test")

# Strings found nowhere else.
CANARIES = ("qx7canary", "Qx7Vorname", "13899990042", "qx7@canary.example", "秦希七")


def canary() -> Person:
    return add_person(
        by=SYSTEM, at=AT, sign_in_name="qx7canary", name={"en": "Qx7Vorname", "zh-hans": "秦希七"},
        email="qx7@canary.example", phone="13899990042", password="a long enough password",
    )  # fmt: skip


def as_administrator(name: str = "boss") -> Actor:
    boss = add_person(by=SYSTEM, at=AT, sign_in_name=name, name={"en": name})
    give_role(by=SYSTEM, at=AT, person=boss, role=Role.ADMINISTRATOR)
    return Actor(boss, roles_of(boss, AT), "test")


@pytest.mark.django_db
def test_row_trail_and_keys() -> None:
    by, person = as_administrator(), canary()
    give_role(by=by, at=AT, person=person, role=Role.AUDITOR)
    forgotten = forget_person(by=by, at=AT, person=person, reason="left, asked for it")
    forgotten.refresh_from_db()
    assert forgotten.sign_in_name == f"forgotten-{person.public_id}"
    assert (forgotten.email, forgotten.phone, forgotten.last_login) == (None, None, None)
    assert (forgotten.is_active, forgotten.has_usable_password()) == (False, False)
    assert str(forgotten).startswith("Forgotten person")
    assert not OrganisationRole.objects.filter(person=forgotten, ended_at__isnull=True).exists()
    assert by.person is not None
    assert vault.opened(range(1, head() + 1)).keys() == {by.person.changed_seq}
    found = AuditEntry.objects.get(seq=forgotten.changed_seq)
    assert (found.action, found.actor) == ("person.forgotten", by.id)
    assert verify().holds


def test_no_canary_is_left_in_the_files(committed_db: Databases) -> None:
    """SQLite: in the raw bytes of the file and its log; PostgreSQL: in the text of every table."""
    canary_person = canary()
    everything = everything_stored(committed_db)
    assert [word for word in CANARIES if word.encode() in everything] != []
    forget_person(by=SYSTEM, at=AT, person=canary_person, reason="left")
    everything = everything_stored(committed_db)
    assert [word for word in CANARIES if word.encode() in everything] == []
    assert verify().holds


def everything_stored(databases: Databases) -> bytes:
    """Every byte that the database keeps."""
    if connection.vendor == "sqlite":
        connection.close()
        file = Path(databases.names["default"])
        return b"".join(part.read_bytes() for part in file.parent.glob(file.name + "*"))
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        rows = []
        for table in tables:
            cursor.execute(f'SELECT "{table}"::text FROM "{table}"')
            rows += [str(row[0]) for row in cursor.fetchall()]
    return "\n".join(rows).encode()


CASES = "case,who,when\n" + "".join(
    f"c{number},{who},2026-03-{2 + number % 20:02}T{8 + step:02}:00\n"
    for number in range(40)
    for step, who in enumerate(("Qx7Vorname", "Bo Chen", "Qx7Vorname"))
)


@pytest.mark.parametrize("allow_persons", [True, False])
def test_event_logs_that_name_him_go_with_him(committed_db: Databases, data_folder: Path, allow_persons: bool) -> None:
    """With --withdraw-logs: after it and a pass of the worker a name of his stands in no file and no table. The file
    says who he is also where the tables hold pseudonyms."""
    person = canary()
    at = datetime.now(UTC)
    log = bring_event_log(by=SYSTEM, at=at, file_name="who.csv", chunks=[CASES.encode()])
    mapping = EventMapping(case="case", party="who", time="when", party_kind="person", allow_persons=allow_persons)
    choose_columns(by=SYSTEM, at=at, log=log, mapping=mapping, zone="UTC")
    Worker().drain(at)
    team = add_party(by=SYSTEM, at=at, party_kind=PartyKind.TEAM, name={"en": "Stores"})
    other = add_party(by=SYSTEM, at=at, party_kind=PartyKind.TEAM, name={"en": "Ward"})
    names = sorted(LogParty.objects.filter(log=log).values_list("value", flat=True))
    for value, party in zip(names, (team, other), strict=True):
        match_name(by=SYSTEM, at=at, log=log, value=value, party=party)
    log.refresh_from_db()
    accept_event_log(by=SYSTEM, at=at, log=log)
    Worker().drain(at + timedelta(minutes=2))
    assert list((data_folder / "facts").rglob("*.parquet"))
    upload = data_folder / log.path
    assert upload.exists()

    without = CliRunner().invoke(main, ["forget", "qx7canary", "--reason", "left"], input="n\n")
    assert without.exit_code == 1
    assert "“who.csv” may hold names of persons: it stays; with --withdraw-logs" in without.stdout
    assert upload.exists()
    assert Person.objects.get(pk=person.pk).sign_in_name == "qx7canary"

    done = CliRunner().invoke(main, ["forget", "qx7canary", "--reason", "left", "--withdraw-logs", "--yes"])
    assert done.exit_code == 0, done.output
    assert "1 event logs withdrawn" in done.stdout
    Worker().drain(at + timedelta(minutes=4))
    everything = everything_stored(committed_db)
    everything += b"".join(file.read_bytes() for file in data_folder.rglob("*") if file.is_file())
    assert [word for word in CANARIES if word.encode() in everything] == []
    assert verify().holds


@pytest.mark.django_db
def test_nothing_can_be_kept_of_him_again() -> None:
    by, person = as_administrator(), canary()
    forgotten = forget_person(by=by, at=AT, person=person, reason="left")
    edited = edit_person(by=by, at=AT, person=forgotten, name={"en": "Somebody"}, sign_in_name="somebody")
    assert edited.changed_seq > forgotten.changed_seq
    assert edited.changed_seq not in vault.opened([edited.changed_seq])


@pytest.mark.django_db
def test_who_may_and_who_may_be() -> None:
    by, person = as_administrator(), canary()
    assert by.person is not None
    with pytest.raises(Forbidden):
        forget_person(by=by, at=AT, person=by.person, reason="me")
    with pytest.raises(Forbidden):
        forget_person(by=Actor(person, frozenset({Role.HR})), at=AT, person=by.person, reason="revenge")
    with pytest.raises(Refused, match="At least one administrator"):
        forget_person(by=SYSTEM, at=AT, person=by.person, reason="left")
    with pytest.raises(Refused, match="needs a reason"):
        forget_person(by=by, at=AT, person=person, reason="  ")
    assert not AuditEntry.objects.filter(action="person.forgotten").exists()
    other = as_administrator("other boss")
    assert forget_person(by=other, at=AT, person=by.person, reason="left").is_active is False


@pytest.mark.django_db
def test_his_party_in_the_chain_is_renamed(world: World) -> None:
    from baton.chain.changes import add_party, appoint
    from baton.chain.models import Membership, Party
    from baton.chain.rules import Capacity, PartyKind

    person = world.chen_jie
    party = add_party(
        by=SYSTEM, at=AT, party_kind=PartyKind.PERSON, name=dict(person.name), person=person, parent=world.ward,
        code="staff 5520842",
    )  # fmt: skip
    appoint(by=SYSTEM, at=AT, party=world.stores, person=person, capacity=Capacity.MEMBER, note="after an operation")
    forget_person(by=SYSTEM, at=AT, person=person, reason="left")
    bodies = "".join(AuditEntry.objects.values_list("body", flat=True))
    assert [word for word in ("5520842", "operation", "Chen Jie") if word in bodies] == []
    assert not Membership.objects.filter(person=person).exclude(note="").exists()
    party = Party.objects.get(pk=party.pk)
    assert "chen" not in (party.search_text + str(party.name) + str(party.sort_keys)).casefold()
    assert "Forgotten" in party.name["en"]
    assert verify().holds


@pytest.mark.django_db
def test_reading_personal_values_is_noted() -> None:
    by, person = as_administrator(), canary()
    shown = audit_entries(viewer=by, object_id=person.public_id)[0]
    assert shown.changed["phone"] is None
    assert open_personal_values(by=by, at=AT, seq=person.changed_seq)["phone"] == (None, "13899990042")
    noted = audit_entries(viewer=by, limit=1)[0]
    assert (noted.action, noted.object_id) == ("audit.opened", str(person.changed_seq))
    with pytest.raises(Forbidden):
        open_personal_values(by=Actor(person, frozenset({Role.QUALITY_MANAGER})), at=AT, seq=person.changed_seq)
    with pytest.raises(NotFound):
        open_personal_values(by=by, at=AT, seq=noted.seq)


@pytest.mark.django_db
def test_pages_of_the_trail() -> None:
    by = as_administrator()
    people = [add_person(by=SYSTEM, at=AT, sign_in_name=f"p{number}", name={"en": "P"}) for number in range(5)]
    newest = audit_entries(viewer=by, kind="person", limit=2)
    assert [entry.object_id for entry in newest] == [people[4].public_id, people[3].public_id]
    older = audit_entries(viewer=by, kind="person", before_seq=newest[-1].seq, limit=500)
    assert [entry.object_id for entry in older[:3]] == [person.public_id for person in reversed(people[:3])]
    with pytest.raises(Forbidden):
        audit_entries(viewer=Actor(people[0], frozenset({Role.DIRECTOR})))


@pytest.mark.django_db
def test_messages_do_not_reach_the_trail() -> None:
    """A message names people; the trail says only that it was sent."""
    if "test.topic" not in topics:
        topics.add("test.topic", Topic(message="{who}"))
    person = canary()
    sent = notify(by=SYSTEM, at=AT, person=person, topic="test.topic", address="/", values={"who": "Qx7Vorname"})
    assert "Qx7Vorname" not in AuditEntry.objects.get(seq=sent.changed_seq).body


@pytest.mark.django_db
def test_retention_report_says_what_is_due() -> None:
    canary()
    by = as_administrator()
    later = AT.replace(year=2037)
    lines = {line.kind: line for line in retention_report(viewer=by, at=later)}
    assert (lines["person"].years, lines["person"].records, lines["person"].due) == (10, 2, 2)
    assert lines["notification"].years == 1
    assert {line.kind for line in retention_report(viewer=by, at=AT) if line.due} == set()
    with pytest.raises(Forbidden):
        retention_report(viewer=Actor(by.person), at=AT)
