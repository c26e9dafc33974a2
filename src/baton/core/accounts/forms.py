"""The forms of allauth's pages, with our words and checks."""

from __future__ import annotations

from typing import Any, ClassVar

from allauth.account.forms import (
    ChangePasswordForm,
    LoginForm,
    ReauthenticateForm,
    ResetPasswordForm,
    ResetPasswordKeyForm,
    SetPasswordForm,
)
from allauth.mfa.base.forms import AuthenticateForm, BaseAuthenticateForm
from allauth.mfa.base.forms import ReauthenticateForm as ReauthenticateFactorForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from baton.core import changes
from baton.core.accounts.adapters import MFAAdapter
from baton.core.accounts.mail import send_password_reset
from baton.core.forms import email_field
from baton.core.rules import PASSWORD_LENGTH, normal_sign_in_name


class SignInForm(LoginForm):  # type: ignore[misc]
    """Sign-in by staff number, phone or e-mail."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"] = forms.CharField(
            label=_("Staff number, phone or e-mail"),
            max_length=254,
            widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "autofocus": True}),
        )
        self.fields["password"] = forms.CharField(
            label=_("Password"),
            strip=False,
            max_length=PASSWORD_LENGTH.stop - 1,
            widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        )
        self.order_fields(["login", "password"])


class _PasswordFields(forms.Form):
    """Password fields labelled and explained as on our other pages, nothing written into the empty fields."""

    labels: ClassVar[dict[str, Any]] = {
        "oldpassword": _("Present password"), "password": _("Password"), "password1": _("New password"),
        "password2": _("New password again"),
    }  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.label = self.labels.get(name, field.label)
            field.help_text = ""
            field.widget.attrs.pop("placeholder", None)
        if "password1" in self.fields:
            self.fields["password1"].help_text = _(
                "Ten to 128 characters, not one of the well-known ones. Your other sign-ins end."
            )


class ChangeForm(_PasswordFields, ChangePasswordForm):  # type: ignore[misc]
    """A new password of somebody who knows the present one."""


class SetForm(_PasswordFields, SetPasswordForm):  # type: ignore[misc]
    """The first password."""


class ResetForm(_PasswordFields, ResetPasswordKeyForm):  # type: ignore[misc]
    """A new password after the link in the mailbox."""


class ConfirmPasswordForm(_PasswordFields, ReauthenticateForm):  # type: ignore[misc]
    """Confirming with the password who one is before something important."""


class AskForResetForm(ResetPasswordForm):  # type: ignore[misc]
    """Ask for a link by mail. Whether anybody has the address is found out by the worker, never in the request."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"] = email_field(widget=forms.EmailInput(attrs={"autocomplete": "email"}))

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"])

    def save(self, request: HttpRequest, **kwargs: Any) -> str:
        address = normal_sign_in_name(self.cleaned_data["email"])
        send_password_reset.enqueue(address=address)
        return address


class _SpentOnce(BaseAuthenticateForm):  # type: ignore[misc]
    """A one-time code is accepted once, and none that is older than the last one accepted (RFC 6238, 5.2)."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs.pop("placeholder", None)

    def clean_code(self) -> str:
        code: str = super().clean_code()
        if self.authenticator.type == Authenticator.Type.TOTP and not changes.spend_totp_code(
            authenticator=self.authenticator, code=code
        ):
            raise MFAAdapter().validation_error("incorrect_code")
        return code


class SecondFactorForm(_SpentOnce, AuthenticateForm):  # type: ignore[misc]
    """The second step of a sign-in."""


class ConfirmFactorForm(_SpentOnce, ReauthenticateFactorForm):  # type: ignore[misc]
    """Confirming who one is before something important."""


class SetUpFactorForm(ActivateTOTPForm):  # type: ignore[misc]
    """Switching the second factor on."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].label = _("Code from the app")
        self.fields["code"].widget.attrs.pop("placeholder", None)
