"""OpenID Connect as allauth has it, made strict: the issuer must be the one that was set up, what says who signed in
must be signed, PKCE and a nonce are always used, and nothing of the request changes what a provider is asked."""

from __future__ import annotations

import hashlib
from typing import Any

from allauth.account.utils import get_next_redirect_url
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.models import SocialApp, SocialLogin, SocialToken
from allauth.socialaccount.providers.base import ProviderException
from allauth.socialaccount.providers.base.constants import AuthProcess
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.utils import generate_code_challenge
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from baton.core.accounts.id_tokens import TokenRefused, nonce_of, verified_claims
from baton.core.accounts.provider_calls import may_call
from baton.core.accounts.providers import IdentityProvider

_ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")
_OPTIONAL = ("userinfo_endpoint", "end_session_endpoint")


class NotOpenIDConnect(ProviderException):  # type: ignore[misc]
    """What the provider answers is not what OpenID Connect says."""


def provider_called(id: str) -> IdentityProvider | None:
    """The provider of the settings with this id."""
    return next((one for one in settings.IDENTITY_PROVIDERS if one.id == id), None)


def as_app(provider: IdentityProvider) -> SocialApp:
    """The provider as allauth wants it; never stored."""
    return SocialApp(
        provider=OpenIDConnectProvider.id, provider_id=provider.id, name=provider.id, client_id=provider.client_id,
        secret=provider.client_secret,
        settings={"server_url": provider.issuer, "scope": list(provider.scopes)},
    )  # fmt: skip


class OidcAdapter(OpenIDConnectOAuth2Adapter):  # type: ignore[misc]
    """One sign-in at one provider, from the way there to the account that comes back."""

    verifier = ""

    @property
    def openid_config(self) -> dict[str, Any]:
        """The configuration that the provider publishes, read once a request and checked."""
        if not hasattr(self, "_openid_config"):
            provider = self.get_provider()
            found = _json(provider.server_url)
            if str(found.get("issuer", "")).rstrip("/") != provider.app.settings["server_url"]:
                raise NotOpenIDConnect("the configuration is that of another issuer")
            if not all(may_call(found.get(name)) for name in _ENDPOINTS):
                raise NotOpenIDConnect("the configuration lacks an address, or names one that may not be called")
            self._openid_config = found | {name: "" for name in _OPTIONAL if not may_call(found.get(name))}
        return self._openid_config

    def get_callback_url(self, request: HttpRequest, app: SocialApp) -> str:
        return f"{settings.BASE_URL}{self.get_provider().get_callback_url()}"

    def get_access_token_data(
        self, request: HttpRequest, app: SocialApp, client: Any, pkce_code_verifier: str | None = None
    ) -> dict[str, Any]:
        self.verifier = pkce_code_verifier or ""
        try:
            found = super().get_access_token_data(request, app, client, pkce_code_verifier=pkce_code_verifier)
        except (KeyError, TypeError, ValueError) as unreadable:
            raise NotOpenIDConnect("the answer with the token cannot be read") from unreadable
        if not isinstance(found, dict) or not isinstance(found.get("id_token"), str):
            raise OAuth2Error("the answer holds no ID token")
        return found

    def parse_token(self, data: dict[str, Any]) -> SocialToken:
        return SocialToken(token=str(data["access_token"]))

    def complete_login(self, request: HttpRequest, app: SocialApp, token: SocialToken, **kwargs: Any) -> SocialLogin:
        """The account that the ID token names; claims that it lacks are asked for."""
        id_token: str = kwargs["response"]["id_token"]
        config = self.openid_config
        claims = verified_claims(
            id_token, keys=_json(config["jwks_uri"]), issuer=config["issuer"], audience=app.client_id,
            nonce=nonce_of(self.verifier),
        )  # fmt: skip
        provider = provider_called(app.provider_id)
        if provider is not None and config["userinfo_endpoint"] and not _needed(provider) <= set(claims):
            claims = _with_more(claims, _json(config["userinfo_endpoint"], bearer=token.token))
        answer = {"claims": claims, "id_token": id_token, "end": config["end_session_endpoint"]}
        return self.get_provider().sociallogin_from_response(request, answer)


class OidcProvider(OpenIDConnectProvider):  # type: ignore[misc]
    """A provider of the settings."""

    oauth2_adapter_class = OidcAdapter

    def get_redirect_from_request_kwargs(self, request: HttpRequest) -> dict[str, Any]:
        """Signing in and nothing else, with the scopes of the settings, whatever the request says."""
        return {"process": AuthProcess.LOGIN, "next_url": get_next_redirect_url(request)}

    def get_pkce_params(self) -> dict[str, Any]:
        made = generate_code_challenge()
        return {**made, "nonce": nonce_of(made["code_verifier"])}

    def extract_uid(self, data: dict[str, Any]) -> str:
        """A digest: the account itself stands in our own table (models.Identity)."""
        return hashlib.sha256(str(data["claims"]["sub"]).encode()).hexdigest()

    def extract_common_fields(self, data: dict[str, Any]) -> dict[str, Any]:
        return {}

    def extract_email_addresses(self, data: dict[str, Any]) -> list[Any]:
        """None: whom an address means is decided by core.accounts.recognition."""
        return []

    def serialize(self) -> dict[str, Any]:
        return {"id": self.app.provider_id}


provider_classes = [OidcProvider]


def _needed(provider: IdentityProvider) -> set[str]:
    """The claims without which nobody is recognised, or added."""
    needed = {provider.staff_number} if provider.staff_number else {"email", "email_verified"}
    return needed | ({"name"} if provider.adds_people else set())


def _with_more(claims: dict[str, Any], more: dict[str, Any]) -> dict[str, Any]:
    """What is signed, completed by what the provider says when asked, where it speaks of the same account."""
    if more.get("sub") != claims["sub"]:
        raise TokenRefused(_("it speaks of another account"))
    if "email" in claims and more.get("email") != claims["email"]:
        more = {name: value for name, value in more.items() if name != "email_verified"}
    return {**more, **claims}


def _json(address: str, *, bearer: str = "") -> dict[str, Any]:
    """The object at an address of the provider; RequestException where there is none."""
    headers = {"Authorization": f"Bearer {bearer}"} if bearer else {}
    with get_adapter().get_requests_session() as session:
        answer = session.get(address, headers=headers)
        answer.raise_for_status()
        found = answer.json()
    if not isinstance(found, dict):
        raise NotOpenIDConnect("an object was expected")
    return found
