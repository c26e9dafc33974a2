"""What the API offers, for programs and for people."""

from __future__ import annotations

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from baton.core import policy, registries
from baton.core.api import reference
from baton.core.guards import guarded, public
from baton.core.middleware import BatonRequest
from baton.core.problems import STATUSES, TITLES


@require_safe
@public
def openapi(request: BatonRequest) -> HttpResponse:
    """The OpenAPI document; public, because it says nothing that the published source does not say."""
    return JsonResponse(reference.openapi(), json_dumps_params={"ensure_ascii": False})


@require_safe
@guarded(policy.is_signed_in)
def api_reference(request: BatonRequest) -> HttpResponse:
    """Every call with its parameters, an example and the command that makes it."""
    problems = [{"kind": kind, "status": status, "title": TITLES[kind]} for kind, status in STATUSES.items()]
    values = {
        "tags": reference.page(), "scopes": list(registries.api_scopes), "problems": problems,
        "parameters": _("Parameters"), "body": _("Members of the body"),
        "may_make": policy.may_make_tokens(request.actor),
    }  # fmt: skip
    return render(request, "core/api_reference.html", values)
