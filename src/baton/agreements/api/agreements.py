"""Agreements: list, read, begin, write a new version."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from django.http import HttpResponse
from ninja import Query, Router
from pydantic import Field

from baton.agreements import changes, queries
from baton.agreements.api.shapes import (
    READ,
    WRITE,
    AgreementShown,
    Note,
    TermsSent,
    VersionWithClauses,
    agreement_shown,
    agreements_shown,
    see_agreement,
    see_version,
    version_with_clauses,
)
from baton.agreements.queries import AgreementFilters
from baton.agreements.rules import MOST_CLAUSES, Side, VersionState
from baton.chain import queries as chain
from baton.core.api.door import ApiRequest
from baton.core.api.endpoints import made, named, reads, shown, writes
from baton.core.api.schemas import Asked, PublicId, Rows, Search, Sent
from baton.core.policy import may_use
from baton_analysis.errors import gettext_noop

router = Router()


class AgreementOrder(StrEnum):
    """By what agreements are ordered; with a minus sign descending."""

    NUMBER = "number"
    NUMBER_DOWN = "-number"
    SUPPLIER = "supplier"
    SUPPLIER_DOWN = "-supplier"
    CUSTOMER = "customer"
    CUSTOMER_DOWN = "-customer"


class AgreementsAsked(Asked):
    """Which agreements, in which order."""

    search: Search = ""
    state: VersionState | None = Field(default=None, description="Of the version that counts.")
    party: PublicId | None = Field(default=None, description="On either side.")
    order: AgreementOrder = AgreementOrder.NUMBER


class OwedSent(TermsSent):
    """A clause of a first draft."""

    owed_by: Side = Field(description="Supplier: a promise. Customer: a duty.")


class AgreementSent(Sent):
    """A new agreement: its first draft."""

    link: PublicId
    clauses: list[OwedSent] = Field(default_factory=list, max_length=MOST_CLAUSES)


class DraftSent(Sent):
    """A new version."""

    reason: Note = Field(default="", description="Why there is a new version; for both sides.")


@reads(
    router, "", scope=READ, may=may_use, response=Rows[AgreementShown],
    summary=gettext_noop("List agreements"),
    description=gettext_noop("Agreements of links in sight, each with the version that counts."),
)  # fmt: skip
def list_agreements(request: ApiRequest, asked: Query[AgreementsAsked]) -> Any:
    filters = AgreementFilters(
        search=asked.search, state=asked.state or "", party=asked.party or "", order=asked.order.value
    )
    part = queries.agreement_slice(
        viewer=request.actor, at=request.now, filters=filters, limit=asked.limit, cursor=asked.cursor
    )
    return Rows[AgreementShown](rows=agreements_shown(request, part.rows), next=part.next)


@reads(
    router, "/{slug:public_id}", scope=READ, may=may_use, response=AgreementShown,
    summary=gettext_noop("Read an agreement"),
)  # fmt: skip
def read_agreement(request: ApiRequest, public_id: PublicId) -> HttpResponse:
    found = see_agreement(request)(public_id)
    return shown(found, agreement_shown(request, found))


@writes(
    router, "POST", "", scope=WRITE, may=may_use, response=VersionWithClauses, status=201,
    summary=gettext_noop("Begin an agreement"),
    description=gettext_noop("The first draft of the agreement of a link; a link has one agreement at most."),
    example={
        "link": "2b3c4d5f6g7h8j9k",
        "clauses": [
            {"owed_by": "supplier", "characteristic": {"en": "Clean linen is on the ward"}, "measure": "time",
             "unit": "h", "direction": "at_most", "target": 24, "attainment": 95, "source": "handoffs"},
        ],
    },
)  # fmt: skip
def begin_agreement(request: ApiRequest, sent: AgreementSent) -> HttpResponse:
    by, at = request.actor, request.now
    link = named(lambda: chain.link(viewer=by, at=at, public_id=sent.link), "link")
    return made(
        request, show=lambda version: version_with_clauses(request, version), see=see_version(request),
        write=lambda: changes.begin_agreement(
            by=by, at=at, link=link, clauses=[clause.terms(clause.owed_by) for clause in sent.clauses]
        ),
    )  # fmt: skip


@writes(
    router, "POST", "/{slug:public_id}/versions", scope=WRITE, may=may_use, response=VersionWithClauses, status=201,
    summary=gettext_noop("Write a new version of an agreement"),
    description=gettext_noop("A draft with the clauses of the version in force; one version at a time is on its way."),
    example={"reason": "Earlier in the morning"},
)  # fmt: skip
def draft_version(request: ApiRequest, public_id: PublicId, sent: DraftSent) -> HttpResponse:
    found = see_agreement(request)(public_id)
    return made(
        request, show=lambda version: version_with_clauses(request, version), see=see_version(request),
        write=lambda: changes.draft_version(
            by=request.actor, at=request.now, agreement=found, reason=sent.reason
        ),
    )  # fmt: skip
