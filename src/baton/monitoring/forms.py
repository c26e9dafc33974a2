"""Forms of monitoring."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from baton.core.forms import RecordForm
from baton.monitoring.rules import (
    BASELINE_WEEKS,
    FEWEST_WEEKS,
    LONGEST_BASELINE_WEEKS,
    RETURN_RATE,
    WAITING_TIME,
    day_of_number,
)

MEASURE_NAMES = {WAITING_TIME: _("Weekly median wait"), RETURN_RATE: _("Weekly return rate")}


class StartPhaseForm(RecordForm):
    """From which week on limits are computed anew, why, and where they come from.

    ``limits`` are the earlier phases whose limits can be carried on: (first day, what it is called); ``weeks`` the
    Mondays (day numbers) that have a value.
    """

    measure = forms.ChoiceField(label=_("Chart"), choices=list(MEASURE_NAMES.items()), widget=forms.HiddenInput)
    day = forms.DateField(
        label=_("First day"),
        help_text=_("The new limits begin with the week of this day. Or click on the week in the chart."),
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    reason = forms.CharField(
        label=_("What was changed"), max_length=300, help_text=_("For example: second delivery at noon.")
    )
    limits_from = forms.ChoiceField(
        label=_("Limits"),
        required=False,
        help_text=_("Carry limits on where a disturbance is over, or where the process is held to what it once did."),
    )
    baseline_weeks = forms.IntegerField(
        label=_("Weeks for its own limits"),
        required=False,
        initial=BASELINE_WEEKS,
        help_text=_(
            "Limits come from so many of its first weeks and are held from then on. Fewer show sooner, more are surer."
        ),
        widget=forms.NumberInput(attrs={"min": FEWEST_WEEKS, "max": LONGEST_BASELINE_WEEKS}),
    )

    def __init__(
        self, *args: Any, limits: Sequence[tuple[str, str]] = (), weeks: Sequence[int] = (), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["limits_from"].choices = [("", _("its own")), *limits]  # type: ignore[attr-defined]
        if weeks:
            bounds = {"min": day_of_number(weeks[0]).isoformat(), "max": day_of_number(weeks[-1] + 6).isoformat()}
            self.fields["day"].widget.attrs |= bounds

    def given(self) -> dict[str, Any]:
        """What :func:`baton.monitoring.changes.start_phase` takes beside the subject."""
        return {name: self.cleaned_data[name] for name in ("measure", "day", "reason")} | self.limits()

    def limits(self) -> dict[str, Any]:
        """Where limits come from, as the changes take it."""
        weeks, first = self.cleaned_data.get("baseline_weeks"), self.cleaned_data.get("limits_from")
        return {
            "baseline_weeks": BASELINE_WEEKS if weeks is None else weeks,
            "limits_from": date.fromisoformat(first) if first else None,
        }


class CorrectPhaseForm(StartPhaseForm):
    """Another week, another reason, or other limits of a phase, and why it is corrected."""

    why = forms.CharField(
        label=_("Why it is corrected"), max_length=300, help_text=_("For example: the machine came a week later.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["measure"]

    def given(self) -> dict[str, Any]:
        """What :func:`baton.monitoring.changes.correct_phase` takes beside subject and phase."""
        said = {name: self.cleaned_data[name] for name in ("day", "reason", "why")}
        return said | self.limits() | {"expected_seq": self.version}

    def _shown(self, values: Mapping[str, Any]) -> dict[str, Any]:
        week, limits = values.get("week"), values.get("limits_week")
        days = {
            **({"day": day_of_number(int(week)).isoformat()} if week not in (None, "") else {}),
            "limits_from": day_of_number(int(limits)).isoformat() if limits not in (None, "") else "",
        }
        return super()._shown({**values, **days})


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
