"""Unusual words are written to a confidant; they stand nowhere: not in files, free pages and logs of the databases,
sessions, tasks, messages, the audit trail, backups, the program's log; neither while the talk goes on nor after it."""

from __future__ import annotations

import json
import logging
import secrets
from datetime import UTC, datetime
from pathlib import Path

import pytest

from baton.core.backup import backup
from baton.core.changes import forget_person
from baton.core.models import AuditEntry
from baton.feedback import changes
from baton.feedback.changes.keys import folder
from baton.feedback.changes.talk_keys import index_key, talk_key
from baton.feedback.models import SealedTalk, TalkTally
from baton.feedback.rules.sealing import CannotOpen
from baton.feedback.rules.talks import TalkSide, mark_of, opened_talk
from tests import world as hospital
from tests.databases import Databases
from tests.rooms.feedback.test_confidants import confidant
from tests.trust.survey_dump import files, rows_of, words_in
from tests.world import SYSTEM, World


@pytest.fixture(autouse=True)
def _keys(tmp_path: Path, settings: object) -> None:
    settings.SURVEY_KEYS = str(tmp_path / "keys")  # type: ignore[attr-defined]


def talked(world: World, said: list[str]) -> str:
    """A talk of Chen Jie and Xu Jing over the pages; returns its address."""
    listed = confidant(world)
    asker, other = world.client(world.chen_jie), world.client(world.xu_jing)
    key = secrets.token_hex(16)
    sent = {"confidant": listed.public_id, "words": said[0], "key": key}
    address = asker.post("/confidants/write/", sent)["Location"]
    for number, words in enumerate(said[1:]):
        assert (asker if number % 2 else other).post(address, {"words": words}).status_code == 302
    assert said[-1] in asker.get(address).content.decode()
    return address


def test_words_stand_nowhere_while_they_talk_and_afterwards(
    committed_db: Databases, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    world = hospital.build()
    said = [f"canary-{secrets.token_hex(12)}" for _turn in range(6)]
    address = talked(world, said)
    while_open = backup(tmp_path / "open.tar")
    assert words_in(committed_db, said, more=[while_open]) == set()
    key = address.strip("/").rpartition("/")[2]
    own = talk_key(key)
    index = index_key()
    assert own is not None
    assert index is not None
    secret = [own.hex(), index.hex()]
    assert words_in(committed_db, secret, more=[while_open]) == set()
    assert not [name for name, held in files(committed_db).items() if own in held or index in held]
    changes.tend_talks(by=SYSTEM, at=datetime.now(UTC))
    assert words_in(committed_db, said) == set()
    assert world.client(world.xu_jing).post(f"{address}delete/", {"sure": "on"}).status_code == 302
    assert words_in(committed_db, said, more=[while_open]) == set()
    assert not SealedTalk.objects.exists()
    assert not [one for one in [*said, key] if one in caplog.text]


def test_the_control_is_found(committed_db: Databases) -> None:
    """The same search finds words that are not sealed, in the row and in the files."""
    world = hospital.build()
    word = f"canary-{secrets.token_hex(12)}"
    changes.agree_to_be_confidant(by=world.actor(world.xu_jing), at=datetime.now(UTC), about={"en": word})
    places = {place for _word, place in words_in(committed_db, [word])}
    assert "feedback_confidant" in places
    assert "core_auditentry" not in places


def test_the_dump_says_neither_who_nor_to_whom(committed_db: Databases, tmp_path: Path) -> None:
    """An attacker with all rows, who is himself a confidant and knows every public id, finds of a talk of others only
    that there is one: no mark fits anybody without the key, and no two talks have one in common."""
    world = hospital.build()
    address = talked(world, ["one", "two"])
    rows = rows_of("feedback_sealedtalk")
    assert len(rows) == 1
    key = address.strip("/").rpartition("/")[2]
    people = [one.public_id for one in (world.chen_jie, world.xu_jing)]
    row = json.dumps({name: str(value) for name, value in rows[0].items() if name != "seal"})
    assert not [one for one in people if one in row]
    assert not [one for one in people if one.encode() in bytes(SealedTalk.objects.get().seal)]
    guessed = secrets.token_bytes(32)
    marks = {mark_of(guessed, key, side, person) for side in TalkSide for person in people}
    assert not marks & {rows[0]["asker_mark"], rows[0]["confidant_mark"]}
    with pytest.raises(CannotOpen):
        opened_talk(bytes(SealedTalk.objects.get().seal), guessed)


def test_the_trail_says_nothing_of_talks(committed_db: Databases) -> None:
    """No entry between the agreement of the confidant and the end; the tally has a year and a number."""
    world = hospital.build()
    confidant(world)
    before = AuditEntry.objects.count()
    address = talked(world, ["one", "two", "three"])
    asker = world.client(world.chen_jie)
    assert asker.post(f"{address}end/").status_code == 302
    assert asker.post(f"{address}delete/", {"sure": "on"}).status_code == 302
    assert [one.action for one in AuditEntry.objects.order_by("seq")[before:]] == []
    assert [(one.year, one.count) for one in TalkTally.objects.all()] == [(datetime.now(UTC).year, 1)]


def test_a_restored_backup_opens_no_talk(committed_db: Databases, tmp_path: Path) -> None:
    """What a backup holds of a talk that was deleted since cannot be opened with what is in the folder of keys."""
    world = hospital.build()
    address = talked(world, ["one", "two"])
    kept = SealedTalk.objects.get()
    assert world.client(world.chen_jie).post(f"{address}delete/", {"sure": "on"}).status_code == 302
    SealedTalk(key=kept.key, asker_mark=kept.asker_mark, confidant_mark=kept.confidant_mark, seal=kept.seal).save()
    assert world.client(world.chen_jie).get(address).status_code == 404
    keys = [file.read_bytes() for file in folder().iterdir()]
    for one in keys:
        with pytest.raises(CannotOpen):
            opened_talk(bytes(kept.seal), one)
    assert changes.drop_unreadable_talks(by=SYSTEM, at=datetime.now(UTC))
    assert not SealedTalk.objects.exists()


def test_who_is_forgotten_takes_talks_and_their_keys_with_him(committed_db: Databases) -> None:
    world = hospital.build()
    talked(world, ["one", "two"])
    by = world.actor(world.sun_yan)
    forget_person(by=by, at=datetime.now(UTC), person=world.chen_jie, reason="Has left")
    assert not SealedTalk.objects.exists()
    assert [file.name for file in folder().iterdir()] == ["talks-index.key"]
