"""The form that says how far members read along the chain."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from baton.chain.rules import Reach
from baton.core.forms import RecordForm

CHOICES = {
    Reach.OWN: _("The links of their own parties, and nothing further"),
    Reach.TWO: _("Two steps: their own links, and those of their customers and suppliers"),
    Reach.THREE: _("Three steps: also those of their customers’ customers and suppliers’ suppliers"),
    Reach.ALL: _("All links: everybody reads the whole chain"),
}


class ReadingForm(RecordForm):
    """How far members read along the chain."""

    field_order = ("reach", "reason")

    reach = forms.ChoiceField(
        label=_("Members and heads of department read"), widget=forms.RadioSelect,
        choices=[(reach.value, words) for reach, words in CHOICES.items()],
    )  # fmt: skip
    reason = forms.CharField(label=_("Reason"), required=False, max_length=200, help_text=_("Stands in the history."))

    def given(self) -> dict[str, Any]:
        """What :func:`baton.chain.changes.say_how_far_members_read` takes."""
        data = self.cleaned_data
        return {"reach": Reach(data["reach"]), "reason": data["reason"], "expected_seq": self.version}
