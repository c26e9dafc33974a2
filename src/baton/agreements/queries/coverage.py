"""Coverage of standards: how many links of each department have an agreement in force, and what its clauses say."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.core.paginator import Page
from django.utils.translation import get_language

from baton.agreements import policy
from baton.agreements.models import Agreement
from baton.agreements.queries.standards import standards_by_link
from baton.agreements.rules import OF_CONTROL, PAGE_ROWS, RATER
from baton.agreements.rules.coverage import (
    BothSides,
    Coverage,
    LinkStandards,
    LinkState,
    Stands,
    counted,
    rolled_up,
    total,
)
from baton.chain import queries as chain
from baton.chain.policy import sight_of
from baton.chain.queries.chains import PartyFact, chain_in_sight
from baton.chain.queries.lists import page_of
from baton.chain.rules import OUTSIDE, PartyKind
from baton.core.actors import Actor
from baton.core.days import day_of
from baton.core.errors import NotFound
from baton.core.texts import clean_text, folded

if TYPE_CHECKING:
    from baton.chain.models import Link

BARE_ROWS = 20
"""Links without an agreement at a time: they stand below a table of their own."""
NOT_LISTED = OUTSIDE | {PartyKind.PERSON}
"""Kinds of parties that have no row of their own: who is outside, and persons, whose links count for their team."""


@dataclass(frozen=True, slots=True)
class CoverageFilters:
    """What the register shows. ``under`` is the public id of the party whose parts are shown, empty: those at the top;
    with ``search``, ``kind`` or ``everything`` all parties below it. ``lacking``: only where a link is not covered.
    ``order``: name, links, outgoing, incoming, binding, on_trial, red, example; minus sign: descending."""

    search: str = ""
    kind: str = ""
    under: str = ""
    lacking: bool = False
    everything: bool = False
    order: str = "name"


@dataclass(frozen=True, slots=True)
class CoverageRow:
    """A party with what is counted of it and of all that stands in it; ``parts``: so many parties stand right below."""

    party: PartyFact
    sides: BothSides
    parts: int = 0

    @property
    def links(self) -> int:
        """Links on both sides together."""
        return self.sides.outgoing.links + self.sides.incoming.links


@dataclass(frozen=True, slots=True)
class Register:
    """Coverage of all that the viewer sees: ``whole`` counts each link once, ``at`` is the row of the party asked for,
    None at the top; ``above`` leads to it from the top."""

    rows: list[CoverageRow]
    whole: Coverage
    at: CoverageRow | None
    above: list[PartyFact]


@dataclass(frozen=True, slots=True)
class BareLink:
    """A link without an agreement in force; ``agreement`` is the one on its way (or over), ``may_begin``: the viewer
    may begin one."""

    link: Link
    agreement: Agreement | None
    state: LinkState
    may_begin: bool


def _clauses_that(stand: Stands) -> Callable[[CoverageRow], int]:
    """How many clauses of both sides stand so."""
    return lambda row: row.sides.outgoing.clauses.get(stand, 0) + row.sides.incoming.clauses.get(stand, 0)


_ORDERS: dict[str, Callable[[CoverageRow], Any]] = {
    "name": lambda row: row.party.sort_keys.get(get_language() or "en", ""),
    "links": lambda row: row.links,
    "outgoing": lambda row: _share(row.sides.outgoing),
    "incoming": lambda row: _share(row.sides.incoming),
    **{one.value: _clauses_that(one) for one in (Stands.BINDING, Stands.ON_TRIAL, Stands.RED, Stands.EXAMPLE)},
}
ORDERS = frozenset(_ORDERS)


def register(*, viewer: Actor, at: datetime, filters: CoverageFilters) -> Register:
    """The register of standards. Counted are live links in sight. A fixed number of queries, whatever their number;
    :class:`NotFound` where ``under`` is nothing that the viewer sees."""
    whole, rows = _counted(viewer, at)
    found = rows.get(filters.under)
    if filters.under and found is None:
        raise NotFound
    seen = chain_in_sight(sight_of(viewer, day_of(at)), day_of(at))
    named = {party.public_id: party for party in seen.parties.values()}
    above = [named[one] for one in found.party.above[:-1] if one in named] if found is not None else []
    return Register(_ordered(_chosen(list(rows.values()), filters), filters.order), whole, found, above)


def register_page(
    *, viewer: Actor, at: datetime, filters: CoverageFilters, page: int | str
) -> tuple[Register, Page[Any]]:
    """The register, and a page of its rows."""
    found = register(viewer=viewer, at=at, filters=filters)
    return found, page_of(found.rows, page, rows_a_page=PAGE_ROWS)


def bare_links(*, viewer: Actor, at: datetime, under: str = "", side: str = "", page: int | str = 1) -> Page[BareLink]:
    """Live links in sight of a party and all that stands in it (public id; empty: of all) without an agreement in
    force. ``side``: those on which it is ``supplier`` or ``customer`` only."""
    day = day_of(at)
    sight = sight_of(viewer, day)
    seen, standards = chain_in_sight(sight, day), standards_by_link(day)
    inside = {party.pk for party in seen.parties.values() if not under or under in party.above}
    bare = [
        one.pk for one in seen.links.values()
        if _state(standards, one.pk) is not LinkState.COVERED
        and ((side != "customer" and one.supplier in inside) or (side != "supplier" and one.customer in inside))
    ]  # fmt: skip
    found: Page[Any] = page_of(bare, page, rows_a_page=BARE_ROWS)
    keys = list(found.object_list)
    rows = chain.links_in_sight(viewer=viewer, at=at).filter(pk__in=keys)
    links = {one.pk: one for one in rows.select_related("supplier", "customer", "output")}
    agreements = {one.link_id: one for one in Agreement.objects.filter(link__in=keys)}
    found.object_list = [
        BareLink(
            links[pk], agreements.get(pk), _state(standards, pk),
            pk not in agreements and policy.may_write(sight.standing, links[pk]),
        )
        for pk in keys if pk in links
    ]  # fmt: skip
    return found


def aspects_shown(coverage: Coverage) -> Sequence[Any]:
    """The aspects of quality that a table names: RATER, and those of control outputs where somebody promises one."""
    return [*RATER, *(one for one in OF_CONTROL if one in coverage.aspects)]


def _counted(viewer: Actor, at: datetime) -> tuple[Coverage, dict[str, CoverageRow]]:
    """All links in sight together, and the row of every party that has one, by public id."""
    day = day_of(at)
    seen = chain_in_sight(sight_of(viewer, day), day)
    own = counted(((one.pk, one.supplier, one.customer) for one in seen.links.values()), standards_by_link(day))
    sums = rolled_up(own, {pk: seen.parties[pk].above for pk in own})
    listed = [party for party in seen.parties.values() if party.party_kind not in NOT_LISTED]
    parts: dict[str, int] = {}
    for party in listed:
        if len(party.above) > 1:
            parts[party.above[-2]] = parts.get(party.above[-2], 0) + 1
    rows = {
        party.public_id: CoverageRow(party, sums.get(party.public_id, BothSides()), parts.get(party.public_id, 0))
        for party in listed
    }
    return total(own), rows


def _chosen(rows: list[CoverageRow], filters: CoverageFilters) -> list[CoverageRow]:
    """The rows that are asked for."""
    if filters.under:
        rows = [row for row in rows if filters.under in row.party.above[:-1]]
    words = folded(clean_text(filters.search[:200])).split()
    if words:
        rows = [row for row in rows if _is_called(row.party, words)]
    if filters.kind:
        rows = [row for row in rows if row.party.party_kind == filters.kind]
    if filters.lacking:
        rows = [row for row in rows if row.sides.outgoing.without or row.sides.incoming.without]
    if words or filters.kind or filters.lacking or filters.everything:
        return rows
    known = {row.party.public_id for row in rows}
    # At the top of what is in sight stands also who has somebody above whom the viewer does not see.
    return [row for row in rows if len(row.party.above) < 2 or row.party.above[-2] not in known]


def _is_called(party: PartyFact, words: Sequence[str]) -> bool:
    text = folded(" ".join([party.number, *party.name.values()]))
    return all(word in text for word in words)


def _ordered(rows: list[CoverageRow], order: str) -> list[CoverageRow]:
    key = _ORDERS.get(order.removeprefix("-"), _ORDERS["name"])
    by_name = sorted(rows, key=lambda row: (_ORDERS["name"](row), row.party.pk))
    return sorted(by_name, key=key, reverse=order.startswith("-"))


def _share(side: Coverage) -> float:
    """For sorting: who has no link comes first."""
    return -1.0 if side.share is None else side.share


def _state(standards: dict[int, LinkStandards], link: int) -> LinkState:
    said = standards.get(link)
    return said.state if said is not None else LinkState.NOTHING
