"""Forms of monitoring."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from baton.core import formats
from baton.core.actors import Actor
from baton.core.choosing_people import PersonField
from baton.core.forms import RecordForm
from baton.core.people_forms import ROLE_NAMES
from baton.core.rules import Role
from baton.monitoring.models.signals import MEASURE_WORDS, SEVERITIES, SIDES, SIGNAL_STATES
from baton.monitoring.rules import (
    ATTAINMENT,
    BASELINE_WEEKS,
    BROKEN_PROMISE,
    COMEBACKS,
    DEFECT_RATE,
    DELIVERIES,
    FEWEST_WEEKS,
    LONGEST_BASELINE_WEEKS,
    MEASURED_VALUE,
    REASON_LENGTH,
    RETURN_RATE,
    WAITING_TIME,
    WATCHED_RULE_CODES,
    Scale,
    day_of_number,
)

MEASURE_NAMES = {
    WAITING_TIME: _("Weekly median wait"),
    RETURN_RATE: _("Weekly return rate"),
    ATTAINMENT: _("Share that kept the clause, by week"),
    MEASURED_VALUE: _("Weekly mean of the measured values"),
    DEFECT_RATE: _("Defects per unit, by week"),
    DELIVERIES: _("Deliveries, by week"),
    COMEBACKS: _("Returns, by week"),
}


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


class SignalFilterForm(forms.Form):
    """Which signals a list shows; anything that makes no sense is left out."""

    q = forms.CharField(label=_("Search"), required=False, widget=forms.TextInput(attrs={"type": "search"}))
    show = forms.ChoiceField(
        label=_("Show"), required=False,
        choices=[("open", pgettext_lazy("signal", "Open")), ("mine", _("Mine")),
                 *((state.value, label) for state, label in SIGNAL_STATES.items()), ("all", _("All"))],
    )  # fmt: skip
    measure = forms.ChoiceField(
        label=_("Measure"), required=False,
        choices=[("", _("All")), *((name, label) for name, label in MEASURE_WORDS.items())],
    )  # fmt: skip
    side = forms.ChoiceField(
        label=_("Direction"), required=False,
        choices=[("", _("Both")), *((side.value, label) for side, label in SIDES.items())],
    )  # fmt: skip
    severity = forms.ChoiceField(
        label=_("Severity"), required=False,
        choices=[("", _("All")), *((one.value, label) for one, label in SEVERITIES.items())],
    )  # fmt: skip
    rule = forms.ChoiceField(
        label=_("Rule"), required=False,
        choices=[("", _("All")), *((code, code) for code in WATCHED_RULE_CODES), (BROKEN_PROMISE, _("Promise broken"))],
    )  # fmt: skip
    holds = forms.ChoiceField(
        label=_("Over all charts"), required=False, choices=[("", _("All")), ("yes", _("Only what holds"))]
    )


class SignalReasonForm(RecordForm):
    """What is behind a signal, or why it is closed or opened again."""

    reason = forms.CharField(
        label=_("In one sentence"), max_length=REASON_LENGTH, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Everybody who sees the signal reads it."),
    )  # fmt: skip

    def given(self) -> dict[str, Any]:
        """What the functions of :mod:`baton.monitoring.changes.signals` take beside the signal."""
        return {"reason": self.cleaned_data["reason"], "expected_seq": self.version}


class GiveSignalForm(RecordForm):
    """Who should look at a signal."""

    person = PersonField(label=_("Who should look"))
    reason = forms.CharField(label=_("Note"), required=False, max_length=200, help_text=_("Stands in the history."))

    def __init__(self, *args: Any, viewer: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        among_colleagues(self, viewer)

    def given(self) -> dict[str, Any]:
        """What :func:`baton.monitoring.changes.give_signal` takes beside the signal."""
        data = self.cleaned_data
        return {"person": data["person"], "reason": data["reason"], "expected_seq": self.version}


class SignalRuleForm(RecordForm):
    """Who is told of which new signals. Without ``for_all`` one's own rules only."""

    measure = forms.ChoiceField(
        label=_("Measure"), required=False, choices=[("", _("All")), *MEASURE_WORDS.items()],
    )  # fmt: skip
    severity = forms.ChoiceField(
        label=_("Severity"), required=False,
        choices=[("", _("All")), *((one.value, label) for one, label in SEVERITIES.items())],
    )  # fmt: skip
    rule = forms.ChoiceField(
        label=_("Rule"), required=False, choices=[("", _("All")), *((code, code) for code in WATCHED_RULE_CODES)]
    )
    better = forms.BooleanField(label=_("Signals towards the better, too"), required=False)
    person = PersonField(label=_("Who is told"), required=False)
    role = forms.ChoiceField(
        label=_("Or everybody with the role"), required=False,
        choices=[("", "—"), *((role.value, ROLE_NAMES[role]) for role in Role if role is not Role.GUEST)],
    )  # fmt: skip

    def __init__(self, *args: Any, viewer: Actor, for_all: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.viewer = viewer
        if for_all:
            among_colleagues(self, viewer)
        else:
            del self.fields["person"], self.fields["role"]

    def given(self) -> dict[str, Any]:
        """What :func:`baton.monitoring.changes.add_signal_rule` takes."""
        data = self.cleaned_data
        said = {name: data[name] for name in ("measure", "severity", "rule", "better")}
        whom = {"person": data["person"], "role": data["role"]} if "role" in data else {"person": self.viewer.person}
        return {**said, **whom}


class ActForm(forms.Form):
    """What is said of all chosen signals, by ``viewer`` at ``at``."""

    def __init__(self, data: Mapping[str, str] | None = None, *, viewer: Actor, at: datetime) -> None:
        super().__init__(data)
        if "person" in self.fields:
            among_colleagues(self, viewer)

    def given(self) -> dict[str, Any]:
        """What the act takes beside the row."""
        return dict(self.cleaned_data)


class SeeSignalsForm(ActForm):
    """Nothing is asked."""


class ReasonForSignalsForm(ActForm):
    """What is behind signals, or why they are closed."""

    reason = forms.CharField(
        label=_("In one sentence"), max_length=REASON_LENGTH, help_text=_("Everybody who sees the signals reads it.")
    )


class GiveSignalsForm(ActForm):
    """Who should look at signals."""

    person = PersonField(label=_("Who should look"))
    reason = forms.CharField(label=_("Note"), required=False, max_length=200, help_text=_("Stands in the history."))


def among_colleagues(form: forms.Form, viewer: Actor) -> None:
    """Let the field ``person`` of the form mean anybody whom the viewer may choose."""
    chosen = form.fields["person"]
    assert isinstance(chosen, PersonField)
    chosen.viewer = viewer


UNITS = {"min": (formats.MINUTE, _("minutes")), "h": (formats.HOUR, _("hours")), "d": (formats.DAY, _("days"))}


class SpecifyForm(RecordForm):
    """Between which limits the waits of a link are to lie, from which day on, and where the limits come from."""

    upper = forms.FloatField(
        label=_("Longest wait"), required=False, min_value=0, help_text=_("No handoff may wait longer.")
    )
    target = forms.FloatField(label=_("Target"), required=False, min_value=0, help_text=_("What is aimed at."))
    lower = forms.FloatField(
        label=_("Shortest wait"),
        required=False,
        min_value=0,
        help_text=_("Only where too early is wrong, too. With both limits there are Cp and Cpm."),
    )
    unit = forms.ChoiceField(label=_("Unit"), choices=[(code, words) for code, (_seconds, words) in UNITS.items()])
    transform = forms.ChoiceField(
        label=_("Scale"),
        choices=[(Scale.LINEAR.value, _("as measured")), (Scale.LOG.value, _("logarithms"))],
        help_text=_("Logarithms for waits with a long tail, as most are; every wait must then be longer than 0."),
    )
    began_on = forms.DateField(label=_("From"), widget=forms.DateInput(attrs={"type": "date"}))
    reason = forms.CharField(
        label=_("Where the limits come from"),
        max_length=300,
        help_text=_("For example: agreed with the ward on 3 March."),
    )

    def given(self) -> dict[str, Any]:
        """What :func:`baton.monitoring.changes.specify` takes beside the subject; times in seconds."""
        data = self.cleaned_data
        seconds = UNITS[data["unit"]][0]
        limits = {name: None if data[name] is None else data[name] * seconds for name in ("lower", "upper", "target")}
        return {
            **limits, "transform": Scale(data["transform"]), "began_on": data["began_on"], "reason": data["reason"],
        }  # fmt: skip


class WithdrawLimitsForm(WithdrawPhaseForm):
    """Why the specification limits do not hold any more."""
