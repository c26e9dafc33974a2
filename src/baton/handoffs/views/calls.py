"""The big button: from a call point somebody is called, arrives, has it fixed; the board of open calls."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from baton.chain import queries as chain
from baton.chain.views.answering import answered, standing
from baton.core.answering import version_sent
from baton.core.errors import NotFound
from baton.core.guards import guarded
from baton.core.middleware import BatonRequest
from baton.core.policy import demand
from baton.handoffs import changes, policy, queries
from baton.handoffs.forms.calls import CallPointForm
from baton.handoffs.models import CallPoint
from baton.handoffs.pages.calls import board_context, point_context, poster_context
from baton.handoffs.queries.calls import (
    MOST_POINTS,
    address_of_point,
    call_point,
    open_call,
    open_calls,
    point_of,
    points_in_sight,
)
from baton.handoffs.rules import Side
from baton.handoffs.rules.calls import CallStep

BOARD = "board"
"""Where somebody goes back to who took the step there."""


@require_GET
@guarded()
def calls(request: BatonRequest) -> HttpResponse:
    """The board: open calls to and from one's own teams, how old they are, and what comes next."""
    return render(request, "handoffs/calls.html", _board(request))


@require_GET
@guarded()
def calls_now(request: BatonRequest) -> HttpResponse:
    """What of the board changes, asked every few seconds."""
    return render(request, "handoffs/_calls.html", _board(request))


@require_POST
@guarded()
def call_step(request: BatonRequest, public_id: str, step: str) -> HttpResponse:
    """Say by one tap what became of a call."""
    try:
        asked = CallStep(step)
    except ValueError:
        raise NotFound from None
    found = queries.handoff(viewer=request.actor, at=request.now, public_id=public_id)
    done = changes.take_call_step(by=request.actor, at=request.now, handoff=found, step=asked)
    point = point_of(viewer=request.actor, handoff=done)
    if request.POST.get("then") == BOARD or point is None:
        return redirect("handoffs:calls")
    return redirect("handoffs:point", point.public_id)


@require_GET
@guarded()
def points(request: BatonRequest) -> HttpResponse:
    """The call points that the reader sees, of one link or of all."""
    asked = request.GET.get("link", "")[:16]
    found = list(points_in_sight(viewer=request.actor, at=request.now, link=asked)[:MOST_POINTS])
    link = chain.link(viewer=request.actor, at=request.now, public_id=asked) if asked else None
    may_add = link is not None and policy.may_keep_points(standing(request), link)
    return render(request, "handoffs/points.html", {"points": found, "link": link, "may_add": may_add})


@guarded()
def add_point(request: BatonRequest, link: str) -> HttpResponse:
    """Set up a call point of a link."""
    found = chain.link(viewer=request.actor, at=request.now, public_id=link)
    demand(policy.may_keep_points(standing(request), found))
    form = CallPointForm(request.POST or None)
    return answered(request, form, lambda: changes.add_call_point(
        by=request.actor, at=request.now, link=found, name=form.cleaned_data["name"]),
        to=f"{reverse('handoffs:points')}?link={link}", title=_("Set up a call point"), subject=found,
        note=_("Its page has one big button. Print its poster and hang it up: whoever works there opens it by phone."),
    )  # fmt: skip


@guarded()
def rename_point(request: BatonRequest, public_id: str) -> HttpResponse:
    """Another name for a call point."""
    found = _to_keep(request, public_id)
    form = CallPointForm(request.POST or None, record=found)
    return answered(request, form, lambda: changes.rename_call_point(
        by=request.actor, at=request.now, point=found, name=form.cleaned_data["name"], expected_seq=form.version),
        to=address_of_point(public_id), title=_("Rename the call point"), subject=found)  # fmt: skip


@require_POST
@guarded()
def end_point(request: BatonRequest, public_id: str) -> HttpResponse:
    """Nobody calls from there any more."""
    found = _to_keep(request, public_id)
    changes.end_call_point(by=request.actor, at=request.now, point=found, expected_seq=version_sent(request))
    return redirect("handoffs:point", public_id)


@require_GET
@guarded()
def point(request: BatonRequest, public_id: str) -> HttpResponse:
    """One big button; once somebody is called, how far it has come and what can be said next."""
    found = call_point(viewer=request.actor, at=request.now, public_id=public_id)
    may_keep = found.ended_at is None and policy.may_keep_points(standing(request), found.link)
    return render(request, "handoffs/point.html", {**_point(request, found), "may_keep": may_keep})


@require_GET
@guarded()
def point_now(request: BatonRequest, public_id: str) -> HttpResponse:
    """What of the page of a call point changes, asked every few seconds."""
    found = call_point(viewer=request.actor, at=request.now, public_id=public_id)
    return render(request, "handoffs/_point.html", _point(request, found))


@require_POST
@guarded()
def call(request: BatonRequest, public_id: str) -> HttpResponse:
    """The big button."""
    found = call_point(viewer=request.actor, at=request.now, public_id=public_id)
    changes.call_from(by=request.actor, at=request.now, point=found)
    return redirect("handoffs:point", public_id)


@require_GET
@guarded()
def point_poster(request: BatonRequest, public_id: str) -> HttpResponse:
    """A sheet to be printed and hung up, with the QR code of the page of the call point."""
    found = call_point(viewer=request.actor, at=request.now, public_id=public_id)
    return render(request, "handoffs/point_poster.html", poster_context(found))


def _board(request: BatonRequest) -> dict[str, Any]:
    return board_context(open_calls(viewer=request.actor, at=request.now), request.now)


def _point(request: BatonRequest, found: CallPoint) -> dict[str, Any]:
    row = open_call(viewer=request.actor, at=request.now, point=found)
    may_call = policy.may_act(standing(request), found.link, Side.CUSTOMER)
    return point_context(found, row, request.now, may_call=may_call)


def _to_keep(request: BatonRequest, public_id: str) -> CallPoint:
    found = call_point(viewer=request.actor, at=request.now, public_id=public_id)
    demand(policy.may_keep_points(standing(request), found.link))
    return found
