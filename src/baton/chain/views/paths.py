"""The page of the way to the outside customer."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from baton.chain import queries
from baton.chain.forms.paths import PathForm
from baton.chain.pages.panels_shown import panels_for
from baton.chain.pages.paths import context
from baton.core.answering import small_number
from baton.core.guards import guarded
from baton.core.middleware import BatonRequest
from baton.core.registries import Subject

_NOBODY = "-"
"""The public id of nobody."""


@require_GET
@guarded()
def path(request: BatonRequest) -> HttpResponse:
    """Ways from a party (``?start=``) or a person (``?person=``, name or id; neither: the reader) to somebody outside,
    or to the party ``?end=``."""
    viewer, at = request.actor, request.now
    asked = {name: request.GET.get(name, "")[:most] for name, most in (("start", 32), ("end", 32), ("person", 200))}
    form = PathForm(asked, parties=queries.parties_to_choose(viewer=viewer, at=at), viewer=viewer)
    begins, way = form.begins, request.GET.get("way", "")
    found = queries.paths(viewer=viewer, at=at, start=_NOBODY if begins is None else begins, end=asked["end"])
    shown = context(found, small_number(way, 1))
    query = urlencode({name: value for name, value in {**asked, "person": form.from_person}.items() if value})
    panels = panels_for(request, Subject("way", begins or "")) if found.ways else []
    return render(request, "chain/path.html", {**shown, "filter": form, "query": query, "panels": panels})
