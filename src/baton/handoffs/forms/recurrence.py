"""How often something comes again, as a form asks for it and as a sentence says it."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from baton.chain.forms.parties import day_field
from baton.core import formats
from baton.core.errors import Refused, explain
from baton.core.forms import RecordForm
from baton.handoffs.models.standing import OFF
from baton.handoffs.rules.standing import RRULE_LENGTH, Off

DAILY, WEEKLY, MONTHLY, OTHER = "daily", "weekly", "monthly", "other"
_WEEKDAYS = [
    ("MO", _("Monday")), ("TU", _("Tuesday")), ("WE", _("Wednesday")), ("TH", _("Thursday")), ("FR", _("Friday")),
    ("SA", _("Saturday")), ("SU", _("Sunday")),
]  # fmt: skip
_LAST_IF_SHORTER = "BYMONTHDAY={days};BYSETPOS=-1"
"""The day of the month, or its last where it is shorter: the last of all days from the 28th up to that one."""


class RecurrenceForm(RecordForm):
    """How often something comes again, from which day on and until when. A form that asks every how many months has a
    field ``months``."""

    pattern = forms.ChoiceField(
        label=_("How often"), widget=forms.RadioSelect, initial=DAILY,
        choices=[(DAILY, _("Every day")), (WEEKLY, _("On these days of the week")), (MONTHLY, _("Once a month")),
                 (OTHER, _("By a rule of its own"))],
    )  # fmt: skip
    weekdays = forms.MultipleChoiceField(
        label=_("Days of the week"), required=False, choices=_WEEKDAYS, widget=forms.CheckboxSelectMultiple
    )
    month_day = forms.IntegerField(
        label=_("Day of the month"), required=False, min_value=1, max_value=31,
        help_text=_("In a shorter month its last day."),
    )  # fmt: skip
    rule = forms.CharField(
        label=_("Rule"), required=False, max_length=RRULE_LENGTH,
        help_text=_("As RFC 5545 writes it: FREQ=WEEKLY;INTERVAL=2;BYDAY=TU."),
    )  # fmt: skip
    begins = forms.TimeField(
        label=_("Begins at"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={"invalid": _("A time of day was expected, such as 06:30. Correct it.")},
    )  # fmt: skip
    off = forms.TypedChoiceField(
        label=_("On a holiday"), coerce=Off, choices=[(one.value, label) for one, label in OFF.items()],
        initial=Off.SKIP.value,
    )  # fmt: skip
    starts_on = day_field(_("First day"), required=True)
    ends_on = day_field(_("Last day"), _("Empty: until it is ended."))

    def clean(self) -> dict[str, Any]:
        """Where days of the week, a day of the month or a rule is needed, it is there."""
        data = super().clean()
        needed = {WEEKLY: "weekdays", MONTHLY: "month_day", OTHER: "rule"}.get(data.get("pattern", ""))
        if needed is not None and not data.get(needed) and needed not in self.errors:
            self.add_error(needed, _("It says when it is due. Choose or enter it."))
        return data

    def rule_given(self) -> str:
        """The recurrence as RFC 5545 writes it."""
        data = self.cleaned_data
        if data["pattern"] == WEEKLY:
            return f"FREQ=WEEKLY;BYDAY={','.join(data['weekdays'])}"
        if data["pattern"] == MONTHLY:
            return _monthly(data["month_day"], data.get("months") or 1)
        return data["rule"].upper() if data["pattern"] == OTHER else "FREQ=DAILY"

    def refuse(self, refused: Refused) -> None:
        """Say beside its field why a preview was refused."""
        self.add_error(self._field_named(refused.field), explain(refused))
        self.status = 422


def pattern_of(rule: str, months: Collection[int] = (1,)) -> dict[str, Any]:
    """The values of the form for a recurrence; ``months``: what it may ask for as every so many months."""
    parts = dict(part.split("=") for part in rule.split(";"))
    if parts == {"FREQ": "DAILY"}:
        return {"pattern": DAILY}
    if set(parts) == {"FREQ", "BYDAY"} and parts["FREQ"] == "WEEKLY":
        return {"pattern": WEEKLY, "weekdays": parts["BYDAY"].split(",")}
    last, every = parts.get("BYMONTHDAY", "").rpartition(",")[2], int(parts.get("INTERVAL", 1))
    if last.isdecimal() and every in months and rule == _monthly(int(last), every):
        return {"pattern": MONTHLY, "month_day": int(last), "months": every}
    return {"pattern": OTHER, "rule": rule}


def how_often(rule: str) -> str:
    """A recurrence in words: ``every Tuesday and Friday`` as a list of days; a rule of its own as it is written."""
    pattern = pattern_of(rule, range(1, 100))
    if pattern["pattern"] == DAILY:
        return gettext("every day")
    if pattern["pattern"] == WEEKLY and not (days := set(pattern["weekdays"])) - {code for code, _name in _WEEKDAYS}:
        return gettext("every week: {days}").format(
            days=formats.listing(name for code, name in _WEEKDAYS if code in days)
        )
    if pattern["pattern"] == MONTHLY:
        if pattern["months"] == 1:
            return gettext("every month, on day {day}").format(day=pattern["month_day"])
        return gettext("every {months} months, on day {day}").format(months=pattern["months"], day=pattern["month_day"])
    return rule


def _monthly(day: int, months: int) -> str:
    every = f"FREQ=MONTHLY;INTERVAL={months}" if months > 1 else "FREQ=MONTHLY"
    if day <= 28:
        return f"{every};BYMONTHDAY={day}"
    return f"{every};{_LAST_IF_SHORTER.format(days=','.join(str(one) for one in range(28, day + 1)))}"
