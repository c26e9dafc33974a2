"""The page on which somebody of an outside party is asked by task link."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render

from baton.core.changes import MadeLink
from baton.core.errors import Refused, explain
from baton.core.middleware import BatonRequest
from baton.core.queries import ToSign
from baton.core.task_link_forms import TaskLinkForm

if TYPE_CHECKING:
    from baton.chain.models import Party


def asking_page(
    request: BatonRequest, shown: ToSign, *, party: Party, subject: object, back: str, ask: Callable[..., MadeLink]
) -> HttpResponse:
    """Whom of the ``party`` to ask about ``subject``, shown as ``shown``; code, and a link that is not sent, are shown
    once. ``ask`` takes digest, name, days, language and email."""
    initial = {"digest": shown.digest, "language": request.LANGUAGE_CODE}
    form = TaskLinkForm(request.POST or None, sends=settings.SENDS_MAIL, initial=initial)
    context = {"party": party, "subject": subject, "back": back}
    if request.method == "POST" and form.is_valid():
        given = {name: form.cleaned_data[name] for name in ("digest", "name", "days", "language")}
        try:
            made = ask(email=form.cleaned_data.get("email", ""), **given)
        except Refused as refused:
            if refused.status in {403, 404, 409}:
                raise
            form.add_error(refused.field if refused.field in form.fields else None, explain(refused))
            form.status = 422
        else:
            return render(request, "agreements/asked.html", {**context, "made": made, "base": settings.BASE_URL})
    return render(request, "agreements/ask.html", {**context, "form": form}, status=form.status)
