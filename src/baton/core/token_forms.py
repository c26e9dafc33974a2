"""The form with which somebody makes a token of the API."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from django import forms
from django.contrib.auth import authenticate
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from baton.core import registries
from baton.core.forms import RecordForm
from baton.core.models import Record
from baton.core.models.tokens import TOKEN_KINDS
from baton.core.rules import PASSWORD_LENGTH, TOKEN_DAYS, TokenKind

R = TypeVar("R", bound=Record)


class TokenForm(RecordForm):
    """What the token is for, what it may be used for, for how long; and the password, because it opens what the person
    may."""

    field_order = ("name", "token_kind", "scopes", "days", "password")

    name = forms.CharField(label=_("What it is for"), max_length=100, help_text=_("Such as: nightly report."))
    token_kind = forms.ChoiceField(
        label=_("Kind"), initial=TokenKind.PERSONAL,
        help_text=_("Personal: your own scripts, at most a year. Machine: another system, at most three years."),
    )  # fmt: skip
    scopes = forms.MultipleChoiceField(
        label=_("May be used to"), widget=forms.CheckboxSelectMultiple,
        help_text=_("Never more than you yourself may at the time of the call."),
    )  # fmt: skip
    days = forms.IntegerField(
        label=_("Days until it ends"), initial=90, min_value=1, max_value=max(TOKEN_DAYS.values()),
        help_text=_("It is refused afterwards; make a new one in time."),
    )  # fmt: skip
    password = forms.CharField(
        label=_("Your password"), strip=False, max_length=PASSWORD_LENGTH.stop - 1,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )  # fmt: skip

    def __init__(self, *args: Any, request: HttpRequest, machines: bool, **kwargs: Any) -> None:
        """``machines``: whether the person may make tokens for other systems."""
        super().__init__(*args, **kwargs)
        self.request = request
        kinds = [kind for kind in TokenKind if machines or kind is TokenKind.PERSONAL]
        self.fields["token_kind"].choices = [(kind.value, TOKEN_KINDS[kind]) for kind in kinds]  # type: ignore[attr-defined]
        self.fields["scopes"].choices = list(registries.api_scopes)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """The password is checked last and counted like a sign-in: too many wrong ones lock the account."""
        data = super().clean()
        password = data.pop("password", "")
        if password and not self.errors:
            user: Any = self.request.user
            found = authenticate(self.request, username=user.sign_in_name, password=password)
            if found is None or found.pk != user.pk:
                self.add_error("password", _("This is not your password. Type it again."))
        return data

    def given(self) -> dict[str, Any]:
        """What :func:`baton.core.changes.make_token` takes."""
        data = self.cleaned_data
        return {
            "name": data["name"],
            "token_kind": TokenKind(data["token_kind"]),
            "scopes": data["scopes"],
            "days": data["days"],
        }

    def made(self, write: Callable[[], tuple[R, str]], *, by: Any, at: Any) -> tuple[R | None, str]:
        """The record and its text; the text is empty where the form was sent before: it is shown once only."""
        texts: list[str] = []

        def kept() -> R:
            record, text = write()
            texts.append(text)
            return record

        return self.carry_out(by=by, at=at, write=kept), "".join(texts)
