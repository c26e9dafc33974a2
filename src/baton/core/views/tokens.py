"""Pages about tokens of the API: one's own, and everybody's for administrators."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from baton.core import changes, policy, registries, tokens
from baton.core.guards import guarded
from baton.core.middleware import BatonRequest
from baton.core.models import ApiToken
from baton.core.token_forms import TokenForm

PAGE_SIZE = 50


@sensitive_post_parameters("password")
@never_cache
@guarded(policy.may_make_tokens)
def my_tokens(request: BatonRequest) -> HttpResponse:
    """One's own tokens, and the form for a new one, which is shown once."""
    by, at = request.actor, request.now
    form = TokenForm(request.POST or None, request=request, machines=policy.may_make_machine_tokens(by))
    text = ""
    if request.method == "POST" and form.is_valid():
        token, text = form.made(lambda: changes.make_token(by=by, at=at, **form.given()), by=by, at=at)
        if token is not None and not text:
            messages.info(
                request, _("This token was made already. It is shown once; withdraw it and make another one.")
            )
        if token is not None:
            form = TokenForm(request=request, machines=policy.may_make_machine_tokens(by))
    own = list(tokens.tokens_of(viewer=by)[:200])
    values = {"form": form, "rows": _rows(request, own), "text": text}
    return render(request, "core/tokens.html", values, status=form.status)


@require_safe
@guarded(policy.may_list_tokens)
def all_tokens(request: BatonRequest) -> HttpResponse:
    """Everybody's tokens."""
    page = Paginator(tokens.all_tokens(viewer=request.actor), PAGE_SIZE).get_page(request.GET.get("page"))
    values = {"page_obj": page, "rows": _rows(request, list(page.object_list))}
    return render(request, "core/all_tokens.html", values)


@require_POST
@guarded(policy.is_signed_in)
def withdraw_token(request: BatonRequest, public_id: str) -> HttpResponse:
    """End a token at once: its owner, or an administrator."""
    token = tokens.token(viewer=request.actor, public_id=public_id)
    changes.withdraw_token(by=request.actor, at=request.now, token=token)
    messages.success(request, _("The token is withdrawn; calls with it are refused from now on."))
    own = policy.is_self(request.actor, token.owner)
    return redirect("core:my_tokens" if own and policy.may_make_tokens(request.actor) else "core:all_tokens")


def _rows(request: BatonRequest, shown: Sequence[ApiToken]) -> list[dict[str, Any]]:
    used = tokens.last_uses(viewer=request.actor, tokens=list(shown))
    names = dict(registries.api_scopes)
    return [
        {
            "token": token,
            "alive": token.is_alive(request.now),
            "used_at": used.get(token.public_id),
            "scopes": [(scope, names.get(scope, scope)) for scope in token.scopes],
        }
        for token in shown
    ]
