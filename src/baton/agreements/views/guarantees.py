"""Pages of service guarantees and their calls."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from baton.agreements import changes, policy
from baton.agreements import queries as agreed
from baton.agreements.forms.guarantees import CallForm, EndCallForm, GuaranteeForm
from baton.agreements.forms.versions import NeededReasonForm
from baton.agreements.models import Guarantee
from baton.agreements.pages.guarantees import call_rows, guarantee_rows
from baton.agreements.pages.history import timeline
from baton.agreements.queries import guarantees as queries
from baton.agreements.queries import offers as offered
from baton.chain.policy import sight_of
from baton.chain.views.answering import answered, form_page, standing
from baton.core.answering import carried_out
from baton.core.days import day_of
from baton.core.guards import guarded
from baton.core.history import history_of
from baton.core.middleware import BatonRequest
from baton.core.policy import demand


def _address(guarantee: Guarantee) -> str:
    return reverse("agreements:guarantee", args=[guarantee.public_id])


@require_GET
@guarded()
def guarantee(request: BatonRequest, public_id: str) -> HttpResponse:
    """One guarantee: what is promised, how it is called, and the calls, without persons."""
    viewer, at = request.actor, request.now
    found = queries.guarantee(viewer=viewer, at=at, public_id=public_id)
    sight = sight_of(viewer, day_of(at))
    calls = queries.calls_of(viewer=viewer, at=at, guarantee=found)
    agreements = queries.agreements_with(viewer=viewer, at=at, guarantee=found)
    context = {
        **guarantee_rows(queries.shares_of(viewer=viewer, at=at, guarantees=[found]))[0],
        "agreements": agreements,
        "calls": call_rows(calls, may_end=[one.pk for one in calls if policy.may_end_call(sight, one)]),
        "may_call": found.ended_at is None and bool(queries.callable_by(viewer=viewer, at=at, agreements=agreements)),
        "may_edit": found.ended_at is None and policy.may_guarantee(standing(request), found),
        "history": timeline(history_of(viewer=viewer, object_ids=[public_id]), {}),
    }
    return render(request, "agreements/guarantees/guarantee.html", context)


@guarded()
def give_guarantee(request: BatonRequest, agreement: str) -> HttpResponse:
    """Give a guarantee on an agreement."""
    found = agreed.agreement(viewer=request.actor, at=request.now, public_id=agreement)
    demand(policy.may_guarantee(standing(request), Guarantee(agreement=found)))
    form = GuaranteeForm(request.POST or None)
    made = carried_out(request, form, lambda: changes.give_guarantee(
        by=request.actor, at=request.now, on=found, **form.given()))  # fmt: skip
    if made is not None:
        return redirect(_address(made))
    back = reverse("agreements:agreement", args=[agreement])
    return form_page(request, form, title=_("Give a guarantee"), subject=found, back=back)


@guarded()
def guarantee_offer(request: BatonRequest, offer: str) -> HttpResponse:
    """Give a guarantee on a service offer, to all who accept it."""
    found = offered.offer(viewer=request.actor, at=request.now, public_id=offer)
    demand(policy.may_guarantee(standing(request), Guarantee(offer=found)))
    form = GuaranteeForm(request.POST or None)
    made = carried_out(request, form, lambda: changes.give_guarantee(
        by=request.actor, at=request.now, on=found, **form.given()))  # fmt: skip
    if made is not None:
        return redirect(_address(made))
    back = reverse("agreements:offer", args=[offer])
    return form_page(request, form, title=_("Give a guarantee"), subject=found, back=back)


@guarded()
def change_guarantee(request: BatonRequest, public_id: str) -> HttpResponse:
    """Other words or points."""
    found = _to_edit(request, public_id)
    form = GuaranteeForm(request.POST or None, record=found)
    return answered(request, form, lambda: changes.change_guarantee(
        by=request.actor, at=request.now, guarantee=found, expected_seq=form.version, **form.given()),
        to=_address(found), title=_("Change the guarantee"), subject=found)  # fmt: skip


@guarded()
def end_guarantee(request: BatonRequest, public_id: str) -> HttpResponse:
    """Give it no longer."""
    found = _to_edit(request, public_id)
    form = NeededReasonForm(request.POST or None, record=found)
    return answered(request, form, lambda: changes.end_guarantee(
        by=request.actor, at=request.now, guarantee=found, **form.given()),
        to=_address(found), title=_("End the guarantee"), subject=found, danger=True)  # fmt: skip


@guarded()
def call_guarantee(request: BatonRequest, public_id: str) -> HttpResponse:
    """Call it in the customer's name."""
    viewer, at = request.actor, request.now
    found = queries.guarantee(viewer=viewer, at=at, public_id=public_id)
    having = queries.agreements_with(viewer=viewer, at=at, guarantee=found)
    mine = queries.callable_by(viewer=viewer, at=at, agreements=having)
    demand(bool(mine))
    form = CallForm(request.POST or None, agreements=mine)
    return answered(request, form, lambda: changes.call_guarantee(by=viewer, at=at, guarantee=found, **form.given()),
                    to=_address(found), title=_("Call the guarantee"), subject=found)  # fmt: skip


@guarded()
def end_call(request: BatonRequest, public_id: str) -> HttpResponse:
    """Say whether the guarantee was honoured."""
    viewer, at = request.actor, request.now
    found = queries.call(viewer=viewer, at=at, public_id=public_id)
    demand(policy.may_end_call(sight_of(viewer, day_of(at)), found))
    form = EndCallForm(request.POST or None, record=found)
    return answered(request, form, lambda: changes.end_call(by=viewer, at=at, call=found, **form.given()),
                    to=_address(found.guarantee), title=_("How the call ended"), subject=found)  # fmt: skip


def _to_edit(request: BatonRequest, public_id: str) -> Guarantee:
    found = queries.guarantee(viewer=request.actor, at=request.now, public_id=public_id)
    demand(policy.may_guarantee(standing(request), found))
    return found
