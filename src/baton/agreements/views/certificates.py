"""Pages of certificates: the list, one of them, and its forms."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from baton.agreements import changes, policy
from baton.agreements.forms.certificates import CertificateFilterForm, CertificateForm
from baton.agreements.forms.versions import NeededReasonForm
from baton.agreements.models import Certificate
from baton.agreements.pages import certificates as shown
from baton.agreements.pages.history import timeline
from baton.agreements.queries import certificates as queries
from baton.chain import queries as chain
from baton.chain.views.answering import answered, form_page, standing
from baton.core.answering import carried_out
from baton.core.days import day_of
from baton.core.exports import download
from baton.core.guards import guarded
from baton.core.history import history_of
from baton.core.middleware import BatonRequest
from baton.core.policy import demand


def _address(certificate: Certificate) -> str:
    return reverse("agreements:certificate", args=[certificate.public_id])


def _filters(request: BatonRequest) -> dict[str, str]:
    return {"search": request.GET.get("q", ""), "state": request.GET.get("state", ""),
            "party": request.GET.get("party", "")}  # fmt: skip


@require_GET
@guarded()
def certificates(request: BatonRequest) -> HttpResponse:
    """The list, those that run out first."""
    viewer, at = request.actor, request.now
    page = queries.certificate_page(viewer=viewer, at=at, page=request.GET.get("page", 1), **_filters(request))
    context = {
        "page_obj": page, "rows": shown.certificate_rows(page.object_list),
        "filter": CertificateFilterForm(request.GET, parties=chain.parties_to_choose(viewer=viewer, at=at)),
    }  # fmt: skip
    return render(request, "agreements/certificates/list.html", context)


@require_GET
@guarded()
def export_certificates(request: BatonRequest) -> HttpResponseBase:
    """The list as it is filtered, as CSV or workbook."""
    found = queries.certificates(viewer=request.actor, at=request.now, **_filters(request))
    return download(request, "certificates", shown.header(), shown.rows(found, request.now))


@require_GET
@guarded()
def certificate(request: BatonRequest, public_id: str) -> HttpResponse:
    """One certificate; its scan is a file of its discussion."""
    found = queries.certificate(viewer=request.actor, at=request.now, public_id=public_id)
    row = shown.certificate_rows([queries.CertificateRow(found, found.state_on(day_of(request.now)))])[0]
    may = policy.may_keep_certificates(standing(request), found.party) and found.ended_at is None
    history = timeline(history_of(viewer=request.actor, object_ids=[public_id]), {})
    context = {**row, "may_edit": may, "history": history}
    return render(request, "agreements/certificates/certificate.html", context)


@guarded()
def add_certificate(request: BatonRequest, party: str) -> HttpResponse:
    """Enter a certificate of a party."""
    found = chain.party(viewer=request.actor, at=request.now, public_id=party)
    demand(policy.may_keep_certificates(standing(request), found))
    form = CertificateForm(request.POST or None)
    made = carried_out(request, form, lambda: changes.add_certificate(
        by=request.actor, at=request.now, party=found, **form.given()))  # fmt: skip
    if made is not None:
        return redirect(_address(made))
    back = reverse("chain:party", args=[party])
    return form_page(request, form, title=_("Enter a certificate"), subject=found, back=back)


@guarded()
def change_certificate(request: BatonRequest, public_id: str) -> HttpResponse:
    """Correct or renew a certificate."""
    found = _to_edit(request, public_id)
    form = CertificateForm(request.POST or None, record=found)
    return answered(request, form, lambda: changes.change_certificate(
        by=request.actor, at=request.now, certificate=found, expected_seq=form.version, **form.given()),
        to=_address(found), title=_("Correct or renew the certificate"), subject=found)  # fmt: skip


@guarded()
def end_certificate(request: BatonRequest, public_id: str) -> HttpResponse:
    """Say that it holds no more, and why."""
    found = _to_edit(request, public_id)
    form = NeededReasonForm(request.POST or None, record=found)
    return answered(request, form, lambda: changes.end_certificate(
        by=request.actor, at=request.now, certificate=found, **form.given()),
        to=_address(found), title=_("End the certificate"), subject=found, danger=True)  # fmt: skip


def _to_edit(request: BatonRequest, public_id: str) -> Certificate:
    found = queries.certificate(viewer=request.actor, at=request.now, public_id=public_id)
    demand(policy.may_keep_certificates(standing(request), found.party))
    return found
