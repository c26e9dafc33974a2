"""Pages of joint quality plans: the plan, its goals and items, its editions."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_POST

from baton.agreements import policy
from baton.agreements.changes import plans
from baton.agreements.changes.signing import side_named
from baton.agreements.forms.plans import GoalForm, IssueForm, PlanItemForm, ReportForm
from baton.agreements.models import PlanEdition, PlanItem, QualityPlan
from baton.agreements.pages import plans as shown
from baton.agreements.queries import plans as queries
from baton.agreements.queries.confirming import sides_confirmed
from baton.agreements.queries.reviews import link_to_review
from baton.agreements.rules.plans import ItemState
from baton.agreements.views.confirming import asked_to_confirm, confirmed, links_about
from baton.chain import queries as chain
from baton.chain.views.answering import answered, form_page, standing
from baton.core import queries as core_queries
from baton.core.answering import carried_out, version_sent
from baton.core.exports import download
from baton.core.guards import guarded
from baton.core.middleware import BatonRequest
from baton.core.policy import demand


def address(plan: QualityPlan) -> str:
    """The page of a plan."""
    return reverse("agreements:quality_plan", args=[plan.public_id])


@require_GET
@guarded()
def plan_list(request: BatonRequest) -> HttpResponse:
    """The plans in sight, page by page."""
    found = queries.plan_list(viewer=request.actor, at=request.now, page=request.GET.get("page", 1))
    return render(request, "agreements/plans/list.html", {"page_obj": found})


@require_GET
@guarded()
def quality_plan(request: BatonRequest, public_id: str) -> HttpResponse:
    """A plan with its goals, items and editions."""
    viewer, at = request.actor, request.now
    page = queries.plan_page(viewer=viewer, at=at, public_id=public_id)
    newest = page.editions[:1]
    for one in newest:
        one.plan = page.plan
    signed = {one.pk: sides_confirmed(viewer=viewer, at=at, record=one) for one in newest}
    own = viewer.person.pk if viewer.person is not None else None
    return render(request, "agreements/plans/plan.html", shown.plan_context(page, signed, at, own))


@require_POST
@guarded()
def begin_plan(request: BatonRequest, link: str) -> HttpResponse:
    """Begin the plan of a link."""
    found = link_to_review(viewer=request.actor, at=request.now, public_id=link)
    return redirect(address(plans.begin_plan(by=request.actor, at=request.now, link=found)))


@guarded()
def add_goal(request: BatonRequest, public_id: str) -> HttpResponse:
    """Add a goal."""
    found = _to_edit(request, public_id)
    form = GoalForm(request.POST or None, needs=chain.needs_to_choose(viewer=request.actor, at=request.now))
    return answered(request, form, lambda: plans.add_goal(
        by=request.actor, at=request.now, plan=found, **form.given()),
        to=address(found), title=_("Add a goal"), subject=found)  # fmt: skip


@guarded()
def change_goal(request: BatonRequest, public_id: str) -> HttpResponse:
    """Change a goal."""
    found = queries.goal(viewer=request.actor, at=request.now, public_id=public_id)
    _demand_edit(request, found.plan)
    needs = chain.needs_to_choose(viewer=request.actor, at=request.now)
    form = GoalForm(request.POST or None, needs=needs, record=found)
    return answered(request, form, lambda: plans.change_goal(
        by=request.actor, at=request.now, goal=found, expected_seq=form.version, **form.given()),
        to=address(found.plan), title=_("Change the goal"), subject=found.plan)  # fmt: skip


@require_POST
@guarded()
def set_goal_aside(request: BatonRequest, public_id: str) -> HttpResponse:
    """Take a goal out, or take it up again (``?again``)."""
    found = queries.goal(viewer=request.actor, at=request.now, public_id=public_id)
    plans.set_goal_aside(
        by=request.actor, at=request.now, goal=found, dropped="again" not in request.GET,
        expected_seq=version_sent(request),
    )  # fmt: skip
    return redirect(address(found.plan))


@guarded()
def add_item(request: BatonRequest, public_id: str) -> HttpResponse:
    """Add an item; ``?goal=`` names its goal."""
    found = _to_edit(request, public_id)
    form = _item_form(request, found)
    made = carried_out(request, form, lambda: plans.add_plan_item(
        by=request.actor, at=request.now, plan=found, said=form.given()))  # fmt: skip
    if made is not None:
        return redirect(f"{address(found)}#i-{made.public_id}")
    return form_page(request, form, title=_("Add an item"), subject=found, back=address(found))


@guarded()
def change_item(request: BatonRequest, public_id: str) -> HttpResponse:
    """Change an item. Who changed it at the same time sees both texts and keeps what he wrote."""
    found = queries.plan_item(viewer=request.actor, at=request.now, public_id=public_id)
    _demand_edit(request, found.plan)
    form = _item_form(request, found.plan, found)
    return answered(request, form, lambda: plans.change_plan_item(
        by=request.actor, at=request.now, item=found, said=form.given(), expected_seq=form.version),
        to=f"{address(found.plan)}#i-{public_id}", title=_("Change the item"), subject=found.plan)  # fmt: skip


@guarded()
def report_item(request: BatonRequest, public_id: str) -> HttpResponse:
    """Say how far an item has come, or take it out."""
    found = queries.plan_item(viewer=request.actor, at=request.now, public_id=public_id)
    demand(policy.may_keep_decision(standing(request), found.plan.link, keeper=found.person_id))
    form = ReportForm(request.POST or None, record=found)
    return answered(request, form, lambda: plans.report_plan_item(
        by=request.actor, at=request.now, item=found, **form.given()),
        to=f"{address(found.plan)}#i-{public_id}", title=_("How far it has come"), subject=found.plan,
        note=str(found))  # fmt: skip


@guarded()
def issue_plan(request: BatonRequest, public_id: str) -> HttpResponse:
    """Issue the plan as it stands, for both sides to sign."""
    found = _to_edit(request, public_id)
    form = IssueForm(request.POST or None)
    made = carried_out(request, form, lambda: plans.issue_plan(
        by=request.actor, at=request.now, plan=found, **form.given()))  # fmt: skip
    if made is not None:
        return redirect(_edition_address(made))
    return form_page(request, form, title=_("Issue an edition"), subject=found, back=address(found))


@require_GET
@guarded()
def edition(request: BatonRequest, public_id: str) -> HttpResponse:
    """The plan as it was issued, with its signatures."""
    found = _edition(request, public_id)
    values = {**found, "links": links_about(request, found["edition"])}
    return render(request, "agreements/plans/edition.html", values)


@sensitive_post_parameters("password", "code")
@never_cache
@guarded()
def sign_edition(request: BatonRequest, public_id: str, side: str) -> HttpResponse:
    """Read an edition and sign it for a side."""
    asked = core_queries.to_sign(viewer=request.actor, kind=PlanEdition.kind, public_id=public_id)
    found = queries.edition(viewer=request.actor, at=request.now, public_id=public_id)
    return confirmed(
        request, found, side_named(side), asked, template="agreements/plans/sign.html", back=_edition_address(found),
        text=lambda: _edition(request, public_id),
    )  # fmt: skip


@never_cache
@guarded()
def ask_to_sign(request: BatonRequest, public_id: str, side: str) -> HttpResponse:
    """Ask somebody of an outside party to sign an edition."""
    asked = core_queries.to_sign(viewer=request.actor, kind=PlanEdition.kind, public_id=public_id)
    found = queries.edition(viewer=request.actor, at=request.now, public_id=public_id)
    return asked_to_confirm(request, found, side_named(side), asked, back=_edition_address(found))


@require_GET
@guarded()
def export_plan(request: BatonRequest, public_id: str) -> HttpResponseBase:
    """The items of a plan, as CSV or workbook."""
    found = queries.plan(viewer=request.actor, at=request.now, public_id=public_id)
    items = queries.items_in_sight(viewer=request.actor, at=request.now).filter(plan=found)
    kept = items.exclude(state=ItemState.DROPPED).order_by("position", "pk")
    return download(request, "quality_plan", shown.header(), shown.rows(kept, request.now))


def _edition(request: BatonRequest, public_id: str) -> dict[str, Any]:
    viewer, at = request.actor, request.now
    found = queries.edition(viewer=viewer, at=at, public_id=public_id)
    names = queries.people_named(viewer=viewer, public_ids=shown.people_in(found))
    return shown.edition_context(found, sides_confirmed(viewer=viewer, at=at, record=found), names)


def _edition_address(one: PlanEdition) -> str:
    return reverse("agreements:plan_edition", args=[one.public_id])


def _item_form(request: BatonRequest, plan: QualityPlan, record: PlanItem | None = None) -> PlanItemForm:
    page = queries.plan_page(viewer=request.actor, at=request.now, public_id=plan.public_id)
    return PlanItemForm(
        request.POST or None, record=record, link=plan.link, goals=page.goals, clauses=page.clauses,
        viewer=request.actor, initial={"goal": request.GET.get("goal", "")} if record is None else None,
    )  # fmt: skip


def _to_edit(request: BatonRequest, public_id: str) -> QualityPlan:
    found = queries.plan(viewer=request.actor, at=request.now, public_id=public_id)
    _demand_edit(request, found)
    return found


def _demand_edit(request: BatonRequest, plan: QualityPlan) -> None:
    demand(policy.may_write(standing(request), plan.link))
