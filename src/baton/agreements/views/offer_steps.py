"""Pages that write the steps of a service, publish them, and show them to anybody."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from baton.agreements import policy
from baton.agreements.changes import publishing, service_steps
from baton.agreements.forms.offers import PublishForm, ServiceStepForm
from baton.agreements.forms.versions import ReasonForm
from baton.agreements.models import ServiceOffer, ServiceStep
from baton.agreements.pages.offers import poster_context, published_context
from baton.agreements.pages.texts import page_of_text
from baton.agreements.queries import offers as queries
from baton.agreements.queries.offered_texts import published_offer
from baton.agreements.rules import OfferState
from baton.agreements.views.offers import address, version_to_edit
from baton.chain.views.answering import answered, standing
from baton.core.answering import small_number, version_sent
from baton.core.days import day_of
from baton.core.errors import NotFound
from baton.core.guards import guarded, public
from baton.core.middleware import BatonRequest
from baton.core.policy import demand


@guarded()
def add_step(request: BatonRequest, public_id: str) -> HttpResponse:
    """Add a step at the end."""
    found = version_to_edit(request, public_id)
    form = ServiceStepForm(request.POST or None)
    return answered(request, form, lambda: service_steps.add_step(
        by=request.actor, at=request.now, version=found, words=form.given()),
        to=f"{page_of_text(found)}#steps", title=_("Add a step"), subject=found)  # fmt: skip


@guarded()
def change_step(request: BatonRequest, public_id: str) -> HttpResponse:
    """Other words or another time."""
    step = _to_edit(request, public_id)
    form = ServiceStepForm(request.POST or None, record=step)
    return answered(request, form, lambda: service_steps.change_step(
        by=request.actor, at=request.now, step=step, words=form.given(), expected_seq=form.version),
        to=f"{page_of_text(step.offer_version)}#steps", title=_("Change the step"), subject=step)  # fmt: skip


@require_POST
@guarded()
def drop_step(request: BatonRequest, public_id: str) -> HttpResponse:
    """Leave a step out."""
    step = _to_edit(request, public_id)
    service_steps.drop_step(by=request.actor, at=request.now, step=step, expected_seq=version_sent(request))
    return redirect(f"{page_of_text(step.offer_version)}#steps")


@require_POST
@guarded()
def move_step(request: BatonRequest, public_id: str) -> HttpResponse:
    """Put a step into another place: ``position``, from 1 on."""
    step = _to_edit(request, public_id)
    place = small_number(request.POST.get("position", ""), 1)
    service_steps.move_step(by=request.actor, at=request.now, step=step, position=place)
    return redirect(f"{page_of_text(step.offer_version)}#steps")


@guarded()
def publish(request: BatonRequest, public_id: str) -> HttpResponse:
    """Give the offer a page that anybody opens, or say what it shows."""
    found = _to_publish(request, public_id)
    clauses = queries.clauses_to_publish(viewer=request.actor, at=request.now, offer=found)
    form = PublishForm(request.POST or None, record=found, clauses=clauses, shown=found.page_lines)
    return answered(request, form, lambda: publishing.publish_offer(
        by=request.actor, at=request.now, offer=found, **form.given()),
        to=address(found), title=_("Publish the service"), subject=found,
        note=_("Anybody opens the page without signing in, by its QR code or by an address that nobody guesses."),
    )  # fmt: skip


@guarded()
def take_down(request: BatonRequest, public_id: str) -> HttpResponse:
    """Take the public page down."""
    found = _to_publish(request, public_id)
    form = ReasonForm(request.POST or None, record=found)
    return answered(request, form, lambda: publishing.take_page_down(
        by=request.actor, at=request.now, offer=found, **form.given()),
        to=address(found), title=_("Take the public page down"), subject=found, danger=True,
        note=_("Posters that hang lead nowhere then. Published again, the page has another address."))  # fmt: skip


@require_GET
@guarded()
def poster(request: BatonRequest, public_id: str) -> HttpResponse:
    """A sheet to be printed and hung up, with the QR code of the public page."""
    found = queries.offer(viewer=request.actor, at=request.now, public_id=public_id)
    if not found.page_token:
        raise NotFound
    shown = published_offer(viewer=request.actor, at=request.now, token=found.page_token)
    context = poster_context(shown, day_of(request.now))
    return render(request, "agreements/offers/poster.html", {**context, "back": address(found)})


@require_GET
@public
def published(request: BatonRequest, token: str) -> HttpResponse:
    """The steps of a service, its clock, its guarantees and the clauses that were published. Public: customers stand
    before a door or a counter, and have no sign-in there. Taken down or guessed, the address is like any page that is
    not there."""
    try:
        found = published_offer(viewer=request.actor, at=request.now, token=token)
    except NotFound:
        raise Http404 from None
    return render(request, "agreements/offers/published.html", published_context(found, day_of(request.now)))


def _to_edit(request: BatonRequest, public_id: str) -> ServiceStep:
    step = queries.service_step(viewer=request.actor, at=request.now, public_id=public_id)
    version = step.offer_version
    demand(policy.may_edit_offered(standing(request), version.offer.supplier, OfferState(version.state)))
    return step


def _to_publish(request: BatonRequest, public_id: str) -> ServiceOffer:
    found = queries.offer(viewer=request.actor, at=request.now, public_id=public_id)
    demand(policy.may_write_offers(standing(request), found.supplier))
    return found
