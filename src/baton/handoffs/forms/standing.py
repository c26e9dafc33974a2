"""The form of a standing order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from baton.chain.forms.choosing import Offered, offer
from baton.handoffs.changes import OrderGiven, lines_kept
from baton.handoffs.forms.recording import FIRST_LINES, HandoffForm
from baton.handoffs.forms.recurrence import RecurrenceForm, pattern_of
from baton.handoffs.models import StandingOrder
from baton.handoffs.rules import NAME_LENGTH
from baton.handoffs.rules.standing import LONGEST


class OrderForm(RecurrenceForm, HandoffForm):
    """What is due on a link again and again, and when."""

    field_order = (
        "order_name", "pattern", "weekdays", "month_day", "rule", "begins", "minutes", "off", "calendar", "starts_on",
        "ends_on", "reference", "priority",
    )  # fmt: skip

    order_name = forms.CharField(
        label=_("Name"), max_length=NAME_LENGTH, help_text=_("As people call it: morning linen.")
    )
    minutes = forms.IntegerField(
        label=_("Due after (min)"), min_value=0, max_value=LONGEST, initial=0,
        help_text=_("So long after it begins; 0: when it begins."),
    )  # fmt: skip
    calendar = forms.ChoiceField(label=_("Whose holidays"), required=False)

    def __init__(self, *args: Any, calendars: Sequence[Offered], order: StandingOrder | None = None, **kwargs: Any):
        if order is not None:
            kwargs["initial"] = {**_shown(order), **kwargs.get("initial", {})}
        super().__init__(*args, record=order, **kwargs)
        offer(self, "calendar", calendars, nobody=_("Those of the organisation"))

    def given(self, calendars: Mapping[str, Any]) -> OrderGiven:
        """What the changes of standing orders take; ``calendars`` by public id."""
        data = self.cleaned_data
        return OrderGiven(
            name=data["order_name"], rule=self.rule_given(), begins=data["begins"], minutes=data["minutes"],
            off=data["off"], calendar=calendars.get(data["calendar"]), starts_on=data["starts_on"],
            ends_on=data["ends_on"], reference=data["reference"], priority=data["priority"],
            lines=self.lines(delivered=False),
        )  # fmt: skip

    def _field_named(self, name: str) -> str | None:
        return super()._field_named("order_name" if name == "name" else name)


def _shown(order: StandingOrder) -> dict[str, Any]:
    """The values of the form for a standing order."""
    values: dict[str, Any] = {
        "order_name": order.name, "begins": order.begins, "minutes": order.minutes, "off": order.off,
        "calendar": order.calendar.public_id if order.calendar is not None else "", "starts_on": order.starts_on,
        "ends_on": order.ends_on, "reference": order.reference, "priority": order.priority, **pattern_of(order.rule),
    }  # fmt: skip
    for place, line in enumerate(lines_kept(order)[:FIRST_LINES], start=1):
        values |= {
            f"name_{place}": line.name, f"amount_{place}": line.quantities.ordered, f"unit_{place}": line.unit,
            f"item_{place}": line.item_code,
        }  # fmt: skip
    return values
