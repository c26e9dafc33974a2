"""The page of a link."""

from __future__ import annotations

from typing import Any

from baton.chain.models.links import CRITICALITIES
from baton.chain.pages.history import timeline
from baton.chain.queries import LinkPage


def link_context(page: LinkPage) -> dict[str, Any]:
    """What ``chain/link.html`` shows of the chain itself."""
    link = page.link
    return {
        "page": page,
        "link": link,
        "history": timeline(page.history),
        "criticality": CRITICALITIES[link.criticality] if link.criticality else "",
    }
