"""Pages of handoffs: the list, one of them, entering one."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from baton.chain import queries as chain
from baton.chain.pages.panels_shown import panels_for
from baton.chain.views.answering import standing
from baton.core.answering import carried_out
from baton.core.errors import NotFound
from baton.core.exports import download
from baton.core.guards import guarded
from baton.core.lists.bar import is_filtered, opens_default_view
from baton.core.middleware import BatonRequest
from baton.core.policy import demand
from baton.core.registries import Subject
from baton.core.texts import say
from baton.handoffs import changes, policy, queries
from baton.handoffs.forms.filters import HandoffFilterForm, asked_handoffs
from baton.handoffs.forms.recording import DeliveryForm, HandoffForm, RequestForm
from baton.handoffs.models import Handoff
from baton.handoffs.pages import exports
from baton.handoffs.pages.handoffs import graph_of, handoff_context, list_rows, table_rows
from baton.handoffs.queries.genealogy import genealogy as found_genealogy
from baton.handoffs.queries.recording import links_to_record
from baton.handoffs.rules import Side


def address(handoff: Handoff) -> str:
    """The page of a handoff."""
    return reverse("handoffs:handoff", args=[handoff.public_id])


@require_GET
@guarded()
@opens_default_view("handoffs.handoffs")
def handoffs(request: BatonRequest) -> HttpResponse:
    """The list."""
    viewer, at = request.actor, request.now
    page = queries.handoff_page(
        viewer=viewer, at=at, filters=asked_handoffs(request.GET), page=request.GET.get("page", 1)
    )
    context = {
        "page_obj": page,
        "rows": table_rows(page, at),
        "filter": HandoffFilterForm(request.GET, parties=chain.parties_to_choose(viewer=viewer, at=at)),
        "filtered": is_filtered(request, "handoffs.handoffs"),
        "parts": exports.PART_NAMES.items(),
    }
    return render(request, "handoffs/handoffs.html", context)


@require_GET
@guarded()
def export_handoffs(request: BatonRequest) -> HttpResponseBase:
    """The list as it is filtered, a row a handoff, as CSV or workbook."""
    found = queries.handoffs_to_export(viewer=request.actor, at=request.now, filters=asked_handoffs(request.GET))
    return download(request, "handoffs", exports.header(), exports.rows(found))


@require_GET
@guarded()
def export_parts(request: BatonRequest, part: str) -> HttpResponseBase:
    """Lines, measured values or returns of the handoffs of the list as it is filtered, as CSV or workbook."""
    if part not in set(exports.Part):
        raise NotFound
    table = exports.PART_TABLES[exports.Part(part)]
    found = table.rows(request.actor, request.now, asked_handoffs(request.GET))
    return download(request, f"handoffs-{part}", table.header(), found)


@require_GET
@guarded()
def handoff(request: BatonRequest, public_id: str) -> HttpResponse:
    """One handoff: how far it has come, what happened, what came back, and what comes next."""
    page = queries.handoff_shown(viewer=request.actor, at=request.now, public_id=public_id)
    panels = panels_for(request, Subject("handoff", public_id))
    return render(request, "handoffs/handoff.html", {**handoff_context(page, request.now), "panels": panels})


@require_GET
@guarded()
def genealogy(request: BatonRequest, public_id: str) -> HttpResponse:
    """Of what a handoff was made, and what was made of it."""
    found = found_genealogy(viewer=request.actor, at=request.now, public_id=public_id)
    context = {
        "found": found, "handoff": found.root, "graph": graph_of(found),
        "before": list_rows(found.before(), request.now), "after": list_rows(found.after(), request.now),
    }  # fmt: skip
    return render(request, "handoffs/genealogy.html", context)


@require_GET
@guarded()
def choose_link(request: BatonRequest) -> HttpResponse:
    """On which link something is asked for or handed over: those of one's own parties."""
    rows = links_to_record(viewer=request.actor, at=request.now)
    return render(request, "handoffs/choose_link.html", {"rows": rows})


@guarded()
def ask(request: BatonRequest, link: str) -> HttpResponse:
    """Ask for something on a link."""
    found = chain.link(viewer=request.actor, at=request.now, public_id=link)
    demand(policy.may_record(standing(request), found))
    form = RequestForm(request.POST or None, name=say(found.output.name))
    made = carried_out(request, form, lambda: changes.request_handoff(
        by=request.actor, at=request.now, link=found, **form.given()), said=_("Asked for."))  # fmt: skip
    return _entered(request, form, made, found, title=_("Ask for something"))


@guarded()
def hand_over(request: BatonRequest, link: str) -> HttpResponse:
    """Enter that something was handed over that nobody has entered before."""
    found = chain.link(viewer=request.actor, at=request.now, public_id=link)
    demand(policy.may_act(standing(request), found, Side.SUPPLIER))
    form = DeliveryForm(request.POST or None, name=say(found.output.name))
    made = carried_out(request, form, lambda: changes.record_handoff(
        by=request.actor, at=request.now, link=found, **form.given(request.now)), said=_("Handed over."))  # fmt: skip
    return _entered(request, form, made, found, title=_("Hand something over"))


def _entered(request: BatonRequest, form: HandoffForm, made: Handoff | None, link: Any, *, title: str) -> HttpResponse:
    if made is not None:
        return redirect(address(made))
    back = reverse("chain:link", args=[link.public_id])
    context = {"form": form, "title": title, "subject": link, "back": back, "link": link}
    return render(request, "handoffs/enter.html", context, status=form.status)
