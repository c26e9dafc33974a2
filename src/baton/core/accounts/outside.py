"""Where allauth asks us about sign-ins at providers: which there are, whom an account means, what went wrong."""

from __future__ import annotations

from typing import Any, NoReturn

from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialApp, SocialLogin
from allauth.socialaccount.providers.base import AuthError, Provider
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from django.conf import settings
from django.db.models import Model
from django.http import HttpRequest
from requests import RequestException

from baton.core.accounts.id_tokens import TokenRefused
from baton.core.accounts.oidc import NotOpenIDConnect, as_app, provider_called
from baton.core.accounts.provider_calls import ProviderSession
from baton.core.accounts.recognition import asks_second_factor, recognise
from baton.core.accounts.refusals import SignInRefused, Why
from baton.core.accounts.stages import ASK
from baton.core.models import Person
from baton.core.texts import say

TROUBLE = (RequestException, OAuth2Error, NotOpenIDConnect)
"""What a call to a provider raises that does not come to a good end."""


class SocialAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """Providers come from the settings, people from our own table of identities; allauth's tables stay empty."""

    def list_apps(
        self, request: HttpRequest, provider: str | None = None, client_id: str | None = None
    ) -> list[SocialApp]:
        apps = [as_app(one) for one in settings.IDENTITY_PROVIDERS]
        return [
            app
            for app in apps
            if provider in (None, app.provider, app.provider_id) and client_id in (None, app.client_id)
        ]

    def get_requests_session(self) -> ProviderSession:
        return ProviderSession()

    def new_user(self, request: HttpRequest, sociallogin: SocialLogin) -> Person:
        return Person()

    def populate_user(self, request: HttpRequest, sociallogin: SocialLogin, data: dict[str, Any]) -> Person:
        """Nothing: people are added by core.accounts.recognition, where at all."""
        person: Person = sociallogin.user
        return person

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """The person takes the place of the empty one; of what the provider said stays only what signing out needs."""
        answer = sociallogin.account.extra_data
        provider = provider_called(sociallogin.account.provider)
        assert provider is not None
        seen: Any = request
        sociallogin.user = recognise(provider, answer["claims"], at=seen.now, request=seen.request_id)
        sociallogin.account.extra_data = {
            ASK: asks_second_factor(provider, answer["claims"]),
            "id_token": answer["id_token"],
            "end": answer["end"],
        }

    def on_authentication_error(
        self,
        request: HttpRequest,
        provider: Provider,
        error: str | None = None,
        exception: Exception | None = None,
        extra_context: dict[str, Any] | None = None,
    ) -> None:
        name = say(provider_called(provider.app.provider_id).names)  # type: ignore[union-attr]
        if exception is not None:
            refuse(name, exception)
        began = "state" in (extra_context or {})
        why = Why.CANCELLED if error == AuthError.CANCELLED else Why.REFUSED if began else Why.STATE
        raise SignInRefused(why, provider=name)

    def serialize_instance(self, instance: Model) -> dict[str, Any]:
        """What waits in the session for the second factor: of a person only who he is."""
        if isinstance(instance, Person):
            return {"public_id": instance.public_id}
        found: dict[str, Any] = super().serialize_instance(instance)
        return found

    def deserialize_instance(self, model: type[Model], data: dict[str, Any]) -> Model:
        if model is Person:
            return Person.objects.get(public_id=data["public_id"])
        found: Model = super().deserialize_instance(model, data)
        return found


def refuse(name: str, trouble: Exception) -> NoReturn:
    """What the trouble with the provider called ``name`` means for the person."""
    if isinstance(trouble, TokenRefused):
        raise SignInRefused(Why.TOKEN, provider=name, detail=trouble.detail) from trouble
    why = Why.REFUSED if isinstance(trouble, OAuth2Error) else Why.DOWN
    raise SignInRefused(why, provider=name) from trouble
