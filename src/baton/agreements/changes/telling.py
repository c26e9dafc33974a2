"""Who is told of what happens to an agreement."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse

from baton.agreements.models import Agreement, AgreementVersion
from baton.agreements.rules import Side
from baton.chain.queries.discussing import link_called
from baton.chain.queries.group_chats import leaders_of
from baton.core.audit.trail import Trail
from baton.core.changes import notify

PROPOSED_TOPIC = "agreements.proposed"
CONSULTATION_TOPIC = "agreements.consultation"
ACCEPTED_TOPIC = "agreements.accepted"
DECLINED_TOPIC = "agreements.declined"
ENDED_TOPIC = "agreements.ended"
EXPIRED_TOPIC = "agreements.expired"
RENEWAL_TOPIC = "agreements.renewal"
REVIEW_TOPIC = "agreements.review"
OBJECTED_TOPIC = "agreements.objected"
SIGNED_TOPIC = "agreements.signed"
REMINDED_TOPIC = "agreements.reminded"
COUNTERED_TOPIC = "agreements.countered"
ANSWERED_TOPIC = "agreements.answered"


def tell_side(trail: Trail, version: AgreementVersion, sides: Iterable[Side], topic: str) -> None:
    """Tell whoever leads the parties on these sides, and does not do it himself."""
    agreement = version.agreement
    link = agreement.link
    parties = {Side.SUPPLIER: link.supplier, Side.CUSTOMER: link.customer}
    told = {person.pk: person for side in sides for person in leaders_of(parties[side].public_id, trail.at)}
    if trail.by.person is not None:
        told.pop(trail.by.person.pk, None)
    values = {
        "number": agreement.number, "version": version.version, "link": link_called(link.public_id),
        "ends_on": version.ends_on.isoformat() if version.ends_on else "",
        "review_on": version.review_on.isoformat() if version.review_on else "",
    }  # fmt: skip
    for person in told.values():
        notify(
            by=trail.by, at=trail.at, person=person, topic=topic, values=values,
            address=reverse("agreements:agreement", args=[agreement.public_id]),
            shows=[(Agreement.kind, agreement.public_id)],
        )  # fmt: skip
