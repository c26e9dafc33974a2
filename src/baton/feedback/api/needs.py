"""What employees need to serve their customers well: list, read, say, answer, say whether it was met, take back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any, Literal

from django.http import HttpResponse
from ninja import Query, Router
from pydantic import Field, StringConstraints

from baton.chain import queries as chain
from baton.chain.api.parties import person_named
from baton.chain.api.shapes import PartyNamed
from baton.core.api.door import ApiRequest
from baton.core.api.endpoints import changed, made, named, reads, shown, writes
from baton.core.api.schemas import Asked, Day, Edited, PublicId, Sent, Shown
from baton.feedback import changes, policy
from baton.feedback.api.findings import MOST_ROWS, READ, WRITE
from baton.feedback.models import EmployeeNeed
from baton.feedback.queries import needs as queries
from baton.feedback.queries.needs import NeedFilters
from baton.feedback.rules.needs import WORDS_LENGTH, Addressee, NeedCategory, NeedState, NeedStep, NeedTimes
from baton_analysis.errors import gettext_noop

router = Router()

Words = Annotated[str, StringConstraints(min_length=1, max_length=WORDS_LENGTH, pattern=r"^[^\x00]*$")]


class NeedStepShown(Shown):
    """Something that happened to a need."""

    step: NeedStep
    at: datetime
    person: PublicId
    words: str
    owner: PublicId | None = Field(description="Who sees to what is promised.")
    promised_for: Day | None


class EmployeeNeedShown(Shown):
    """Something that an employee needs to serve his customer well. Moments of the clock follow from the organisation’s
    calendar."""

    id: PublicId
    number: str = Field(examples=["EN-2026-0001"])
    asker: PublicId
    department: PartyNamed
    category: NeedCategory
    addressee: Addressee
    words: str
    state: NeedState
    asked_at: datetime
    answer_due_at: datetime = Field(description="When the first answer is due.")
    answered_at: datetime | None = Field(description="When it was answered first.")
    in_time: bool | None = Field(description="Whether the first answer came in time; null: it is not due yet.")
    late: bool = Field(description="An answer, or what was promised, is late now.")
    steps: list[NeedStepShown]
    version: int = Field(examples=[42])


class EmployeeNeedsShown(Shown):
    """What was asked first comes first."""

    rows: list[EmployeeNeedShown]


class EmployeeNeedsAsked(Asked):
    """Which needs."""

    show: Literal["open", "mine", "answer", "late", "all"] = Field(default="open", description="open: not over.")
    department: PublicId | None = None
    category: NeedCategory | None = None


class NeedSent(Sent):
    """What one needs. Who sends it is who asks."""

    category: NeedCategory
    words: Words = Field(examples=["Half a day of training at the new analyser before it replaces the old one"])
    addressee: Addressee = Addressee.HEAD
    department: PublicId | None = Field(default=None, description="Where one works; null: one's first department.")


class PromiseSent(Edited):
    """What is done, by whom and by when."""

    words: Words = Field(examples=["Two mornings with the supplier's trainer"])
    owner: PublicId
    promised_for: Day


class NeedDeclineSent(Edited):
    """Why nothing is done."""

    words: Words = Field(examples=["The budget of this year is spent; ask again in January"])


class JudgementSent(Edited):
    """Whether one has what one needs; where not, what is missing still."""

    met: bool
    words: str = Field(default="", max_length=WORDS_LENGTH, pattern=r"^[^\x00]*$", examples=["I was trained on Monday"])


class TakeBackSent(Edited):
    """One needs it no more."""


def _one(need: EmployeeNeed, clock: NeedTimes) -> EmployeeNeedShown:
    return EmployeeNeedShown(
        id=need.public_id, number=need.number, asker=need.asker.public_id,
        department=PartyNamed(id=need.department.public_id, name=need.department.name),
        category=NeedCategory(need.category), addressee=Addressee(need.addressee), words=need.words,
        state=NeedState(need.state), asked_at=need.recorded_at, answer_due_at=clock.first_due,
        answered_at=clock.first_answer, in_time=clock.in_time, late=clock.late, version=need.changed_seq,
        steps=[
            NeedStepShown(
                step=NeedStep(one.step), at=one.recorded_at, person=one.person.public_id, words=one.words,
                owner=one.owner.public_id if one.owner is not None else None, promised_for=one.promised_for,
            )
            for one in queries.steps_of(need)
        ],
    )  # fmt: skip


def _shown(request: ApiRequest) -> Callable[[EmployeeNeed], EmployeeNeedShown]:
    return lambda need: _one(*queries.timed(viewer=request.actor, at=request.now, needs=[need])[0])


def _see(request: ApiRequest) -> Callable[[str], EmployeeNeed]:
    return lambda public_id: queries.employee_need(viewer=request.actor, at=request.now, public_id=public_id)


@reads(
    router, "", scope=READ, may=policy.may_say_need, response=EmployeeNeedsShown,
    summary=gettext_noop("List what employees need"),
    description=gettext_noop("One’s own, and those that one answers; at most 500, what was asked first comes first."),
)  # fmt: skip
def list_employee_needs(request: ApiRequest, asked: Query[EmployeeNeedsAsked]) -> Any:
    filters = NeedFilters(show=asked.show, party=asked.department or "", category=asked.category or "")
    found = queries.listed_employee_needs(viewer=request.actor, at=request.now, filters=filters)[:MOST_ROWS]
    timed = queries.timed(viewer=request.actor, at=request.now, needs=found)
    return EmployeeNeedsShown(rows=[_one(need, clock) for need, clock in timed])


@reads(
    router, "/{slug:public_id}", scope=READ, may=policy.may_say_need, response=EmployeeNeedShown,
    summary=gettext_noop("Read what an employee needs"),
)  # fmt: skip
def read_employee_need(request: ApiRequest, public_id: PublicId) -> HttpResponse:
    found = _see(request)(public_id)
    return shown(found, _shown(request)(found))


@writes(
    router, "POST", "", scope=WRITE, may=policy.may_say_need, response=EmployeeNeedShown, status=201,
    summary=gettext_noop("Say what one needs to serve one’s customer well"),
    example={"category": "training", "words": "Half a day of training at the new analyser", "addressee": "head"},
)  # fmt: skip
def say_employee_need(request: ApiRequest, sent: NeedSent) -> HttpResponse:
    by, at, asked = request.actor, request.now, sent.department
    department = named(lambda: chain.party(viewer=by, at=at, public_id=asked), "department") if asked else None
    return made(
        request, show=_shown(request), see=_see(request),
        write=lambda: changes.say_need(
            by=by, at=at, category=sent.category, words=sent.words, addressee=sent.addressee, department=department
        ),
    )  # fmt: skip


@writes(
    router, "POST", "/{slug:public_id}/promise", scope=WRITE, may=policy.may_say_need, response=EmployeeNeedShown,
    versioned=True, summary=gettext_noop("Say what is done about what an employee needs"),
    example={"version": 42, "words": "Two mornings with the trainer", "owner": "3c4d5f6g7h8j9k2b",
             "promised_for": "2026-12-01"},
)  # fmt: skip
def promise_employee_need(request: ApiRequest, public_id: PublicId, sent: PromiseSent) -> HttpResponse:
    _see(request)(public_id)
    owner = person_named(request, sent.owner, "owner")
    return changed(
        request, public_id, sent, show=_shown(request), see=_see(request),
        write=lambda one, **seen: changes.promise_need(
            need=one, words=sent.words, owner=owner, promised_for=sent.promised_for, **seen
        ),
    )  # fmt: skip


@writes(
    router, "POST", "/{slug:public_id}/decline", scope=WRITE, may=policy.may_say_need, response=EmployeeNeedShown,
    versioned=True, summary=gettext_noop("Say why nothing is done about what an employee needs"),
    example={"version": 42, "words": "The budget of this year is spent"},
)  # fmt: skip
def decline_employee_need(request: ApiRequest, public_id: PublicId, sent: NeedDeclineSent) -> HttpResponse:
    return changed(
        request, public_id, sent, show=_shown(request), see=_see(request),
        write=lambda one, **seen: changes.decline_need(need=one, words=sent.words, **seen),
    )  # fmt: skip


@writes(
    router, "POST", "/{slug:public_id}/judge", scope=WRITE, may=policy.may_say_need, response=EmployeeNeedShown,
    versioned=True, summary=gettext_noop("Say whether one has what one needs"),
    example={"version": 42, "met": False, "words": "The second morning did not take place"},
)  # fmt: skip
def judge_employee_need(request: ApiRequest, public_id: PublicId, sent: JudgementSent) -> HttpResponse:
    return changed(
        request, public_id, sent, show=_shown(request), see=_see(request),
        write=lambda one, **seen: changes.judge_need(need=one, met=sent.met, words=sent.words, **seen),
    )  # fmt: skip


@writes(
    router, "POST", "/{slug:public_id}/take-back", scope=WRITE, may=policy.may_say_need, response=EmployeeNeedShown,
    versioned=True, summary=gettext_noop("Take back what one needed"), example={"version": 42},
)  # fmt: skip
def withdraw_employee_need(request: ApiRequest, public_id: PublicId, sent: TakeBackSent) -> HttpResponse:
    return changed(
        request, public_id, sent, show=_shown(request), see=_see(request),
        write=lambda one, **seen: changes.withdraw_need(need=one, **seen),
    )  # fmt: skip
