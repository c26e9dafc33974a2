"""Calendars of a demonstration: when its departments work, with the holidays and make-up days of China."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from baton.core import changes as core
from baton.core.actors import Actor
from baton.core.calendars.notices import noticed_days

BY = Actor.system("demo")
WORKING_WEEK = ("mon", "tue", "wed", "thu", "fri")
WEEK = (*WORKING_WEEK, "sat", "sun")


@dataclass(frozen=True, slots=True)
class DemoCalendar:
    """A calendar: its names, the hours of each of its ``days``, and whether it has holidays."""

    name: Mapping[str, str]
    days: Sequence[str]
    hours: Sequence[Sequence[str]]
    holidays: bool = True


# The first of each sector is its default.
CALENDARS: Mapping[str, tuple[DemoCalendar, ...]] = {
    "hospital": (
        DemoCalendar({"en": "Day shift", "zh-hans": "白班"}, WORKING_WEEK, [["08:00", "12:00"], ["13:00", "17:00"]]),
        DemoCalendar({"en": "Round the clock", "zh-hans": "全天候"}, WEEK, [["00:00", "24:00"]], holidays=False),
    ),
    "factory": (
        DemoCalendar(
            {"en": "Two shifts", "zh-hans": "两班制"}, (*WORKING_WEEK, "sat"), [["06:00", "14:00"], ["14:00", "22:00"]]
        ),
    ),
    "laboratory": (
        DemoCalendar({"en": "Office hours", "zh-hans": "办公时间"}, WORKING_WEEK, [["08:00", "17:00"]]),
    ),
}  # fmt: skip


def add_calendars(*, at: datetime, sector: str) -> None:
    """Enter the calendars of the demonstration of a sector, in the organisation's zone: the simulated times are its."""
    language = settings.LANGUAGE_CODE
    for one in CALENDARS[sector]:
        years = range(at.year - 1, at.year + 2) if one.holidays else ()
        days = [day for year in years for day in noticed_days("CN", year, one.days[0], language) or ()]
        core.add_calendar(
            by=BY, at=at, name=dict(one.name), zone=settings.TIME_ZONE, hours=dict.fromkeys(one.days, one.hours),
            days=days, edition=", ".join(sorted({str(one.day.year) for one in days})),
        )  # fmt: skip
