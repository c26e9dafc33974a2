"""Starting a phase on a chart, seeing before what it would change, correcting it, and taking it back."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from baton.core import policy as core_policy
from baton.core import registries
from baton.core.answering import carried_out
from baton.core.guards import guarded
from baton.core.middleware import BatonRequest
from baton.core.registries import Subject
from baton.monitoring import changes, pages, policy, queries
from baton.monitoring.forms import WithdrawPhaseForm


def _editable(request: BatonRequest, kind: str, public_id: str) -> Subject:
    """The object, for whoever may say something of its phases."""
    subject = queries.subject_of(viewer=request.actor, kind=kind, public_id=public_id)
    core_policy.demand(policy.may_start_phase(request.actor, kind, public_id))
    return subject


@require_http_methods(["GET", "POST"])
@guarded(core_policy.is_signed_in)
def start_phase(request: BatonRequest, kind: str, public_id: str) -> HttpResponse:
    """Say that the process was changed: the form on a page of its own, and what it sends."""
    subject = _editable(request, kind, public_id)
    page = pages.start_page(request.actor, subject, request.GET.get("measure", ""), request.POST or None)
    said = _("The new phase is noted; its limits appear as soon as the worker has run.")
    write = partial(changes.start_phase, by=request.actor, at=request.now, subject=subject)
    return _answered(request, subject, page, write, said, "monitoring/start_phase.html")


@require_http_methods(["GET", "POST"])
@guarded(core_policy.is_signed_in)
def correct_phase(request: BatonRequest, kind: str, public_id: str, phase: str) -> HttpResponse:
    """Correct the week of a phase, what was changed, or its limits."""
    subject = _editable(request, kind, public_id)
    begun = queries.phase(viewer=request.actor, subject=subject, public_id=phase)
    page = pages.correct_page(request.actor, subject, begun, request.POST or None)
    said = _("The phase is corrected; the chart changes as soon as the worker has run.")
    write = partial(changes.correct_phase, by=request.actor, at=request.now, subject=subject, phase=begun)
    return _answered(request, subject, page, write, said, "monitoring/correct_phase.html")


@require_http_methods(["GET", "POST"])
@guarded(core_policy.is_signed_in)
def withdraw_phase(request: BatonRequest, kind: str, public_id: str, phase: str) -> HttpResponse:
    """Take back that a phase begins: what that means, and the form that does it."""
    subject = _editable(request, kind, public_id)
    begun = queries.phase(viewer=request.actor, subject=subject, public_id=phase)
    form = WithdrawPhaseForm(request.POST or None, record=begun)
    page = {"form": form, **pages.withdraw_page(request.actor, subject, begun)}
    said = _("The phase is withdrawn; the chart changes as soon as the worker has run.")
    write = partial(changes.withdraw_phase, by=request.actor, at=request.now, subject=subject, phase=begun)
    return _answered(request, subject, page, write, said, "monitoring/withdraw_phase.html")


@require_GET
@guarded(core_policy.is_signed_in)
def preview_phase(request: BatonRequest, kind: str, public_id: str) -> HttpResponse:
    """What the chart would become with the phase that stands in the form, as a fragment; nothing is changed."""
    subject = _editable(request, kind, public_id)
    values = pages.preview(request.actor, subject, request.GET)
    return render(request, "monitoring/_phase_preview.html", {"preview": values})


def _answered(
    request: BatonRequest, subject: Subject, page: dict[str, Any], write: Any, said: str, template: str
) -> HttpResponse:
    """Back to the object once the form is carried out; else the form, with a preview where one is asked for."""
    address = registries.policies.get(subject.kind).address(subject.public_id)
    form = page["form"]
    if "look" in request.POST:
        page["preview"] = pages.preview(request.actor, subject, request.POST, page.get("phase"))
    elif carried_out(request, form, lambda: write(**form.given()), said=said):
        return HttpResponseRedirect(address)
    return render(request, template, {**page, "address": address}, status=form.status)
