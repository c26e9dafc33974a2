"""Forms of talks in confidence. They carry no key by which a form that was sent twice is known: such keys are kept with
who sent it, and when."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from baton.core.errors import Refused, explain
from baton.core.forms import RecordForm
from baton.core.texts import say
from baton.feedback.models import Confidant
from baton.feedback.rules.talks import ABOUT_LENGTH, WORDS_LENGTH

_EMPTY = _("Expected a text. Nothing was entered. Write a few words; nobody but the two of you reads them.")
_LONG = _("Expected at most %(limit_value)d characters. Found %(show_value)d. Shorten it, or send it in two parts.")


class AboutForm(RecordForm):
    """A few words of a confidant about himself."""

    texts: ClassVar[Mapping[str, Any]] = {"about": pgettext_lazy("of a confidant", "About you")}
    text_length = ABOUT_LENGTH


class LeaveForm(RecordForm):
    """Nothing but the decision."""


class _TalkForm(forms.Form):
    """A form whose words stand nowhere but under a seal."""

    required_css_class = "required"

    words = forms.CharField(
        max_length=WORDS_LENGTH, widget=forms.Textarea(attrs={"rows": 6, "autocomplete": "off"}),
        error_messages={"required": _EMPTY, "max_length": _LONG},
    )  # fmt: skip

    @property
    def status(self) -> int:
        """What the page answers with."""
        return 422 if self.is_bound and self.errors else 200

    def carried_out(self, write: Callable[[], object]) -> bool:
        """Whether it was sent, could be read, and ``write`` did not refuse it; if it did, the form says why."""
        if not self.is_bound or not self.is_valid():
            return False
        try:
            write()
        except Refused as refused:
            if refused.status not in {400, 422, 409}:
                raise
            self.add_error(refused.field if refused.field in self.fields else None, explain(refused))
            return False
        return True


class WriteForm(_TalkForm):
    """To whom, and what."""

    field_order = ("confidant", "words")

    confidant = forms.ChoiceField(
        label=_("To whom?"), widget=forms.RadioSelect,
        error_messages={
            "required": _("Expected one of the confidants. Nobody was chosen. Choose one."),
            "invalid_choice": _("Expected one of the confidants. This one is not listed any more. Choose another one."),
        },
    )  # fmt: skip
    key = forms.CharField(widget=forms.HiddenInput, validators=[RegexValidator(r"^[0-9a-f]{32}$")])

    def __init__(self, *args: Any, confidants: Sequence[Confidant], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["words"].label = _("What do you want to say?")
        chosen = self.fields["confidant"]
        assert isinstance(chosen, forms.ChoiceField)
        chosen.choices = [(one.public_id, f"{one.person} · {say(one.about)}") for one in confidants]
        self.initial.setdefault("key", secrets.token_hex(16))


class SayForm(_TalkForm):
    """The next message of a talk."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["words"].label = _("Your message")


class DeleteForm(forms.Form):
    """That it is really meant."""

    sure = forms.BooleanField(
        label=_("Yes, delete it for both of us, for good"),
        error_messages={"required": _("Expected your agreement. Tick the box, or go back.")},
    )  # fmt: skip

    @property
    def status(self) -> int:
        """What the page answers with."""
        return 422 if self.is_bound and self.errors else 200
