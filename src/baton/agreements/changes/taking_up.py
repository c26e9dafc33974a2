"""A version of a service offer is in force from the first customer who accepts it."""

from __future__ import annotations

from baton.agreements.models import AgreementVersion, Clause, OfferVersion
from baton.agreements.rules import OfferState
from baton.core.audit.trail import Trail


def taken_up(trail: Trail, version: AgreementVersion) -> None:
    """Within the open change in which a version of an agreement was accepted by both sides: the version of the service
    offer to which it points is in force, and the one before it is superseded."""
    if version.offer_version_id is None:
        return
    offered = trail.lock(OfferVersion, OfferVersion.objects.get(pk=version.offer_version_id))
    if OfferState(offered.state) is not OfferState.PROPOSED:
        return
    before = OfferVersion.objects.filter(offer=offered.offer_id, state=OfferState.ACTIVE).first()
    if before is not None:
        held = trail.lock(OfferVersion, before)
        held.state = OfferState.SUPERSEDED
        trail.save(held, "offer_version.superseded")
    for clause in Clause.objects.filter(offer_version=offered, example=True):
        agreed = trail.lock(Clause, clause)
        agreed.example = False
        trail.save(agreed, "clause.agreed")
    offered.state = OfferState.ACTIVE
    trail.save(offered, "offer_version.accepted")
