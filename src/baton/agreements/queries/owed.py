"""What parties promise and what they are promised: every clause in force, from both ends of each link."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from itertools import chain
from typing import NamedTuple

from django.core.paginator import Page
from django.db.models import Count, F, Q, QuerySet
from django.utils.translation import get_language

from baton.agreements.models import AgreementVersion, Clause
from baton.agreements.queries.leaders import kept_by_line
from baton.agreements.queries.standards import ACCEPTED, offered_clauses, own_clauses, stands_on
from baton.agreements.rules import PAGE_ROWS, Side, VersionState
from baton.agreements.rules.coverage import Stands
from baton.agreements.rules.leaders import Kept
from baton.chain.policy import sight_of
from baton.chain.queries.chains import Chain, PartyFact, chain_in_sight
from baton.chain.queries.lists import page_of
from baton.core.actors import Actor
from baton.core.database.keys import Keys
from baton.core.days import day_of
from baton.core.errors import NotFound
from baton.core.texts import clean_text, folded

_AT_ONCE = 500


class View(StrEnum):
    """From which end clauses are looked at.

    OWES  what the party promises as supplier, and its duties as customer
    OWED  what its suppliers promise it, and the duties of its customers
    """

    OWES = "owes"
    OWED = "owed"


@dataclass(frozen=True, slots=True)
class OwedFilters:
    """What a list of clauses in force shows. ``party``: public id; with it counts all that stands in it; empty: the
    parties to which the viewer belongs. ``stands``: binding or on_trial; empty: both. ``search`` looks through what is
    owed and the names of the other end."""

    party: str = ""
    view: View = View.OWES
    stands: str = ""
    search: str = ""


@dataclass(frozen=True, slots=True)
class OwedRow:
    """A clause in force, with the party that stands on the nearer end and the one at the other. ``kept`` says of a
    leader's promise with days how it stands; None: it has none."""

    clause: Clause
    version: AgreementVersion
    stands: Stands
    mine: PartyFact
    other: PartyFact
    kept: Kept | None = None

    @property
    def is_promise(self) -> bool:
        """Whether a supplier owes it; else it is a customer's duty."""
        return self.clause.owed_by == Side.SUPPLIER


@dataclass(frozen=True, slots=True)
class Owed:
    """Whose clauses these are, and how many stand how, from both ends. ``party`` is None for all of the viewer's."""

    party: PartyFact | None
    counts: dict[View, dict[Stands, int]] = field(default_factory=dict)

    def number(self, view: View) -> int:
        """How many clauses there are from this end."""
        return sum(self.counts.get(view, {}).values())


class _Key(NamedTuple):
    """A clause in force before it is read: keys, and what it is sorted and filtered by; its words where they are
    searched alone."""

    version: int
    clause: int
    link: int
    owed_by: str
    stands: str
    position: int
    characteristic: dict[str, str] | None = None


def owed_page(*, viewer: Actor, at: datetime, filters: OwedFilters, page: int | str = 1) -> tuple[Owed, Page[OwedRow]]:
    """Whose clauses they are, and a page of them, by the party at the other end. A fixed number of queries."""
    seen, party, inside = _whose(viewer, at, filters.party)
    keys = _keys(seen, inside, day_of(at), words=bool(filters.search))
    found: Page[OwedRow] = page_of(_chosen(keys, filters, seen, inside), page, rows_a_page=PAGE_ROWS)
    found.object_list = _rows(list(found.object_list), filters.view, seen, day_of(at))  # type: ignore[arg-type]
    return _counted(party, ((key.link, key.owed_by, key.stands, 1) for key in keys), seen, inside), found


def owed_to_export(*, viewer: Actor, at: datetime, filters: OwedFilters) -> Iterator[OwedRow]:
    """The whole list, as :func:`owed_page` shows it page by page; refused before the first row."""
    seen, _party, inside = _whose(viewer, at, filters.party)
    keys = _chosen(_keys(seen, inside, day_of(at), words=bool(filters.search)), filters, seen, inside)
    return (
        row
        for start in range(0, len(keys), _AT_ONCE)
        for row in _rows(keys[start : start + _AT_ONCE], filters.view, seen, day_of(at))
    )


def owed_in_short(*, viewer: Actor, at: datetime, party: str = "") -> Owed:
    """How many clauses the party (public id; empty: those of the viewer) owes and is owed. They are counted by the
    database: this stands on pages that are about something else."""
    seen, found, inside = _whose(viewer, at, party)
    by = ("of_link", "owed_by", "stands")
    counts = (rows.values_list(*by).annotate(number=Count("pk")) for rows in _in_force(inside, day_of(at)))
    return _counted(found, chain.from_iterable(counts), seen, inside)


