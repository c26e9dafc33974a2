"""Where terms, claims and entries stand, and who sees an entry."""

from __future__ import annotations

from datetime import datetime

from baton.chain.policy import sight_of
from baton.core.actors import Actor
from baton.core.days import day_of
from baton.handoffs import policy
from baton.handoffs.models import LedgerEntry, LinkSettlement

SETTLEMENT = "/handoffs/settlement/"


def sees_entry(*, viewer: Actor, at: datetime, public_id: str) -> bool:
    """Whether there is such an entry and the viewer may see the settlement of its link."""
    rows = LedgerEntry.objects.filter(public_id=public_id)
    found = rows.select_related("terms__link__supplier", "terms__link__customer", "terms__link__output").first()
    return found is not None and policy.may_see_settlement(sight_of(viewer, day_of(at)), found.terms.link, found.terms)


def address_of_terms(public_id: str) -> str:
    """The page of their link."""
    link = LinkSettlement.objects.filter(public_id=public_id).values_list("link__public_id", flat=True).first()
    return f"{SETTLEMENT}links/{link}/" if link else SETTLEMENT


def address_of_claim(public_id: str) -> str:
    """Its page."""
    return f"{SETTLEMENT}claims/{public_id}/"


def address_of_entry(public_id: str) -> str:
    """The page of the handoff that earned it."""
    found = LedgerEntry.objects.filter(public_id=public_id).values_list("handoff__public_id", flat=True).first()
    return f"/handoffs/{found}/" if found else SETTLEMENT
