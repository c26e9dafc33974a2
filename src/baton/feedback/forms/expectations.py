"""Forms about what customers expect."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from baton.chain.forms.choosing import Offered, offer
from baton.chain.forms.parties import day_field
from baton.core.forms import RecordForm
from baton.feedback.models.expectations import CHANNELS
from baton.feedback.queries.expectations import ExpectationFilters
from baton.feedback.rules.expectations import WORDS_LENGTH, Channel

SHOWS = [
    ("open", pgettext_lazy("expectations", "That hold")), ("stale", pgettext_lazy("expectations", "Not confirmed")),
    ("all", _("All")),
]  # fmt: skip
_CHANNEL = [(one.value, label) for one, label in CHANNELS.items()]


class ExpectationForm(RecordForm):
    """What the customer expects, and how it was learned."""

    texts: ClassVar[Mapping[str, Any]] = {"words": pgettext_lazy("of an expectation", "What is expected")}
    text_length = WORDS_LENGTH
    field_order = ("words", "channel", "learned_on")

    channel = forms.ChoiceField(label=_("Learned by"), choices=_CHANNEL)
    learned_on = day_field(_("Learned on"), _("Empty: today."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if kwargs.get("record") is not None:
            del self.fields["learned_on"]

    def given(self) -> dict[str, Any]:
        """What add_expectation and change_expectation of :mod:`baton.feedback.changes` take."""
        data = self.cleaned_data
        said = {"words": data["words"], "channel": Channel(data["channel"])}
        return said | ({"learned_on": data["learned_on"]} if "learned_on" in self.fields else {})


class ConfirmForm(RecordForm):
    """That it still holds."""

    confirmed_on = day_field(_("Confirmed on"), _("The day on which you asked or saw it; empty: today."))

    def given(self) -> dict[str, Any]:
        """What :func:`baton.feedback.changes.confirm_expectation` takes."""
        return {"confirmed_on": self.cleaned_data["confirmed_on"], "expected_seq": self.version}


class ExpectationFilterForm(forms.Form):
    """Which expectations the list shows."""

    show = forms.ChoiceField(label=_("Show"), required=False, choices=SHOWS)
    party = forms.ChoiceField(label=_("Party"), required=False)

    def __init__(self, *args: Any, parties: Sequence[Offered] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "party", parties, nobody=_("All"))


def asked_expectations(asked: Mapping[str, str]) -> ExpectationFilters:
    """The filters of an address."""
    show = asked.get("show", "") or "open"
    return ExpectationFilters(
        show=show if show in dict(SHOWS) else "open", party=asked.get("party", ""), link=asked.get("link", "")
    )
