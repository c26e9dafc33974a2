"""The first page, and the map."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render

from baton.chain import queries
from baton.chain.forms.maps import MapFilterForm
from baton.chain.pages.maps import MapFilters, graph
from baton.chain.pages.panels_shown import panels_for
from baton.chain.queries.lists import page_of
from baton.chain.rules import MAP_TABLE_ROWS, Criticality
from baton.core.answering import small_number
from baton.core.guards import guarded
from baton.core.middleware import BatonRequest
from baton.core.policy import is_signed_in, may_use
from baton.core.registries import Subject, landings
from baton.core.rules import Role


@guarded(is_signed_in)
def home(request: BatonRequest) -> HttpResponse:
    """Who are my customers, who serves me, what is still open."""
    found = queries.home(viewer=request.actor, at=request.now)
    if not found.parties and (address := _landing(request)):
        return redirect(address)
    oversees = request.actor.has(Role.QUALITY_MANAGER, Role.DIRECTOR, Role.AUDITOR)
    panels = panels_for(request, Subject("home", request.actor.id))
    context = {
        "home": found, "oversees": oversees, "panels": panels, "belongs": may_use(request.actor),
        "proposals": queries.proposals_to_answer(viewer=request.actor, at=request.now),
    }  # fmt: skip
    return render(request, "chain/home.html", context)


def _landing(request: BatonRequest) -> str:
    """Where somebody begins whose organisation is still empty."""
    return next((address for _name, landing in landings if (address := landing(request.actor))), "")


@guarded()
def chain_map(request: BatonRequest) -> HttpResponse:
    """The chain as a picture."""
    asked = request.GET
    filters = MapFilters(
        under=asked.get("under", "")[:32],
        level=small_number(asked.get("level", ""), 0),
        opened=frozenset(public_id[:32] for public_id in asked.getlist("open")[:200]),
        criticality=asked.get("criticality", "") if asked.get("criticality", "") in set(Criticality) else "",
    )
    found = queries.chain_map(viewer=request.actor, at=request.now)
    groups = queries.parties_that_hold(viewer=request.actor, at=request.now)
    form = MapFilterForm(asked, groups=groups)
    return render(
        request, "chain/map.html", {"graph": graph(found, filters), "chain": found, "filter": form, "filters": filters}
    )


@guarded()
def map_table(request: BatonRequest) -> HttpResponse:
    """What the map shows, as a table: a page of its own, from which the map's page takes the table when asked to."""
    found = queries.chain_map(viewer=request.actor, at=request.now)
    page = page_of(found.links, request.GET.get("page", 1), rows_a_page=MAP_TABLE_ROWS)
    return render(request, "chain/map_table.html", {"page_obj": page})
