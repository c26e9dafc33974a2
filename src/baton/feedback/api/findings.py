"""Findings of surveys: list, read, answer, decline, say that it is done."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Annotated, Any, Literal

from django.http import HttpResponse
from ninja import Query, Router
from pydantic import Field, StringConstraints

from baton.chain.api.parties import person_named
from baton.chain.api.shapes import PartyNamed
from baton.core.api.door import ApiRequest
from baton.core.api.endpoints import changed, reads, shown, writes
from baton.core.api.schemas import Asked, Day, Edited, PublicId, SaidTexts, Shown
from baton.core.policy import may_use
from baton.feedback import changes
from baton.feedback.models import Finding
from baton.feedback.queries import findings as queries
from baton.feedback.queries.findings import FindingFilters
from baton.feedback.rules.findings import WORDS_LENGTH, FindingState
from baton_analysis.errors import gettext_noop

READ, WRITE = "feedback:read", "feedback:write"
MOST_ROWS = 500

router = Router()

Words = Annotated[str, StringConstraints(min_length=1, max_length=WORDS_LENGTH, pattern=r"^[^\x00]*$")]


class FindingShown(Shown):
    """Something that a survey found wanting, and what was answered. ``mean`` lies on a scale from ``low`` to ``high``;
    all are null for what was entered by hand."""

    id: PublicId
    number: str = Field(examples=["F-2026-0001"])
    wave: PublicId
    supplier: PartyNamed
    words: SaidTexts
    mean: float | None
    n: int | None = Field(description="Answers on which the mean rests.")
    low: float | None
    high: float | None
    state: FindingState
    answer_due_on: date
    answer: str
    owner: PublicId | None = Field(description="Who sees to it.")
    promised_for: date | None
    done_on: date | None
    outcome: str = Field(description="What was done.")
    version: int = Field(examples=[42])


class FindingsShown(Shown):
    """What is due first comes first."""

    rows: list[FindingShown]


class FindingsAsked(Asked):
    """Which findings."""

    show: Literal["open", "late", "mine", "all"] = Field(default="all", description="open: not done.")
    wave: PublicId | None = None
    party: PublicId | None = Field(default=None, description="The supplier.")


class AnswerSent(Edited):
    """What is done, by whom and by when."""

    answer: Words = Field(examples=["A second round of the laundry at 14:00"])
    owner: PublicId
    promised_for: Day


class DeclineSent(Edited):
    """Why nothing is done."""

    answer: Words = Field(examples=["The contract allows no other times until May"])


class DoneSent(Edited):
    """What was done."""

    outcome: Words = Field(examples=["The second round runs since Monday"])
    done_on: Day | None = Field(default=None, description="Null: today.")


def _shown(one: Finding) -> FindingShown:
    return FindingShown(
        id=one.public_id, number=one.number, wave=one.wave.public_id,
        supplier=PartyNamed(id=one.supplier.public_id, name=one.supplier.name), words=one.words, mean=one.mean, n=one.n,
        low=one.low, high=one.high, state=FindingState(one.state), answer_due_on=one.answer_due_on, answer=one.answer,
        owner=one.owner.public_id if one.owner is not None else None, promised_for=one.promised_for,
        done_on=one.done_on, outcome=one.outcome, version=one.changed_seq,
    )  # fmt: skip


def _see(request: ApiRequest) -> Callable[[str], Finding]:
    return lambda public_id: queries.finding(viewer=request.actor, at=request.now, public_id=public_id)


@reads(
    router, "", scope=READ, may=may_use, response=FindingsShown, summary=gettext_noop("List findings of surveys"),
    description=gettext_noop("About parties in sight; at most 500, what is due first comes first."),
)  # fmt: skip
def list_findings(request: ApiRequest, asked: Query[FindingsAsked]) -> Any:
    filters = FindingFilters(show=asked.show, party=asked.party or "", wave=asked.wave or "")
    found = queries.listed_findings(viewer=request.actor, at=request.now, filters=filters)
    return FindingsShown(rows=[_shown(one) for one in found[:MOST_ROWS]])


@reads(
    router, "/{slug:public_id}", scope=READ, may=may_use, response=FindingShown,
    summary=gettext_noop("Read a finding of a survey"),
)  # fmt: skip
def read_finding(request: ApiRequest, public_id: PublicId) -> HttpResponse:
    found = _see(request)(public_id)
    return shown(found, _shown(found))


@writes(
    router, "POST", "/{slug:public_id}/answer", scope=WRITE, may=may_use, response=FindingShown, versioned=True,
    summary=gettext_noop("Say what is done about a finding"),
    description=gettext_noop("For who leads the supplier, and quality managers. Everybody inside reads it."),
    example={"version": 42, "answer": "A second round at 14:00", "owner": "3c4d5f6g7h8j9k2b",
             "promised_for": "2026-12-01"},
)  # fmt: skip
def answer_finding(request: ApiRequest, public_id: PublicId, sent: AnswerSent) -> HttpResponse:
    _see(request)(public_id)
    owner = person_named(request, sent.owner, "owner")
    return changed(
        request, public_id, sent, show=_shown, see=_see(request),
        write=lambda one, **seen: changes.answer_finding(
            finding=one, answer=sent.answer, owner=owner, promised_for=sent.promised_for, **seen
        ),
    )  # fmt: skip


@writes(
    router, "POST", "/{slug:public_id}/decline", scope=WRITE, may=may_use, response=FindingShown, versioned=True,
    summary=gettext_noop("Say why nothing is done about a finding"),
    example={"version": 42, "answer": "The contract allows no other times until May"},
)  # fmt: skip
def decline_finding(request: ApiRequest, public_id: PublicId, sent: DeclineSent) -> HttpResponse:
    return changed(
        request, public_id, sent, show=_shown, see=_see(request),
        write=lambda one, **seen: changes.decline_finding(finding=one, answer=sent.answer, **seen),
    )  # fmt: skip


@writes(
    router, "POST", "/{slug:public_id}/done", scope=WRITE, may=may_use, response=FindingShown, versioned=True,
    summary=gettext_noop("Say that what was promised about a finding is done"),
    example={"version": 42, "outcome": "The second round runs since Monday"},
)  # fmt: skip
def finish_finding(request: ApiRequest, public_id: PublicId, sent: DoneSent) -> HttpResponse:
    return changed(
        request, public_id, sent, show=_shown, see=_see(request),
        write=lambda one, **seen: changes.finish_finding(
            finding=one, outcome=sent.outcome, done_on=sent.done_on, **seen
        ),
    )  # fmt: skip
