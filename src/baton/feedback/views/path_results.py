"""Results along a path."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_GET

from baton.core.exports import download
from baton.core.guards import guarded
from baton.core.middleware import BatonRequest
from baton.feedback.forms.results import PathForm
from baton.feedback.pages import path_results as shown
from baton.feedback.queries.path_results import PathResults, path_results


@require_GET
@guarded()
def path(request: BatonRequest, public_id: str) -> HttpResponse:
    """What a survey says about the links of a path; ``?wave=``, ``?column=`` and ``?band=`` choose."""
    found = _asked(request, public_id)
    context = {**shown.context(found), "filter": PathForm(_chosen(found), offered=shown.offered(found))}
    return render(request, "feedback/results/path.html", context)


@require_GET
@guarded()
def export_path(request: BatonRequest, public_id: str) -> HttpResponseBase:
    """The same as CSV or workbook, a row a link and survey."""
    return download(request, "results-along-a-path", shown.header(), shown.rows(_asked(request, public_id)))


def _asked(request: BatonRequest, public_id: str) -> PathResults:
    asked = {name: request.GET.get(name, "")[:64] for name in ("wave", "column", "band")}
    return path_results(viewer=request.actor, at=request.now, path=public_id, **asked)


def _chosen(found: PathResults) -> dict[str, str]:
    return {
        "wave": found.wave.public_id if found.wave else "", "column": found.column.key if found.column else "",
        "band": found.band,
    }  # fmt: skip
