"""What forms share in which somebody promises something: words, who sees to it, and by when."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from baton.chain.forms.choosing import among_colleagues
from baton.chain.forms.parties import day_field
from baton.core.actors import Actor
from baton.core.choosing_people import PersonField
from baton.core.forms import RecordForm
from baton.feedback.rules.findings import WORDS_LENGTH


def words_field(label: Any, help_text: Any, *, required: bool = True) -> forms.CharField:
    """A field for a sentence or two."""
    return forms.CharField(
        label=label, help_text=help_text, max_length=WORDS_LENGTH, required=required,
        widget=forms.Textarea(attrs={"rows": 4}),
    )  # fmt: skip


class PromisingForm(RecordForm):
    """By whom and by when; what is done is a field of the form that is made of it."""

    owner = PersonField(label=_("Who sees to it"), help_text=_("A colleague, or you."))
    promised_for = day_field(pgettext_lazy("a promise", "By when"), required=True)

    def __init__(self, *args: Any, viewer: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        among_colleagues(self, viewer, "owner")

    def promised(self) -> dict[str, Any]:
        """By whom and by when, and the version that was seen."""
        data = self.cleaned_data
        return {"owner": data["owner"], "promised_for": data["promised_for"], "expected_seq": self.version}
