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
from typing import Generic, TypeVar
from weakref import WeakSet

from django.apps import apps
from django.db import connection

from baton.core.models import AuditEntry

T = TypeVar("T")

Version = tuple[int | str, ...]


def version_of(*models: str) -> Version:
    """Equal as long as no record of these models (``app.Model``) was added or changed, and no bulk entry, which decides
    whether its records count. Two queries, which look into indexes only."""
    with connection.cursor() as cursor:
        cursor.execute(_newest(models))
        found: tuple[int, ...] = tuple(value or 0 for value in cursor.fetchone())
        cursor.execute(_entry(), [max(found[::2])])
        digest = cursor.fetchone()
    return (*found, digest[0] if digest else "")


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


class Memory(Generic[T]):
    """The ``most`` results used last, by key, of this process. Threads share them: nobody changes what he is given."""

    _all: WeakSet[Memory[object]] = WeakSet()

    def __init__(self, most: int) -> None:
        self.most = most
        self._kept: OrderedDict[Hashable, T] = OrderedDict()
        self._lock = Lock()
        self._all.add(self)  # type: ignore[arg-type]

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
        for memory in list(cls._all):
            with memory._lock:
                memory._kept.clear()
