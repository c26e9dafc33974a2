"""Labels that several tables share, and whose words mean something else elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from baton.handoffs.rules import PLACES, Form, ReturnState, Side, Stage, State

SIDES = {Side.SUPPLIER: _("Supplier"), Side.CUSTOMER: _("Customer")}
STATES = {
    State.EXPECTED: pgettext_lazy("handoff", "Expected"),
    State.DELIVERED: pgettext_lazy("handoff", "Delivered"),
    State.ACCEPTED: pgettext_lazy("handoff", "Accepted"),
    State.PARTLY: pgettext_lazy("handoff", "Accepted in part"),
    State.RETURNED: pgettext_lazy("handoff", "Returned"),
    State.UNCONFIRMED: pgettext_lazy("handoff", "Not confirmed"),
    State.SETTLED: pgettext_lazy("handoff", "Settled"),
    State.REFUSED: pgettext_lazy("handoff", "Refused as incomplete"),
    State.WITHDRAWN: pgettext_lazy("handoff", "Withdrawn"),
}
COST_WORDS = {Side.SUPPLIER: _("What it cost the supplier"), Side.CUSTOMER: _("What it cost the customer")}
FORMS = {
    Form.SINGLE: pgettext_lazy("handoff", "Single"),
    Form.STANDING: pgettext_lazy("handoff", "Standing order"),
    Form.TALLY: pgettext_lazy("handoff", "Tally"),
    Form.CALL: pgettext_lazy("handoff", "Call"),
}
RETURN_STATES = {
    ReturnState.OPEN: pgettext_lazy("return", "Open"),
    ReturnState.CONTESTED: pgettext_lazy("return", "Contested"),
    ReturnState.UPHELD: pgettext_lazy("return", "Upheld"),
    ReturnState.DISMISSED: pgettext_lazy("return", "Dismissed"),
    ReturnState.UNDECIDED: pgettext_lazy("return", "Undecided"),
    ReturnState.SETTLED: pgettext_lazy("return", "Settled"),
    ReturnState.WITHDRAWN: pgettext_lazy("return", "Withdrawn"),
}
STAGES = {
    Stage.SELF_CHECK: pgettext_lazy("check", "Self-check before delivery"),
    Stage.RECEIVER: pgettext_lazy("check", "Receiver’s check"),
    Stage.INSPECTOR: pgettext_lazy("check", "Inspector’s check"),
}
HANDOFF = pgettext_lazy("one thing handed over", "handoff")
OF_WHICH = _("Of which handoff.")


def choice_field(name: Any, labels: Mapping[Any, Any], help_text: Any, **options: Any) -> models.CharField[str, str]:
    """A column that holds one of several codes."""
    length = max(len(value.value) for value in labels)
    choices = [(value.value, label) for value, label in labels.items()]
    return models.CharField(name, max_length=length, choices=choices, help_text=help_text, **options)


def quantity_field(name: Any, help_text: Any) -> models.DecimalField[Any, Any]:
    """A column that holds how much; empty: nobody has said."""
    return models.DecimalField(name, max_digits=18, decimal_places=PLACES, null=True, blank=True, help_text=help_text)


def cost_field(name: Any, help_text: Any) -> models.DecimalField[Any, Any]:
    """A column that holds an amount of money; empty: nobody has said."""
    return models.DecimalField(name, max_digits=14, decimal_places=2, null=True, blank=True, help_text=help_text)


def moment_field(name: Any, help_text: Any, **options: Any) -> models.DateTimeField[Any, Any]:
    """A column that holds when something happened (UTC); empty: it has not."""
    return models.DateTimeField(name, null=True, blank=True, help_text=help_text, **options)


def person_field(name: Any, help_text: Any) -> models.ForeignKey[Any, Any]:
    """A column that names who did it; empty: nobody, or a machine."""
    return models.ForeignKey(
        "core.Person", on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False,
        verbose_name=name, help_text=help_text,
    )  # fmt: skip
