"""A backup made while people work brings back the same rows, the same head of the trail and the same files."""

from __future__ import annotations

import json
import os
import signal
import tarfile
import threading
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.contrib.sessions.models import Session
from django.db import connections
from django.utils import timezone

from baton.core.actors import Actor
from baton.core.audit.heads import heads_file, sign_head
from baton.core.audit.trail import head
from baton.core.audit.verify import verify
from baton.core.backup import DamagedArchive, NotEmpty, TargetExists, backup, restore
from baton.core.backup.archive import sealed, unpack, write
from baton.core.backup.working import PREFIX, remove_leftovers, working_folder
from baton.core.changes import add_person
from baton.core.errors import Refused
from baton.core.models import Person
from tests.databases import Databases, Template, connected

AT = datetime(2026, 3, 2, 8, 30, tzinfo=UTC)
BY = Actor.system("test")


def people(*names: str) -> None:
    for name in names:
        add_person(by=BY, at=AT, sign_in_name=name, name={"en": name})


@pytest.fixture
def archive(committed_db: Databases, data_folder: Path, tmp_path: Path) -> Path:
    """An installation with three people, an upload, a signed head and things that do not belong into a backup."""
    people("a", "b", "c")
    sign_head(by=BY, at=AT)
    for name in ("uploads/one", "facts/handovers.parquet", "static/x.css", "backups/old.tar"):
        (data_folder / name).parent.mkdir(exist_ok=True)
        (data_folder / name).write_text(name)
    (data_folder / "secret_key").write_text("secret")
    shares: list[float] = []
    made = backup(tmp_path / "made" / "backup.tar", progress=shares.append)
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    return made


def test_an_existing_file_is_replaced_only_when_told_to(archive: Path) -> None:
    before = archive.read_bytes()
    people("d")
    with pytest.raises(TargetExists, match="--replace"):
        backup(archive)
    assert archive.read_bytes() == before
    assert head() == 4
    backup(archive, replace=True)
    assert archive.read_bytes() != before
    assert list(archive.parent.iterdir()) == [archive]
    with pytest.raises(TargetExists):
        backup(archive.parent, replace=True)  # a folder is never replaced


def test_a_target_that_appears_meanwhile_is_left_alone(archive: Path, tmp_path: Path) -> None:
    """Two people back up to one name at the same time: the second finds the name taken when he is done."""
    target = tmp_path / "elsewhere" / "b.tar"

    def somebody_else(share: float) -> None:
        target.write_text("his")

    with pytest.raises(TargetExists):
        backup(target, progress=somebody_else)
    assert target.read_text() == "his"
    assert list(target.parent.iterdir()) == [target]


@pytest.mark.parametrize("replaces", [False, True])
def test_a_backup_that_breaks_off_leaves_what_was_there(
    archive: Path, data_folder: Path, tmp_path: Path, replaces: bool
) -> None:
    """A file that cannot be read any more stops it half way: neither a half archive nor a working file stays."""
    target = archive if replaces else tmp_path / "new" / "b.tar"
    before = archive.read_bytes()

    def fail(share: float) -> None:
        if share == 0.8:
            (data_folder / "uploads/one").unlink()

    with pytest.raises(FileNotFoundError):
        backup(target, progress=fail, replace=replaces)
    assert list(target.parent.iterdir()) == ([archive] if replaces else [])
    assert archive.read_bytes() == before


def names_in(archive: Path) -> set[str]:
    with tarfile.open(archive) as tar:
        return set(tar.getnames())


def test_what_is_in_it(archive: Path) -> None:
    files = {"data/uploads/one", "data/audit_heads.jsonl", "data/audit_head_key.pem"}
    assert names_in(archive) == {"manifest.json", "database"} | files
    assert archive.stat().st_mode & 0o077 == 0
    assert list(archive.parent.iterdir()) == [archive]
    with tarfile.open(archive) as tar:
        opened = tar.extractfile("manifest.json")
        assert opened is not None
        manifest = json.load(opened)
    assert (manifest["counts"]["core_person"], manifest["head_seq"]) == (3, 3)
    assert "facts" in manifest["left_out"]
    assert "django_session" not in manifest["counts"]


def test_back_into_an_empty_installation(archive: Path, template: Template, data_folder: Path) -> None:
    wanted = verify()
    (data_folder / "uploads/one").unlink()
    heads_file().unlink()
    elsewhere = template.copy("restored")
    with connected(elsewhere):
        manifest = restore(archive)
        assert set(Person.objects.values_list("sign_in_name", flat=True)) == {"a", "b", "c"}
        found = verify()
        assert (found.holds, found.head_hash, found.heads) == (True, wanted.head_hash, 1)
        assert found.head_hash == manifest.head_hash
        people("d")  # and it goes on
        assert verify().entries == 4
    template.drop(elsewhere)
    assert (data_folder / "uploads/one").read_text() == "uploads/one"
    assert not (data_folder / "facts").exists()
    assert not list(data_folder.glob(".baton-*"))


