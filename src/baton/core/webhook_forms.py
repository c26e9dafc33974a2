"""The forms of webhooks and of group chats."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from django import forms
from django.conf import settings
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from baton.core.actors import Actor
from baton.core.audit import words
from baton.core.forms import RecordForm
from baton.core.models import Webhook
from baton.core.models.webhooks import PROTOCOLS
from baton.core.rules import Protocol
from baton.core.webhooks import audiences
from baton.core.webhooks.events import offered, offered_to_chats
from baton.core.widgets import GroupedChecks, LongSelect


def _events(found: Iterable[tuple[str, Any]]) -> list[tuple[str, list[tuple[str, str]]]]:
    """The actions under the kind of record that they are about."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for code, label in found:
        groups.setdefault(str(capfirst(words.kind(code.partition(".")[0]))), []).append((code, str(label)))
    return list(groups.items())


class ChatForm(RecordForm):
    """Which chat, who is in it, and of what it is told. Address and secret are never shown again."""

    field_order = ("name", "protocol", "address", "secret", "audience", "language", "events")

    name = forms.CharField(
        label=_("Name of the chat"), max_length=100, help_text=_("As its members know it, such as: Ward 3 all.")
    )
    protocol = forms.ChoiceField(
        label=_("Service"),
        choices=[(protocol.value, label) for protocol, label in PROTOCOLS.items() if protocol != Protocol.STANDARD],
    )
    address = forms.CharField(
        label=_("Address of the robot"), max_length=500,
        widget=forms.TextInput(attrs={"placeholder": "https://", "autocomplete": "off", "spellcheck": "false"}),
        help_text=_("Add a robot in the settings of the chat and copy its address. It is kept sealed, as a secret."),
    )  # fmt: skip
    secret = forms.CharField(
        label=_("Secret of the robot"), max_length=200, required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        help_text=_("Only if it checks signatures (DingTalk, Feishu). If it asks for a keyword: Baton."),
    )  # fmt: skip
    audience = forms.ChoiceField(
        label=_("Who is in the chat"), widget=LongSelect,
        help_text=_("It is told only what all of them may see. Those who lead them are told that the chat was added."),
    )  # fmt: skip
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES, initial=settings.LANGUAGE_CODE)
    events = forms.MultipleChoiceField(
        label=_("Tell of"), widget=GroupedChecks,
        help_text=_("What happened, the name of the record and a link; never who did it or what was written about it."),
    )  # fmt: skip

    def __init__(self, *args: Any, by: Actor, at: datetime, record: Webhook | None = None, **kwargs: Any) -> None:
        super().__init__(*args, record=record, **kwargs)
        groups = [("", _("Choose…")), *audiences.choices(by=by, at=at)]
        self.fields["audience"].choices = groups  # type: ignore[attr-defined]
        self.fields["events"].choices = _events(offered_to_chats())  # type: ignore[attr-defined]
        if record is not None:
            del self.fields["protocol"]
            self.fields["address"].required = False
            self.fields["address"].help_text = _("Empty: address and secret stay as they are.")

    def _shown(self, values: Mapping[str, Any]) -> dict[str, Any]:
        return super()._shown({name: value for name, value in values.items() if name != "address"})

    def given(self) -> dict[str, Any]:
        """What add_chat and edit_chat of :mod:`baton.core.webhooks.changes` take."""
        return {name: self.cleaned_data[name] for name in self.field_order if name in self.fields}


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
        label=_("Tell of"), widget=GroupedChecks,
        help_text=_("Only what you may see yourself is sent: which record, what happened and when; no values."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["events"].choices = _events(offered())  # type: ignore[attr-defined]

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
