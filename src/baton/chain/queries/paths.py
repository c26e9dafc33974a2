"""From a party or a person along live links to somebody outside: whose work comes of what one does."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from baton.chain import policy
from baton.chain.models import Link, Membership, Party
from baton.chain.queries.chains import PartyFact, chain_in_sight
from baton.chain.queries.graph import customers_of, ways
from baton.chain.rules import OUTSIDE_CUSTOMERS, Lane, lane_of
from baton.core.actors import Actor
from baton.core.days import day_of
from baton.monitoring import queries as monitoring
from baton.monitoring.rules import Health

MOST_WAYS = 5
"""Alternatives that are shown."""


@dataclass(frozen=True, slots=True)
class HopLink:
    """A link of a step: how it goes, and the lane of a service blueprint in which it stands."""

    link: Link
    health: Health
    lane: Lane


@dataclass(frozen=True, slots=True)
class Hop:
    """One step of a way: everything that the supplier hands to the customer."""

    supplier: PartyFact
    customer: PartyFact
    links: list[HopLink]


@dataclass(frozen=True, slots=True)
class Paths:
    """Ways, the shortest first, at most :data:`MOST_WAYS`.

    ``starts`` are the parties from which they were looked for: the one asked for, those that a person belongs to.
    ``by_way_of`` is the party above a start from which the ways begin where the start itself hands over nothing that
    leads there; None otherwise. ``ends`` are the outside customers in sight, or the one party asked for.
    """

    starts: list[PartyFact]
    by_way_of: PartyFact | None
    ends: list[PartyFact]
    ways: list[list[Hop]]


def paths(*, viewer: Actor, at: datetime, start: str = "", end: str = "") -> Paths:
    """Ways over live links in sight. ``start`` is the public id of a party or of a person, empty for the viewer
    himself; ``end`` that of a party, empty for the nearest outside customers. Nothing is found where the viewer may not
    know of one of them."""
    day = day_of(at)
    sight = policy.sight_of(viewer, day)
    chain = chain_in_sight(sight, day)
    parties = {party.pk: party for party in chain.by_name()}
    starts = _starts(viewer, at, parties, start)
    if end:
        ends = [party for party in parties.values() if party.public_id == end]
    else:
        ends = [party for party in parties.values() if party.party_kind in OUTSIDE_CUSTOMERS]
    edges = customers_of((link.supplier, link.customer) for link in chain.links.values())
    wanted = {party.pk for party in ends}
    by_way_of, found = None, _ways(edges, starts, wanted)
    if not found:
        for upper in _above(starts, parties.values()):
            if found := _ways(edges, [upper], wanted):
                by_way_of = upper
                break
    live = Link.objects.filter(sight.links, policy.in_force(day))
    return Paths(starts, by_way_of, ends, _hops(viewer, live, parties, found))


def _starts(viewer: Actor, at: datetime, known: Mapping[int, PartyFact], start: str) -> list[PartyFact]:
    asked = [party for party in known.values() if party.public_id == start]
    if asked:
        return asked
    who = Q(person__public_id=start) if start else Q(person=viewer.person)
    held = Membership.objects.filter(who, policy.in_force(day_of(at))).order_by("pk").values_list("party_id", flat=True)
    himself = Party.objects.filter(who, policy.in_force(day_of(at))).values_list("pk", flat=True)
    return [known[pk] for pk in dict.fromkeys((*himself, *held)) if pk in known]


def _above(starts: Iterable[PartyFact], parties: Iterable[PartyFact]) -> list[PartyFact]:
    """What the starts stand in, the nearest first."""
    ids = {public_id for party in starts for public_id in party.above[:-1]}
    return sorted((party for party in parties if party.public_id in ids), key=lambda party: -len(party.path))


def _ways(edges: dict[int, set[int]], starts: Iterable[PartyFact], ends: set[int]) -> list[list[int]]:
    found = [way for party in starts for way in ways(edges, party.pk, ends - {party.pk}, MOST_WAYS)]
    return sorted(found, key=len)[:MOST_WAYS]


def _hops(
    viewer: Actor, live: QuerySet[Link], parties: Mapping[int, PartyFact], found: list[list[int]]
) -> list[list[Hop]]:
    """The ways with their links. Three queries, none where there is no way."""
    steps = {pair for way in found for pair in zip(way, way[1:], strict=False)}
    if not steps:
        return []
    passed = {party for step in steps for party in step}
    rows = live.filter(supplier__in=passed, customer__in=passed).select_related(
        "supplier", "customer", "output", "need"
    )
    links: dict[tuple[int, int], list[Link]] = defaultdict(list)
    for link in rows.order_by("number"):
        links[link.supplier_id, link.customer_id].append(link)
    subjects = {link.measured_as for step in steps for link in links[step]}
    health = monitoring.health_of(viewer=viewer, subjects=subjects)
    return [
        [
            Hop(
                parties[supplier],
                parties[customer],
                [
                    HopLink(link, health[link.measured_as], lane_of(link.stage, place=place, steps=len(way) - 1))
                    for link in links[supplier, customer]
                ],
            )
            for place, (supplier, customer) in enumerate(zip(way, way[1:], strict=False), 1)
        ]
        for way in found
    ]
