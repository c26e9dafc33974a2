"""Passkeys (WebAuthn): a second factor that opens one address only, and that nobody can be talked into telling.

The device itself makes sure that it is its owner, by finger, face or PIN; what it signs holds for this address and for
one question of the server. Kept of it is a public key.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.forms import AddWebAuthnForm, AuthenticateWebAuthnForm, ReauthenticateWebAuthnForm
from allauth.mfa.webauthn.internal.auth import begin_authentication
from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from baton.core.models import Person

NAME_LENGTH = 60
ANSWER_LENGTH = 20_000
"""Most characters of what a browser answers; a usual answer has two thousand."""
NOT_READ = _("No valid passkey was given. Try again with the device on which you set it up, or use another factor.")


def are_possible() -> bool:
    """Whether browsers make passkeys for this installation: its address has a name, and https unless it is this very
    machine."""
    address = urlsplit(settings.BASE_URL)
    host = address.hostname or ""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return address.scheme == "https"
    return False


def has_passkey(person: Person) -> bool:
    """Whether he has set one up that can be used here."""
    held = Authenticator.objects.filter(user=person, type=Authenticator.Type.WEBAUTHN)
    return are_possible() and bool(held.exists())


def question_for(person: Person) -> dict[str, Any]:
    """What his browser is asked, as JSON; kept in the session until it is answered."""
    return dict(begin_authentication(person))


def answers(person: Person, answer: str) -> bool:
    """Whether ``answer`` of his browser is right; each question is answered once."""
    form = ConfirmPasskeyForm(data={"credential": answer}, user=person)
    if not form.is_valid():
        return False
    form.cleaned_data["credential"].record_usage()
    return True


@contextmanager
def _said_as_unreadable() -> Iterator[None]:
    """Whatever allauth and its library make of an answer that is wrong or no answer: one message. Too many tries keep
    their own."""
    try:
        yield
    except forms.ValidationError as refused:
        if refused.code == "too_many_login_attempts":
            raise
        raise forms.ValidationError(NOT_READ) from refused
    except (AttributeError, KeyError, TypeError, ValueError, AssertionError) as unreadable:
        raise forms.ValidationError(NOT_READ) from unreadable


class _Passkey(forms.Form):
    """What every form about passkeys says when the browser's answer cannot be read."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["credential"].error_messages |= {"required": NOT_READ, "invalid": NOT_READ}

    def clean_credential(self) -> Any:
        given = self.cleaned_data["credential"]
        if not isinstance(given, dict) or len(str(given)) > ANSWER_LENGTH:
            raise forms.ValidationError(NOT_READ)
        checked = getattr(super(), "clean_credential", None)
        with _said_as_unreadable():
            return checked() if checked is not None else given


class AddPasskeyForm(_Passkey, AddWebAuthnForm):  # type: ignore[misc]
    """Setting one up, with a name by which its owner knows the device."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"] = forms.CharField(
            label=_("Name of the device"), max_length=NAME_LENGTH, required=False,
            help_text=_("By which you know it later, such as “My phone”."),
        )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        with _said_as_unreadable():
            return super().clean() or self.cleaned_data


class PasskeyForm(_Passkey, AuthenticateWebAuthnForm):  # type: ignore[misc]
    """The second step of a sign-in."""


class ConfirmPasskeyForm(_Passkey, ReauthenticateWebAuthnForm):  # type: ignore[misc]
    """Confirming who one is before something important."""