def _whose(viewer: Actor, at: datetime, party: str) -> tuple[Chain, PartyFact | None, frozenset[int]]:
    """The chain in sight, the party asked for, and the keys of all parties that count as it."""
    sight = sight_of(viewer, day_of(at))
    seen = chain_in_sight(sight, day_of(at))
    if not party:
        return seen, None, sight.own
    found = next((one for one in seen.parties.values() if one.public_id == party), None)
    if found is None:
        raise NotFound
    return seen, found, frozenset(one.pk for one in seen.parties.values() if party in one.above)


def _keys(seen: Chain, inside: frozenset[int], day: date, *, words: bool) -> list[_Key]:
    """The clauses in force on links of these parties, with their ``words``. Two queries, none for no parties."""
    names = ["held_in", "pk", "of_link", "owed_by", "stands", "position", *(["characteristic"] if words else [])]
    found = chain.from_iterable(rows.values_list(*names) for rows in _in_force(inside, day))
    return [key for key in (_Key(*row) for row in found) if key.link in seen.links]


def _in_force(inside: frozenset[int], day: date) -> Iterator[QuerySet[Clause]]:
    """Those that stand in agreements, and those of service offers, in no order; nothing for no parties."""
    if not inside:
        return
    among = Keys(inside)
    for clauses, version in ((own_clauses, "agreement_version"), (offered_clauses, ACCEPTED)):
        link = f"{version}__agreement__link"
        theirs = Q(**{f"{link}__supplier__pk__among": among}) | Q(**{f"{link}__customer__pk__among": among})
        active = clauses(theirs, Q(**{f"{version}__state": VersionState.ACTIVE}))
        counting = active.annotate(held_in=F(version), of_link=F(link), stands=stands_on(day, f"{version}__state"))
        yield counting.order_by()


def _belongs(pk: int, owed_by: str, view: View, seen: Chain, inside: frozenset[int]) -> bool:
    """Whether a clause on the link (key) that this side owes stands on the nearer end."""
    link = seen.links[pk]
    by_supplier = (owed_by == Side.SUPPLIER) is (view is View.OWES)
    return (link.supplier if by_supplier else link.customer) in inside


def _ends(key: _Key, view: View, seen: Chain) -> tuple[PartyFact, PartyFact]:
    """The nearer and the other end."""
    link = seen.links[key.link]
    supplier, customer = seen.parties[link.supplier], seen.parties[link.customer]
    return (supplier, customer) if (key.owed_by == Side.SUPPLIER) is (view is View.OWES) else (customer, supplier)


def _chosen(keys: list[_Key], filters: OwedFilters, seen: Chain, inside: frozenset[int]) -> list[_Key]:
    words = folded(clean_text(filters.search[:200])).split()
    found = [
        key for key in keys
        if filters.stands in ("", key.stands)
        and _belongs(key.link, key.owed_by, filters.view, seen, inside)
        and (not words or _says(key, filters.view, seen, words))
    ]  # fmt: skip
    language = get_language() or "en"

    def order(key: _Key) -> tuple[str, int, int, int]:
        other = _ends(key, filters.view, seen)[1]
        return other.sort_keys.get(language, ""), key.version, key.position, key.clause

    return sorted(found, key=order)


def _says(key: _Key, view: View, seen: Chain, words: list[str]) -> bool:
    other = _ends(key, view, seen)[1]
    text = folded(" ".join([*(key.characteristic or {}).values(), *other.name.values(), other.number]))
    return all(word in text for word in words)


def _counted(
    party: PartyFact | None, clauses: Iterable[tuple[int, str, str, int]], seen: Chain, inside: frozenset[int]
) -> Owed:
    """``clauses`` are link (key), who owes them, how they stand, how many."""
    counts: dict[View, Counter[Stands]] = {view: Counter() for view in View}
    for link, owed_by, stands, number in clauses:
        for view, counted in counts.items():
            if link in seen.links and _belongs(link, owed_by, view, seen, inside):
                counted[Stands(stands)] += number
    return Owed(party, {view: dict(counted) for view, counted in counts.items()})


def _rows(keys: list[_Key], view: View, seen: Chain, day: date) -> list[OwedRow]:
    clauses = Clause.objects.select_related("calendar").in_bulk([key.clause for key in keys])
    link = "agreement__link__"
    versions = AgreementVersion.objects.select_related(f"{link}output").in_bulk({key.version for key in keys})
    held = kept_by_line({version.agreement_id for version in versions.values()}, day)
    return [
        OwedRow(
            clauses[key.clause], versions[key.version], Stands(key.stands), *_ends(key, view, seen),
            held.get((versions[key.version].agreement_id, clauses[key.clause].line)),
        )
        for key in keys
    ]  # fmt: skip
