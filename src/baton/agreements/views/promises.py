"""Pages about promises along the chain."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from baton.agreements.forms.promises import PlannedForm
from baton.agreements.pages.promises import promises_context
from baton.agreements.queries.promises import promise_paths
from baton.chain import queries as chain
from baton.chain.forms.paths import PathForm
from baton.core.answering import small_number
from baton.core.guards import guarded
from baton.core.middleware import BatonRequest
from baton.core.texts import clean_text

_NOBODY = "-"
"""The public id of nobody."""


@require_GET
@guarded()
def promises(request: BatonRequest) -> HttpResponse:
    """Do our promises hold together, on the ways from ``?start=`` (or ``?person=``; neither: the reader) outside, or to
    the party ``?end=``? ``?planned`` counts what is on its way as if it were in force."""
    viewer, at = request.actor, request.now
    asked = {name: request.GET.get(name, "")[:most] for name, most in (("start", 32), ("end", 32), ("person", 200))}
    form = PathForm(asked, parties=chain.parties_to_choose(viewer=viewer, at=at), viewer=viewer)
    begins = _NOBODY if form.begins is None else form.begins
    planned = "planned" in request.GET
    found = promise_paths(viewer=viewer, at=at, start=begins, end=asked["end"], planned=planned)
    shown = promises_context(found, small_number(request.GET.get("way", ""), 1))
    query = urlencode({name: value for name, value in {**asked, "planned": "1" if planned else ""}.items() if value})
    context = {**shown, "filter": form, "planned": PlannedForm(request.GET), "query": query}
    return render(request, "agreements/promises.html", context)


@require_GET
@guarded()
def promises_panel(request: BatonRequest) -> HttpResponse:
    """The same in short, for a panel that is filled once its page is there."""
    start, end = (clean_text(request.GET.get(name, "")[:32]) for name in ("start", "end"))
    found = promise_paths(viewer=request.actor, at=request.now, start=start, end=end)
    shown = promises_context(found, small_number(request.GET.get("way", ""), 1))
    return render(request, "agreements/_promises_short.html", {**shown, "start": start, "end": end})
