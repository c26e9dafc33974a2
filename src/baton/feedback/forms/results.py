"""What results are asked for, and what is said to them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from baton.core.forms import RecordForm
from baton.feedback.models import WaveLink
from baton.feedback.models.labels import BANDS
from baton.feedback.models.questionnaires import REASON_LENGTH
from baton.feedback.pages.results import called_link


class GroupForm(forms.Form):
    """Whose figures are shown: one of the groups that are published."""

    supplier = forms.ChoiceField(label=_("Supplier"), required=False)
    customer = forms.ChoiceField(label=_("Customer"), required=False)
    link = forms.ChoiceField(label=_("Link"), required=False)
    band = forms.ChoiceField(
        label=_("Heads or staff"), required=False,
        choices=[("", _("All")), *((band.value, label) for band, label in BANDS.items())],
    )  # fmt: skip

    def __init__(self, *args: Any, links: Sequence[WaveLink] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ends = [one.link for one in links]
        self._offer("supplier", {one.supplier.public_id: str(one.supplier) for one in ends})
        self._offer("customer", {one.customer.public_id: str(one.customer) for one in ends})
        self._offer("link", {one.link.public_id: called_link(one) for one in links})

    def _offer(self, name: str, names: dict[str, str]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("All")), *names.items()]


class PathForm(forms.Form):
    """Which survey and which question are shown along a path."""

    wave = forms.ChoiceField(label=_("Survey"), required=False)
    column = forms.ChoiceField(label=_("Question"), required=False)
    band = forms.ChoiceField(
        label=_("Heads or staff"), required=False,
        choices=[("", _("All")), *((band.value, label) for band, label in BANDS.items())],
    )  # fmt: skip

    def __init__(self, *args: Any, offered: Mapping[str, Sequence[tuple[str, str]]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, choices in offered.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = choices


class WithholdForm(RecordForm):
    """Why a comment is not shown."""

    reason = forms.CharField(
        label=_("Why it is withheld"), max_length=REASON_LENGTH,
        help_text=_("Without repeating its words: it names somebody, say."),
    )  # fmt: skip


class PredictForm(RecordForm):
    """What the supplier thinks that it will be rated."""

    predicted = forms.FloatField(
        label=_("Rating that you expect"), required=False, widget=forms.NumberInput(attrs={"step": "0.1"}),
    )  # fmt: skip
