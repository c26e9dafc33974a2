"""What was computed from records, kept in this process for as long as the records are as they were.

    _WHOLE: Memory[Chain] = Memory(most=2)
    chain = _WHOLE.get((version_of("chain.Party", "chain.Link"), day), read)

Every change of a record raises its ``changed_seq``, and the hash of that entry of the audit trail follows from all that
was ever written before it: as long as both are the same, so are the records. A change that is rolled back leaves no
trace of itself; a database that was brought back from a backup has other hashes from there on.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from functools import cache
from threading import Lock
from typing import Generic, NamedTuple, TypeVar
from weakref import WeakSet

from django.apps import apps
from django.db import connection

from baton.core.models import AuditEntry, Batch, Record
from baton.core.once import once, once_in_here, only_reads

T = TypeVar("T")

Version = tuple[int | str, ...]


def version_of(*models: str) -> Version:
    """Equal as long as no record of these models (``app.Model``) was added or changed, and no bulk entry, which decides
    whether its records count. In a page one query for all versions of it, and two for each that entries of the trail
    since the page before have touched; elsewhere two."""
    if not only_reads():
        return _read(models)
    once("core.versions", _KNOWN.follow)
    return _KNOWN.get(models)


def _read(models: tuple[str, ...]) -> Version:
    """Two queries, which look into indexes only."""
    with connection.cursor() as cursor:
        cursor.execute(_newest(models))
        found: tuple[int, ...] = tuple(value or 0 for value in cursor.fetchone())
        cursor.execute(_entry(), [max(found[::2])])
        digest = cursor.fetchone()
    return (*found, digest[0] if digest else "")


class _Known:
    """The versions that this process has read, each at an entry of the trail up to which it still holds.

    The entries that came since say what they may have touched, so that the others need not be read again. An entry is
    about one record; with it only records of the same room change (of core: none but itself), and with the entry of a
    bulk entry any.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._at: _At = _At(0, "", {})

    def follow(self) -> None:
        """Come to the newest entry. One query, two where the trail is another one or much was written."""
        while True:
            at = self._at
            newer = at.next(_entries(_SINCE, at.seq)) if at.seq else _last()
            with self._lock:
                if self._at is at:
                    self._at = newer
                    return

    def get(self, models: tuple[str, ...]) -> Version:
        at = self._at
        version = at.versions.get(models)
        if version is None:
            # As new as the entry at least; if one has come since, it is dropped with that.
            version = _read(models)
            with self._lock:
                at.versions[models] = version
        return version

    def forget(self) -> None:
        with self._lock:
            self._at = _At(0, "", {})


Entries = list[tuple[int, str, str]]
"""Number, hash and kind of entries of the trail."""

_MOST = 200
"""Entries that came since, of which each is looked at."""
_SINCE = f"{{seq}} >= %s ORDER BY {{seq}} LIMIT {_MOST}"
_LAST = "{seq} >= %s ORDER BY {seq} DESC LIMIT 1"


class _At(NamedTuple):
    """An entry of the trail, and versions that hold up to it."""

    seq: int
    digest: str
    versions: dict[tuple[str, ...], Version]

    def next(self, entries: Entries) -> _At:
        """At the last of ``entries``, which begin with this one if the trail is still the same."""
        if not entries or entries[0][:2] != (self.seq, self.digest) or len(entries) == _MOST:
            return _last()
        touched = {_touches(kind) for _seq, _digest, kind in entries[1:]}
        if not touched:
            return self
        known = {} if _EVERYTHING in touched else self.versions.copy()
        holding = {models: version for models, version in known.items() if touched.isdisjoint(map(_part, models))}
        return _At(*entries[-1][:2], holding)


def _last() -> _At:
    """At the newest entry, and no version."""
    last = _entries(_LAST, 0)
    return _At(*last[0][:2], {}) if last else _At(0, "", {})


_KNOWN = _Known()
_EVERYTHING = ""


@cache
def _touches(kind: str) -> str:
    """The part of the records that an entry about this kind may have changed."""
    found = [model for model in apps.get_models() if issubclass(model, Record) and model.kind == kind]
    return _part(found[0]._meta.label) if found and found[0] is not Batch else _EVERYTHING


