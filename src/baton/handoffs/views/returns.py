"""What becomes of a return."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from baton.chain.views.answering import form_page
from baton.core.answering import SAVED
from baton.core.errors import NotFound
from baton.core.guards import guarded
from baton.core.middleware import BatonRequest
from baton.handoffs import changes, queries
from baton.handoffs.forms.steps import ContestForm, DecideForm, SettleForm, StepForm, TakeBackForm
from baton.handoffs.models import HandoffReturn
from baton.handoffs.views.handoffs import address
from baton.handoffs.views.photos import carried_out_with_photos

WAYS: Mapping[str, tuple[Any, type[StepForm], Callable[..., HandoffReturn]]] = {
    "contest": (_("Contest the return"), ContestForm, changes.contest_return),
    "decide": (_("Decide about the return"), DecideForm, changes.decide_return),
    "settle": (_("Return is made good"), SettleForm, changes.settle_return),
    "withdraw": (_("Take the return back"), TakeBackForm, changes.withdraw_return),
}
"""What can be done about a return, by the last part of the address: title, form, change."""


@guarded()
def answer(request: BatonRequest, public_id: str, way: str) -> HttpResponse:
    """Contest, decide, settle or take back a return. Who may, the change says."""
    if way not in WAYS:
        raise NotFound
    found = queries.handoff_return(viewer=request.actor, at=request.now, public_id=public_id)
    title, form_class, write = WAYS[way]
    form = form_class(request.POST or None, request.FILES or None, record=found)
    made = carried_out_with_photos(
        request, form,
        lambda files: changes.with_photos(
            by=request.actor, at=request.now, files=files,
            write=lambda: write(by=request.actor, at=request.now, found=found, **form.given()),
        ),
    )  # fmt: skip
    if made is not None:
        messages.success(request, SAVED)
        return redirect(address(found.handoff))
    back = address(found.handoff)
    return form_page(request, form, back=back, title=title, subject=found, note=found.phenomenon)
