"""Keeping the words of the search in step with the records.

A record's own words change in the transaction that changes it. Words that it takes from other records, and records that
come in bulk, follow within a minute from the change feed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime
from itertools import islice
from typing import Any

from django.apps import apps
from django.db import connection, transaction
from django.db.models import QuerySet

from baton.core import registries
from baton.core.actors import Actor
from baton.core.audit import feed
from baton.core.audit.trail import change, head
from baton.core.database.scrubbing import scrub
from baton.core.models import Batch, Batched, Record, SearchEntry
from baton.core.pace import Pace
from baton.core.registries import Findable, Searchable
from baton.core.search import index
from baton.core.texts import folded

READER = "search"
JOB = "core.search"
ENTRIES_A_STEP = 500
RECORDS_A_STEP = 200
_KEPT = ("number", "name", "text", "ended_on")


def watch(record: Record) -> None:
    """Renew the words of a record that was just saved, in the same transaction."""
    if record.kind in registries.searchables:
        _renew(record.kind, [record.public_id])


def follow(*, by: Actor, at: datetime, progress: Any = None) -> int:
    """Read the change feed to its end and renew what its entries concern. Returns the number of entries read."""
    read = 0
    while entries := feed.read(READER, ENTRIES_A_STEP):
        changed: dict[str, dict[str, None]] = {kind: {} for kind in _looked_at()}
        wholes: list[tuple[str, str]] = []
        for entry in entries:
            whole = feed.kind_in_bulk(entry)
            if whole in changed:
                wholes.append((whole, entry.object_id))
            elif entry.kind in changed:
                changed[entry.kind][entry.object_id] = None
        _renew_concerned(by, at, changed)
        for whole, batch in wholes:
            for part in _in_batch(whole, batch):
                _renew_concerned(by, at, {whole: part})
        feed.advance(READER, entries[-1].seq)
        read += len(entries)
    return read


def _looked_at() -> set[str]:
    """Kinds that are found, and those whose texts stand in them."""
    return {name for kind, source in registries.searchables for name in (kind, *source.follows)}


def _concerned(kind: str, source: Searchable, changed: Mapping[str, Collection[str]]) -> Iterator[str]:
    yield from changed.get(kind, ())
    for other, touched in source.follows.items():
        for part in _parts(changed.get(other, ())):
            yield from touched(part)


def _renew_concerned(by: Actor, at: datetime, changed: Mapping[str, Collection[str]]) -> None:
    """Renew everything in which something stands of these records, by kind; in steps that hold the lock briefly."""
    for kind, source in registries.searchables:
        concerned, pace = iter(dict.fromkeys(_concerned(kind, source, changed))), Pace()
        while part := list(islice(concerned, pace.rows)):
            pace.took(len(part), _renew_locked(by, at, kind, part))


def _in_batch(kind: str, batch: str) -> Iterator[list[str]]:
    """Records of a kind that came with a bulk entry, whether they count or were withdrawn; as many at a time as were
    entered, or taken back, with one entry of the trail."""
    for model in apps.get_models():
        if not issubclass(model, Batched) or model.kind != kind:
            continue
        rows = model.everything.filter(batch=Batch.objects.get(public_id=batch))
        last = -1
        while (seq := _next_seq(rows, last)) is not None:
            yield list(rows.filter(changed_seq=seq).values_list("public_id", flat=True))
            last = seq


def _next_seq(rows: QuerySet[Batched], last: int) -> int | None:
    later = rows.filter(changed_seq__gt=last).order_by("changed_seq")
    return later.values_list("changed_seq", flat=True).first()


def rebuild(*, by: Actor, at: datetime, progress: Any = None) -> int:
    """Make all words anew from the records, and the database's index where it is missing. Returns how many entries
    there are then."""
    index.create(connection)
    seq = head()
    known = {kind for kind, _source in registries.searchables}
    SearchEntry.objects.exclude(kind__in=known).delete()
    done = 0
    for kind, source in registries.searchables:
        there = set(SearchEntry.objects.filter(kind=kind).values_list("object_id", flat=True))
        wanted = there.union(source.all_ids())
        for part in _parts(sorted(wanted)):
            _renew_locked(by, at, kind, part)
            done += len(part)
            if progress is not None:
                progress(done, 0, "")
    feed.advance(READER, seq)
    return SearchEntry.objects.count()


def forget(*, by: Actor, at: datetime, person: Any) -> None:
    """Take out at once everything in which the name of somebody who is forgotten may stand; what is left of it comes
    back, under its new name, with the change feed."""
    for kind, source in registries.searchables:
        for part in _parts(source.about(person.public_id)):
            SearchEntry.objects.filter(kind=kind, object_id__in=part).delete()
    transaction.on_commit(lambda: scrub(index.TABLE), robust=True)


def _renew_locked(by: Actor, at: datetime, kind: str, ids: Collection[str]) -> float:
    """Under the lock of the trail: nobody changes, or forgets, what is being read until it is written. Returns for how
    many seconds others were kept waiting."""
    with change(by=by, at=at) as trail:
        _renew(kind, ids)
    return trail.held_seconds


def _renew(kind: str, ids: Collection[str]) -> None:
    fresh = {one.public_id: one for one in registries.searchables.get(kind).read(ids)}
    there = {
        row["object_id"]: row
        for row in SearchEntry.objects.filter(kind=kind, object_id__in=ids).values("object_id", *_KEPT)
    }
    if gone := there.keys() - fresh.keys():
        SearchEntry.objects.filter(kind=kind, object_id__in=gone).delete()
    rows = [SearchEntry(kind=kind, object_id=public_id, **_words(one)) for public_id, one in fresh.items()]
    stale = [row for row in rows if _differs(row, there.get(row.object_id))]
    if stale:
        SearchEntry.objects.bulk_create(
            stale, update_conflicts=True, unique_fields=["kind", "object_id"], update_fields=_KEPT
        )


def _words(one: Findable) -> dict[str, Any]:
    name = folded(*dict.fromkeys(one.name.values()))
    return {
        "number": folded(one.number),
        "name": name,
        "text": folded(*dict.fromkeys([one.number, *one.name.values(), *one.texts])),
        "ended_on": one.ended_on,
    }


def _differs(row: SearchEntry, stored: dict[str, Any] | None) -> bool:
    return stored is None or any(getattr(row, name) != stored[name] for name in _KEPT)


def _parts(ids: Iterable[str]) -> Iterator[list[str]]:
    rest = iter(ids)
    while part := list(islice(rest, RECORDS_A_STEP)):
        yield part
