"""Making a backup while people work."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.db import connection

from baton import __version__
from baton.core.backup import archive, postgresql, sqlite
from baton.core.backup.archive import DATABASE, Manifest, TargetExists, data_files, sha256_of
from baton.core.backup.working import working_folder

Progress = Callable[[float], None]


def backup(target: Path, progress: Progress | None = None, *, replace: bool = False) -> Path:
    """Write the installation into the archive ``target`` and return its path; see the package for what is in it.

    The database is copied as it stands at one moment, without keeping writers waiting; the files are copied after it,
    so that every file which the records speak of is there. ``progress`` is called with the share done, 0 to 1. The
    target appears only when it is complete. What a backup to the same folder left there when it was killed is removed.

    Raises :class:`TargetExists`, before anything is copied, for a target that is there, unless ``replace``.
    """
    say = progress or (lambda share: None)
    target = target.expanduser().resolve()
    if target.exists() and not (replace and target.is_file()):
        raise TargetExists(target)
    target.parent.mkdir(parents=True, exist_ok=True)
    store = sqlite if connection.vendor == "sqlite" else postgresql
    with working_folder(target.parent) as folder:
        copy = folder / DATABASE
        say(0.05)
        counts, head_seq, head_hash = store.copy_to(copy)
        say(0.6)
        files = {DATABASE: copy}
        data = Path(settings.DATA_DIR)
        files |= {
            f"data/{file.relative_to(data)}": file for file in data_files(data, database_files()) if file != target
        }
        sums = {name: {"size": file.stat().st_size, "sha256": sha256_of(file)} for name, file in files.items()}
        say(0.8)
        manifest = Manifest(connection.vendor, __version__, counts, head_seq, head_hash, sums)
        archive.write(target, manifest, files, replace=replace, within=folder)
    say(1.0)
    return target


def database_files() -> set[Path]:
    """The SQLite files of this installation; what stands beside them begins with the same name."""
    if connection.vendor != "sqlite":
        return set()
    return {Path(str(database["NAME"])).resolve() for database in settings.DATABASES.values()}
