"""The keys of open surveys: what happens when they cannot be reached, are lost, or outlive a crash."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from baton.core.backup import backup
from baton.core.models import AuditEntry
from baton.core.rules import START_REFUSED
from baton.feedback import changes
from baton.feedback.changes import OF_WAVE, SheetFaults
from baton.feedback.changes.keys import KeysUnreachable, folder, kept_keys, keys_of
from baton.feedback.models import AnswerSheet, Ballot, UrnSheet, Wave
from baton.feedback.rules import WaveState, contents_of
from tests import world as hospital
from tests.databases import Databases
from tests.rooms.feedback.asked import asking, cards, cast, closed, document, letters, opened, prepared, written
from tests.world import World


def answered(world: World, sheets: int = 3) -> Wave:
    """An open wave in whose urn some sheets lie."""
    wave = opened(world)
    for token in cards(world, wave, sheets):
        cast(wave, token, on_time=4)
    return wave


@pytest.mark.django_db
@pytest.mark.parametrize("in_the_way", [True, False])
def test_a_folder_that_is_not_there_keeps_the_urn_as_it_is(world: World, in_the_way: bool) -> None:
    """Its disk is not mounted, or something else lies in its place: that is no lost key."""
    wave = answered(world)
    aside = folder().rename(folder().with_name("aside"))
    if in_the_way:
        folder().touch()
    with pytest.raises(KeysUnreachable, match="BATON_SURVEY_KEYS"):
        closed(world, wave)
    with pytest.raises(KeysUnreachable):
        changes.close_due(by=world.actor(world.lin_mei), at=datetime.now(UTC) + timedelta(days=8))
    wave.refresh_from_db()
    assert (wave.state, UrnSheet.objects.count()) == (WaveState.OPEN, 3)
    folder().unlink(missing_ok=True)
    aside.rename(folder())
    assert closed(world, wave).answered == 3


@pytest.mark.django_db
def test_a_wave_is_not_opened_where_no_key_can_be_kept(world: World, settings: Any, tmp_path: Path) -> None:
    wave = asking(world, prepared(world))
    for place in (tmp_path / "file" / "keys", Path("/proc/no/keys")):
        (tmp_path / "file").touch()
        settings.SURVEY_KEYS = str(place)
        with pytest.raises(KeysUnreachable, match="Nothing was lost"):
            opened(world, wave)
        wave.refresh_from_db()
        assert (wave.state, wave.public_key) == (WaveState.DRAFT, "")


@pytest.mark.django_db
def test_one_wave_that_cannot_be_closed_keeps_no_other_from_it(world: World) -> None:
    stuck, free = answered(world), answered(world)
    file = folder() / f"wave-{stuck.public_id}.key"
    file.rename(folder() / "aside")
    file.mkdir()
    with pytest.raises(KeysUnreachable):
        changes.close_due(by=world.actor(world.lin_mei), at=datetime.now(UTC) + timedelta(days=8))
    states = dict(Wave.objects.values_list("pk", "state"))
    assert states == {stuck.pk: WaveState.OPEN, free.pk: WaveState.CLOSED}


@pytest.mark.django_db
def test_somebody_elses_key_is_none(world: World) -> None:
    wave, other = answered(world), answered(world)
    shutil.copyfile(folder() / f"wave-{other.public_id}.key", folder() / f"wave-{wave.public_id}.key")
    assert keys_of(wave) is None
    assert closed(world, wave).state == WaveState.LOST
    assert closed(world, other).answered == 3


@pytest.mark.django_db
def test_a_damaged_seal_takes_no_other_sheet_with_it(world: World) -> None:
    wave = answered(world)
    sheet = UrnSheet.objects.first()
    assert sheet is not None
    seal = bytearray(sheet.seal)
    seal[len(seal) // 2] ^= 1
    UrnSheet.objects.filter(pk=sheet.pk).update(seal=bytes(seal))
    assert closed(world, wave).answered == 2
    said = json.loads(AuditEntry.objects.get(action="wave.closed").body)
    assert said["detail"] == {"sheets": 2, "damaged": 1}


@pytest.mark.django_db
def test_no_sheet_is_longer_than_what_can_be_sealed(world: World) -> None:
    many = document()
    keys = [f"c{number}" for number in range(40)]
    many["sections"][0]["questions"] += [{"key": key, "kind": "text", "words": {"en": "Say"}} for key in keys]
    wave = opened(world, asking(world, prepared(world, questionnaire=written(world, contents=contents_of(many)))))
    token = cards(world, wave, 1)[0]
    with pytest.raises(SheetFaults) as refused:
        cast(wave, token, on_time=4, **dict.fromkeys(keys, "好" * 4_000))
    assert [one.field for one in refused.value.faults[OF_WAVE]] == [""]
    cast(wave, token, on_time=4, c0="好" * 4_000)
    assert UrnSheet.objects.count() == 1


# The process ends after the commit of the closing, before anything that comes after it.
CLOSE_AND_DIE = """
import os, sys
from datetime import UTC, datetime
from django.db import transaction
import baton.config.terminal
baton.config.terminal.set_up_django()
from baton.core.actors import Actor
from baton.feedback.changes import close_wave
from baton.feedback.models import Wave
with transaction.atomic():
    transaction.on_commit(lambda: os._exit(9))
    close_wave(by=Actor.system("test"), at=datetime.now(UTC), wave=Wave.objects.get())
