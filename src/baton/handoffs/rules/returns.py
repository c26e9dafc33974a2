"""What came back: states of a return, and who brings it from one to the next. Pure Python."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum


class ReturnState(StrEnum):
    """How a return stands.

    OPEN       the supplier owes what came back or is missing
    CONTESTED  the supplier says that it was right as delivered, with his ground; the arbiter decides
    UPHELD     the arbiter found that it rightly came back; the supplier owes it
    DISMISSED  the arbiter found that it was right as delivered; it does not count as a return
    UNDECIDED  it cannot be found out any more; it counts against neither side
    SETTLED    made good: delivered again, replaced or credited
    WITHDRAWN  the customer takes it back; it does not count
    """

    OPEN = "open"
    CONTESTED = "contested"
    UPHELD = "upheld"
    DISMISSED = "dismissed"
    UNDECIDED = "undecided"
    SETTLED = "settled"
    WITHDRAWN = "withdrawn"


OWED_BACK = frozenset({ReturnState.OPEN, ReturnState.UPHELD})
"""The supplier owes it."""

PENDING = OWED_BACK | {ReturnState.CONTESTED}
"""It is not over."""

NOT_COUNTED = frozenset({ReturnState.DISMISSED, ReturnState.WITHDRAWN})
"""It was right as delivered, or was taken back: it does not count."""

DECISIONS = (ReturnState.UPHELD, ReturnState.DISMISSED, ReturnState.UNDECIDED)
"""What an arbiter can find."""

NEXT: Mapping[ReturnState, frozenset[ReturnState]] = {
    ReturnState.OPEN: frozenset({ReturnState.CONTESTED, ReturnState.SETTLED, ReturnState.WITHDRAWN}),
    ReturnState.CONTESTED: frozenset({*DECISIONS, ReturnState.WITHDRAWN}),
    ReturnState.UPHELD: frozenset({ReturnState.SETTLED}),
}
"""To which states a return goes from each; from the others to none. What is contested the customer does not settle:
that would make it count before the arbiter has decided."""


def may_become(before: ReturnState, after: ReturnState) -> bool:
    """Whether a return goes from one state to the other."""
    return after in NEXT.get(before, frozenset())


def contestable_until(opened_at: datetime, hours: int) -> datetime:
    """Until when a return can be contested."""
    return opened_at + timedelta(hours=hours)
