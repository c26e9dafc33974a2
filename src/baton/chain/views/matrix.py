"""The page of the matrix."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_GET

from baton.chain import queries
from baton.chain.forms.matrix import MatrixFilterForm
from baton.chain.pages import matrix as pages
from baton.chain.queries.matrix import MatrixFilters
from baton.core.answering import small_number
from baton.core.exports import download
from baton.core.guards import guarded
from baton.core.middleware import BatonRequest


def _filters(request: BatonRequest) -> MatrixFilters:
    asked = request.GET
    return MatrixFilters(
        rows=asked.get("rows", "")[:32],
        columns=asked.get("columns", "")[:32],
        level=small_number(asked.get("level", ""), 0),
        opened=frozenset(public_id[:32] for public_id in asked.getlist("open")[:200]),
    )


@require_GET
@guarded()
def matrix(request: BatonRequest) -> HttpResponse:
    """Suppliers in rows, customers in columns."""
    filters = _filters(request)
    found = queries.matrix(viewer=request.actor, at=request.now, filters=filters)
    groups = queries.parties_that_hold(viewer=request.actor, at=request.now)
    form = MatrixFilterForm(
        {"rows": filters.rows, "columns": filters.columns, "level": filters.level or ""}, groups=groups
    )
    return render(request, "chain/matrix.html", {**pages.context(found, filters), "filter": form})


@require_GET
@guarded()
def export_matrix(request: BatonRequest) -> HttpResponseBase:
    """The matrix as it is shown, as a table."""
    found = queries.matrix(viewer=request.actor, at=request.now, filters=_filters(request))
    return download(request, "matrix", pages.header(found), pages.table(found))