"""


def test_what_a_crash_after_the_close_has_left_is_destroyed_later(committed_db: Databases, data_folder: Path) -> None:
    world = hospital.build()
    wave = answered(world)
    seals = [bytes(sheet.seal)[:64] for sheet in UrnSheet.objects.all()]
    (folder() / f"wave-{wave.public_id}.0123456789abcdef").write_text("half made")
    connection.close()
    here = os.environ | {"DATABASE_URL": committed_db.url, "BATON_DATA": str(data_folder)}
    died = subprocess.run([sys.executable, "-c", CLOSE_AND_DIE], env=here, timeout=60, check=False)
    assert died.returncode == 9
    wave.refresh_from_db()
    assert (wave.state, wave.answered, kept_keys()) == (WaveState.CLOSED, 3, [wave.public_id])
    assert changes.close_due(by=world.actor(world.lin_mei), at=datetime.now(UTC)) == []
    assert list(folder().iterdir()) == []
    assert (AnswerSheet.objects.count(), Ballot.objects.count(), UrnSheet.objects.count()) == (6, 0, 0)
    if connection.vendor == "sqlite":
        beside = Path(committed_db.names["default"]).parent
        kept = b"".join(file.read_bytes() for file in beside.iterdir())
        assert not [seal for seal in seals if seal in kept]


def baton(databases: Databases, data: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    here = os.environ | {"DATABASE_URL": databases.url, "BATON_DATA": str(data)}
    command = [sys.executable, "-m", "baton.config", *arguments]
    return subprocess.run(command, env=here, capture_output=True, text=True, timeout=120, check=False)


def test_a_restore_of_an_open_wave_loses_it_and_says_so(
    committed_db: Databases, data_folder: Path, tmp_path: Path
) -> None:
    world = hospital.build()
    wave = answered(world)
    letters(world, wave)
    keys = keys_of(wave)
    assert keys is not None
    archive = backup(tmp_path / "open.tar")
    for secret in (keys.urn, keys.envelopes):
        assert secret not in archive.read_bytes()
        assert secret.hex().encode() not in archive.read_bytes()
    closed(world, wave)
    connection.close()
    said = baton(committed_db, data_folder, "restore", "--force", str(archive))
    assert said.returncode == 0, said.stderr
    assert f"Survey {wave.number} was open when the backup was made" in said.stdout + said.stderr
    wave.refresh_from_db()
    assert (wave.state, wave.answered) == (WaveState.LOST, None)
    assert not UrnSheet.objects.exists()
    assert not Ballot.objects.exists()
    assert baton(committed_db, data_folder, "verify").returncode == 0


def test_a_restore_beside_its_key_goes_on_and_verify_looks_for_it(
    committed_db: Databases, data_folder: Path, tmp_path: Path
) -> None:
    world = hospital.build()
    wave = answered(world)
    archive = backup(tmp_path / "open.tar")
    connection.close()
    said = baton(committed_db, data_folder, "restore", "--force", str(archive))
    assert "Survey" not in said.stdout + said.stderr
    assert baton(committed_db, data_folder, "verify").returncode == 0
    (folder() / f"wave-{wave.public_id}.key").unlink()
    missed = baton(committed_db, data_folder, "verify")
    assert missed.returncode == 1
    assert f"Survey {wave.number} is open and its key is not in" in missed.stdout + missed.stderr
    looked = json.loads(baton(committed_db, data_folder, "verify", "--json").stdout)
    assert len(looked["amiss"]) == 1


@pytest.mark.sqlite
@pytest.mark.parametrize("linked", [False, True])
def test_the_folder_of_keys_is_never_within_the_data(tmp_path: Path, linked: bool) -> None:
    data = tmp_path / "data"
    (data / "keys").mkdir(parents=True)
    place = data / "keys"
    if linked:
        place = tmp_path / "elsewhere"
        place.symlink_to(data / "keys")
    here = os.environ | {"BATON_DATA": str(data), "BATON_SURVEY_KEYS": str(place)}
    ran = subprocess.run(
        [sys.executable, "-m", "baton.config", "check"],
        env=here,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ran.returncode == START_REFUSED, ran.stderr
    assert "BATON_SURVEY_KEYS is a folder outside the data folder" in ran.stderr
