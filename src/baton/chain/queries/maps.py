"""The chain as a graph."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from baton.chain import policy
from baton.chain.models import Link, Membership, Party
from baton.chain.queries.lists import by_name
from baton.chain.rules import Capacity, Criticality, PartyKind, criticality, criticality_score
from baton.core.actors import Actor
from baton.core.days import day_of
from baton.core.texts import Texts
from baton.monitoring import queries as monitoring
from baton.monitoring.queries import Figures
from baton.monitoring.rules import Health, Unknown


@dataclass(frozen=True, slots=True)
class MapLink:
    """A live link as the map draws it. ``handovers`` of the last quarter; None where the link is not measured.
    ``silent_since``: Monday (day number) of the last week heard of, where it is silent while others go on."""

    public_id: str
    supplier: Party
    customer: Party
    output: Texts
    handovers: int | None
    health: Health
    silent_since: int | None
    criticality: Criticality | None = None

    @property
    def silence(self) -> str:
        """Since when nothing was handed over, in the reader's language; empty for a link that is not silent."""
        if self.silent_since is None:
            return ""
        return Figures(self.health, why=Unknown.SILENT, silent_since=self.silent_since).word


@dataclass(frozen=True, slots=True)
class ChainMap:
    """Live parties and links in sight. ``own`` are the keys of the viewer's parties, ``headless`` of departments
    without a head. Handovers are counted in the quarter before ``until`` (None: nothing is measured)."""

    parties: list[Party]
    links: list[MapLink]
    until: date | None
    own: frozenset[int]
    headless: frozenset[int]


def chain_map(*, viewer: Actor, at: datetime) -> ChainMap:
    """All that the map shows; every link has both its ends among the parties."""
    day = day_of(at)
    sight = policy.sight_of(viewer, day)
    parties = list(Party.objects.filter(sight.parties, policy.in_force(day)).order_by(by_name()))
    links, until = _links(viewer, sight, day, {party.pk: party for party in parties})
    headed = set(
        Membership.objects.filter(policy.in_force(day), capacity=Capacity.HEAD).values_list("party_id", flat=True)
    )
    departments = {party.pk for party in parties if party.party_kind == PartyKind.DEPARTMENT}
    return ChainMap(
        parties=parties,
        links=links,
        until=until,
        own=sight.own,
        headless=frozenset(departments - headed),
    )


def _links(
    viewer: Actor, sight: policy.Sight, day: date, parties: dict[int, Party]
) -> tuple[list[MapLink], date | None]:
    """The live links between ``parties``, without a model for each: there may be thousands."""
    live = Link.objects.filter(sight.links, policy.in_force(day)).order_by("number")
    rows = [
        (public_id, parties[supplier], parties[customer], output, grades)
        for public_id, supplier, customer, output, *grades in live.values_list(
            "public_id", "supplier", "customer", "output__name", "spend", "irreplaceability", "impact"
        )
        if supplier in parties and customer in parties
    ]
    if not rows:
        return [], None
    subjects = [f"{supplier.public_id}>{customer.public_id}" for _id, supplier, customer, *_rest in rows]
    flows = monitoring.flows_of(viewer=viewer, subjects=subjects)
    links = [
        MapLink(
            *row[:4],
            handovers=flows.handovers.get(subject),
            health=flows.health[subject],
            silent_since=flows.silent_since.get(subject),
            criticality=_criticality(*row[4]),
        )
        for row, subject in zip(rows, subjects, strict=True)
    ]
    return links, flows.until


def _criticality(spend: int | None, irreplaceability: int | None, impact: int | None) -> Criticality | None:
    return criticality(criticality_score(spend=spend, irreplaceability=irreplaceability, impact=impact))
