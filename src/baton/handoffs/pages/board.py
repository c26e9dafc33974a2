"""The board in words: columns of cards with their age, what is late and what was warned of."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from baton.core import formats
from baton.handoffs.pages.today import warned_words
from baton.handoffs.pages.words import SIGNS
from baton.handoffs.queries.board import Board, Card
from baton.handoffs.rules import State
from baton.handoffs.rules.board import Column

COLUMNS: dict[Column, tuple[Any, str]] = {
    Column.ASKED: (pgettext_lazy("column", "Asked for"), "inbox"),
    Column.SOON: (gettext_lazy("Due soon or late"), "clock"),
    Column.DELIVERED: (gettext_lazy("Waits for acceptance"), "package"),
    Column.BACK: (gettext_lazy("Came back"), "undo-2"),
    Column.INCOMPLETE: (pgettext_lazy("column", "Incomplete"), "ban"),
}
"""Title and icon of each column."""
_SINCE = {
    Column.ASKED: gettext_lazy("asked for {time} ago"), Column.SOON: gettext_lazy("asked for {time} ago"),
    Column.DELIVERED: gettext_lazy("waits for {time}"), Column.BACK: gettext_lazy("back for {time}"),
    Column.INCOMPLETE: gettext_lazy("incomplete for {time}"),
}  # fmt: skip


def board_context(found: Board, at: datetime) -> dict[str, Any]:
    """What ``handoffs/_board.html`` shows."""
    return {"board": found, "as_of": at, "columns": [_column(found, column, at) for column in Column]}


def _column(found: Board, column: Column, at: datetime) -> dict[str, Any]:
    title, icon = COLUMNS[column]
    cards = found.cards.get(column, [])
    number = found.counts.get(column, 0)
    return {
        "code": column.value, "title": title, "icon": icon, "number": number,
        "late": sum(card.late for card in cards), "more": number - len(cards),
        "cards": [_card(card, column, at) for card in cards],
    }  # fmt: skip


def _card(card: Card, column: Column, at: datetime) -> dict[str, Any]:
    one = card.handoff
    return {
        "handoff": one,
        "link": card.link,
        "sign": SIGNS[State(one.state)],
        "names_state": one.state == State.PARTLY,
        "due": _due(card, at),
        "late": card.late,
        "since": str(_SINCE[column]).format(time=_time(card.since, at)) if card.since <= at else "",
        "warning": warned_words(card.warning),
        "paused": card.paused,
    }


def _due(card: Card, at: datetime) -> str:
    due = card.handoff.due_at
    if due is None or card.handoff.state == State.DELIVERED:
        return ""
    return (_("late by {time}") if card.late else _("due in {time}")).format(time=_time(due, at))


def _time(moment: datetime, at: datetime) -> str:
    """How long ago, or how long until, in whole minutes at least: nobody reads seconds on a wall."""
    return formats.duration(max(60, abs(at - moment).total_seconds() // 60 * 60))
