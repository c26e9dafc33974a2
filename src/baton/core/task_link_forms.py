"""Forms of the page on which somebody outside does a task, and of the one on which he is asked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from baton.core.forms import RecordForm, email_field
from baton.core.models.task_links import WORDS_LENGTH
from baton.core.signing_rules import SIGNER_LENGTH, TASK_LINK_DAYS

DAYS = 14
"""How long a task link works unless somebody says otherwise."""

_EMPTY = _("A value was expected here. Nothing was entered. Fill it in.")


class CodeForm(forms.Form):
    """The code that reached him on another way."""

    code = forms.CharField(
        label=_("Code"), max_length=40, error_messages={"required": _EMPTY},
        help_text=_("Two groups of four, as it was told or handed to you."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none"}),
    )  # fmt: skip


class _WithCode(forms.Form):
    """What was typed before travels along, because the page keeps no session."""

    code = forms.CharField(max_length=40, widget=forms.HiddenInput)


class AcceptForm(_WithCode):
    """Accept the version that is shown, with one's name."""

    name = forms.CharField(
        label=_("Your first and last name"), max_length=SIGNER_LENGTH, error_messages={"required": _EMPTY},
        help_text=_("It is printed in the signature."), widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )  # fmt: skip
    digest = forms.CharField(max_length=64, widget=forms.HiddenInput)


class ObjectForm(_WithCode):
    """Say what speaks against it."""

    about = forms.ChoiceField(label=_("What you speak of"), required=False)
    words = forms.CharField(
        label=_("What speaks against it"), max_length=WORDS_LENGTH, error_messages={"required": _EMPTY},
        help_text=_("In your words; the other side reads it."), widget=forms.Textarea(attrs={"rows": 4}),
    )  # fmt: skip

    def __init__(self, *args: Any, parts: Sequence[tuple[str, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        about = self.fields["about"]
        assert isinstance(about, forms.ChoiceField)
        about.choices = [("", _("All of it")), *parts]
        if not parts:
            del self.fields["about"]


class TaskLinkForm(RecordForm):
    """Whom to ask, and how the link reaches him."""

    name = forms.CharField(label=pgettext_lazy("of a person", "Name"), max_length=SIGNER_LENGTH)
    language = forms.ChoiceField(label=_("Language of the e-mail"), choices=settings.LANGUAGES)
    days = forms.IntegerField(
        label=_("Works for so many days"), min_value=TASK_LINK_DAYS.start, max_value=TASK_LINK_DAYS.stop - 1,
        initial=DAYS,
    )  # fmt: skip

    def __init__(self, *args: Any, sends: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if sends:
            self.fields["email"] = email_field(
                required=False, help_text=_("Where the link is sent; empty: you hand it over yourself.")
            )
        self.fields["digest"] = forms.CharField(max_length=64, widget=forms.HiddenInput)
        self.order_fields(["name", "email", "language", "days"])
