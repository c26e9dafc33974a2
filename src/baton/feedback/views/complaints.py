"""Pages of complaints: the list, one of them, the form; its print."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from baton.chain import queries as chain
from baton.chain.forms.choosing import party_chosen
from baton.chain.views.answering import answered, form_page, standing
from baton.core.answering import carried_out
from baton.core.exports import download
from baton.core.guards import guarded
from baton.core.lists.bar import is_filtered, opens_default_view
from baton.core.middleware import BatonRequest
from baton.core.policy import demand
from baton.feedback import changes, policy
from baton.feedback.changes.complaints import given_of
from baton.feedback.forms.complaints import (
    ComplaintFilterForm,
    ComplaintForm,
    ForgetForm,
    RouteForm,
    asked_complaints,
)
from baton.feedback.models import Complaint
from baton.feedback.pages import complaints as shown
from baton.feedback.pages.complaint_form import complaint_pdf
from baton.feedback.queries import complaints as queries
from baton.feedback.queries.complaint_choices import handoff_numbered, link_numbered
from baton.feedback.queries.inbox import feedback_of_complaint


def address_of(one: Complaint) -> str:
    """The page of a complaint."""
    return reverse("complaints:complaint", args=[one.public_id])


@require_GET
@guarded(policy.may_read_complaints)
@opens_default_view("feedback.complaints")
def complaints(request: BatonRequest) -> HttpResponse:
    """Those in sight, what came last at the top."""
    viewer, at = request.actor, request.now
    page = queries.complaint_page(
        viewer=viewer, at=at, filters=asked_complaints(request.GET), page=request.GET.get("page", 1)
    )
    context = {
        "page_obj": page, "rows": shown.rows(viewer, page.object_list, at), "filter": ComplaintFilterForm(request.GET),
        "filtered": is_filtered(request, "feedback.complaints"),
        "may_receive": policy.may_receive_complaints(viewer),
    }  # fmt: skip
    return render(request, "feedback/complaints/list.html", context)


@require_GET
@guarded(policy.may_read_complaints)
def export_complaints(request: BatonRequest) -> HttpResponseBase:
    """The list as it is filtered, as CSV or workbook."""
    viewer, at = request.actor, request.now
    found = queries.listed_complaints(viewer=viewer, at=at, filters=asked_complaints(request.GET))
    return download(request, "complaints", shown.header(), shown.table(viewer, found, at))


@guarded(policy.may_receive_complaints)
def receive_complaint(request: BatonRequest) -> HttpResponse:
    """Take down what a customer complains of; ``?link=`` names the link by its public id."""
    viewer, at = request.actor, request.now
    parties = chain.parties_to_choose(viewer=viewer, at=at)
    known = request.GET.get("link", "")
    link = chain.link(viewer=viewer, at=at, public_id=known[:16]) if known else None
    form = ComplaintForm(request.POST or None, parties=parties, initial={"link": link.number} if link else {})
    made = carried_out(request, form, lambda: changes.receive_complaint(
        by=viewer, at=at, given=form.given(),
        link=link_numbered(viewer=viewer, at=at, number=form.cleaned_data["link"]),
        handoff=handoff_numbered(viewer=viewer, at=at, number=form.cleaned_data["handoff"]),
        supplier=party_chosen(parties, form.cleaned_data["supplier"]),
        customer=party_chosen(parties, form.cleaned_data["customer"])))  # fmt: skip
    if made is not None:
        return redirect(address_of(made))
    return form_page(request, form, title=_("Receive a complaint"), back=reverse("complaints:complaints"), note=_(
        "One form for customers inside and outside. The customer hears within a working day that it has come."
    ))  # fmt: skip


@require_GET
@guarded(policy.may_read_complaints)
def complaint(request: BatonRequest, public_id: str) -> HttpResponse:
    """One complaint: what stands on the form, how the clocks stand, what is to be done next."""
    viewer, at = request.actor, request.now
    one = queries.complaint(viewer=viewer, at=at, public_id=public_id)
    signed = queries.signatures_of(viewer=viewer, complaint=one)
    held = standing(request)
    row, parts = shown.rows(viewer, [one], at)[0], shown.parts(one, signed)
    context = {
        **row, "clocks": shown.clocks(row["times"]), "parts": parts,
        "has_parts": any(part["step"] is not None for part in parts),
        "history": shown.timeline(one, signed), "may": shown.allowed(held, one),
        "feedback": feedback_of_complaint(viewer=viewer, at=at, complaint=one),
        "handles": policy.may_handle_complaint(held, one), "customer": shown.customer_of(one),
        "sees_link": one.link is not None and chain.sees_link(viewer=viewer, at=at, public_id=one.link.public_id),
    }  # fmt: skip
    return render(request, "feedback/complaints/complaint.html", context)


@require_GET
@guarded(policy.may_read_complaints)
def print_complaint(request: BatonRequest, public_id: str) -> HttpResponse:
    """The form as PDF: ``?language=`` names another language than the reader's."""
    viewer, at = request.actor, request.now
    one = queries.complaint(viewer=viewer, at=at, public_id=public_id)
    asked = request.GET.get("language", "")
    language = asked if asked in dict(settings.LANGUAGES) else get_language() or settings.LANGUAGE_CODE
    handles = policy.may_handle_complaint(standing(request), one)
    return complaint_pdf(
        one, queries.signatures_of(viewer=viewer, complaint=one), handles=handles, language=language
    ).answer()


