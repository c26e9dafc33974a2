"""Who are my customers, who serves me, what is to be looked at first."""

from __future__ import annotations

from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import get_language

from baton.chain import policy
from baton.chain.models import Link, Membership, Party
from baton.chain.queries.chains import Chain, LinkFact, chain_in_sight
from baton.chain.queries.figures import LinkRow, with_figures, worst_first
from baton.chain.queries.lists import by_name
from baton.chain.rules import Capacity, PartyKind, serves_its_staff
from baton.core.actors import Actor
from baton.core.days import day_of
from baton.core.versions import Memory
from baton.monitoring import queries as monitoring
from baton.monitoring.rules import Health

MOST_GAPS = 20
MOST_SIGNALS = 10
MOST_MINE = 50


@dataclass(frozen=True, slots=True)
class Home:
    """What the first page shows.

    ``mine`` are the parties that the viewer belongs to; ``promised`` what those who lead them, or a party above, hand
    to all in it, at most :data:`MOST_MINE`; ``to_customers`` and ``from_suppliers`` their live links, and those of what
    stands in them, across their border, each with its figures, at most :data:`MOST_MINE` a side; ``more_customers`` and
    ``more_suppliers`` are the links that are not shown. ``signals`` are the links to look at, one's own or, for who
    sees all links, those of the whole chain: those whose alarm began last come first, at most :data:`MOST_SIGNALS`.
    ``headless`` are departments in sight without a head; ``unlinked`` departments that neither serve nor are served,
    themselves or by what stands under them (at most :data:`MOST_GAPS` each). ``parties`` and ``links`` count all that
    is live and in sight, ``by_health`` those links by how they go.
    """

    mine: list[Party]
    promised: list[LinkRow]
    to_customers: list[LinkRow]
    from_suppliers: list[LinkRow]
    more_customers: int
    more_suppliers: int
    signals: list[LinkRow]
    headless: list[Party]
    unlinked: list[Party]
    parties: int
    links: int
    by_health: dict[Health, int]
    may_start: bool

    @property
    def in_control(self) -> int:
        return self.by_health[Health.IN_CONTROL]

    @property
    def with_signal(self) -> int:
        return self.by_health[Health.SIGNAL]

    @property
    def unknown(self) -> int:
        return self.by_health[Health.UNKNOWN]


class _Pair(NamedTuple):
    """What the first page has to know of every live link."""

    link: int
    subject: str
    paths: tuple[str, str]


@dataclass(frozen=True, slots=True)
class _OfChain:
    """What of :class:`Home` stands in the records of the chain. Readers share it."""

    mine: list[Party]
    promised: list[Link]
    across: list[Link]
    to_customers: list[int]
    from_suppliers: list[int]
    headless: list[Party]
    unlinked: list[Party]
    pairs: list[_Pair]


_KEPT: Memory[_OfChain] = Memory(most=1_000)
"""By what he is who looks, in which roles and in which language, which sorts names, and the day."""


def _of_chain(viewer: Actor, day: date) -> _OfChain:
    sight = policy.sight_of(viewer, day)
    live, seen = _live(sight, day), Party.objects.filter(sight.parties, policy.in_force(day))
    chain = chain_in_sight(sight, day)
    to_customers = _across(chain, sight.own, lambda link: (link.supplier, link.customer))
    from_suppliers = _across(chain, sight.own, lambda link: (link.customer, link.supplier))
    pairs = _pairs(chain)
    return _OfChain(
        mine=list(seen.filter(path__in=sight.standing.belongs).order_by("path")),
        promised=_picked(live, _promised(chain, sight.standing), "supplier__path", "number")[:MOST_MINE],
        across=[*_first(live, to_customers, "customer__"), *_first(live, from_suppliers, "supplier__")],
        to_customers=to_customers,
        from_suppliers=from_suppliers,
        headless=_headless(seen, day),
        unlinked=_unlinked(seen, pairs) if sight.links == Q() else [],
        pairs=pairs,
    )


def _live(sight: policy.Sight, day: date) -> QuerySet[Link]:
    return Link.objects.filter(sight.links, policy.in_force(day)).select_related("supplier", "customer", "output")


