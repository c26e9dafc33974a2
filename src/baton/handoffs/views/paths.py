"""Paths of links that are measured as one."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from baton.chain import queries as chain
from baton.chain.pages.panels_shown import panels_for
from baton.core.answering import version_sent
from baton.core.errors import Refused, explain
from baton.core.exports import download
from baton.core.guards import guarded
from baton.core.middleware import BatonRequest
from baton.core.registries import Subject
from baton.handoffs import changes
from baton.handoffs.forms.paths import WayForm
from baton.handoffs.pages import paths as shown
from baton.handoffs.queries import paths as queries
from baton.handoffs.rules.paths import MOST_LINKS


@require_GET
@guarded()
def paths(request: BatonRequest) -> HttpResponse:
    """The measured paths that the reader sees."""
    found = queries.measured_paths(viewer=request.actor, at=request.now)
    return render(request, "handoffs/paths.html", {"rows": shown.path_rows(found)})


@require_GET
@guarded()
def path(request: BatonRequest, public_id: str) -> HttpResponse:
    """One path: lead time, yield, where the time goes and whose delay it is."""
    row = queries.measured_path(viewer=request.actor, at=request.now, public_id=public_id)
    panels = panels_for(request, Subject("measured_path", public_id))
    return render(request, "handoffs/path.html", {**shown.path_context(row), "panels": panels})


@require_GET
@guarded()
def export_path(request: BatonRequest, public_id: str) -> HttpResponseBase:
    """The same as a table, a row a link, as CSV or workbook."""
    row = queries.measured_path(viewer=request.actor, at=request.now, public_id=public_id)
    return download(request, "path", shown.header(), shown.rows(row))


@guarded()
def choose_path(request: BatonRequest) -> HttpResponse:
    """Choose a way from ``?start=`` to ``?end=`` (neither: from the reader to the nearest outside customer), and of
    each of its steps a link; then it is measured."""
    refused = _begin(request) if request.method == "POST" else None
    if isinstance(refused, HttpResponse):
        return refused
    viewer, at = request.actor, request.now
    start, end = (request.GET.get(name, "")[:32] for name in ("start", "end"))
    found = chain.paths(viewer=viewer, at=at, start=start, end=end)
    context = {
        "filter": WayForm(request.GET, parties=chain.parties_to_choose(viewer=viewer, at=at)),
        "found": found, "ways": shown.offered_ways(found), "refused": explain(refused) if refused is not None else "",
    }  # fmt: skip
    return render(request, "handoffs/choose_path.html", context, status=422 if refused is not None else 200)


def _begin(request: BatonRequest) -> HttpResponse | Refused:
    ids = [one[:16] for one in request.POST.getlist("link")[: MOST_LINKS + 1]]
    links = queries.links_in_order(viewer=request.actor, at=request.now, ids=ids)
    try:
        made = changes.measure_path(by=request.actor, at=request.now, links=links)
    except Refused as refused:
        return refused
    return redirect("handoffs:path", public_id=made.public_id)


@require_POST
@guarded()
def end_path(request: BatonRequest, public_id: str) -> HttpResponse:
    """Measure it no more."""
    row = queries.measured_path(viewer=request.actor, at=request.now, public_id=public_id)
    changes.end_path(
        by=request.actor, at=request.now, path=row.path, links=row.links, expected_seq=version_sent(request)
    )  # fmt: skip
    messages.success(request, _("The path is measured no more."))
    return redirect("handoffs:paths")
