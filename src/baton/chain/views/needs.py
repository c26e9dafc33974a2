"""Pages of what people outside need."""

from __future__ import annotations

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from baton.chain import changes, policy, queries
from baton.chain.forms.needs import NeedEditForm, NeedFilterForm, NeedForm
from baton.chain.forms.parties import EndForm
from baton.chain.models import OutsideNeed
from baton.chain.pages import tables
from baton.chain.pages.history import timeline
from baton.chain.rules import State
from baton.chain.views.answering import answered, form_page, standing
from baton.core.answering import carried_out
from baton.core.exports import download
from baton.core.guards import guarded
from baton.core.lists.bar import is_filtered, opens_default_view
from baton.core.middleware import BatonRequest
from baton.core.policy import demand


def _filters(request: BatonRequest) -> queries.NeedFilters:
    asked = request.GET
    return queries.NeedFilters(
        search=asked.get("q", ""),
        holder=asked.get("holder", ""),
        state=asked.get("state", State.LIVE),
        unserved="unserved" in asked,
        order=asked.get("order", "holder"),
    )


def _to_edit(request: BatonRequest, public_id: str) -> OutsideNeed:
    found = queries.need(viewer=request.actor, at=request.now, public_id=public_id)
    demand(policy.may_write_needs(standing(request)))
    return found


def _address(need: OutsideNeed) -> str:
    return reverse("chain:need", args=[need.public_id])


@guarded()
@opens_default_view("chain.needs")
def needs(request: BatonRequest) -> HttpResponse:
    """The list."""
    viewer, at = request.actor, request.now
    page = queries.needs(viewer=viewer, at=at, filters=_filters(request), page=request.GET.get("page", 1))
    context = {
        "page_obj": page,
        "filter": NeedFilterForm(request.GET, holders=queries.holders_to_choose(viewer=viewer, at=at)),
        "may_add": policy.may_write_needs(standing(request)),
        "filtered": is_filtered(request, "chain.needs"),
    }
    return render(request, "chain/needs.html", context)


@guarded()
def export_needs(request: BatonRequest) -> HttpResponseBase:
    """The list as it is filtered, as CSV or workbook."""
    found = queries.needs_to_export(viewer=request.actor, at=request.now, filters=_filters(request))
    return download(request, "needs", tables.need_header(), tables.need_rows(found))


@guarded()
def need(request: BatonRequest, public_id: str) -> HttpResponse:
    """One need, and all that serves it."""
    found = queries.need_page(viewer=request.actor, at=request.now, public_id=public_id)
    context = {"page": found, "need": found.need, "serving": found.serving, "history": timeline(found.history)}
    return render(request, "chain/need.html", context)


@guarded()
def add_need(request: BatonRequest) -> HttpResponse:
    """Write down a need; ``?holder=`` proposes whose."""
    demand(policy.may_write_needs(standing(request)))
    holders = queries.holders_to_choose(viewer=request.actor, at=request.now)
    form = NeedForm(request.POST or None, holders=holders, initial={"holder": request.GET.get("holder", "")})
    made = carried_out(request, form, lambda: changes.add_need(by=request.actor, at=request.now, **form.given()))
    if made is not None:
        return redirect("chain:need", made.public_id)
    return form_page(request, form, title=_("Write down a need"), back=reverse("chain:needs"))


@guarded()
def change_need(request: BatonRequest, public_id: str) -> HttpResponse:
    """Correct the words, or whose need it is."""
    found = _to_edit(request, public_id)
    holders = queries.holders_to_choose(viewer=request.actor, at=request.now)
    form = NeedEditForm(request.POST or None, record=found, holders=holders)
    return answered(request, form, lambda: changes.change_need(
        by=request.actor, at=request.now, need=found, **form.given()),
        to=_address(found), title=_("Correct the need"), subject=found)  # fmt: skip


@guarded()
def end_need(request: BatonRequest, public_id: str) -> HttpResponse:
    """Say that nobody needs it any more."""
    found = _to_edit(request, public_id)
    form = EndForm(request.POST or None, record=found)
    return answered(request, form, lambda: changes.end_need(
        by=request.actor, at=request.now, need=found, **form.given()),
        to=_address(found), title=_("End the need"), subject=found, danger=True)  # fmt: skip
