"""Forms about what leaders promise their staff."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from baton.agreements.forms.versions import WithReasonForm, reason_field
from baton.agreements.models.leaders import RHYTHMS
from baton.agreements.rules import NOTE_LENGTH, TEXT_LENGTH
from baton.agreements.rules.leaders import Rhythm
from baton.chain.forms.parties import day_field
from baton.core import formats
from baton.core.forms import RecordForm


class LeaderPromiseForm(RecordForm):
    """What is promised, by when, how often, and what will show it."""

    texts: ClassVar[Mapping[str, Any]] = {"words": _("What the staff can count on")}
    text_length = TEXT_LENGTH
    field_order = ("words", "due_on", "rhythm", "evidence")

    due_on = day_field(_("Due on"), _("The first day by which it is done."), required=True)
    rhythm = forms.ChoiceField(
        label=_("How often"), choices=[(rhythm.value, label) for rhythm, label in RHYTHMS.items()],
        help_text=_("From that day on."),
    )  # fmt: skip
    evidence = forms.CharField(
        label=_("What shows that it was kept"), required=False, max_length=NOTE_LENGTH,
        help_text=_("Such as: the roster hangs by the door on Thursday."),
    )  # fmt: skip

    def given(self) -> dict[str, Any]:
        """What :func:`baton.agreements.changes.leaders.promise_staff` takes."""
        data = self.cleaned_data
        said = {name: data[name] for name in ("words", "due_on", "evidence")}
        return said | {"rhythm": Rhythm(data["rhythm"])}


class FulfilForm(RecordForm):
    """That a promise was kept: for which day, when, and what was done."""

    field_order = ("due_on", "done_on", "note")

    due_on = forms.ChoiceField(label=_("Due on"))
    done_on = day_field(_("Done on"), _("Empty: today."))
    note = forms.CharField(
        label=_("What was done"), max_length=NOTE_LENGTH, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("For the staff: where they can see it."),
    )  # fmt: skip

    def __init__(self, *args: Any, days: Sequence[date], **kwargs: Any) -> None:
        """``days`` are those that wait."""
        super().__init__(*args, **kwargs)
        field = self.fields["due_on"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(day.isoformat(), formats.day(day)) for day in days]

    def given(self) -> dict[str, Any]:
        """What :func:`baton.agreements.changes.leaders.fulfil_promise` takes."""
        data = self.cleaned_data
        return {"due_on": date.fromisoformat(data["due_on"]), "done_on": data["done_on"], "note": data["note"]}


class ForTheStaffForm(WithReasonForm):
    """Why it is promised no more, or why it does not count that it was kept."""

    reason = reason_field(_("Reason"), _("The staff read it."), required=True)
