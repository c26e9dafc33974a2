"""What departments promised in reply to a D or E, for who is to see to it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.http import HttpResponse
from ninja import Query, Router
from pydantic import Field

from baton.chain.api.shapes import PartyNamed
from baton.core.api.door import ApiRequest
from baton.core.api.endpoints import changed, reads, shown, writes
from baton.core.api.schemas import Asked, Day, Edited, PublicId, Shown
from baton.core.days import day_of
from baton.core.policy import may_use
from baton.feedback.api.grades import MOST_ROWS, READ, WRITE, Words
from baton.feedback.changes import grade_promises as changes
from baton.feedback.models.grades import DepartmentGrade
from baton.feedback.queries import grade_promises as queries
from baton.feedback.rules.grades import is_late
from baton_analysis.errors import gettext_noop

router = Router()


class GradePromiseShown(Shown):
    """What a department promised; nothing of the grade that it answers."""

    id: PublicId = Field(description="That of the grade.")
    supplier: PartyNamed = Field(description="Who promised it.")
    reply: str
    owner: PublicId | None = Field(description="Who sees to it.")
    promised_for: date | None
    late: bool = Field(description="Whether its day is over, and it is not done.")
    done_on: date | None
    done_by: PublicId | None = Field(description="Who said that it is done.")
    outcome: str
    version: int = Field(examples=[42])


class GradePromisesShown(Shown):
    """Those that the caller owes."""

    rows: list[GradePromiseShown]


class GradePromisesAsked(Asked):
    """Which promises."""

    late: bool = Field(default=False, description="Only those whose day is over.")


class GradePromiseDone(Edited):
    """What was done."""

    outcome: Words = Field(examples=["The second round runs since Monday"])
    done_on: Day | None = Field(default=None, description="null: today.")


def _promise(request: ApiRequest) -> Callable[[DepartmentGrade], GradePromiseShown]:
    today = day_of(request.now)

    def show(one: DepartmentGrade) -> GradePromiseShown:
        return GradePromiseShown(
            id=one.public_id, supplier=PartyNamed(id=one.supplier.public_id, name=one.supplier.name), reply=one.reply,
            owner=one.owner.public_id if one.owner is not None else None, promised_for=one.promised_for,
            late=is_late(one.promised_for, one.done_on, today), done_on=one.done_on,
            done_by=one.done_by.public_id if one.done_by is not None else None, outcome=one.outcome,
            version=one.changed_seq,
        )  # fmt: skip

    return show


def _see(request: ApiRequest) -> Callable[[str], DepartmentGrade]:
    return lambda public_id: queries.promise(viewer=request.actor, at=request.now, public_id=public_id)


@reads(
    router, "", scope=READ, may=may_use, response=GradePromisesShown,
    summary=gettext_noop("List promises in reply to grades"),
    description=gettext_noop("At most 500 that are not done, the earliest day first: those that the caller sees to, and"
                             " those of departments that he leads."),
)  # fmt: skip
def list_grade_promises(request: ApiRequest, asked: Query[GradePromisesAsked]) -> Any:
    found = queries.promises(viewer=request.actor, at=request.now)
    if asked.late:
        today = day_of(request.now)
        found = [one for one in found if is_late(one.promised_for, one.done_on, today)]
    return GradePromisesShown(rows=[_promise(request)(one) for one in found[:MOST_ROWS]])


@reads(
    router, "/{slug:public_id}", scope=READ, may=may_use, response=GradePromiseShown,
    summary=gettext_noop("Read a promise in reply to a grade"),
)  # fmt: skip
def read_grade_promise(request: ApiRequest, public_id: PublicId) -> HttpResponse:
    found = _see(request)(public_id)
    return shown(found, _promise(request)(found))


@writes(
    router, "POST", "/{slug:public_id}/done", scope=WRITE, may=may_use, response=GradePromiseShown, versioned=True,
    summary=gettext_noop("Say that what was promised in reply to a grade is done"),
    description=gettext_noop("For who sees to it, and who leads the department graded."),
    example={"version": 42, "outcome": "The second round runs since Monday"},
)  # fmt: skip
def finish_grade_promise(request: ApiRequest, public_id: PublicId, sent: GradePromiseDone) -> HttpResponse:
    return changed(
        request, public_id, sent, show=_promise(request), see=_see(request),
        write=lambda one, **seen: changes.finish_promise(
            grade=one, outcome=sent.outcome, done_on=sent.done_on, **seen
        ),
    )  # fmt: skip
