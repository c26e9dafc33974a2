"""What a worker does for rooms: jobs, and the facts that monitoring builds of their records."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from baton.core.registries.registry import Registry


@dataclass(frozen=True, slots=True)
class Job:
    """Work that a worker does. ``run(by=, at=, progress=, **arguments)`` gets values that JSON can hold.

    A run may be repeated after a crash: it must leave the same state however often it is begun. ``rrule`` is its
    recurrence (RFC 5545, in UTC), empty for work that is done only when asked for. ``attempts`` is how often it is
    tried in all before it is given up. ``title`` names it for people.
    """

    title: Any
    run: Callable[..., Any]
    rrule: str = ""
    attempts: int = 5


def _nothing_of(batch: str) -> Iterable[str]:
    return ()


def _itself(kind: str, public_id: str) -> Iterable[str]:
    return (public_id,)


@dataclass(frozen=True, slots=True)
class FactBuilder:
    """How a room's records become facts. Monitoring calls it and knows nothing else of the room.

    ``table`` names the fact table (``handovers``); no other builder has the same. ``kinds`` are the kinds of records
    of which its facts are made: every audit entry about one makes monitoring build the facts of its sources again,
    which ``of_record(kind, public_id)`` names; usually it is the record itself. Records that belong together may be one
    source, such as those of one link in a month. ``sources()`` lists all sources that yield
    facts now (for a rebuild from nothing). ``build(source)`` returns the facts of one source as a polars DataFrame, or
    None where it yields none (not yet, or withdrawn). No names leave: parties appear by public id only.
    ``in_batch(public_id)`` lists the sources among the records of a bulk entry that came or was withdrawn as a whole;
    a builder needs it whose kinds come in bulk. ``named(source)`` is what people call a source.
    """

    table: str
    kinds: frozenset[str]
    sources: Callable[[], list[str]]
    build: Callable[[str], Any]
    named: Callable[[str], str] = str
    in_batch: Callable[[str], Iterable[str]] = _nothing_of
    of_record: Callable[[str, str], Iterable[str]] = _itself


@dataclass(frozen=True, slots=True)
class Working:
    """Whether a room's work that goes on by itself goes as it should.

    ``well``: nothing is wrong. ``word`` is for everybody who asks ``/health``, signed in or not; ``said`` for the
    administrator: what is wrong, and what to do.
    """

    well: bool
    word: str
    said: str


@dataclass(frozen=True, slots=True)
class Beside:
    """What a room keeps beside the database and the backups, such as keys that must be in neither.

    ``amiss()`` says what is missing there, a sentence each, for ``baton verify``; it changes nothing. ``restored(by=,
    at=)`` is called once a backup was brought back: it settles what rested on what no backup has, and says so.
    """

    amiss: Callable[[], list[str]]
    restored: Callable[..., list[str]]


jobs: Registry[Job] = Registry("job")
fact_builders: Registry[FactBuilder] = Registry("fact builder")
# Work that goes on by itself: how it goes at a moment, asked by ``/health`` once the database answers.
workings: Registry[Callable[[datetime], Working]] = Registry("working")
beside: Registry[Beside] = Registry("keeping beside the database")
