"""Shared tablets, for those who keep them: the list, registering the device one holds, withdrawing one."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from baton.chain.views.answering import form_page, standing
from baton.core.answering import carried_out
from baton.core.guards import guarded
from baton.core.middleware import BatonRequest
from baton.core.policy import demand
from baton.handoffs import changes, policy
from baton.handoffs.forms.tablets import TabletForm
from baton.handoffs.queries import tablets as queries

COOKIE = "baton-tablet"
PLACE = "/tablet/"
"""The only addresses to which a device sends what it is."""


@require_GET
@guarded()
def tablets(request: BatonRequest) -> HttpResponse:
    """The shared tablets of the teams that one leads."""
    found = queries.tablets(viewer=request.actor, at=request.now)
    rows = [{"tablet": one, "works": one.works(request.now)} for one in found]
    return render(request, "handoffs/tablets.html", {"rows": rows})


@guarded()
def register(request: BatonRequest) -> HttpResponse:
    """Make the device on which this page is open the tablet of a team; whoever does it is signed out there."""
    demand(policy.may_keep_tablets(standing(request)))
    teams = {one.public_id: one for one in queries.teams_for_tablets(viewer=request.actor, at=request.now)}
    form = TabletForm(request.POST or None, teams=list(teams.values()))
    made = carried_out(request, form, lambda: changes.register_tablet(
        by=request.actor, at=request.now, party=teams[form.cleaned_data["party"]], name=form.cleaned_data["name"],
        days=form.cleaned_data["days"]), said="")  # fmt: skip
    if made is None:
        note = _(
            "Do this on the tablet itself. It becomes the tablet of the team, and you are signed out on it. Everybody "
            "at it sees what the team owes and gets; who takes a step shows PIN or badge."
        )
        return form_page(request, form, template="handoffs/register_tablet.html", note=note)
    logout(request)
    response = redirect("tablet:today")
    response.set_cookie(
        COOKIE, queries.cookie_of(made), expires=made.expires_at, path=PLACE, httponly=True, samesite="Strict",
        secure=settings.HTTPS,
    )  # fmt: skip
    return response


@require_POST
@guarded()
def withdraw(request: BatonRequest, public_id: str) -> HttpResponse:
    """The device shows nothing any more."""
    found = queries.tablet(viewer=request.actor, at=request.now, public_id=public_id)
    changes.withdraw_tablet(by=request.actor, at=request.now, tablet=found)
    messages.success(request, _("The tablet shows nothing any more."))
    return redirect("handoffs:tablets")
