"""Gaps: list, read, assign, answer, take an answer back."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any, Literal

from django.http import HttpResponse
from ninja import Query, Router
from pydantic import Field, StringConstraints

from baton.chain import changes, queries
from baton.chain.api.parties import READ, WRITE, person_named
from baton.chain.api.shapes import PersonNamed
from baton.chain.models import GapAnswer
from baton.chain.queries import slices
from baton.chain.queries.gaps import GapFilters, GapRow
from baton.chain.rules import Detector, GapReply, GapState
from baton.core.api.door import ApiRequest
from baton.core.api.endpoints import made, reads, version_of, writes
from baton.core.api.schemas import Asked, Day, PublicId, Reason, Rows, SaidTexts, Sent, Shown, Version
from baton.core.errors import NotFound
from baton.core.ids import ALPHABET, LENGTH
from baton.core.policy import demand, may_use
from baton_analysis.errors import gettext_noop

router = Router()

GapKey = Annotated[
    str,
    StringConstraints(pattern=rf"^[{ALPHABET}]{{{LENGTH}}}(\.[0-9a-z]{{{LENGTH},24}})?$"),
    Field(description="What it is about, as `key` of the list says.", examples=["2b3c4d5f6g7h8j9k"]),
]


class Asking(StrEnum):
    """Which gaps: open ones (also assigned), those of your parties, those that you are to close, answered ones, all."""

    OPEN = "open"
    MINE = "mine"
    ASSIGNED = "assigned"
    ANSWERED = "answered"
    ALL = "all"


class GapsAsked(Asked):
    """Which gaps."""

    show: Asking = Asking.OPEN
    detector: Detector | None = None


class AboutShown(Shown):
    """A record that a gap is about."""

    kind: str = Field(examples=["party"])
    id: PublicId
    number: str = Field(examples=["P-2026-0001"])
    name: SaidTexts


class AnswerShown(Shown):
    """What somebody said to a gap."""

    id: PublicId
    detector: Detector
    key: str
    reply: GapReply
    reason: str
    assignee: PersonNamed | None
    due_on: date | None
    withdrawn: bool
    version: int = Field(examples=[42])


class GapShown(Shown):
    """Something about the chain that nobody has made clear."""

    detector: Detector
    key: str = Field(examples=["2b3c4d5f6g7h8j9k"])
    record: str = Field(
        description="Its id where people comment on it, as kind `gap`.", examples=["cycle-2b3c4d5f6g7h8j9k-0a1b2c"]
    )
    about: list[AboutShown] = Field(description="What it is about, in the order of its sentence.")
    evidence: int = Field(description="What speaks for it: links, handovers or quiet days.")
    first: datetime | None = Field(description="First handover that an event log shows.")
    last: datetime | None = Field(description="Last handover that an event log shows.")
    state: GapState
    may_answer: bool
    answer: AnswerShown | None


class AnswerSent(Sent):
    """Common to all that is said to a gap."""

    version: Version | None = Field(default=None, description="That of the answer that stands; null where none does.")
    reason: Reason = ""


class AssignSent(AnswerSent):
    """Who is to close it."""

    person: PublicId
    due_on: Day | None = Field(default=None, description="By which day; null: no day.")


class LetStaySent(AnswerSent):
    """Why it may stay."""

    reply: Literal[GapReply.NO_DEALINGS, GapReply.ACCEPTED] = Field(
        description="no_dealings (two parties without a link) or accepted."
    )


def answer_shown(answer: GapAnswer) -> AnswerShown:
    return AnswerShown(
        id=answer.public_id, detector=Detector(answer.detector), key=answer.key, reply=GapReply(answer.reply),
        reason=answer.reason, due_on=answer.due_on, withdrawn=answer.withdrawn, version=answer.changed_seq,
        assignee=PersonNamed(id=answer.assignee.public_id, name=answer.assignee.name) if answer.assignee else None,
    )  # fmt: skip


def gap_shown(row: GapRow) -> GapShown:
    gap = row.gap
    return GapShown(
        detector=gap.detector, key=gap.key, record=gap.subject, evidence=gap.shown_weight,
        first=gap.first, last=gap.last, state=row.state,
        about=[AboutShown(kind=one.kind, id=one.public_id, number=one.number, name=one.name) for one in gap.about],
        may_answer=row.may_answer, answer=answer_shown(row.answer) if row.answer is not None else None,
    )  # fmt: skip


@reads(
    router, "", scope=READ, may=may_use, response=Rows[GapShown],
    summary=gettext_noop("List gaps"),
    description=gettext_noop("What nobody has made clear about your parties, in the order of the kinds of gaps."),
)  # fmt: skip
def list_gaps(request: ApiRequest, asked: Query[GapsAsked]) -> Any:
    part = slices.gap_slice(
        viewer=request.actor, at=request.now, limit=asked.limit, cursor=asked.cursor,
        filters=GapFilters(show=asked.show.value, detector=asked.detector.value if asked.detector else ""),
    )  # fmt: skip
    return Rows[GapShown](rows=[gap_shown(row) for row in part.rows], next=part.next)


@reads(
    router, "/{slug:detector}/{str:key}", scope=READ, may=may_use, response=GapShown,
    summary=gettext_noop("Read a gap"),
)  # fmt: skip
def read_gap(request: ApiRequest, detector: Detector, key: GapKey) -> Any:
    return gap_shown(_row(request, detector, key))


@writes(
    router, "POST", "/{slug:detector}/{str:key}/assign", scope=WRITE, may=may_use, response=AnswerShown, versioned=True,
    summary=gettext_noop("Assign a gap"),
    description=gettext_noop("Say who is to close it; that person is told."),
    example={"person": "3c4d5f6g7h8j9k2b", "due_on": "2026-03-31"},
)  # fmt: skip
def assign_gap(request: ApiRequest, detector: Detector, key: GapKey, sent: AssignSent) -> HttpResponse:
    by, at, row = request.actor, request.now, _to_answer(request, detector, key)
    seen = _version(request, row, sent)
    return _said(
        request,
        lambda: changes.assign_gap(
            by=by, at=at, gap=row.gap, person=person_named(request, sent.person, "person"), due_on=sent.due_on,
            reason=sent.reason, expected_seq=seen,
        ),
    )  # fmt: skip


@writes(
    router, "POST", "/{slug:detector}/{str:key}/answer", scope=WRITE, may=may_use, response=AnswerShown, versioned=True,
    summary=gettext_noop("Let a gap stay"),
    description=gettext_noop("No dealings, or accepted as it is, with a reason. It comes back when the data disagree."),
    example={"reply": "accepted", "reason": "Both know of it"},
)  # fmt: skip
def answer_gap(request: ApiRequest, detector: Detector, key: GapKey, sent: LetStaySent) -> HttpResponse:
    by, at, row = request.actor, request.now, _to_answer(request, detector, key)
    seen = _version(request, row, sent)
    return _said(
        request,
        lambda: changes.answer_gap(
            by=by, at=at, gap=row.gap, reply=sent.reply, reason=sent.reason, expected_seq=seen
        ),
    )  # fmt: skip


@writes(
    router, "POST", "/{slug:detector}/{str:key}/withdraw", scope=WRITE, may=may_use, response=AnswerShown,
    versioned=True,
    summary=gettext_noop("Take the answer to a gap back"),
    description=gettext_noop("The gap is open again, and nobody is to close it."),
    example={"version": 42},
)  # fmt: skip
def withdraw_gap_answer(request: ApiRequest, detector: Detector, key: GapKey, sent: AnswerSent) -> HttpResponse:
    by, at, row = request.actor, request.now, _to_answer(request, detector, key)
    seen, answer = _version(request, row, sent), row.answer
    if answer is None:
        raise NotFound
    return _said(
        request,
        lambda: changes.withdraw_gap_answer(
            by=by, at=at, gap=row.gap, answer=answer, expected_seq=seen, reason=sent.reason
        ),
    )  # fmt: skip


def _row(request: ApiRequest, detector: Detector, key: str) -> GapRow:
    found = queries.gap(viewer=request.actor, at=request.now, detector=detector.value, key=key)
    if found is None:
        raise NotFound
    return found


def _to_answer(request: ApiRequest, detector: Detector, key: str) -> GapRow:
    row = _row(request, detector, key)
    demand(row.may_answer)
    return row


def _version(request: ApiRequest, row: GapRow, sent: AnswerSent) -> int | None:
    """The version of the answer that the caller saw, which he has to name where there is one."""
    return version_of(request, sent.version) if row.answer is not None else sent.version


def _said(request: ApiRequest, write: Any) -> HttpResponse:
    def see(public_id: str) -> None:
        answer = GapAnswer.objects.filter(public_id=public_id).first()
        if answer is not None:
            queries.gap(viewer=request.actor, at=request.now, detector=answer.detector, key=answer.key)

    response = made(request, write=write, show=answer_shown, see=see, status=200)
    queries.forget_count(viewer=request.actor)
    return response
