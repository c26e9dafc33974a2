"""Certificates of the parties that the viewer sees."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.paginator import Page
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _

from baton.agreements import policy
from baton.agreements.models.certificates import Certificate
from baton.agreements.rules import PAGE_ROWS
from baton.agreements.rules.certificates import ALERT_RANGE, CertificateState
from baton.chain import queries as chain
from baton.chain.policy import standing_of
from baton.chain.queries.discussing import heads_of_party
from baton.chain.queries.lists import page_of
from baton.core.actors import Actor
from baton.core.days import day_of
from baton.core.errors import NotFound
from baton.core.policy import may_use
from baton.core.registries import DatedEvent, Findable
from baton.core.texts import Texts, clean_text

if TYPE_CHECKING:
    from baton.core.models import Person


@dataclass(frozen=True, slots=True)
class CertificateRow:
    """A certificate with how it stands on the day."""

    certificate: Certificate
    state: CertificateState


def certificates(
    *, viewer: Actor, at: datetime, party: str = "", state: str = "", search: str = ""
) -> QuerySet[Certificate]:
    """The certificates of parties in sight, those that run out first. ``party`` is a public id; ``state`` one of
    :class:`CertificateState`, empty: all that were not ended."""
    seen = certificates_in_sight(viewer=viewer, at=at).select_related("party")
    if party := clean_text(party):
        seen = seen.filter(party__public_id=party)
    if search := clean_text(search[:200]):
        seen = seen.filter(Q(name__icontains=search) | Q(issuer__icontains=search) | Q(certificate_number=search))
    return _in_state(seen, state, day_of(at)).order_by(F("ends_on").asc(nulls_last=True), "name", "pk")


def certificate_page(*, viewer: Actor, at: datetime, page: int | str, **filters: str) -> Page[CertificateRow]:
    """A page of the list."""
    found: Page[CertificateRow] = page_of(certificates(viewer=viewer, at=at, **filters), page, rows_a_page=PAGE_ROWS)
    day = day_of(at)
    held: list[Certificate] = list(found.object_list)  # type: ignore[arg-type]
    found.object_list = [CertificateRow(one, one.state_on(day)) for one in held]
    return found


def certificates_of(*, viewer: Actor, at: datetime, party: str) -> list[CertificateRow]:
    """The certificates of one party (public id) that were not ended."""
    day = day_of(at)
    return [CertificateRow(one, one.state_on(day)) for one in certificates(viewer=viewer, at=at, party=party)]


def certificate(*, viewer: Actor, at: datetime, public_id: str) -> Certificate:
    """One certificate; :class:`NotFound` also where the viewer does not see its party."""
    seen = certificates_in_sight(viewer=viewer, at=at).select_related("party").filter(public_id=public_id).first()
    if seen is None:
        raise NotFound
    return seen


def may_keep(*, viewer: Actor, at: datetime, party: str) -> bool:
    """Whether the viewer enters certificates of this party (public id)."""
    found = chain.party(viewer=viewer, at=at, public_id=party)
    return policy.may_keep_certificates(standing_of(viewer, day_of(at)), found)


def certificates_in_sight(*, viewer: Actor, at: datetime) -> QuerySet[Certificate]:
    """The certificates of the parties that the viewer sees, ended ones too; none for guests."""
    if not may_use(viewer):
        return Certificate.objects.none()
    return Certificate.objects.filter(party__in=chain.seen_parties(viewer=viewer, at=at))


def dates_of_certificates(viewer: Actor, at: datetime, first: date) -> Iterator[DatedEvent]:
    """The last days of certificates, and the days from which on to think of them, from ``first`` on."""
    ahead = certificates(viewer=viewer, at=at).filter(ends_on__gte=first)
    for one in ahead:
        address, about = f"/agreements/certificates/{one.public_id}/", str(one.party)
        if one.ends_on is None:
            continue
        alert = one.ends_on - timedelta(days=one.alert_days)
        if one.alert_days and alert >= first:
            title = _("Think of renewing: {name}").format(name=one.name)
            yield DatedEvent(f"{one.public_id}-alert", alert, title, address, about)
        yield DatedEvent(
            f"{one.public_id}-ends", one.ends_on, _("Expires: {name}").format(name=one.name), address, about
        )


def certificates_read(public_ids: Collection[str]) -> Iterator[Findable]:
    """Certificates by name, number and issuer, for the index of the search."""
    for one in Certificate.objects.filter(public_id__in=public_ids).select_related("party"):
        ended_on = day_of(one.ended_at) if one.ended_at else None
        texts = [one.certificate_number, one.issuer, *one.party.name.values()]
        yield Findable(one.public_id, one.certificate_number, certificate_called(one), texts, str(one.party), ended_on)


def certificate_ids() -> Iterator[str]:
    """Every certificate."""
    yield from Certificate.objects.values_list("public_id", flat=True)


def certificates_of_parties(public_ids: Collection[str]) -> Iterable[str]:
    """The certificates of these parties, by whose names they are found, too."""
    return Certificate.objects.filter(party__public_id__in=public_ids).values_list("public_id", flat=True)


def certificate_sight(viewer: Actor, at: datetime) -> Mapping[str, Any]:
    """What a search finds for the viewer."""
    return {Certificate.kind: certificates_in_sight(viewer=viewer, at=at)}


def name_of_certificate(public_id: str) -> Texts:
    """What it is called where people talk about it."""
    return certificate_called(Certificate.objects.get(public_id=public_id))


def heads_of_certificate(public_id: str, day: date) -> Iterable[Person]:
    """Who is told of comments: the heads of its party."""
    return heads_of_party(Certificate.objects.select_related("party").get(public_id=public_id).party.public_id, day)


def certificate_called(one: Certificate) -> Texts:
    """What a certificate is called, in every language alike."""
    return {code: one.name for code, _label in settings.LANGUAGES}


def _in_state(rows: QuerySet[Certificate], state: str, day: date) -> QuerySet[Certificate]:
    if state == CertificateState.ENDED:
        return rows.filter(ended_at__isnull=False)
    rows = rows.filter(ended_at__isnull=True)
    if state == CertificateState.EXPIRED:
        return rows.filter(ends_on__lt=day)
    if state == CertificateState.NOT_YET:
        return rows.filter(began_on__gt=day)
    if state not in (CertificateState.RUNS_OUT, CertificateState.VALID):
        return rows
    near = rows.filter(ends_on__gte=day, ends_on__lte=day + timedelta(days=ALERT_RANGE.stop))
    running_out = [one.pk for one in near if one.state_on(day) is CertificateState.RUNS_OUT]
    if state == CertificateState.RUNS_OUT:
        return rows.filter(pk__in=running_out)
    hold = rows.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=day)).exclude(began_on__gt=day)
    return hold.exclude(pk__in=running_out)
