"""Forms about findings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from baton.chain.forms.choosing import Offered, among_colleagues, offer
from baton.chain.forms.parties import day_field
from baton.core.actors import Actor
from baton.core.choosing_people import PersonField
from baton.core.forms import RecordForm
from baton.feedback.models.questionnaires import REASON_LENGTH
from baton.feedback.queries.findings import FindingFilters
from baton.feedback.rules.findings import WORDS_LENGTH

SHOWS = [
    ("open", pgettext_lazy("findings", "Not done")), ("late", _("Late")), ("mine", _("Mine")), ("all", _("All")),
]  # fmt: skip


def _words(label: Any, help_text: Any) -> forms.CharField:
    return forms.CharField(
        label=label, help_text=help_text, max_length=WORDS_LENGTH, widget=forms.Textarea(attrs={"rows": 4})
    )


class AnswerForm(RecordForm):
    """What is done, by whom and by when."""

    field_order = ("answer", "owner", "promised_for")

    answer = _words(_("What is done"), _("For all who could answer; they read it as it stands here."))
    owner = PersonField(label=_("Who sees to it"), help_text=_("A colleague."))
    promised_for = day_field(pgettext_lazy("a promise", "By when"), required=True)

    def __init__(self, *args: Any, viewer: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        among_colleagues(self, viewer, "owner")

    def given(self) -> dict[str, Any]:
        """What :func:`baton.feedback.changes.answer_finding` takes."""
        data = self.cleaned_data
        return {
            "answer": data["answer"], "owner": data["owner"], "promised_for": data["promised_for"],
            "expected_seq": self.version,
        }  # fmt: skip


class DeclineForm(RecordForm):
    """Why nothing is done."""

    answer = _words(
        _("Why nothing is done"), _("For all who could answer: honest, and without looking for who said it.")
    )

    def given(self) -> dict[str, Any]:
        """What :func:`baton.feedback.changes.decline_finding` takes."""
        return {"answer": self.cleaned_data["answer"], "expected_seq": self.version}


class FinishForm(RecordForm):
    """That it was done."""

    field_order = ("outcome", "done_on")

    outcome = _words(_("What was done"), _("For all who could answer: where they notice it."))
    done_on = day_field(_("Done on"), _("Empty: today."))

    def given(self) -> dict[str, Any]:
        """What :func:`baton.feedback.changes.finish_finding` takes."""
        data = self.cleaned_data
        return {"outcome": data["outcome"], "done_on": data["done_on"], "expected_seq": self.version}


class WhyForm(RecordForm):
    """A reason."""

    reason = forms.CharField(
        label=_("Reason"), max_length=REASON_LENGTH, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("It stands in the history."),
    )  # fmt: skip

    def given(self) -> dict[str, Any]:
        """What :func:`baton.feedback.changes.reopen_finding` takes."""
        return {"reason": self.cleaned_data["reason"], "expected_seq": self.version}


class FindingForm(RecordForm):
    """A finding that is entered by hand: about which supplier, in words."""

    texts: ClassVar[Mapping[str, Any]] = {"words": pgettext_lazy("of a finding", "What was found")}
    text_length = WORDS_LENGTH
    field_order = ("supplier", "words")

    supplier = forms.ChoiceField(label=_("Supplier"), help_text=_("Who answers."))

    def __init__(self, *args: Any, suppliers: Sequence[Offered], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "supplier", suppliers)


class FindingFilterForm(forms.Form):
    """Which findings the list shows."""

    show = forms.ChoiceField(label=_("Show"), required=False, choices=SHOWS)
    party = forms.ChoiceField(label=_("Supplier"), required=False)

    def __init__(self, *args: Any, parties: Sequence[Offered] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "party", parties, nobody=_("All"))


def asked_findings(asked: Mapping[str, str]) -> FindingFilters:
    """The filters of an address."""
    show = asked.get("show", "") or "open"
    return FindingFilters(
        show=show if show in dict(SHOWS) else "open", party=asked.get("party", ""), wave=asked.get("wave", "")
    )
