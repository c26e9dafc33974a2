"""Watched folders: tables that are laid into a folder of the data folder are imported by themselves.

imports/<name>/            tables wait here
imports/<name>/done/       entered, or nothing to enter
imports/<name>/failed/     refused; the page of the import says why, and who set the folder up is told
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from django.conf import settings

from baton.core import jobs, queries
from baton.core.actors import Actor
from baton.core.changes.imports import (
    bring_import,
    check_import,
    enter_import,
    note_folder,
    note_import_failed,
    tell_waiting,
)
from baton.core.errors import Forbidden, Refused
from baton.core.import_targets import import_targets
from baton.core.imports.runs import check_now, enter_now
from baton.core.imports.tables import beginning, proposed
from baton.core.models import ImportRun, WatchedFolder
from baton.core.rules import ImportOrigin, ImportState
from baton_analysis.errors import ReadError

JOB = "core.look_into_folders"
FOLDER = "imports"
LATE_MINUTE = 55
"""From this minute of its hour on, in which it is looked into for the last time, a table is missing."""
SETTLED_SECONDS = 10
"""A file that was written to more recently may still be on its way."""
LONGEST_NAME = 200
"""Bytes of a file's name that are kept where it is put away: no file system takes more than 255 with what goes before.
"""


def place_of(folder: WatchedFolder) -> Path:
    """Where the tables of a watched folder are laid."""
    return Path(settings.DATA_DIR) / FOLDER / folder.name


def look(*, by: Actor, at: datetime, progress: jobs.Reporter | None = None) -> int:
    """Import every table that lies in a watched folder whose hour it is. Returns how many there were.

    Whose folder it is, is told near the end of its hour where it held none.
    """
    count = 0
    now = at.astimezone(ZoneInfo(settings.TIME_ZONE))
    for folder in WatchedFolder.objects.filter(is_active=True).select_related("mapping", "person").order_by("name"):
        if folder.hour not in (None, now.hour):
            continue
        place = place_of(folder)
        for sub in (place, place / "done", place / "failed"):
            sub.mkdir(parents=True, exist_ok=True, mode=0o700)
        waiting = _waiting(place, at)
        if waiting or _missing(folder, now):
            note_folder(by=by, at=at, folder=folder, found=bool(waiting))
        for file in waiting:
            run = take(by=by, at=at, folder=folder, file=file)
            _put_away(file, place / ("done" if _went_well(run) else "failed"), run)
            count += 1
    return count


def _missing(folder: WatchedFolder, now: datetime) -> bool:
    """Whether the hour of a folder is about to end without a table."""
    begun = now.replace(minute=0, second=0, microsecond=0)
    late = folder.hour is not None and now.minute >= LATE_MINUTE
    return late and (folder.taken_at is None or folder.taken_at < begun)


def take(*, by: Actor, at: datetime, folder: WatchedFolder, file: Path) -> ImportRun | None:
    """Import one file in the name of who set the folder up; None where he may not any more."""
    actor = Actor(folder.person, queries.roles_of(folder.person, at), request=by.request)
    try:
        run = bring_import(
            by=actor, at=at, target=folder.target, title=file.name, origin=ImportOrigin.FOLDER, chunks=_chunks(file)
        )
    except (Forbidden, Refused):
        return None
    try:
        seen = beginning(run)
    except ReadError as unreadable:
        return note_import_failed(by=by, at=at, run=run, failure=unreadable)
    mapping = proposed(import_targets.get(folder.target), seen.header, folder.mapping)
    system = folder.mapping.system if folder.mapping else ""
    run = check_import(by=actor, at=at, run=run, mapping=mapping, system=system, sheet=seen.sheet)
    run = check_now(by=by, at=at, run=run)
    if run.state != ImportState.CHECKED or not (run.rows_new or run.rows_changed):
        if run.rows_refused:
            tell_waiting(by=by, at=at, run=run)
        return run
    if run.rows_refused and not folder.leave_out:
        tell_waiting(by=by, at=at, run=run)
        return run
    run = enter_import(by=actor, at=at, run=run, leave_out=folder.leave_out)
    return enter_now(by=by, at=at, run=run)


def _went_well(run: ImportRun | None) -> bool:
    if run is None or run.state == ImportState.FAILED:
        return False
    return run.state == ImportState.ENTERED or not run.rows_refused


def _waiting(place: Path, at: datetime) -> list[Path]:
    """Files that have settled, oldest first. Links and hidden files are passed over."""
    found = [
        (entry.stat(follow_symlinks=False).st_mtime, entry.name)
        for entry in os.scandir(place)
        if entry.is_file(follow_symlinks=False) and not entry.name.startswith(".")
    ]
    return [place / name for written, name in sorted(found) if at.timestamp() - written >= SETTLED_SECONDS]


def _put_away(file: Path, place: Path, run: ImportRun | None) -> None:
    """The file leaves the folder under a name that none before it had."""
    stem, name = run.public_id if run is not None else "refused", file.name
    while len(os.fsencode(name)) > LONGEST_NAME:
        name = name[1:]
    target, count = place / f"{stem}-{name}", 1
    while target.exists():
        count += 1
        target = place / f"{stem}-{count}-{name}"
    with contextlib.suppress(FileNotFoundError):
        file.rename(target)


def _chunks(file: Path) -> Iterator[bytes]:
    with file.open("rb") as opened:
        while chunk := opened.read(1 << 20):
            yield chunk
