"""Forms about service guarantees."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from baton.agreements.models import Agreement, GuaranteeCall
from baton.agreements.models.guarantees import CALL_OUTCOMES
from baton.agreements.rules import NOTE_LENGTH, TEXT_LENGTH
from baton.agreements.rules.guarantees import MOST_POINTS, CallOutcome
from baton.chain.forms.parties import day_field
from baton.core.forms import RecordForm


class GuaranteeForm(RecordForm):
    """What is promised, what the customer gets when it was not so, and what he does to get it."""

    texts: ClassVar[Mapping[str, Any]] = {
        "promise": _("We promise"), "remedy": _("If it is not so, the customer gets"),
        "how_to_call": _("What the customer does to get it"),
    }  # fmt: skip
    text_length = TEXT_LENGTH
    field_order = ("promise", "remedy", "how_to_call", "at_once", "penalty_points")

    at_once = forms.BooleanField(
        label=_("Whoever is called gives it at once, without approval"), required=False, initial=True,
        help_text=_("A guarantee that somebody has to approve first is seldom called."),
    )  # fmt: skip
    penalty_points = forms.IntegerField(
        label=_("Penalty in points"), initial=0, min_value=0, max_value=MOST_POINTS,
        help_text=_("What a call costs the party that gave the guarantee; 0: nothing. Nobody is named."),
    )  # fmt: skip

    def given(self) -> dict[str, Any]:
        """What give_guarantee and change_guarantee of :mod:`baton.agreements.changes` take."""
        names = ("promise", "remedy", "how_to_call", "at_once", "penalty_points")
        return {name: self.cleaned_data[name] for name in names}


class CallForm(RecordForm):
    """That a guarantee is called: for which customer, when, and what was wrong."""

    field_order = ("agreement", "called_on", "what")

    agreement = forms.ChoiceField(label=_("For which customer"))
    called_on = day_field(_("Day"), _("Empty: today."))
    what = forms.CharField(
        label=_("What was wrong"), max_length=NOTE_LENGTH, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("What happened, without names of persons: it is there to mend the work."),
    )  # fmt: skip

    def __init__(self, *args: Any, agreements: Sequence[Agreement], **kwargs: Any) -> None:
        """``agreements`` are those in whose customers' names it may be called."""
        super().__init__(*args, **kwargs)
        self._agreements = {one.public_id: one for one in agreements}
        field = self.fields["agreement"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(key, f"{one.link.customer} · {one.number}") for key, one in self._agreements.items()]
        if len(agreements) == 1:
            field.widget = forms.HiddenInput()
            field.initial = agreements[0].public_id

    def given(self) -> dict[str, Any]:
        """What :func:`baton.agreements.changes.call_guarantee` takes."""
        data = self.cleaned_data
        return {
            "agreement": self._agreements[data["agreement"]], "called_on": data["called_on"], "what": data["what"],
        }  # fmt: skip


class EndCallForm(RecordForm):
    """Whether the customer got what was promised."""

    outcome = forms.ChoiceField(
        label=_("Did the customer get what was promised?"), widget=forms.RadioSelect,
        choices=[(one.value, CALL_OUTCOMES[one]) for one in (CallOutcome.HONOURED, CallOutcome.NOT_HONOURED)],
    )  # fmt: skip
    done = forms.CharField(
        label=_("What was done"), max_length=NOTE_LENGTH, required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Without names of persons."),
    )  # fmt: skip

    def __init__(self, *args: Any, record: GuaranteeCall, **kwargs: Any) -> None:
        super().__init__(*args, record=record, **kwargs)

    def given(self) -> dict[str, Any]:
        """What :func:`baton.agreements.changes.end_call` takes."""
        data = self.cleaned_data
        honoured = data["outcome"] == CallOutcome.HONOURED
        return {"honoured": honoured, "done": data["done"], "expected_seq": self.version}
