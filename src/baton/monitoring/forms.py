"""Forms of monitoring."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from baton.core.forms import RecordForm
from baton.monitoring.rules import RETURN_RATE, WAITING_TIME

MEASURE_NAMES = {WAITING_TIME: _("Weekly median wait"), RETURN_RATE: _("Weekly return rate")}


class StartPhaseForm(RecordForm):
    """From which week on limits are computed anew, and why."""

    measure = forms.ChoiceField(label=_("Chart"), choices=list(MEASURE_NAMES.items()))
    day = forms.DateField(
        label=_("First day"),
        help_text=_("The new limits begin with the week of this day."),
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    reason = forms.CharField(
        label=_("What was changed"), max_length=300, help_text=_("For example: second delivery at noon.")
    )

    def given(self) -> dict[str, Any]:
        """What :func:`baton.monitoring.changes.start_phase` takes beside the subject."""
        return {name: self.cleaned_data[name] for name in ("measure", "day", "reason")}


class WithdrawPhaseForm(RecordForm):
    """Why the limits are no longer computed anew from that week on."""

    why = forms.CharField(
        label=_("Reason"),
        max_length=300,
        help_text=_("For example: entered on the wrong chart. Stands in the history."),
    )

    def given(self) -> dict[str, Any]:
        """What :func:`baton.monitoring.changes.withdraw_phase` takes beside subject and phase."""
        return {"reason": self.cleaned_data["why"], "expected_seq": self.version}
