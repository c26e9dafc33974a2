"""The page about monitoring itself."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from baton.core.guards import guarded
from baton.core.middleware import BatonRequest
from baton.monitoring import changes, policy
from baton.monitoring.pages import state_page


@require_GET
@guarded(policy.may_see_state)
def state(request: BatonRequest) -> HttpResponse:
    """How monitoring itself is doing."""
    values = {
        **state_page(request.actor, request.now),
        "may_refresh": policy.may_refresh(request.actor),
    }
    return render(request, "monitoring/state.html", values)


@require_POST
@guarded(policy.may_refresh)
def refresh(request: BatonRequest) -> HttpResponse:
    """Ask the worker for a run now."""
    changes.ask_for_run(by=request.actor, at=request.now)
    messages.info(request, _("A run was asked for; the worker does it as soon as it is free."))
    return HttpResponseRedirect("/monitoring/")
