"""Promises of leaders to their staff: when they are due, and whether they were kept. Pure Python."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum


class Rhythm(StrEnum):
    """How often a promise is due.

    ONCE       on one day
    WEEKLY     on that day of every week
    MONTHLY    on that day of every month, or its last day where it has no such day; so for the next two
    QUARTERLY  every three months
    YEARLY     every year
    """

    ONCE = "once"
    WEEKLY = "weekly"
    MONTHLY = "monthly"
    QUARTERLY = "quarterly"
    YEARLY = "yearly"


_MONTHS = {Rhythm.MONTHLY: 1, Rhythm.QUARTERLY: 3, Rhythm.YEARLY: 12}
LAST_YEAR = 2199
"""No day lies beyond this year."""


class Keeping(StrEnum):
    """How a promise stands.

    WAITING  nothing was due yet
    KEPT     all that was due was done, last on a known day
    LATE     something that was due is not done
    """

    WAITING = "waiting"
    KEPT = "kept"
    LATE = "late"


@dataclass(frozen=True, slots=True)
class Kept:
    """How a promise stands on a day.

    ``on`` is the day since which it is late, or on which it was last kept; None while it waits. ``next_due`` is the
    next day on which something is to be done, the one that is late included; None where nothing more comes. Of ``due``
    days so far ``in_time`` were met by that day, ``done`` on some day.
    """

    keeping: Keeping
    on: date | None
    next_due: date | None
    due: int
    done: int
    in_time: int


def due_days(first: date, rhythm: Rhythm) -> Iterator[date]:
    """The days on which it is due, from the first on, without an end unless it is due once."""
    yield first
    count = 0
    while rhythm is not Rhythm.ONCE:
        count += 1
        day = first + timedelta(weeks=count) if rhythm is Rhythm.WEEKLY else _months_on(first, count * _MONTHS[rhythm])
        if day.year >= LAST_YEAR:
            return
        yield day


def kept(first: date, rhythm: Rhythm, done: Mapping[date, date], day: date) -> Kept:
    """How it stands on ``day``; ``done`` says for due days when they were met. On its due day it is not late yet."""
    met = in_time = so_far = 0
    late: date | None = None
    following: date | None = None
    for due in due_days(first, rhythm):
        fulfilled = done.get(due)
        if due >= day and fulfilled is None:
            following = due
            break
        so_far += 1
        met += fulfilled is not None
        in_time += fulfilled is not None and fulfilled <= due
        if fulfilled is None and late is None:
            late = due
    if late is not None:
        return Kept(Keeping.LATE, late, late, so_far, met, in_time)
    last = max(done.values(), default=None)
    return Kept(Keeping.KEPT if last is not None else Keeping.WAITING, last, following, so_far, met, in_time)


def _months_on(first: date, months: int) -> date:
    year, month = divmod(first.year * 12 + first.month - 1 + months, 12)
    return date(year, month + 1, min(first.day, monthrange(year, month + 1)[1]))
