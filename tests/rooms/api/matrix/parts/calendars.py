"""Working calendars."""

from __future__ import annotations

from baton.core.changes.calendars import add_calendar
from tests.rooms.api.matrix.made import VERSION, Made, Reads, Writes
from tests.rooms.api.matrix.people import EVERYBODY, GUESTS, LEADERS
from tests.world import NOON, World

READS: Reads = dict.fromkeys(
    ("list_calendars", "read_calendar", "count_business_time"), (EVERYBODY - GUESTS, {"": 403})
)
WRITES: Writes = {
    # who leads a party makes one, to keep it himself
    "add_calendar": (LEADERS | {"sun_yan"}, EVERYBODY, 403),
    **dict.fromkeys(
        ("change_calendar", "make_default_calendar", "end_calendar", "set_calendar_days"),
        (frozenset({"lin_mei", "sun_yan"}), EVERYBODY, 403),
    ),
}


def made(world: World) -> Made:
    """A ward's calendar beside the office's, which is the default and cannot end, by the quality manager."""
    by, hours = world.actor(world.lin_mei), {"mon": [["08:00", "16:00"]]}
    add_calendar(by=by, at=NOON, name={"en": "Office"}, zone="UTC", hours=hours)
    calendar = add_calendar(by=by, at=NOON, name={"en": "Ward"}, zone="UTC", hours=hours)
    week = {"zone": "UTC", "hours": {"mon": [["09:00", "17:00"]]}}
    days = [{"day": "2026-10-01", "note": "National Day"}]
    return Made(
        own={"calendars": calendar},
        queries={"count_business_time": "?begin=2026-09-30T08:00:00Z&end=2026-10-09T02:00:00Z"},
        bodies={
            "add_calendar": {"name": {"en": "Nights"}, **week},
            "change_calendar": {"name": {"en": "Ward hours"}, **week, "version": VERSION},
            "make_default_calendar": {"version": VERSION},
            "end_calendar": {"version": VERSION},
            "set_calendar_days": {"days": days, "version": VERSION},
        },
    )
