"""Which agreements somebody sees: those of the links in his sight; and which service offers."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q, QuerySet

from baton.agreements.models import Agreement, OfferVersion, ServiceOffer
from baton.agreements.rules import OfferState
from baton.chain import queries as chain
from baton.chain.policy import sight_of, under
from baton.chain.rules import Scope
from baton.core.actors import Actor
from baton.core.days import day_of
from baton.core.policy import may_use
from baton.core.texts import clean_text


def agreements_in_sight(*, viewer: Actor, at: datetime) -> QuerySet[Agreement]:
    """The agreements of links that the viewer sees, ended ones too."""
    if sight_of(viewer, day_of(at)).sees_all_links:
        return Agreement.objects.all()
    links = chain.links_in_sight(viewer=viewer, at=at)
    return Agreement.objects.filter(Q(link__in=links.values("pk")))


def offer_versions_in_sight(*, viewer: Actor, at: datetime) -> QuerySet[OfferVersion]:
    """The versions of service offers that the viewer sees: what was proposed by parties in his sight, or is accepted by
    an agreement in his sight; drafts only of parties that he leads, or where he sees all links."""
    if not may_use(viewer):
        return OfferVersion.objects.none()
    sight = sight_of(viewer, day_of(at))
    if sight.sees_all_links:
        return OfferVersion.objects.all()
    led = under(
        (lead.path for lead in sight.standing.leads if lead.scope in (Scope.ALL, Scope.LINKS) and not lead.is_narrow),
        "offer__supplier__",
    )
    near = Q(offer__supplier__in=chain.seen_parties(viewer=viewer, at=at).values("pk"))
    accepted = Q(offer__in=agreements_in_sight(viewer=viewer, at=at).filter(offer__isnull=False).values("offer"))
    told = Q(proposed_at__isnull=False) & ~Q(state=OfferState.DRAFT)
    return OfferVersion.objects.filter(led | (told & (near | accepted)))


def offers_in_sight(*, viewer: Actor, at: datetime) -> QuerySet[ServiceOffer]:
    """The service offers of which the viewer sees a version."""
    versions = offer_versions_in_sight(viewer=viewer, at=at)
    return ServiceOffer.objects.filter(pk__in=versions.values("offer"))


def of_party(party: str, *, link: str = "link") -> Q:
    """Records of links that have this party (public id, as an address says it) on either side; all where it is empty.
    ``link`` is the way from the record to its link."""
    asked = clean_text(party)
    if not asked:
        return Q()
    return Q(**{f"{link}__supplier__public_id": asked}) | Q(**{f"{link}__customer__public_id": asked})
