"""Bringing an archive back."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.db import connection

from baton.core.backup import archive as archives
from baton.core.backup import postgresql, sqlite
from baton.core.backup.archive import DATABASE, DamagedArchive, Manifest
from baton.core.backup.working import working_folder
from baton.core.errors import Refused
from baton.core.models import FeedCursor
from baton.core.search.keeping import READER
from baton_analysis.errors import gettext_noop

Progress = Callable[[float], None]


class NotEmpty(Refused):
    """The database already holds records, which a restore would replace."""


def restore(archive: Path, *, force: bool = False, progress: Progress | None = None) -> Manifest:
    """Put the contents of ``archive`` in place of this installation's records and files; returns its manifest.

    Everything is unpacked and its sums are checked before anything is changed; the database is replaced in one
    transaction, then rows and the head of the audit trail are compared with the manifest. Facts are removed and their
    readers start from nothing; everybody signs in again.

    Raises :class:`NotEmpty` for a database with records unless ``force``, :class:`DamagedArchive` for an archive that
    is not whole, :class:`Refused` for one of the other database system.
    """
    say = progress or (lambda share: None)
    store = sqlite if connection.vendor == "sqlite" else postgresql
    if not force and not store.is_empty():
        raise NotEmpty(
            expected=gettext_noop("A backup is restored into an empty installation."),
            found=gettext_noop("This one already has records, which would be replaced."),
            remedy=gettext_noop("Restore elsewhere, or add --force to replace everything that is here."),
        )
    data = Path(settings.DATA_DIR)
    with working_folder(data) as folder:
        say(0.05)
        manifest = archives.unpack(archive, folder)
        _demand_same_vendor(manifest)
        _examine(store.examine, folder / DATABASE, manifest, archive)
        say(0.4)
        store.bring_back(folder / DATABASE)
        say(0.7)
        if store.summarise() != (manifest.counts, manifest.head_seq, manifest.head_hash):
            raise _differs(archive)
        say(0.9)
        _bring_back_files(folder / "data", data)
    shutil.rmtree(data / "facts", ignore_errors=True)
    # The words of the search stand in the database and came back with it.
    FeedCursor.objects.exclude(reader=READER).delete()
    say(1.0)
    return manifest


def _demand_same_vendor(manifest: Manifest) -> None:
    if manifest.vendor != connection.vendor:
        raise Refused(
            expected=gettext_noop("The archive must come from the same database system, {mine}."),
            found=gettext_noop("It comes from {theirs}."),
            remedy=gettext_noop("Point DATABASE_URL at a database of {theirs} and try again."),
            mine=connection.vendor,
            theirs=manifest.vendor,
        )


def _examine(
    examine: Callable[[Path], tuple[dict[str, int], int, str] | None], copy: Path, manifest: Manifest, archive: Path
) -> None:
    try:
        counted = examine(copy)
    except ValueError as damaged:
        raise _differs(archive) from damaged
    if counted is not None and counted != (manifest.counts, manifest.head_seq, manifest.head_hash):
        raise _differs(archive)


def _differs(archive: Path) -> DamagedArchive:
    return DamagedArchive(
        expected=gettext_noop("Rows and audit trail must be those that {file} speaks of."),
        found=gettext_noop("They differ."),
        remedy=gettext_noop("Use another backup, and run `baton verify` before going on."),
        file=archive.name,
    )


def _bring_back_files(source: Path, data: Path) -> None:
    if not source.is_dir():
        return
    for file in sorted(source.rglob("*")):
        if file.is_file():
            target = data / file.relative_to(source)
            target.parent.mkdir(parents=True, exist_ok=True)
            file.chmod(0o600)
            file.replace(target)
