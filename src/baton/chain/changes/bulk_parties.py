"""Many parties at once, as part of an import: each comes out as ``add_party`` would have made it.

A row names the party it stands under by its public id: one that is there, or one of a row before it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from itertools import islice
from typing import TYPE_CHECKING, Any

from django.db.models import F

from baton.chain.changes.bulk_rows import of_row, refused_rows
from baton.chain.changes.parties import fold_search, put_under
from baton.chain.models import Party
from baton.chain.rules import Confidentiality, PartyKind
from baton.core.changes import next_numbers
from baton.core.changes.bulk import lines_of
from baton.core.changes.bulk_people import people_on_their_way
from baton.core.changes.row_keys import reserve_keys
from baton.core.errors import Refused
from baton.core.texts import Texts, sort_keys
from baton_analysis.errors import gettext_noop

if TYPE_CHECKING:
    from baton.core.models import Batch

PARTIES_TARGET = "parties"
RELEASED: Mapping[str, Any] = {"ended_on": F("began_on"), "code": None}
"""A withdrawn party never was: it ends on its first day and gives its code back."""
_READ = 500


def party_line(
    *, public_id: str, party_kind: PartyKind, name: Texts, code: str, parent: str, began_on: date, person: str = "",
    partner: str = "", confidentiality: str = Confidentiality.OPEN.value,
) -> dict[str, Any]:  # fmt: skip
    """A row of the entry; ``parent`` and ``person`` are public ids, empty for none."""
    return {
        "public_id": public_id, "party_kind": party_kind.value, "name": dict(name), "code": code, "parent": parent,
        "began_on": began_on.isoformat(), "person": person, "partner": partner, "confidentiality": confidentiality,
    }  # fmt: skip


def parties_of(batch: Batch) -> Iterator[Party]:
    """The parties of the rows that are left. The path says only who stands above, until the slice is admitted."""
    lines = lines_of(batch, after=batch.rows_entered)
    while chunk := list(islice(lines, _READ)):
        people = people_on_their_way({line["person"] for line in chunk if line["person"]})
        for line in chunk:
            above = f"{line['parent']}/" if line["parent"] else ""
            yield Party(
                public_id=line["public_id"], party_kind=PartyKind(line["party_kind"]), name=line["name"],
                sort_keys=sort_keys(line["name"]), code=line["code"] or None, path=f"{above}{line['public_id']}/",
                began_on=date.fromisoformat(line["began_on"]), person=people.get(line["person"]),
                partner=line["partner"], confidentiality=Confidentiality(line["confidentiality"]),
            )  # fmt: skip


def admit_parties(*, at: datetime, batch: Batch, first: int, records: Sequence[Party]) -> None:
    """Under the lock: put each under its parent as it stands now, refuse where that cannot be, and number them."""
    above = {party.public_id: _parent_of(party) for party in records}
    there: dict[str, Party] = {}
    for party in Party.everything.filter(public_id__in=set(above.values()) - above.keys() - {""}):
        there[party.public_id] = party
    keys = reserve_keys(Party, len(records))
    numbers = next_numbers(prefix="P", at=at, count=len(records))
    for row, (party, key, number) in enumerate(zip(records, keys, numbers, strict=True), start=first):
        with of_row(row):
            put_under(party, there[above[party.public_id]] if above[party.public_id] else None)
        party.pk, party.number = key, number
        fold_search(party)
        there[party.public_id] = party


def _parent_of(party: Party) -> str:
    parts = party.path.rstrip("/").split("/")
    return parts[-2] if len(parts) > 1 else ""


def conflict_of_parties(*, first: int, records: Sequence[Party]) -> Refused:
    """Which row is there already, when the database has said that one is."""
    codes = {party.code: row for row, party in enumerate(records, start=first) if party.code}
    for taken in Party.everything.filter(code__in=codes):
        return refused_rows([(codes[taken.code or ""], _code_taken(taken))])
    people = {party.person_id: row for row, party in enumerate(records, start=first) if party.person_id}
    for taken in Party.everything.filter(person__in=people, ended_on__isnull=True):
        return refused_rows([(people[taken.person_id or 0], _code_taken(taken))])
    raise RuntimeError("the database refused parties for another reason than their unique keys")


def _code_taken(taken: Party) -> Refused:
    return Refused(
        field="code",
        expected=gettext_noop("Expected a code, or a person, that no other party has."),
        found=gettext_noop("{number} has it."),
        remedy=gettext_noop("Check the table again."),
        number=taken.number,
    )
