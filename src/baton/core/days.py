"""Days of the organisation. A moment is stored in UTC; the day on which it falls is the organisation's."""

from __future__ import annotations

from datetime import date, datetime
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from django.conf import settings


def day_of(at: datetime) -> date:
    """The calendar day of ``at`` in the organisation's time zone."""
    return at.astimezone(ZoneInfo(settings.TIME_ZONE)).date()


@cache
def zones() -> list[tuple[str, str]]:
    """Time zones to choose from, by name. Finding them means looking through hundreds of files, so once a process."""
    return [(name, name) for name in sorted(available_timezones()) if "/" in name or name == "UTC"]
