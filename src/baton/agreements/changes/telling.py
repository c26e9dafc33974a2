"""Who is told of what happens to an agreement."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from django.db.models import Max
from django.urls import reverse

from baton.agreements.models import Agreement, AgreementVersion, ServiceOffer
from baton.agreements.rules import SIGNED, Side
from baton.chain.queries.discussing import link_called
from baton.chain.queries.group_chats import leaders_of
from baton.core.audit.trail import Trail
from baton.core.changes import notify, notify_once_a_day
from baton.core.changes.notifications import Told

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
OFFERS_ACCEPTED_TOPIC = "agreements.offers_accepted"


def tell_side(trail: Trail, version: AgreementVersion, sides: Iterable[Side], topic: str) -> None:
    """Tell whoever leads the parties on these sides, and does not do it himself.

    That one customer more has accepted a service offer is no news by itself: its supplier hears of all of them
    together, in one message a day.
    """
    if topic == ACCEPTED_TOPIC and version.offer_version is not None:
        _tell_of_customers(trail, version.offer_version.offer)
        sides = [side for side in sides if side is not Side.SUPPLIER]
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


def _tell_of_customers(trail: Trail, offer: ServiceOffer) -> None:
    """Tell whoever leads the supplier how many customers have accepted its offers since he was told."""

    def told(since: datetime | None) -> Told | None:
        which = "offer_version__offer"
        signed = AgreementVersion.objects.filter(state__in=sorted(SIGNED), **{f"{which}__supplier": offer.supplier_id})
        # Both sides have signed; the time of the last of the two is when it was accepted.
        dated = signed.annotate(accepted_at=Max("acceptances__signature__signed_at"))
        fresh = dated.filter(accepted_at__gt=since) if since is not None else dated
        offers = dict(fresh.values_list(f"{which}__public_id", f"{which}__number"))
        if not offers:
            return None
        return (
            {"count": fresh.count(), "offers": " · ".join(sorted(offers.values()))},
            _page_of(offers),
            [(ServiceOffer.kind, public_id) for public_id in sorted(offers)],
        )

    for person in leaders_of(offer.supplier.public_id, trail.at):
        if trail.by.person is None or person.pk != trail.by.person.pk:
            notify_once_a_day(by=trail.by, at=trail.at, person=person, topic=OFFERS_ACCEPTED_TOPIC, told=told)


def _page_of(offers: Collection[str]) -> str:
    """Of the one offer, or the list."""
    return reverse("agreements:offer", args=list(offers)) if len(offers) == 1 else reverse("agreements:offers")
