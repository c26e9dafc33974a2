"""The sheets of named waves, answered signed in; answers that were written on paper."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from baton.core.errors import NotFound
from baton.core.guards import guarded
from baton.core.middleware import BatonRequest
from baton.core.policy import may_use
from baton.feedback import changes, policy, queries
from baton.feedback.changes import SheetFaults
from baton.feedback.pages.sheets import SEND, answers_in, controls_of, shown_sheet
from baton.feedback.rules import Fault, Mode, WaveState

NO_FAULTS: Mapping[str, Sequence[Fault]] = {}


@require_http_methods(["GET", "HEAD", "POST"])
@guarded(may_use)
def named(request: BatonRequest, public_id: str) -> HttpResponse:
    """The reader's own sheet of a named wave: his answers stand beside his name, which the page says. Until the wave
    closes he may change them."""
    slip = queries.named_slip(viewer=request.actor, public_id=public_id, at=request.now)
    held = controls_of(queries.own_answers(viewer=request.actor, wave=slip.wave))
    faults, status = NO_FAULTS, 200
    if request.method == "POST" and SEND in request.POST:
        given = answers_in(request.POST.lists())
        try:
            changes.answer_by_name(by=request.actor, at=request.now, wave=slip.wave, answers=given)
        except SheetFaults as refused:
            faults, status = refused.faults, 422
            held = {name: [str(one) for one in values] for name, values in request.POST.lists()}
        else:
            messages.success(request, _("Your answers are kept. You may change them until the survey closes."))
            return redirect("surveys:mine")
    values = {"wave": slip.wave, "sheet": shown_sheet(slip, held, faults), "has_answered": bool(held) and not faults}
    return render(request, "feedback/mine/named.html", values, status=status)


@require_GET
@guarded(may_use)
def paper(request: BatonRequest, public_id: str) -> HttpResponse:
    """How answers on paper get into the urn: one sheet after the other, each with the code that is printed on it."""
    wave = queries.wave(viewer=request.actor, public_id=public_id)
    if not (policy.may_run_waves(request.actor) or policy.is_collector(request.actor, wave)):
        raise NotFound
    open_now = wave.state == WaveState.OPEN and wave.mode == Mode.ANONYMOUS and wave.closes_at > request.now
    return render(request, "feedback/mine/paper.html", {"wave": wave, "open_now": open_now})
