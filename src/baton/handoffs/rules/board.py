"""The columns of the board: where an open handoff stands, as a team in front of a screen sees it. Pure Python."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from baton.handoffs.rules.lives import State

SOON = timedelta(hours=24)
"""What is due within this time is due soon."""


class Column(StrEnum):
    """Where an open handoff stands.

    ASKED       asked for or planned, and due later than SOON, or nobody said when
    SOON        asked for or planned, and due soon or already late
    DELIVERED   handed over; it waits for the customer
    BACK        all or a part came back or is missing; the supplier owes it again
    INCOMPLETE  sent back as incomplete, by the supplier or by the customer
    """

    ASKED = "asked"
    SOON = "soon"
    DELIVERED = "delivered"
    BACK = "back"
    INCOMPLETE = "incomplete"


STATES_OF = {
    Column.ASKED: frozenset({State.EXPECTED}),
    Column.SOON: frozenset({State.EXPECTED}),
    Column.DELIVERED: frozenset({State.DELIVERED}),
    Column.BACK: frozenset({State.RETURNED, State.PARTLY}),
    Column.INCOMPLETE: frozenset({State.REFUSED}),
}
"""The states of the handoffs of each column; by when they are due, ASKED and SOON differ."""


def column_of(state: State, due_at: datetime | None, at: datetime) -> Column | None:
    """The column of a handoff; None where it is over."""
    found = next((column for column, states in STATES_OF.items() if state in states), None)
    if found is Column.ASKED and due_at is not None and due_at < at + SOON:
        return Column.SOON
    return found
