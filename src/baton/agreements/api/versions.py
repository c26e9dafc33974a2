"""Versions of agreements and their clauses: read, write, propose and take the other steps. Signatures are given on
pages, by people."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import Annotated, Any

from django.conf import settings
from django.http import HttpResponse
from ninja import Query, Router
from pydantic import Field

from baton.agreements import changes
from baton.agreements.api.agreements import OwedSent
from baton.agreements.api.shapes import (
    READ,
    WRITE,
    ClauseShown,
    Note,
    TermsSent,
    VersionWithClauses,
    clause_shown,
    see_clause,
    see_version,
    version_with_clauses,
)
from baton.agreements.models import AgreementVersion
from baton.agreements.pages.documents import Copy, version_pdf
from baton.agreements.rules import MOST_CLAUSES, RENEWAL_DAYS, Side
from baton.core.api.door import ApiRequest
from baton.core.api.endpoints import changed, made, reads, shown, writes
from baton.core.api.schemas import Day, Edited, Language, PublicId, Sent
from baton.core.pdf.printing import PDF_TYPE
from baton.core.policy import may_use
from baton_analysis.errors import gettext_noop

router = Router()
clauses_router = Router()


class PdfAsked(Sent):
    """In which language, and what for."""

    language: Language | None = Field(default=None, description="Null: the language of the organisation.")
    copy_for: Copy = Field(
        default=Copy.READING, description="To be read and filed, or with places to be signed on paper."
    )


class StepName(StrEnum):
    """What is done with a version."""

    PROPOSE = "propose"
    CONSULT = "consult"
    CLOSE = "close"
    WITHDRAW = "withdraw"
    DECLINE = "decline"
    END = "end"


_STEPS: dict[StepName, Callable[..., AgreementVersion]] = {
    StepName.PROPOSE: changes.propose_version,
    StepName.CONSULT: changes.open_consultation,
    StepName.CLOSE: changes.close_consultation,
    StepName.WITHDRAW: changes.withdraw_version,
    StepName.DECLINE: changes.decline_version,
    StepName.END: changes.end_version,
}
_WITHOUT_REASON = {StepName.CONSULT, StepName.CLOSE}


class DaysSent(Edited):
    """From when to when a version is to hold; what is left out is emptied."""

    starts_on: Day | None = Field(default=None, description="Null: with the last signature.")
    ends_on: Day | None = Field(default=None, description="Last day; null: no end.")
    review_on: Day | None = None
    renewal_days: Annotated[int, Field(ge=0, le=365)] = RENEWAL_DAYS
    reason: Note = Field(default="", description="Why there is this version; for both sides.")


class StepSent(Edited):
    """A step of a version."""

    step: StepName
    reason: Note = Field(default="", description="Needed to decline and to end.")


class ClauseEditSent(Edited, TermsSent):
    """A clause, changed."""


class MoveSent(Sent):
    """Another place."""

    position: Annotated[int, Field(ge=1, le=MOST_CLAUSES)] = Field(description="Among the clauses of its side.")


@reads(
    router, "/{slug:public_id}", scope=READ, may=may_use, response=VersionWithClauses,
    summary=gettext_noop("Read a version of an agreement with its clauses"),
)  # fmt: skip
def read_agreement_version(request: ApiRequest, public_id: PublicId) -> HttpResponse:
    found = see_version(request)(public_id)
    return shown(found, version_with_clauses(request, found))


@reads(
    router, "/{slug:public_id}/pdf", scope=READ, may=may_use, response=None, file_type=PDF_TYPE,
    summary=gettext_noop("Read a version of an agreement as PDF"),
    description=gettext_noop("With its clauses, signatures and the QR code of exactly this version."),
)  # fmt: skip
def read_agreement_pdf(request: ApiRequest, public_id: PublicId, asked: Query[PdfAsked]) -> HttpResponse:
    return version_pdf(
        viewer=request.actor, at=request.now, public_id=public_id,
        language=asked.language or settings.LANGUAGE_CODE, copy=asked.copy_for,
    ).answer()  # fmt: skip


@writes(
    router, "PATCH", "/{slug:public_id}", scope=WRITE, may=may_use, response=VersionWithClauses, versioned=True,
    summary=gettext_noop("Say from when to when a version is to hold"),
    example={"starts_on": "2027-01-01", "ends_on": "2027-12-31", "version": 42},
)  # fmt: skip
def describe_agreement_version(request: ApiRequest, public_id: PublicId, sent: DaysSent) -> HttpResponse:
    return changed(
        request, public_id, sent, show=lambda fresh: version_with_clauses(request, fresh), see=see_version(request),
        write=lambda version, **seen: changes.describe_version(
            version=version, starts_on=sent.starts_on, ends_on=sent.ends_on, review_on=sent.review_on,
            renewal_days=sent.renewal_days, reason=sent.reason, **seen,
        ),
    )  # fmt: skip


@writes(
    router, "POST", "/{slug:public_id}/step", scope=WRITE, may=may_use, response=VersionWithClauses, versioned=True,
    summary=gettext_noop("Propose, withdraw, decline or end a version, open or close its consultation"),
    description=gettext_noop("Nobody signs through the API: signatures are given on pages, by people."),
    example={"step": "propose", "version": 42},
)  # fmt: skip
def take_step(request: ApiRequest, public_id: PublicId, sent: StepSent) -> HttpResponse:
    reason: dict[str, Any] = {} if sent.step in _WITHOUT_REASON else {"reason": sent.reason}
    return changed(
        request, public_id, sent, show=lambda fresh: version_with_clauses(request, fresh), see=see_version(request),
        write=lambda version, **seen: _STEPS[sent.step](version=version, **reason, **seen),
    )  # fmt: skip


@writes(
    router, "POST", "/{slug:public_id}/clauses", scope=WRITE, may=may_use, response=ClauseShown, status=201,
    summary=gettext_noop("Add a clause"),
    description=gettext_noop("To a draft, or to a version in consultation."),
    example={"owed_by": "customer", "characteristic": {"en": "Used linen is sorted"}, "measure": "share", "unit": "%",
             "direction": "at_least", "target": 98, "source": "count_by_hand"},
)  # fmt: skip
def add_clause(request: ApiRequest, public_id: PublicId, sent: OwedSent) -> HttpResponse:
    version = see_version(request)(public_id)
    return made(
        request, show=lambda clause: clause_shown(request, clause), see=see_clause(request),
        write=lambda: changes.add_clause(
            by=request.actor, at=request.now, version=version, terms=sent.terms(sent.owed_by)
        ),
    )  # fmt: skip


@reads(
    clauses_router, "/{slug:public_id}", scope=READ, may=may_use, response=ClauseShown,
    summary=gettext_noop("Read a clause"),
)  # fmt: skip
def read_clause(request: ApiRequest, public_id: PublicId) -> HttpResponse:
    found = see_clause(request)(public_id)
    return shown(found, clause_shown(request, found))


@writes(
    clauses_router, "PATCH", "/{slug:public_id}", scope=WRITE, may=may_use, response=ClauseShown, versioned=True,
    summary=gettext_noop("Change a clause"),
    description=gettext_noop("What is left out is emptied; who owes it does not change."),
    example={"characteristic": {"en": "Clean linen is on the ward"}, "measure": "time", "unit": "h",
             "direction": "at_most", "target": 12, "attainment": 95, "source": "handoffs", "version": 42},
)  # fmt: skip
def change_clause(request: ApiRequest, public_id: PublicId, sent: ClauseEditSent) -> HttpResponse:
    return changed(
        request, public_id, sent, show=lambda fresh: clause_shown(request, fresh), see=see_clause(request),
        write=lambda clause, **seen: changes.change_clause(
            clause=clause, terms=sent.terms(Side(clause.owed_by)), reason=sent.reason, **seen
        ),
    )  # fmt: skip


@writes(
    clauses_router, "POST", "/{slug:public_id}/drop", scope=WRITE, may=may_use, response=ClauseShown, versioned=True,
    summary=gettext_noop("Leave a clause out of its version"),
    example={"reason": "Nobody misses it", "version": 42},
)  # fmt: skip
def drop_clause(request: ApiRequest, public_id: PublicId, sent: Edited) -> HttpResponse:
    return changed(
        request, public_id, sent, show=lambda fresh: clause_shown(request, fresh), see=see_clause(request),
        write=lambda clause, **seen: changes.drop_clause(clause=clause, reason=sent.reason, **seen),
    )  # fmt: skip


@writes(
    clauses_router, "POST", "/{slug:public_id}/restore", scope=WRITE, may=may_use, response=ClauseShown,
    versioned=True, summary=gettext_noop("Take a clause up again that was left out"), example={"version": 42},
)  # fmt: skip
def restore_clause(request: ApiRequest, public_id: PublicId, sent: Edited) -> HttpResponse:
    return changed(
        request, public_id, sent, show=lambda fresh: clause_shown(request, fresh), see=see_clause(request),
        write=lambda clause, **seen: changes.restore_clause(clause=clause, reason=sent.reason, **seen),
    )  # fmt: skip


@writes(
    clauses_router, "POST", "/{slug:public_id}/move", scope=WRITE, may=may_use, response=ClauseShown,
    summary=gettext_noop("Put a clause into another place"), example={"position": 1},
)  # fmt: skip
def move_clause(request: ApiRequest, public_id: PublicId, sent: MoveSent) -> HttpResponse:
    clause = see_clause(request)(public_id)
    return made(
        request, show=lambda fresh: clause_shown(request, fresh), see=see_clause(request), status=200,
        write=lambda: changes.move_clause(
            by=request.actor, at=request.now, clause=clause, position=sent.position
        ),
    )  # fmt: skip
