"""The chain as a graph."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from baton.chain import policy
from baton.chain.models import Link, Membership, Party
from baton.chain.queries.lists import by_name
from baton.chain.rules import Capacity, PartyKind
from baton.core.actors import Actor
from baton.core.days import day_of


@dataclass(frozen=True, slots=True)
class ChainMap:
    """Live parties and links in sight. ``own`` are the keys of the viewer's parties, ``headless`` of departments
    without a head."""

    parties: list[Party]
    links: list[Link]
    own: frozenset[int]
    headless: frozenset[int]


def chain_map(*, viewer: Actor, at: datetime) -> ChainMap:
    """All that the map shows; every link has both its ends among the parties."""
    day = day_of(at)
    sight = policy.sight_of(viewer, day)
    links = list(
        Link.objects.filter(sight.links, policy.in_force(day)).select_related("supplier", "customer").order_by("number")
    )
    parties = list(Party.objects.filter(sight.parties, policy.in_force(day)).order_by(by_name()))
    known = {party.pk for party in parties}
    headed = set(
        Membership.objects.filter(policy.in_force(day), capacity=Capacity.HEAD).values_list("party_id", flat=True)
    )
    departments = {party.pk for party in parties if party.party_kind == PartyKind.DEPARTMENT}
    return ChainMap(
        parties=parties,
        links=[link for link in links if link.supplier_id in known and link.customer_id in known],
        own=sight.own,
        headless=frozenset(departments - headed),
    )
