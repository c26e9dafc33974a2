"""What somebody is asked himself, and the way to his sheet; and that he does not want to be asked."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from baton.chain.views.answering import answered
from baton.core.errors import NotFound
from baton.core.guards import guarded
from baton.core.middleware import BatonRequest
from baton.feedback import changes, policy
from baton.feedback.forms.waves import QuietForm
from baton.feedback.pages.letters import door_of, picture_of, token_for, way_of
from baton.feedback.queries.asking import quiet_until
from baton.feedback.queries.mine import asked_of
from baton.feedback.rules.tokens import spelled

_NEVER_KEPT = "no-store, private"


@require_GET
@guarded(policy.may_be_quiet)
def mine(request: BatonRequest) -> HttpResponse:
    """The open surveys that ask the reader."""
    context = {
        "surveys": asked_of(viewer=request.actor, at=request.now), "quiet": quiet_until(viewer=request.actor),
        "today": request.now.date(),
    }  # fmt: skip
    return render(request, "feedback/mine/mine.html", context)


@require_POST
@guarded(policy.may_be_quiet)
def show_code(request: BatonRequest) -> HttpResponse:
    """The way to one's sheet, out of its envelope. Nothing is written, and the answer is kept nowhere."""
    asked = asked_of(viewer=request.actor, at=request.now)
    chosen = next((one.wave for one in asked if one.wave.public_id == request.POST.get("wave", "")), None)
    token = token_for(viewer=request.actor, wave=chosen) if chosen is not None else None
    if chosen is None or token is None:
        raise NotFound
    language = get_language() or ""
    way = way_of(chosen, token, language)
    context = {
        "wave": chosen, "code": spelled(token), "way": way, "picture": picture_of(way),
        "door": door_of(chosen, language),
    }  # fmt: skip
    response = render(request, "feedback/mine/code.html", context)
    response["Cache-Control"] = _NEVER_KEPT
    response["Referrer-Policy"] = "no-referrer"
    return response


@guarded(policy.may_be_quiet)
def quiet(request: BatonRequest) -> HttpResponse:
    """Ask not to be asked for a while."""
    form = QuietForm(request.POST or None, record=quiet_until(viewer=request.actor))
    return answered(request, form, lambda: changes.stay_quiet(
        by=request.actor, at=request.now, until=form.cleaned_data["until"], expected_seq=form.version),
        to=reverse("surveys:mine"), title=_("Do not ask me for a while"), note=_(
            "Surveys that ask you already go on: nobody could take your sheet out of them. Nobody but you reads this"
            " page."))  # fmt: skip
