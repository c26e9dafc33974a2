"""Pages of accounts and contacts of outside parties."""

from __future__ import annotations

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from baton.chain import changes, policy
from baton.chain.forms.accounts import AccountFilterForm, AccountForm, ContactForm, ReasonForm
from baton.chain.forms.parties import EndForm
from baton.chain.pages.accounts import account_context, account_header, account_rows, contact_row
from baton.chain.queries import accounts as queries
from baton.chain.views.answering import answered, form_page
from baton.core.answering import carried_out
from baton.core.days import day_of
from baton.core.exports import download
from baton.core.guards import guarded
from baton.core.middleware import BatonRequest


def _list(party: str) -> str:
    return reverse("chain:accounts", args=[party])


def _page(account: str) -> str:
    return reverse("chain:account", args=[account])


@guarded()
def accounts(request: BatonRequest, party: str) -> HttpResponse:
    """The accounts of a party, by number."""
    search = request.GET.get("q", "")
    part = queries.accounts(
        viewer=request.actor, at=request.now, party=party, search=search, after=request.GET.get("after", "")
    )
    context = {
        "part": part,
        "search": search,
        "filter": AccountFilterForm(request.GET),
        "may_take": policy.may_take_contacts(request.actor),
    }
    return render(request, "chain/accounts.html", context)


@guarded()
def quiet_list(request: BatonRequest, party: str) -> HttpResponse:
    """Contacts of a party who asked not to be contacted."""
    part = queries.quiet_list(viewer=request.actor, at=request.now, party=party, after=request.GET.get("after", ""))
    day = day_of(request.now)
    rows = [contact_row(one, day) for one in part.rows]
    return render(request, "chain/quiet_list.html", {"part": part, "rows": rows})


@guarded()
def export_accounts(request: BatonRequest, party: str) -> HttpResponseBase:
    """The list as it is filtered, with masked contacts, as CSV or workbook."""
    of = queries.party_with_accounts(viewer=request.actor, at=request.now, public_id=party)
    return _download(request, of.public_id, unmasked=False)


@guarded(policy.may_take_contacts)
def take_contacts(request: BatonRequest, party: str) -> HttpResponseBase:
    """The whole list with contacts as they are; the trail says who took it and why."""
    of = queries.party_with_accounts(viewer=request.actor, at=request.now, public_id=party)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        changes.note_contacts_taken(by=request.actor, at=request.now, party=of, reason=reason)
        return _download(request, of.public_id, unmasked=True)
    return form_page(request, form, title=_("Export contacts unmasked"), subject=of, back=_list(party), danger=True)


def _download(request: BatonRequest, party: str, *, unmasked: bool) -> HttpResponseBase:
    search = "" if unmasked else request.GET.get("q", "")
    found = queries.accounts_to_export(viewer=request.actor, at=request.now, party=party, search=search)
    rows = account_rows(found, day_of(request.now), unmasked=unmasked)
    return download(request, "accounts", account_header(), rows)


@guarded()
def add_account(request: BatonRequest, party: str) -> HttpResponse:
    """Enter an account."""
    of = queries.party_with_accounts(viewer=request.actor, at=request.now, public_id=party)
    form = AccountForm(request.POST or None)
    made = carried_out(request, form, lambda: changes.add_account(
        by=request.actor, at=request.now, party=of, **form.given()))  # fmt: skip
    return redirect("chain:account", made.public_id) if made else form_page(
        request, form, title=_("Enter an account"), subject=of, back=_list(party))  # fmt: skip


@guarded()
def account(request: BatonRequest, public_id: str) -> HttpResponse:
    """One account with its contacts, masked."""
    return _account_page(request, public_id, {})


