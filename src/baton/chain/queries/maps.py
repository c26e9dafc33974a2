"""The chain as a graph."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from baton.chain import policy
from baton.chain.models import Membership
from baton.chain.queries.chains import Chain, LinkFact, PartyFact, chain_in_sight
from baton.chain.rules import Capacity, Criticality, PartyKind
from baton.core.actors import Actor
from baton.core.days import day_of
from baton.core.texts import Texts
from baton.monitoring import queries as monitoring
from baton.monitoring.queries import Figures
from baton.monitoring.rules import Health, Unknown


class MapLink(NamedTuple):
    """A live link as the map draws it. ``handovers`` of the last quarter; None where the link is not measured.
    ``silent_since``: Monday (day number) of the last week heard of, where it is silent while others go on."""

    public_id: str
    supplier: PartyFact
    customer: PartyFact
    output: Texts
    handovers: int | None
    health: Health
    silent_since: int | None
    fact: LinkFact

    @property
    def criticality(self) -> Criticality | None:
        """How much hangs on it; None until it is judged."""
        return self.fact.criticality

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

    parties: list[PartyFact]
    links: list[MapLink]
    until: date | None
    own: frozenset[int]
    headless: frozenset[int]


def chain_map(*, viewer: Actor, at: datetime) -> ChainMap:
    """All that the map shows; every link has both its ends among the parties."""
    day = day_of(at)
    sight = policy.sight_of(viewer, day)
    chain = chain_in_sight(sight, day)
    links, until = _links(viewer, chain)
    headed = set(
        Membership.objects.filter(policy.in_force(day), capacity=Capacity.HEAD).values_list("party_id", flat=True)
    )
    departments = {pk for pk, party in chain.parties.items() if party.party_kind is PartyKind.DEPARTMENT}
    return ChainMap(
        parties=chain.by_name(),
        links=links,
        until=until,
        own=sight.own,
        headless=frozenset(departments - headed),
    )


def _links(viewer: Actor, chain: Chain) -> tuple[list[MapLink], date | None]:
    if not chain.links:
        return [], None
    ends = [(chain.parties[link.supplier], chain.parties[link.customer]) for link in chain.links.values()]
    subjects = [f"{supplier.public_id}>{customer.public_id}" for supplier, customer in ends]
    flows = monitoring.flows_of(viewer=viewer, subjects=subjects)
    links = [
        MapLink(
            link.public_id,
            *two,
            output=chain.outputs[link.output].name,
            handovers=flows.handovers.get(subject),
            health=flows.health[subject],
            silent_since=flows.silent_since.get(subject),
            fact=link,
        )
        for link, two, subject in zip(chain.links.values(), ends, subjects, strict=True)
    ]
    return links, flows.until
