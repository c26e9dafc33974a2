"""What a shared tablet shows. It knows no sign-in: the cookie of the device is the right to see what its team owes and
gets today, and whoever takes a step shows PIN or badge for this one step."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from functools import wraps
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
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
from baton.core.forms import RecordForm
from baton.core.guards import public
from baton.core.middleware import BatonRequest
from baton.handoffs import changes, policy
from baton.handoffs.forms.returning import ExceptForm
from baton.handoffs.forms.steps import PHOTOS, StepForm
from baton.handoffs.forms.tablets import WhoForm
from baton.handoffs.models import SharedTablet
from baton.handoffs.models.labels import STATES
from baton.handoffs.pages.board import board_context
from baton.handoffs.pages.calls import CALL_BUTTONS
from baton.handoffs.pages.tablets import call_label, calls_context, tablet_context
from baton.handoffs.pages.words import BUTTONS
from baton.handoffs.queries import tablets as queries
from baton.handoffs.rules import OPEN, TABLET_STEPS, Form, Side, State
from baton.handoffs.rules.calls import TAKERS, CallStep
from baton.handoffs.views.photos import carried_out_with_photos
from baton.handoffs.views.steps import step_form
from baton.handoffs.views.tablets import COOKIE, PLACE
from baton.handoffs.views.tallies import CountedTime, tally_form
from baton_analysis.errors import gettext_noop

if TYPE_CHECKING:
    from baton.chain.policy import Standing
    from baton.core.attachments.keeping import KeptFile
    from baton.handoffs.models import Handoff

    Write = Callable[[Actor, Sequence[KeptFile]], Handoff]

WRONG_A_MINUTE = 20
"""Wrong PINs and badges at one tablet, after which it takes none for the rest of the minute."""
WRONG_BADGES_AN_HOUR = 30
"""Unknown badges at one tablet, by the trail: the code of a badge is nobody's secret as a PIN is, and many belong to a
team, so that trying them out must take days."""
HOUR = timedelta(hours=1)
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
    """What the team owes and gets today, who calls, and what it counts. Public: the device is the right to see it."""
    at = request.now
    context = {
        "tablet": tablet,
        **tablet_context(queries.today_on_tablet(tablet=tablet, at=at), at),
        **calls_context(queries.calls_on_tablet(tablet=tablet, at=at), at),
        "counted": queries.counted_on_tablet(tablet=tablet, at=at),
    }
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
    at, found = request.now, queries.handoff_on_tablet(tablet=tablet, at=request.now, public_id=public_id)
    state = State(found.state)
    if state not in OPEN:  # such as after a second tap
        said = _("{number} is not open any more. It stands so: {state}.")
        messages.info(request, said.format(number=found.number, state=STATES[state]))
        return redirect("tablet:today")
    form = step_form((request.POST or None, request.FILES or None), asked, found, viewer=queries.LOOKING, at=at)
    return _taking(
        request, tablet, form,
        may=lambda standing: policy.may_take(standing, found.link, asked, state=state),
        write=lambda by, files: changes.with_photos(
            by=by, at=at, files=files, step=asked,
            write=lambda: changes.STEPS_TAKEN[asked](by=by, at=at, handoff=found, **form.given()),
        ),
        context={
            "title": BUTTONS[asked][0], "link": found.link, "number": found.number, "reference": found.reference,
            "parts": form.parts if isinstance(form, ExceptForm) else None,
        },
    )  # fmt: skip


@sensitive_post_parameters("who_pin", "who_badge")
@never_cache
@_on_tablet
def call(request: BatonRequest, tablet: SharedTablet, public_id: str) -> HttpResponse:
    """The big button of a call point. Public as :func:`step`."""
    found = queries.point_on_tablet(tablet=tablet, at=request.now, public_id=public_id)
    return _taking(
        request, tablet, RecordForm(request.POST or None),
        may=lambda standing: policy.may_act(standing, found.link, Side.CUSTOMER),
        write=lambda by, _files: changes.call_from(by=by, at=request.now, point=found),
        context={"title": call_label(found.link), "link": found.link, "number": found.name, "reference": ""},
    )  # fmt: skip


@sensitive_post_parameters("who_pin", "who_badge")
@never_cache
@_on_tablet
def call_step(request: BatonRequest, tablet: SharedTablet, public_id: str, step: str) -> HttpResponse:
    """Say what became of a call. Public as :func:`step`."""
    asked = next((one for one in CallStep if one.value == step), None)
    found = queries.handoff_on_tablet(tablet=tablet, at=request.now, public_id=public_id)
    if asked is None or found.form != Form.CALL:
        raise NotFound
    return _taking(
        request, tablet, RecordForm(request.POST or None),
        may=lambda standing: policy.may_act(standing, found.link, TAKERS[asked]),
        write=lambda by, _files: changes.take_call_step(by=by, at=request.now, handoff=found, step=asked),
        context={
            "title": CALL_BUTTONS[asked][0], "link": found.link, "number": found.number, "reference": found.reference,
        },
    )  # fmt: skip


@sensitive_post_parameters("who_pin", "who_badge")
@never_cache
@_on_tablet
def tally(request: BatonRequest, tablet: SharedTablet, link: str) -> HttpResponse:
    """Count an hour or shift. Public as :func:`step`."""
    at, found = request.now, queries.link_on_tablet(tablet=tablet, at=request.now, public_id=link)
    time = CountedTime.asked(request)
    form = tally_form(request.POST or None, found, time, viewer=queries.LOOKING, at=at)
    return _taking(
        request, tablet, form,
        may=lambda standing: policy.may_act(standing, found, Side.CUSTOMER),
        write=lambda by, _files: changes.enter_tally(
            by=by, at=at, link=found, begins_at=time.begins_at, ends_at=time.ends_at, **form.given()
        ),
        context={"title": _("Count an hour"), "link": found, "number": "", "reference": "", **time.shown(at)},
        template="handoffs/tablet/tally.html",
    )  # fmt: skip


def _taking(
    request: BatonRequest, tablet: SharedTablet, form: RecordForm, *, may: Callable[[Standing], bool],
    write: Write, context: Mapping[str, Any], template: str = "handoffs/tablet/step.html",
) -> HttpResponse:  # fmt: skip
    """The page on which somebody says one thing and shows who he is; back to the day once it is said."""
    if wrong.seconds_to_wait(tablet.public_id, request.now, WRONG_A_MINUTE, count=False):
        return error_page(request, 429)
    who = WhoForm(request.POST or None, crew=queries.crew_on_tablet(tablet=tablet, at=request.now))
    well = [one.is_valid() for one in (form, who)] if request.method == "POST" else [False]
    by = _shown(request, tablet, who, may) if all(well) else None
    made = _carried_out(request, form, by, write) if by is not None else None
    if by is None and isinstance(form, StepForm) and request.FILES.getlist(PHOTOS):
        form.say_photos_lost()
    if made is not None and by is not None:
        messages.success(request, remarks([str(context["title"]), made.number, str(by.person)]))
        return redirect("tablet:today")
    status = 422 if who.errors else form.status
    return render(request, template, {"tablet": tablet, "form": form, "who": who, **context}, status=status)


def _carried_out(request: BatonRequest, form: RecordForm, by: Actor, write: Write) -> Handoff | None:
    if isinstance(form, StepForm):
        return carried_out_with_photos(request, form, lambda files: write(by, files), by=by)
    return form.carry_out(by=by, at=request.now, write=lambda: write(by, ()))


def _shown(
    request: BatonRequest, tablet: SharedTablet, who: WhoForm, may: Callable[[Standing], bool]
) -> Actor | None:  # fmt: skip
    """Who acts; None where the form says what is wrong."""
    try:
        by = _by_badge(request, tablet, who) if who.cleaned_data["who_badge"] else _by_pin(request, tablet, who)
        if not may(standing_of(by, day_of(request.now))):
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
    if queries.wrong_badges(tablet=tablet, since=request.now - HOUR) >= WRONG_BADGES_AN_HOUR:
        raise Refused(
            field="badge",
            expected=gettext_noop("Expected fewer than {most} unknown badges an hour at one tablet."),
            found=gettext_noop("So many were held to this one."),
            remedy=gettext_noop("Choose your name and type your PIN, or wait."),
            most=WRONG_BADGES_AN_HOUR,
        )
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
