"""Pages of agreements: the list, one of them, its versions side by side, beginning one."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from baton.agreements import changes, policy, queries
from baton.agreements.forms.filters import AgreementFilterForm, asked_agreements
from baton.agreements.forms.versions import DraftForm
from baton.agreements.models import Agreement
from baton.agreements.pages import exports
from baton.agreements.pages.agreements import STATE_SIGNS, agreement_context, comparison_context
from baton.agreements.pages.texts import page_of_text
from baton.agreements.rules import VersionState
from baton.chain import queries as chain
from baton.chain.pages.panels_shown import panels_for
from baton.chain.views.answering import form_page, standing
from baton.core.answering import carried_out, small_number
from baton.core.exports import download
from baton.core.guards import guarded
from baton.core.lists.bar import is_filtered, opens_default_view
from baton.core.middleware import BatonRequest
from baton.core.policy import demand
from baton.core.registries import Subject


def address(agreement: Agreement) -> str:
    """The page of an agreement."""
    return reverse("agreements:agreement", args=[agreement.public_id])


@require_GET
@guarded()
@opens_default_view("agreements.agreements")
def agreements(request: BatonRequest) -> HttpResponse:
    """The list."""
    viewer, at = request.actor, request.now
    filters = asked_agreements(request.GET)
    page = queries.agreements(viewer=viewer, at=at, filters=filters, page=request.GET.get("page", 1))
    context = {
        "page_obj": page,
        "filter": AgreementFilterForm(request.GET, parties=chain.parties_to_choose(viewer=viewer, at=at)),
        "filtered": is_filtered(request, "agreements.agreements"),
        "signs": {row.version.pk: STATE_SIGNS[VersionState(row.version.state)] for row in page},
    }
    return render(request, "agreements/agreements.html", context)


@require_GET
@guarded()
def export_agreements(request: BatonRequest) -> HttpResponseBase:
    """The list as it is filtered, a row a clause, as CSV or workbook."""
    viewer, at = request.actor, request.now
    found = queries.agreements_to_export(viewer=viewer, at=at, filters=asked_agreements(request.GET))
    return download(request, "agreements", exports.header(), exports.rows(found, viewer=viewer, at=at))


@require_GET
@guarded()
def agreement(request: BatonRequest, public_id: str) -> HttpResponse:
    """One agreement: what each side owes, and how far it has come; ``?version=`` shows an earlier version."""
    number = small_number(request.GET.get("version", ""), 0) or None
    page = queries.agreement_page(viewer=request.actor, at=request.now, public_id=public_id, number=number)
    panels = panels_for(request, Subject("agreement", public_id, page.version.public_id))
    return render(request, "agreements/agreement.html", {**agreement_context(page), "panels": panels})


@require_GET
@guarded()
def compare(request: BatonRequest, public_id: str) -> HttpResponse:
    """Two versions side by side: ``?before=1&after=2``."""
    before, after = (small_number(request.GET.get(name, ""), 0) for name in ("before", "after"))
    found = queries.comparison(viewer=request.actor, at=request.now, public_id=public_id, before=before, after=after)
    return render(request, "agreements/comparison.html", comparison_context(*found))


@require_POST
@guarded()
def begin(request: BatonRequest, link: str) -> HttpResponse:
    """Begin the agreement of a link, with an empty draft."""
    found = chain.link(viewer=request.actor, at=request.now, public_id=link)
    demand(policy.may_write(standing(request), found))
    if (known := queries.agreement_of_link(viewer=request.actor, at=request.now, link=link)) is not None:
        return redirect(address(known))
    version = changes.begin_agreement(by=request.actor, at=request.now, link=found)
    messages.success(request, _("The agreement is begun: write down what each side owes the other."))
    return redirect(address(version.agreement))


@guarded()
def draft(request: BatonRequest, public_id: str) -> HttpResponse:
    """Begin the next version."""
    found = queries.agreement(viewer=request.actor, at=request.now, public_id=public_id)
    demand(policy.may_write(standing(request), found.link))
    form = DraftForm(request.POST or None)
    made = carried_out(
        request, form, lambda: changes.draft_version(by=request.actor, at=request.now, agreement=found, **form.given())
    )
    if made is not None:
        return redirect(page_of_text(made))
    return form_page(request, form, title=_("Write a new version"), subject=found, back=address(found))
