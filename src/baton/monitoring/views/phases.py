"""Starting a phase on a chart, and taking it back."""

from __future__ import annotations

from functools import partial

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from baton.core import policy as core_policy
from baton.core import registries
from baton.core.answering import carried_out
from baton.core.guards import guarded
from baton.core.middleware import BatonRequest
from baton.monitoring import changes, policy, queries
from baton.monitoring.forms import StartPhaseForm, WithdrawPhaseForm
from baton.monitoring.rules import week_name


@require_http_methods(["GET", "POST"])
@guarded(core_policy.is_signed_in)
def start_phase(request: BatonRequest, kind: str, public_id: str) -> HttpResponse:
    """Say that the process was changed: the form on a page of its own, and what it sends."""
    by, at = request.actor, request.now
    subject = queries.subject_of(viewer=by, kind=kind, public_id=public_id)
    core_policy.demand(policy.may_start_phase(by, kind, public_id))
    form = StartPhaseForm(request.POST or None)
    address = registries.policies.get(kind).address(public_id)
    said = _("The new phase is noted; its limits appear as soon as the worker has run.")
    write = partial(changes.start_phase, by=by, at=at, subject=subject)
    if carried_out(request, form, lambda: write(**form.given()), said=said):
        return HttpResponseRedirect(address)
    return render(request, "monitoring/start_phase.html", {"form": form, "address": address}, status=form.status)


@require_http_methods(["GET", "POST"])
@guarded(core_policy.is_signed_in)
def withdraw_phase(request: BatonRequest, kind: str, public_id: str, phase: str) -> HttpResponse:
    """Take back that a phase begins: what that means, and the form that does it."""
    by, at = request.actor, request.now
    subject = queries.subject_of(viewer=by, kind=kind, public_id=public_id)
    core_policy.demand(policy.may_start_phase(by, kind, public_id))
    begun = queries.phase(viewer=by, subject=subject, public_id=phase)
    form = WithdrawPhaseForm(request.POST or None, record=begun)
    address = registries.policies.get(kind).address(public_id)
    said = _("The phase is withdrawn; the chart changes as soon as the worker has run.")
    write = partial(changes.withdraw_phase, by=by, at=at, subject=subject, phase=begun)
    if carried_out(request, form, lambda: write(**form.given()), said=said):
        return HttpResponseRedirect(address)
    values = {"form": form, "address": address, "week": week_name(begun.week), "phase": begun}
    return render(request, "monitoring/withdraw_phase.html", values, status=form.status)