@guarded(policy.may_receive_complaints)
def correct_complaint(request: BatonRequest, public_id: str) -> HttpResponse:
    """Correct what was taken down."""
    one = queries.complaint(viewer=request.actor, at=request.now, public_id=public_id)
    demand(policy.may_handle_complaint(standing(request), one))
    form = ComplaintForm(request.POST or None, record=one, sides=False, initial={
        "received_at": given_of(one).received_at, "shipped_on": one.shipped_on})  # fmt: skip
    return answered(request, form, lambda: changes.correct_complaint(
        by=request.actor, at=request.now, complaint=one, given=form.given(), expected_seq=form.version),
        to=address_of(one), title=_("Correct the complaint"), subject=one)  # fmt: skip


@guarded(policy.may_receive_complaints)
def route_complaint(request: BatonRequest, public_id: str) -> HttpResponse:
    """Say who looks into it."""
    viewer, at = request.actor, request.now
    one = queries.complaint(viewer=viewer, at=at, public_id=public_id)
    demand(policy.may_route_complaint(standing(request), one))
    parties = chain.parties_to_choose(viewer=viewer, at=at)
    form = RouteForm(
        request.POST or None, record=one, viewer=viewer, parties=parties,
        initial={"supplier": "", "investigator": one.investigator},
    )  # fmt: skip
    return answered(request, form, lambda: changes.route_complaint(
        by=viewer, at=at, complaint=one, supplier=party_chosen(parties, form.cleaned_data["supplier"]),
        investigator=form.cleaned_data["investigator"], expected_seq=form.version),
        to=address_of(one), title=_("Say who looks into it"), subject=one)  # fmt: skip


@guarded(policy.may_forget_complainant)
def forget_complainant(request: BatonRequest, public_id: str) -> HttpResponse:
    """Destroy the customer's data."""
    one = queries.complaint(viewer=request.actor, at=request.now, public_id=public_id)
    form = ForgetForm(request.POST or None)
    return answered(request, form, lambda: changes.forget_complainant(
        by=request.actor, at=request.now, complaint=one, reason=form.cleaned_data["reason"]),
        to=address_of(one), title=_("Destroy the customer’s data"), subject=one, danger=True, note=_(
            "Name, number, telephone and e-mail go for good, in the audit trail, too. The case itself stays."
        ))  # fmt: skip
