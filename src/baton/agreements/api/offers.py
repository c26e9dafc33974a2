"""Service offers: list, read with the customers' answers, write, publish; ask customers, deviate on a link. Signatures
are given on pages, by people."""

from __future__ import annotations

from enum import StrEnum
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any

from django.conf import settings
from django.http import HttpResponse
from ninja import Query, Router
from pydantic import Field

from baton.agreements import changes
from baton.agreements import queries as agreed
from baton.agreements.api.agreements import DraftSent, OwedSent
from baton.agreements.api.offer_shapes import (
    OfferShown,
    OfferVersionShown,
    offer_shown,
    offer_version_shown,
    offers_shown,
    see_offer,
    see_offer_version,
)
from baton.agreements.api.shapes import (
    READ,
    WRITE,
    ClauseShown,
    Note,
    clause_shown,
    see_clause,
    see_version,
)
from baton.agreements.changes import deviations, offering, offers, publishing, service_steps
from baton.agreements.changes.service_steps import StepWords
from baton.agreements.models import AgreementVersion, Clause
from baton.agreements.pages.offer_documents import offer_pdf
from baton.agreements.queries import offers as queries
from baton.agreements.queries.offers import OfferFilters
from baton.agreements.rules import LONGEST_STEP, MOST_CLAUSES, MOST_LINKS, MOST_STEPS, OfferState
from baton.chain import queries as chain
from baton.core.api.door import ApiRequest
from baton.core.api.endpoints import changed, made, named, reads, shown, writes
from baton.core.api.schemas import Asked, Day, Edited, Language, PublicId, Rows, Search, Sent, Texts
from baton.core.errors import NotFound
from baton.core.pdf.printing import PDF_TYPE
from baton.core.policy import may_use
from baton_analysis.errors import gettext_noop

if TYPE_CHECKING:
    from collections.abc import Sequence

    from baton.chain.models import Link

router = Router()
versions_router = Router()
deviations_router = Router()


class OfferOrder(StrEnum):
    """By what service offers are ordered; with a minus sign descending."""

    NAME = "name"
    NAME_DOWN = "-name"
    NUMBER = "number"
    NUMBER_DOWN = "-number"


class OffersAsked(Asked):
    """Which service offers, in which order."""

    search: Search = ""
    state: OfferState | None = Field(default=None, description="Of the version that counts.")
    supplier: PublicId | None = None
    order: OfferOrder = OfferOrder.NAME


class StepFields(Sent):
    """A step of the service."""

    name: Texts = Field(examples=[{"en": "Hand in used linen"}])
    role: Texts | None = Field(default=None, description="Who does it; no person's name.")
    minutes: Annotated[int, Field(ge=0, le=LONGEST_STEP)] | None = Field(default=None, examples=[15])
    bring: Texts | None = Field(default=None, description="What the customer has ready.")


class OfferSent(Sent):
    """A new service offer: its first draft."""

    supplier: PublicId
    output: PublicId
    name: Texts = Field(examples=[{"en": "Daily linen"}])
    agreement: PublicId | None = Field(default=None, description="With whose clauses it begins; null: with none.")


class NameSent(Edited):
    """Another name."""

    name: Texts = Field(examples=[{"en": "Daily linen"}])


class EndSent(Edited):
    """Why it is offered no more."""

    why: Note = Field(min_length=1, examples=["Bought outside from now on"])


class PublishSent(Edited):
    """Which clauses the public page shows beside steps and guarantees."""

    lines: list[PublicId] = Field(default_factory=list, max_length=MOST_CLAUSES)


class OfferDaysSent(Edited):
    """From when a version is offered; what is left out is emptied."""

    starts_on: Day | None = Field(default=None, description="Null: with each customer's signature.")
    holds_until: Day | None = Field(default=None, description="Null: the version before holds without end.")
    reason: Note = Field(default="", description="Why there is this version; for all customers.")


class StepsSent(Edited):
    """All steps in their order, instead of those that stand there."""

    steps: list[StepFields] = Field(max_length=MOST_STEPS)


