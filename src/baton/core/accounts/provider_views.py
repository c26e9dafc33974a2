"""Signing in with the organisation's own account: the way to the provider, its answer, and signing out there."""

from __future__ import annotations

import logging
from typing import Any
from urllib.parse import urlencode

from allauth.account import views as account
from allauth.core import ratelimit
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from baton.core.accounts.oidc import OidcAdapter, provider_called
from baton.core.accounts.outside import TROUBLE, refuse
from baton.core.accounts.providers import IdentityProvider
from baton.core.accounts.refusals import SignInRefused, Why
from baton.core.error_pages import error_page
from baton.core.errors import explain
from baton.core.guards import public
from baton.core.middleware import OUTSIDE, BatonRequest
from baton.core.sign_ins import note_refusal
from baton.core.texts import say

log = logging.getLogger("baton.sign_ins")


class SignInView(account.LoginView):  # type: ignore[misc]
    """The sign-in page. Where only administrators use a password, its form is behind a link."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        values: dict[str, Any] = super().get_context_data(**kwargs)
        asked = "password" in self.request.GET or self.request.method == "POST"
        return values | {
            "providers": settings.IDENTITY_PROVIDERS,
            "shows_form": settings.PASSWORDS_FOR_EVERYBODY or asked,
            "administrators_only": not settings.PASSWORDS_FOR_EVERYBODY,
        }


sign_in = public(SignInView.as_view())


@never_cache
@require_POST
@public
def to_provider(request: BatonRequest, provider_id: str) -> HttpResponse:
    """The way to the provider; public because whoever signs in is not signed in yet."""
    provider = _provider(provider_id)
    if not ratelimit.consume(request, action="to_provider"):
        return error_page(request, 429)
    try:
        there = get_adapter(request).get_provider(request, provider.id).redirect_from_request(request)
    except TROUBLE as trouble:
        return _refused(request, provider, trouble)
    return _going_on(request, there["Location"], _("On to {provider}").format(provider=say(provider.names)))


@never_cache
@require_GET
@public
def from_provider(request: BatonRequest, provider_id: str) -> HttpResponse:
    """The provider's answer: signs in whom it means, or says what to do. Public for the same reason."""
    provider = _provider(provider_id)
    issuer = request.GET.get("iss", provider.issuer)
    if issuer.rstrip("/") != provider.issuer:  # RFC 9207
        return _refused_page(
            request, provider, SignInRefused(
                Why.TOKEN, provider=say(provider.names), detail=gettext_lazy("it comes from another provider")
            ),
        )  # fmt: skip
    try:
        answer: HttpResponse = OAuth2CallbackView.adapter_view(OidcAdapter(request, provider.id))(request)
    except SignInRefused as refused:
        return _refused_page(request, provider, refused)
    except TROUBLE as trouble:
        return _refused(request, provider, trouble)
    return answer


@require_POST
@public
def sign_out(request: BatonRequest) -> HttpResponse:
    """Signs out of Baton, and at the provider with whose account somebody came, where it offers that and the settings
    want it. Public: signing out twice is no error."""
    outside = request.session.get(OUTSIDE) or {}
    response: HttpResponse = account.logout(request)
    provider = provider_called(outside.get("provider", ""))
    if provider is None or not provider.signs_out or not outside.get("end"):
        return response
    there = {
        "id_token_hint": outside["id_token"],
        "client_id": provider.client_id,
        "post_logout_redirect_uri": settings.BASE_URL + reverse("account_login"),
    }
    joint = "&" if "?" in outside["end"] else "?"
    title = _("Signed out of Baton; on to {provider}").format(provider=say(provider.names))
    return _going_on(request, f"{outside['end']}{joint}{urlencode(there)}", title)


def _provider(provider_id: str) -> IdentityProvider:
    found = provider_called(provider_id)
    if found is None:
        raise Http404
    return found


def _going_on(request: BatonRequest, address: str, title: str) -> HttpResponse:
    """A page that leads on to the provider by itself. A redirect would not do: the content security policy lets forms
    lead nowhere but here, and browsers hold redirects of a form to it."""
    response = render(request, "account/going_on.html", {"address": address, "title": title})
    response["Refresh"] = f"0; url={address}"
    return response


def _refused(request: BatonRequest, provider: IdentityProvider, trouble: Exception) -> HttpResponse:
    try:
        refuse(say(provider.names), trouble)
    except SignInRefused as refused:
        return _refused_page(request, provider, refused)


def _refused_page(request: BatonRequest, provider: IdentityProvider, refused: SignInRefused) -> HttpResponse:
    """What went wrong and what to do, with the way back to the sign-in page. Too many of them are not written into the
    trail: whoever floods the sign-in would flood it. Nor are answers that belong to no sign-in begun here: they are
    nobody's failure, and anybody can send them."""
    if not ratelimit.consume(request, action="provider_refused"):
        return error_page(request, 429)
    if refused.why is Why.STATE:
        log.warning("an answer of provider %s belongs to no sign-in that was begun", provider.id)
    else:
        note_refusal(
            request, provider=provider.id, why=refused.why.value, subject=refused.subject, person_id=refused.person_id
        )
    values = {"message": explain(refused), "request_id": request.request_id, "why": refused.why.value}
    return render(request, "account/provider_refused.html", values, status=refused.status)
