"""Keys in other systems: one page for the records of every kind that has them."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from baton.core import changes, policy, queries, registries
from baton.core.answering import carried_out
from baton.core.errors import NotFound
from baton.core.guards import guarded
from baton.core.key_forms import KeyForm
from baton.core.middleware import BatonRequest


@require_http_methods(["GET", "POST"])
@guarded()
def keys(request: BatonRequest, kind: str, public_id: str) -> HttpResponse:
    """The keys of one record in use, and the form that gives another."""
    by, at = request.actor, request.now
    rules = policy.rules_of_keys(kind)
    if not rules.seen(by, {public_id}):
        raise NotFound
    policy.demand(rules.may_give(by, public_id))
    form = KeyForm(request.POST or None, systems=queries.systems(viewer=by))
    given = carried_out(request, form, lambda: changes.give_external_key(
        by=by, at=at, kind=kind, object_id=public_id, **form.given()))  # fmt: skip
    if given is not None:
        return redirect("core:keys", kind, public_id)
    values = {
        "form": form, "name": rules.name(by, public_id), "address": registries.policies.get(kind).address(public_id),
        "keys": queries.external_keys(viewer=by, kind=kind, object_ids=[public_id]).get(public_id, []),
    }  # fmt: skip
    return render(request, "core/keys.html", values, status=form.status)


@require_POST
@guarded()
def withdraw_key(request: BatonRequest, public_id: str) -> HttpResponse:
    """The key means the record no more."""
    key = queries.external_key(viewer=request.actor, public_id=public_id)
    changes.withdraw_external_key(by=request.actor, at=request.now, key=key)
    messages.success(request, _("The key was withdrawn. It may be given to another record now."))
    return redirect("core:keys", key.record_kind, key.object_id)
