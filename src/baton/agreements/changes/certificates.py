"""Certificates of parties are entered, corrected, renewed and ended; parties are told in time."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.urls import reverse

from baton.agreements import policy
from baton.agreements.changes.checks import reason_given
from baton.agreements.models.certificates import NAME_LENGTH, NUMBER_LENGTH, Certificate
from baton.agreements.rules.certificates import ALERT_DAYS, ALERT_RANGE, CertificateState
from baton.chain import queries as chain
from baton.chain.policy import standing_of
from baton.chain.queries.group_chats import leaders_of
from baton.core.actors import Actor
from baton.core.audit.trail import Trail, change
from baton.core.changes import notify
from baton.core.days import day_of
from baton.core.errors import Refused, TooLong
from baton.core.policy import demand
from baton.core.texts import clean_text
from baton_analysis.errors import gettext_noop

if TYPE_CHECKING:
    from baton.chain.models import Party

TELL_JOB = "agreements.tell_of_certificates"
RUNS_OUT_TOPIC = "agreements.certificate_runs_out"
_YEARS = (1950, 2199)


def add_certificate(
    *, by: Actor, at: datetime, party: Party, name: str, certificate_number: str = "", issuer: str = "",
    began_on: date | None = None, ends_on: date | None = None, alert_days: int = ALERT_DAYS,
) -> Certificate:  # fmt: skip
    """Enter a certificate of a party."""
    with change(by=by, at=at) as trail:
        # Read again under the lock: it may have ended since the caller read it.
        party = chain.party(viewer=by, at=at, public_id=party.public_id)
        demand(policy.may_keep_certificates(standing_of(by, day_of(at)), party))
        certificate = Certificate(party=party)
        _describe(certificate, name, certificate_number, issuer)
        _set_days(certificate, began_on, ends_on, alert_days)
        return trail.save(certificate, "certificate.added")


def change_certificate(
    *, by: Actor, at: datetime, certificate: Certificate, name: str, certificate_number: str = "", issuer: str = "",
    began_on: date | None = None, ends_on: date | None = None, alert_days: int = ALERT_DAYS,
    expected_seq: int | None = None,
) -> Certificate:  # fmt: skip
    """Correct it, or renew it: with another last day the party is told of that one in its time."""
    with change(by=by, at=at) as trail:
        fresh = _to_edit(trail, certificate, expected_seq)
        _describe(fresh, name, certificate_number, issuer)
        before = (fresh.ends_on, fresh.alert_days)
        _set_days(fresh, began_on, ends_on, alert_days)
        if (fresh.ends_on, fresh.alert_days) != before:
            fresh.told_at = None
        return trail.save(fresh, "certificate.changed")


def end_certificate(
    *, by: Actor, at: datetime, certificate: Certificate, reason: str, expected_seq: int | None = None
) -> Certificate:
    """It was given back, withdrawn by who issued it, or replaced; with a reason."""
    why = reason_given(reason)
    with change(by=by, at=at, reason=why) as trail:
        fresh = _to_edit(trail, certificate, expected_seq)
        fresh.ended_at, fresh.ended_because = at, why
        return trail.save(fresh, "certificate.ended")


def tell_of_certificates(*, by: Actor, at: datetime) -> None:
    """Tell whoever leads the parties whose certificates run out, once each; done again, it changes nothing more."""
    day = day_of(at)
    due = Certificate.objects.filter(ended_at__isnull=True, told_at__isnull=True, ends_on__isnull=False)
    for certificate in due.filter(ends_on__lte=day + timedelta(days=ALERT_RANGE.stop)).select_related("party"):
        if certificate.state_on(day) in _TO_TELL:
            _tell(by, at, certificate)


_TO_TELL = (CertificateState.RUNS_OUT, CertificateState.EXPIRED)


def _tell(by: Actor, at: datetime, certificate: Certificate) -> None:
    with change(by=by, at=at) as trail:
        fresh = trail.lock(Certificate, certificate)
        if fresh.told_at is not None or fresh.ends_on is None or fresh.state_on(day_of(at)) not in _TO_TELL:
            return
        fresh.told_at = at
        trail.save(fresh, "certificate.told")
        for person in leaders_of(fresh.party.public_id, at):
            notify(
                by=by, at=at, person=person, topic=RUNS_OUT_TOPIC,
                values={"name": fresh.name, "party": fresh.party.name, "ends_on": fresh.ends_on.isoformat()},
                address=reverse("agreements:certificate", args=[fresh.public_id]),
                shows=[(Certificate.kind, fresh.public_id)],
            )  # fmt: skip


def _to_edit(trail: Trail, certificate: Certificate, expected_seq: int | None) -> Certificate:
    fresh = trail.lock(Certificate, certificate, expected_seq=expected_seq)
    demand(policy.may_keep_certificates(standing_of(trail.by, day_of(trail.at)), fresh.party))
    if fresh.ended_at is not None:
        raise Refused(
            expected=gettext_noop("Expected a certificate that was not ended."),
            found=gettext_noop("It was ended."),
            remedy=gettext_noop("Enter the new one as a certificate of its own."),
        )
    return fresh


def _describe(certificate: Certificate, name: str, number: str, issuer: str) -> None:
    certificate.name, certificate.issuer = _line(name, "name", NAME_LENGTH), _line(issuer, "issuer", NAME_LENGTH)
    certificate.certificate_number = _line(number, "certificate_number", NUMBER_LENGTH)
    if not certificate.name:
        raise Refused(
            field="name",
            expected=gettext_noop("Expected what is attested."),
            found=gettext_noop("Nothing was entered."),
            remedy=gettext_noop("Enter it, such as ISO 9001:2015."),
        )


def _line(raw: str, field: str, most: int) -> str:
    text = " ".join(clean_text(raw).split())
    if len(text) > most:
        raise TooLong(field=field, most=most, length=len(text))
    return text


def _set_days(certificate: Certificate, began_on: date | None, ends_on: date | None, alert_days: int) -> None:
    for field, day in (("began_on", began_on), ("ends_on", ends_on)):
        if day is not None and not _YEARS[0] <= day.year <= _YEARS[1]:
            raise Refused(
                field=field,
                expected=gettext_noop("Expected days in the years {first} to {last}."),
                found=gettext_noop("Found {day}."),
                remedy=gettext_noop("Correct the year."),
                first=_YEARS[0], last=_YEARS[1], day=day.isoformat(),
            )  # fmt: skip
    if began_on is not None and ends_on is not None and ends_on < began_on:
        raise Refused(
            field="ends_on",
            expected=gettext_noop("Expected a last day on or after {first}, the first day."),
            found=gettext_noop("Found {last}."),
            remedy=gettext_noop("Give a later day, or leave it empty."),
            first=began_on.isoformat(), last=ends_on.isoformat(),
        )  # fmt: skip
    if alert_days not in ALERT_RANGE:
        raise Refused(
            field="alert_days",
            expected=gettext_noop("Expected 0 to 365 days."),
            found=gettext_noop("Found {days}."),
            remedy=gettext_noop("Give the days before the last day on which the party is told."),
            days=alert_days,
        )
    certificate.began_on, certificate.ends_on, certificate.alert_days = began_on, ends_on, alert_days
