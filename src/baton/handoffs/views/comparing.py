"""Links of one kind beside each other."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_GET

from baton.core.exports import download
from baton.core.guards import guarded
from baton.core.lists.bar import opens_default_view
from baton.core.middleware import BatonRequest
from baton.handoffs.forms.comparing import ComparisonForm, asked_comparison
from baton.handoffs.pages import comparing as shown
from baton.handoffs.queries.comparing import Comparison, outputs_to_compare
from baton.handoffs.queries.comparing import comparison as compared


def _found(request: BatonRequest) -> Comparison:
    by, output = asked_comparison(request.GET)
    return compared(viewer=request.actor, at=request.now, by=by, output=output)


@require_GET
@guarded()
@opens_default_view("handoffs.comparison")
def comparison(request: BatonRequest) -> HttpResponse:
    """League table and funnel plot of the links in sight, of ``?output=`` or of all, by ``?by=``."""
    outputs = outputs_to_compare(viewer=request.actor, at=request.now)
    context = {**shown.comparison_context(_found(request)), "filter": ComparisonForm(request.GET, outputs=outputs)}
    return render(request, "handoffs/comparison.html", context)


@require_GET
@guarded()
def export_comparison(request: BatonRequest) -> HttpResponseBase:
    """The league as a table, as CSV or workbook."""
    return download(request, "comparison", shown.header(), shown.rows(_found(request)))
