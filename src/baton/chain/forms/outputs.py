"""Forms about outputs and who answers for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from baton.chain.forms.choosing import choices_of, party_chosen
from baton.chain.forms.parties import day_field
from baton.chain.models.outputs import OUTPUT_KINDS, RESPONSIBLE
from baton.chain.queries.chains import PartyFact
from baton.chain.rules import OUTSIDE, OutputKind, Responsible, State
from baton.core.forms import RecordForm

KINDS = [(kind.value, label) for kind, label in OUTPUT_KINDS.items()]
ALL = ("", _("All"))
STATES = [
    (State.LIVE.value, _("Live")), (State.PLANNED.value, _("Planned")), (State.ENDED.value, _("Ended")),
    ("all", _("All")),
]  # fmt: skip


class OutputForm(RecordForm):
    """Enter an output."""

    texts: ClassVar[Mapping[str, Any]] = {"name": _("Name")}
    field_order = ("name", "output_kind", "item_code", "began_on")

    output_kind = forms.ChoiceField(
        label=_("Kind of output"), choices=KINDS, initial=OutputKind.SERVICE,
        help_text=_("Control: audit, inspection; rated on clarity, speed and even-handedness, never on the verdict."),
    )  # fmt: skip
    item_code = forms.CharField(
        label=_("Item code"), required=False, max_length=60,
        help_text=_("Code of the item in the organisation’s catalogue or drawings."),
    )  # fmt: skip
    began_on = day_field(_("From"), _("Empty: today."))

    def given(self) -> dict[str, Any]:
        """What :func:`baton.chain.changes.add_output` takes."""
        data = self.cleaned_data
        return {
            "name": data["name"],
            "output_kind": OutputKind(data["output_kind"]),
            "item_code": data["item_code"],
            "began_on": data["began_on"],
        }


class OutputEditForm(RecordForm):
    """Correct an output."""

    texts: ClassVar[Mapping[str, Any]] = {"name": _("Name")}
    field_order = ("name", "output_kind", "item_code", "reason")

    output_kind = forms.ChoiceField(label=_("Kind of output"), choices=KINDS)
    item_code = forms.CharField(label=_("Item code"), required=False, max_length=60)
    reason = forms.CharField(label=_("Reason"), required=False, max_length=200, help_text=_("Stands in the history."))

    def given(self) -> dict[str, Any]:
        """What :func:`baton.chain.changes.change_output` takes."""
        data = self.cleaned_data
        return {
            "name": data["name"],
            "output_kind": OutputKind(data["output_kind"]),
            "item_code": data["item_code"],
            "reason": data["reason"],
            "expected_seq": self.version,
        }


class RevisionForm(RecordForm):
    """Say which revision is handed over."""

    label = forms.CharField(label=_("Revision"), max_length=20, help_text=_("As it stands on it, such as B or 2026-1."))
    note = forms.CharField(label=_("What changed"), required=False, max_length=200)
    began_on = day_field(_("From"), _("Empty: today."))

    def given(self) -> dict[str, Any]:
        """What :func:`baton.chain.changes.revise_output` takes."""
        data = self.cleaned_data
        return {"label": data["label"], "note": data["note"], "began_on": data["began_on"]}


class ResponsibilityForm(RecordForm):
    """Say what a party is to an output."""

    party = forms.ChoiceField(label=_("Party"))
    responsible = forms.ChoiceField(
        label=_("Responsibility"), initial=Responsible.ACCOUNTABLE,
        choices=[(value.value, label) for value, label in RESPONSIBLE.items()],
        help_text=_(
            "Accountable: answers for it, one party at a time. Responsible: does the work. Consulted: is asked before "
            "it changes. Informed: is told when it changes."
        ),
    )  # fmt: skip
    began_on = day_field(_("From"), _("Empty: today."))

    def __init__(self, *args: Any, parties: Sequence[PartyFact], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.parties = parties
        field = self.fields["party"]
        assert isinstance(field, forms.ChoiceField)
        inside = [party for party in parties if party.party_kind not in OUTSIDE]
        outside = [(party.public_id, str(party)) for party in parties if party.party_kind in OUTSIDE]
        field.choices = [*choices_of(inside), *([(_("Outside: not accountable"), outside)] if outside else [])]

    def given(self) -> dict[str, Any]:
        """What :func:`baton.chain.changes.give_responsibility` takes."""
        data = self.cleaned_data
        return {
            "party": party_chosen(self.parties, data["party"]),
            "responsible": Responsible(data["responsible"]),
            "began_on": data["began_on"],
        }


class EndResponsibilityForm(RecordForm):
    """End a responsibility."""

    ended_on = day_field(_("Until"), _("First day on which it no longer holds. Empty: today."))

    def given(self) -> dict[str, Any]:
        """What :func:`baton.chain.changes.end_responsibility` takes."""
        return {"ended_on": self.cleaned_data["ended_on"], "expected_seq": self.version}


class OutputFilterForm(forms.Form):
    """What a list of outputs shows; anything that makes no sense is left out."""

    q = forms.CharField(label=_("Search"), required=False, widget=forms.TextInput(attrs={"type": "search"}))
    kind = forms.ChoiceField(label=_("Kind of output"), required=False, choices=[ALL, *KINDS])
    state = forms.ChoiceField(label=_("State"), required=False, choices=STATES)
    no_owner = forms.BooleanField(label=_("Without anybody accountable"), required=False)
    orphan = forms.BooleanField(label=_("Serves no outside need"), required=False)
