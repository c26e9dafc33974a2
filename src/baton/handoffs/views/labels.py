"""Labels to print: of one handoff, or of all that is owed today."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from baton.core.guards import guarded
from baton.core.middleware import BatonRequest
from baton.handoffs import queries
from baton.handoffs.pages.labels import label_of
from baton.handoffs.rules import Form
from baton.handoffs.views.handoffs import address


@require_GET
@guarded()
def label(request: BatonRequest, public_id: str) -> HttpResponse:
    """The label of one handoff, with the code of its page."""
    found = queries.handoff(viewer=request.actor, at=request.now, public_id=public_id)
    lines = queries.lines_of(viewer=request.actor, handoff=found)
    context = {"labels": [label_of(found, lines)], "back": address(found), "here": found.number}
    return render(request, "handoffs/labels.html", context)


@require_GET
@guarded()
def labels(request: BatonRequest) -> HttpResponse:
    """A sheet of labels: one of each handoff that the page Today says the reader's parties owe, in its order; none of
    calls, which hand nothing over."""
    today = queries.today(viewer=request.actor, at=request.now)
    found = [label_of(row.handoff, row.lines) for row in today.owed if row.handoff.form != Form.CALL]
    context = {"labels": found, "back": reverse("handoffs:today"), "more": "owed" in today.more}
    return render(request, "handoffs/labels.html", context)
