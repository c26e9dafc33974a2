"""Everybody's own page."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext

from baton.core import changes, policy, queries
from baton.core.answering import carried_out
from baton.core.errors import Forbidden
from baton.core.guards import guarded
from baton.core.middleware import BatonRequest
from baton.core.people_forms import ROLE_NAMES, ProfileForm
from baton.core.retention import personal_fields


@guarded(policy.is_signed_in)
def me(request: BatonRequest) -> HttpResponse:
    """Name, contacts, language, zone, password and second factor of whoever is signed in."""
    by, at, person = request.actor, request.now, request.actor.person
    if person is None:
        raise Forbidden
    form = ProfileForm(request.POST or None, record=person)
    saved = carried_out(request, form, lambda: changes.edit_person(
        by=by, at=at, person=person, expected_seq=form.version, **form.given()), said="")  # fmt: skip
    if saved is not None:
        with translation.override(saved.language):
            messages.success(request, gettext("Saved."))
        return redirect("core:me")
    values = {
        "form": form, "person": person, "roles": [ROLE_NAMES[role] for role in sorted(by.roles)],
        "may_make_tokens": policy.may_make_tokens(by),
        "has_factor": queries.has_second_factor(viewer=by, person=person),
        "personal_fields": personal_fields(),
    }  # fmt: skip
    return render(request, "core/me.html", values, status=form.status)
