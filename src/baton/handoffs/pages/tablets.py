"""What a shared tablet shows of the handoffs of its team."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.urls import reverse

from baton.handoffs.models import SharedTablet
from baton.handoffs.pages.today import today_context
from baton.handoffs.pages.words import BUTTONS, FIRST
from baton.handoffs.queries import Today
from baton.handoffs.rules import State, Step

_OF_CUSTOMER = (Step.ACCEPT, Step.ACCEPT_PART, Step.RETURN)
_OF_SUPPLIER = (Step.DELIVER, Step.WARN_LATE)


def tablet_context(found: Today, tablet: SharedTablet, at: datetime) -> dict[str, Any]:
    """What ``handoffs/tablet/today.html`` shows: Today, with a button for each step that can be taken at the tablet."""
    shown = today_context(found, at)
    for row in shown["to_accept"]:
        row["buttons"] = _buttons(row["handoff"].public_id, _OF_CUSTOMER)
    for row in shown["owed"]:
        refused = row["handoff"].state == State.REFUSED
        row["buttons"] = [] if refused else _buttons(row["handoff"].public_id, _OF_SUPPLIER)
    return shown


def _buttons(public_id: str, steps: Sequence[Step]) -> list[dict[str, Any]]:
    return [
        {"address": reverse("tablet:step", args=[public_id, one.value]), "label": BUTTONS[one][0],
         "icon": BUTTONS[one][1], "first": one in FIRST}
        for one in steps
    ]  # fmt: skip
