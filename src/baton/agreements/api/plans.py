"""Joint quality plans: list, read, begin, goals, editions. Editions are signed on pages, by people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from ninja import Query, Router
from pydantic import Field

from baton.agreements.api.plan_items import PlanItemFields, described
from baton.agreements.api.plan_shapes import (
    EditionShown,
    GoalShown,
    PlanItemShown,
    PlanNamed,
    PlanShown,
    edition_shown,
    goal_shown,
    plan_item_shown,
    plan_named,
    plan_shown,
    see_edition,
    see_goal,
    see_plan,
    see_plan_item,
)
from baton.agreements.api.shapes import READ, WRITE, Note
from baton.agreements.changes import plans
from baton.agreements.queries import plans as queries
from baton.agreements.queries.reviews import link_to_review
from baton.chain import queries as chain
from baton.core.api.door import ApiRequest
from baton.core.api.endpoints import changed, made, named, reads, shown, writes
from baton.core.api.schemas import Asked, Edited, Flag, PublicId, Rows, Sent, Texts
from baton.core.policy import may_use
from baton.core.slices import slice_of
from baton_analysis.errors import gettext_noop

if TYPE_CHECKING:
    from baton.chain.models import OutsideNeed

router, goals_router, editions_router = Router(), Router(), Router()


class PlanSent(Sent):
    """The plan of a link that has none."""

    link: PublicId


class GoalFields(Sent):
    """What the plan is to reach for the outside customer."""

    words: Texts = Field(examples=[{"en": "Patients sleep in clean beds"}])
    need: PublicId | None = Field(default=None, description="The outside need that it serves.")


class GoalChange(GoalFields, Edited):
    """All that a goal says, as it is from now on."""


class GoalSetAside(Edited):
    """Whether it is taken out of the plan, or taken up again; its items stay."""

    dropped: Flag


class IssueSent(Sent):
    """What is new in the edition."""

    note: Note = ""


def _goal(request: ApiRequest, sent: GoalFields) -> dict[str, Any]:
    def need() -> OutsideNeed:
        return chain.need(viewer=request.actor, at=request.now, public_id=sent.need or "")

    return {"words": sent.words, "need": named(need, "need") if sent.need is not None else None}


@reads(
    router, "", scope=READ, may=may_use, response=Rows[PlanNamed], summary=gettext_noop("List joint quality plans"),
    description=gettext_noop("Of links with a side to which the caller belongs."),
)  # fmt: skip
def list_quality_plans(request: ApiRequest, asked: Query[Asked]) -> Any:
    rows = queries.listed_plans(viewer=request.actor, at=request.now).order_by("recorded_at")
    part = slice_of(rows, asked=asked.filters(), limit=asked.limit, cursor=asked.cursor)
    return Rows[PlanNamed](rows=[PlanNamed(**plan_named(one)) for one in part.rows], next=part.next)


@reads(
    router, "/{slug:public_id}", scope=READ, may=may_use, response=PlanShown,
    summary=gettext_noop("Read a joint quality plan"),
    description=gettext_noop("With its goals, items and editions."),
)  # fmt: skip
def read_quality_plan(request: ApiRequest, public_id: PublicId) -> HttpResponse:
    found = see_plan(request)(public_id)
    return shown(found, plan_shown(request)(found))


@writes(
    router, "POST", "", scope=WRITE, may=may_use, response=PlanShown, status=201,
    summary=gettext_noop("Begin a joint quality plan"), example={"link": "2b3c4d5f6g7h8j9k"},
)  # fmt: skip
def begin_quality_plan(request: ApiRequest, sent: PlanSent) -> HttpResponse:
    by, at = request.actor, request.now
    link = named(lambda: link_to_review(viewer=by, at=at, public_id=sent.link), "link")
    return made(
        request, show=plan_shown(request), see=see_plan(request),
        write=lambda: plans.begin_plan(by=by, at=at, link=link),
    )  # fmt: skip


@writes(
    router, "POST", "/{slug:public_id}/goals", scope=WRITE, may=may_use, response=GoalShown, status=201,
    summary=gettext_noop("Add a goal to a joint quality plan"),
    example={"words": {"en": "Patients sleep in clean beds"}},
)  # fmt: skip
def add_plan_goal(request: ApiRequest, public_id: PublicId, sent: GoalFields) -> HttpResponse:
    found, said = see_plan(request)(public_id), _goal(request, sent)
    return made(
        request, show=goal_shown, see=see_goal(request),
        write=lambda: plans.add_goal(by=request.actor, at=request.now, plan=found, **said),
    )  # fmt: skip


@writes(
    goals_router, "PATCH", "/{slug:public_id}", scope=WRITE, may=may_use, response=GoalShown, versioned=True,
    summary=gettext_noop("Change a goal of a joint quality plan"),
    example={"version": 42, "words": {"en": "Patients sleep in clean, dry beds"}},
)  # fmt: skip
def change_plan_goal(request: ApiRequest, public_id: PublicId, sent: GoalChange) -> HttpResponse:
    return changed(
        request, public_id, sent, show=goal_shown, see=see_goal(request),
        write=lambda one, **seen: plans.change_goal(goal=one, **_goal(request, sent), **seen),
    )  # fmt: skip


@writes(
    goals_router, "POST", "/{slug:public_id}/set-aside", scope=WRITE, may=may_use, response=GoalShown, versioned=True,
    summary=gettext_noop("Take a goal out of a joint quality plan, or take it up again"),
    example={"version": 42, "dropped": True},
)  # fmt: skip
def set_plan_goal_aside(request: ApiRequest, public_id: PublicId, sent: GoalSetAside) -> HttpResponse:
    return changed(
        request, public_id, sent, show=goal_shown, see=see_goal(request),
        write=lambda one, **seen: plans.set_goal_aside(goal=one, dropped=sent.dropped, **seen),
    )  # fmt: skip


@writes(
    router, "POST", "/{slug:public_id}/items", scope=WRITE, may=may_use, response=PlanItemShown, status=201,
    summary=gettext_noop("Add an item to a joint quality plan"),
    example={"what": {"en": "Count sheets before they leave"}, "side": "supplier", "due_on": "2026-12-31"},
)  # fmt: skip
def add_plan_item(request: ApiRequest, public_id: PublicId, sent: PlanItemFields) -> HttpResponse:
    found = see_plan(request)(public_id)
    return made(
        request, show=plan_item_shown, see=see_plan_item(request),
        write=lambda: plans.add_plan_item(
            by=request.actor, at=request.now, plan=found, said=described(request, sent)
        ),
    )  # fmt: skip


@writes(
    router, "POST", "/{slug:public_id}/editions", scope=WRITE, may=may_use, response=EditionShown, status=201,
    summary=gettext_noop("Issue an edition of a joint quality plan"),
    description=gettext_noop("The plan as it stands; both sides sign the edition on its page."),
    example={"note": "Sheets are counted twice"},
)  # fmt: skip
def issue_quality_plan(request: ApiRequest, public_id: PublicId, sent: IssueSent) -> HttpResponse:
    found = see_plan(request)(public_id)
    return made(
        request, show=edition_shown(request), see=see_edition(request),
        write=lambda: plans.issue_plan(by=request.actor, at=request.now, plan=found, note=sent.note),
    )  # fmt: skip


@reads(
    editions_router, "/{slug:public_id}", scope=READ, may=may_use, response=EditionShown,
    summary=gettext_noop("Read an edition of a joint quality plan"),
)  # fmt: skip
def read_plan_edition(request: ApiRequest, public_id: PublicId) -> HttpResponse:
    found = see_edition(request)(public_id)
    return shown(found, edition_shown(request)(found))
