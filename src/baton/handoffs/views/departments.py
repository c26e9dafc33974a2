"""What a department owes and gets."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_GET

from baton.chain import queries as chain
from baton.core.exports import download
from baton.core.guards import guarded
from baton.core.lists.bar import opens_default_view
from baton.core.middleware import BatonRequest
from baton.core.texts import clean_text
from baton.handoffs.forms.departments import PartyFilterForm
from baton.handoffs.pages import departments as shown
from baton.handoffs.queries import departments as queries


def _found(request: BatonRequest) -> queries.Department:
    party = clean_text(request.GET.get("party", "")[:32])
    return queries.department(viewer=request.actor, at=request.now, party=party)


@require_GET
@guarded()
@opens_default_view("handoffs.department")
def department(request: BatonRequest) -> HttpResponse:
    """Both directions of ``?party=`` with all that stands in it, or of the reader's own parties, the worst first."""
    parties = chain.parties_to_choose(viewer=request.actor, at=request.now)
    context = {
        **shown.department_context(_found(request), request.now),
        "filter": PartyFilterForm(request.GET, parties=parties),
    }
    return render(request, "handoffs/department.html", context)


@require_GET
@guarded()
def export_department(request: BatonRequest) -> HttpResponseBase:
    """The same as a table, a row a clause, as CSV or workbook."""
    return download(request, "kept-promises", shown.header(), shown.rows(_found(request), request.now))


@require_GET
@guarded()
def department_in_short(request: BatonRequest, public_id: str) -> HttpResponse:
    """What stands of it on the page of a party."""
    found = queries.department(viewer=request.actor, at=request.now, party=public_id)
    directions = shown.department_in_short(found, request.now)
    context = {"directions": directions, "address": shown.address_of(public_id), "party": public_id}
    return render(request, "handoffs/_department.html", context)