def home(*, viewer: Actor, at: datetime) -> Home:
    """Everything that the first page of the chain shows."""
    day = day_of(at)
    key = policy.company_of(viewer, day), get_language(), day
    told = _KEPT.unchanged(("chain",), key, lambda: _of_chain(viewer, day))
    sight = policy.sight_of(viewer, day)
    own, pairs = sight.own, told.pairs
    mine = with_figures(viewer, told.across)
    health = monitoring.health_of(viewer=viewer, subjects=[pair.subject for pair in pairs]) if pairs else {}
    sees_all = sight.links == Q()
    looked_at = None if sees_all else {*told.to_customers, *told.from_suppliers}
    risky = [
        pair.link
        for pair in pairs
        if health[pair.subject] is Health.SIGNAL and (looked_at is None or pair.link in looked_at)
    ]
    return Home(
        mine=told.mine,
        promised=with_figures(viewer, told.promised),
        to_customers=[row for row in mine if row.link.supplier_id in own],
        from_suppliers=[row for row in mine if row.link.customer_id in own],
        more_customers=max(0, len(told.to_customers) - MOST_MINE),
        more_suppliers=max(0, len(told.from_suppliers) - MOST_MINE),
        signals=_with_signal(with_figures(viewer, _picked(_live(sight, day), risky))),
        headless=told.headless,
        unlinked=told.unlinked,
        parties=len(chain_in_sight(sight, day).parties),
        links=len(pairs),
        by_health={kind: sum(health[pair.subject] is kind for pair in pairs) for kind in Health},
        may_start=policy.may_add_party(sight.standing, None),
    )


def _across(chain: Chain, own: Container[int], sides: Callable[[LinkFact], tuple[int, int]]) -> list[int]:
    """Keys of the links of which the first of ``sides`` is one's own and the second is not."""
    ends = ((pk, *sides(link)) for pk, link in chain.links.items())
    return [pk for pk, mine, other in ends if mine in own and other not in own]


def _promised(chain: Chain, standing: policy.Standing) -> list[int]:
    """Keys of the links on which a manager serves all of a party that the viewer belongs to, or of one above it."""
    return [
        pk
        for pk, link in chain.links.items()
        for manager, whole in [(chain.parties[link.supplier], chain.parties[link.customer])]
        if any(path.startswith(whole.path) for path in standing.belongs)
        and serves_its_staff(kind=manager.party_kind, path=manager.path, customer_path=whole.path)
    ]


def _first(live: QuerySet[Link], keys: Sequence[int], other: str) -> list[Link]:
    """The first of these links by name of the other side."""
    return list(live.filter(pk__in=keys).order_by(by_name(other), "number")[:MOST_MINE]) if keys else []


def _pairs(chain: Chain) -> list[_Pair]:
    ends = ((pk, chain.parties[link.supplier], chain.parties[link.customer]) for pk, link in chain.links.items())
    return [
        _Pair(pk, f"{supplier.public_id}>{customer.public_id}", (supplier.path, customer.path))
        for pk, supplier, customer in ends
    ]


def _picked(live: QuerySet[Link], keys: list[int], *order: str) -> list[Link]:
    return list(live.filter(pk__in=keys).order_by(*order)) if keys else []


def _with_signal(rows: list[LinkRow]) -> list[LinkRow]:
    return sorted((row for row in rows if row.figures.health is Health.SIGNAL), key=worst_first)[:MOST_SIGNALS]


def _headless(seen: QuerySet[Party], day: date) -> list[Party]:
    heads = Membership.objects.filter(policy.in_force(day), party=OuterRef("pk"), capacity=Capacity.HEAD)
    departments = seen.filter(party_kind=PartyKind.DEPARTMENT).order_by(by_name())
    return list(departments.filter(~Exists(heads))[:MOST_GAPS])


def _unlinked(seen: QuerySet[Party], pairs: list[_Pair]) -> list[Party]:
    """Departments that stand in no path of a party with a link."""
    linked = {public_id for pair in pairs for path in pair.paths for public_id in path.strip("/").split("/")}
    departments = seen.filter(party_kind=PartyKind.DEPARTMENT).order_by(by_name())
    keys = [pk for pk, public_id in departments.values_list("pk", "public_id") if public_id not in linked]
    return list(departments.filter(pk__in=keys[:MOST_GAPS])) if keys else []
