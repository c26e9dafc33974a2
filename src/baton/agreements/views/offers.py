"""Pages of service offers: the list, one of them, its versions; beginning, writing, proposing and ending them."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_POST

from baton.agreements import policy
from baton.agreements import queries as agreed
from baton.agreements.changes import offering, offers
from baton.agreements.forms.offers import (
    InviteForm,
    OfferDaysForm,
    OfferFilterForm,
    OfferForm,
    OfferNameForm,
    ProposeForm,
    asked_offers,
)
from baton.agreements.forms.versions import DraftForm, NeededReasonForm, ReasonForm
from baton.agreements.models import OfferVersion, ServiceOffer
from baton.agreements.pages import offers as pages
from baton.agreements.pages.texts import page_of_text
from baton.agreements.queries import offering as read
from baton.agreements.queries import offers as queries
from baton.agreements.rules import OfferState
from baton.chain import queries as chain
from baton.chain.pages.panels_shown import panels_for
from baton.chain.views.answering import answered, form_page, standing
from baton.core import queries as core_queries
from baton.core.answering import carried_out, small_number
from baton.core.errors import Refused, explain
from baton.core.exports import download
from baton.core.guards import guarded
from baton.core.lists.bar import is_filtered, opens_default_view
from baton.core.middleware import BatonRequest
from baton.core.policy import demand
from baton.core.registries import Subject
from baton.core.signature_words import meaning_word
from baton.core.signing_rules import Meaning


def address(offer: ServiceOffer) -> str:
    """The page of a service offer."""
    return reverse("agreements:offer", args=[offer.public_id])


@require_GET
@guarded()
@opens_default_view("agreements.offers")
def offer_list(request: BatonRequest) -> HttpResponse:
    """The list."""
    viewer, at = request.actor, request.now
    page = queries.offers(viewer=viewer, at=at, filters=asked_offers(request.GET), page=request.GET.get("page", 1))
    context = {
        "page_obj": page,
        "rows": pages.offer_rows(page),
        "filter": OfferFilterForm(request.GET, parties=chain.parties_to_choose(viewer=viewer, at=at)),
        "filtered": is_filtered(request, "agreements.offers"),
    }
    return render(request, "agreements/offers/list.html", context)


@require_GET
@guarded()
def export_offers(request: BatonRequest) -> HttpResponseBase:
    """The list as it is filtered, as CSV or workbook."""
    found = queries.offers_to_export(viewer=request.actor, at=request.now, filters=asked_offers(request.GET))
    return download(request, "service-offers", pages.header(), pages.rows(found))


@require_GET
@guarded()
def offer(request: BatonRequest, public_id: str) -> HttpResponse:
    """One service offer: its clauses and steps, and what each customer answered; ``?version=`` shows another one."""
    number = small_number(request.GET.get("version", ""), 0) or None
    page = read.offer_page(viewer=request.actor, at=request.now, public_id=public_id, number=number)
    panels = panels_for(request, Subject("service_offer", public_id, page.version.public_id))
    return render(request, "agreements/offers/offer.html", {**pages.offer_context(page), "panels": panels})


@require_GET
@guarded()
def export_answers(request: BatonRequest, public_id: str) -> HttpResponseBase:
    """What the customers answered to a version, as CSV or workbook."""
    found = queries.offer_version(viewer=request.actor, at=request.now, public_id=public_id)
    customers = read.customers_of(viewer=request.actor, at=request.now, version=found)
    return download(request, found.offer.number.lower(), pages.answers_header(), pages.answers(found, customers))


@require_GET
@guarded()
def compare(request: BatonRequest, public_id: str) -> HttpResponse:
    """Two versions side by side: ``?before=1&after=2``."""
    before, after = (small_number(request.GET.get(name, ""), 0) for name in ("before", "after"))
    found = read.offer_comparison(viewer=request.actor, at=request.now, public_id=public_id, before=before, after=after)
    return render(request, "agreements/offers/comparison.html", pages.offer_comparison_context(*found))


@guarded()
def begin(request: BatonRequest, party: str) -> HttpResponse:
    """Begin a service offer of a party; ``?agreement=`` and ``?output=`` (public ids) choose with what."""
    viewer, at = request.actor, request.now
    supplier = chain.party(viewer=viewer, at=at, public_id=party)
    demand(policy.may_write_offers(standing(request), supplier))
    outputs = queries.outputs_to_offer(viewer=viewer, at=at, supplier=supplier)
    agreements = queries.agreements_to_begin_with(viewer=viewer, at=at, supplier=party)
    like = next((one for one in agreements if one.public_id == request.GET.get("agreement")), None)
    chosen = like.link.output.public_id if like is not None else request.GET.get("output", "")
    initial = {"like": like.public_id if like is not None else "", "output": chosen}
    form = OfferForm(request.POST or None, outputs=outputs, agreements=agreements, initial=initial)

    def write() -> OfferVersion:
        given = form.given()
        chosen = given.pop("like")
        version = None
        if chosen is not None:
            shown = agreed.versions_of(viewer=viewer, agreements=[chosen])[chosen.pk]
            version = agreed.that_counts(shown)
        return offers.begin_offer(by=viewer, at=at, supplier=supplier, like=version, **given)

    made = carried_out(request, form, write)
    if made is not None:
        return redirect(address(made.offer))
    back = reverse("chain:party", args=[party])
    return form_page(request, form, title=_("Begin a service offer"), subject=supplier, back=back)


@guarded()
def rename(request: BatonRequest, public_id: str) -> HttpResponse:
    """Call it something else."""
    found = _to_write(request, public_id)
    form = OfferNameForm(request.POST or None, record=found)
    return answered(request, form, lambda: offers.rename_offer(
        by=request.actor, at=request.now, offer=found, **form.given()),
        to=address(found), title=_("Rename the service offer"), subject=found)  # fmt: skip


@guarded()
def draft(request: BatonRequest, public_id: str) -> HttpResponse:
    """Begin the next version."""
    found = _to_write(request, public_id)
    form = DraftForm(request.POST or None)
    made = carried_out(request, form, lambda: offers.draft_offer_version(
        by=request.actor, at=request.now, offer=found, **form.given()))  # fmt: skip
    if made is not None:
        return redirect(page_of_text(made))
    return form_page(request, form, title=_("Write a new version"), subject=found, back=address(found))


@guarded()
def end(request: BatonRequest, public_id: str) -> HttpResponse:
    """Offer it no more."""
    found = _to_write(request, public_id)
    form = NeededReasonForm(request.POST or None, record=found)
    return answered(request, form, lambda: offers.end_offer(
        by=request.actor, at=request.now, offer=found, **form.given()),
        to=address(found), title=_("End the service offer"), subject=found, danger=True,
        note=_("What customers have accepted holds until it ends there. Open questions are taken back."))  # fmt: skip


@guarded()
def describe(request: BatonRequest, public_id: str) -> HttpResponse:
    """From which day on a version is offered, and until when the one before holds."""
    found = version_to_edit(request, public_id)
    form = OfferDaysForm(request.POST or None, record=found)
    return answered(request, form, lambda: offers.describe_offer_version(
        by=request.actor, at=request.now, version=found, **form.given()),
        to=page_of_text(found), title=_("Days and reason"), subject=found)  # fmt: skip


@guarded()
def withdraw(request: BatonRequest, public_id: str) -> HttpResponse:
    """Take a draft back, or a version that nobody has accepted."""
    found = queries.offer_version(viewer=request.actor, at=request.now, public_id=public_id)
    demand(policy.may_write_offers(standing(request), found.offer.supplier))
    form = ReasonForm(request.POST or None, record=found)
    return answered(request, form, lambda: offers.withdraw_offer_version(
        by=request.actor, at=request.now, version=found, **form.given()),
        to=page_of_text(found), title=_("Withdraw the version"), subject=found, danger=True,
        note=_("Customers who were asked for it are asked no more."))  # fmt: skip


@sensitive_post_parameters("password", "code")
@never_cache
@guarded()
def propose(request: BatonRequest, public_id: str) -> HttpResponse:
    """Read a draft, choose who is asked, and sign it once for all of them."""
    viewer, at = request.actor, request.now
    shown = core_queries.to_sign(viewer=viewer, kind=OfferVersion.kind, public_id=public_id)
    found = queries.offer_version(viewer=viewer, at=at, public_id=public_id)
    demand(policy.may_sign_offers(standing(request), found.offer.supplier))
    if OfferState(found.state) is not OfferState.DRAFT:
        return redirect(page_of_text(found))  # sent twice
    to_ask = read.links_to_ask(viewer=viewer, at=at, version=found)
    form = ProposeForm(request.POST or None, request=request, shown=shown, links=to_ask)
    if request.method == "POST" and form.is_valid():
        made = form.signed(lambda proof: offering.propose_offer_version(
            by=viewer, at=at, version=found, proof=proof, **form.given()))  # fmt: skip
        if made is not None:
            messages.success(request, _("Signed and proposed. Who leads the customers is told."))
            return redirect(page_of_text(found))
    page = read.offer_page(viewer=viewer, at=at, public_id=found.offer.public_id, number=found.version)
    values = {
        **pages.offer_context(page), "form": form, "back": page_of_text(found),
        "meaning": meaning_word(Meaning.ACCEPTANCE),
    }  # fmt: skip
    return render(request, "agreements/offers/propose.html", values, status=form.status)


@guarded()
def invite(request: BatonRequest, public_id: str) -> HttpResponse:
    """Ask more customers."""
    viewer, at = request.actor, request.now
    found = queries.offer_version(viewer=viewer, at=at, public_id=public_id)
    demand(policy.may_write_offers(standing(request), found.offer.supplier))
    to_ask = read.links_to_ask(viewer=viewer, at=at, version=found)
    form = InviteForm(request.POST or None, links=to_ask)
    return answered(request, form, lambda: offering.invite_links(by=viewer, at=at, version=found, **form.given()),
                    to=page_of_text(found), title=_("Ask customers"), subject=found,
                    note="" if to_ask else _("Every customer of this output was asked."))  # fmt: skip


@require_POST
@guarded()
def remind(request: BatonRequest, public_id: str) -> HttpResponse:
    """Tell those who have not answered that the version waits for them."""
    found = queries.offer_version(viewer=request.actor, at=request.now, public_id=public_id)
    demand(policy.may_write_offers(standing(request), found.offer.supplier))
    try:
        offering.remind_customers(by=request.actor, at=request.now, version=found)
    except Refused as refused:
        if refused.status in {403, 404, 409}:
            raise
        messages.warning(request, explain(refused))
    else:
        messages.success(request, _("Who leads the customers that have not answered is told."))
    return redirect(page_of_text(found))


def version_to_edit(request: BatonRequest, public_id: str) -> OfferVersion:
    """A draft that the person who asks may change."""
    found = queries.offer_version(viewer=request.actor, at=request.now, public_id=public_id)
    demand(policy.may_edit_offered(standing(request), found.offer.supplier, OfferState(found.state)))
    return found


def _to_write(request: BatonRequest, public_id: str) -> ServiceOffer:
    found = queries.offer(viewer=request.actor, at=request.now, public_id=public_id)
    demand(policy.may_write_offers(standing(request), found.supplier))
    return found
