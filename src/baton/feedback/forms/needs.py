"""Forms about what employees need."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from baton.chain.forms.choosing import Offered, offer
from baton.core.forms import RecordForm
from baton.feedback.forms.promising import PromisingForm, words_field
from baton.feedback.models.needs import CATEGORIES
from baton.feedback.queries.needs import NeedFilters
from baton.feedback.rules.needs import Addressee, NeedCategory

SHOWS = [
    ("open", pgettext_lazy("needs", "Not over")), ("mine", pgettext_lazy("needs", "Asked by me")),
    ("answer", pgettext_lazy("needs", "Wait for my answer")), ("late", _("Late")), ("all", _("All")),
]  # fmt: skip
_CATEGORIES = [(one.value, label) for one, label in CATEGORIES.items()]
_ADDRESSEES = [
    (Addressee.HEAD.value, _("My head: the quality manager reads it, too")),
    (Addressee.QUALITY.value, _("The quality manager: my head does not read it")),
]


class NeedForm(RecordForm):
    """What is needed, and who is asked for it. The department is asked of who is part of several."""

    field_order = ("category", "words", "addressee", "department")

    category = forms.ChoiceField(label=_("What is it about?"), choices=_CATEGORIES, widget=forms.RadioSelect)
    words = words_field(
        _("What do you need to serve your customer well?"), _("In a sentence or two: for which work, and by when.")
    )
    addressee = forms.ChoiceField(
        label=_("Who is to answer?"), choices=_ADDRESSEES, initial=Addressee.HEAD.value, widget=forms.RadioSelect
    )
    department = forms.ChoiceField(label=_("Department"), help_text=_("Where you need it."))

    def __init__(self, *args: Any, departments: Sequence[Offered], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if len(departments) > 1:
            offer(self, "department", departments)
        else:
            del self.fields["department"]

    def given(self) -> dict[str, Any]:
        """What :func:`baton.feedback.changes.say_need` takes beside the department."""
        data = self.cleaned_data
        return {
            "category": NeedCategory(data["category"]), "words": data["words"],
            "addressee": Addressee(data["addressee"]),
        }  # fmt: skip


class PromiseForm(PromisingForm):
    """What is done, by whom and by when."""

    field_order = ("words", "owner", "promised_for")

    words = words_field(_("What is done"), _("Who asked reads it as it stands here."))

    def given(self) -> dict[str, Any]:
        """What :func:`baton.feedback.changes.promise_need` takes."""
        return {"words": self.cleaned_data["words"], **self.promised()}


class WordsForm(RecordForm):
    """A few words: why nothing is done, or what is missing still."""

    words = words_field("", "")

    def __init__(self, *args: Any, label: Any, help_text: Any = "", required: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **{**kwargs, "initial": {"words": ""}})
        field = self.fields["words"]
        field.label, field.help_text, field.required = label, help_text, required

    def given(self) -> dict[str, Any]:
        """What decline_need and judge_need of :mod:`baton.feedback.changes` take."""
        return {"words": self.cleaned_data["words"], "expected_seq": self.version}


class TakeBackForm(RecordForm):
    """Nothing but the decision."""


class NeedFilterForm(forms.Form):
    """Which needs the list shows."""

    show = forms.ChoiceField(label=_("Show"), required=False, choices=SHOWS)
    category = forms.ChoiceField(
        label=pgettext_lazy("employee's need", "Category"), required=False, choices=[("", _("All")), *_CATEGORIES]
    )


def asked_needs(asked: Mapping[str, str]) -> NeedFilters:
    """The filters of an address."""
    show, category = asked.get("show", "") or "open", asked.get("category", "")
    return NeedFilters(
        show=show if show in dict(SHOWS) else "open", party=asked.get("party", ""),
        category=category if category in dict(_CATEGORIES) else "",
    )  # fmt: skip
