"""Pages of plans by which surveys come again."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from baton.chain import queries as chain
from baton.chain.views.answering import answered
from baton.core.answering import carried_out, version_sent
from baton.core.errors import NotFound, Refused
from baton.core.exports import download
from baton.core.guards import guarded
from baton.core.history import history_of
from baton.core.lists.bar import is_filtered, opens_default_view
from baton.core.middleware import BatonRequest
from baton.feedback import changes, policy
from baton.feedback.forms.plans import EndPlanForm, PlanFilterForm, PlanForm, TargetForm, asked_plans
from baton.feedback.models import SurveyPlan
from baton.feedback.pages import plans as pages
from baton.feedback.pages.history import timeline
from baton.feedback.queries import plans as queries
from baton.feedback.queries import questionnaires
from baton.feedback.queries.plans import listed_plans

WAYS = {"pause": changes.pause_plan, "resume": changes.resume_plan, "drop-target": changes.drop_target}


@require_GET
@guarded(policy.may_see_plans)
@opens_default_view("feedback.plans")
def plan_list(request: BatonRequest) -> HttpResponse:
    """The list."""
    viewer, at = request.actor, request.now
    page = queries.plan_list(viewer=viewer, filters=asked_plans(request.GET), page=request.GET.get("page", 1))
    context = {
        "page_obj": page, "rows": pages.rows(page, viewer, at), "filter": PlanFilterForm(request.GET),
        "filtered": is_filtered(request, "feedback.plans"), "may_keep": policy.may_keep_plans(viewer),
        "any_questionnaire": _usable(request).exists(),
    }  # fmt: skip
    return render(request, "feedback/plans/list.html", context)


@require_GET
@guarded(policy.may_see_plans)
def export_plans(request: BatonRequest) -> HttpResponseBase:
    """The list as it is filtered, as CSV or workbook."""
    found = listed_plans(viewer=request.actor, filters=asked_plans(request.GET))
    return download(request, "survey-plans", pages.header(), pages.table(found, request.actor, request.now))


@require_GET
@guarded(policy.may_see_plans)
def plan(request: BatonRequest, public_id: str) -> HttpResponse:
    """One plan: what is asked when, its next days, what became of the last ones, and what its results aim at."""
    viewer, at = request.actor, request.now
    found = queries.plan(viewer=viewer, public_id=public_id)
    context = pages.plan_context(viewer, at, found)
    ids = [public_id, *(one["day"].public_id for one in context["days"])]
    context |= {
        "links": queries.links_of_plan(viewer=viewer, at=at, plan=found),
        "history": timeline(history_of(viewer=viewer, object_ids=ids)),
        "may_keep": found.ended_at is None and policy.may_keep_plans(viewer),
    }  # fmt: skip
    return render(request, "feedback/plans/plan.html", context)


@guarded(policy.may_keep_plans)
def add(request: BatonRequest) -> HttpResponse:
    """Make a plan; its next days can be looked at before."""
    form = _form(request, None)
    if "preview" in request.POST:
        return _form_page(request, form, None, _previewed(request, form))
    made = carried_out(request, form, lambda: changes.add_plan(
        by=request.actor, at=request.now, given=form.given(request.now)))  # fmt: skip
    return redirect("surveys:plan", made.public_id) if made is not None else _form_page(request, form, None)


@guarded(policy.may_keep_plans)
def edit(request: BatonRequest, public_id: str) -> HttpResponse:
    """Change a plan from now on."""
    found = _living(request, public_id)
    form = _form(request, found)
    if "preview" in request.POST:
        return _form_page(request, form, found, _previewed(request, form))
    made = carried_out(request, form, lambda: changes.change_plan(
        by=request.actor, at=request.now, plan=found, given=form.given(request.now), expected_seq=form.version),
    )  # fmt: skip
    return redirect("surveys:plan", public_id) if made is not None else _form_page(request, form, found)


@guarded(policy.may_keep_plans)
def end(request: BatonRequest, public_id: str) -> HttpResponse:
    """End a plan."""
    found = _living(request, public_id)
    form = EndPlanForm(request.POST or None, record=found)
    return answered(request, form, lambda: changes.end_plan(
        by=request.actor, at=request.now, plan=found, reason=form.cleaned_data["reason"], expected_seq=form.version),
        to=_address(found), title=_("End the plan"), subject=found, danger=True, note=_(
            "Nothing more is prepared. A survey in preparation stays until somebody opens or withdraws it; one that is"
            " open goes on."))  # fmt: skip


@guarded(policy.may_keep_plans)
def target(request: BatonRequest, public_id: str) -> HttpResponse:
    """Say what the results are to reach."""
    found = _living(request, public_id)
    waves = queries.baselines(viewer=request.actor, at=request.now, plan=found)
    form = TargetForm(request.POST or None, plan=found, waves=waves)
    return answered(request, form, lambda: changes.set_target(
        by=request.actor, at=request.now, plan=found, **form.given()),
        to=_address(found), title=_("Set the target"), subject=found, note=_(
            "It holds for surveys that are not open yet: one that was opened keeps the target that stood then."),
    )  # fmt: skip


@require_POST
@guarded(policy.may_keep_plans)
def answer(request: BatonRequest, public_id: str, way: str) -> HttpResponse:
    """Pause a plan, let it go on, or take its target away."""
    if way not in WAYS:
        raise NotFound
    found = queries.plan(viewer=request.actor, public_id=public_id)
    WAYS[way](by=request.actor, at=request.now, plan=found, expected_seq=version_sent(request))
    return redirect("surveys:plan", public_id)


def _usable(request: BatonRequest) -> Any:
    return questionnaires(viewer=request.actor).filter(ended_at__isnull=True).order_by("number")


def _form(request: BatonRequest, found: SurveyPlan | None) -> PlanForm:
    used = list(_usable(request))
    if found is not None and found.questionnaire.ended_at is not None:
        used.append(found.questionnaire)
    return PlanForm(
        request.POST or None, viewer=request.actor, questionnaires=used, record=found,
        parties=chain.parties_to_choose(viewer=request.actor, at=request.now),
        initial={} if found is not None else {"questionnaire": request.GET.get("questionnaire", "")},
    )  # fmt: skip


def _living(request: BatonRequest, public_id: str) -> SurveyPlan:
    found = queries.plan(viewer=request.actor, public_id=public_id)
    if found.ended_at is not None:
        raise NotFound
    return found


def _previewed(request: BatonRequest, form: PlanForm) -> list[datetime] | None:
    """The next days of what stands in the form; None where it is to be mended."""
    if not form.is_valid():
        return None
    try:
        return changes.preview_plan(by=request.actor, at=request.now, given=form.given(request.now))
    except Refused as refused:
        form.refuse(refused)
        return None


def _form_page(
    request: BatonRequest, form: PlanForm, found: SurveyPlan | None, due: list[datetime] | None = None
) -> HttpResponse:
    title = _("Change the plan") if found is not None else _("Plan a survey that comes again")
    back = _address(found) if found is not None else reverse("surveys:plans")
    context = {"form": form, "title": title, "subject": found, "back": back, "due": due}
    return render(request, "feedback/plans/form.html", context, status=form.status)


def _address(found: SurveyPlan) -> str:
    return reverse("surveys:plan", args=[found.public_id])
