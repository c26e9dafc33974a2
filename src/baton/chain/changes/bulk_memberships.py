"""Many memberships at once, as part of an import: each comes out as ``appoint`` would have made it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, datetime
from itertools import islice
from typing import TYPE_CHECKING, Any

from django.db.models import F

from baton.chain.changes.bulk_rows import of_row
from baton.chain.changes.checks import parties_named, still_there
from baton.chain.changes.memberships import held_by
from baton.chain.models import Membership, Party
from baton.chain.rules import Capacity, Scope, overlap
from baton.core.changes.bulk import lines_of
from baton.core.changes.bulk_people import people_on_their_way
from baton.core.errors import Refused
from baton.core.rules import TAKEN_BACK

if TYPE_CHECKING:
    from baton.core.models import Batch

MEMBERSHIPS_TARGET = "memberships"
RELEASED: Mapping[str, Any] = {"ended_on": F("began_on")}
"""A withdrawn membership never held: it ends on its first day."""
_READ = 500


SCOPED = ("scope", "scope_side", "scope_kind", "scope_dealings")
"""What a deputy may do, and to which links he is held."""


def membership_line(
    *, party: str, person: str, capacity: Capacity, began_on: date, ended_on: date | None,
    scoped: Mapping[str, str | None] | None = None, note: str = "",
) -> dict[str, Any]:  # fmt: skip
    """A row of the entry; ``party`` and ``person`` are public ids, ``scoped`` holds what is said of :data:`SCOPED`."""
    return {
        "party": party, "person": person, "capacity": capacity.value, "began_on": began_on.isoformat(),
        "ended_on": ended_on.isoformat() if ended_on else "", "note": note,
        **{name: value for name, value in (scoped or {}).items() if value},
    }  # fmt: skip


def memberships_of(batch: Batch) -> Iterator[Membership]:
    """The memberships of the rows that are left; people of the same import are not sealed yet."""
    lines = lines_of(batch, after=batch.rows_entered)
    while chunk := list(islice(lines, _READ)):
        parties = parties_named({line["party"] for line in chunk})
        people = people_on_their_way({line["person"] for line in chunk})
        for line in chunk:
            yield Membership(
                party=parties[line["party"]], person=people[line["person"]], capacity=Capacity(line["capacity"]),
                scope=Scope(line.get("scope", Scope.ALL)), scope_side=line.get("scope_side", ""),
                scope_kind=line.get("scope_kind", ""), scope_dealings=line.get("scope_dealings", ""),
                note=line.get("note", ""), appointed_by=batch.person, began_on=date.fromisoformat(line["began_on"]),
                ended_on=date.fromisoformat(line["ended_on"]) if line["ended_on"] else None,
            )  # fmt: skip


def admit_memberships(*, at: datetime, batch: Batch, first: int, records: Sequence[Membership]) -> None:
    """Under the lock: refuse parties that have ended since, a second head in the same days, the same twice."""
    ids = {record.party_id for record in records}
    ended = {party.pk: party for party in Party.everything.filter(pk__in=ids, ended_on__isnull=False)}
    held = _held(ids, {record.person_id for record in records})
    for row, record in enumerate(records, start=first):
        with of_row(row):
            if record.party_id in ended:
                still_there(ended[record.party_id].ended_on, ended[record.party_id].number)
            for person, began, until, other in held[record.party_id, record.capacity]:
                if overlap(record.began_on, record.ended_on, began, until) and (
                    person == record.person_id or record.capacity == Capacity.HEAD
                ):
                    raise held_by(other if isinstance(other, Membership) else _whole(other))
        own = (record.person_id, record.began_on, record.ended_on, record)
        held[record.party_id, record.capacity].append(own)


_Held = tuple[int, date, date | None, Membership | int]
"""Person, first and last day, and the membership, or its primary key."""


def _held(parties: Collection[int], people: Collection[int]) -> dict[tuple[int, str], list[_Held]]:
    """Heads of these parties, and what these people are in them otherwise."""
    standing = Membership.everything.exclude(batch__state__in=TAKEN_BACK).filter(party__in=parties)
    columns = ("party_id", "capacity", "person_id", "began_on", "ended_on", "pk")
    held: dict[tuple[int, str], list[_Held]] = defaultdict(list)
    for rows in (
        standing.filter(capacity=Capacity.HEAD),
        standing.filter(person__in=people).exclude(capacity=Capacity.HEAD),
    ):
        for party, capacity, person, began, until, key in rows.values_list(*columns):
            held[party, capacity].append((person, began, until, key))
    return held


def _whole(key: int) -> Membership:
    return Membership.everything.select_related("person").get(pk=key)


def conflict_of_memberships(*, first: int, records: Sequence[Membership]) -> Refused:
    """Nothing gets this far that :func:`admit_memberships` has not refused."""
    raise RuntimeError("the database refused memberships that were admitted")
