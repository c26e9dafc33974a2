"""Pages on which people set and lose the PIN and badge that they show on shared devices."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from baton.core import changes, policy, queries
from baton.core.act_proofs import proof_of
from baton.core.answering import carried_out
from baton.core.errors import Forbidden
from baton.core.guards import guarded
from baton.core.middleware import BatonRequest
from baton.core.pin_forms import BadgeForm, PinForm


@sensitive_post_parameters("pin", "again", "password")
@never_cache
@guarded()
def my_pin(request: BatonRequest) -> HttpResponse:
    """Whether one has a PIN and a badge, and the form for a new PIN."""
    by, at = request.actor, request.now
    form = PinForm(request.POST or None, request=request)
    made = carried_out(request, form, lambda: changes.set_pin(by=by, at=at, pin=form.typed), said=_("Your PIN is set."))
    return redirect("core:my_pin") if made is not None else _page(request, form, _("Set a PIN"))


@sensitive_post_parameters("badge", "password")
@never_cache
@guarded()
def my_badge(request: BatonRequest) -> HttpResponse:
    """The form for one's badge."""
    by, at = request.actor, request.now
    form = BadgeForm(request.POST or None, request=request)
    made = carried_out(
        request, form, lambda: changes.set_badge(by=by, at=at, code=form.typed), said=_("Your badge is known now.")
    )
    return redirect("core:my_pin") if made is not None else _page(request, form, _("Enter a badge"))


@require_POST
@guarded()
def remove_own(request: BatonRequest) -> HttpResponse:
    """One's own PIN and badge are no more."""
    if request.actor.person is None:
        raise Forbidden
    changes.remove_proofs(by=request.actor, at=request.now, person=request.actor.person)
    messages.success(request, _("PIN and badge are removed."))
    return redirect("core:my_pin")


@require_POST
@guarded()
def remove_of(request: BatonRequest, public_id: str) -> HttpResponse:
    """PIN and badge of somebody are no more: for administrators, and for heads."""
    found = queries.person_to_help(viewer=request.actor, at=request.now, public_id=public_id)
    changes.remove_proofs(by=request.actor, at=request.now, person=found)
    messages.success(request, _("PIN and badge are removed."))
    return redirect("core:issue_reset_code", public_id)


def _page(request: BatonRequest, form: PinForm | BadgeForm, button: str) -> HttpResponse:
    person = request.actor.person
    if person is None:
        raise Forbidden
    proof = proof_of(viewer=request.actor, person=person)
    values = {
        "form": form, "button": button, "has_pin": proof is not None and bool(proof.pin_hash),
        "has_badge": proof is not None and proof.badge_digest is not None, "for_badge": isinstance(form, BadgeForm),
        "locked_until": proof.locked_until if proof is not None and policy.is_self(request.actor, person) else None,
    }  # fmt: skip
    return render(request, "core/my_pin.html", values, status=form.status)
