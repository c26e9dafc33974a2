"""Pages of what leaders promise their staff: the list, one of them, and its forms."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from baton.agreements import policy
from baton.agreements.changes import leaders as changes
from baton.agreements.forms.leaders import ForTheStaffForm, FulfilForm, LeaderPromiseForm
from baton.agreements.models import LeaderPromise
from baton.agreements.pages import leaders as shown
from baton.agreements.pages.history import timeline
from baton.agreements.queries import leaders as queries
from baton.chain import queries as chain
from baton.chain.views.answering import answered, form_page, standing
from baton.core.answering import carried_out
from baton.core.exports import download
from baton.core.guards import guarded
from baton.core.history import history_of
from baton.core.middleware import BatonRequest
from baton.core.policy import demand

LINKS_SHOWN = 20
"""So many links wait in sight for a promise with days; the others come after them."""


def _address(promise: LeaderPromise) -> str:
    return reverse("agreements:leader_promise", args=[promise.public_id])


@require_GET
@guarded()
def leader_promises(request: BatonRequest) -> HttpResponse:
    """All in sight, late ones first, and the links whose promises are no clauses yet."""
    viewer, at = request.actor, request.now
    page = queries.leader_page(viewer=viewer, at=at, page=request.GET.get("page", 1))
    links = queries.not_clauses_yet(viewer=viewer, at=at)
    context = {
        "page_obj": page, "lines": shown.lines(page), "links": links[:LINKS_SHOWN],
        "more": max(len(links) - LINKS_SHOWN, 0),
    }  # fmt: skip
    return render(request, "agreements/leaders/list.html", context)


@require_GET
@guarded()
def export_leader_promises(request: BatonRequest) -> HttpResponseBase:
    """The list as CSV or workbook."""
    return download(request, "leaders", shown.header(), shown.all_promises(request.actor, request.now))


@require_GET
@guarded()
def leader_promise(request: BatonRequest, public_id: str) -> HttpResponse:
    """One promise: how it stands, what was done, what the staff say."""
    viewer, at = request.actor, request.now
    found = queries.leader_promise(viewer=viewer, at=at, public_id=public_id)
    row = shown.lines([queries.row_of(viewer=viewer, at=at, promise=found)])[0]
    done = queries.fulfilments_of(viewer=viewer, at=at, promise=found)
    ids = [public_id, *(one.public_id for one, _seen in done)]
    context = {
        "line": row, "row": row["row"], "promise": found, "done": done,
        "may_end": found.ended_at is None and policy.may_promise_staff(standing(request), found.agreement.link),
        "may_take_back": policy.may_fulfil(standing(request), found.agreement.link),
        "history": timeline(history_of(viewer=viewer, object_ids=ids), {}),
    }  # fmt: skip
    return render(request, "agreements/leaders/promise.html", context)


@guarded()
def promise_staff(request: BatonRequest, link: str) -> HttpResponse:
    """Make a clause of what a leader hands to his staff on a link."""
    found = chain.link(viewer=request.actor, at=request.now, public_id=link)
    demand(policy.may_promise_staff(standing(request), found))
    words = {f"words_{code.replace('-', '_')}": text for code, text in found.output.name.items()}
    form = LeaderPromiseForm(request.POST or None, initial=words)
    made = carried_out(request, form, lambda: changes.promise_staff(
        by=request.actor, at=request.now, link=found, **form.given()),
        said=_("Now sign it: from then on it counts."))  # fmt: skip
    if made is not None:
        row = queries.row_of(viewer=request.actor, at=request.now, promise=made)
        mine = row.may_fulfil
        return redirect(
            reverse("agreements:sign", args=[row.version.public_id, "supplier"]) if mine else _address(made)
        )
    back = reverse("chain:link", args=[link])
    return form_page(request, form, title=_("Make the promise a clause"), subject=found, back=back)


@guarded()
def fulfil_promise(request: BatonRequest, public_id: str) -> HttpResponse:
    """Say that it was kept."""
    found = queries.leader_promise(viewer=request.actor, at=request.now, public_id=public_id)
    demand(policy.may_fulfil(standing(request), found.agreement.link))
    days = queries.days_that_wait(viewer=request.actor, at=request.now, promise=found)
    form = FulfilForm(request.POST or None, days=days)
    return answered(request, form, lambda: changes.fulfil_promise(
        by=request.actor, at=request.now, promise=found, **form.given()),
        to=_address(found), title=_("Say that it was kept"), subject=found)  # fmt: skip


@require_POST
@guarded()
def see_promise(request: BatonRequest, public_id: str) -> HttpResponse:
    """One of the staff has seen it."""
    found = queries.fulfilment(viewer=request.actor, at=request.now, public_id=public_id)
    changes.see_promise(by=request.actor, at=request.now, fulfilment=found)
    messages.success(request, _("Noted: you have seen it."))
    return redirect(_address(found.promise))


@guarded()
def take_back_fulfilment(request: BatonRequest, public_id: str) -> HttpResponse:
    """Take back what was entered as kept by mistake."""
    found = queries.fulfilment(viewer=request.actor, at=request.now, public_id=public_id)
    demand(policy.may_fulfil(standing(request), found.promise.agreement.link))
    form = ForTheStaffForm(request.POST or None, record=found)
    return answered(request, form, lambda: changes.take_back_fulfilment(
        by=request.actor, at=request.now, fulfilment=found, **form.given()),
        to=_address(found.promise), title=_("Take back that it was kept"), subject=found, danger=True)  # fmt: skip


@guarded()
def end_promise(request: BatonRequest, public_id: str) -> HttpResponse:
    """Promise it no more."""
    found = queries.leader_promise(viewer=request.actor, at=request.now, public_id=public_id)
    demand(policy.may_promise_staff(standing(request), found.agreement.link))
    form = ForTheStaffForm(request.POST or None, record=found)
    return answered(request, form, lambda: changes.end_promise(
        by=request.actor, at=request.now, promise=found, **form.given()),
        to=_address(found), title=_("End the promise"), subject=found, danger=True)  # fmt: skip
