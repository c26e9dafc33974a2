"""Joint quality plans that the viewer may see: the page of one, its items, its editions, what somebody sees to."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.contrib.auth import get_user_model
from django.core.paginator import Page
from django.db.models import Max, Q, QuerySet

from baton.agreements import policy
from baton.agreements.models import Clause, PlanEdition, PlanGoal, PlanItem, QualityPlan
from baton.agreements.queries.agreements import clauses_by_version
from baton.agreements.queries.reviews import MOST_OWED, agreement_of, seen_with
from baton.agreements.queries.versions import that_counts
from baton.agreements.rules import PAGE_ROWS
from baton.agreements.rules.plans import ItemState
from baton.chain.policy import sight_of, standing_of
from baton.chain.queries.lists import page_of
from baton.core.actors import Actor
from baton.core.audit.values import plain
from baton.core.days import day_of
from baton.core.errors import NotFound
from baton.core.history import HistoryEntry, history_of
from baton.core.policy import may_use

if TYPE_CHECKING:
    from baton.chain.models import Link

_LINK = ("link__supplier", "link__customer", "link__output")
_PLAN = tuple(f"plan__{side}" for side in _LINK)
OVER = (ItemState.DONE, ItemState.DROPPED)
"""States of items that nobody works on any more."""


@dataclass(frozen=True, slots=True)
class PlanPage:
    """A plan as its page shows it. ``dropped`` was taken out; ``clauses`` are those of the agreement, by line;
    ``changed`` says that it was changed since the last edition (``editions``: newest first)."""

    plan: QualityPlan
    goals: list[PlanGoal]
    items: list[PlanItem]
    dropped: list[PlanGoal | PlanItem]
    clauses: dict[str, Clause]
    editions: list[PlanEdition]
    changed: bool
    may_edit: bool
    history: list[HistoryEntry]


def plans_in_sight(*, viewer: Actor, at: datetime) -> QuerySet[QualityPlan]:
    """The plans of links with a side to which the viewer belongs; all for who sees all links."""
    if not may_use(viewer):
        return QualityPlan.objects.none()
    return QualityPlan.objects.filter(seen_with(sight_of(viewer, day_of(at))))


def listed_plans(*, viewer: Actor, at: datetime) -> QuerySet[QualityPlan]:
    """All of them with their links, by number."""
    return plans_in_sight(viewer=viewer, at=at).select_related(*_LINK).order_by("number")


def plan_list(*, viewer: Actor, at: datetime, page: int | str = 1) -> Page[QualityPlan]:
    """A page of that list."""
    return page_of(listed_plans(viewer=viewer, at=at), page, rows_a_page=PAGE_ROWS)


def plan(*, viewer: Actor, at: datetime, public_id: str) -> QualityPlan:
    """One plan with its link; :class:`NotFound` also where the viewer may not know of it."""
    one = plans_in_sight(viewer=viewer, at=at).select_related(*_LINK).filter(public_id=public_id).first()
    if one is None:
        raise NotFound
    return one


def plan_of_link(*, viewer: Actor, at: datetime, link: Link) -> QualityPlan | None:
    """The plan of a link; None where it has none or the viewer may not know of it."""
    return plans_in_sight(viewer=viewer, at=at).filter(link=link).first()


def plan_page(*, viewer: Actor, at: datetime, public_id: str) -> PlanPage:
    """One plan with all that its page shows. A fixed number of queries."""
    one = plan(viewer=viewer, at=at, public_id=public_id)
    goals = list(PlanGoal.objects.filter(plan=one).select_related("need").order_by("position", "pk"))
    items = items_of(viewer=viewer, plan=one)
    editions = list(PlanEdition.objects.filter(plan=one).select_related("issued_by").order_by("-edition"))
    live = [item for item in items if item.state != ItemState.DROPPED]
    told = [one.public_id, *(part.public_id for part in [*goals, *items, *editions])]
    return PlanPage(
        plan=one,
        goals=[goal for goal in goals if not goal.dropped],
        items=live,
        dropped=[*(goal for goal in goals if goal.dropped), *(item for item in items if item not in live)],
        clauses=clauses_of_link(viewer=viewer, link=one.link),
        editions=editions,
        changed=bool(editions) and state_of(viewer=viewer, plan=one) != editions[0].plan_seq,
        may_edit=policy.may_write(standing_of(viewer, day_of(at)), one.link),
        history=history_of(viewer=viewer, object_ids=told),
    )


def items_of(*, viewer: Actor, plan: QualityPlan) -> list[PlanItem]:
    """The items of a plan that the viewer has read, in their order; what was taken out, too."""
    if not may_use(viewer):
        return []
    rows = PlanItem.objects.filter(plan=plan).select_related("goal", "person", "changed_by")
    return list(rows.order_by("position", "pk"))


def state_of(*, viewer: Actor, plan: QualityPlan) -> int:
    """Number of the last change of a plan that the viewer has read, or of one of its goals or items."""
    if not may_use(viewer):
        return 0
    goals = PlanGoal.objects.filter(plan=plan).aggregate(last=Max("changed_seq"))["last"] or 0
    items = PlanItem.objects.filter(plan=plan).aggregate(last=Max("changed_seq"))["last"] or 0
    return max(goals, items, 0)


def clauses_of_link(*, viewer: Actor, link: Link) -> dict[str, Clause]:
    """The clauses that count in the agreement of a link that the viewer has read, by line."""
    agreement = agreement_of(viewer=viewer, link=link)
    versions = list(agreement.versions.order_by("-version")) if agreement is not None else []
    if not versions:
        return {}
    version = that_counts(versions)
    return {one.line: one for one in clauses_by_version(viewer=viewer, versions=[version]).get(version.pk, [])}


def goal(*, viewer: Actor, at: datetime, public_id: str) -> PlanGoal:
    """One goal; :class:`NotFound` also where the viewer does not see its plan."""
    rows = PlanGoal.objects.filter(public_id=public_id, plan__in=plans_in_sight(viewer=viewer, at=at))
    one = rows.select_related(*_PLAN, "need").first()
    if one is None:
        raise NotFound
    return one


def plan_item(*, viewer: Actor, at: datetime, public_id: str) -> PlanItem:
    """One item; :class:`NotFound` also where the viewer does not see its plan and does not see to it."""
    one = items_in_sight(viewer=viewer, at=at).filter(public_id=public_id).first()
    if one is None:
        raise NotFound
    return one


def items_in_sight(*, viewer: Actor, at: datetime) -> QuerySet[PlanItem]:
    """The items of plans in sight, and those to which the viewer sees, each with its plan."""
    if not may_use(viewer):
        return PlanItem.objects.none()
    seen = Q(plan__in=plans_in_sight(viewer=viewer, at=at).values("pk"))
    if viewer.person is not None:
        seen |= Q(person=viewer.person)
    return PlanItem.objects.filter(seen).select_related("goal", "person", "changed_by", *_PLAN)


def items_owed_by(*, viewer: Actor, at: datetime) -> list[PlanItem]:
    """The items to which the viewer sees and that are not over, what is due first at the top. One query."""
    if viewer.person is None or not may_use(viewer):
        return []
    rows = PlanItem.objects.filter(person=viewer.person, due_on__isnull=False).exclude(state__in=OVER)
    return list(rows.select_related("plan__link__supplier", "plan__link__customer").order_by("due_on")[:MOST_OWED])


def edition(*, viewer: Actor, at: datetime, public_id: str) -> PlanEdition:
    """One edition; :class:`NotFound` also where the viewer does not see its plan."""
    rows = PlanEdition.objects.filter(public_id=public_id, plan__in=plans_in_sight(viewer=viewer, at=at))
    one = rows.select_related(*_PLAN, "issued_by").first()
    if one is None:
        raise NotFound
    return one


def content_now(*, viewer: Actor, plan: QualityPlan) -> dict[str, Any]:
    """Goals and items as they stand, as an edition keeps them: people by their ids, clauses by their lines and words.
    The caller has made sure that ``viewer`` sees the plan."""
    clauses = clauses_of_link(viewer=viewer, link=plan.link)
    goals = PlanGoal.objects.filter(plan=plan, dropped=False).select_related("need").order_by("position", "pk")
    items = [one for one in items_of(viewer=viewer, plan=plan) if one.state != ItemState.DROPPED]
    return {
        "goals": [
            {"id": one.public_id, "words": one.words, "need": one.need.public_id if one.need is not None else ""}
            for one in goals
        ],
        "items": [
            {
                "goal": one.goal.public_id if one.goal is not None and not one.goal.dropped else "",
                "what": one.what, "side": one.side, "due_on": plain(one.due_on), "state": one.state,
                "measure": one.measure, "target": one.target, "note": one.note,
                "person": one.person.public_id if one.person is not None else "",
                "clause": clauses[one.line].characteristic if one.line in clauses else {},
            }
            for one in items
        ],
    }  # fmt: skip


def people_named(*, viewer: Actor, public_ids: Collection[str]) -> dict[str, str]:
    """What people whom an edition names are called today, by public id. The caller has made sure that ``viewer`` sees
    it."""
    if not may_use(viewer) or not public_ids:
        return {}
    return {one.public_id: str(one) for one in get_user_model()._default_manager.filter(public_id__in=public_ids)}
