"""What follows from the day: signed versions begin to hold, terms end, both sides are told in time."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db.models import Q

from baton.agreements.changes.steps import bring_into_force, close
from baton.agreements.changes.telling import EXPIRED_TOPIC, RENEWAL_TOPIC, REVIEW_TOPIC, tell_side
from baton.agreements.models import AgreementVersion, OfferVersion
from baton.agreements.rules import OFFERED, Side, VersionState, is_over
from baton.core.actors import Actor
from baton.core.audit.trail import change
from baton.core.days import day_of

KEEP_TERMS_JOB = "agreements.keep_terms"


def keep_terms(*, by: Actor, at: datetime) -> None:
    """Bring signed versions into force whose first day has come, expire those whose last day is over or whose link has
    ended, or that accept a version of a service offer which holds no longer where the new one was not accepted, and
    tell both sides of those that run out or whose review is due. Each in a change of its own; done again on one day, it
    changes nothing more."""
    day = day_of(at)
    for version in AgreementVersion.objects.filter(state=VersionState.ACCEPTED, starts_on__lte=day):
        with change(by=by, at=at) as trail:
            held = trail.lock(AgreementVersion, version)
            if held.state == VersionState.ACCEPTED:
                bring_into_force(trail, held)
    over = Q(ends_on__lt=day) | Q(agreement__link__ended_on__lte=day)
    for version in AgreementVersion.objects.filter(over, state=VersionState.ACTIVE):
        _expire(by, at, version)
    for version in _held_too_long(day):
        _close_as_expired(by, at, version)
    running = AgreementVersion.objects.filter(state=VersionState.ACTIVE, ends_on__gte=day, renewal_days__gt=0)
    for version in running.filter(renewal_told_at__isnull=True):
        _tell_of_end(by, at, version, day)
    due = AgreementVersion.objects.filter(state=VersionState.ACTIVE, review_on__lte=day)
    for version in due.filter(review_told_at__isnull=True):
        _tell_of_review(by, at, version)


def _expire(by: Actor, at: datetime, version: AgreementVersion) -> None:
    with change(by=by, at=at) as trail:
        held = trail.lock(AgreementVersion, version)
        if held.state == VersionState.ACTIVE and is_over(held.ends_on, held.agreement.link.ended_on, day_of(at)):
            held = close(trail, held, VersionState.EXPIRED, "agreement_version.expired", "")
            tell_side(trail, held, list(Side), EXPIRED_TOPIC)


def _held_too_long(day: date) -> list[AgreementVersion]:
    """The versions in force of links that were asked to accept a newer version of their service offer, did not, and
    hold the one before beyond the day that the proposal names. Whom the supplier asks no more, and who has signed the
    newer one and waits for its first day, keeps what he has."""
    found: list[AgreementVersion] = []
    for offered in OfferVersion.objects.filter(state__in=sorted(OFFERED), holds_until__lt=day):
        pointing = AgreementVersion.objects.filter(offer_version__offer=offered.offer_id)
        asked = pointing.filter(offer_version=offered).exclude(state__in=[VersionState.DRAFT, VersionState.WITHDRAWN])
        signed = pointing.filter(state=VersionState.ACCEPTED)
        held = AgreementVersion.objects.filter(state=VersionState.ACTIVE, agreement__in=asked.values("agreement"))
        found += held.exclude(agreement__in=signed.values("agreement")).filter(
            offer_version__offer=offered.offer_id, offer_version__version__lt=offered.version
        )
    return found


def _close_as_expired(by: Actor, at: datetime, version: AgreementVersion) -> None:
    with change(by=by, at=at) as trail:
        held = trail.lock(AgreementVersion, version)
        if any(one.pk == held.pk for one in _held_too_long(day_of(at))):
            held = close(trail, held, VersionState.EXPIRED, "agreement_version.expired", "")
            tell_side(trail, held, list(Side), EXPIRED_TOPIC)


def _tell_of_end(by: Actor, at: datetime, version: AgreementVersion, day: date) -> None:
    if version.ends_on is None or day < version.ends_on - timedelta(days=version.renewal_days):
        return
    with change(by=by, at=at) as trail:
        held = trail.lock(AgreementVersion, version)
        if held.renewal_told_at is None and held.state == VersionState.ACTIVE:
            held.renewal_told_at = at
            held = trail.save(held, "agreement_version.renewal_told")
            tell_side(trail, held, list(Side), RENEWAL_TOPIC)


def _tell_of_review(by: Actor, at: datetime, version: AgreementVersion) -> None:
    with change(by=by, at=at) as trail:
        held = trail.lock(AgreementVersion, version)
        if held.review_told_at is None and held.state == VersionState.ACTIVE:
            held.review_told_at = at
            held = trail.save(held, "agreement_version.review_told")
            tell_side(trail, held, list(Side), REVIEW_TOPIC)
