"""Pages of the first-run wizard, and what a sector brings."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from baton.core.errors import Forbidden, NotFound, Refused, explain
from baton.core.guards import guarded
from baton.core.middleware import BatonRequest
from baton.core.policy import may_add_people
from baton.starters import changes, pages, policy, queries
from baton.starters.forms import ChartForm, ConfirmForm, NamesForm, PeopleForm, PromisesForm, SectorForm
from baton.starters.plans import STEPS, Plan, plan_of, steps_of
from baton.starters.sectors import CODES, sector

TITLES = {
    "sector": gettext_lazy("Sector"), "names": gettext_lazy("Names"), "chart": gettext_lazy("Organisation"),
    "people": gettext_lazy("People"), "promises": gettext_lazy("Promises"), "confirm": gettext_lazy("Enter all"),
}  # fmt: skip
IMPORT_PAGE = "core:imports"
"""Page on which a file is brought; the chart may come from there, too."""


@guarded(policy.may_start)
def start(request: BatonRequest) -> HttpResponse:
    """Where the wizard was left, or its first step."""
    answers = queries.kept_answers(viewer=request.actor) or {}
    step = answers.get("step", "")
    return redirect("starters:step", step if step in steps_of(answers) else STEPS[0])


@guarded(policy.may_start)
def step(request: BatonRequest, step: str) -> HttpResponse:
    """One step. Whatever button is pressed, what was typed is kept; only going on asks that it can be read."""
    answers = queries.kept_answers(viewer=request.actor) or {}
    if step not in steps_of(answers):
        raise NotFound
    if step == "confirm":
        return _confirm(request, answers)
    form = _form(step, request, answers)
    status = 200
    if request.method == "POST":
        looks = request.POST.get("go") == "look"
        status = 200 if looks and form.is_valid() else 422
        if form.is_valid():
            answers = _keep(request, answers, step, form)
            if not looks and not _stays(request, answers, step):
                return _onward(request, answers, step)
    plan = plan_of(answers, language=settings.LANGUAGE_CODE)
    return render(request, "starters/start/step.html", _context(request, answers, step, plan, form), status=status)


def _form(step: str, request: BatonRequest, answers: dict[str, Any]) -> Any:
    data = request.POST or None
    if step == "names":
        return NamesForm(data, sector=sector(answers["sector"]), kept=answers)
    if step == "promises":
        chosen = sector(answers["sector"]) if answers.get("sector") in CODES else None
        return PromisesForm(data, sector=chosen, kept=answers)
    kinds: dict[str, type[forms.Form]] = {"sector": SectorForm, "chart": ChartForm, "people": PeopleForm}
    return kinds[step](data, initial=answers)


def _keep(request: BatonRequest, answers: dict[str, Any], step: str, form: Any) -> dict[str, Any]:
    """Keep what this step says; another sector than before takes the names with it."""
    said = form.answers()
    if step == "sector" and said["sector"] != answers.get("sector", ""):
        said |= {"names": {}, "left_out": [], "promises": None}
    answers = {**answers, **said}
    after = {"next": _beside(answers, step, 1), "back": _beside(answers, step, -1)}
    answers["step"] = after.get(request.POST.get("go", ""), step)
    changes.keep_draft(by=request.actor, at=request.now, answers=answers)
    return answers


def _beside(answers: dict[str, Any], step: str, by: int) -> str:
    steps = steps_of(answers)
    return steps[max(0, min(steps.index(step) + by, len(steps) - 1))]


def _stays(request: BatonRequest, answers: dict[str, Any], step: str) -> bool:
    """Whether the page is shown again because a line cannot be read."""
    wrong = plan_of(answers, language=settings.LANGUAGE_CODE).errors.get(step)
    return request.POST.get("go") == "next" and bool(wrong)


def _onward(request: BatonRequest, answers: dict[str, Any], step: str) -> HttpResponse:
    if request.POST.get("go") == "leave":
        messages.success(request, _("What you typed is kept. Nothing is entered yet."))
        return redirect("chain:home")
    return redirect("starters:step", answers["step"])


def _context(request: BatonRequest, answers: dict[str, Any], step: str, plan: Plan, form: Any) -> dict[str, Any]:
    errors = [(problem.line, explain(problem)) for problem in plan.errors.get(step, ())]
    steps = steps_of(answers)
    return {
        "step": step,
        "title": TITLES[step],
        "steps": [
            (name, TITLES[name], name == step, bool(plan.errors.get(name)), place + 1)
            for place, name in enumerate(steps)
        ],
        "form": form,
        "plan": plan,
        "problems": errors,
        "tree": pages.tree(plan),
        "first": step == steps[0],
        "may_add_people": may_add_people(request.actor),
        "import_page": _import_page(),
        "sectors": pages.sector_cards() if step == "sector" else (),
    }


def _import_page() -> str:
    try:
        return reverse(IMPORT_PAGE)
    except NoReverseMatch:
        return ""


def _confirm(request: BatonRequest, answers: dict[str, Any]) -> HttpResponse:
    """What would be entered; entered on the last button."""
    plan = plan_of(answers, language=settings.LANGUAGE_CODE)
    form = ConfirmForm(request.POST or None)
    status = 200
    if request.method == "POST" and request.POST.get("go") != "enter":
        changes.keep_draft(by=request.actor, at=request.now, answers={"step": _beside(answers, "confirm", -1)})
        return _onward(request, {"step": _beside(answers, "confirm", -1)}, "confirm")
    if request.method == "POST" and form.is_valid():
        try:
            changes.enter_draft(
                by=request.actor, at=request.now, beside=form.cleaned_data["beside"],
                become_quality_manager=form.cleaned_data["become"],
            )  # fmt: skip
        except (Forbidden, NotFound):
            raise
        except Refused as refusal:
            form.add_error(refusal.field or None, explain(refusal))
            status = 422
        else:
            messages.success(request, _("Everything is entered. This is your chain."))
            return redirect("chain:map")
    context = {
        **_context(request, answers, "confirm", plan, form),
        "counts": plan.counts(),
        "becomes": not policy.may_enter_chain(request.actor),
        "there": queries.parties_there(viewer=request.actor, at=request.now),
    }
    return render(request, "starters/start/confirm.html", context, status=status)


@guarded()
def sectors(request: BatonRequest) -> HttpResponse:
    """The sectors that come with Baton."""
    return render(request, "starters/sectors.html", {"sectors": pages.sector_cards()})


@guarded()
def sector_page(request: BatonRequest, code: str) -> HttpResponse:
    """What one sector brings: what is loaded, and what is kept for later: clauses, survey items, checks."""
    if code not in CODES:
        raise NotFound
    return render(request, "starters/sector.html", pages.sector_context(code))
