"""Heads rate departments: rounds, named grades, and replies to them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Annotated, Any

from django.http import HttpResponse
from ninja import Query, Router
from pydantic import Field, StringConstraints

from baton.chain.api.parties import person_named
from baton.chain.api.shapes import PartyNamed
from baton.core.api.door import ApiRequest
from baton.core.api.endpoints import changed, made, reads, shown, writes
from baton.core.api.schemas import Asked, Day, Edited, PublicId, SaidTexts, Sent, Shown, Texts
from baton.core.policy import may_use
from baton.feedback import policy
from baton.feedback.changes import grade_rounds as round_changes
from baton.feedback.changes import grades as changes
from baton.feedback.models.grades import REASON_LENGTH, DepartmentGrade, GradeRound
from baton.feedback.queries import grades as queries
from baton.feedback.rules.grades import WORDS_LENGTH, Grade, RoundState, Said
from baton_analysis.errors import gettext_noop

READ, WRITE = "feedback:read", "feedback:write"
MOST_ROWS = 500

rounds = Router()
router = Router()

Words = Annotated[str, StringConstraints(max_length=WORDS_LENGTH, pattern=r"^[^\x00]*$")]
Why = Annotated[str, StringConstraints(min_length=1, max_length=REASON_LENGTH, pattern=r"^[^\x00]*$")]


class GradeRoundShown(Shown):
    """A round in which heads grade what came from other departments between two days."""

    id: PublicId
    number: str = Field(examples=["GR-2026-0001"])
    title: SaidTexts
    began_on: date
    until_on: date
    closes_on: date = Field(description="On this day grades are still taken.")
    state: RoundState
    closed_at: datetime | None
    ended_because: str
    version: int = Field(examples=[42])


class GradeRoundsShown(Shown):
    """The last time comes first."""

    rows: list[GradeRoundShown]


class GradeRoundSent(Sent):
    """A round, about which days and until when grades are taken."""

    title: Texts = Field(examples=[{"en": "Third quarter"}])
    began_on: Day
    until_on: Day
    closes_on: Day


class GradeRoundMoved(Edited):
    """Until when grades are taken."""

    closes_on: Day


class GradeRoundEnd(Edited):
    """Why a round is closed before its time, or withdrawn."""

    reason: Why = Field(examples=["All have graded"])


class DepartmentGradeShown(Shown):
    """What the head of one department says, with his name, of another."""

    id: PublicId
    round: PublicId
    customer: PartyNamed = Field(description="Whose head grades.")
    supplier: PartyNamed = Field(description="Who is graded.")
    grade: Grade | None = Field(description="N: not able to judge; null: nobody has graded.")
    reason: str
    fact: str
    happened_on: date | None
    handoff: PublicId | None
    given_by: PublicId | None
    given_at: datetime | None
    reply: str
    owner: PublicId | None = Field(description="Who sees to it.")
    promised_for: date | None
    replied_at: datetime | None
    outcome: str = Field(description="What became of what was promised.")
    done_on: date | None = Field(description="null: it is not done.")
    version: int = Field(examples=[42])


class DepartmentGradesShown(Shown):
    """Those that the caller may read."""

    rows: list[DepartmentGradeShown]


class DepartmentGradesAsked(Asked):
    """Which grades."""

    round: PublicId | None = None
    supplier: PublicId | None = Field(default=None, description="The department graded.")


class GradeSent(Edited):
    """A grade; D and E need a reason and a fact with its day. Null takes it back."""

    grade: Grade | None
    reason: Words = ""
    fact: Words = Field(default="", description="One event that can be looked up.")
    happened_on: Day | None = None
    handoff: PublicId | None = Field(default=None, description="The handoff of which the fact tells.")


class GradeReplySent(Edited):
    """What is done about a D or E, by whom and by when."""

    reply: Words = Field(examples=["A second round of the laundry at 14:00"])
    owner: PublicId
    promised_for: Day


def _round(one: GradeRound) -> GradeRoundShown:
    return GradeRoundShown(
        id=one.public_id, number=one.number, title=one.title, began_on=one.began_on, until_on=one.until_on,
        closes_on=one.closes_on, state=RoundState(one.state), closed_at=one.closed_at, ended_because=one.ended_because,
        version=one.changed_seq,
    )  # fmt: skip


def _grade(one: DepartmentGrade) -> DepartmentGradeShown:
    customer, supplier = one.customer, one.supplier
    return DepartmentGradeShown(
        id=one.public_id, round=one.round.public_id,
        customer=PartyNamed(id=customer.public_id, name=customer.name),
        supplier=PartyNamed(id=supplier.public_id, name=supplier.name),
        grade=Grade(one.grade) if one.grade else None, reason=one.reason, fact=one.fact, happened_on=one.happened_on,
        handoff=_id_of(one.handoff), given_by=_id_of(one.given_by), given_at=one.given_at, reply=one.reply,
        owner=_id_of(one.owner), promised_for=one.promised_for, replied_at=one.replied_at, outcome=one.outcome,
        done_on=one.done_on, version=one.changed_seq,
    )  # fmt: skip


def _id_of(record: Any) -> str | None:
    return record.public_id if record is not None else None


def _see_round(request: ApiRequest) -> Callable[[str], GradeRound]:
    return lambda public_id: queries.grade_round(viewer=request.actor, public_id=public_id)


def _see(request: ApiRequest) -> Callable[[str], DepartmentGrade]:
    return lambda public_id: queries.grade(viewer=request.actor, at=request.now, public_id=public_id)


@reads(
    rounds, "", scope=READ, may=may_use, response=GradeRoundsShown,
    summary=gettext_noop("List rounds of grades"), description=gettext_noop("At most 500, the last time comes first."),
)  # fmt: skip
def list_grade_rounds(request: ApiRequest) -> Any:
    found = queries.rounds_in_sight(viewer=request.actor).order_by("-until_on", "-pk")
    return GradeRoundsShown(rows=[_round(one) for one in found[:MOST_ROWS]])


@reads(
    rounds, "/{slug:public_id}", scope=READ, may=may_use, response=GradeRoundShown,
    summary=gettext_noop("Read a round of grades"),
)  # fmt: skip
def read_grade_round(request: ApiRequest, public_id: PublicId) -> HttpResponse:
    found = _see_round(request)(public_id)
    return shown(found, _round(found))


@writes(
    rounds, "POST", "", scope=WRITE, may=policy.may_run_grades, response=GradeRoundShown, status=201,
    summary=gettext_noop("Have heads rate departments"),
    description=gettext_noop("For quality managers. Every head is asked about each department from which something"
                             " came in this time, and is told at once."),
    example={"title": {"en": "Third quarter"}, "began_on": "2026-07-01", "until_on": "2026-09-30",
             "closes_on": "2026-10-14"},
)  # fmt: skip
def open_grade_round(request: ApiRequest, sent: GradeRoundSent) -> HttpResponse:
    return made(
        request, show=_round, see=_see_round(request),
        write=lambda: round_changes.open_grade_round(
            by=request.actor, at=request.now, title=sent.title, began_on=sent.began_on, until_on=sent.until_on,
            closes_on=sent.closes_on,
        ),
    )  # fmt: skip


@writes(
    rounds, "PATCH", "/{slug:public_id}", scope=WRITE, may=policy.may_run_grades, response=GradeRoundShown,
    versioned=True, summary=gettext_noop("Take grades until another day"),
    example={"version": 42, "closes_on": "2026-10-21"},
)  # fmt: skip
def move_grade_round(request: ApiRequest, public_id: PublicId, sent: GradeRoundMoved) -> HttpResponse:
    return changed(
        request, public_id, sent, show=_round, see=_see_round(request),
        write=lambda one, **seen: round_changes.move_round_end(round=one, closes_on=sent.closes_on, **seen),
    )  # fmt: skip


@writes(
    rounds, "POST", "/{slug:public_id}/close", scope=WRITE, may=policy.may_run_grades, response=GradeRoundShown,
    versioned=True, summary=gettext_noop("Close a round of grades before its time"),
    example={"version": 42, "reason": "All have graded"},
)  # fmt: skip
def close_grade_round(request: ApiRequest, public_id: PublicId, sent: GradeRoundEnd) -> HttpResponse:
    return changed(
        request, public_id, sent, show=_round, see=_see_round(request),
        write=lambda one, **seen: round_changes.close_grade_round(round=one, reason=sent.reason, **seen),
    )  # fmt: skip


@writes(
    rounds, "POST", "/{slug:public_id}/withdraw", scope=WRITE, may=policy.may_run_grades, response=GradeRoundShown,
    versioned=True, summary=gettext_noop("Withdraw a round of grades"),
    description=gettext_noop("As long as nobody has given a grade."),
    example={"version": 42, "reason": "The wrong quarter"},
)  # fmt: skip
def withdraw_grade_round(request: ApiRequest, public_id: PublicId, sent: GradeRoundEnd) -> HttpResponse:
    return changed(
        request, public_id, sent, show=_round, see=_see_round(request),
        write=lambda one, **seen: round_changes.withdraw_grade_round(round=one, reason=sent.reason, **seen),
    )  # fmt: skip


@reads(
    router, "", scope=READ, may=may_use, response=DepartmentGradesShown,
    summary=gettext_noop("List named grades of departments"),
    description=gettext_noop("At most 500: of open rounds those that the caller’s own department gives; of closed ones"
                             " also those that it got, and all for quality managers and the director."),
)  # fmt: skip
def list_department_grades(request: ApiRequest, asked: Query[DepartmentGradesAsked]) -> Any:
    found = queries.grades_in_sight(viewer=request.actor, at=request.now).order_by("-round__until_on", "pk")
    if asked.round:
        found = found.filter(round__public_id=asked.round)
    if asked.supplier:
        found = found.filter(supplier__public_id=asked.supplier)
    return DepartmentGradesShown(rows=[_grade(one) for one in found[:MOST_ROWS]])


@reads(
    router, "/{slug:public_id}", scope=READ, may=may_use, response=DepartmentGradeShown,
    summary=gettext_noop("Read a named grade"),
)  # fmt: skip
def read_department_grade(request: ApiRequest, public_id: PublicId) -> HttpResponse:
    found = _see(request)(public_id)
    return shown(found, _grade(found))


@writes(
    router, "POST", "/{slug:public_id}/give", scope=WRITE, may=may_use, response=DepartmentGradeShown, versioned=True,
    summary=gettext_noop("Give a grade with one’s name"),
    description=gettext_noop("For who speaks for the department that grades, while the round is open. The name stands"
                             " beside it; the head of the department graded, quality manager and director read it."),
    example={"version": 42, "grade": "D", "reason": "Linen came late on most Mondays",
             "fact": "Nothing to make the beds with until 10:40", "happened_on": "2026-09-14"},
)  # fmt: skip
def give_department_grade(request: ApiRequest, public_id: PublicId, sent: GradeSent) -> HttpResponse:
    said = Said(sent.grade, sent.reason, sent.fact, sent.happened_on, sent.handoff or "")
    return changed(
        request, public_id, sent, show=_grade, see=_see(request),
        write=lambda one, **seen: changes.give_grade(grade=one, said=said, **seen),
    )  # fmt: skip


@writes(
    router, "POST", "/{slug:public_id}/reply", scope=WRITE, may=may_use, response=DepartmentGradeShown, versioned=True,
    summary=gettext_noop("Reply to a D or E"),
    description=gettext_noop("For who leads the department graded, once the round is closed."),
    example={"version": 42, "reply": "A second round at 14:00", "owner": "3c4d5f6g7h8j9k2b",
             "promised_for": "2026-12-01"},
)  # fmt: skip
def reply_to_department_grade(request: ApiRequest, public_id: PublicId, sent: GradeReplySent) -> HttpResponse:
    _see(request)(public_id)
    owner = person_named(request, sent.owner, "owner")
    return changed(
        request, public_id, sent, show=_grade, see=_see(request),
        write=lambda one, **seen: changes.reply_to_grade(
            grade=one, reply=sent.reply, owner=owner, promised_for=sent.promised_for, **seen
        ),
    )  # fmt: skip
