"""What a shared tablet shows of the handoffs of its team."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext

from baton.core.texts import say
from baton.handoffs.pages.calls import call_row
from baton.handoffs.pages.today import today_context
from baton.handoffs.pages.words import BUTTONS, FIRST
from baton.handoffs.queries import Today
from baton.handoffs.rules import Form, State, Step

if TYPE_CHECKING:
    from baton.chain.models import Link
    from baton.handoffs.models import Handoff
    from baton.handoffs.queries.tablets import CallsOnTablet

SELDOM, OFTEN = 60, 15
"""Seconds after which the tablet looks again; often where somebody may call."""

_OF_CUSTOMER = (Step.ACCEPT, Step.ACCEPT_PART, Step.RETURN)
_OF_SUPPLIER = (Step.DELIVER, Step.WARN_LATE)


def tablet_context(found: Today, at: datetime) -> dict[str, Any]:
    """What ``handoffs/tablet/today.html`` shows: Today, with a button for each step that can be taken at the tablet.
    Calls stand there by themselves."""
    shown = today_context(found, at)
    for part in ("to_accept", "owed", "coming"):
        shown[part] = [row for row in shown[part] if row["handoff"].form != Form.CALL]
    shown["returns"] = [one for one in shown["returns"] if one["found"].handoff.form != Form.CALL]
    for row in shown["to_accept"]:
        row["buttons"] = _buttons(row["handoff"].public_id, _OF_CUSTOMER)
    for row in shown["owed"]:
        refused = row["handoff"].state == State.REFUSED
        row["buttons"] = [] if refused else _buttons(row["handoff"].public_id, _OF_SUPPLIER)
    return shown


def calls_context(found: CallsOnTablet, at: datetime) -> dict[str, Any]:
    """The calls on it, with a button for what the team can say of each, and one for each point from which it calls."""
    calls = [
        {**row, "buttons": [{**one, "address": _step_of_call(row["handoff"], one["step"])} for one in row["buttons"]]}
        for row in (call_row(one, at) for one in found.open)
    ]
    points = [{"point": one, "label": call_label(one.link)} for one in found.points]
    return {"calls": calls, "points": points, "seconds": OFTEN if calls or points else SELDOM}


def call_label(link: Link) -> str:
    """What the button says by which the supplier of a link is called."""
    return gettext("Call {team}").format(team=say(link.supplier.name))


def _step_of_call(handoff: Handoff, step: str) -> str:
    return reverse("tablet:call_step", args=[handoff.public_id, step])


def _buttons(public_id: str, steps: Sequence[Step]) -> list[dict[str, Any]]:
    return [
        {"address": reverse("tablet:step", args=[public_id, one.value]), "label": BUTTONS[one][0],
         "icon": BUTTONS[one][1], "first": one in FIRST}
        for one in steps
    ]  # fmt: skip
