"""What a viewer finds. Records out of his sight are not counted, not named and not hinted at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Case, Exists, F, IntegerField, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import Length

from baton.core import policy, registries
from baton.core.actors import Actor
from baton.core.days import day_of
from baton.core.models import SearchEntry
from baton.core.registries import Findable, Lookup, Searchable
from baton.core.search.index import contained, containing
from baton.core.search.marking import holds, mark
from baton.core.texts import clean_text, folded, say

LONGEST = 200
"""Characters of a question that are looked at."""
MOST_WORDS = 12
FEW = 20
"""Rows of one kind on the page of all kinds."""
SUGGESTED = 8
MOST_RANKED = 1_000
"""Records of a kind that are put in order: of words that stand in more of them, the first ones entered."""
MOST_READ = 1_000
"""Up to so many records in sight of a kind their words are read, instead of asking the index for all that hold them."""


@dataclass(frozen=True, slots=True)
class Hit:
    """One record that was found, as its room describes it now, in the reader's language."""

    kind: str
    kind_title: Any
    icon: str
    public_id: str
    address: str
    number: str
    title: str
    note: str
    ended: bool
    words: tuple[str, ...]

    @property
    def marked_number(self) -> str:
        return mark(self.number, self.words)

    @property
    def marked_title(self) -> str:
        return mark(self.title, self.words)

    @property
    def marked_note(self) -> str:
        return mark(self.note, self.words)


@dataclass(frozen=True, slots=True)
class Group:
    """What was found of one kind; ``more``: there is more of it than is shown."""

    kind: str
    title: Any
    icon: str
    hits: list[Hit]
    more: bool


def words_of(text: str) -> tuple[str, ...]:
    """The words that are looked for, each once, as they stand in the index."""
    return tuple(dict.fromkeys(folded(clean_text(text[:LONGEST])).split()))[:MOST_WORDS]


def search(*, viewer: Actor, at: datetime, text: str, kind: str = "", limit: int = FEW) -> list[Group]:
    """What the viewer sees and in which every word of ``text`` stands, by kind, at most ``limit`` of each; the number
    itself first, then names that begin with it, then names that hold it; what has ended last.

    ``kind``: only this one. Kinds of which nothing is found are left out. The number of queries does not depend on how
    much there is.
    """
    words = words_of(text)
    if not words:
        return []
    holding = containing(connection, list(words))
    groups = _looked_up(viewer, at, text, words, kind, limit)
    for name, seen in _sights(viewer, at).items():
        if kind and name != kind:
            continue
        source = registries.searchables.get(name)
        rows = _ranked(_found(name, seen, holding, words), words, at)
        ids = list(rows.values_list("object_id", flat=True)[: limit + 1])
        if hits := _hits(name, ids[:limit], words, at):
            groups.append(Group(name, source.title, source.icon, hits, more=len(ids) > limit))
    return sorted(groups, key=lambda group: _order_of(group.kind))


def suggestions(*, viewer: Actor, at: datetime, text: str) -> list[Hit]:
    """The few best of all kinds, for the list under the search box: of each kind the best first."""
    groups = search(viewer=viewer, at=at, text=text, limit=SUGGESTED)
    ranked = [(place, number, hit) for number, group in enumerate(groups) for place, hit in enumerate(group.hits)]
    best = sorted(ranked, key=lambda row: (row[0], row[1]))[:SUGGESTED]
    return [hit for _place, _number, hit in sorted(best, key=lambda row: (row[1], row[0]))]


def numbered(*, viewer: Actor, at: datetime, text: str) -> Hit | None:
    """The one record whose number ``text`` is, if the viewer sees it."""
    number = folded(clean_text(text[:LONGEST]))
    if not number:
        return None
    hits = []
    for name, seen in _sights(viewer, at).items():
        rows = _in_sight(name, seen).filter(number=number)
        hits += _hits(name, list(rows.values_list("object_id", flat=True)[:2]), (number,), at)
    for group in _looked_up(viewer, at, text, (number,), "", 2):
        hits += [hit for hit in group.hits if folded(hit.number) == number]
    return hits[0] if len(hits) == 1 else None


