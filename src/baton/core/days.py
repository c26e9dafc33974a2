"""Days of the organisation. A moment is stored in UTC; the day on which it falls is the organisation's."""

from __future__ import annotations

from datetime import date, datetime
from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from django.conf import settings

from baton.core.errors import Refused
from baton_analysis.errors import gettext_noop


def day_of(at: datetime) -> date:
    """The calendar day of ``at`` in the organisation's time zone."""
    return at.astimezone(ZoneInfo(settings.TIME_ZONE)).date()


@cache
def zones() -> list[tuple[str, str]]:
    """Time zones to choose from, by name. Finding them means looking through hundreds of files, so once a process."""
    return [(name, name) for name in sorted(available_timezones()) if "/" in name or name == "UTC"]


def known_zone(name: str, *, field: str = "time_zone") -> str:
    """The zone, if there is one of this name; refused beside ``field`` where there is none."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as unknown:
        raise Refused(
            field=field,
            found=gettext_noop("There is no time zone {name}."),
            remedy=gettext_noop("Choose one such as Asia/Shanghai."),
            name=name[:60],
        ) from unknown
    return name
