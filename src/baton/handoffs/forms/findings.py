"""Forms about what is found out of a handoff: judgements, checks, measured values, predecessors."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from baton.core.forms import RecordForm
from baton.handoffs.forms.fields import AmountField, happened_at_field
from baton.handoffs.forms.steps import ANSWERS, answer_field, note_field
from baton.handoffs.rules import REFERENCE_LENGTH, Side

if TYPE_CHECKING:
    from baton.agreements.models import Clause

QUESTIONS = {
    Side.CUSTOMER: {"as_agreed": _("Was it as agreed?"), "fit_for_use": _("Is it fit for my use?")},
    Side.SUPPLIER: {
        "request_complete": _("Was the request complete?"), "told_in_time": _("Were we told in time?"),
    },
}  # fmt: skip
"""What each side is asked of a handoff."""


class JudgementForm(RecordForm):
    """What one side judges; the other reads it with the name once both have judged."""

    def __init__(self, *args: Any, side: Side, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._side = side
        for name, question in QUESTIONS[side].items():
            self.fields[name] = answer_field(question)
        self.fields["note"] = note_field(_("What else there is to say"), _("No names of persons."))

    def given(self) -> dict[str, Any]:
        """What :func:`baton.handoffs.changes.judge_handoff` takes."""
        said = {name: ANSWERS[self.cleaned_data[name]] for name in QUESTIONS[self._side]}
        return {"side": self._side, "note": self.cleaned_data["note"], **said}


class CheckForm(RecordForm):
    """How many were looked at, how many were faulty."""

    field_order = ("checked", "found", "passed", "note", "happened_at")

    checked = AmountField(label=_("How many were looked at"), help_text=_("Empty: all."))
    found = AmountField(label=_("How many of them were faulty"), help_text=_("Empty: not counted."))
    passed = forms.BooleanField(label=_("Passed on"), required=False, initial=True)
    note = note_field(_("What was found"), _("What you see; no cause, no name of a person."))
    happened_at = happened_at_field()

    def given(self) -> dict[str, Any]:
        """What :func:`baton.handoffs.changes.record_check` takes."""
        data = self.cleaned_data
        return {
            "checked": data["checked"], "found": data["found"], "passed": data["passed"], "note": data["note"],
            "checked_at": data["happened_at"],
        }  # fmt: skip

    def _field_named(self, name: str) -> str | None:
        return super()._field_named("happened_at" if name == "checked_at" else name)


class ValueForm(RecordForm):
    """A value that was measured."""

    field_order = ("clause", "value", "happened_at")

    clause = forms.ChoiceField(label=_("Of which clause"))
    value = AmountField(label=_("Measured value"), required=True)
    happened_at = happened_at_field(_("Measured"))

    def __init__(self, *args: Any, clauses: Sequence[Clause], **kwargs: Any) -> None:
        """``clauses`` are those of measured values that held when the handoff occurred."""
        super().__init__(*args, **kwargs)
        field = self.fields["clause"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(one.public_id, f"{one} ({one.unit})") for one in clauses]

    def given(self) -> dict[str, Any]:
        """What :func:`baton.handoffs.changes.record_value` takes."""
        data = self.cleaned_data
        return {"clause": data["clause"], "value": float(data["value"]), "measured_at": data["happened_at"]}

    def _field_named(self, name: str) -> str | None:
        return super()._field_named("happened_at" if name == "measured_at" else name)


class PredecessorForm(RecordForm):
    """The number of the handoff of which this one was made."""

    number = forms.CharField(
        label=_("Number of the handoff that went into it"), max_length=REFERENCE_LENGTH,
        help_text=_("Such as HO-2026-0000001. What has the same reference is found without it."),
    )  # fmt: skip
