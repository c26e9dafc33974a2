"""The form that says how much hangs on a link."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from baton.chain.models.links import SOURCINGS, STAGES
from baton.core.forms import RecordForm

_NOT_SAID = ("", _("Nobody has said"))
SPEND = {
    1: _("1: hardly anything"), 2: _("2: little"), 3: _("3: as much as most links"), 4: _("4: much"),
    5: _("5: among the most expensive"),
}  # fmt: skip
IRREPLACEABILITY = {
    1: _("1: another could do it tomorrow"), 2: _("2: another within a month"), 3: _("3: another within half a year"),
    4: _("4: another after years, or at great cost"), 5: _("5: nobody else can"),
}  # fmt: skip
IMPACT = {
    1: _("1: hardly noticed"), 2: _("2: a nuisance"), 3: _("3: work is late"), 4: _("4: work stops"),
    5: _("5: somebody comes to harm, or the customer leaves"),
}  # fmt: skip


def _grade(label: Any, words: dict[int, Any], help_text: Any) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=label, required=False, coerce=int, empty_value=None, choices=[_NOT_SAID, *words.items()],
        help_text=help_text,
    )  # fmt: skip


class JudgeForm(RecordForm):
    """Grades of criticality, stage and sourcing of a link."""

    field_order = ("spend", "irreplaceability", "impact", "stage", "sourcing", "continuity_plan", "reason")

    spend = _grade(_("Spend"), SPEND, _("What it costs, in money or hours, among the links of the organisation."))
    irreplaceability = _grade(_("Irreplaceability"), IRREPLACEABILITY, _("How soon somebody else could do it."))
    impact = _grade(_("Impact"), IMPACT, _("What happens when it fails for a day."))
    stage = forms.ChoiceField(
        label=_("Stage"), required=False, choices=[_NOT_SAID, *((one.value, label) for one, label in STAGES.items())],
        help_text=_("Front stage: seen by the outside customer. Back stage: not seen."),
    )  # fmt: skip
    sourcing = forms.ChoiceField(
        label=_("Single source"), required=False,
        choices=[("", _("Not a single source, or nobody has said")),
                 *((one.value, label) for one, label in SOURCINGS.items())],
        help_text=_("Where one supplier alone hands it over: was that decided, or did it come about?"),
    )  # fmt: skip
    continuity_plan = forms.CharField(
        label=_("Continuity plan"), required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("What happens on the day on which it cannot deliver. A chosen single source needs one."),
    )  # fmt: skip
    reason = forms.CharField(label=_("Reason"), required=False, max_length=200, help_text=_("Stands in the history."))

    def given(self) -> dict[str, Any]:
        """What :func:`baton.chain.changes.judge_link` takes."""
        fields = ("spend", "irreplaceability", "impact", "stage", "sourcing", "continuity_plan", "reason")
        return {**{name: self.cleaned_data[name] for name in fields}, "expected_seq": self.version}
