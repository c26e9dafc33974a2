"""Forms about gaps."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from baton.chain.forms.choosing import ColleagueForm
from baton.chain.forms.parties import day_field
from baton.chain.models.gaps import DETECTORS, REPLIES
from baton.chain.rules import GapReply
from baton.core.choosing_people import PersonField
from baton.core.forms import RecordForm

_WHY = _("Everybody who sees the gap reads it.")


class AssignGapForm(ColleagueForm):
    """Say who is to close a gap."""

    field_order = ("person", "due_on", "reason")

    person = PersonField(label=_("Who is to clear it up"))
    due_on = day_field(_("Due"), _("Empty: no day."))
    reason = forms.CharField(label=_("Note"), required=False, max_length=200, help_text=_WHY)

    def given(self) -> dict[str, Any]:
        """What :func:`baton.chain.changes.assign_gap` takes."""
        data = self.cleaned_data
        return {
            "person": data["person"],
            "due_on": data["due_on"],
            "reason": data["reason"],
            "expected_seq": self.version,
        }


class AnswerGapForm(RecordForm):
    """Say that a gap may stay, and why."""

    field_order = ("reply", "reason")

    reply = forms.ChoiceField(label=_("Answer"))
    reason = forms.CharField(label=_("Reason"), max_length=200, help_text=_WHY)

    def __init__(self, *args: Any, pair: bool, **kwargs: Any) -> None:
        """``pair``: the gap is one between two parties without a link."""
        super().__init__(*args, **kwargs)
        allowed = (GapReply.NO_DEALINGS, GapReply.ACCEPTED) if pair else (GapReply.ACCEPTED,)
        field = self.fields["reply"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(reply.value, REPLIES[reply]) for reply in allowed]

    def given(self) -> dict[str, Any]:
        """What :func:`baton.chain.changes.answer_gap` takes."""
        data = self.cleaned_data
        return {"reply": GapReply(data["reply"]), "reason": data["reason"], "expected_seq": self.version}


class GapFilterForm(forms.Form):
    """Which gaps a list shows; anything that makes no sense is left out."""

    show = forms.ChoiceField(
        label=_("Show"), required=False,
        choices=[("open", pgettext_lazy("gap", "Open")), ("mine", _("Of my parties")),
                 ("assigned", _("Assigned to me")), ("answered", _("Answered")), ("all", _("All"))],
    )  # fmt: skip
    detector = forms.ChoiceField(
        label=_("What is unclear"), required=False,
        choices=[("", _("All")), *((detector.value, label) for detector, label in DETECTORS.items())],
    )  # fmt: skip
