"""Business time by a calendar, in a way that people can check: what counts on each day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from baton.core.calendars.days import FIRST_YEAR, LAST_YEAR, SpecialDay
from baton.core.errors import Refused
from baton.core.rules import WEEKDAYS
from baton_analysis.errors import gettext_noop

if TYPE_CHECKING:
    from baton_analysis.facts.calendars import BusinessCalendar

DAYS_SHOWN = 45
"""So many days are told one by one; of a longer time only the sum."""
LONGEST = timedelta(days=3_660)
"""Longest time that is counted on the page."""
SECONDS = {"min": 60.0, "h": 3_600.0}
"""Units of business time with their seconds; working days are counted as days."""


@dataclass(frozen=True, slots=True)
class DayCounted:
    """What one day adds: business seconds, and the holiday or make-up day that it is, if any."""

    day: date
    weekday: str
    seconds: float
    special: SpecialDay | None = None


@dataclass(frozen=True, slots=True)
class Counted:
    """Business time from ``begin`` to ``end``, beside the time on the wall; ``days`` is empty for long times."""

    begin: datetime
    end: datetime
    seconds: float
    days: tuple[DayCounted, ...]

    @property
    def wall_seconds(self) -> float:
        """What passes on a clock."""
        return (self.end - self.begin).total_seconds()


def demand_span(begin: datetime, end: datetime) -> None:
    """Refuse, beside ``end``, an end before the begin, more than ten years, and years that nobody means."""
    if FIRST_YEAR <= begin.year <= end.year <= LAST_YEAR and begin <= end <= begin + LONGEST:
        return
    raise Refused(
        field="end",
        expected=gettext_noop(
            "Expected an end after the begin, at most ten years later, in the years {first} to {last}."
        ),
        remedy=gettext_noop("Correct one of the two."),
        first=FIRST_YEAR,
        last=LAST_YEAR,
    )


def counted(
    calendar: BusinessCalendar, begin: datetime, end: datetime, special: Sequence[SpecialDay] = ()
) -> Counted:  # fmt: skip
    """Business time between two moments; ``special`` are the days that are named in the table of days.

    Raises
    ------
    Refused
        As :func:`demand_span`.
    """
    demand_span(begin, end)
    from baton_analysis.facts.calendars import net_seconds

    cuts = _cuts(begin, end, ZoneInfo(calendar.zone))
    parts = net_seconds(calendar, [begin, *cuts], [*cuts, end]).tolist()
    named = {one.day: one for one in special}
    days = []
    for moment, seconds in zip([begin, *cuts], parts, strict=True):
        day = moment.astimezone(ZoneInfo(calendar.zone)).date()
        days.append(DayCounted(day, WEEKDAYS[day.weekday()], seconds, named.get(day)))
    return Counted(begin, end, sum(parts), tuple(days) if len(days) <= DAYS_SHOWN else ())


def due(calendar: BusinessCalendar, begin: datetime, amount: float, unit: str) -> datetime:
    """When so much business time has passed since ``begin``: minutes (``min``), hours (``h``), or working days
    (``working_d``), which are due at the close of that day.

    Raises
    ------
    FactError
        An amount that is negative or leads beyond the year 2299.
    """
    from baton_analysis.facts.calendars import due_after_days, due_at

    if unit == "working_d":
        found = due_after_days(calendar, [begin], [int(amount)])
    else:
        found = due_at(calendar, [begin], [amount * SECONDS[unit]])
    moment: datetime = found[0].item()
    return moment.replace(tzinfo=UTC)


def _cuts(begin: datetime, end: datetime, zone: ZoneInfo) -> list[datetime]:
    """The midnights between two moments on the clock of the zone; none where there would be too many to tell."""
    first, last = begin.astimezone(zone).date(), end.astimezone(zone).date()
    if not 0 < (last - first).days < DAYS_SHOWN:
        return []
    midnights = (
        datetime.combine(first + timedelta(days=n), time(), zone).astimezone(UTC)
        for n in range(1, (last - first).days + 1)
    )
    return [moment for moment in midnights if begin < moment < end]
