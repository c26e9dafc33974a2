"""The chain as the component ``chain_map`` draws it."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from baton.chain.models.parties import PARTY_KINDS
from baton.chain.queries import ChainMap
from baton.chain.rules import PartyKind
from baton.core.texts import say

_ID = "0"


def graph(chain: ChainMap) -> dict[str, Any]:
    """Nodes, and edges with what was handed over in the last quarter and how each link goes.

    A department without a head is marked as a gap; that says nothing of its links.
    """
    kinds = {kind.value: str(PARTY_KINDS[kind]) for kind in PartyKind}
    return {
        "nodes": [
            {
                "id": party.public_id,
                "label": str(party),
                "kind": kinds[party.party_kind],
                "shape": party.party_kind,
                "gap": party.pk in chain.headless,
            }
            for party in chain.parties
        ],
        "edges": [
            {
                "id": link.public_id,
                "source": link.supplier.public_id,
                "target": link.customer.public_id,
                "label": say(link.output),
                "weight": link.handovers,
                "status": link.health.value,
                "style": "agreed",
            }
            for link in chain.links
        ],
        "node_href": reverse("chain:party", args=[_ID]).replace(_ID, "{id}"),
        "edge_href": reverse("chain:link", args=[_ID]).replace(_ID, "{id}"),
        "table_href": reverse("chain:map_table"),
    }
