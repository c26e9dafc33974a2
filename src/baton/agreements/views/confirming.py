"""What the pages share on which a side confirms minutes or signs an edition of a plan, or is asked to from outside."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from baton.agreements import policy
from baton.agreements.changes.confirming import confirm, meaning_of, refusal_to_confirm
from baton.agreements.changes.confirming_outside import ask_to_confirm, withdraw_from_confirming
from baton.agreements.pages.signing import links_shown
from baton.agreements.queries.confirming import Confirmed, link_of, party_on, sides_confirmed
from baton.agreements.rules import Objection, Side
from baton.agreements.views.asking import asking_page
from baton.chain.views.answering import standing
from baton.core import queries as core_queries
from baton.core.accounts.signing import SigningForm
from baton.core.guards import guarded
from baton.core.middleware import BatonRequest
from baton.core.policy import demand
from baton.core.queries import ToSign
from baton.core.registries import policies
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


def asked_to_confirm(request: BatonRequest, record: Confirmed, side: Side, shown: ToSign, *, back: str) -> HttpResponse:
    """The page on which somebody of an outside party is asked to confirm ``record``, shown as ``shown``."""
    demand(policy.may_write(standing(request), link_of(record)))
    return asking_page(
        request, shown, party=party_on(link_of(record), side), subject=record, back=back,
        ask=lambda **given: ask_to_confirm(by=request.actor, at=request.now, record=record, side=side, **given),
    )  # fmt: skip


def links_about(request: BatonRequest, record: Confirmed) -> list[dict[str, Any]]:
    """The task links with which people outside were asked to confirm ``record``."""
    found = core_queries.task_links(viewer=request.actor, kind=record.kind, public_ids=[record.public_id])
    may_ask = policy.may_write(standing(request), link_of(record))
    return links_shown(found, request.now, withdraw="agreements:withdraw_from_confirming" if may_ask else "")


@require_POST
@guarded()
def withdraw(request: BatonRequest, public_id: str) -> HttpResponse:
    """Take a task link back."""
    link = core_queries.task_link(viewer=request.actor, public_id=public_id)
    withdraw_from_confirming(by=request.actor, at=request.now, link=link)
    messages.success(request, _("The link works no more."))
    kind, about = core_queries.link_subject(public_id)
    return redirect(policies.get(kind).address(about))
