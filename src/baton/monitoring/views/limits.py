"""Saying specification limits, and taking them back."""

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
from baton.core.registries import Subject
from baton.monitoring import changes, pages, policy, queries
from baton.monitoring.forms import SpecifyForm, WithdrawLimitsForm


def _specifiable(request: BatonRequest, kind: str, public_id: str) -> Subject:
    """The object, for whoever may say its limits."""
    subject = queries.subject_of(viewer=request.actor, kind=kind, public_id=public_id)
    core_policy.demand(policy.may_specify(request.actor, kind, public_id))
    return subject


@require_http_methods(["GET", "POST"])
@guarded(core_policy.is_signed_in)
def specify(request: BatonRequest, kind: str, public_id: str) -> HttpResponse:
    """Say between which limits the waits of an object are to lie."""
    subject = _specifiable(request, kind, public_id)
    form = SpecifyForm(request.POST or None)
    said = _("The limits are noted; capability appears as soon as the worker has run.")
    write = partial(changes.specify, by=request.actor, at=request.now, subject=subject)
    address = registries.policies.get(kind).address(public_id)
    if carried_out(request, form, lambda: write(**form.given()), said=said):
        return HttpResponseRedirect(address)
    return render(request, "monitoring/specify.html", {"form": form, "address": address}, status=form.status)


@require_http_methods(["GET", "POST"])
@guarded(core_policy.is_signed_in)
def withdraw_limits(request: BatonRequest, kind: str, public_id: str, limits: str) -> HttpResponse:
    """Take specification limits back."""
    subject = _specifiable(request, kind, public_id)
    held = queries.specification(viewer=request.actor, subject=subject, public_id=limits)
    form = WithdrawLimitsForm(request.POST or None, record=held)
    said = _("The limits are withdrawn; capability changes as soon as the worker has run.")
    write = partial(
        changes.withdraw_specification, by=request.actor, at=request.now, subject=subject, specification=held
    )
    address = registries.policies.get(kind).address(public_id)
    if carried_out(request, form, lambda: write(**form.given()), said=said):
        return HttpResponseRedirect(address)
    values = {"form": form, "address": address, **pages.withdraw_limits_page(held)}
    return render(request, "monitoring/withdraw_limits.html", values, status=form.status)
