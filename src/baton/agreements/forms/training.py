"""Forms about training."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from baton.agreements.changes.training import Trained
from baton.agreements.forms.versions import WithReasonForm, reason_field
from baton.agreements.imports.training import LONGEST, read_training
from baton.core.forms import RecordForm

if TYPE_CHECKING:
    from baton.core.models import Person

MOST_SAID = 20
"""Most lines that are named as wrong; more of them have one cause."""


class TakeBackForm(WithReasonForm):
    """Why a training is taken back."""

    reason = reason_field(_("Reason"), _("It stays in the history, with who it was."), required=True)


class TrainingForm(RecordForm):
    """Who was trained, pasted from a table."""

    people = forms.CharField(
        label=_("Who was trained"), max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_(
            "A line a person, as copied from a spreadsheet: sign-in name or name, day, valid until (may be empty), "
            "trained by (may be empty)."
        ),
    )  # fmt: skip

    def __init__(self, *args: Any, people: Sequence[Person], **kwargs: Any) -> None:
        """``people`` are those who belong to the party."""
        super().__init__(*args, **kwargs)
        self._people = people
        self.trained: list[Trained] = []

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if "people" not in data:
            return data
        self.trained, unread = read_training(data["people"], self._people)
        for one in unread[:MOST_SAID]:
            self.add_error("people", gettext(one.template).format(line=one.line, **one.values))
        if len(unread) > MOST_SAID:
            more = len(unread) - MOST_SAID
            self.add_error("people", gettext("{n} more lines cannot be read.").format(n=more))
        return data

    def given(self) -> dict[str, Any]:
        """What :func:`baton.agreements.changes.training.note_training` takes."""
        return {"trained": self.trained}