def _sights(viewer: Actor, at: datetime) -> Mapping[str, QuerySet[Any]]:
    """Rows in the viewer's sight by kind, in the order in which kinds are shown."""
    if viewer.is_anonymous:
        return {}
    seen: dict[str, QuerySet[Any]] = {}
    for _room, sight in registries.search_sights:
        seen.update(sight(viewer, at))
    kinds = sorted(registries.searchables, key=lambda entry: entry[1].order)
    if policy.may_use(viewer):
        seen |= {name: source.within(seen) for name, source in kinds if source.within is not None}
    return {name: seen[name] for name, _source in kinds if name in seen}


def _looked_up(viewer: Actor, at: datetime, text: str, words: tuple[str, ...], kind: str, limit: int) -> list[Group]:
    """What is found by its beginning, of kinds whose words are kept nowhere."""
    if viewer.is_anonymous:
        return []
    groups = []
    for name, source in registries.lookups:
        if kind and name != kind:
            continue
        found = source.find(viewer, at, clean_text(text[:LONGEST]).strip(), limit + 1)
        if hits := _described(name, source, found[:limit], words, at):
            groups.append(Group(name, source.title, source.icon, hits, more=len(found) > limit))
    return groups


def _order_of(kind: str) -> int:
    if kind in registries.lookups:
        return registries.lookups.get(kind).order
    return registries.searchables.get(kind).order


def _in_sight(kind: str, seen: QuerySet[Any]) -> QuerySet[SearchEntry]:
    record = seen.filter(public_id=OuterRef("object_id")).order_by()
    return SearchEntry.objects.filter(Exists(record), kind=kind)


def _found(kind: str, seen: QuerySet[Any], holding: Q, words: tuple[str, ...]) -> QuerySet[SearchEntry]:
    # Asked for by themselves: a sight with many conditions takes PostgreSQL longer to plan than to read.
    ids = list(seen.order_by().values_list("public_id", flat=True)[: MOST_READ + 1])
    if len(ids) <= MOST_READ:
        return SearchEntry.objects.filter(contained(list(words)), kind=kind, object_id__in=ids)
    visible = _in_sight(kind, seen)
    some = [
        *visible.filter(number=" ".join(words)).values_list("pk", flat=True),
        *visible.filter(holding).values_list("pk", flat=True)[:MOST_RANKED],
    ]
    return SearchEntry.objects.filter(pk__in=some)


def _ranked(rows: QuerySet[SearchEntry], words: tuple[str, ...], at: datetime) -> QuerySet[SearchEntry]:
    phrase = " ".join(words)
    rank = Case(
        When(number=phrase, then=Value(0)),
        When(Q(name__startswith=phrase) | Q(name__contains=f"\n{phrase}"), then=Value(1)),
        When(name__contains=phrase, then=Value(2)),
        default=Value(3),
        output_field=IntegerField(),
    )
    over = Case(When(ended_on__lte=day_of(at), then=Value(1)), default=Value(0), output_field=IntegerField())
    return rows.order_by(rank, over, Length("name"), F("number"), "pk")


def _hits(kind: str, ids: list[str], words: tuple[str, ...], at: datetime) -> list[Hit]:
    """The records as they are now; one that is gone meanwhile is left out."""
    source = registries.searchables.get(kind)
    read = {one.public_id: one for one in source.read(ids)} if ids else {}
    return _described(kind, source, [read[public_id] for public_id in ids if public_id in read], words, at)


def _described(
    kind: str, source: Searchable | Lookup, found: Sequence[Findable], words: tuple[str, ...], at: datetime
) -> list[Hit]:
    day = day_of(at)
    return [
        Hit(
            kind=kind, kind_title=source.title, icon=source.icon, public_id=one.public_id,
            address=source.address(one), number=one.number, title=say(one.name) or one.number,
            note=_note(one, words), ended=one.ended_on is not None and one.ended_on <= day, words=words,
        )
        for one in found
    ]  # fmt: skip


def _note(one: Findable, words: tuple[str, ...]) -> str:
    """What stands under the title, and the text in which a word stands that is not seen otherwise."""
    shown = [one.number, say(one.name), one.note]
    parts = [one.note] if one.note else []
    for word in words:
        if not any(holds(text, word) for text in (*shown, *parts)):
            where = next((text for text in (*one.name.values(), *one.texts) if holds(text, word)), "")
            parts += [where] if where else []
    return " · ".join(parts)
