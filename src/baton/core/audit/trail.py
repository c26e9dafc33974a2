"""Writing: every change of a record goes through :func:`change`.

    with change(by=by, at=at, reason=reason) as trail:
        party = trail.lock(Party, party, expected_seq=expected_seq)
        party.name = name
        trail.save(party, "party.renamed")

The audit row, the personal values and the record are written in one transaction; nobody can write one without the other.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, TypeVar

from django.db import connection, models, transaction
from django.db.models import Max

from baton.core.actors import Actor
from baton.core.audit import vault
from baton.core.audit.chain import GENESIS, canonical, entry_hash
from baton.core.errors import NotFound, Stale
from baton.core.models import AuditEntry, Record

R = TypeVar("R", bound=Record)

# Fields whose change is the bookkeeping of the change itself.
_BOOKKEEPING = frozenset({"id", "changed_seq", "recorded_at", "public_id", "sort_keys", "search_text"})
# Values that must never be written anywhere but in their own column.
_SECRET = frozenset({"password", "digest", "last_login"})


def _plain(value: Any) -> Any:
    """A value as canonical JSON can hold it; times in UTC, exact numbers as text."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    return value


def _values(record: Record, names: frozenset[str] | None = None) -> dict[str, Any]:
    """Concrete columns of a record; a foreign key to a record as that record's public id."""
    found: dict[str, Any] = {}
    for column in record._meta.concrete_fields:
        if column.name in _BOOKKEEPING or (names is not None and column.name not in names):
            continue
        if isinstance(column, models.ForeignKey) and issubclass(column.related_model, Record):
            target = getattr(record, column.name) if getattr(record, column.attname) is not None else None
            found[column.name] = target.public_id if target is not None else None
        else:
            found[column.name] = _plain(getattr(record, column.attname))
    return found


@dataclass
class Trail:
    """The open change: what happens, who does it, when and why."""

    by: Actor
    at: datetime
    reason: str = ""
    last_seq: int = 0
    _before: dict[tuple[type[Record], Any], dict[str, Any]] = field(default_factory=dict)

    def lock(self, model: type[R], record: R, *, expected_seq: int | None = None) -> R:
        """The record as it stands now, locked until the end of the change.

        ``expected_seq`` is the ``changed_seq`` that the person saw: if the record moved on, :class:`Stale` is raised
        with the values that now stand.
        """
        rows = model._default_manager.select_for_update(of=("self",)) if connection.features.has_select_for_update else (
            model._default_manager.all()
        )  # fmt: skip
        fresh = rows.filter(pk=record.pk).first()
        if fresh is None:
            raise NotFound
        self._before[(model, fresh.pk)] = _values(fresh)
        if expected_seq is not None and expected_seq != fresh.changed_seq:
            raise Stale(theirs=_values(fresh), version=fresh.changed_seq)
        return fresh

    def save(self, record: R, action: str, **detail: Any) -> R:
        """Write ``record`` and the audit row that says what changed, old -> new. ``detail`` goes into the row as is.

        A changed record must have been taken with :meth:`lock` in the same change. A save that changes nothing writes
        nothing.
        """
        model = type(record)
        if record._state.adding:
            record.recorded_at = record.recorded_at or self.at
            before: dict[str, Any] = {}
        else:
            before = self._before[(model, record.pk)]
        after = _values(record)
        changed = {name: (before.get(name), new) for name, new in after.items() if before.get(name) != new}
        if not record._state.adding and not changed and not detail:
            return record
        seq = self._append(record, action, changed, detail)
        record.changed_seq = seq
        record.save()
        self._before[(model, record.pk)] = after
        return record

    def note(self, action: str, *, kind: str, object_id: str, **detail: Any) -> int:
        """An entry about something that changes no record, such as a sign-in or an export. Returns its number."""
        return self._write(kind, object_id, action, {}, detail)

    def _append(
        self, record: Record, action: str, changed: Mapping[str, tuple[Any, Any]], detail: Mapping[str, Any]
    ) -> int:
        subject = record.data_subject()
        open_fields: dict[str, Any] = {}
        personal: dict[str, tuple[Any, Any]] = {}
        for name, (old, new) in changed.items():
            if name in _SECRET:
                open_fields[name] = ["***", "***"]
            elif name in record.personal and subject:
                personal[name] = (old, new)
                open_fields[name] = {"mac": vault.digest(subject, name, old, new)}
            else:
                open_fields[name] = [old, new]
        seq = self._write(record.kind, record.public_id, action, open_fields, detail)
        vault.keep(seq, subject, personal)
        return seq

    def _write(
        self, kind: str, object_id: str, action: str, changed: Mapping[str, Any], detail: Mapping[str, Any]
    ) -> int:
        last = AuditEntry.objects.order_by("-seq").values_list("seq", "hash").first()
        seq, prev = (last[0] + 1, last[1]) if last else (1, GENESIS)
        body = canonical(
            {
                "at": _plain(self.at),
                "by": self.by.id,
                "roles": sorted(role.value for role in self.by.roles),
                "action": action,
                "kind": kind,
                "object": object_id,
                "changed": dict(changed),
                "detail": {name: _plain(value) for name, value in detail.items()},
                "reason": self.reason,
                "request": self.by.request,
            }
        )
        AuditEntry.objects.create(
            seq=seq, at=self.at, kind=kind, object_id=object_id, action=action, actor=self.by.id,
            body=body, prev=prev, hash=entry_hash(prev, seq, body),
        )  # fmt: skip
        self.last_seq = seq
        return seq


@contextmanager
def change(*, by: Actor, at: datetime, reason: str = "") -> Iterator[Trail]:
    """One thing that happens, in one transaction, under the lock of the trail."""
    with transaction.atomic():
        _take_lock()
        yield Trail(by=by, at=at, reason=reason)


# Any constant known to all writers of one database.
_ADVISORY_LOCK = 0x4241544F4E


def _take_lock() -> None:
    """PostgreSQL: before the first read, so that entries are numbered in the order of commits. SQLite's backend has
    already taken the write lock with the transaction."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_ADVISORY_LOCK])


def head() -> int:
    """Number of the last entry; 0 for an empty trail."""
    return AuditEntry.objects.aggregate(last=Max("seq"))["last"] or 0
