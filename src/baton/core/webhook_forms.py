"""The form of a webhook."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from baton.core.audit import words
from baton.core.forms import RecordForm
from baton.core.models import Webhook
from baton.core.webhooks.events import offered


class WebhookForm(RecordForm):
    """What it is for, where it leads and of what it tells."""

    field_order = ("name", "address", "events")

    name = forms.CharField(label=_("What it is for"), max_length=100, help_text=_("Such as: maintenance system."))
    address = forms.CharField(
        label=_("Address of the receiver"), max_length=500,
        widget=forms.URLInput(attrs={"placeholder": "https://", "autocomplete": "off", "spellcheck": "false"}),
        help_text=_("A full https address on the internet; redirects are not followed."),
    )  # fmt: skip
    events = forms.MultipleChoiceField(
        label=_("Tell of"), widget=forms.CheckboxSelectMultiple,
        help_text=_("Only what you may see yourself is sent: which record, what happened and when; no values."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["events"].choices = [  # type: ignore[attr-defined]
            (code, f"{capfirst(words.kind(code.partition('.')[0]))} · {label}") for code, label in offered()
        ]

    def given(self) -> dict[str, Any]:
        """What :func:`baton.core.webhooks.changes.add_webhook` takes."""
        return {name: self.cleaned_data[name] for name in ("name", "address", "events")}

    def made(self, write: Callable[[], tuple[Webhook, str]], *, by: Any, at: Any) -> tuple[Webhook | None, str]:
        """The record and its secret; the secret is empty where the form was sent before: it is shown once only."""
        secrets: list[str] = []

        def kept() -> Webhook:
            record, secret = write()
            secrets.append(secret)
            return record

        return self.carry_out(by=by, at=at, write=kept), "".join(secrets)
