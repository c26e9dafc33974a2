"""Joint quality plans: list, read, add and change items."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Annotated, Any

from django.http import HttpResponse
from ninja import Query, Router
from pydantic import Field, StringConstraints

from baton.agreements.api.shapes import READ, WRITE, Note
from baton.agreements.changes import plans
from baton.agreements.models import PlanItem, QualityPlan
from baton.agreements.queries import plans as queries
from baton.agreements.rules import LINE_LENGTH, Side
from baton.agreements.rules.plans import MEASURE_LENGTH, ItemState
from baton.chain.api.shapes import PersonNamed
from baton.core.api.door import ApiRequest
from baton.core.api.endpoints import changed, made, named, reads, shown, writes
from baton.core.api.schemas import Asked, Day, Edited, PublicId, Rows, SaidTexts, Sent, Shown, Texts
from baton.core.policy import may_use
from baton.core.slices import slice_of
from baton_analysis.errors import gettext_noop

router = Router()
items_router = Router()

Short = Annotated[str, StringConstraints(max_length=MEASURE_LENGTH, pattern=r"^[^\x00]*$")]
Line = Annotated[str, StringConstraints(max_length=LINE_LENGTH, pattern=r"^[^\x00]*$")]


class PlanNamed(Shown):
    """A plan in a list."""

    id: PublicId
    number: str = Field(examples=["QP-2026-0001"])
    link: PublicId
    version: int = Field(examples=[42])


class GoalShown(Shown):
    """What the plan is to reach for the outside customer."""

    id: PublicId
    words: SaidTexts
    need: PublicId | None


class PlanItemShown(Shown):
    """What one side does."""

    id: PublicId
    plan: PublicId
    goal: PublicId | None
    what: SaidTexts
    clause: str = Field(description="Line of the clause that it supports; empty: none.")
    side: Side
    person: PersonNamed | None
    due_on: date | None
    state: ItemState
    done_on: date | None
    measure: str = Field(examples=["Late deliveries"])
    target: str = Field(examples=["2 per month"])
    note: str
    changed_for: Side | None = Field(description="Of which side is who changed it last.")
    changed_at: datetime
    version: int = Field(examples=[42])


class PlanShown(PlanNamed):
    """A plan with its goals and items."""

    goals: list[GoalShown]
    items: list[PlanItemShown]


class PlanItemFields(Sent):
    """What an item says."""

    what: Texts = Field(examples=[{"en": "Count sheets before they leave"}])
    side: Side
    goal: PublicId | None = None
    clause: Line = Field(default="", description="Line of the clause that it supports.")
    due_on: Day | None = None
    state: ItemState = ItemState.PLANNED
    measure: Short = ""
    target: Short = ""
    note: Note = ""


class PlanItemChange(PlanItemFields, Edited):
    """All that an item says, as it is from now on; who sees to it stays."""


def _item(one: PlanItem) -> PlanItemShown:
    return PlanItemShown(
        id=one.public_id, plan=one.plan.public_id, goal=one.goal.public_id if one.goal is not None else None,
        what=one.what, clause=one.line, side=Side(one.side),
        person=PersonNamed(id=one.person.public_id, name=one.person.name) if one.person is not None else None,
        due_on=one.due_on, state=ItemState(one.state), done_on=one.done_on, measure=one.measure, target=one.target,
        note=one.note, changed_for=Side(one.changed_for) if one.changed_for else None, changed_at=one.changed_at,
        version=one.changed_seq,
    )  # fmt: skip


def _see(request: ApiRequest) -> Callable[[str], QualityPlan]:
    return lambda public_id: queries.plan(viewer=request.actor, at=request.now, public_id=public_id)


def _see_item(request: ApiRequest) -> Callable[[str], PlanItem]:
    return lambda public_id: queries.plan_item(viewer=request.actor, at=request.now, public_id=public_id)


def _described(request: ApiRequest, sent: PlanItemFields, item: PlanItem | None = None) -> plans.Described:
    goal = None
    if sent.goal is not None:
        wanted = sent.goal
        goal = named(lambda: queries.goal(viewer=request.actor, at=request.now, public_id=wanted), "goal")
    return plans.Described(
        what=dict(sent.what), side=sent.side, goal=goal, line=sent.clause, due_on=sent.due_on, state=sent.state,
        person=item.person if item is not None and item.side == sent.side else None,
        measure=sent.measure, target=sent.target, note=sent.note,
    )  # fmt: skip


@reads(
    router, "", scope=READ, may=may_use, response=Rows[PlanNamed], summary=gettext_noop("List joint quality plans"),
    description=gettext_noop("Of links with a side to which the caller belongs."),
)  # fmt: skip
def list_quality_plans(request: ApiRequest, asked: Query[Asked]) -> Any:
    rows = queries.listed_plans(viewer=request.actor, at=request.now).order_by("recorded_at")
    part = slice_of(rows, asked=asked.filters(), limit=asked.limit, cursor=asked.cursor)
    return Rows[PlanNamed](
        rows=[
            PlanNamed(id=one.public_id, number=one.number, link=one.link.public_id, version=one.changed_seq)
            for one in part.rows
        ],
        next=part.next,
    )


@reads(
    router, "/{slug:public_id}", scope=READ, may=may_use, response=PlanShown,
    summary=gettext_noop("Read a joint quality plan"),
    description=gettext_noop("With its goals and items; what was taken out is left out."),
)  # fmt: skip
def read_quality_plan(request: ApiRequest, public_id: PublicId) -> HttpResponse:
    page = queries.plan_page(viewer=request.actor, at=request.now, public_id=public_id)
    for one in page.items:
        one.plan = page.plan
    return shown(
        page.plan,
        PlanShown(
            id=page.plan.public_id, number=page.plan.number, link=page.plan.link.public_id,
            version=page.plan.changed_seq, items=[_item(one) for one in page.items],
            goals=[
                GoalShown(id=one.public_id, words=one.words, need=one.need.public_id if one.need is not None else None)
                for one in page.goals
            ],
        ),
    )  # fmt: skip


@writes(
    router, "POST", "/{slug:public_id}/items", scope=WRITE, may=may_use, response=PlanItemShown, status=201,
    summary=gettext_noop("Add an item to a joint quality plan"),
    example={"what": {"en": "Count sheets before they leave"}, "side": "supplier", "due_on": "2026-12-31"},
)  # fmt: skip
def add_plan_item(request: ApiRequest, public_id: PublicId, sent: PlanItemFields) -> HttpResponse:
    found = _see(request)(public_id)
    return made(
        request, show=_item, see=_see_item(request),
        write=lambda: plans.add_plan_item(
            by=request.actor, at=request.now, plan=found, said=_described(request, sent)
        ),
    )  # fmt: skip


@writes(
    items_router, "PATCH", "/{slug:public_id}", scope=WRITE, may=may_use, response=PlanItemShown, versioned=True,
    summary=gettext_noop("Change an item of a joint quality plan"),
    description=gettext_noop("A stale version is answered with what now stands."),
    example={"version": 42, "what": {"en": "Count sheets twice"}, "side": "supplier", "state": "doing"},
)  # fmt: skip
def change_plan_item(request: ApiRequest, public_id: PublicId, sent: PlanItemChange) -> HttpResponse:
    return changed(
        request, public_id, sent, show=_item, see=_see_item(request),
        write=lambda one, **seen: plans.change_plan_item(item=one, said=_described(request, sent, one), **seen),
    )  # fmt: skip
