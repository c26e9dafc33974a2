"""Pages on which a side signs a version, or somebody of an outside party is asked to."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from baton.agreements import changes, policy, queries
from baton.agreements.changes.signing import party_of, refusal, side_named
from baton.agreements.models import AgreementVersion
from baton.agreements.pages.signing import version_text
from baton.agreements.pages.texts import page_of_text
from baton.agreements.views.asking import asking_page
from baton.chain.views.answering import standing
from baton.core import queries as core_queries
from baton.core.accounts.signing import SigningForm
from baton.core.guards import guarded
from baton.core.middleware import BatonRequest
from baton.core.policy import demand
from baton.core.queries import ToSign
from baton.core.signature_words import meaning_word
from baton.core.signing_rules import Meaning


@sensitive_post_parameters("password", "code")
@never_cache
@guarded()
def sign(request: BatonRequest, public_id: str, side: str) -> HttpResponse:
    """Read the version and sign it for a side."""
    shown, found = _read(request, public_id)
    place = side_named(side)
    asked = queries.signing_page(viewer=request.actor, at=request.now, version=found).of(place)
    if asked.objection is not None:
        if request.method == "POST" and asked.is_signed_by(request.actor):
            return redirect(page_of_text(found))  # sent twice
        raise refusal(asked.objection, state=str(found.get_state_display()))
    form = SigningForm(request.POST or None, request=request, shown=shown)
    if request.method == "POST" and form.is_valid():
        made = form.signed(
            lambda proof: changes.accept_version(
                by=request.actor, at=request.now, version=found, side=place, expected_digest=form.digest, proof=proof
            )
        )
        if made is not None:
            messages.success(request, _("Signed."))
            return redirect(page_of_text(found))
    values = {
        **version_text(queries.version(viewer=request.actor, at=request.now, public_id=public_id), request.now),
        "form": form, "party": party_of(found, place), "back": page_of_text(found),
        "meaning": meaning_word(Meaning.ACCEPTANCE),
    }  # fmt: skip
    return render(request, "agreements/sign.html", values, status=form.status)


@never_cache
@guarded()
def ask(request: BatonRequest, public_id: str, side: str) -> HttpResponse:
    """Ask somebody of an outside party to accept the version; the code, and a link that is not sent, are shown once."""
    shown, found = _read(request, public_id)
    place = side_named(side)
    demand(policy.may_write(standing(request), found.agreement.link))
    return asking_page(
        request, shown, party=party_of(found, place), subject=found, back=page_of_text(found),
        ask=lambda **given: changes.ask_outside(
            by=request.actor, at=request.now, version=found, side=place, **given
        ),
    )  # fmt: skip


@require_POST
@guarded()
def withdraw(request: BatonRequest, public_id: str) -> HttpResponse:
    """Take a task link back."""
    link = core_queries.task_link(viewer=request.actor, public_id=public_id)
    changes.withdraw_asking(by=request.actor, at=request.now, link=link)
    messages.success(request, _("The link works no more."))
    return redirect(page_of_text(queries.version(viewer=request.actor, at=request.now, public_id=link.object_id)))


def _read(request: BatonRequest, public_id: str) -> tuple[ToSign, AgreementVersion]:
    """What is signed, asked before it is read: what changes in between is not signed unseen."""
    shown = core_queries.to_sign(viewer=request.actor, kind=AgreementVersion.kind, public_id=public_id)
    return shown, queries.version(viewer=request.actor, at=request.now, public_id=public_id)
