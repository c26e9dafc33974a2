"""A service offer gets a page that anybody opens without signing in, or loses it."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from datetime import datetime

from baton.agreements.changes.drafts import clauses_in
from baton.agreements.changes.offers import to_keep
from baton.agreements.models import OfferVersion, ServiceOffer
from baton.agreements.rules import OFFERED
from baton.core.actors import Actor
from baton.core.audit.trail import change
from baton.core.errors import Refused
from baton_analysis.errors import gettext_noop

_TOKEN_BYTES = 16
"""Random bytes of the address: nobody guesses 128 bits."""


def publish_offer(
    *, by: Actor, at: datetime, offer: ServiceOffer, lines: Collection[str] = (), expected_seq: int | None = None
) -> ServiceOffer:
    """Show steps, guarantees and the clauses of ``lines`` on a public page; its address stays until it is taken down.

    Refused: an offer of which no version was proposed, and lines of which it has no clause.
    """
    with change(by=by, at=at) as trail:
        offer = to_keep(trail, offer, expected_seq)
        version = OfferVersion.objects.filter(offer=offer, state__in=sorted(OFFERED)).order_by("-version").first()
        if version is None:
            raise Refused(
                expected=gettext_noop("Expected a service offer of which a version was proposed to customers."),
                found=gettext_noop("All that there is, is a draft."),
                remedy=gettext_noop("Propose it first, then publish it."),
            )
        known = set(clauses_in(version).filter(dropped=False).values_list("line", flat=True))
        if not known.issuperset(lines):
            raise Refused(
                field="lines",
                expected=gettext_noop("Expected clauses of the version that is offered."),
                found=gettext_noop("One of them is not in it."),
                remedy=gettext_noop("Load the page again and choose among the clauses that it shows."),
            )
        offer.page_lines = sorted(set(lines))
        offer.page_token = offer.page_token or secrets.token_urlsafe(_TOKEN_BYTES)
        return trail.save(offer, "service_offer.published")


def take_page_down(
    *, by: Actor, at: datetime, offer: ServiceOffer, reason: str = "", expected_seq: int | None = None
) -> ServiceOffer:
    """The public page is there no more; published again, it has another address."""
    with change(by=by, at=at, reason=reason) as trail:
        offer = to_keep(trail, offer, expected_seq)
        offer.page_token = ""
        return trail.save(offer, "service_offer.page_taken_down")
