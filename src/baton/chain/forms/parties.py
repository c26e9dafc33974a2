"""Forms about parties."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from baton.chain.forms.choosing import Offered, among_colleagues, offer, party_chosen
from baton.chain.models.parties import CONFIDENTIALITIES, PARTNERS, PARTY_KINDS
from baton.chain.rules import Confidentiality, PartyKind
from baton.core.actors import Actor
from baton.core.choosing_people import PersonField
from baton.core.forms import RecordForm

KIND_CHOICES = [(kind.value, label) for kind, label in PARTY_KINDS.items()]
"""Every kind of party with the word for it."""


class DayInput(forms.DateInput):
    """The browser's own field for a day."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


def day_field(label: Any, help_text: Any = "", required: bool = False) -> forms.DateField:
    refused = _("A day that exists was expected, such as 2026-03-31. Correct it, or choose it from the calendar.")
    return forms.DateField(
        label=label, help_text=help_text, required=required, widget=DayInput(), error_messages={"invalid": refused}
    )


class PartyForm(RecordForm):
    """Enter a party."""

    texts: ClassVar[Mapping[str, Any]] = {"name": _("Name")}
    field_order = ("party_kind", "name", "parent", "person", "code", "began_on")

    party_kind = forms.ChoiceField(label=_("Kind"), choices=KIND_CHOICES)
    parent = forms.ChoiceField(label=_("Stands under"), required=False, help_text=_("Empty: at the top."))
    person = PersonField(label=_("Person"), required=False, help_text=_("Only for the kind Person."))
    code = forms.CharField(
        label=_("Code"),
        required=False,
        max_length=60,
        help_text=_("Your organisation’s own short code, such as W3. Keys in other systems are entered on its page."),
    )
    began_on = day_field(_("From"), _("Empty: today."))

    def __init__(self, *args: Any, parties: Sequence[Offered], viewer: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.parties = parties
        offer(self, "parent", parties)
        among_colleagues(self, viewer)

    def given(self) -> dict[str, Any]:
        """What :func:`baton.chain.changes.add_party` takes."""
        data = self.cleaned_data
        return {
            "party_kind": PartyKind(data["party_kind"]),
            "name": data["name"],
            "code": data["code"],
            "parent": party_chosen(self.parties, data["parent"]),
            "person": data["person"],
            "began_on": data["began_on"],
        }


class RenameForm(RecordForm):
    """Change names and code."""

    texts: ClassVar[Mapping[str, Any]] = {"name": _("Name")}
    field_order = ("name", "code", "reason")

    code = forms.CharField(
        label=_("Code"), required=False, max_length=60, help_text=_("Your organisation’s own short code, such as W3.")
    )
    reason = forms.CharField(label=_("Reason"), required=False, max_length=200, help_text=_("Stands in the history."))

    def given(self) -> dict[str, Any]:
        """What :func:`baton.chain.changes.rename_party` takes."""
        data = self.cleaned_data
        return {
            "name": data["name"],
            "code": data["code"],
            "reason": data["reason"],
            "expected_seq": self.version,
        }


class MoveForm(RecordForm):
    """Put a party under another one."""

    parent = forms.ChoiceField(label=_("Stands under"), required=False, help_text=_("Empty: at the top."))
    reason = forms.CharField(label=_("Reason"), required=False, max_length=200, help_text=_("Stands in the history."))

    def __init__(self, *args: Any, parties: Sequence[Offered], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.parties = parties
        offer(self, "parent", parties)

    def given(self) -> dict[str, Any]:
        """What :func:`baton.chain.changes.move_party` takes."""
        data = self.cleaned_data
        return {
            "parent": party_chosen(self.parties, data["parent"]),
            "reason": data["reason"],
            "expected_seq": self.version,
        }


class PartnerForm(RecordForm):
    """Say what an outside party is, and whether its links are confidential."""

    partner = forms.ChoiceField(
        label=_("Partner"), required=False,
        choices=[("", "—"), *((value.value, label) for value, label in PARTNERS.items())],
        help_text=_("What it is to the organisation beyond buying and selling."),
    )  # fmt: skip
    confidentiality = forms.ChoiceField(
        label=_("Confidentiality"), choices=[(value.value, label) for value, label in CONFIDENTIALITIES.items()],
        help_text=_("Confidential: its links are seen only by their two sides, quality manager, director and auditor."),
    )  # fmt: skip
    reason = forms.CharField(label=_("Reason"), required=False, max_length=200, help_text=_("Stands in the history."))

    def given(self) -> dict[str, Any]:
        """What :func:`baton.chain.changes.describe_partner` takes."""
        data = self.cleaned_data
        return {
            "partner": data["partner"],
            "confidentiality": Confidentiality(data["confidentiality"]),
            "reason": data["reason"],
            "expected_seq": self.version,
        }


class EndForm(RecordForm):
    """End a party, a membership or a link."""

    ended_on = day_field(_("Until"), _("First day on which it no longer holds. Empty: today."))
    reason = forms.CharField(label=_("Reason"), required=False, max_length=200, help_text=_("Stands in the history."))

    def given(self) -> dict[str, Any]:
        """What the change takes."""
        data = self.cleaned_data
        return {"ended_on": data["ended_on"], "reason": data["reason"], "expected_seq": self.version}


class PartyFilterForm(forms.Form):
    """What a list of parties shows; anything that makes no sense is left out."""

    q = forms.CharField(label=_("Search"), required=False, widget=forms.TextInput(attrs={"type": "search"}))
    kind = forms.ChoiceField(
        label=_("Kind"),
        required=False,
        choices=[("", _("All")), *KIND_CHOICES],
    )
    partner = forms.ChoiceField(
        label=_("Partner"), required=False,
        choices=[("", _("All")), *((value.value, label) for value, label in PARTNERS.items()),
                 (Confidentiality.CONFIDENTIAL.value, CONFIDENTIALITIES[Confidentiality.CONFIDENTIAL])],
    )  # fmt: skip
    ended = forms.BooleanField(label=_("Ended ones too"), required=False)