def test_records_are_replaced_only_when_told_to(archive: Path) -> None:
    people("d")
    Session.objects.create(session_key="k", session_data="", expire_date=timezone.now())
    with pytest.raises(NotEmpty):
        restore(archive)
    assert head() == 4
    restore(archive, force=True)
    assert (head(), Person.objects.count(), Session.objects.count()) == (3, 3, 0)
    assert verify().holds


@pytest.mark.parametrize("member", ["manifest.json", "database", "data/uploads/one", "data/audit_heads.jsonl"])
def test_a_damaged_archive_changes_nothing(archive: Path, member: str) -> None:
    people("d")
    with tarfile.open(archive) as tar:
        found = tar.getmember(member)
    octets = bytearray(archive.read_bytes())
    octets[found.offset_data + found.size // 2] ^= 0x01
    archive.write_bytes(octets)
    with pytest.raises(DamagedArchive):
        restore(archive, force=True)
    assert head() == 4


def test_a_truncated_archive_and_another_file_are_refused(archive: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.tar"
    for octets in (archive.read_bytes()[: archive.stat().st_size // 2], b"", b"no archive"):
        other.write_bytes(octets)
        with pytest.raises(DamagedArchive):
            restore(other, force=True)
    assert head() == 3


def test_nothing_is_written_outside(archive: Path, tmp_path: Path) -> None:
    """An archive whose manifest names a file above the folder is refused."""
    with tarfile.open(archive) as tar:
        opened = tar.extractfile("manifest.json")
        assert opened is not None
        manifest = json.load(opened)
    manifest["files"] = {"../../escaped": {"size": 1, "sha256": "x"}}
    (tmp_path / "manifest.json").write_text(json.dumps(sealed(manifest)))
    (tmp_path / "file").write_text("x")
    forged = tmp_path / "forged.tar"
    with tarfile.open(forged, "w") as tar:
        tar.add(tmp_path / "manifest.json", "manifest.json")
        tar.add(tmp_path / "file", "../../escaped")
    with pytest.raises(DamagedArchive):
        restore(forged, force=True)
    assert not list(tmp_path.rglob("escaped"))


def test_archive_of_the_other_database_is_refused(archive: Path, tmp_path: Path) -> None:
    folder = tmp_path / "unpacked"
    folder.mkdir()
    manifest = unpack(archive, folder)
    other = {"sqlite": "postgresql", "postgresql": "sqlite"}[manifest.vendor]
    named = {name: folder / name for name in manifest.files}
    write(archive, replace(manifest, vendor=other), named, replace=True)
    with pytest.raises(Refused, match="same database system"):
        restore(archive, force=True)


def test_backup_under_load(committed_db: Databases, template: Template, tmp_path: Path) -> None:
    """Backups while a writer goes on: each is one moment, equal to its manifest, and a prefix of the trail."""
    stop = threading.Event()

    def write() -> None:
        number = 0
        while not stop.is_set():
            people(f"p{number}")
            number += 1
        connections.close_all()

    people("first")
    writer = threading.Thread(target=write)
    writer.start()
    try:
        archives = [backup(tmp_path / f"{number}.tar") for number in range(3)]
    finally:
        stop.set()
        writer.join()
    for archive in archives:
        elsewhere = template.copy("restored")
        with connected(elsewhere):
            manifest = restore(archive)
            assert (verify().entries, Person.objects.count()) == (manifest.head_seq, manifest.head_seq)
            assert verify().holds
        template.drop(elsewhere)


def _killed_at_work(beside: Path) -> None:
    """A process that works in ``beside`` and is killed with -9 there."""
    told, tells = os.pipe()
    child = os.fork()
    if not child:
        with working_folder(beside) as folder:
            (folder / "database").write_text("names of people")
            os.write(tells, b"x")
            signal.pause()
    os.read(told, 1)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    os.close(told)
    os.close(tells)


def test_what_a_killed_backup_left_goes_with_the_next(archive: Path) -> None:
    """Its folder holds a copy of the records; that of a backup still at work is left alone."""
    beside = archive.parent
    _killed_at_work(beside)
    leftover = next(path for path in beside.iterdir() if path != archive)
    assert (leftover / "database").read_text() == "names of people"
    with working_folder(beside) as at_work:
        assert not leftover.exists()
        backup(beside / "next.tar")
        assert at_work.is_dir()
    assert {path.name for path in beside.iterdir()} == {"backup.tar", "next.tar"}


def test_other_folders_beside_a_backup_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / ".baton-notes").mkdir()
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (tmp_path / f"{PREFIX}link").symlink_to(elsewhere)
    assert remove_leftovers(tmp_path) == 0
    assert elsewhere.is_dir()
    assert (tmp_path / ".baton-notes").is_dir()
