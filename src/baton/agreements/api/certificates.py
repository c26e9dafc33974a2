"""Certificates of parties: list, read, enter, renew, end."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Annotated, Any

from django.http import HttpResponse
from ninja import Query, Router
from pydantic import Field, StringConstraints

from baton.agreements import changes
from baton.agreements.api.shapes import READ, WRITE, Note
from baton.agreements.models import Certificate
from baton.agreements.models.certificates import NAME_LENGTH, NUMBER_LENGTH
from baton.agreements.queries import certificates as queries
from baton.agreements.rules.certificates import ALERT_DAYS, ALERT_RANGE, CertificateState
from baton.chain import queries as chain
from baton.chain.api.shapes import PartyNamed
from baton.core.api.door import ApiRequest
from baton.core.api.endpoints import changed, made, named, reads, shown, writes
from baton.core.api.schemas import Asked, Day, Edited, PublicId, Rows, Search, Sent, Shown
from baton.core.days import day_of
from baton.core.policy import may_use
from baton.core.slices import slice_of
from baton_analysis.errors import gettext_noop

router = Router()

Line = Annotated[str, StringConstraints(max_length=NAME_LENGTH, pattern=r"^[^\x00]*$")]
Number = Annotated[str, StringConstraints(max_length=NUMBER_LENGTH, pattern=r"^[^\x00]*$")]


class CertificateShown(Shown):
    """What a third party has attested to a party."""

    id: PublicId
    party: PartyNamed
    name: str = Field(examples=["ISO 9001:2015"])
    certificate_number: str = Field(examples=["C-2026-17"])
    issuer: str = Field(examples=["CNAS"])
    began_on: date | None
    ends_on: date | None = Field(description="Last day on which it holds; null: it has no end.")
    alert_days: int = Field(description="Days before its last day on which the party is told.", examples=[90])
    state: CertificateState
    version: int = Field(examples=[42])


class CertificatesAsked(Asked):
    """Which certificates; without a state those that were not ended."""

    search: Search = ""
    party: PublicId | None = None
    state: CertificateState | None = None


class CertificateFields(Sent):
    """What a certificate says."""

    name: Line = Field(examples=["ISO 9001:2015"])
    certificate_number: Number = ""
    issuer: Line = ""
    began_on: Day | None = None
    ends_on: Day | None = None
    alert_days: int = Field(default=ALERT_DAYS, ge=0, le=ALERT_RANGE.stop - 1, strict=True)


class CertificateSent(CertificateFields):
    """A new certificate."""

    party: PublicId


class CertificateChange(CertificateFields, Edited):
    """All that a certificate says, as it is from now on."""


class CertificateEnd(Edited):
    """Why it holds no more."""

    why: Note = Field(min_length=1, examples=["Replaced"])


def _shown(request: ApiRequest) -> Callable[[Certificate], CertificateShown]:
    day = day_of(request.now)

    def show(one: Certificate) -> CertificateShown:
        return CertificateShown(
            id=one.public_id, party=PartyNamed(id=one.party.public_id, name=one.party.name), name=one.name,
            certificate_number=one.certificate_number, issuer=one.issuer, began_on=one.began_on, ends_on=one.ends_on,
            alert_days=one.alert_days, state=one.state_on(day), version=one.changed_seq,
        )  # fmt: skip

    return show


def _see(request: ApiRequest) -> Callable[[str], Certificate]:
    return lambda public_id: queries.certificate(viewer=request.actor, at=request.now, public_id=public_id)


@reads(
    router, "", scope=READ, may=may_use, response=Rows[CertificateShown], summary=gettext_noop("List certificates"),
    description=gettext_noop("Of parties in sight."),
)  # fmt: skip
def list_certificates(request: ApiRequest, asked: Query[CertificatesAsked]) -> Any:
    found = queries.certificates(
        viewer=request.actor, at=request.now, search=asked.search, party=asked.party or "", state=asked.state or ""
    )
    part = slice_of(found.order_by("recorded_at"), asked=asked.filters(), limit=asked.limit, cursor=asked.cursor)
    return Rows[CertificateShown](rows=list(map(_shown(request), part.rows)), next=part.next)


@reads(
    router, "/{slug:public_id}", scope=READ, may=may_use, response=CertificateShown,
    summary=gettext_noop("Read a certificate"),
)  # fmt: skip
def read_certificate(request: ApiRequest, public_id: PublicId) -> HttpResponse:
    found = _see(request)(public_id)
    return shown(found, _shown(request)(found))


@writes(
    router, "POST", "", scope=WRITE, may=may_use, response=CertificateShown, status=201,
    summary=gettext_noop("Enter a certificate"),
    description=gettext_noop("For who leads the party, and quality managers."),
    example={"party": "2b3c4d5f6g7h8j9k", "name": "ISO 9001:2015", "issuer": "CNAS", "ends_on": "2029-03-31"},
)  # fmt: skip
def add_certificate(request: ApiRequest, sent: CertificateSent) -> HttpResponse:
    by, at = request.actor, request.now
    party = named(lambda: chain.party(viewer=by, at=at, public_id=sent.party), "party")
    return made(
        request, show=_shown(request), see=_see(request),
        write=lambda: changes.add_certificate(by=by, at=at, party=party, **sent.said_as(CertificateFields)),
    )  # fmt: skip


@writes(
    router, "PATCH", "/{slug:public_id}", scope=WRITE, may=may_use, response=CertificateShown, versioned=True,
    summary=gettext_noop("Correct or renew a certificate"),
    description=gettext_noop("With another last day the party is told of that one in its time."),
    example={"version": 42, "name": "ISO 9001:2015", "ends_on": "2032-03-31"},
)  # fmt: skip
def change_certificate(request: ApiRequest, public_id: PublicId, sent: CertificateChange) -> HttpResponse:
    return changed(
        request, public_id, sent, show=_shown(request), see=_see(request),
        write=lambda one, **seen: changes.change_certificate(
            certificate=one, **sent.said_as(CertificateFields), **seen
        ),
    )  # fmt: skip


@writes(
    router, "POST", "/{slug:public_id}/end", scope=WRITE, may=may_use, response=CertificateShown, versioned=True,
    summary=gettext_noop("End a certificate"), example={"version": 42, "why": "Replaced"},
)  # fmt: skip
def end_certificate(request: ApiRequest, public_id: PublicId, sent: CertificateEnd) -> HttpResponse:
    return changed(
        request, public_id, sent, show=_shown(request), see=_see(request),
        write=lambda one, **seen: changes.end_certificate(certificate=one, reason=sent.why, **seen),
    )  # fmt: skip
