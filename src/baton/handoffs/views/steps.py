"""The steps of a handoff, a page each; the acceptance is one tap."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from baton.chain.views.answering import form_page, standing
from baton.core.answering import carried_out
from baton.core.errors import NotFound
from baton.core.guards import guarded
from baton.core.middleware import BatonRequest
from baton.core.policy import demand
from baton.handoffs import changes, policy, queries
from baton.handoffs.forms.returning import ExceptForm
from baton.handoffs.forms.steps import FORMS, AcceptForm, CostForm, DeliverForm, ReturnForm, StepForm
from baton.handoffs.models import Handoff, HandoffLine
from baton.handoffs.pages.words import BUTTONS
from baton.handoffs.rules import State, Step
from baton.handoffs.views.handoffs import address

TODAY = "today"
"""Where somebody goes back to who took the step there."""


@guarded()
def step(request: BatonRequest, public_id: str, step: str) -> HttpResponse:
    """Take a step of a handoff; what may be said of it stands in the form."""
    asked = _known(step)
    found = queries.handoff(viewer=request.actor, at=request.now, public_id=public_id)
    demand(policy.may_take(standing(request), found.link, asked, state=State(found.state)))
    form = _form(request, found, asked)
    made = carried_out(
        request, form,
        lambda: changes.STEPS_TAKEN[asked](by=request.actor, at=request.now, handoff=found, **form.given()), said="",
    )  # fmt: skip
    if made is not None:
        messages.success(request, _SAID.get(asked, _("Saved.")) if made.state != State.WITHDRAWN else _("Withdrawn."))
        return redirect(_back(request, made))
    title = BUTTONS[asked][0]
    template = "handoffs/except.html" if isinstance(form, ExceptForm) else "handoffs/step.html"
    context = {"title": title, "subject": found, "back": _back(request, found), "danger": asked is Step.WITHDRAW}
    return render(request, template, {"form": form, "handoff": found, **context}, status=form.status)


_SAID = {Step.ACCEPT: _("Accepted."), Step.DELIVER: _("Handed over.")}


@guarded()
def cost(request: BatonRequest, public_id: str) -> HttpResponse:
    """Say what it cost that it was not right."""
    found = queries.handoff(viewer=request.actor, at=request.now, public_id=public_id)
    demand(policy.may_record(standing(request), found.link))
    form = CostForm(request.POST or None, record=found)
    made = carried_out(
        request, form, lambda: changes.say_cost(by=request.actor, at=request.now, handoff=found, **form.given())
    )
    if made is not None:
        return redirect(address(made))
    return form_page(request, form, title=_("What it cost"), subject=found, back=address(found))


def _known(step: str) -> Step:
    try:
        asked = Step(step)
    except ValueError:
        raise NotFound from None
    if asked not in changes.STEPS_TAKEN:
        raise NotFound
    return asked


def _form(request: BatonRequest, found: Handoff, asked: Step) -> StepForm:
    data: Any = request.POST or None
    codes = queries.codes_for(viewer=request.actor, at=request.now, output=found.link.output_id)
    if asked is Step.ACCEPT:
        return AcceptForm(data, record=found)
    if asked is Step.RETURN:
        return ReturnForm(data, record=found, codes=codes)
    lines: list[HandoffLine] = queries.lines_of(viewer=request.actor, handoff=found)
    if asked is Step.DELIVER:
        return DeliverForm(data, record=found, lines=lines)
    if asked in (Step.ACCEPT_PART, Step.SHORTAGE):
        taken = "accepted_at" if asked is Step.ACCEPT_PART else "when"
        return ExceptForm(data, record=found, lines=lines, codes=codes, taken=taken)
    return FORMS[asked](data, record=found)


def _back(request: BatonRequest, found: Handoff) -> str:
    asked = request.POST.get("then") or request.GET.get("then")
    return reverse("handoffs:today") if asked == TODAY else address(found)