class InviteSent(Sent):
    """Which customers are asked."""

    links: list[PublicId] = Field(min_length=1, max_length=MOST_LINKS)
    keep_own: bool = Field(default=False, description="Keep clauses of agreements that stand for themselves.")


class OfferPdfAsked(Sent):
    """In which language."""

    language: Language | None = Field(default=None, description="Null: the language of the organisation.")


class DeviationSent(OwedSent):
    """What one link says instead of a clause of the service offer; who owes it stays as offered."""

    agreement_version: PublicId
    line: PublicId = Field(description="Of the offer's clause.")


def _links_named(request: ApiRequest, public_ids: Sequence[str]) -> list[Link]:
    """The links with these public ids, all of them in sight."""
    seen = chain.links_in_sight(viewer=request.actor, at=request.now).filter(public_id__in=public_ids)
    found = {one.public_id: one for one in seen}

    def read(public_id: str) -> Link:
        if public_id not in found:
            raise NotFound
        return found[public_id]

    return [named(partial(read, one), "links") for one in public_ids]


@reads(
    router, "", scope=READ, may=may_use, response=Rows[OfferShown], summary=gettext_noop("List service offers"),
    description=gettext_noop("In sight, each with what the customers in sight answered to the version that counts."),
)  # fmt: skip
def list_offers(request: ApiRequest, asked: Query[OffersAsked]) -> Any:
    filters = OfferFilters(
        search=asked.search, state=asked.state or "", party=asked.supplier or "", order=asked.order.value
    )
    part = queries.offer_slice(
        viewer=request.actor, at=request.now, filters=filters, limit=asked.limit, cursor=asked.cursor
    )
    rows = queries.offer_rows(viewer=request.actor, at=request.now, offers=part.rows)
    return Rows[OfferShown](rows=offers_shown(rows), next=part.next)


@reads(
    router, "/{slug:public_id}", scope=READ, may=may_use, response=OfferShown,
    summary=gettext_noop("Read a service offer"),
)  # fmt: skip
def read_offer(request: ApiRequest, public_id: PublicId) -> HttpResponse:
    found = see_offer(request)(public_id)
    return shown(found, offer_shown(request)(found))


@writes(
    router, "POST", "", scope=WRITE, may=may_use, response=OfferVersionShown, status=201,
    summary=gettext_noop("Begin a service offer"),
    description=gettext_noop("For who leads the supplier, and quality managers; it answers with the first draft."),
    example={"supplier": "2b3c4d5f6g7h8j9k", "output": "3c4d5f6g7h8j9k2b", "name": {"en": "Daily linen"}},
)  # fmt: skip
def begin_offer(request: ApiRequest, sent: OfferSent) -> HttpResponse:
    by, at = request.actor, request.now
    supplier = named(lambda: chain.party(viewer=by, at=at, public_id=sent.supplier), "supplier")
    output = named(lambda: chain.output(viewer=by, at=at, public_id=sent.output), "output")
    like: AgreementVersion | None = None
    if sent.agreement is not None:
        public_id = sent.agreement
        found = named(lambda: agreed.agreement(viewer=by, at=at, public_id=public_id), "agreement")
        like = agreed.that_counts(agreed.versions_of(viewer=by, agreements=[found])[found.pk])
    return made(
        request, show=offer_version_shown(request), see=see_offer_version(request),
        write=lambda: offers.begin_offer(by=by, at=at, supplier=supplier, output=output, name=sent.name, like=like),
    )  # fmt: skip


@writes(
    router, "PATCH", "/{slug:public_id}", scope=WRITE, may=may_use, response=OfferShown, versioned=True,
    summary=gettext_noop("Rename a service offer"), example={"name": {"en": "Daily linen"}, "version": 42},
)  # fmt: skip
def rename_offer(request: ApiRequest, public_id: PublicId, sent: NameSent) -> HttpResponse:
    return changed(
        request, public_id, sent, show=offer_shown(request), see=see_offer(request),
        write=lambda one, **seen: offers.rename_offer(offer=one, name=sent.name, **seen),
    )  # fmt: skip


