"""Forms about what people outside need."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from baton.chain.forms.choosing import chosen, offer
from baton.chain.forms.outputs import STATES
from baton.chain.forms.parties import day_field
from baton.chain.models import Party
from baton.core.forms import RecordForm


class _SaysWhose(RecordForm):
    """Chooses whose need it is."""

    texts: ClassVar[Mapping[str, Any]] = {"words": _("In the customer’s words")}

    holder = forms.ChoiceField(
        label=_("Whose"), help_text=_("The outside customer or the group of consumers whose need it is.")
    )

    def __init__(self, *args: Any, holders: Sequence[Party], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.holders = holders
        offer(self, "holder", holders)

    def _said(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {"holder": chosen(self.holders, data["holder"]), "words": data["words"]}


class NeedForm(_SaysWhose):
    """Write down a need."""

    field_order = ("holder", "words", "began_on")

    began_on = day_field(_("From"), _("Empty: today."))

    def given(self) -> dict[str, Any]:
        """What :func:`baton.chain.changes.add_need` takes."""
        return {**self._said(), "began_on": self.cleaned_data["began_on"]}


class NeedEditForm(_SaysWhose):
    """Correct a need."""

    field_order = ("holder", "words", "reason")

    reason = forms.CharField(label=_("Reason"), required=False, max_length=200, help_text=_("Stands in the history."))

    def given(self) -> dict[str, Any]:
        """What :func:`baton.chain.changes.change_need` takes."""
        return {**self._said(), "reason": self.cleaned_data["reason"], "expected_seq": self.version}


class NeedFilterForm(forms.Form):
    """What a list of needs shows; anything that makes no sense is left out."""

    q = forms.CharField(label=_("Search"), required=False, widget=forms.TextInput(attrs={"type": "search"}))
    holder = forms.ChoiceField(label=_("Whose"), required=False)
    state = forms.ChoiceField(label=_("State"), required=False, choices=STATES)
    unserved = forms.BooleanField(label=_("Named by no link"), required=False)

    def __init__(self, *args: Any, holders: Sequence[Party], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "holder", holders)
