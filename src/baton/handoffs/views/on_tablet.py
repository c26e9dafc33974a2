"""What a shared tablet shows. It knows no sign-in: the cookie of the device is the right to see what its team owes and
gets today, and whoever takes a step shows PIN or badge for this one step."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET

from baton.chain.policy import standing_of
from baton.core.act_proofs import person_with_badge
from baton.core.actors import Actor
from baton.core.api.limits import Limit
from baton.core.changes import show_badge, show_pin
from baton.core.days import day_of
from baton.core.error_pages import error_page
from baton.core.errors import Forbidden, NotFound, Refused, explain
from baton.core.formats import remarks
from baton.core.guards import public
from baton.core.middleware import BatonRequest
from baton.handoffs import changes, policy
from baton.handoffs.forms.returning import ExceptForm
from baton.handoffs.forms.steps import StepForm
from baton.handoffs.forms.tablets import WhoForm
from baton.handoffs.models import Handoff, SharedTablet
from baton.handoffs.pages.board import board_context
from baton.handoffs.pages.tablets import tablet_context
from baton.handoffs.pages.words import BUTTONS
from baton.handoffs.queries import tablets as queries
from baton.handoffs.rules import TABLET_STEPS, State, Step
from baton.handoffs.views.steps import step_form
from baton.handoffs.views.tablets import COOKIE, PLACE
from baton_analysis.errors import gettext_noop

WRONG_A_MINUTE = 20
"""Wrong PINs and badges at one tablet, after which it takes none for the rest of the minute."""
wrong = Limit()
"""Counted in memory alone, in each process."""


def _on_tablet(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    @wraps(view)
    def answered(request: BatonRequest, **rest: str) -> HttpResponse:
        tablet = queries.tablet_behind(cookie=request.COOKIES.get(COOKIE, ""), at=request.now)
        if tablet is not None:
            return view(request, tablet, **rest)
        response = render(request, "handoffs/tablet/none.html", status=403)
        response.delete_cookie(COOKIE, path=PLACE, samesite="Strict")
        return response

    return public(answered)


@never_cache
@require_GET
@_on_tablet
def today(request: BatonRequest, tablet: SharedTablet) -> HttpResponse:
    """What the team owes and gets today. Public: the device is the right to see it."""
    found = queries.today_on_tablet(tablet=tablet, at=request.now)
    context = {"tablet": tablet, **tablet_context(found, tablet, request.now)}
    return render(request, "handoffs/tablet/today.html", context)


@never_cache
@require_GET
@_on_tablet
def board(request: BatonRequest, tablet: SharedTablet) -> HttpResponse:
    """The board of the team on a wall, day and night. Public: the device is the right to see it."""
    found = queries.board_on_tablet(tablet=tablet, at=request.now)
    context = {
        **board_context(found, request.now),
        "renewed_at": f"{request.path}?renew=yes",
        "wall": True,
        "tablet": tablet,
    }
    return render(request, "handoffs/_board.html" if "renew" in request.GET else "handoffs/board_wall.html", context)


@sensitive_post_parameters("who_pin", "who_badge")
@never_cache
@_on_tablet
def step(request: BatonRequest, tablet: SharedTablet, public_id: str, step: str) -> HttpResponse:
    """Take a step, showing who one is. Public: the device is the right to see it, PIN or badge the right to act."""
    asked = next((one for one in TABLET_STEPS if one.value == step), None)
    if asked is None:
        raise NotFound
    found = queries.handoff_on_tablet(tablet=tablet, at=request.now, public_id=public_id)
    data: Any = request.POST or None
    form = step_form(data, asked, found, viewer=queries.LOOKING, at=request.now)
    who = WhoForm(data, crew=queries.crew_on_tablet(tablet=tablet, at=request.now))
    if wrong.seconds_to_wait(tablet.public_id, request.now, WRONG_A_MINUTE, count=False):
        return error_page(request, 429)
    well = [one.is_valid() for one in (form, who)] if request.method == "POST" else [False]
    by = _shown(request, tablet, who, found, asked) if all(well) else None
    made = _taken(request, form, found, asked, by) if by is not None else None
    if made is not None:
        messages.success(request, remarks([str(BUTTONS[asked][0]), made.number, str(by.person) if by else ""]))
        return redirect("tablet:today")
    status = 422 if who.errors else form.status
    context = {
        "tablet": tablet, "form": form, "who": who, "handoff": found, "title": BUTTONS[asked][0],
        "parts": form.parts if isinstance(form, ExceptForm) else None,
    }  # fmt: skip
    return render(request, "handoffs/tablet/step.html", context, status=status)


def _taken(request: BatonRequest, form: StepForm, found: Handoff, asked: Step, by: Actor) -> Handoff | None:
    return form.carry_out(by=by, at=request.now, write=lambda: changes.STEPS_TAKEN[asked](
        by=by, at=request.now, handoff=found, **form.given()))  # fmt: skip


def _shown(
    request: BatonRequest, tablet: SharedTablet, who: WhoForm, found: Handoff, asked: Step
) -> Actor | None:  # fmt: skip
    """Who acts; None where the form says what is wrong."""
    try:
        by = _by_badge(request, tablet, who) if who.cleaned_data["who_badge"] else _by_pin(request, tablet, who)
        standing = standing_of(by, day_of(request.now))
        if not policy.may_take(standing, found.link, asked, state=State(found.state)):
            raise Forbidden
    except Refused as refused:
        if refused.status == 400:
            wrong.seconds_to_wait(tablet.public_id, request.now, WRONG_A_MINUTE)
        who.add_error(f"who_{refused.field}" if refused.field else None, explain(refused))
        return None
    return by


def _by_pin(request: BatonRequest, tablet: SharedTablet, who: WhoForm) -> Actor:
    return show_pin(
        at=request.now, person=who.crew[who.cleaned_data["who_person"]], pin=who.cleaned_data["who_pin"],
        device=tablet.public_id, request=request.request_id,
    )  # fmt: skip


def _by_badge(request: BatonRequest, tablet: SharedTablet, who: WhoForm) -> Actor:
    person = person_with_badge(who.cleaned_data["who_badge"])
    if person is None or person.public_id not in who.crew:
        changes.note_wrong_badge(at=request.now, tablet=tablet, request=request.request_id)
        raise Refused(
            field="badge",
            expected=gettext_noop("Expected the badge of somebody who belongs to {team}."),
            found=gettext_noop("This one is not known, or belongs to nobody of the team."),
            remedy=gettext_noop("Hold it to the reader again, or choose your name and type your PIN."),
            team=str(tablet.party),
        )
    return show_badge(person=person, device=tablet.public_id, request=request.request_id)
