"""Pages of the register of standards: coverage by department, down to the links without an agreement."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_GET

from baton.agreements.forms.coverage import CoverageFilterForm, asked_coverage
from baton.agreements.pages import coverage as shown
from baton.agreements.queries import coverage as queries
from baton.chain import queries as chain
from baton.core.exports import download
from baton.core.guards import guarded
from baton.core.lists.bar import is_filtered, opens_default_view
from baton.core.middleware import BatonRequest

SIDES = ("supplier", "customer")


@require_GET
@guarded()
@opens_default_view("agreements.coverage")
def coverage(request: BatonRequest) -> HttpResponse:
    """The register, from the top of the organisation or of the parts of ``?under=``."""
    viewer, at, filters = request.actor, request.now, asked_coverage(request.GET)
    found, page = queries.register_page(viewer=viewer, at=at, filters=filters, page=request.GET.get("page", 1))
    side = request.GET.get("side", "")
    bare = queries.bare_links(
        viewer=viewer, at=at, under=filters.under, side=side if side in SIDES else "",
        page=request.GET.get("links", 1),
    )  # fmt: skip
    context = {
        "register": found, "page_obj": page, "lines": shown.row_lines(page), "bare": bare, "side": side,
        "sides_to_choose": shown.SIDES, **shown.whole_context(found),
        "filter": CoverageFilterForm(request.GET, parties=chain.parties_that_hold(viewer=viewer, at=at)),
        "filtered": is_filtered(request, "agreements.coverage"),
    }  # fmt: skip
    return render(request, "agreements/coverage/coverage.html", context)


@require_GET
@guarded()
def export_coverage(request: BatonRequest) -> HttpResponseBase:
    """The register as it is filtered, two rows a party, as CSV or workbook."""
    found = queries.register(viewer=request.actor, at=request.now, filters=asked_coverage(request.GET))
    return download(request, "coverage", shown.header(), shown.rows(found.rows))
