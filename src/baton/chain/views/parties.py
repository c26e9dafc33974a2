"""Pages of parties and memberships."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from baton.chain import changes, policy, queries
from baton.chain.forms.asked import asked_parties
from baton.chain.forms.memberships import AppointForm
from baton.chain.forms.parties import (
    EndForm,
    MoveForm,
    PartnerForm,
    PartyFilterForm,
    PartyForm,
    RenameForm,
)
from baton.chain.models import Party
from baton.chain.pages import exports
from baton.chain.pages.panels_shown import panels_for
from baton.chain.pages.parties import party_context
from baton.chain.rules import NAME_LENGTH, Capacity
from baton.chain.views.answering import answered, back_to, form_page, standing
from baton.core.answering import carried_out
from baton.core.exports import download
from baton.core.forms import text_field
from baton.core.guards import guarded
from baton.core.lists.bar import opens_default_view
from baton.core.middleware import BatonRequest
from baton.core.policy import demand, is_signed_in
from baton.core.registries import Subject


def _party(request: BatonRequest, public_id: str) -> Party:
    return queries.party(viewer=request.actor, at=request.now, public_id=public_id)


def _address(party: Party) -> str:
    return reverse("chain:party", args=[party.public_id])


@guarded(is_signed_in)
@opens_default_view("chain.parties")
def parties(request: BatonRequest) -> HttpResponse:
    """The list."""
    page = queries.parties(
        viewer=request.actor, at=request.now, filters=asked_parties(request.GET), page=request.GET.get("page", 1)
    )
    may_add = policy.may_add_some_party(standing(request))
    context = {"page_obj": page, "filter": PartyFilterForm(request.GET), "may_add": may_add}
    return render(request, "chain/parties.html", context)


@guarded(is_signed_in)
def export_parties(request: BatonRequest) -> HttpResponseBase:
    """The list as it is filtered, as CSV or workbook."""
    found = queries.parties_to_export(viewer=request.actor, at=request.now, filters=asked_parties(request.GET))
    keys = queries.keys_of_parties(viewer=request.actor)
    return download(request, "parties", exports.party_header(), exports.party_rows(found, keys))


@guarded(is_signed_in)
def party(request: BatonRequest, public_id: str) -> HttpResponse:
    """One party in both its roles."""
    found = queries.party_page(viewer=request.actor, at=request.now, public_id=public_id)
    panels = panels_for(request, Subject("party", public_id))
    return render(request, "chain/party.html", {**party_context(found), "panels": panels})


@guarded()
def add_party(request: BatonRequest) -> HttpResponse:
    """Enter a party; ``?under=`` proposes where, ``?name=`` what it is called."""
    demand(policy.may_add_some_party(standing(request)))
    seen = queries.parties_to_choose(viewer=request.actor, at=request.now)
    named = text_field("name", settings.LANGUAGE_CODE)
    initial = {"parent": request.GET.get("under", ""), named: request.GET.get("name", "")[:NAME_LENGTH]}
    form = PartyForm(request.POST or None, parties=seen, viewer=request.actor, initial=initial)
    made = carried_out(request, form, lambda: changes.add_party(by=request.actor, at=request.now, **form.given()))
    if made is not None:
        return redirect("chain:party", made.public_id)
    return form_page(request, form, title=_("Enter a party"), back=reverse("chain:parties"))


@guarded()
def rename_party(request: BatonRequest, public_id: str) -> HttpResponse:
    """Change names and code."""
    found = _party(request, public_id)
    demand(policy.may_edit_party(standing(request), found))
    form = RenameForm(request.POST or None, record=found)
    return answered(request, form, lambda: changes.rename_party(
        by=request.actor, at=request.now, party=found, **form.given()),
        to=_address(found), title=_("Change the name"), subject=found)  # fmt: skip


@guarded()
def describe_partner(request: BatonRequest, public_id: str) -> HttpResponse:
    """Say what an outside party is, and whether its links are confidential."""
    found = _party(request, public_id)
    demand(policy.may_describe_partner(standing(request), found))
    form = PartnerForm(request.POST or None, record=found)
    return answered(request, form, lambda: changes.describe_partner(
        by=request.actor, at=request.now, party=found, **form.given()),
        to=_address(found), title=_("Partnership"), subject=found)  # fmt: skip


@guarded()
def move_party(request: BatonRequest, public_id: str) -> HttpResponse:
    """Put a party under another one."""
    found = _party(request, public_id)
    demand(policy.may_end_party(standing(request), found))
    seen = queries.parties_to_choose(viewer=request.actor, at=request.now)
    form = MoveForm(
        request.POST or None, record=found, parties=[other for other in seen if found.public_id not in other.above]
    )
    return answered(request, form, lambda: changes.move_party(
        by=request.actor, at=request.now, party=found, **form.given()),
        to=_address(found), title=_("Move in the tree"), subject=found)  # fmt: skip


@guarded()
def end_party(request: BatonRequest, public_id: str) -> HttpResponse:
    """End a party that has nothing left."""
    found = _party(request, public_id)
    demand(policy.may_end_party(standing(request), found))
    form = EndForm(request.POST or None, record=found)
    return answered(request, form, lambda: changes.end_party(
        by=request.actor, at=request.now, party=found, **form.given()),
        to=_address(found), title=_("End the party"), subject=found, danger=True)  # fmt: skip


@guarded()
def appoint(request: BatonRequest, public_id: str) -> HttpResponse:
    """Make somebody head, deputy or member."""
    found = _party(request, public_id)
    demand(policy.may_appoint(standing(request), found, Capacity.MEMBER))
    form = AppointForm(request.POST or None, viewer=request.actor)
    made = carried_out(request, form, lambda: changes.appoint(
        by=request.actor, at=request.now, party=found, **form.given()))  # fmt: skip
    return back_to(_address(found)) if made else form_page(
        request, form, title=_("Appoint somebody"), subject=found, back=_address(found),
        template="chain/appoint.html")  # fmt: skip


@guarded()
def end_membership(request: BatonRequest, public_id: str) -> HttpResponse:
    """End what somebody is in a party."""
    held = queries.membership(viewer=request.actor, at=request.now, public_id=public_id)
    demand(policy.may_appoint(standing(request), held.party, Capacity.MEMBER))
    form = EndForm(request.POST or None, record=held)
    return answered(request, form, lambda: changes.end_membership(
        by=request.actor, at=request.now, membership=held, **form.given()),
        to=_address(held.party), title=_("End the membership"), subject=held, danger=True)  # fmt: skip
