"""Business days: counting them and counting on, as NumPy's busday functions do, with make-up days.

A business day is a day on which the calendar opens: no holiday, and a weekday with hours or a make-up day. Days are
whole numbers since 1970-01-01.
"""

from __future__ import annotations

from typing import Literal, get_args

import numpy as np
import numpy.typing as npt

from baton_analysis.errors import FactError, gettext_noop
from baton_analysis.facts.calendars.model import BusinessCalendar
from baton_analysis.facts.calendars.moments import DAY, Ints, Moments, microseconds
from baton_analysis.facts.calendars.timetable import check_years, day_openings

Roll = Literal["forward", "backward", "modifiedfollowing", "modifiedpreceding"]
"""Where counting begins that would begin on a day that is none: on the next business day (forward) or on the one before
(backward); modified: so, unless that lies in another month, else the other way. The names are NumPy's."""

_MARGIN = 400
"""Days around those asked about: there is a business day among them in any calendar that people use."""


def is_business_day(calendar: BusinessCalendar, days: npt.ArrayLike) -> npt.NDArray[np.bool_]:
    """Whether the calendar opens on each day."""
    asked = np.asarray(days, dtype=np.int64)
    return np.isin(asked, _business_days(calendar, asked, asked))


def count_days(calendar: BusinessCalendar, begins: npt.ArrayLike, ends: npt.ArrayLike) -> Ints:
    """Business days from each begin (with it) to each end (without it), as :func:`numpy.busday_count`; where the end
    lies before the begin, minus those after the end up to the begin.
    """
    begin, end = np.broadcast_arrays(np.asarray(begins, dtype=np.int64), np.asarray(ends, dtype=np.int64))
    known = _business_days(calendar, begin, end)
    back = end < begin
    low, high = np.where(back, end + 1, begin), np.where(back, begin + 1, end)
    count = np.searchsorted(known, high) - np.searchsorted(known, low)
    return np.where(back, -count, count).astype(np.int64)


def offset_days(
    calendar: BusinessCalendar, days: npt.ArrayLike, offsets: npt.ArrayLike, *, roll: Roll = "forward"
) -> Ints:
    """The business day so many business days after each day (before it, if below 0), as :func:`numpy.busday_offset`.

    Raises
    ------
    FactError
        An unknown ``roll``, or days beyond the years 1900 to 2299.
    """
    if roll not in get_args(Roll):
        raise FactError(
            expected=gettext_noop("Where counting begins is one of: {known}."),
            found=gettext_noop("“{given}” was given."),
            remedy=gettext_noop("Choose one of these."),
            known=", ".join(get_args(Roll)),
            given=str(roll),
        )
    day, offset = np.broadcast_arrays(np.asarray(days, dtype=np.int64), np.asarray(offsets, dtype=np.int64))
    if not day.size:
        return day.copy()
    reach = _reach(calendar, int(np.abs(offset).max()))
    known = _business_days(calendar, day - reach, day + reach)
    return np.asarray(known[_first_places(known, day, roll) + offset])


def due_after_days(calendar: BusinessCalendar, starts: Moments, days: npt.ArrayLike) -> npt.NDArray[np.datetime64]:
    """The close of business so many business days after the one on which each start counts, in UTC.

    A start counts for the business day in whose hours it lies; outside of all hours it counts for the next business
    day, as if it had come at its opening. 0 is the close of the same day.

    Raises
    ------
    FactError
        A moment is missing, has no zone or lies outside of 1900 to 2299, or days that are negative.
    """
    begun = microseconds(starts)
    wanted = np.broadcast_to(np.asarray(days, dtype=np.int64), begun.shape)
    return day_closes(calendar, begun, wanted).astype("datetime64[us]")


def day_closes(calendar: BusinessCalendar, starts: Ints, days: Ints) -> Ints:
    """:func:`due_after_days` in microseconds."""
    if not len(starts):
        return starts
    if (days < 0).any():
        raise FactError(
            expected=gettext_noop("Business days to wait for are 0 or more."),
            found=gettext_noop("{given} was given."),
            remedy=gettext_noop("Correct the promised number of days."),
            given=int(days.min()),
        )
    first, last = int(starts.min() // DAY), int(starts.max() // DAY) + _reach(calendar, int(days.max()))
    check_years(first, last)
    of_day, _, closes = day_openings(calendar, first - 3, last)
    # The last close of each day; a night shift may end after the first opening of the next day.
    ends = np.maximum.accumulate(closes[np.append(np.flatnonzero(np.diff(of_day)), len(of_day) - 1)])
    return np.asarray(ends[np.searchsorted(ends, starts, side="right") + days])


def _first_places(known: Ints, day: Ints, roll: Roll) -> Ints:
    """Place among the business days at which counting begins."""
    after, before = np.searchsorted(known, day, "left"), np.searchsorted(known, day, "right") - 1
    first, other = (after, before) if roll in {"forward", "modifiedfollowing"} else (before, after)
    if roll in {"forward", "backward"}:
        return first
    left_month = _month(known[first]) != _month(day)
    return np.where(left_month, other, first)


def _month(days: Ints) -> npt.NDArray[np.datetime64]:
    return days.astype("datetime64[D]").astype("datetime64[M]")


def _reach(calendar: BusinessCalendar, offset: int) -> int:
    """Days within which so many business days lie for certain."""
    return _MARGIN + len(calendar.holidays) + 7 * offset


def _business_days(calendar: BusinessCalendar, begin: Ints, end: Ints) -> Ints:
    """All business days between the first and the last of the days asked about."""
    if not begin.size:
        return np.empty(0, dtype=np.int64)
    first, last = int(min(begin.min(), end.min())), int(max(begin.max(), end.max()))
    check_years(first, last)
    return np.unique(day_openings(calendar, first, last)[0])
