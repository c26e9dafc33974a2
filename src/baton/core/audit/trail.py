"""Writing: every change of a record goes through :func:`change`.

    with change(by=by, at=at, reason=reason) as trail:
        party = trail.lock(Party, party, expected_seq=expected_seq)
        party.name = name
        trail.save(party, "party.renamed")

The audit row, the personal values and the record are written in one transaction; nobody can write one without the
other.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any, TypeVar

from django.db import connection, transaction
from django.db.models import Max

from baton.core import registries
from baton.core.actors import Actor
from baton.core.audit import vault
from baton.core.audit.chain import GENESIS, canonical, entry_hash
from baton.core.audit.lean import LeanRows
from baton.core.audit.values import DERIVED, MASKED, links_to_records, plain, shown_values, values_of
from baton.core.collecting import Pause
from baton.core.errors import NotFound, Stale
from baton.core.models import AuditEntry, Record
from baton.core.once import forget

R = TypeVar("R", bound=Record)


@dataclass
class Trail:
    """The open change: what happens, who does it, when and why. It ends with its ``with`` block."""

    by: Actor
    at: datetime
    reason: str = ""
    last_seq: int = 0
    _before: dict[tuple[type[Record], Any], dict[str, Any]] = field(default_factory=dict)
    _saved: dict[tuple[type[Record], Any], str] = field(default_factory=dict)
    _ended: bool = False
    _locked_at: float = field(default_factory=time.perf_counter)
    _let_go_at: float | None = None

    @property
    def held_seconds(self) -> float:
        """For how long others have been kept from writing: up to now, or up to the commit once that has come."""
        return (self._let_go_at or time.perf_counter()) - self._locked_at

    def _let_go(self) -> None:
        self._let_go_at = time.perf_counter()

    def lock(self, model: type[R], record: R, *, expected_seq: int | None = None, loads: Iterable[str] = ()) -> R:
        """The record as it stands now, locked until the end of the change. ``loads`` names what the change looks at
        beside the records that it points to, as for ``select_related``.

        ``expected_seq`` is the ``changed_seq`` that the person saw: if the record moved on, :class:`Stale` is raised
        with the values that now stand. Raises :class:`NotFound` when there is no such record any more.
        """
        self._demand_open()
        rows = model._default_manager.select_for_update(of=("self",))
        if related := [*links_to_records(model), *loads]:  # without names, it would follow every foreign key
            rows = rows.select_related(*related)
        fresh = rows.filter(pk=record.pk).first()
        if fresh is None:
            raise NotFound
        if expected_seq is not None and expected_seq != fresh.changed_seq:
            raise Stale(theirs=shown_values(fresh), version=fresh.changed_seq)
        self._before[(model, fresh.pk)] = values_of(fresh)
        self._saved.pop((model, fresh.pk), None)
        return fresh

    def save(self, record: R, action: str, **detail: Any) -> R:
        """Write ``record`` and the audit row that says what changed, old -> new. ``detail`` goes into the row as is.

        A changed record must have been taken with :meth:`lock` in the same change (``RuntimeError`` otherwise). A save
        that changes nothing and has no detail writes nothing.
        """
        self._demand_open()
        adding = record._state.adding
        before = {} if adding else self._known(record)
        after = values_of(record)
        changed = {name: (before.get(name), new) for name, new in after.items() if before.get(name) != new}
        if not adding and not changed and not detail:
            return record
        seq, digest = self._append(record, action, changed, detail)
        record.changed_seq = seq
        if adding:
            record.recorded_at = record.recorded_at or self.at
            record.save(force_insert=True)
        else:
            # Only what the audit row speaks of, and the bookkeeping that follows from it.
            own = {column.name for column in record._meta.concrete_fields}
            record.save(update_fields={*changed, *({"changed_seq", *DERIVED} & own)})
        self._before[(type(record), record.pk)] = after
        self._saved[(type(record), record.pk)] = digest
        for _name, saw in registries.watchers:
            saw(record)
        return record

    def note(self, action: str, *, kind: str, object_id: str, **detail: Any) -> int:
        """An entry about something that changes no record, such as a sign-in or an export. Returns its number."""
        self._demand_open()
        seq, prev = self._next()
        self._write(seq, prev, kind, object_id, action, {}, detail)
        return seq

    def bulk(
        self,
        kind: str,
        action: str,
        *,
        rows: Sequence[Record],
        digest: str,
        row_range: tuple[int, int],
        object_id: str = "",
        **detail: Any,
    ) -> int:
        """Add one batch of new records of one model with a single audit row. Returns the row's number.

        ``digest`` is the SHA-256 of the file that they come from, ``row_range`` the first and last row of it in this
        batch (1-based, both included), ``object_id`` the public id of the record that the batch belongs to. The entry
        also holds the number of records and the digest of their values (personal and secret fields left out).
        """
        self._demand_open()
        seq, prev = self._next()
        summary = {"digest": digest, "rows": len(rows), "rows_digest": rows_digest(rows), "row_range": list(row_range)}
        self._write(seq, prev, kind, object_id, action, {}, {**detail, **summary})
        for record in rows:
            record.recorded_at = record.recorded_at or self.at
            record.changed_seq = seq
        if rows:
            type(rows[0])._default_manager.bulk_create(rows, batch_size=500)
        return seq

    def bulk_values(
        self,
        kind: str,
        action: str,
        *,
        model: type[Record],
        columns: Sequence[str],
        rows: Sequence[Sequence[Any]],
        shared: Mapping[str, Record],
        digest: str,
        row_range: tuple[int, int],
        object_id: str = "",
        **detail: Any,
    ) -> int:
        """As :meth:`bulk`, for tables of a million rows: no record is made of a row, and the entry is the same.

        ``rows`` hold the values of ``columns`` (all of the model but its bookkeeping and those of ``shared``, and the
        public id), as the trail writes them, records by their primary keys; ``shared`` the records that all of them
        point to.
        """
        self._demand_open()
        seq, prev = self._next()
        lean = LeanRows(model, columns, shared)
        summary = {"digest": digest, "rows": len(rows), "rows_digest": lean.digest(rows), "row_range": list(row_range)}
        self._write(seq, prev, kind, object_id, action, {}, {**detail, **summary})
        lean.add(rows, recorded_at=self.at, changed_seq=seq)
        return seq

    def _demand_open(self) -> None:
        if self._ended:
            raise RuntimeError("this change has ended; begin another one with change()")

    def _known(self, record: Record) -> dict[str, Any]:
        key = (type(record), record.pk)
        if key not in self._before:
            raise RuntimeError(f"{record._meta.label} {record.pk} was not taken with Trail.lock() in this change")
        saved = self._saved.get(key)
        if saved is not None and not AuditEntry.objects.filter(seq=record.changed_seq, hash=saved).exists():
            raise RuntimeError(
                f"the savepoint in which {record._meta.label} {record.pk} was saved was rolled back; "
                "take it again with Trail.lock()"
            )
        return self._before[key]

    def _append(
        self, record: Record, action: str, changed: Mapping[str, tuple[Any, Any]], detail: Mapping[str, Any]
    ) -> tuple[int, str]:
        seq, prev = self._next()
        subject = record.data_subject()
        personal = {name: change for name, change in changed.items() if subject and name in record.personal}
        entries: dict[str, Any] = {name: list(change) for name, change in changed.items() if name not in personal}
        for name in record.secret & entries.keys():
            entries[name] = [MASKED, MASKED]
        for name, mac in vault.keep(seq, subject, personal).items():
            entries[name] = {"mac": mac}
        return seq, self._write(seq, prev, record.kind, record.public_id, action, entries, detail)

    def _next(self) -> tuple[int, str]:
        """The number of the next entry and the hash of the one before, read under the lock of the trail."""
        last = AuditEntry.objects.order_by("-seq").values_list("seq", "hash").first()
        return (last[0] + 1, last[1]) if last else (1, GENESIS)

    def _write(
        self,
        seq: int,
        prev: str,
        kind: str,
        object_id: str,
        action: str,
        changed: Mapping[str, Any],
        detail: Mapping[str, Any],
    ) -> str:
        body = canonical(
            {
                "at": plain(self.at),
                "by": self.by.id,
                "roles": sorted(role.value for role in self.by.roles),
                "action": action,
                "kind": kind,
                "object": object_id,
                "changed": dict(changed),
                "detail": plain(detail),
                "reason": self.reason,
                "request": self.by.request,
                **({"via": self.by.via} if self.by.via else {}),
            }
        )
        digest = entry_hash(prev, seq, body)
        AuditEntry.objects.create(
            seq=seq, at=self.at, kind=kind, object_id=object_id, action=action, actor=self.by.id,
            body=body, prev=prev, hash=digest,
        )  # fmt: skip
        self.last_seq = seq
        forget()
        return digest


def rows_digest(rows: Sequence[Record]) -> str:
    """SHA-256 over the canonical values of ``rows`` in their order, a line each."""
    digest = sha256()
    for record in rows:
        values = values_of(record, without={*record.personal, *record.secret})
        digest.update(canonical({"public_id": record.public_id, **values}).encode() + b"\n")
    return digest.hexdigest()


@contextmanager
def change(*, by: Actor, at: datetime, reason: str = "") -> Iterator[Trail]:
    """One thing that happens, in one transaction, under the lock of the trail.

    Inside another change it is a savepoint of that one: what it wrote goes with it when it fails.
    """
    pause: Pause | None = None
    try:
        with transaction.atomic():
            _take_lock()
            # What was read of the standing of people before nobody else could write may be out of date.
            forget()
            pause, trail = Pause(), Trail(by=by, at=at, reason=reason)
            transaction.on_commit(trail._let_go)
            transaction.on_commit(pause.end)
            try:
                yield trail
            finally:
                trail._ended = True
                forget()
    finally:
        if pause is not None:
            pause.end()


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
