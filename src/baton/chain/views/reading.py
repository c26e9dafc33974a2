"""The page on which the quality manager says who reads links across departments."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render

from baton.chain import changes, policy, queries
from baton.chain.forms.reading import ReadingForm
from baton.chain.pages.history import timeline
from baton.core.answering import carried_out
from baton.core.guards import guarded
from baton.core.middleware import BatonRequest


@guarded(policy.may_say_how_far_members_read)
def reading(request: BatonRequest) -> HttpResponse:
    """How far members read along the chain."""
    found = queries.reading_page(viewer=request.actor)
    form = ReadingForm(request.POST or None, record=found.reading, initial={"reason": ""})
    saved = carried_out(request, form, lambda: changes.say_how_far_members_read(
        by=request.actor, at=request.now, **form.given()))  # fmt: skip
    if saved is not None:
        return redirect("chain:reading")
    context = {"form": form, "history": timeline(found.history)}
    return render(request, "chain/reading.html", context, status=form.status)
