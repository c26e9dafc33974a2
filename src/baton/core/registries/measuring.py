"""What monitoring asks a room about the things that it measures; it knows them by the keys of their measures only."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from baton.core.actors import Actor
from baton.core.registries.registry import Registry


@dataclass(frozen=True, slots=True)
class Measured:
    """Something that is measured, as people know it: the record on whose page its charts stand.

    ``name`` is its name by language; ``lasting_name`` the same without names of persons, for messages, which stay when
    somebody is forgotten. ``ended``: it is no more. ``unit``: of the values that are measured of it; empty for none.
    """

    kind: str
    public_id: str
    name: Mapping[str, str]
    lasting_name: Mapping[str, str]
    ended: bool = False
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Measurables:
    """A room's answers about what is measured, each by key (``Policy.measured_as``).

    ``sight(viewer, at, search)`` are the keys in the viewer's sight, few of them one by one or else as a query: all of
    them, or those in whose names the words of ``search`` stand; None where he sees everything that is measured.
    ``named(viewer, at, keys)`` maps those of the keys that he sees to what they stand for. ``standing(at, keys)`` are
    those whose things are in force: only such are worth a look.

    ``records(keys)`` maps keys to all (kind, public id) of which they are the key, and ``kinds`` are the kinds of these
    records: a change of one may make a chart worth a look, or no longer.
    ``responsible(at, keys)`` maps keys to the person who should look first when a chart gives a signal; a key is left
    out where nobody is. ``answerable(viewer, at, keys)`` are those of which the viewer may say what is behind a signal.
    """

    kinds: frozenset[str]
    sight: Callable[[Actor, datetime, str], Any]
    named: Callable[[Actor, datetime, Collection[str]], Mapping[str, Measured]]
    standing: Callable[[datetime, Collection[str]], set[str]]
    records: Callable[[Collection[str]], Mapping[str, Sequence[tuple[str, str]]]]
    responsible: Callable[[datetime, Collection[str]], Mapping[str, Any]]
    answerable: Callable[[Actor, datetime, Collection[str]], set[str]]


measurables: Registry[Measurables] = Registry("measurable")
