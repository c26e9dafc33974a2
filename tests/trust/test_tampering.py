"""Whoever changes the audit trail behind the product's back is found, at the first entry that does not hold."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.db import connection, transaction

from baton.core.actors import Actor
from baton.core.audit import heads, triggers
from baton.core.audit.chain import entry_hash
from baton.core.audit.trail import change
from baton.core.audit.verify import verify
from baton.core.models import AuditEntry

if TYPE_CHECKING:
    from django.core.mail import EmailMessage
    from django.test import Client
    from pytest_django.fixtures import SettingsWrapper

AT = datetime(2026, 3, 2, 8, 30, tzinfo=UTC)
BY = Actor.system("test")
ENTRIES = 120
EDITS = 1000


def fill(count: int) -> None:
    """Entries as the product writes them."""
    for number in range(count):
        with change(by=BY, at=AT + timedelta(seconds=number), reason="tägliche 交接") as trail:
            trail.note(
                "link.changed", kind="link", object_id=f"b7kd2m9x{number:04d}", output={"zh-hans": f"{number} 件"}
            )


def execute(statement: str, *values: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, list(values))


@pytest.fixture
def trail_without_triggers(db: None) -> None:
    fill(ENTRIES)
    assert verify().holds
    triggers.drop(connection)


def other_letter(text: str, chance: random.Random) -> str:
    place = chance.randrange(len(text))
    letter = chance.choice([letter for letter in '0aZ交{" ' if letter != text[place]])
    return text[:place] + letter + text[place + 1 :]


# Each edits the entry ``seq`` (not the last) and returns the number at which it must be found.
Edit = Callable[[int, random.Random], int]


def edit_text(column: str) -> Edit:
    def edit(seq: int, chance: random.Random) -> int:
        found = str(AuditEntry.objects.values_list(column, flat=True).get(seq=seq))
        execute(f"UPDATE core_auditentry SET {column} = %s WHERE seq = %s", other_letter(found, chance), seq)
        return seq

    return edit


def edit_time(seq: int, chance: random.Random) -> int:
    AuditEntry.objects.filter(seq=seq).update(at=AT - timedelta(microseconds=chance.randint(1, 10**9)))
    return seq


def remove(seq: int, chance: random.Random) -> int:
    execute("DELETE FROM core_auditentry WHERE seq = %s", seq)
    return seq


def renumber(seq: int, chance: random.Random) -> int:
    execute("UPDATE core_auditentry SET seq = %s WHERE seq = %s", ENTRIES + chance.randint(1, 99), seq)
    return seq


def swap(seq: int, chance: random.Random) -> int:
    """Two entries change places."""
    other = chance.choice([number for number in range(1, ENTRIES + 1) if number != seq])
    for old, new in ((seq, -1), (other, seq), (-1, other)):
        execute("UPDATE core_auditentry SET seq = %s WHERE seq = %s", new, old)
    return min(seq, other)


def rewrite_one(seq: int, chance: random.Random) -> int:
    """A new text with a hash that fits: the entry after it gives it away."""
    entry = AuditEntry.objects.get(seq=seq)
    body = entry.body.replace("link.changed", "link.changec")
    execute(
        "UPDATE core_auditentry SET body = %s, action = %s, hash = %s WHERE seq = %s",
        body, "link.changec", entry_hash(entry.prev, seq, body), seq,
    )  # fmt: skip
    return seq + 1


EDITS_OF_ONE: list[Edit] = [
    *(edit_text(column) for column in ("kind", "object_id", "action", "actor", "body", "prev", "hash")),
    edit_text("body"),
    edit_time,
    remove,
    renumber,
    swap,
    rewrite_one,
]


@pytest.mark.slow
def test_a_thousand_random_edits_are_all_found(trail_without_triggers: None) -> None:
    chance = random.Random(20261121)
    missed = []
    for _ in range(EDITS):
        edit, seq = chance.choice(EDITS_OF_ONE), chance.randint(1, ENTRIES - 1)
        savepoint = transaction.savepoint()
        expected = edit(seq, chance)
        found = verify()
        if found.first_bad_seq != expected or not found.problem:
            missed.append((edit, seq, expected, found.first_bad_seq))
        transaction.savepoint_rollback(savepoint)
    assert missed == []
    assert verify().first_bad_seq is None


def test_missing_triggers_are_named(trail_without_triggers: None) -> None:
    found = verify()
    assert (found.first_bad_seq, found.triggers_ok, found.holds) == (None, False, False)
    assert "core_audit_no_delete" in found.sentence()
    triggers.create(connection)
    assert verify().holds


def test_a_trigger_that_does_nothing_is_no_trigger(trail_without_triggers: None) -> None:
    triggers.create(connection)
    if connection.vendor == "sqlite":
        execute("DROP TRIGGER core_audit_no_update")
        execute("CREATE TRIGGER core_audit_no_update BEFORE UPDATE ON core_auditentry BEGIN SELECT 1; END")
    else:
        execute("ALTER TABLE core_auditentry DISABLE TRIGGER core_audit_no_update")
    assert verify().missing_triggers == ("core_audit_no_update",)


@pytest.mark.sqlite
def test_bytes_that_are_no_text_are_found(trail_without_triggers: None) -> None:
    execute("UPDATE core_auditentry SET body = CAST(x'ff7b' AS TEXT) WHERE seq = 57")
    assert verify().first_bad_seq == 57


def cut_tail(keep: int) -> None:
    execute("DELETE FROM core_auditentry WHERE seq > %s", keep)


def rewrite_history(first: int) -> None:
    """Change an entry and compute everything after it anew: a chain that holds in itself."""
    prev = AuditEntry.objects.get(seq=first).prev
    for entry in AuditEntry.objects.filter(seq__gte=first).order_by("seq"):
        body = entry.body.replace(" 件", " 个") if entry.seq == first else entry.body
        digest = entry_hash(prev, entry.seq, body)
        execute(
            "UPDATE core_auditentry SET body = %s, prev = %s, hash = %s WHERE seq = %s", body, prev, digest, entry.seq
        )
        prev = digest


def test_a_cut_tail_and_a_rewritten_history_show_against_a_signed_head(
    trail_without_triggers: None, data_folder: Path, tmp_path: Path
) -> None:
    exported = tmp_path / "exported.jsonl"
    assert heads.sign_head(by=BY, at=AT) is not None
    exported.write_bytes(heads.heads_file().read_bytes())
    heads.heads_file().unlink()

    savepoint = transaction.savepoint()
    cut_tail(ENTRIES - 7)
    assert verify().first_bad_seq is None  # the bare chain cannot show it
    found = verify(heads=exported)
    assert (found.first_bad_seq, found.heads) == (ENTRIES - 6, 1)
    assert "cut off" in found.problem
    transaction.savepoint_rollback(savepoint)

    savepoint = transaction.savepoint()
    rewrite_history(40)
    assert verify().first_bad_seq is None
    found = verify(heads=exported)
    assert found.first_bad_seq == ENTRIES
    assert "rewritten" in found.problem
    transaction.savepoint_rollback(savepoint)

    fill(3)
    assert verify(heads=exported).first_bad_seq is None


def test_a_monitor_hears_of_missing_triggers(trail_without_triggers: None, client: Client) -> None:
    answer = client.get("/health")
    assert (answer.status_code, "core_audit_no_update" in answer.content.decode()) == (503, True)
    triggers.create(connection)
    assert client.get("/health").status_code == 200


@pytest.mark.django_db
def test_heads_are_signed_once_a_state_and_kept(data_folder: Path) -> None:
    assert heads.sign_head(by=BY, at=AT) is None  # nothing to sign
    fill(2)
    first = heads.sign_head(by=BY, at=AT)
    assert first is not None
    assert heads.sign_head(by=BY, at=AT) is None
    fill(1)
    second = heads.sign_head(by=BY, at=AT + timedelta(days=1))
    assert heads.read_heads(heads.heads_file()) == [first, second]
    assert heads.key_file().stat().st_mode & 0o077 == 0
    assert verify().heads == 2


@pytest.mark.django_db
def test_heads_leave_the_machine_by_mail(
    data_folder: Path, tmp_path: Path, settings: SettingsWrapper, mailoutbox: list[EmailMessage]
) -> None:
    fill(2)
    settings.SENDS_MAIL, settings.AUDIT_HEADS_TO = True, ["trail@audit.example"]
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    with pytest.raises(OSError, match="refused"):
        heads.sign_head(by=BY, at=AT)
    assert not heads.heads_file().exists()  # signed and sent again when the job is repeated
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    heads.sign_head(by=BY, at=AT)
    assert mailoutbox[0].to == ["trail@audit.example"]
    received = tmp_path / "received.jsonl"
    received.write_text(str(mailoutbox[0].body))
    assert verify(heads=received).heads == 2


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("old", "new"),
    [('"seq":2', '"seq":1'), ('"signature":"', '"signature":"00'), ("{", "["), ('"hash":"', '"hash":"0')],
)
def test_a_forged_head_is_refused(data_folder: Path, old: str, new: str) -> None:
    fill(2)
    heads.sign_head(by=BY, at=AT)
    text = heads.heads_file().read_text()
    heads.heads_file().write_text(text.replace(old, new))
    with pytest.raises(heads.HeadsUnreadable, match="Line 1"):
        verify()


@pytest.mark.django_db
def test_heads_of_another_installation_are_refused(data_folder: Path, tmp_path: Path) -> None:
    fill(2)
    heads.sign_head(by=BY, at=AT)
    others = tmp_path / "others.jsonl"
    others.write_bytes(heads.heads_file().read_bytes())
    heads.heads_file().unlink()
    heads.key_file().unlink()
    heads.sign_head(by=BY, at=AT)
    with pytest.raises(heads.HeadsUnreadable):
        verify(heads=others)


@pytest.mark.django_db
def test_an_empty_trail_holds() -> None:
    found = verify()
    assert (found.entries, found.holds, found.head_hash) == (0, True, "0" * 64)


@pytest.mark.django_db
def test_progress_goes_up_to_one() -> None:
    fill(3)
    shares: list[float] = []
    verify(progress=shares.append)
    assert shares[-1] == 1.0
    assert shares == sorted(shares)
