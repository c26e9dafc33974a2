"""The page of the way to the outside customer."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from baton.chain import queries
from baton.chain.forms.paths import PathForm
from baton.chain.pages.paths import context
from baton.core.guards import guarded
from baton.core.middleware import BatonRequest


@require_GET
@guarded()
def path(request: BatonRequest) -> HttpResponse:
    """Ways from a party or person (``?start=``, empty: the reader) to somebody outside or to the party ``?end=``."""
    start, end, way = (request.GET.get(name, "")[:32] for name in ("start", "end", "way"))
    found = queries.paths(viewer=request.actor, at=request.now, start=start, end=end)
    form = PathForm({"start": start, "end": end}, parties=queries.parties_offered(viewer=request.actor, at=request.now))
    shown = context(found, int(way) if way.isdecimal() and len(way) < 3 else 1)
    return render(request, "chain/path.html", {**shown, "filter": form, "start": start, "end": end})
