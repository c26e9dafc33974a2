"""The customer's customer, and the supplier's supplier: two steps along the chain.

As in :mod:`baton.chain.queries.tracing`, the chain ends with an outside customer.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import islice
from operator import attrgetter

from django.db.models import QuerySet

from baton.chain import policy
from baton.chain.models import Link, Party
from baton.chain.queries.chains import Chain, NamedLink, PartyFact
from baton.chain.rules import OUTSIDE_CUSTOMERS

MOST_BEYOND = 40
"""Most parties shown on either side; how many more there are is said."""


@dataclass(frozen=True, slots=True)
class Beyond:
    """A party one step further, the links that lead to it, and over whom."""

    party: Party | PartyFact
    via: list[Party | PartyFact]
    links: list[Link | NamedLink]


@dataclass(frozen=True, slots=True)
class TwoSteps:
    """Parties two steps away on one side; ``more`` is the number of those that are not shown."""

    parties: list[Beyond]
    more: int = 0


@dataclass(frozen=True, slots=True)
class Onwards:
    """What happens to the work behind a customer: the links on which he hands it on, and who gets it after those."""

    first: list[NamedLink]
    second: TwoSteps


def onwards(chain: Chain, customer: int) -> Onwards:
    """The links on which ``customer`` (a primary key) hands on, and those on which their customers do, not back to him.
    Nothing behind somebody outside who receives. No query."""
    walk = chain.walk
    if customer in walk.ends:
        return Onwards([], TwoSteps([]))
    first = walk.leaving.get(customer, [])
    behind = {edge.customer for edge in first} - {customer} - walk.ends
    second = [edge for party in behind for edge in walk.leaving.get(party, ()) if edge.customer != customer]
    by_number = attrgetter("number")
    return Onwards(
        sorted((chain.named(edge.link) for edge in first), key=by_number),
        _grouped(sorted((chain.named(edge.link) for edge in second), key=by_number), "customer", "supplier"),
    )


def customers_customers(sight: policy.Sight, day: date, party: Party) -> TwoSteps:
    """Who gets the work after the customers of ``party``, over live links in sight; not the party itself. One query."""
    if party.party_kind in OUTSIDE_CUSTOMERS:
        return TwoSteps([])
    first = Link.objects.filter(sight.links, policy.in_force(day), supplier=party)
    inside = first.exclude(customer__party_kind__in=OUTSIDE_CUSTOMERS).values("customer")
    return _grouped(_live(sight, day).filter(supplier__in=inside).exclude(customer=party), "customer", "supplier")


def suppliers_suppliers(sight: policy.Sight, day: date, party: Party) -> TwoSteps:
    """Who serves the suppliers of ``party``, over live links in sight; not the party itself. One query."""
    first = Link.objects.filter(sight.links, policy.in_force(day), customer=party)
    inside = first.exclude(supplier__party_kind__in=OUTSIDE_CUSTOMERS).values("supplier")
    return _grouped(_live(sight, day).filter(customer__in=inside).exclude(supplier=party), "supplier", "customer")


def _live(sight: policy.Sight, day: date) -> QuerySet[Link]:
    rows = Link.objects.filter(sight.links, policy.in_force(day))
    return rows.select_related("supplier", "customer", "output").order_by("number")


def _grouped(links: Iterable[Link | NamedLink], far: str, near: str) -> TwoSteps:
    found: dict[int, Beyond] = {}
    for link in links:
        party, via = getattr(link, far), getattr(link, near)
        beyond = found.setdefault(party.pk, Beyond(party, [], []))
        beyond.links.append(link)
        if via not in beyond.via:
            beyond.via.append(via)
    return TwoSteps(list(islice(found.values(), MOST_BEYOND)), max(0, len(found) - MOST_BEYOND))
