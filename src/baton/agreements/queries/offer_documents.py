"""Everything that stands in the document of a version of a service offer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from baton.agreements.models import Clause, Guarantee, OfferVersion, ServiceStep
from baton.agreements.queries.guarantees import guarantees_of_offer
from baton.agreements.queries.offering import steps_of
from baton.agreements.queries.offers import offer_version
from baton.agreements.queries.offers import that_counts as offer_that_counts
from baton.agreements.queries.sight import offer_versions_in_sight
from baton.core.actors import Actor
from baton.core.queries import SignatureStanding, signatures_of, to_sign


@dataclass(frozen=True, slots=True)
class OfferDocument:
    """A version of a service offer with its clauses and steps; the last of its ``signatures`` counts."""

    version: OfferVersion
    digest: str
    clauses: list[Clause]
    steps: list[ServiceStep]
    signatures: list[SignatureStanding]
    guarantees: list[Guarantee]


def offer_document(*, viewer: Actor, at: datetime, public_id: str) -> OfferDocument:
    """What stands in the document of a version; :class:`NotFound` where the viewer may not know of it. A fixed number
    of queries."""
    found = offer_version(viewer=viewer, at=at, public_id=public_id)
    digest = to_sign(viewer=viewer, kind=OfferVersion.kind, public_id=public_id).digest
    clauses = Clause.objects.filter(offer_version=found, dropped=False).select_related("calendar")
    return OfferDocument(
        version=found,
        digest=digest,
        clauses=list(clauses.order_by("position", "pk")),
        steps=steps_of(viewer=viewer, version=found),
        signatures=signatures_of(viewer=viewer, kind=OfferVersion.kind, public_id=public_id),
        guarantees=[one.guarantee for one in guarantees_of_offer(viewer=viewer, at=at, offer=found.offer)],
    )


def offer_version_called(*, viewer: Actor, at: datetime, number: str, version: int | None = None) -> str | None:
    """The public id of a version by the spoken number of its offer: version ``version``, or else the one that counts;
    None where the viewer knows of none."""
    seen = offer_versions_in_sight(viewer=viewer, at=at).filter(offer__number=number.strip().upper())
    rows = [one for one in seen.order_by("-version") if version in (None, one.version)]
    return offer_that_counts(rows).public_id if rows else None
