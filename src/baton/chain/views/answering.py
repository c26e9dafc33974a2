"""What the views of the chain share."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from baton.chain import policy
from baton.core.answering import carried_out
from baton.core.days import day_of
from baton.core.forms import RecordForm
from baton.core.middleware import BatonRequest

if TYPE_CHECKING:
    from baton.core.models.records import Record


def standing(request: BatonRequest) -> policy.Standing:
    """What the person who asks is in the chain."""
    return policy.standing_of(request.actor, day_of(request.now))


def form_page(
    request: BatonRequest, form: RecordForm, *, template: str = "chain/form.html", **context: Any
) -> HttpResponse:
    """The form as a page: ``title``, ``back`` (address), ``trail`` (breadcrumb), ``button``, ``note``."""
    return render(request, template, {"form": form, **context}, status=form.status)


def answered(
    request: BatonRequest, form: RecordForm, write: Callable[[], Record], *, to: str, **context: Any
) -> HttpResponse:
    """Back at ``to`` once the form is carried out; until then the form, which leads there, too."""
    if carried_out(request, form, write) is not None:
        return back_to(to)
    return form_page(request, form, back=to, **context)


def back_to(address: str) -> HttpResponseRedirect:
    return HttpResponseRedirect(address)
