"""What the pages share on which a side confirms minutes or signs an edition of a plan."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from baton.agreements.changes.confirming import confirm, meaning_of, refusal_to_confirm
from baton.agreements.queries.confirming import Confirmed, sides_confirmed
from baton.agreements.rules import Objection, Side
from baton.core.accounts.signing import SigningForm
from baton.core.middleware import BatonRequest
from baton.core.queries import ToSign
from baton.core.signature_words import meaning_word


def confirmed(
    request: BatonRequest,
    record: Confirmed,
    side: Side,
    shown: ToSign,
    *,
    template: str,
    back: str,
    text: Callable[[], Mapping[str, Any]],
) -> HttpResponse:
    """The page on which ``record``, shown as ``shown``, is read and signed for a side. ``text`` reads what it shows."""
    asked = next(
        one for one in sides_confirmed(viewer=request.actor, at=request.now, record=record) if one.side is side
    )
    if asked.objection is not None:
        own = request.actor.person
        signed = asked.standing.signature.person_id if asked.standing is not None else None
        if asked.objection is Objection.SIGNED and own is not None and signed == own.pk:
            return redirect(back)  # sent twice
        raise refusal_to_confirm(record, side, asked.objection)
    form = SigningForm(request.POST or None, request=request, shown=shown)
    if request.method == "POST" and form.is_valid():
        made = form.signed(
            lambda proof: confirm(
                by=request.actor, at=request.now, record=record, side=side, expected_digest=form.digest, proof=proof
            )
        )
        if made is not None:
            messages.success(request, _("Signed."))
            return redirect(back)
    values = {
        **text(), "form": form, "party": asked.party, "back": back, "meaning": meaning_word(meaning_of(record)),
    }  # fmt: skip
    return render(request, template, values, status=form.status)
