"""Forms that enter a handoff: something is asked for, or came without having been asked for."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from baton.core.forms import RecordForm
from baton.handoffs.changes import LineGiven
from baton.handoffs.forms.fields import AmountField, MomentField, happened_at_field
from baton.handoffs.rules import (
    CODE_LENGTH,
    NAME_LENGTH,
    PRIORITY_LENGTH,
    REFERENCE_LENGTH,
    UNIT_LENGTH,
    Moments,
    Quantities,
)

FIRST_LINES = 3
"""Lines that the form offers; whoever has more brings a table or the API."""


class HandoffForm(RecordForm):
    """What is handed over on a link, under which reference, and how much."""

    reference = forms.CharField(
        label=_("Reference"), required=False, max_length=REFERENCE_LENGTH,
        help_text=_("Order, lot, case or sample: what both sides say on the phone."),
    )  # fmt: skip
    priority = forms.CharField(label=_("Priority"), required=False, max_length=PRIORITY_LENGTH)

    def __init__(self, *args: Any, name: str = "", **kwargs: Any) -> None:
        """``name`` is what the link hands over, for the first line."""
        super().__init__(*args, **kwargs)
        self._offered = {1: name}
        for place in range(1, FIRST_LINES + 1):
            self.fields[f"name_{place}"] = forms.CharField(label=_("What"), required=False, max_length=NAME_LENGTH)
            self.fields[f"amount_{place}"] = AmountField(label=_("How much"))
            self.fields[f"unit_{place}"] = forms.CharField(label=_("Unit"), required=False, max_length=UNIT_LENGTH)
            self.fields[f"item_{place}"] = forms.CharField(label=_("Item code"), required=False, max_length=CODE_LENGTH)
        self.initial.setdefault("name_1", name)

    def lines(self, *, delivered: bool) -> list[LineGiven]:
        """The lines with a quantity or a code, or another name than the form had in it; ``delivered``: their
        quantities were delivered, not ordered."""
        found = []
        for place in range(1, FIRST_LINES + 1):
            data = {part: self.cleaned_data.get(f"{part}_{place}") for part in ("name", "amount", "unit", "item")}
            if data["amount"] is None and not data["item"] and data["name"] in ("", self._offered.get(place)):
                continue
            quantities = Quantities(**{"delivered" if delivered else "ordered": data["amount"]})
            found.append(
                LineGiven(
                    name=data["name"] or data["item"] or "", unit=data["unit"] or "", item_code=data["item"] or "",
                    quantities=quantities,
                )
            )  # fmt: skip
        return found

    def _field_named(self, name: str) -> str | None:
        """Quantities are refused under the names that the record gives them."""
        amount, _bar, place = name.partition("_")
        as_typed = f"amount_{place}" if amount in ("ordered", "delivered") and place.isdecimal() else name
        return super()._field_named(as_typed)

    @property
    def rows(self) -> list[list[forms.BoundField]]:
        """The fields of each line, for the template."""
        return [[self[f"{part}_{place}"] for part in ("name", "amount", "unit", "item")]
                for place in range(1, FIRST_LINES + 1)]  # fmt: skip


class RequestForm(HandoffForm):
    """Something is asked for."""

    field_order = ("due_at", "reference", "priority", "requested_at")

    due_at = MomentField(label=_("Wanted by"), help_text=_("Empty: as agreed."))
    requested_at = happened_at_field(_("Asked for"))

    def given(self) -> dict[str, Any]:
        """What :func:`baton.handoffs.changes.request_handoff` takes."""
        data = self.cleaned_data
        return {
            "due_at": data["due_at"], "requested_at": data["requested_at"], "reference": data["reference"],
            "priority": data["priority"], "lines": self.lines(delivered=False),
        }  # fmt: skip


class DeliveryForm(HandoffForm):
    """Something is handed over that nobody has entered before."""

    field_order = ("delivered_at", "reference", "priority", "requested_at", "due_at")

    delivered_at = happened_at_field(_("Handed over"))
    requested_at = MomentField(label=_("Asked for"), help_text=_("Empty: nobody asked, or nobody knows when."))
    due_at = MomentField(label=_("Wanted by"), help_text=_("Empty: nobody has said."))

    def given(self, now: Any) -> dict[str, Any]:
        """What :func:`baton.handoffs.changes.record_handoff` takes; ``now`` where no moment was entered."""
        data = self.cleaned_data
        moments = Moments(
            requested_at=data["requested_at"], due_at=data["due_at"], delivered_at=data["delivered_at"] or now
        )
        return {
            "moments": moments, "reference": data["reference"], "priority": data["priority"],
            "lines": self.lines(delivered=True),
        }  # fmt: skip
