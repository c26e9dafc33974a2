"""The chain as the component ``chain_map`` draws it."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from baton.chain.queries import ChainMap
from baton.core.texts import say


def graph(chain: ChainMap) -> dict[str, Any]:
    """Nodes and edges. A department without a head is at risk; nothing else is claimed, neither state nor weight."""
    return {
        "nodes": [
            {
                "id": party.public_id,
                "label": str(party),
                "kind": party.get_party_kind_display(),
                "shape": party.party_kind,
                "href": reverse("chain:party", args=[party.public_id]),
                "status": "at_risk" if party.pk in chain.headless else "",
            }
            for party in chain.parties
        ],
        "edges": [
            {
                "id": link.public_id,
                "source": link.supplier.public_id,
                "target": link.customer.public_id,
                "label": say(link.output),
                "weight": None,
                "href": reverse("chain:link", args=[link.public_id]),
                "status": "",
                "style": "agreed",
            }
            for link in chain.links
        ],
    }
