"""Days of the organisation. A moment is stored in UTC; the day on which it falls is the organisation's."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.conf import settings


def day_of(at: datetime) -> date:
    """The calendar day of ``at`` in the organisation's time zone."""
    return at.astimezone(ZoneInfo(settings.TIME_ZONE)).date()
