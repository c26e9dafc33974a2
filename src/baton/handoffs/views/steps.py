"""The steps of a handoff, a page each; the acceptance is one tap."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from baton.chain.views.answering import form_page, standing
from baton.core.actors import Actor
from baton.core.answering import carried_out
from baton.core.errors import NotFound, Stale
from baton.core.guards import guarded
from baton.core.middleware import BatonRequest
from baton.core.policy import demand
from baton.core.taps import Tap, answers_taps, clock_said, not_taken, taken, tap_of
from baton.handoffs import changes, policy, queries
from baton.handoffs.forms.returning import ExceptForm
from baton.handoffs.forms.steps import FORMS, AcceptForm, CostForm, DeliverForm, ResumeForm, ReturnForm, StepForm
from baton.handoffs.models import Handoff, HandoffLine
from baton.handoffs.pages.history import meanwhile
from baton.handoffs.pages.words import BUTTONS
from baton.handoffs.queries.pausing import pauses_of
from baton.handoffs.queries.quantities import owed_of_lines
from baton.handoffs.rules import PHOTO_STEPS, State, Step
from baton.handoffs.views.handoffs import address
from baton.handoffs.views.photos import carried_out_with_photos

TODAY = "today"
"""Where somebody goes back to who took the step there."""


@guarded()
@answers_taps
def step(request: BatonRequest, public_id: str, step: str) -> HttpResponse:
    """Take a step of a handoff; what may be said of it stands in the form."""
    asked, tap = _known(step), tap_of(request)
    found = queries.handoff(viewer=request.actor, at=request.now, public_id=public_id)
    demand(policy.may_take(standing(request), found.link, asked, state=_state_before(found, asked)))
    form = step_form((request.POST or None, request.FILES or None), asked, found, viewer=request.actor, at=request.now)
    made = carried_out_with_photos(
        request, form,
        lambda files: changes.with_photos(
            by=request.actor, at=request.now, files=files, step=asked,
            write=lambda: changes.STEPS_TAKEN[asked](
                by=request.actor, at=request.now, handoff=found, **_given(form, tap, request)),
        ),
    )  # fmt: skip
    if made is not None:
        messages.success(request, _SAID.get(asked, _("Saved.")) if made.state != State.WITHDRAWN else _("Withdrawn."))
        if clock := clock_said(tap):
            messages.warning(request, clock)
        return taken(tap, made, to=_back(request, made))
    if tap is not None:
        return not_taken(form, meanwhile(request.actor, found) if form.status == Stale.status else "")
    title = BUTTONS[asked][0]
    template = "handoffs/except.html" if isinstance(form, ExceptForm) else "handoffs/step.html"
    context = {"title": title, "subject": found, "back": _back(request, found), "danger": asked is Step.WITHDRAW}
    return render(request, template, {"form": form, "handoff": found, **context}, status=form.status)


_SAID = {Step.ACCEPT: gettext_lazy("Accepted."), Step.DELIVER: gettext_lazy("Handed over.")}


@guarded()
def cost(request: BatonRequest, public_id: str) -> HttpResponse:
    """Say what it cost one's own side that it was not right."""
    found = queries.handoff(viewer=request.actor, at=request.now, public_id=public_id)
    sides = policy.acts_for(standing(request), found.link)
    demand(bool(sides))
    form = CostForm(request.POST or None, record=found, sides=sides)
    made = carried_out(
        request, form, lambda: changes.say_cost(by=request.actor, at=request.now, handoff=found, **form.given())
    )
    if made is not None:
        return redirect(address(made))
    return form_page(request, form, title=_("What it cost"), subject=found, back=address(found))


def _state_before(found: Handoff, asked: Step) -> State:
    """In which state somebody asks for a step. A withdrawal whose answer was lost is sent again when it has become one:
    it finds what it made, and nobody is told that he may not."""
    return State.EXPECTED if asked is Step.WITHDRAW and found.state == State.WITHDRAWN else State(found.state)


def _known(step: str) -> Step:
    try:
        asked = Step(step)
    except ValueError:
        raise NotFound from None
    if asked not in changes.STEPS_TAKEN:
        raise NotFound
    return asked


def step_form(data: tuple[Any, Any], asked: Step, found: Handoff, *, viewer: Actor, at: datetime) -> StepForm:
    """The form of a step, with the codes and lines of the handoff that the viewer has before him, and a place for
    photos where they can show something. ``data``: what was posted, and the files."""
    form = _form_of(data, asked, found, viewer=viewer, at=at)
    if asked in PHOTO_STEPS:
        form.offer_photos()
    return form


def _form_of(data: tuple[Any, Any], asked: Step, found: Handoff, *, viewer: Actor, at: datetime) -> StepForm:
    codes = queries.codes_for(viewer=viewer, at=at, output=found.link.output_id)
    if asked is Step.ACCEPT:
        return AcceptForm(*data, record=found)
    if asked is Step.RETURN:
        return ReturnForm(*data, record=found, codes=codes)
    lines: list[HandoffLine] = queries.lines_of(viewer=viewer, handoff=found)
    if asked is Step.DELIVER:
        partly = found.state == State.PARTLY
        owed = owed_of_lines(viewer=viewer, handoff=found) if partly else None
        return DeliverForm(*data, record=found, lines=lines, owed=owed)
    if asked in (Step.ACCEPT_PART, Step.SHORTAGE):
        taken = "accepted_at" if asked is Step.ACCEPT_PART else "when"
        return ExceptForm(*data, record=found, lines=lines, codes=codes, taken=taken)
    if asked is Step.RESUME:
        return ResumeForm(*data, record=found, reasons=pauses_of(viewer=viewer, at=at, handoff=found))
    return FORMS[asked](*data, record=found)


def _given(form: StepForm, tap: Tap | None, request: BatonRequest) -> dict[str, Any]:
    """What the change takes; what was tapped a while ago happened then, unless the form says when."""
    given = form.given()
    name = form.takes.get("happened_at", "")
    if tap is not None and name and given[name] is None:
        given[name] = tap.moment(request.now)
    return given


def _back(request: BatonRequest, found: Handoff) -> str:
    asked = request.POST.get("then") or request.GET.get("then")
    return reverse("handoffs:today") if asked == TODAY else address(found)
