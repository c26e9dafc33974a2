"""Pages about points: accounts, the settlement of a link, claims."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from baton.chain.queries.lists import page_of
from baton.chain.views.answering import answered, standing
from baton.core.answering import version_sent
from baton.core.errors import NotFound
from baton.core.exports import download
from baton.core.guards import guarded
from baton.core.middleware import BatonRequest
from baton.core.policy import demand
from baton.handoffs import changes
from baton.handoffs import queries as handoff_queries
from baton.handoffs.forms.settlement import (
    AcceptClaimForm,
    ClaimForm,
    DisputeForm,
    RuleForm,
    TermsForm,
    WithdrawClaimForm,
)
from baton.handoffs.forms.steps import StepForm
from baton.handoffs.models import SettlementClaim
from baton.handoffs.models.labels import SIDES
from baton.handoffs.pages import settlement as pages
from baton.handoffs.policy import may_claim, may_use_settlement
from baton.handoffs.queries import settlement as queries

TERMS_WAYS = {
    "agree": changes.agree_to_settlement, "drop": changes.drop_settlement, "end": changes.end_settlement,
}  # fmt: skip
"""What can be done about terms, by the last part of the address."""

CLAIM_WAYS: Mapping[str, tuple[Any, type[StepForm], Callable[..., SettlementClaim]]] = {
    "accept": (gettext_lazy("Accept the claim"), AcceptClaimForm, changes.accept_claim),
    "dispute": (gettext_lazy("Dispute the claim"), DisputeForm, changes.dispute_claim),
    "rule": (gettext_lazy("Decide about the claim"), RuleForm, changes.rule_on_claim),
    "withdraw": (gettext_lazy("Take the claim back"), WithdrawClaimForm, changes.withdraw_claim),
}
"""What can be done about a claim: title, form, change."""


@require_GET
@guarded(may_use_settlement)
def overview(request: BatonRequest) -> HttpResponse:
    """What waits for the reader as supplier and as arbiter, and the accounts that he sees."""
    viewer, at = request.actor, request.now
    found = queries.accounts(viewer=viewer, at=at)
    context = {
        **pages.waiting_claims(viewer, at),
        "accounts": [{"row": one, "balance": pages.signed(one.balance)} for one in found[: queries.MOST_ACCOUNTS]],
        "more": max(0, len(found) - queries.MOST_ACCOUNTS),
        "sum": pages.signed(sum(one.balance for one in found)),
    }
    return render(request, "handoffs/settlement/overview.html", context)


@require_GET
@guarded(may_use_settlement)
def statement(request: BatonRequest, party: str) -> HttpResponse:
    """The account of a party: its balance and every entry with the balance after it."""
    found, entries = queries.statement(viewer=request.actor, at=request.now, party=party)
    page = page_of(entries, request.GET.get("page", 1), rows_a_page=queries.STATEMENT_ROWS)
    rows = queries.with_balances(viewer=request.actor, party=found.party, entries=list(page))
    context = {
        "party": found.party, "balance": pages.signed(found.balance), "rows": pages.shown_rows(rows), "page_obj": page,
    }  # fmt: skip
    return render(request, "handoffs/settlement/statement.html", context)


@require_GET
@guarded(may_use_settlement)
def export_statement(request: BatonRequest, party: str) -> HttpResponseBase:
    """The statement as CSV or workbook, the oldest entry first."""
    found = queries.account(viewer=request.actor, at=request.now, party=party)
    rows = queries.whole_statement(viewer=request.actor, at=request.now, party=party)
    return download(request, f"points-{found.party.number}", pages.header(), pages.statement_rows(rows))


@require_GET
@guarded(may_use_settlement)
def settlement(request: BatonRequest, link: str) -> HttpResponse:
    """The settlement of a link: terms, balances, claims, last entries."""
    found = queries.ledger_of_link(viewer=request.actor, at=request.now, public_id=link)
    return render(request, "handoffs/settlement/link.html", pages.link_context(found))


@guarded(may_use_settlement)
def propose(request: BatonRequest, link: str) -> HttpResponse:
    """Propose terms for a link."""
    found = queries.ledger_of_link(viewer=request.actor, at=request.now, public_id=link)
    demand(bool(found.sides))
    held = found.proposed or found.held
    initial = {"price": held.price, "share": held.share, "claim_days": held.claim_days} if held is not None else {}
    form = TermsForm(
        request.POST or None, sides=[(one.value, SIDES[one]) for one in sorted(found.sides)], viewer=request.actor,
        initial=initial,
    )  # fmt: skip
    note = _("Points say who serves whom how well; they are no pay. They count when the other side agrees.")
    return answered(request, form, lambda: changes.propose_settlement(
        by=request.actor, at=request.now, link=found.link, **form.given()),
        to=reverse("handoffs:settlement", args=[link]), title=_("Propose to count points"), subject=found.link,
        note=note)  # fmt: skip


@require_POST
@guarded(may_use_settlement)
def answer_terms(request: BatonRequest, public_id: str, way: str) -> HttpResponse:
    """Agree to terms, drop them, or end them."""
    if way not in TERMS_WAYS:
        raise NotFound
    found = queries.terms(viewer=request.actor, at=request.now, public_id=public_id)
    TERMS_WAYS[way](by=request.actor, at=request.now, terms=found, expected_seq=version_sent(request))
    return redirect("handoffs:settlement", found.link.public_id)


@guarded(may_use_settlement)
def make_claim(request: BatonRequest, handoff: str) -> HttpResponse:
    """Claim points of a handoff back."""
    found = handoff_queries.handoff(viewer=request.actor, at=request.now, public_id=handoff)
    demand(may_claim(standing(request), found.link))
    points = queries.points_of_handoff(viewer=request.actor, at=request.now, handoff=found)
    if points is None:
        raise NotFound
    by_key = {one.key: one for one, _until in points.breaches}
    form = ClaimForm(request.POST or None, choices=[(key, pages.breach_said(one)) for key, one in by_key.items()])
    note = "" if by_key else _("Nothing can be claimed: nothing came back, no promise held, or its days have passed.")
    return answered(request, form, lambda: changes.claim_points(
        by=request.actor, at=request.now, handoff=found, ground=form.cleaned_data["ground"],
        clause=by_key[form.cleaned_data["about"]].clause,
        found_return=by_key[form.cleaned_data["about"]].found_return),
        to=reverse("handoffs:handoff", args=[handoff]), title=_("Claim points back"), subject=found,
        note=note)  # fmt: skip


@require_GET
@guarded(may_use_settlement)
def claim(request: BatonRequest, public_id: str) -> HttpResponse:
    """One claim: what it rests on, what both sides say, what the arbiter decided."""
    found = queries.claim_shown(viewer=request.actor, at=request.now, public_id=public_id)
    return render(request, "handoffs/settlement/claim.html", pages.claim_context(found))


@guarded(may_use_settlement)
def answer_claim(request: BatonRequest, public_id: str, way: str) -> HttpResponse:
    """Accept, dispute, decide or take back a claim. Who may, the change says."""
    if way not in CLAIM_WAYS:
        raise NotFound
    found = queries.claim(viewer=request.actor, at=request.now, public_id=public_id)
    title, form_class, write = CLAIM_WAYS[way]
    form = form_class(request.POST or None, record=found)
    note = pages.about(found) + (f" – {found.ground}" if found.ground else "")
    return answered(
        request, form, lambda: write(by=request.actor, at=request.now, claim=found, **form.given()),
        to=reverse("handoffs:claim", args=[public_id]), title=title, subject=found, note=note,
    )  # fmt: skip
