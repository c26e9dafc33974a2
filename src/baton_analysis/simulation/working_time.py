"""Working time of a party: from clock time to the time worked so far, and back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime

import numpy as np
import numpy.typing as npt

from baton_analysis.errors import SimulationError, gettext_noop
from baton_analysis.facts.calendars import BusinessCalendar
from baton_analysis.facts.calendars.moments import SECOND
from baton_analysis.facts.calendars.timetable import timetable_of_days

Seconds = npt.NDArray[np.float64]
"""Seconds since 1970-01-01 UTC, or a duration."""

HOUR, DAY, WEEK = 3_600.0, 86_400.0, 604_800.0
_1970 = date(1970, 1, 1)


def seconds_of(day: date) -> float:
    """Midnight UTC at which a day begins."""
    return datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()


@dataclass(frozen=True, eq=False, slots=True)
class WorkingTime:
    """Open times of a calendar between two days: when they begin, and how much was worked before each of them."""

    opens: Seconds
    closes: Seconds
    worked_before: Seconds

    @classmethod
    def of(cls, calendar: BusinessCalendar, first: date, days: int) -> WorkingTime:
        """Raises SimulationError where the calendar is never open in these days."""
        begin = (first - _1970).days
        table = timetable_of_days(calendar, begin, begin + days - 1)
        if not len(table.opens):
            raise SimulationError(
                expected=gettext_noop("A calendar is open at some time in the days that are simulated."),
                found=gettext_noop("This one is closed from {first} on for {days} days."),
                remedy=gettext_noop("Give it weekly hours, or fewer days off."),
                first=first.isoformat(),
                days=days,
            )
        return cls(table.opens / SECOND, table.closes / SECOND, table.before / SECOND)

    def is_open(self, at: Seconds) -> npt.NDArray[np.bool_]:
        """Whether work goes on at each of these moments."""
        index = np.searchsorted(self.opens, at, side="right") - 1
        return np.asarray((index >= 0) & (at < self.closes[np.maximum(index, 0)]))

    def worked(self, at: Seconds) -> Seconds:
        """Time worked up to each moment; after the last open time it stands still."""
        index = np.maximum(np.searchsorted(self.opens, at, side="right") - 1, 0)
        within = np.clip(at - self.opens[index], 0.0, (self.closes - self.opens)[index])
        return np.asarray(self.worked_before[index] + within)

    def moment(self, worked: Seconds) -> Seconds:
        """When so much was worked; what lies after the last open time is put there by the clock."""
        index = np.maximum(np.searchsorted(self.worked_before, worked, side="left") - 1, 0)
        return np.asarray(self.opens[index] + (worked - self.worked_before[index]))


def queued(arrival: Seconds, work: Seconds, desks: int) -> Seconds:
    """When each piece of work is done if cases wait their turn, first come, first served; all in working time.

    With F the moment at which a desk is free again, F(i) = max(arrival(i), F(i-1)) + work(i) / desks (Lindley 1952,
    Proc. Cambridge Phil. Soc. 48: 277-289), which has the closed form used here: with S the sum of the work so far,
    F(i) = S(i) + max over j <= i of (arrival(j) - S(j-1)).
    """
    order = np.argsort(arrival, kind="stable")
    share = work[order] / desks
    total = np.cumsum(share)
    free = total + np.maximum.accumulate(arrival[order] - (total - share))
    done = np.empty_like(arrival)
    done[order] = free - share + work[order]
    return done
