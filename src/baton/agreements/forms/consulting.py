"""Forms of consultations: whom to ask, what one says, what is answered."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from baton.agreements.forms.clauses import ClauseForm
from baton.agreements.forms.versions import reason_field
from baton.agreements.models import Clause, Opinion
from baton.agreements.models.rounds import OPINION_LENGTH, STANCES
from baton.agreements.rules import LINE_LENGTH, Stance
from baton.chain.forms.parties import day_field
from baton.core.forms import RecordForm

if TYPE_CHECKING:
    from baton.core.models import Person

EVERYBODY, CHOSEN = "everybody", "chosen"


class AskForm(RecordForm):
    """Who of a side is asked, and until when. ``staff`` are those who can be, with where they belong."""

    field_order = ("whom", "people", "due_on")

    whom = forms.ChoiceField(label=_("Who is asked"), widget=forms.RadioSelect)
    people = forms.MultipleChoiceField(
        label=_("These people"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("Only where you do not ask everybody."),
    )  # fmt: skip
    due_on = day_field(_("Until"), _("They are reminded once, three days before."))

    def __init__(self, *args: Any, staff: Sequence[Person], due_on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        everybody = _("Everybody: {count}")
        whom, people = self.fields["whom"], self.fields["people"]
        assert isinstance(whom, forms.ChoiceField)
        assert isinstance(people, forms.MultipleChoiceField)
        whom.choices = [(EVERYBODY, everybody.format(count=len(staff))), (CHOSEN, _("Only these"))]
        people.choices = [(one.public_id, str(one)) for one in staff]
        self.initial = {**self.initial, "whom": EVERYBODY, "due_on": due_on}
        self.fields["due_on"].required = True

    def given(self) -> dict[str, Any]:
        """What :func:`baton.agreements.changes.ask_staff` takes."""
        data = self.cleaned_data
        return {"due_on": data["due_on"], "people": None if data["whom"] == EVERYBODY else data["people"]}


class SayForm(RecordForm):
    """What somebody says to a clause, or to the whole (``line`` empty): which button he pressed, and his words."""

    line = forms.CharField(required=False, max_length=LINE_LENGTH, widget=forms.HiddenInput)
    stance = forms.ChoiceField(
        choices=[(one.value, STANCES[one]) for one in Stance if one is not Stance.COUNTER_PROPOSAL],
        widget=forms.HiddenInput,
    )  # fmt: skip
    text = forms.CharField(
        label=_("In your words"), required=False, max_length=OPINION_LENGTH, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("An objection needs a reason: what should be otherwise, and why."),
    )  # fmt: skip

    def given(self) -> dict[str, Any]:
        """What :func:`baton.agreements.changes.say_opinion` takes."""
        data = self.cleaned_data
        return {"line": data["line"], "stance": Stance(data["stance"]), "text": data["text"],
                "expected_seq": self.version}  # fmt: skip


class CounterForm(ClauseForm):
    """How a clause should read. ``seen`` is what the person reads as it now stands, ``own`` his own proposal that he
    changes."""

    def __init__(self, *args: Any, record: Clause, seen: int, own: Opinion | None = None, **kwargs: Any) -> None:
        proposed = own.proposed if own is not None else {}
        if "measure" in proposed:
            kwargs.setdefault("measure", proposed["measure"] or "")
        typed = kwargs.pop("initial", {})
        super().__init__(*args, record=record, initial={"version": seen, **typed}, **kwargs)
        if not typed:
            words = own.text if own is not None else ""
            self.initial = {**self.initial, **self._shown(proposed), "reason": words}
        self.fields.pop("trial_until", None)  # it begins by itself when the version is proposed
        self.fields["reason"] = reason_field(_("Why"), _("Whoever answers it reads this, and everybody who was asked."))

    def given(self) -> dict[str, Any]:
        """What :func:`baton.agreements.changes.say_opinion` takes."""
        return {"stance": Stance.COUNTER_PROPOSAL, "proposed": self.terms(), "text": self.cleaned_data["reason"],
                "expected_seq": self.version}  # fmt: skip


class AnswerForm(RecordForm):
    """What is answered to an objection or a counter-proposal; the button says whether it is adopted."""

    answer = forms.CharField(
        label=_("Answer"), required=False, max_length=OPINION_LENGTH, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Everybody who was asked reads it."),
    )  # fmt: skip

    def given(self) -> dict[str, Any]:
        """What :func:`baton.agreements.changes.adopt_opinion` and ``decline_opinion`` take."""
        return {"answer": self.cleaned_data["answer"], "expected_seq": self.version}


class ConsultationRuleForm(RecordForm):
    """How many of those who are asked must have spoken."""

    field_order = ("minimum_participation", "always", "reason")

    minimum_participation = forms.IntegerField(
        label=_("Minimum participation, %"), min_value=0, max_value=100,
        help_text=_("Share of those asked on each side that must have spoken. A version may ask for more, never for "
                    "less."),
    )  # fmt: skip
    always = forms.BooleanField(
        label=_("Nothing is signed without a consultation"), required=False,
        help_text=_("Otherwise the share counts where people were asked."),
    )  # fmt: skip
    reason = forms.CharField(label=_("Reason"), required=False, max_length=200, help_text=_("Stands in the history."))

    def given(self) -> dict[str, Any]:
        """What :func:`baton.agreements.changes.say_how_many_take_part` takes."""
        data = self.cleaned_data
        return {"minimum_participation": data["minimum_participation"], "always": data["always"],
                "reason": data["reason"], "expected_seq": self.version}  # fmt: skip