def _part(model: str) -> str:
    """A room, or a model of core."""
    room = model.partition(".")[0]
    return model if room == "core" else room


def _entries(which: str, seq: int) -> Entries:
    with connection.cursor() as cursor:
        cursor.execute(_entries_sql(which), [seq])
        return list(cursor.fetchall())


@cache
def _entries_sql(which: str) -> str:
    quote, entry = connection.ops.quote_name, AuditEntry._meta
    columns = ", ".join(quote(name) for name in ("seq", "hash", "kind"))
    return f"SELECT {columns} FROM {quote(entry.db_table)} WHERE {which.format(seq=quote('seq'))}"


@cache
def models_of(*names: str) -> tuple[str, ...]:
    """Models as :func:`version_of` wants them: of a room (``chain``) all whose changes are counted, of a model
    (``core.Person``) itself."""
    rooms = {name: apps.get_app_config(name).get_models() for name in names if "." not in name}
    counted = [
        model._meta.label
        for models in rooms.values()
        for model in models
        if any(column.name == "changed_seq" for column in model._meta.get_fields())
    ]
    return (*counted, *(name for name in names if "." in name))


@cache
def _newest(models: tuple[str, ...]) -> str:
    """Asks for the last change and the last key of each model, in turn."""
    quote = connection.ops.quote_name
    columns = [
        f"(SELECT MAX({quote(column)}) FROM {quote(model._meta.db_table)})"
        for model in map(apps.get_model, (*models, "core.Batch"))
        for column in ("changed_seq", model._meta.pk.column)
    ]
    return f"SELECT {', '.join(columns)}"


@cache
def _entry() -> str:
    """Asks for the hash of an entry of the trail."""
    quote, entry = connection.ops.quote_name, AuditEntry._meta
    return f"SELECT {quote('hash')} FROM {quote(entry.db_table)} WHERE {quote('seq')} = %s"


def read_anew(reads: tuple[str, ...], read: Callable[[], T]) -> T:
    """What ``read`` gives, which reads no records but ``reads``, and takes nothing over that was read before."""
    with once_in_here():
        return read()


class Memory(Generic[T]):
    """The ``most`` results used last, by key, of this process. Threads share them: nobody changes what he is given."""

    _all: WeakSet[Memory[object]] = WeakSet()

    def __init__(self, most: int) -> None:
        self.most = most
        self._kept: OrderedDict[Hashable, T] = OrderedDict()
        self._lock = Lock()
        self._all.add(self)  # type: ignore[arg-type]

    def unchanged(self, reads: tuple[str, ...], key: Hashable, read: Callable[[], T]) -> T:
        """In a page, what ``read`` gave under ``key`` as long as no record of ``reads`` (:func:`models_of`) changes;
        else what it gives. It reads for itself: nothing that the page had read before the version is kept under it."""
        if not only_reads():
            return read()
        version = once(("core.versions", reads), lambda: version_of(*models_of(*reads)))
        return self.get((version, key), lambda: read_anew(reads, read))

    def get(self, key: Hashable, read: Callable[[], T]) -> T:
        """What is kept under ``key``, or what ``read`` gives."""
        found = self.peek(key)
        if found is not None:
            return found
        made = read()
        self.keep(key, made)
        return made

    def keep(self, key: Hashable, made: T) -> None:
        """Keep ``made`` under ``key``; what was not used for longest goes."""
        with self._lock:
            self._kept[key] = made
            while len(self._kept) > self.most:
                self._kept.popitem(last=False)

    def peek(self, key: Hashable) -> T | None:
        """What is kept under ``key``; None where nothing is."""
        with self._lock:
            found = self._kept.get(key)
            if found is not None:
                self._kept.move_to_end(key)
            return found

    @classmethod
    def forget_all(cls) -> None:
        """Empty the memories of this process, as when it begins to work on another database."""
        _KNOWN.forget()
        for memory in list(cls._all):
            with memory._lock:
                memory._kept.clear()
