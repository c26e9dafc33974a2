"""Forms about projects."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from baton.chain.forms.choosing import Offered, offer, party_chosen
from baton.chain.forms.outputs import STATES
from baton.chain.forms.parties import day_field
from baton.core.forms import RecordForm


class _Described(RecordForm):
    """Name, leader and planned end."""

    texts: ClassVar[Mapping[str, Any]] = {"name": _("Name")}

    owner = forms.ChoiceField(
        label=_("Led by"), required=False, help_text=_("Empty: the quality manager looks after it.")
    )
    ends_on = day_field(_("Planned end"), _("When it is meant to be over. The project goes on until somebody ends it."))

    def __init__(self, *args: Any, parties: Sequence[Offered], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.parties = parties
        offer(self, "owner", parties)

    def _said(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {"name": data["name"], "owner": party_chosen(self.parties, data["owner"]), "ends_on": data["ends_on"]}


class ProjectForm(_Described):
    """Begin a project."""

    field_order = ("name", "owner", "began_on", "ends_on")

    began_on = day_field(_("From"), _("Empty: today."))

    def given(self) -> dict[str, Any]:
        """What :func:`baton.chain.changes.add_project` takes."""
        return {**self._said(), "began_on": self.cleaned_data["began_on"]}


class ProjectEditForm(_Described):
    """Change a project."""

    field_order = ("name", "owner", "ends_on", "reason")

    reason = forms.CharField(label=_("Reason"), required=False, max_length=200, help_text=_("Stands in the history."))

    def given(self) -> dict[str, Any]:
        """What :func:`baton.chain.changes.change_project` takes."""
        return {**self._said(), "reason": self.cleaned_data["reason"], "expected_seq": self.version}


class ProjectFilterForm(forms.Form):
    """What a list of projects shows; anything that makes no sense is left out."""

    q = forms.CharField(label=_("Search"), required=False, widget=forms.TextInput(attrs={"type": "search"}))
    state = forms.ChoiceField(label=_("State"), required=False, choices=STATES)
    overdue = forms.BooleanField(label=_("Beyond its planned end"), required=False)
