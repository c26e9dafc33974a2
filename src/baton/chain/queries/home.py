"""Who are my customers, who serves me, what is still open."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q

from baton.chain import policy
from baton.chain.models import Link, Membership, Party
from baton.chain.queries.lists import by_name
from baton.chain.rules import Capacity, PartyKind
from baton.core.actors import Actor
from baton.core.days import day_of

MOST_GAPS = 20


@dataclass(frozen=True, slots=True)
class Home:
    """What the first page shows.

    ``mine`` are the viewer's own parties; ``to_customers`` and ``from_suppliers`` their live links across the border of
    ``mine``; ``headless`` departments in sight without a head and ``unlinked`` departments that serve nobody and are
    served by nobody (at most :data:`MOST_GAPS` each). ``parties`` and ``links`` count all that is live and in sight.
    """

    mine: list[Party]
    to_customers: list[Link]
    from_suppliers: list[Link]
    headless: list[Party]
    unlinked: list[Party]
    parties: int
    links: int
    may_start: bool


def home(*, viewer: Actor, at: datetime) -> Home:
    """Everything that the first page of the chain shows."""
    day = day_of(at)
    sight = policy.sight_of(viewer, day)
    live = Link.objects.filter(sight.links, policy.in_force(day)).select_related("supplier", "customer")
    seen = Party.objects.filter(sight.parties, policy.in_force(day))
    departments = seen.filter(party_kind=PartyKind.DEPARTMENT).order_by(by_name())
    heads = Membership.objects.filter(policy.in_force(day), party=OuterRef("pk"), capacity=Capacity.HEAD)
    of_it = Link.objects.filter(Q(supplier=OuterRef("pk")) | Q(customer=OuterRef("pk")), policy.in_force(day))
    own = sight.own
    return Home(
        mine=list(seen.filter(pk__in=own).order_by("path")),
        to_customers=list(
            live.filter(supplier__in=own).exclude(customer__in=own).order_by(by_name("customer__"), "number")
        ),
        from_suppliers=list(
            live.filter(customer__in=own).exclude(supplier__in=own).order_by(by_name("supplier__"), "number")
        ),
        headless=list(departments.filter(~Exists(heads))[:MOST_GAPS]),
        unlinked=list(departments.filter(~Exists(of_it))[:MOST_GAPS]) if sight.links == Q() else [],
        parties=seen.count(),
        links=live.count(),
        may_start=policy.may_add_party(sight.standing, None),
    )
