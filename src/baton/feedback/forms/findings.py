"""Forms about findings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from baton.chain.forms.choosing import Offered, offer
from baton.chain.forms.parties import day_field
from baton.core.forms import RecordForm
from baton.feedback.forms.promising import PromisingForm, words_field
from baton.feedback.models.questionnaires import REASON_LENGTH
from baton.feedback.queries.findings import FindingFilters
from baton.feedback.rules.findings import WORDS_LENGTH

SHOWS = [
    ("open", pgettext_lazy("findings", "Not done")), ("late", _("Late")), ("mine", _("Mine")), ("all", _("All")),
]  # fmt: skip


class AnswerForm(PromisingForm):
    """What is done, by whom and by when."""

    field_order = ("answer", "owner", "promised_for")

    answer = words_field(_("What is done"), _("For all who could answer; they read it as it stands here."))

    def given(self) -> dict[str, Any]:
        """What :func:`baton.feedback.changes.answer_finding` takes."""
        return {"answer": self.cleaned_data["answer"], **self.promised()}


class DeclineForm(RecordForm):
    """Why nothing is done."""

    answer = words_field(
        _("Why nothing is done"), _("For all who could answer: honest, and without looking for who said it.")
    )

    def given(self) -> dict[str, Any]:
        """What :func:`baton.feedback.changes.decline_finding` takes."""
        return {"answer": self.cleaned_data["answer"], "expected_seq": self.version}


class FinishForm(RecordForm):
    """That it was done."""

    field_order = ("outcome", "done_on")

    outcome = words_field(_("What was done"), _("For all who could answer: where they notice it."))
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
