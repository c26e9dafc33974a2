"""The history of a record, read from the audit trail."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from baton.core.actors import Actor
from baton.core.models import AuditEntry, Person
from baton.core.policy import may_use
from baton.core.texts import Texts

MOST_ENTRIES = 100


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One thing that happened to a record.

    ``changed`` maps field -> (old, new); a personal field maps to None, because its values stand in the trail only
    under the data subject's key. ``actor`` is who did it, as the trail says; ``who`` is the person's name by language,
    empty where Baton itself acted, and ``process`` then says which run. ``via`` is the token of the API or the shared
    device through which he acted (public id); empty: neither.
    """

    seq: int
    at: datetime
    action: str
    kind: str
    object_id: str
    actor: str
    who: Texts
    process: str
    reason: str
    changed: dict[str, tuple[Any, Any] | None]
    detail: dict[str, Any]
    via: str = ""


def history_of(
    *, viewer: Actor, object_ids: Sequence[str], actions: Collection[str] = (), also: Collection[str] = ()
) -> list[HistoryEntry]:
    """What happened to the records with these public ids, the newest first, at most :data:`MOST_ENTRIES`; only
    ``actions`` where some are named.

    The caller has made sure that ``viewer`` may see the records; a stranger gets nothing. A guest reads who it was only
    of himself and of ``also`` (public ids of persons that the page shows him anyway), and no reason, which may name
    others. Two queries.
    """
    if viewer.is_anonymous:
        return []
    rows = AuditEntry.objects.filter(object_id__in=object_ids)
    if actions:
        rows = rows.filter(action__in=actions)
    entries = as_history(list(rows.order_by("-seq")[:MOST_ENTRIES]))
    if may_use(viewer):
        return entries
    known = {viewer.id, *also}
    return [replace(entry, reason="", who=entry.who if entry.actor in known else {}) for entry in entries]


def objects_of(*, viewer: Actor, object_ids: Collection[str], action: str) -> set[str]:
    """Those of the records with these public ids to which this happened; a stranger gets none. One query."""
    if viewer.is_anonymous or not object_ids:
        return set()
    rows = AuditEntry.objects.filter(object_id__in=list(object_ids), action=action)
    return set(rows.values_list("object_id", flat=True))


def last_said(*, viewer: Actor, object_ids: Collection[str], field: str) -> dict[str, datetime]:
    """When this field of each of the records with these public ids was last written, as the trail says; those of which
    it says nothing are left out, such as those of a bulk entry. A stranger gets none. One query."""
    if viewer.is_anonymous or not object_ids:
        return {}
    rows = AuditEntry.objects.filter(object_id__in=list(object_ids), body__contains=f'"{field}":')
    return {row.object_id: row.at for row in rows.order_by("seq") if field in json.loads(row.body)["changed"]}


def who_did(
    *, viewer: Actor, object_ids: Collection[str] | QuerySet[Any, Any], actions: Collection[str]
) -> list[tuple[str, str]]:
    """Public ids of the records to which this happened, each with that of who did it; what Baton itself did is left
    out. A stranger gets none. One query."""
    if viewer.is_anonymous:
        return []
    rows = AuditEntry.objects.filter(object_id__in=object_ids, action__in=actions).exclude(actor__startswith="system:")
    return list(rows.order_by().values_list("object_id", "actor"))


def happened_since(*, viewer: Actor, object_id: str, action: str, since: datetime) -> int:
    """How often this happened to a record from a moment on; to a stranger never. One query."""
    if viewer.is_anonymous:
        return 0
    return AuditEntry.objects.filter(object_id=object_id, action=action, at__gte=since).count()


def as_history(rows: Sequence[AuditEntry]) -> list[HistoryEntry]:
    """Entries of the trail as people read them, in the same order. One query."""
    names: dict[str, Texts] = dict(
        Person.objects.filter(public_id__in={row.actor for row in rows}).values_list("public_id", "name")
    )
    return [_entry(row, names) for row in rows]


def _entry(row: AuditEntry, names: dict[str, Texts]) -> HistoryEntry:
    body = json.loads(row.body)
    changed = {
        name: (values[0], values[1]) if isinstance(values, list) else None for name, values in body["changed"].items()
    }
    return HistoryEntry(
        seq=row.seq,
        at=row.at,
        action=row.action,
        kind=row.kind,
        object_id=row.object_id,
        actor=row.actor,
        who=names.get(row.actor, {}),
        process=row.actor.removeprefix("system:") if row.actor.startswith("system:") else "",
        reason=body["reason"],
        changed=changed,
        detail=body["detail"],
        via=body.get("via", ""),
    )
