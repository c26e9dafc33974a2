"""The chain as a graph."""

from __future__ import annotations

from datetime import date
from typing import Any

from ninja import Router
from pydantic import Field

from baton.chain import queries
from baton.chain.api.parties import READ
from baton.chain.rules import PartyKind
from baton.core.api.door import ApiRequest
from baton.core.api.endpoints import reads
from baton.core.api.schemas import PublicId, SaidTexts, Shown
from baton.core.policy import may_use
from baton.monitoring.rules import Health
from baton_analysis.errors import gettext_noop

map_router = Router()

_MONITORING = "monitoring:read"


class Node(Shown):
    """A party."""

    id: PublicId
    name: SaidTexts
    kind: PartyKind
    gap: bool = Field(description="A department without a head.")


class Edge(Shown):
    """A live link. Figures stand there only for tokens with the scope monitoring:read."""

    id: PublicId
    supplier: PublicId
    customer: PublicId
    output: SaidTexts
    handovers: int | None = Field(description="In the last quarter; null: not measured.")
    health: Health | None


class MapShown(Shown):
    """Live parties and links in sight."""

    nodes: list[Node]
    edges: list[Edge]
    until: date | None = Field(description="First day after the quarter in which handovers are counted.")


@reads(
    map_router, "", scope=READ, may=may_use, response=MapShown,
    summary=gettext_noop("Read the map"),
    description=gettext_noop("All live parties and links in sight, as a graph."),
)  # fmt: skip
def read_map(request: ApiRequest) -> Any:
    found = queries.chain_map(viewer=request.actor, at=request.now)
    measured = _MONITORING in request.token.scopes
    nodes = [
        Node(id=one.public_id, name=one.name, kind=PartyKind(one.party_kind), gap=one.pk in found.headless)
        for one in found.parties
    ]
    edges = [
        Edge(
            id=one.public_id, supplier=one.supplier.public_id, customer=one.customer.public_id, output=one.output,
            handovers=one.handovers if measured else None, health=one.health if measured else None,
        )
        for one in found.links
    ]  # fmt: skip
    return MapShown(nodes=nodes, edges=edges, until=found.until if measured else None)
