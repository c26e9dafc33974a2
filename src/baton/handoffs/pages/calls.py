"""Calls by a button: the page of a call point, its poster, the board of open calls."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from baton.agreements.pages.paper import qr_code
from baton.handoffs.models import CallPoint
from baton.handoffs.queries.calls import WAITING, CallRow
from baton.handoffs.rules.calls import CallStage, CallStep

STAGES: dict[CallStage, tuple[Any, str]] = {
    CallStage.CALLED: (pgettext_lazy("call", "Called"), "broken"),
    CallStage.ARRIVED: (pgettext_lazy("call", "Arrived"), "info"),
    CallStage.FIXED: (pgettext_lazy("call", "Fixed, to be confirmed"), "at_risk"),
    CallStage.NOT_FIXED: (pgettext_lazy("call", "Not fixed"), "broken"),
    CallStage.CONFIRMED: (pgettext_lazy("call", "Confirmed"), "kept"),
    CallStage.UNCONFIRMED: (pgettext_lazy("call", "Fixed, not confirmed"), "unknown"),
    CallStage.CANCELLED: (pgettext_lazy("call", "Cancelled"), "unknown"),
    CallStage.OTHERWISE: (pgettext_lazy("call", "See its page"), "unknown"),
}
"""Words of a stage, and the status under which it is shown."""

CALL_BUTTONS: dict[CallStep, tuple[Any, str]] = {
    CallStep.ARRIVE: (_("I am here"), "user-check"),
    CallStep.FIX: (_("It is fixed"), "wrench"),
    CallStep.CONFIRM: (_("Yes, it is fixed"), "circle-check"),
    CallStep.REOPEN: (_("No, it is not"), "undo-2"),
    CallStep.CANCEL: (_("Nobody need come"), "circle-slash"),
}
"""Words and icon of the button of a step."""


def point_context(point: CallPoint, row: CallRow | None, at: datetime, *, may_call: bool) -> dict[str, Any]:
    """What ``handoffs/point.html`` and ``handoffs/_point.html`` show."""
    return {
        "point": point, "link": point.link, "row": call_row(row, at) if row is not None else None,
        "may_call": may_call and point.ended_at is None,
    }  # fmt: skip


def board_context(found: Iterable[CallRow], at: datetime) -> dict[str, Any]:
    """What ``handoffs/calls.html`` and ``handoffs/_calls.html`` show."""
    rows = [call_row(one, at) for one in found]
    return {"rows": rows, "waiting": sum(one["waits"] for one in rows)}


def poster_context(point: CallPoint) -> dict[str, Any]:
    """What ``handoffs/point_poster.html`` shows: the name in letters read from afar, and the QR code of its page."""
    address = settings.BASE_URL + reverse("handoffs:point", args=[point.public_id])
    return {"point": point, "link": point.link, "address": address, "code": qr_code(address, scale=6)}


def call_row(row: CallRow, at: datetime) -> dict[str, Any]:
    """A call with its words, its ages in seconds and its buttons."""
    word, sign = STAGES[row.stage]
    buttons = [
        {
            "step": step.value,
            "label": CALL_BUTTONS[step][0],
            "icon": CALL_BUTTONS[step][1],
            "first": place == 0 and step is not CallStep.CANCEL,
        }
        for place, step in enumerate(row.steps)
    ]
    return {
        "handoff": row.handoff, "stage": row.stage.value, "word": word, "sign": sign, "buttons": buttons,
        "waits": row.stage in WAITING, "age": max(0.0, (at - row.called_at).total_seconds()),
        "stage_age": max(0.0, (at - row.since).total_seconds()), "is_ours": row.is_ours,
        "has_moved": row.stage is not CallStage.CALLED,
    }  # fmt: skip
