"""Fragments that stand on the page of what is measured."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from baton.core import policy as core_policy
from baton.core.guards import guarded
from baton.core.middleware import BatonRequest
from baton.monitoring import queries
from baton.monitoring.pages import link_panel


@require_GET
@guarded(core_policy.is_signed_in)
def panel(request: BatonRequest, kind: str, public_id: str) -> HttpResponse:
    """The charts of one object, as a fragment; the object's own policy decides who sees them."""
    subject = queries.subject_of(viewer=request.actor, kind=kind, public_id=public_id)
    values = link_panel(request.actor, subject, request.GET.get("rules", ""), ranges="ranges" in request.GET)
    return render(request, "monitoring/_panel.html", values)
