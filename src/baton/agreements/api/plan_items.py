"""Items of joint quality plans: change them, say how far they have come."""

from __future__ import annotations

from typing import Annotated

from django.http import HttpResponse
from ninja import Router
from pydantic import Field, StringConstraints

from baton.agreements.api.plan_shapes import PlanItemShown, plan_item_shown, see_goal, see_plan_item
from baton.agreements.api.shapes import WRITE, Note
from baton.agreements.changes import plans
from baton.agreements.models import PlanGoal, PlanItem
from baton.agreements.rules import LINE_LENGTH, Side
from baton.agreements.rules.plans import MEASURE_LENGTH, ItemState
from baton.chain.api.parties import person_named
from baton.core.api.door import ApiRequest
from baton.core.api.endpoints import changed, named, writes
from baton.core.api.schemas import Day, Edited, PublicId, Sent, Texts
from baton.core.policy import may_use
from baton_analysis.errors import gettext_noop

router = Router()

Short = Annotated[str, StringConstraints(max_length=MEASURE_LENGTH, pattern=r"^[^\x00]*$")]
Line = Annotated[str, StringConstraints(max_length=LINE_LENGTH, pattern=r"^[^\x00]*$")]


class PlanItemFields(Sent):
    """What an item says."""

    what: Texts = Field(examples=[{"en": "Count sheets before they leave"}])
    side: Side
    goal: PublicId | None = None
    clause: Line = Field(default="", description="Line of the clause that it supports.")
    person: PublicId | None = Field(default=None, description="Who of that side sees to it; null: who leads it.")
    due_on: Day | None = None
    state: ItemState = Field(default=ItemState.PLANNED, description="It is taken out with the call `report`.")
    measure: Short = ""
    target: Short = ""
    note: Note = ""


class PlanItemChange(PlanItemFields, Edited):
    """All that an item says, as it is from now on; what is left out is emptied."""


class PlanItemReport(Edited):
    """How far it has come."""

    state: ItemState
    note: Note = Field(default="", description="Needed to take it out.")


def described(request: ApiRequest, sent: PlanItemFields, item: PlanItem | None = None) -> plans.Described:
    """What the caller says of an item; ``item`` is the one that he changes."""
    goal: PlanGoal | None = None
    if sent.goal is not None:
        wanted = sent.goal
        goal = named(lambda: see_goal(request)(wanted), "goal")
    person = item.person if item is not None else None
    if sent.person is None or person is None or person.public_id != sent.person:  # else who sees to it may have left
        person = person_named(request, sent.person, "person") if sent.person is not None else None
    return plans.Described(
        what=dict(sent.what), side=sent.side, goal=goal, line=sent.clause, due_on=sent.due_on, state=sent.state,
        person=person, measure=sent.measure, target=sent.target, note=sent.note,
    )  # fmt: skip


@writes(
    router, "PATCH", "/{slug:public_id}", scope=WRITE, may=may_use, response=PlanItemShown, versioned=True,
    summary=gettext_noop("Change an item of a joint quality plan"),
    description=gettext_noop("A stale version is answered with what now stands."),
    example={"version": 42, "what": {"en": "Count sheets twice"}, "side": "supplier", "state": "doing"},
)  # fmt: skip
def change_plan_item(request: ApiRequest, public_id: PublicId, sent: PlanItemChange) -> HttpResponse:
    return changed(
        request, public_id, sent, show=plan_item_shown, see=see_plan_item(request),
        write=lambda one, **seen: plans.change_plan_item(item=one, said=described(request, sent, one), **seen),
    )  # fmt: skip


@writes(
    router, "POST", "/{slug:public_id}/report", scope=WRITE, may=may_use, response=PlanItemShown, versioned=True,
    summary=gettext_noop("Say how far an item of a joint quality plan has come"),
    description=gettext_noop("For who sees to it, and who writes the plan. Taken out, it stays in the history."),
    example={"version": 42, "state": "done"},
)  # fmt: skip
def report_plan_item(request: ApiRequest, public_id: PublicId, sent: PlanItemReport) -> HttpResponse:
    return changed(
        request, public_id, sent, show=plan_item_shown, see=see_plan_item(request),
        write=lambda one, **seen: plans.report_plan_item(item=one, state=sent.state, note=sent.note, **seen),
    )  # fmt: skip
