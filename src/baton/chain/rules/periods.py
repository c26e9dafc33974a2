"""What holds between two dates."""

from __future__ import annotations

from datetime import date
from enum import StrEnum


class State(StrEnum):
    """The state of a party, a membership or a link on a day; it follows from its two dates alone.

    PLANNED  its first day is still to come
    LIVE     from its first day on; a link in this state is one on which work is handed over
    ENDED    from its end date on (the interval is half-open: on the end date itself it no longer holds). An ended link
             is kept with its history and its measures and counts for nothing new. It is never taken up again: work
             that is handed over once more is a new link
    """

    PLANNED = "planned"
    LIVE = "live"
    ENDED = "ended"


def state_on(day: date, began_on: date, ended_on: date | None) -> State:
    """The state on ``day`` of what holds in ``[began_on, ended_on)``."""
    if ended_on is not None and ended_on <= day:
        return State.ENDED
    return State.LIVE if began_on <= day else State.PLANNED


def overlap(began: date, ended: date | None, other_began: date, other_ended: date | None) -> bool:
    """Whether two half-open intervals share a day; None is open."""
    return (other_ended is None or began < other_ended) and (ended is None or other_began < ended)
