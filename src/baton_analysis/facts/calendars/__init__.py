"""Business calendars: when work is done, how much business time passes, and when something is due."""

from __future__ import annotations

from baton_analysis.facts.calendars.business_days import (
    Roll,
    count_days,
    due_after_days,
    is_business_day,
    offset_days,
)
from baton_analysis.facts.calendars.model import (
    WEEKDAYS,
    BusinessCalendar,
    Opening,
    always_open,
    business_calendar,
    calendar_from_dict,
)
from baton_analysis.facts.calendars.timetable import ExactClose, due_at, net_seconds

__all__ = [
    "WEEKDAYS",
    "BusinessCalendar",
    "ExactClose",
    "Opening",
    "Roll",
    "always_open",
    "business_calendar",
    "calendar_from_dict",
    "count_days",
    "due_after_days",
    "due_at",
    "is_business_day",
    "net_seconds",
    "offset_days",
]
