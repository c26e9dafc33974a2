"""Pages of standing orders."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from baton.chain import queries as chain
from baton.chain.views.answering import standing
from baton.core.answering import carried_out, version_sent
from baton.core.errors import NotFound, Refused
from baton.core.guards import guarded
from baton.core.middleware import BatonRequest
from baton.core.policy import demand
from baton.core.queries.calendars import calendars as calendars_in_use
from baton.core.texts import say
from baton.handoffs import changes, policy
from baton.handoffs.forms.recurrence import how_often
from baton.handoffs.forms.standing import OrderForm
from baton.handoffs.models import StandingOrder
from baton.handoffs.queries.standing import MOST_ORDERS, next_due, orders_in_sight, standing_order

WAYS = {"pause": changes.pause_order, "resume": changes.resume_order, "end": changes.end_order}


@require_GET
@guarded()
def orders(request: BatonRequest) -> HttpResponse:
    """The standing orders that the reader sees, of one link or of all."""
    asked = request.GET.get("link", "")[:16]
    found = list(orders_in_sight(viewer=request.actor, at=request.now, link=asked)[:MOST_ORDERS])
    link = chain.link(viewer=request.actor, at=request.now, public_id=asked) if asked else None
    may_add = link is not None and policy.may_keep_orders(standing(request), link)
    rows = [{"order": one, "often": how_often(one.rule)} for one in found]
    return render(request, "handoffs/orders.html", {"rows": rows, "link": link, "may_add": may_add})


@require_GET
@guarded()
def order(request: BatonRequest, public_id: str) -> HttpResponse:
    """One standing order: what is due, when the next times, and what can be done about it."""
    found = standing_order(viewer=request.actor, at=request.now, public_id=public_id)
    due = _next(request, found, found.calendar) if found.runs else []
    may_keep = found.ended_at is None and policy.may_keep_orders(standing(request), found.link)
    often = how_often(found.rule)
    context = {"order": found, "often": often, "link": found.link, "due": due, "may_keep": may_keep}
    return render(request, "handoffs/order.html", context)


@guarded()
def add(request: BatonRequest, link: str) -> HttpResponse:
    """Make a standing order; its next occurrences can be looked at before."""
    found = chain.link(viewer=request.actor, at=request.now, public_id=link)
    demand(policy.may_keep_orders(standing(request), found))
    calendars = _calendars(request)
    form = OrderForm(request.POST or None, calendars=list(calendars.values()), name=say(found.output.name))
    if "preview" in request.POST:
        return _form_page(request, form, found, None, _previewed(request, form, calendars))
    made = carried_out(request, form, lambda: changes.add_order(
        by=request.actor, at=request.now, link=found, given=form.given(calendars)))  # fmt: skip
    return redirect("handoffs:order", made.public_id) if made is not None else _form_page(request, form, found, None)


@guarded()
def edit(request: BatonRequest, public_id: str) -> HttpResponse:
    """Change a standing order from now on."""
    found = standing_order(viewer=request.actor, at=request.now, public_id=public_id)
    demand(policy.may_keep_orders(standing(request), found.link))
    calendars = _calendars(request)
    form = OrderForm(request.POST or None, calendars=list(calendars.values()), order=found)
    if "preview" in request.POST:
        return _form_page(request, form, found.link, found, _previewed(request, form, calendars))
    made = carried_out(request, form, lambda: changes.change_order(
        by=request.actor, at=request.now, order=found, given=form.given(calendars), expected_seq=form.version),
    )  # fmt: skip
    return redirect("handoffs:order", public_id) if made is not None else _form_page(request, form, found.link, found)


@require_POST
@guarded()
def answer(request: BatonRequest, public_id: str, way: str) -> HttpResponse:
    """Pause a standing order, let it go on, or end it."""
    if way not in WAYS:
        raise NotFound
    found = standing_order(viewer=request.actor, at=request.now, public_id=public_id)
    WAYS[way](by=request.actor, at=request.now, order=found, expected_seq=version_sent(request))
    return redirect("handoffs:order", public_id)


def _calendars(request: BatonRequest) -> dict[str, Any]:
    return {one.public_id: one for one in calendars_in_use(viewer=request.actor) if not one.is_default}


def _next(request: BatonRequest, found: StandingOrder, calendar: Any) -> list[datetime]:
    return next_due(viewer=request.actor, at=request.now, recurrence=found.recurrence, calendar=calendar)


def _previewed(request: BatonRequest, form: OrderForm, calendars: dict[str, Any]) -> list[datetime] | None:
    """The next occurrences of what stands in the form; None where it is to be mended."""
    if not form.is_valid():
        return None
    given = form.given(calendars)
    try:
        return changes.preview_order(by=request.actor, at=request.now, given=given)
    except Refused as refused:
        form.refuse(refused)
        return None


def _form_page(
    request: BatonRequest, form: OrderForm, link: Any, found: StandingOrder | None, due: list[datetime] | None = None
) -> HttpResponse:
    title = _("Change the standing order") if found is not None else _("Make a standing order")
    back = reverse("handoffs:order", args=[found.public_id]) if found is not None else reverse("handoffs:orders")
    context = {"form": form, "title": title, "subject": found or link, "back": back, "due": due}
    return render(request, "handoffs/order_form.html", context, status=form.status)
