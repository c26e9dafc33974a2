"""Pages on which parties are merged and split."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from baton.chain import changes, policy, queries
from baton.chain.forms.successions import MergeForm, SplitForm
from baton.chain.rules import PARTS
from baton.chain.views.answering import standing
from baton.core.answering import carried_out, small_number
from baton.core.days import day_of
from baton.core.guards import guarded
from baton.core.middleware import BatonRequest
from baton.core.policy import demand


@guarded()
def merge_party(request: BatonRequest, public_id: str) -> HttpResponse:
    """Merge a party with others: what will happen is shown first, and done when the form is sent again unchanged."""
    by, at = request.actor, request.now
    found = queries.party(viewer=by, at=at, public_id=public_id)
    demand(policy.may_edit_party(standing(request), found))
    others = queries.may_merge_some(viewer=by, at=at, party=found)
    form = MergeForm(request.POST or None, party=found, others=others)
    plan = None
    if request.method == "POST" and form.is_valid():
        plan = form.plan(lambda: changes.propose_merge(by=by, at=at, **form.asked, head=None))
        if plan is not None and form.confirmed():
            made = carried_out(request, form, lambda: changes.merge_parties(by=by, at=at, **form.given()))
            if made is not None:
                return redirect("chain:party", made.public_id)
    back = reverse("chain:party", args=[public_id])
    return render(request, "chain/merge.html", {"form": form, "plan": plan, "subject": found, "back": back},
                  status=form.status)  # fmt: skip


@guarded()
def split_party(request: BatonRequest, public_id: str) -> HttpResponse:
    """Split a party into ``?parts=`` others."""
    by, at = request.actor, request.now
    found = queries.party(viewer=by, at=at, public_id=public_id)
    demand(policy.may_split(standing(request), found))
    parts = small_number(request.GET.get("parts", ""), PARTS.start)
    held = queries.holdings(viewer=by, at=at, parties=[found], on=day_of(at))
    form = SplitForm(request.POST or None, party=found, held=held, parts=parts)
    made = carried_out(request, form, lambda: changes.split_party(by=by, at=at, party=found, **form.given())[0])
    back = reverse("chain:party", args=[public_id])
    if made is not None:
        return redirect(back)
    more = form.count + 1 if form.count + 1 in PARTS else 0
    fewer = form.count - 1 if form.count - 1 in PARTS else 0
    context = {"form": form, "subject": found, "back": back, "more": more, "fewer": fewer}
    return render(request, "chain/split.html", context, status=form.status)