@never_cache
@require_POST
@guarded()
def show_contact(request: BatonRequest, public_id: str) -> HttpResponse:
    """The page of the account with one contact unmasked, in this answer only; the trail says who looked."""
    found = queries.contact(viewer=request.actor, at=request.now, public_id=public_id)
    shown = changes.show_contact(by=request.actor, at=request.now, contact=found)
    return _account_page(request, found.account.public_id, {public_id: shown})


def _account_page(request: BatonRequest, public_id: str, shown: dict[str, dict[str, str]]) -> HttpResponse:
    page = queries.account_page(viewer=request.actor, at=request.now, public_id=public_id)
    context = account_context(page, day_of(request.now), shown)
    may = {"edit": page.account.ended_on is None, "forget": policy.may_take_contacts(request.actor)}
    return render(request, "chain/account.html", {**context, "may": may})


@guarded()
def change_account(request: BatonRequest, public_id: str) -> HttpResponse:
    """Correct number and name."""
    found = queries.account(viewer=request.actor, at=request.now, public_id=public_id)
    form = AccountForm(request.POST or None, record=found)
    return answered(request, form, lambda: changes.change_account(
        by=request.actor, at=request.now, account=found, expected_seq=form.version, **form.given()),
        to=_page(public_id), title=_("Change the account"), subject=found)  # fmt: skip


@guarded()
def end_account(request: BatonRequest, public_id: str) -> HttpResponse:
    """End an account and its contacts."""
    found = queries.account(viewer=request.actor, at=request.now, public_id=public_id)
    form = EndForm(request.POST or None, record=found)
    return answered(request, form, lambda: changes.end_account(
        by=request.actor, at=request.now, account=found, **form.given()),
        to=_page(public_id), title=_("End the account"), subject=found, danger=True)  # fmt: skip


@guarded()
def add_contact(request: BatonRequest, public_id: str) -> HttpResponse:
    """Enter a contact of an account."""
    found = queries.account(viewer=request.actor, at=request.now, public_id=public_id)
    form = ContactForm(request.POST or None)
    return answered(request, form, lambda: changes.add_contact(
        by=request.actor, at=request.now, account=found, **form.given()),
        to=_page(public_id), title=_("Enter a contact"), subject=found)  # fmt: skip


@guarded()
def change_contact(request: BatonRequest, public_id: str) -> HttpResponse:
    """Correct a contact, his consent and the quiet list."""
    found = queries.contact(viewer=request.actor, at=request.now, public_id=public_id)
    form = ContactForm(request.POST or None, record=found)
    back = _page(found.account.public_id)
    return answered(request, form, lambda: changes.change_contact(
        by=request.actor, at=request.now, contact=found, expected_seq=form.version, **form.given()),
        to=back, title=_("Change the contact"), subject=found)  # fmt: skip


@guarded()
def end_contact(request: BatonRequest, public_id: str) -> HttpResponse:
    """Say that somebody is a contact no more."""
    found = queries.contact(viewer=request.actor, at=request.now, public_id=public_id)
    form = EndForm(request.POST or None, record=found)
    back = _page(found.account.public_id)
    return answered(request, form, lambda: changes.end_contact(
        by=request.actor, at=request.now, contact=found, **form.given()),
        to=back, title=_("End the contact"), subject=found, danger=True)  # fmt: skip


@guarded(policy.may_take_contacts)
def forget_contact(request: BatonRequest, public_id: str) -> HttpResponse:
    """Destroy the personal data of a contact."""
    found = queries.contact(viewer=request.actor, at=request.now, public_id=public_id)
    form = ReasonForm(request.POST or None)
    back = _page(found.account.public_id)
    note = _(
        "Name, phone, e-mail and consent go for good, in the audit trail, too. What stays: that there was a contact, "
        "the file of the bulk entry that brought it, and backups made before."
    )
    return answered(request, form, lambda: changes.forget_contact(
        by=request.actor, at=request.now, contact=found, reason=form.cleaned_data["reason"]),
        to=back, title=_("Forget the contact"), subject=found, danger=True, note=note)  # fmt: skip