@writes(
    router, "POST", "/{slug:public_id}/versions", scope=WRITE, may=may_use, response=OfferVersionShown, status=201,
    summary=gettext_noop("Write a new version of a service offer"),
    description=gettext_noop("A draft with clauses and steps of the version in force; one at a time is on its way."),
    example={"reason": "Nights, too"},
)  # fmt: skip
def draft_offer_version(request: ApiRequest, public_id: PublicId, sent: DraftSent) -> HttpResponse:
    found = see_offer(request)(public_id)
    return made(
        request, show=offer_version_shown(request), see=see_offer_version(request),
        write=lambda: offers.draft_offer_version(
            by=request.actor, at=request.now, offer=found, reason=sent.reason
        ),
    )  # fmt: skip


@writes(
    router, "POST", "/{slug:public_id}/publish", scope=WRITE, may=may_use, response=OfferShown, versioned=True,
    summary=gettext_noop("Publish a service offer"),
    description=gettext_noop("Anybody reads steps, guarantees and these clauses on a page without signing in."),
    example={"lines": [], "version": 42},
)  # fmt: skip
def publish_offer(request: ApiRequest, public_id: PublicId, sent: PublishSent) -> HttpResponse:
    return changed(
        request, public_id, sent, show=offer_shown(request), see=see_offer(request),
        write=lambda one, **seen: publishing.publish_offer(offer=one, lines=sent.lines, **seen),
    )  # fmt: skip


@writes(
    router, "POST", "/{slug:public_id}/take-down", scope=WRITE, may=may_use, response=OfferShown, versioned=True,
    summary=gettext_noop("Take the public page of a service offer down"), example={"version": 42},
)  # fmt: skip
def take_offer_down(request: ApiRequest, public_id: PublicId, sent: Edited) -> HttpResponse:
    return changed(
        request, public_id, sent, show=offer_shown(request), see=see_offer(request),
        write=lambda one, **seen: publishing.take_page_down(offer=one, reason=sent.reason, **seen),
    )  # fmt: skip


@writes(
    router, "POST", "/{slug:public_id}/end", scope=WRITE, may=may_use, response=OfferShown, versioned=True,
    summary=gettext_noop("End a service offer"), example={"why": "Bought outside from now on", "version": 42},
)  # fmt: skip
def end_offer(request: ApiRequest, public_id: PublicId, sent: EndSent) -> HttpResponse:
    return changed(
        request, public_id, sent, show=offer_shown(request), see=see_offer(request),
        write=lambda one, **seen: offers.end_offer(offer=one, reason=sent.why, **seen),
    )  # fmt: skip


@reads(
    versions_router, "/{slug:public_id}", scope=READ, may=may_use, response=OfferVersionShown,
    summary=gettext_noop("Read a version of a service offer with the customers' answers"),
)  # fmt: skip
def read_offer_version(request: ApiRequest, public_id: PublicId) -> HttpResponse:
    found = see_offer_version(request)(public_id)
    return shown(found, offer_version_shown(request)(found))


@reads(
    versions_router, "/{slug:public_id}/pdf", scope=READ, may=may_use, response=None, file_type=PDF_TYPE,
    summary=gettext_noop("Read a version of a service offer as PDF"),
    description=gettext_noop("With its clauses, steps and signature, and the QR code of exactly this version."),
)  # fmt: skip
def read_offer_pdf(request: ApiRequest, public_id: PublicId, asked: Query[OfferPdfAsked]) -> HttpResponse:
    language = asked.language or settings.LANGUAGE_CODE
    return offer_pdf(viewer=request.actor, at=request.now, public_id=public_id, language=language).answer()


@writes(
    versions_router, "PATCH", "/{slug:public_id}", scope=WRITE, may=may_use, response=OfferVersionShown,
    versioned=True, summary=gettext_noop("Say from when a version of a service offer is offered"),
    example={"holds_until": "2027-06-30", "version": 42},
)  # fmt: skip
def describe_offer_version(request: ApiRequest, public_id: PublicId, sent: OfferDaysSent) -> HttpResponse:
    return changed(
        request, public_id, sent, show=offer_version_shown(request), see=see_offer_version(request),
        write=lambda one, **seen: offers.describe_offer_version(
            version=one, starts_on=sent.starts_on, holds_until=sent.holds_until, reason=sent.reason, **seen
        ),
    )  # fmt: skip


