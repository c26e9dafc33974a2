"""Who counts by a calendar, and what is due on which day, as rooms tell the core."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from baton.core.actors import Actor
from baton.core.registries.registry import Registry


@dataclass(frozen=True, slots=True)
class CalendarUse:
    """Something in force that counts by a calendar, such as an agreement: its name, its page, and a few words."""

    name: str
    address: str
    note: str = ""


# What counts by a calendar, called as f(viewer, at, public id of the calendar): as far as the viewer sees it. The
# system sees all: a calendar that something counts by cannot be ended.
calendar_uses: Registry[Callable[[Actor, datetime, str], Sequence[CalendarUse]]] = Registry("use of calendars")


@dataclass(frozen=True, slots=True)
class DatedEvent:
    """Something that falls on a day, in the reader's language: what, a sentence about it, and its page.

    ``uid`` tells it from all others, today and when it is asked for again.
    """

    uid: str
    day: date
    title: str
    address: str
    text: str = ""


# What is due on which day, called as f(viewer, at, first day): as far as the viewer sees it.
dated_events: Registry[Callable[[Actor, datetime, date], Iterable[DatedEvent]]] = Registry("dated events")
