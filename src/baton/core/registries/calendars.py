"""Who counts by a calendar, as rooms tell the core."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

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
