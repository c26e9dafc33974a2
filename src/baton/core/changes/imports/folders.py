"""What is kept for the next table: which column holds what, and the folders that are watched."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime

from baton.core import policy
from baton.core.actors import Actor
from baton.core.audit.trail import change
from baton.core.changes.notifications import notify
from baton.core.errors import Refused, TooLong
from baton.core.models import AuditEntry, SavedMapping, WatchedFolder
from baton.core.texts import clean_text
from baton_analysis.errors import gettext_noop

MISSING_TOPIC = "core.import_missing"
FOLDER_NAME = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?")


def keep_mapping(
    *, by: Actor, at: datetime, target: str, name: str, mapping: Mapping[str, str], system: str = ""
) -> SavedMapping:
    """Keep which column holds what under a name, in place of what was kept under it. Of tables of which he handles only
    his own, ``by`` is refused the name of what somebody else keeps."""
    policy.demand(policy.may_bring(by, target))
    name = clean_text(name)
    if not name or len(name) > 60:
        raise TooLong(field="mapping_name", most=60, length=len(name))
    with change(by=by, at=at) as trail:
        known = SavedMapping.objects.filter(target=target, name=name).first()
        if known is not None and not policy.handles_all_imports(by, target):
            _refuse_others(known, by)
        kept = trail.lock(SavedMapping, known) if known else SavedMapping(target=target, name=name)
        kept.mapping, kept.system = {field: column for field, column in mapping.items() if column}, clean_text(system)
        return trail.save(kept, "import_mapping.kept")


def _refuse_others(kept: SavedMapping, by: Actor) -> None:
    if AuditEntry.objects.filter(kind=SavedMapping.kind, object_id=kept.public_id).exclude(actor=by.id).exists():
        raise Refused(
            field="mapping_name",
            expected=gettext_noop("Expected a name under which nobody else keeps an assignment of columns."),
            found=gettext_noop("Somebody else keeps one as “{name}”."),
            remedy=gettext_noop("Enter another name."),
            name=kept.name,
        )


def watch_folder(
    *, by: Actor, at: datetime, name: str, target: str, mapping: SavedMapping | None, leave_out: bool = False,
    hour: int | None = None,
) -> WatchedFolder:  # fmt: skip
    """Import the tables that are laid into ``imports/<name>/`` of the data folder from now on, in the name of ``by``:
    within five minutes, or once a day in the ``hour`` (0 to 23) of the organisation's day.

    Refused: a name that is none for a folder, or that another watched folder has.
    """
    policy.demand(policy.may_bring(by, target))
    if by.person is None:
        raise TypeError("a folder is watched in the name of a person")
    if not FOLDER_NAME.fullmatch(name):
        raise Refused(
            field="name",
            expected=gettext_noop(
                "Expected a name of at most 40 small letters, digits and hyphens, such as hr-people."
            ),
            remedy=gettext_noop("Enter another name."),
        )
    with change(by=by, at=at) as trail:
        if WatchedFolder.objects.filter(name=name).exists():
            raise Refused(
                field="name",
                expected=gettext_noop("Expected a name that no other watched folder has."),
                found=gettext_noop("There is one of this name."),
                remedy=gettext_noop("Enter another name, or go on with that one."),
            )
        folder = WatchedFolder(
            name=name, target=target, mapping=mapping, leave_out=leave_out, hour=hour, person=by.person
        )
        return trail.save(folder, "watched_folder.added")


def switch_folder(*, by: Actor, at: datetime, folder: WatchedFolder, active: bool) -> WatchedFolder:
    """Watch a folder no more, or again; from then on in the name of ``by``."""
    policy.demand(policy.may_handle_folder(by, folder))
    with change(by=by, at=at) as trail:
        folder = trail.lock(WatchedFolder, folder)
        folder.is_active = active
        if active and by.person is not None:
            folder.person = by.person
        return trail.save(folder, "watched_folder.switched")


def note_folder(*, by: Actor, at: datetime, folder: WatchedFolder, found: bool) -> WatchedFolder:
    """Say that a folder held a table; or tell whose it is that it held none in its hour."""
    with change(by=by, at=at) as trail:
        folder = trail.lock(WatchedFolder, folder)
        if found:
            folder.taken_at = at
            return trail.save(folder, "watched_folder.taken_from")
        values = {"folder": folder.name, "hour": f"{folder.hour}:00"}
        notify(by=by, at=at, person=folder.person, topic=MISSING_TOPIC, address="/data/imports/folders/", values=values)
        return trail.save(folder, "watched_folder.found_empty")
