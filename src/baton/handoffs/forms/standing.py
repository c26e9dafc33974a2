"""The form of a standing order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from baton.chain.forms.choosing import Offered, offer
from baton.chain.forms.parties import day_field
from baton.core import formats
from baton.core.errors import Refused, explain
from baton.handoffs.changes import OrderGiven, lines_kept
from baton.handoffs.forms.recording import FIRST_LINES, HandoffForm
from baton.handoffs.models import StandingOrder
from baton.handoffs.models.standing import OFF
from baton.handoffs.rules import NAME_LENGTH
from baton.handoffs.rules.standing import LONGEST, RRULE_LENGTH, Off

DAILY, WEEKLY, MONTHLY, OTHER = "daily", "weekly", "monthly", "other"
_WEEKDAYS = [
    ("MO", _("Monday")), ("TU", _("Tuesday")), ("WE", _("Wednesday")), ("TH", _("Thursday")), ("FR", _("Friday")),
    ("SA", _("Saturday")), ("SU", _("Sunday")),
]  # fmt: skip
_LAST_IF_SHORTER = "FREQ=MONTHLY;BYMONTHDAY={days};BYSETPOS=-1"
"""The day of the month, or its last where it is shorter: the last of all days from the 28th up to that one."""


class OrderForm(HandoffForm):
    """What is due on a link again and again, and when."""

    field_order = (
        "order_name", "pattern", "weekdays", "month_day", "rule", "begins", "minutes", "off", "calendar", "starts_on",
        "ends_on", "reference", "priority",
    )  # fmt: skip

    order_name = forms.CharField(
        label=_("Name"), max_length=NAME_LENGTH, help_text=_("As people call it: morning linen.")
    )
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
    minutes = forms.IntegerField(
        label=_("Due after (min)"), min_value=0, max_value=LONGEST, initial=0,
        help_text=_("So long after it begins; 0: when it begins."),
    )  # fmt: skip
    off = forms.TypedChoiceField(
        label=_("On a holiday"), coerce=Off, choices=[(one.value, label) for one, label in OFF.items()],
        initial=Off.SKIP.value,
    )  # fmt: skip
    calendar = forms.ChoiceField(label=_("Whose holidays"), required=False)
    starts_on = day_field(_("First day"), required=True)
    ends_on = day_field(_("Last day"), _("Empty: until it is ended."))

    def __init__(self, *args: Any, calendars: Sequence[Offered], order: StandingOrder | None = None, **kwargs: Any):
        if order is not None:
            kwargs["initial"] = {**_shown(order), **kwargs.get("initial", {})}
        super().__init__(*args, record=order, **kwargs)
        offer(self, "calendar", calendars, nobody=_("Those of the organisation"))

    def clean(self) -> dict[str, Any]:
        """Where days of the week, a day of the month or a rule is needed, it is there."""
        data = super().clean()
        needed = {WEEKLY: "weekdays", MONTHLY: "month_day", OTHER: "rule"}.get(data.get("pattern", ""))
        if needed is not None and not data.get(needed) and needed not in self.errors:
            self.add_error(needed, _("It says when it is due. Choose or enter it."))
        return data

    def given(self, calendars: Mapping[str, Any]) -> OrderGiven:
        """What the changes of standing orders take; ``calendars`` by public id."""
        data = self.cleaned_data
        return OrderGiven(
            name=data["order_name"], rule=self._rule(), begins=data["begins"], minutes=data["minutes"],
            off=data["off"], calendar=calendars.get(data["calendar"]), starts_on=data["starts_on"],
            ends_on=data["ends_on"], reference=data["reference"], priority=data["priority"],
            lines=self.lines(delivered=False),
        )  # fmt: skip

    def refuse(self, refused: Refused) -> None:
        """Say beside its field why a preview was refused."""
        self.add_error(self._field_named(refused.field), explain(refused))
        self.status = 422

    def _rule(self) -> str:
        data = self.cleaned_data
        if data["pattern"] == WEEKLY:
            return f"FREQ=WEEKLY;BYDAY={','.join(data['weekdays'])}"
        if data["pattern"] == MONTHLY:
            return _monthly(data["month_day"])
        return data["rule"].upper() if data["pattern"] == OTHER else "FREQ=DAILY"

    def _field_named(self, name: str) -> str | None:
        return super()._field_named("order_name" if name == "name" else name)


def _shown(order: StandingOrder) -> dict[str, Any]:
    """The values of the form for a standing order."""
    values: dict[str, Any] = {
        "order_name": order.name, "begins": order.begins, "minutes": order.minutes, "off": order.off,
        "calendar": order.calendar.public_id if order.calendar is not None else "", "starts_on": order.starts_on,
        "ends_on": order.ends_on, "reference": order.reference, "priority": order.priority, **_pattern(order.rule),
    }  # fmt: skip
    for place, line in enumerate(lines_kept(order)[:FIRST_LINES], start=1):
        values |= {
            f"name_{place}": line.name, f"amount_{place}": line.quantities.ordered, f"unit_{place}": line.unit,
            f"item_{place}": line.item_code,
        }  # fmt: skip
    return values


def _pattern(rule: str) -> dict[str, Any]:
    parts = dict(part.split("=") for part in rule.split(";"))
    if parts == {"FREQ": "DAILY"}:
        return {"pattern": DAILY}
    if set(parts) == {"FREQ", "BYDAY"} and parts["FREQ"] == "WEEKLY":
        return {"pattern": WEEKLY, "weekdays": parts["BYDAY"].split(",")}
    last = parts.get("BYMONTHDAY", "").rpartition(",")[2]
    if last.isdecimal() and rule == _monthly(int(last)):
        return {"pattern": MONTHLY, "month_day": int(last)}
    return {"pattern": OTHER, "rule": rule}


def how_often(rule: str) -> str:
    """A recurrence in words: ``every Tuesday and Friday`` as a list of days; a rule of its own as it is written."""
    pattern = _pattern(rule)
    if pattern["pattern"] == DAILY:
        return gettext("every day")
    if pattern["pattern"] == WEEKLY and not (days := set(pattern["weekdays"])) - {code for code, _name in _WEEKDAYS}:
        return gettext("every week: {days}").format(
            days=formats.listing(name for code, name in _WEEKDAYS if code in days)
        )
    if pattern["pattern"] == MONTHLY:
        return gettext("every month, on day {day}").format(day=pattern["month_day"])
    return rule


def _monthly(day: int) -> str:
    if day <= 28:
        return f"FREQ=MONTHLY;BYMONTHDAY={day}"
    return _LAST_IF_SHORTER.format(days=",".join(str(one) for one in range(28, day + 1)))
