"""Find my customer: five questions that end in proposed links; and the page where they are answered."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from baton.chain import changes, policy, queries
from baton.chain.forms.proposals import AnswerForm, FindCustomerForm
from baton.chain.models import LinkProposal
from baton.chain.views.answering import standing
from baton.core.guards import guarded
from baton.core.middleware import BatonRequest


@guarded()
def find_my_customer(request: BatonRequest) -> HttpResponse:
    """Five questions; then the links that they come to; then they are sent."""
    viewer, at = request.actor, request.now
    mine = queries.parties_to_propose_for(viewer=viewer, at=at)
    if not mine:
        return render(request, "chain/find_my_customer.html", {"mine": mine})
    seen = queries.parties_to_choose(viewer=viewer, at=at)
    form = FindCustomerForm(request.POST or None, parties=mine, seen=seen)
    context = {"mine": mine, "form": form}
    if request.method != "POST" or not form.is_valid() or request.POST.get("go") == "change":
        return render(request, "chain/find_my_customer.html", context, status=form.status)
    decides = policy.may_answer_proposal(standing(request), form.mine())
    if request.POST.get("go") == "send":
        sent = form.carry_out(by=viewer, at=at, write=lambda: changes.propose_links(
            by=viewer, at=at, party=form.mine(), links=form.links())[0])  # fmt: skip
        if sent is not None:
            if not decides:
                messages.success(request, _("Sent. You get a message when it is answered."))
            return redirect("chain:proposals")
        return render(request, "chain/find_my_customer.html", context, status=form.status)
    context |= {"links": form.links(), "own": form.mine(), "decides": decides, "review": True}
    return render(request, "chain/find_my_customer.html", context)


@guarded()
def proposals(request: BatonRequest) -> HttpResponse:
    """Proposed links that wait for the viewer, and his own."""
    return _page(request)


@guarded()
def answer_proposal(request: BatonRequest, public_id: str) -> HttpResponse:
    """Accept, decline or take back one proposed link."""
    found = queries.proposal(viewer=request.actor, at=request.now, public_id=public_id)
    if request.method != "POST":
        return redirect("chain:proposals")
    if request.POST.get("go") == "withdraw":
        changes.withdraw_proposal(by=request.actor, at=request.now, proposal=found)
        return redirect("chain:proposals")
    form = _form(request, found, sent=True)
    if form.is_valid() and _answered(request, form):
        return redirect("chain:proposals")
    return _page(request, form)


def _answered(request: BatonRequest, form: AnswerForm) -> bool:
    by, at, data = request.actor, request.now, form.cleaned_data
    if request.POST.get("go") == "decline":
        done = form.carry_out(by=by, at=at, write=lambda: changes.decline_proposal(
            by=by, at=at, proposal=form.proposal, reason=data["reason"], expected_seq=form.version))  # fmt: skip
        return done is not None
    done = form.carry_out(by=by, at=at, write=lambda: changes.accept_proposal(
        by=by, at=at, proposal=form.proposal, other=form.party(), output=data["output"], expected_seq=form.version,
    ))  # fmt: skip
    if done is not None:
        messages.success(request, _("The link is entered."))
    return done is not None


def _form(request: BatonRequest, found: LinkProposal, *, sent: bool = False) -> AnswerForm:
    seen = queries.parties_to_choose(viewer=request.actor, at=request.now) if found.other is None else []
    declines = request.POST.get("go") == "decline"
    return AnswerForm(request.POST if sent else None, proposal=found, seen=seen, declines=declines)


def _page(request: BatonRequest, refused: AnswerForm | None = None) -> HttpResponse:
    found = queries.proposals(viewer=request.actor, at=request.now)
    unknown = any(one.other is None for one in found.to_answer)
    seen = queries.parties_to_choose(viewer=request.actor, at=request.now) if unknown else []
    forms = [
        refused if refused is not None and refused.proposal.pk == one.pk else AnswerForm(proposal=one, seen=seen)
        for one in found.to_answer
    ]
    waiting = len(found.to_answer)
    heading = ngettext("{count} waits for your answer", "{count} wait for your answer", waiting).format(count=waiting)
    may_add = unknown and policy.may_add_some_party(standing(request))
    context = {"forms": forms, "own": found.own, "waiting": heading, "may_add": may_add}
    return render(request, "chain/proposals.html", context, status=refused.status if refused else 200)
