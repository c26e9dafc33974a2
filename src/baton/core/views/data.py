"""Import and export: what the rooms offer, in one place."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render

from baton.core import registries
from baton.core.errors import NotFound
from baton.core.exports import download
from baton.core.guards import guarded
from baton.core.import_targets import bringable, import_targets
from baton.core.middleware import BatonRequest
from baton.core.policy import demand, may_see_batches, may_see_imports, may_use


@guarded()
def data(request: BatonRequest) -> HttpResponse:
    """The imports and exports that the reader may use."""
    actor = request.actor
    context = {
        "targets": bringable(actor),
        "tables": [(name, target) for name, target in import_targets if target.may_take(actor) and may_use(actor)],
        "may_see_imports": may_see_imports(actor),
        "imports": [entry for _name, entry in registries.imports if entry.shown(actor)],
        "may_see_batches": may_see_batches(actor),
        "exports": [(name, entry) for name, entry in registries.exports if entry.shown(actor)],
    }
    return render(request, "core/data.html", context)


@guarded()
def take(request: BatonRequest, name: str) -> HttpResponseBase:
    """One table as CSV or workbook (``?format=xlsx``), with the rows that the reader may see."""
    if name not in registries.exports:
        raise NotFound
    export = registries.exports.get(name)
    demand(export.shown(request.actor))
    return download(request, name, export.header(), export.rows(request.actor, request.now))
