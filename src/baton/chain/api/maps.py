"""The chain as a graph, and the handovers that event logs show."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from ninja import Query, Router
from pydantic import Field

from baton.chain import policy, queries
from baton.chain.api.parties import READ
from baton.chain.api.shapes import PairShown
from baton.chain.queries import event_logs, slices
from baton.chain.rules import LogState, PartyKind
from baton.core.api.door import ApiRequest
from baton.core.api.endpoints import reads
from baton.core.api.schemas import Asked, PublicId, Rows, SaidTexts, Shown
from baton.core.policy import may_use
from baton.core.slices import slice_of
from baton.monitoring.rules import Health
from baton_analysis.errors import gettext_noop

map_router = Router()
logs_router = Router()

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


class LogShown(Shown):
    """An event log that somebody brought."""

    id: PublicId
    name: str
    state: LogState
    recorded_at: datetime
    version: int


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


@reads(
    logs_router, "", scope=READ, may=policy.may_see_event_logs, response=Rows[LogShown],
    summary=gettext_noop("List event logs"),
    description=gettext_noop("For the quality manager, directors and auditors; the newest first."),
)  # fmt: skip
def list_event_logs(request: ApiRequest, asked: Query[Asked]) -> Any:
    rows = event_logs.event_logs(viewer=request.actor)
    part = slice_of(rows, asked=asked.filters(), limit=asked.limit, cursor=asked.cursor)
    shown = [
        LogShown(id=log.public_id, name=log.name, state=LogState(log.state), recorded_at=log.recorded_at,
                 version=log.changed_seq)
        for log in part.rows
    ]  # fmt: skip
    return Rows[LogShown](rows=shown, next=part.next)


@reads(
    logs_router, "/{slug:public_id}/pairs", scope=READ, may=policy.may_see_event_logs, response=Rows[PairShown],
    summary=gettext_noop("List the pairs of an event log"),
    description=gettext_noop("Who handed work to whom, how often and how fast; the most handovers first."),
)  # fmt: skip
def list_pairs(request: ApiRequest, public_id: PublicId, asked: Query[Asked]) -> Any:
    part = slices.mined_slice(viewer=request.actor, log=public_id, limit=asked.limit, cursor=asked.cursor)
    names = list(PairShown.model_fields)
    rows = [PairShown(**{name: getattr(pair, name) for name in names}) for pair in part.rows]
    return Rows[PairShown](rows=rows, next=part.next)
