"""What the calls about joint quality plans show, and how they read what they are about."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from pydantic import Field

from baton.agreements.models import PlanEdition, PlanGoal, PlanItem, QualityPlan
from baton.agreements.queries import plans as queries
from baton.agreements.queries.confirming import sides_confirmed
from baton.agreements.rules import Side
from baton.agreements.rules.plans import ItemState
from baton.chain.api.shapes import PersonNamed
from baton.core.api.door import ApiRequest
from baton.core.api.schemas import PublicId, SaidTexts, Shown


class PlanNamed(Shown):
    """A plan in a list."""

    id: PublicId
    number: str = Field(examples=["QP-2026-0001"])
    link: PublicId
    version: int = Field(examples=[42])


class GoalShown(Shown):
    """What the plan is to reach for the outside customer."""

    id: PublicId
    plan: PublicId
    words: SaidTexts
    need: PublicId | None
    dropped: bool = Field(description="Whether it was taken out of the plan.")
    version: int = Field(examples=[42])


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


class EditionNamed(Shown):
    """The plan as it stood when it was issued."""

    id: PublicId
    plan: PublicId
    edition: int = Field(examples=[2])
    note: str
    issued_at: datetime
    version: int = Field(examples=[42])


class EditionShown(EditionNamed):
    """An edition with its text and with who has signed it; signatures are given on its page, by people."""

    content: dict[str, Any] = Field(description="Goals and items as they stood; people by their ids.")
    signed: list[Side]


class PlanShown(PlanNamed):
    """A plan with its goals, items and editions."""

    goals: list[GoalShown]
    items: list[PlanItemShown]
    dropped_goals: list[GoalShown]
    dropped_items: list[PlanItemShown]
    editions: list[EditionNamed] = Field(description="The newest first.")
    changed: bool = Field(description="Whether it was changed since its last edition.")


def goal_shown(one: PlanGoal) -> GoalShown:
    """A goal as programs read it."""
    return GoalShown(
        id=one.public_id, plan=one.plan.public_id, words=one.words, dropped=one.dropped, version=one.changed_seq,
        need=one.need.public_id if one.need is not None else None,
    )  # fmt: skip


def plan_item_shown(one: PlanItem) -> PlanItemShown:
    """An item as programs read it."""
    return PlanItemShown(
        id=one.public_id, plan=one.plan.public_id, goal=one.goal.public_id if one.goal is not None else None,
        what=one.what, clause=one.line, side=Side(one.side),
        person=PersonNamed(id=one.person.public_id, name=one.person.name) if one.person is not None else None,
        due_on=one.due_on, state=ItemState(one.state), done_on=one.done_on, measure=one.measure, target=one.target,
        note=one.note, changed_for=Side(one.changed_for) if one.changed_for else None, changed_at=one.changed_at,
        version=one.changed_seq,
    )  # fmt: skip


def _edition_named(one: PlanEdition) -> dict[str, Any]:
    return {
        "id": one.public_id, "plan": one.plan.public_id, "edition": one.edition, "note": one.note,
        "issued_at": one.issued_at, "version": one.changed_seq,
    }  # fmt: skip


def edition_shown(request: ApiRequest) -> Callable[[PlanEdition], EditionShown]:
    """An edition as programs read it."""

    def show(one: PlanEdition) -> EditionShown:
        sides = sides_confirmed(viewer=request.actor, at=request.now, record=one)
        signed = [side.side for side in sides if side.standing is not None and side.standing.holds]
        return EditionShown(**_edition_named(one), content=one.content, signed=signed)

    return show


def plan_shown(request: ApiRequest) -> Callable[[QualityPlan], PlanShown]:
    """A plan with all that belongs to it, as the caller reads it. A fixed number of queries."""

    def show(found: QualityPlan) -> PlanShown:
        page = queries.plan_page(viewer=request.actor, at=request.now, public_id=found.public_id)
        for part in (*page.goals, *page.items, *page.dropped, *page.editions):
            part.plan = page.plan
        return PlanShown(
            **plan_named(page.plan), changed=page.changed, goals=list(map(goal_shown, page.goals)),
            items=list(map(plan_item_shown, page.items)),
            dropped_goals=[goal_shown(one) for one in page.dropped if isinstance(one, PlanGoal)],
            dropped_items=[plan_item_shown(one) for one in page.dropped if isinstance(one, PlanItem)],
            editions=[EditionNamed(**_edition_named(one)) for one in page.editions],
        )  # fmt: skip

    return show


def plan_named(one: QualityPlan) -> dict[str, Any]:
    """What a list shows of a plan."""
    return {"id": one.public_id, "number": one.number, "link": one.link.public_id, "version": one.changed_seq}


def see_plan(request: ApiRequest) -> Callable[[str], QualityPlan]:
    """Reads a plan for the caller."""
    return lambda public_id: queries.plan(viewer=request.actor, at=request.now, public_id=public_id)


def see_goal(request: ApiRequest) -> Callable[[str], PlanGoal]:
    """Reads a goal for the caller."""
    return lambda public_id: queries.goal(viewer=request.actor, at=request.now, public_id=public_id)


def see_plan_item(request: ApiRequest) -> Callable[[str], PlanItem]:
    """Reads an item for the caller."""
    return lambda public_id: queries.plan_item(viewer=request.actor, at=request.now, public_id=public_id)


def see_edition(request: ApiRequest) -> Callable[[str], PlanEdition]:
    """Reads an edition for the caller."""
    return lambda public_id: queries.edition(viewer=request.actor, at=request.now, public_id=public_id)
