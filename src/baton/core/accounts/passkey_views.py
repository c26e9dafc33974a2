"""Pages about passkeys: setting one up, taking it away, confirming with it who one is."""

from __future__ import annotations

from typing import Any

from allauth.mfa.base.views import IndexView
from allauth.mfa.webauthn.views import AddWebAuthnView, ReauthenticateWebAuthnView, RemoveWebAuthnView
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse_lazy

from baton.core.accounts.passkeys import are_possible
from baton.core.errors import Refused
from baton_analysis.errors import gettext_noop


class FactorsView(IndexView):  # type: ignore[misc]
    """The second factors of whoever is signed in."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), "passkeys_possible": are_possible()}


class AddPasskeyView(AddWebAuthnView):  # type: ignore[misc]
    """Set one up; refused where browsers make none."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not are_possible():
            raise Refused(
                expected=gettext_noop("Passkeys need an address with https and a name, such as baton.example.org."),
                found=gettext_noop("This installation has none."),
                remedy=gettext_noop("Set up an authenticator app, or ask the administrator for such an address."),
            )
        answer: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return answer


class ConfirmPasskeyView(ReauthenticateWebAuthnView):  # type: ignore[misc]
    """Confirm with it who one is; what was wrong is said on the same page."""

    def form_invalid(self, form: Any) -> HttpResponse:
        answer: HttpResponse = self.render_to_response(self.get_context_data(form=form))
        return answer

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), **kwargs}


factors = FactorsView.as_view()
add_passkey = AddPasskeyView.as_view()
confirm_passkey = ConfirmPasskeyView.as_view()
remove_passkey = RemoveWebAuthnView.as_view(success_url=reverse_lazy("mfa_index"))
