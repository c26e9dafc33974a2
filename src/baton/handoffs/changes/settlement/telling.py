"""Who is told of terms, claims and decisions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from django.urls import reverse

from baton.chain.policy import standing_of
from baton.chain.queries.discussing import link_called
from baton.chain.queries.group_chats import leaders_of
from baton.core.actors import Actor
from baton.core.audit.trail import Trail
from baton.core.changes import notify
from baton.core.days import day_of
from baton.handoffs import policy
from baton.handoffs.changes.messages import managers
from baton.handoffs.models import LinkSettlement, SettlementClaim
from baton.handoffs.rules import Side

if TYPE_CHECKING:
    from baton.chain.models import Link
    from baton.core.models import Person

TERMS_TOPIC = "handoffs.settlement_terms"
ANSWER_TOPIC = "handoffs.claim_to_answer"
ARBITER_TOPIC = "handoffs.claim_to_decide"
DECIDED_TOPIC = "handoffs.claim_decided"


def leaders(trail: Trail, link: Link, sides: Iterable[Side]) -> list[Person]:
    """Who leads these sides, but for the one who acts."""
    parties: Mapping[Side, Any] = {Side.SUPPLIER: link.supplier, Side.CUSTOMER: link.customer}
    found = {one.pk: one for side in sides for one in leaders_of(parties[side].public_id, trail.at)}
    if trail.by.person is not None:
        found.pop(trail.by.person.pk, None)
    return list(found.values())


def deciders(trail: Trail, claim: SettlementClaim) -> list[Person]:
    """Who decides about a claim: the arbiter of its terms, the quality managers where he is not free to."""
    arbiter = claim.terms.arbiter
    if policy.can_rule(standing_of(Actor(arbiter), day_of(trail.at)), claim):
        return [arbiter]
    return list(managers(trail.at))


def tell_of_terms(trail: Trail, terms: LinkSettlement, sides: Iterable[Side]) -> None:
    """Tell the leaders of these sides that terms were proposed, agreed, dropped or ended."""
    link = terms.link
    address = reverse("handoffs:settlement", args=[link.public_id])
    for person in leaders(trail, link, sides):
        notify(
            by=trail.by, at=trail.at, person=person, topic=TERMS_TOPIC, address=address,
            values={"link": link_called(link.public_id)}, shows=[(LinkSettlement.kind, terms.public_id)],
        )  # fmt: skip


def tell_of_claim(trail: Trail, claim: SettlementClaim, topic: str, people: Iterable[Person]) -> None:
    """Tell these people of a claim."""
    address = reverse("handoffs:claim", args=[claim.public_id])
    values = {"number": claim.number, "link": link_called(claim.terms.link.public_id)}
    for person in people:
        notify(
            by=trail.by, at=trail.at, person=person, topic=topic, address=address, values=values,
            shows=[(SettlementClaim.kind, claim.public_id)],
        )  # fmt: skip
