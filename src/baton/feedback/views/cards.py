"""Cards that are drawn: printed once, kept nowhere."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language

from baton.core.errors import NotFound, Refused, explain
from baton.core.guards import guarded
from baton.core.middleware import BatonRequest
from baton.feedback import changes, policy, queries
from baton.feedback.forms.waves import CardsForm
from baton.feedback.models import Wave
from baton.feedback.pages.cards import card_rows, cards_pdf
from baton.feedback.queries.asking import links_of
from baton.feedback.rules import Mode, WaveState


@guarded(policy.may_run_waves)
def cards(request: BatonRequest, public_id: str) -> HttpResponse:
    """Say how many cards; they are shown once, as a page to print or as PDF."""
    found = queries.wave(viewer=request.actor, public_id=public_id)
    if found.state != WaveState.OPEN or found.mode != Mode.ANONYMOUS:
        raise NotFound
    form = CardsForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            return _printed(request, found, form)
        except Refused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, explain(refused))
    context = {"form": form, "wave": found}
    return render(request, "feedback/waves/cards.html", context, status=422 if form.errors else 200)


def _printed(request: BatonRequest, found: Wave, form: CardsForm) -> HttpResponse:
    tokens = changes.print_cards(
        by=request.actor, at=request.now, wave=found, links=links_of(viewer=request.actor, wave=found),
        count=form.cleaned_data["count"],
    )  # fmt: skip
    language = get_language() or ""
    if form.cleaned_data["pdf"]:
        response = cards_pdf(found, tokens, language).answer()
    else:
        context = {"wave": found, "rows": card_rows(found, tokens, language)}
        response = render(request, "feedback/waves/cards_printed.html", context)
    response["Cache-Control"] = "no-store, private"
    response["Referrer-Policy"] = "no-referrer"
    return response
