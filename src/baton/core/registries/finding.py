"""What a search finds."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from baton.core.actors import Actor
from baton.core.registries.registry import Registry


@dataclass(frozen=True, slots=True)
class Findable:
    """What a search needs to know of one record.

    ``name`` is its title by language, ``texts`` everything else by which it is found (codes, names in both languages,
    notes; never contacts), ``note`` stands under the title. ``ended_on``: such are found after those that hold.
    """

    public_id: str
    number: str
    name: Mapping[str, str]
    texts: Sequence[str] = ()
    note: str = ""
    ended_on: date | None = None


def _none_about(person: str) -> Iterable[str]:
    return ()


@dataclass(frozen=True, slots=True)
class Searchable:
    """A kind of record that is found by its words. Who finds what: :data:`search_sights`.

    ``read(public_ids)`` yields those of the records that exist and count; what it leaves out is found no more.
    ``all_ids()`` names every record (for a rebuild). ``address(found)`` is the page of one; ``order`` sorts kinds.
    ``follows`` maps another kind of record whose texts stand in these to f(public ids of the changed ones) -> public
    ids of these. ``about(person)`` lists the records in which the name of a person (public id) may stand.
    ``within(seen)`` gives the rows that somebody sees of a kind which stands in no sight of its own, by what he sees of
    the others (kind -> rows).
    """

    title: Any
    icon: str
    read: Callable[[Collection[str]], Iterable[Findable]]
    all_ids: Callable[[], Iterable[str]]
    address: Callable[[Findable], str]
    order: int = 100
    follows: Mapping[str, Callable[[Collection[str]], Iterable[str]]] = field(default_factory=dict)
    about: Callable[[str], Iterable[str]] = _none_about
    within: Callable[[Mapping[str, Any]], Any] | None = None


@dataclass(frozen=True, slots=True)
class Lookup:
    """A kind of record of which there are too many for the words of each to be kept: it is found by its number, and by
    the beginning of it or of whatever else stands in an index of its table.

    ``find(viewer, at, text, limit)`` reads at most so many of those in his sight, exact ones first, at a cost that does
    not grow with how many there are; ``text`` is as it was typed. ``address(found)`` is the page of one; ``order``
    sorts it among the kinds.
    """

    title: Any
    icon: str
    find: Callable[[Actor, datetime, str, int], Sequence[Findable]]
    address: Callable[[Findable], str]
    order: int = 100


# Kinds of records that a search finds by their beginning alone.
lookups: Registry[Lookup] = Registry("kind that is looked up")
# Kinds of records that a search finds.
searchables: Registry[Searchable] = Registry("searchable kind")
# What of a room's kinds a viewer sees, called as f(viewer, at): kind -> rows of the records in his sight. A kind that
# is left out is not looked through for him. Of what is no record and yet talked about: a frozenset of ids.
search_sights: Registry[Callable[[Actor, datetime], Mapping[str, Any]]] = Registry("sight of a search")
