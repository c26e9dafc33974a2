"""Pages of what employees need to serve their customers well."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from baton.chain.forms.choosing import chosen
from baton.chain.views.answering import answered, form_page, standing
from baton.core.answering import carried_out
from baton.core.exports import download
from baton.core.guards import guarded
from baton.core.middleware import BatonRequest
from baton.core.policy import demand
from baton.feedback import changes, policy
from baton.feedback.forms.needs import (
    NeedFilterForm,
    NeedForm,
    PromiseForm,
    TakeBackForm,
    WordsForm,
    asked_needs,
)
from baton.feedback.models import EmployeeNeed
from baton.feedback.pages import needs as shown
from baton.feedback.queries import needs as queries
from baton.feedback.queries.need_figures import need_report
from baton.feedback.rules.needs import RESPONSE_DAYS, STEPS_FROM, NeedState, NeedStep


def _address(one: EmployeeNeed) -> str:
    return reverse("surveys:employee_need", args=[one.public_id])


@require_GET
@guarded(policy.may_say_need)
def employee_needs(request: BatonRequest) -> HttpResponse:
    """Those in sight: one's own, and those that one answers; what was asked first at the top."""
    viewer, at = request.actor, request.now
    page = queries.employee_need_page(
        viewer=viewer, at=at, filters=asked_needs(request.GET), page=request.GET.get("page", 1)
    )
    context = {
        "page_obj": page, "rows": shown.rows(viewer, page.object_list, at), "filter": NeedFilterForm(request.GET),
        "may_see_figures": policy.may_see_need_figures(standing(request)), "days": RESPONSE_DAYS,
    }  # fmt: skip
    return render(request, "feedback/needs/list.html", context)


@require_GET
@guarded(policy.may_say_need)
def export_employee_needs(request: BatonRequest) -> HttpResponseBase:
    """The list as it is filtered, as CSV or workbook."""
    viewer, at = request.actor, request.now
    found = queries.listed_employee_needs(viewer=viewer, at=at, filters=asked_needs(request.GET))
    return download(request, "what-employees-need", shown.header(), shown.table(viewer, found, at))


@require_GET
@guarded(policy.may_say_need)
def need_figures(request: BatonRequest) -> HttpResponse:
    """How needs are answered, in figures."""
    found = need_report(viewer=request.actor, at=request.now)
    return render(request, "feedback/needs/figures.html", shown.report(found))


@guarded(policy.may_say_need)
def say_need(request: BatonRequest) -> HttpResponse:
    """Say what one needs."""
    departments = queries.departments_of(viewer=request.actor, at=request.now)
    form = NeedForm(request.POST or None, departments=departments)
    made = carried_out(request, form, lambda: changes.say_need(
        by=request.actor, at=request.now, **form.given(),
        department=chosen(departments, form.cleaned_data.get("department", ""))))  # fmt: skip
    if made is not None:
        return redirect(_address(made))
    note = _(
        "An answer is due within {days} working days. Later you say whether you got what you needed. What troubles you"
        " as a person is asked nowhere here: turn to a confidant."
    ).format(days=RESPONSE_DAYS)
    return form_page(
        request, form, title=_("What I need to serve well"), note=note, back=reverse("surveys:employee_needs")
    )


@require_GET
@guarded(policy.may_say_need)
def employee_need(request: BatonRequest, public_id: str) -> HttpResponse:
    """One need: what was said, what was answered, how the clock stands."""
    viewer, at = request.actor, request.now
    one = queries.employee_need(viewer=viewer, at=at, public_id=public_id)
    answers = policy.may_answer_need(standing(request), one)
    judges, state = policy.may_judge_need(viewer, one), NeedState(one.state)
    can = {step.value: state in STEPS_FROM[step] for step in NeedStep}
    context = {
        **shown.rows(viewer, [one], at)[0], "history": shown.steps(one),
        "may": {
            "promise": answers and can["promise"], "decline": answers and can["decline"],
            "meet": judges and can["meet"], "miss": judges and can["miss"], "withdraw": judges and can["withdraw"],
        },
    }  # fmt: skip
    return render(request, "feedback/needs/need.html", context)


@guarded(policy.may_say_need)
def promise_need(request: BatonRequest, public_id: str) -> HttpResponse:
    """Say what is done."""
    one = _to_answer(request, public_id)
    form = PromiseForm(request.POST or None, record=one, viewer=request.actor, initial={"words": ""})
    return answered(request, form, lambda: changes.promise_need(
        by=request.actor, at=request.now, need=one, **form.given()),
        to=_address(one), title=_("Say what is done"), subject=one, note=one.words)  # fmt: skip


@guarded(policy.may_say_need)
def decline_need(request: BatonRequest, public_id: str) -> HttpResponse:
    """Say why nothing is done."""
    one = _to_answer(request, public_id)
    form = WordsForm(
        request.POST or None, record=one, label=_("Why nothing is done"),
        help_text=_("Who asked reads it as it stands here."),
    )  # fmt: skip
    return answered(request, form, lambda: changes.decline_need(
        by=request.actor, at=request.now, need=one, **form.given()),
        to=_address(one), title=_("Say why nothing is done"), subject=one, note=one.words)  # fmt: skip


@guarded(policy.may_say_need)
def meet_need(request: BatonRequest, public_id: str) -> HttpResponse:
    """Say that one has now what one needs."""
    one = _to_judge(request, public_id)
    form = WordsForm(
        request.POST or None, record=one, label=_("What helped"), help_text=_("If you like."), required=False
    )
    return answered(request, form, lambda: changes.judge_need(
        by=request.actor, at=request.now, need=one, met=True, **form.given()),
        to=_address(one), title=_("I have what I need"), subject=one, note=one.words)  # fmt: skip


@guarded(policy.may_say_need)
def miss_need(request: BatonRequest, public_id: str) -> HttpResponse:
    """Say that one has it not."""
    one = _to_judge(request, public_id)
    form = WordsForm(
        request.POST or None, record=one, label=_("What is missing still"),
        help_text=_("It waits for an answer again, with a new clock."),
    )  # fmt: skip
    return answered(request, form, lambda: changes.judge_need(
        by=request.actor, at=request.now, need=one, met=False, **form.given()),
        to=_address(one), title=_("I still need it"), subject=one, note=one.words)  # fmt: skip


@guarded(policy.may_say_need)
def withdraw_need(request: BatonRequest, public_id: str) -> HttpResponse:
    """Take it back."""
    one = _to_judge(request, public_id)
    form = TakeBackForm(request.POST or None, record=one)
    return answered(request, form, lambda: changes.withdraw_need(
        by=request.actor, at=request.now, need=one, expected_seq=form.version),
        to=_address(one), title=_("I need it no more"), subject=one, note=one.words, danger=True)  # fmt: skip


def _to_answer(request: BatonRequest, public_id: str) -> EmployeeNeed:
    one = queries.employee_need(viewer=request.actor, at=request.now, public_id=public_id)
    demand(policy.may_answer_need(standing(request), one))
    return one


def _to_judge(request: BatonRequest, public_id: str) -> EmployeeNeed:
    one = queries.employee_need(viewer=request.actor, at=request.now, public_id=public_id)
    demand(policy.may_judge_need(request.actor, one))
    return one
