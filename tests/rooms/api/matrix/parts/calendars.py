"""Working calendars."""

from __future__ import annotations

from baton.core.changes.calendars import add_calendar
from tests.rooms.api.matrix.made import VERSION, Made, Reads, Writes
from tests.rooms.api.matrix.people import EVERYBODY, GUESTS
from tests.world import NOON, World

READS: Reads = dict.fromkeys(
    ("list_calendars", "read_calendar", "count_business_time"), (EVERYBODY - GUESTS, {"": 403})
)
WRITES: Writes = {"set_calendar_days": (frozenset({"lin_mei", "sun_yan"}), EVERYBODY, 403)}


def made(world: World) -> Made:
    """An office's calendar, by the quality manager."""
    calendar = add_calendar(
        by=world.actor(world.lin_mei), at=NOON, name={"en": "Office"}, zone="UTC", hours={"mon": [["08:00", "16:00"]]}
    )
    days = [{"day": "2026-10-01", "note": "National Day"}]
    return Made(
        own={"calendars": calendar},
        queries={"count_business_time": "?begin=2026-09-30T08:00:00Z&end=2026-10-09T02:00:00Z"},
        bodies={"set_calendar_days": {"days": days, "version": VERSION}},
    )
