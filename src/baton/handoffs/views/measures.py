"""The page of a clause that is measured: its charts, its signals, what changed."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from baton.chain import queries as chain
from baton.chain.pages.panels_shown import panels_for
from baton.core.errors import NotFound
from baton.core.guards import guarded
from baton.core.middleware import BatonRequest
from baton.core.registries import Subject
from baton.core.texts import say
from baton.handoffs.queries import measured
from baton.handoffs.queries.units import unit_of_clause


@guarded()
def clause(request: BatonRequest, public_id: str) -> HttpResponse:
    """``public_id`` is ``<link>-<line>``."""
    key = measured.key_of(public_id)
    named = measured.clauses_named(viewer=request.actor, at=request.now, keys=[key]).get(key)
    if named is None:
        raise NotFound
    context: dict[str, Any] = {
        "title": say(named.name),
        "link": chain.link(viewer=request.actor, at=request.now, public_id=key.partition("/")[0]),
        "unit": unit_of_clause(viewer=request.actor, at=request.now, key=key),
        "panels": panels_for(request, Subject(measured.KIND, public_id, key, named.unit)),
    }
    return render(request, "handoffs/clause.html", context)
