"""The forms with which somebody sets the PIN and badge that he shows on shared devices."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth import authenticate
from django.utils.translation import gettext_lazy as _

from baton.core.act_proofs import BADGE_LENGTH
from baton.core.forms import RecordForm
from baton.core.middleware import BatonRequest
from baton.core.rules import PASSWORD_LENGTH

NUMBERS_ONLY = {"inputmode": "numeric", "autocomplete": "off"}


class OwnSecretForm(RecordForm):
    """A secret and, from whoever has one, the password: a screen that was left open sets nobody's PIN. The secret is
    taken out of what is kept of the form."""

    secret = ""

    password = forms.CharField(
        label=_("Your password"), strip=False, max_length=PASSWORD_LENGTH.stop - 1,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )  # fmt: skip

    def __init__(self, *args: Any, request: BatonRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request, self.typed = request, ""
        if request.actor.person is None or not request.actor.person.has_usable_password():
            del self.fields["password"]

    def clean(self) -> dict[str, Any]:
        """The password is checked last and counted like a sign-in: too many wrong ones lock the account."""
        data = super().clean()
        password, self.typed = data.pop("password", ""), data.pop(self.secret, "")
        if password and not self.errors:
            user: Any = self.request.user
            found = authenticate(self.request, username=user.sign_in_name, password=password)
            if found is None or found.pk != user.pk:
                self.add_error("password", _("This is not your password. Type it again."))
        return data


class PinForm(OwnSecretForm):
    """A new PIN, twice."""

    secret = "pin"
    field_order = ("pin", "again", "password")

    pin = forms.CharField(
        label=_("New PIN"), max_length=8, help_text=_("4 to 8 digits. No run such as 1234, not one digit only."),
        widget=forms.PasswordInput(attrs=NUMBERS_ONLY),
    )  # fmt: skip
    again = forms.CharField(label=_("New PIN again"), max_length=8, widget=forms.PasswordInput(attrs=NUMBERS_ONLY))

    def clean(self) -> dict[str, Any]:
        """Both are the same."""
        again = self.cleaned_data.pop("again", None)
        if again is not None and again != self.cleaned_data.get("pin", again):
            self.add_error("again", _("The two PINs differ. Type the same one twice."))
        return super().clean()


class BadgeForm(OwnSecretForm):
    """The badge, as its reader types it."""

    secret = "badge"
    field_order = ("badge", "password")

    badge = forms.CharField(
        label=_("Code of the badge"), max_length=BADGE_LENGTH.stop - 1,
        help_text=_("Put the cursor here and hold the badge to the reader, or type what stands on it."),
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
