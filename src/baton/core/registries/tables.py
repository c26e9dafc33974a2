"""What goes in and out many rows at a time: bulk entries, imports, exports."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from baton.core.actors import Actor
from baton.core.registries.registry import Registry


def _prepare_nothing(**given: Any) -> None:
    """Most bulk entries need nothing before their first row."""


def _seal_nothing(**given: Any) -> None:
    """Most bulk entries need nothing beside their rows when they begin to count."""


@dataclass(frozen=True, slots=True)
class BulkTarget:
    """A kind of record that may come in bulk, and how a room makes its rows; see ``baton.core.changes.bulk``.

    ``title`` names the rows for people, ``model`` is the label of their table (``chain.Link``), a ``Batched`` one.
    ``may_enter(actor)`` says who enters, sees and withdraws such entries; with ``handles_all`` only this one's actors
    those of others, too.

    ``prepare(by=, at=, batch=, progress=)`` runs before the first row and again after a crash; what it does is visible
    at once and each of its steps must be short. ``rows(batch)`` yields one unsaved record for each row of the batch's
    file from ``rows_entered`` on, None for a row that makes none; it works without the write lock.
    ``admit(at=, batch=, first=, records=)`` gets a slice of them under the lock, checks what may have changed since,
    and numbers them. ``conflict(first=, records=)`` is the refusal to raise when the database found a unique key taken.
    ``sealed(by=, at=, batch=)`` is called in the change that makes the rows count.

    ``columns``, for tables of a million rows: ``rows`` yields lists of the values of these columns in place of records,
    as :meth:`baton.core.audit.trail.Trail.bulk_values` takes them; ``admit`` may put values into them.

    ``released`` are the values that give the unique keys of a withdrawn row back (``{"ended_on": F("began_on")}``).
    """

    title: Any
    model: str
    may_enter: Callable[[Actor], bool]
    rows: Callable[[Any], Iterator[Any]]
    admit: Callable[..., None]
    conflict: Callable[..., Exception]
    released: Mapping[str, Any]
    columns: tuple[str, ...] = ()
    prepare: Callable[..., None] = _prepare_nothing
    sealed: Callable[..., None] = _seal_nothing
    handles_all: Callable[[Actor], bool] | None = None


def _everybody(actor: Actor) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Export:
    """A table that people take away. ``rows(viewer, at)`` yields what the viewer may see, a sequence of cells each.

    ``text`` says what stands in it; ``shown(actor)`` who may take it at all.
    """

    title: Any
    header: Callable[[], Sequence[str]]
    rows: Callable[[Actor, datetime], Iterable[Sequence[object]]]
    text: Any = ""
    shown: Callable[[Actor], bool] = _everybody


@dataclass(frozen=True, slots=True)
class Import:
    """A way to bring data: what it is, what to bring (``text``), the page on which it is done, and for whom."""

    title: Any
    text: Any
    url_name: str
    shown: Callable[[Actor], bool]


bulk_targets: Registry[BulkTarget] = Registry("target of bulk entries")
# What stands on the rows of a bulk entry without a foreign key to them, called as f(batch): label -> how many. Foreign
# keys are found by themselves.
dependants: Registry[Callable[[Any], Mapping[Any, int]]] = Registry("dependants")
imports: Registry[Import] = Registry("import")
exports: Registry[Export] = Registry("export")
