"""What is due on which day in agreements: terms, reviews, and when it is to be decided about a renewal."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from django.db.models import Q
from django.utils.translation import gettext as _

from baton.agreements.models import AgreementVersion
from baton.agreements.queries.sight import agreements_in_sight, offer_versions_in_sight
from baton.agreements.rules import OFFERED, VersionState
from baton.core import formats
from baton.core.actors import Actor
from baton.core.policy import may_use
from baton.core.registries import DatedEvent

SHOWN = 2_000
"""Most versions whose days are told to one reader: those that end or are reviewed first."""


def dates_of_agreements(viewer: Actor, at: datetime, first: date) -> Iterator[DatedEvent]:
    """The days, from ``first`` on, of the versions in force or accepted that the viewer sees, in his language."""
    if not may_use(viewer):
        return
    seen = agreements_in_sight(viewer=viewer, at=at).values("pk")
    ahead = Q(ends_on__gte=first) | Q(review_on__gte=first) | Q(starts_on__gte=first)
    states = [VersionState.ACTIVE, VersionState.ACCEPTED]
    versions = AgreementVersion.objects.filter(ahead, state__in=states, agreement__in=seen)
    link = "agreement__link__"
    ordered = versions.select_related(f"{link}supplier", f"{link}customer", f"{link}output")
    for version in ordered.order_by("ends_on", "review_on", "pk")[:SHOWN]:
        yield from (event for event in _of_version(version) if event.day >= first)
    yield from _of_offers(viewer, at, first)


def _of_offers(viewer: Actor, at: datetime, first: date) -> Iterator[DatedEvent]:
    """Until when customers who have not accepted a service offer hold the version before."""
    offered = offer_versions_in_sight(viewer=viewer, at=at).filter(state__in=sorted(OFFERED), holds_until__gte=first)
    for version in offered.select_related("offer__supplier", "offer__output").order_by("holds_until", "pk")[:SHOWN]:
        offer, day = version.offer, version.holds_until
        if day is not None:
            title = _("Without {number}, version {version}, nothing is promised from the next day on")
            yield DatedEvent(
                f"{version.public_id}-holds", day, title.format(number=offer.number, version=version.version),
                f"/agreements/offers/{offer.public_id}/?version={version.version}",
                formats.labelled(offer.supplier, offer.output),
            )  # fmt: skip


def _of_version(version: AgreementVersion) -> Iterator[DatedEvent]:
    number, link = version.agreement.number, version.agreement.link
    about = formats.labelled(f"{link.supplier} → {link.customer}", link.output)
    address = f"/agreements/{version.agreement.public_id}/?version={version.version}"

    def event(kind: str, day: date, title: str) -> DatedEvent:
        return DatedEvent(f"{version.public_id}-{kind}", day, title.format(number=number), address, about)

    if version.state == VersionState.ACCEPTED and version.starts_on is not None:
        yield event("starts", version.starts_on, _("{number} comes into force"))
    if version.review_on is not None:
        yield event("review", version.review_on, _("Review of {number}"))
    if version.ends_on is not None:
        if version.renewal_days:
            decide = version.ends_on - timedelta(days=version.renewal_days)
            yield event("renewal", decide, _("Decide whether {number} is renewed"))
        yield event("ends", version.ends_on, _("Last day of {number}"))
