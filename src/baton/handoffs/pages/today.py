"""The page “Today”: what is owed, what waits to be accepted, what is coming, what came back."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils.translation import gettext

from baton.core import formats
from baton.handoffs.models.events import EVENTS, HandoffEvent
from baton.handoffs.pages.handoffs import amount_of, line_row, shown_of
from baton.handoffs.pages.words import RETURN_SIGNS, SIGNS
from baton.handoffs.queries import Today, TodayRow
from baton.handoffs.rules import ReturnState, State, Step, plain


def today_context(found: Today, at: datetime) -> dict[str, Any]:
    """What ``handoffs/today.html`` shows."""
    return {
        "today": found,
        "owed": _rows(found.owed, "owed"),
        "to_accept": _rows(found.to_accept, "to_accept"),
        "coming": _rows(found.coming, "coming"),
        "returns": [
            {"found": one, "sign": RETURN_SIGNS[ReturnState(one.state)], "amount": amount_of(one.quantity, one.line)}
            for one in found.returns
        ],
    }  # fmt: skip


def _rows(rows: Iterable[TodayRow], part: str) -> list[dict[str, Any]]:
    return [_row(row, part) for row in rows]


def _row(row: TodayRow, part: str) -> dict[str, Any]:
    lines = [line_row(one) for one in row.lines]
    warning = warned_words(row.warning)
    amounts = tuple((line["line"].name, line["line"].unit, line["ordered"], line["delivered"]) for line in lines)
    return {
        "handoff": row.handoff, "late": row.late, "sign": SIGNS[State(row.handoff.state)], "lines": lines,
        "warning": warning, "unconfirmed_from": row.unconfirmed_from,
        # A tap that is sent twice is carried out once.
        "submission": secrets.token_hex(16),
        "shows": (
            part, row.handoff.changed_seq, *shown_of(row.handoff), row.late, warning, row.unconfirmed_from, amounts
        ),
    }  # fmt: skip


def warned_words(event: HandoffEvent | None) -> str:
    """What was said in time about being late or short; empty where nothing was."""
    if event is None:
        return ""
    said = [str(EVENTS[Step(event.event)])]
    if event.quantity is not None:
        said.append(plain(event.quantity))
    if event.expected_at is not None:
        said.append(formats.labelled(gettext("comes at"), formats.moment(event.expected_at)))
    return formats.remarks([*said, *filter(None, [event.reason])])
