"""What we promise and what we are promised: of the reader's parties, or of one party."""

from __future__ import annotations

from itertools import islice

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_GET

from baton.agreements.forms.owed import OwedFilterForm, asked_owed
from baton.agreements.pages import owed as shown
from baton.agreements.queries import owed as queries
from baton.chain import queries as chain
from baton.chain.views.answering import standing
from baton.core.exports import download
from baton.core.guards import guarded
from baton.core.lists.bar import is_filtered, opens_default_view
from baton.core.middleware import BatonRequest

PRINTED = 500
"""Most clauses of each end on the page that is printed; all of them are in the table."""


@require_GET
@guarded()
@opens_default_view("agreements.owed")
def owed(request: BatonRequest) -> HttpResponse:
    """Clauses in force: ``?view=owes`` or ``owed``, of ``?party=`` with all that stands in it, or of one's own."""
    viewer, at, filters = request.actor, request.now, asked_owed(request.GET)
    found, page = queries.owed_page(viewer=viewer, at=at, filters=filters, page=request.GET.get("page", 1))
    context = {
        "owed": found, "page_obj": page, "lines": shown.lines(page), "view": filters.view,
        "tabs": shown.tabs(found, filters.view),
        "filter": OwedFilterForm(request.GET, parties=chain.parties_to_choose(viewer=viewer, at=at)),
        "filtered": is_filtered(request, "agreements.owed"),
        "belongs": bool(standing(request).belongs),
    }  # fmt: skip
    return render(request, "agreements/owed/owed.html", context)


@require_GET
@guarded()
def print_owed(request: BatonRequest) -> HttpResponse:
    """Both ends on one page, for paper."""
    viewer, at, asked = request.actor, request.now, asked_owed(request.GET)
    found = queries.owed_in_short(viewer=viewer, at=at, party=asked.party)
    ends = []
    for tab in shown.tabs(found, asked.view):
        filters = queries.OwedFilters(party=asked.party, view=tab["view"], stands=asked.stands, search=asked.search)
        rows = list(islice(queries.owed_to_export(viewer=viewer, at=at, filters=filters), PRINTED + 1))
        ends.append({"title": tab["title"], "lines": shown.lines(rows[:PRINTED]), "more": len(rows) > PRINTED})
    return render(request, "agreements/owed/print.html", {"owed": found, "ends": ends, "most": PRINTED})


@require_GET
@guarded()
def export_owed(request: BatonRequest) -> HttpResponseBase:
    """The list as it is filtered, as CSV or workbook."""
    filters = asked_owed(request.GET)
    found = queries.owed_to_export(viewer=request.actor, at=request.now, filters=filters)
    return download(request, "promises", shown.header(), shown.rows(found, filters.view))