@writes(
    versions_router, "POST", "/{slug:public_id}/clauses", scope=WRITE, may=may_use, response=ClauseShown, status=201,
    summary=gettext_noop("Add a clause to a service offer"), description=gettext_noop("To a draft."),
    example={"owed_by": "supplier", "characteristic": {"en": "Clean linen is on the ward"}, "measure": "time",
             "unit": "h", "direction": "at_most", "target": 24, "attainment": 95, "source": "handoffs"},
)  # fmt: skip
def add_offered_clause(request: ApiRequest, public_id: PublicId, sent: OwedSent) -> HttpResponse:
    version = see_offer_version(request)(public_id)
    return made(
        request, show=lambda clause: clause_shown(request, clause), see=see_clause(request),
        write=lambda: changes.add_clause(
            by=request.actor, at=request.now, version=version, terms=sent.terms(sent.owed_by)
        ),
    )  # fmt: skip


@writes(
    versions_router, "POST", "/{slug:public_id}/steps", scope=WRITE, may=may_use, response=OfferVersionShown,
    versioned=True, summary=gettext_noop("Say the steps of a service"),
    description=gettext_noop("All of them in their order, in a draft; a step of the same name stays the same one."),
    example={"steps": [{"name": {"en": "Hand in used linen"}, "minutes": 15}], "version": 42},
)  # fmt: skip
def set_service_steps(request: ApiRequest, public_id: PublicId, sent: StepsSent) -> HttpResponse:
    steps = [
        StepWords(name=one.name, role=one.role or {}, minutes=one.minutes, bring=one.bring or {}) for one in sent.steps
    ]
    return changed(
        request, public_id, sent, show=offer_version_shown(request), see=see_offer_version(request),
        write=lambda one, **seen: service_steps.set_steps(version=one, steps=steps, **seen),
    )  # fmt: skip


@writes(
    versions_router, "POST", "/{slug:public_id}/invite", scope=WRITE, may=may_use, response=OfferVersionShown,
    summary=gettext_noop("Ask customers to accept a service offer"),
    description=gettext_noop("A version that was proposed; it bears the supplier's signature, given on its page."),
    example={"links": ["2b3c4d5f6g7h8j9k"]},
)  # fmt: skip
def invite_to_offer(request: ApiRequest, public_id: PublicId, sent: InviteSent) -> HttpResponse:
    by, at = request.actor, request.now
    links = _links_named(request, sent.links)
    version = see_offer_version(request)(public_id)
    return made(
        request, show=offer_version_shown(request), see=see_offer_version(request), status=200,
        write=lambda: offering.invite_links(by=by, at=at, version=version, links=links, keep_own=sent.keep_own),
    )  # fmt: skip


@writes(
    deviations_router, "POST", "", scope=WRITE, may=may_use, response=ClauseShown, status=201,
    summary=gettext_noop("Deviate from a service offer on one link"),
    description=gettext_noop("In a draft or a version in consultation of an agreement that accepts the offer."),
    example={"agreement_version": "2b3c4d5f6g7h8j9k", "line": "3c4d5f6g7h8j9k2b", "owed_by": "supplier",
             "characteristic": {"en": "Clean linen is on the ward"}, "measure": "time", "unit": "h",
             "direction": "at_most", "target": 12, "attainment": 95, "source": "handoffs"},
)  # fmt: skip
def deviate(request: ApiRequest, sent: DeviationSent) -> HttpResponse:
    version = named(lambda: see_version(request)(sent.agreement_version), "agreement_version")

    def show(clause: Clause) -> ClauseShown:
        return clause_shown(request, clause)

    return made(
        request, show=show, see=see_clause(request),
        write=lambda: deviations.deviate(
            by=request.actor, at=request.now, version=version, line=sent.line,
            terms=sent.terms(sent.owed_by),
        ),
    )  # fmt: skip
