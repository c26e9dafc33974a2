"""What one owes and gets today."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from baton.chain.views.answering import standing
from baton.core.guards import guarded
from baton.core.middleware import BatonRequest
from baton.handoffs import policy, queries
from baton.handoffs.pages.settlement import waiting_claims
from baton.handoffs.pages.today import today_context


@require_GET
@guarded()
def today(request: BatonRequest) -> HttpResponse:
    """What is owed, what waits to be accepted, what is on its way and what came back."""
    found = queries.today(viewer=request.actor, at=request.now)
    claims = waiting_claims(request.actor, request.now)
    context = {**today_context(found, request.now), **claims}
    keeps = policy.may_keep_tablets(standing(request))
    return render(request, "handoffs/today.html", {**context, "keeps_tablets": keeps})
