"""Business days: counting them and counting on, as NumPy's busday functions do, with make-up days.

A business day is a day on which the calendar opens: no holiday, and a weekday with hours or a make-up day. Days are
whole numbers since 1970-01-01.
"""

from __future__ import annotations

from typing import Any, Literal, get_args

import numpy as np
import numpy.typing as npt

from baton_analysis.arguments import checked
from baton_analysis.errors import FactError, gettext_noop
from baton_analysis.facts.calendars.model import BusinessCalendar
from baton_analysis.facts.calendars.moments import DAY, Ints, Moments, microseconds
from baton_analysis.facts.calendars.timetable import check_years, day_openings

Roll = Literal["forward", "backward", "modifiedfollowing", "modifiedpreceding"]
"""Where counting begins that would begin on a day that is none: on the next business day (forward) or on the one before
(backward); modified: so, unless that lies in another month, else the other way. The names are NumPy's."""

_FARTHEST = 1e15
"""Microseconds or days that certainly lie beyond the calendar: farther ones would not fit a whole number."""

_MARGIN = 400
"""Days around those asked about: there is a business day among them in any calendar that people use."""


@checked(FactError)
def is_business_day(calendar: BusinessCalendar, days: npt.ArrayLike) -> npt.NDArray[np.bool_]:
    """Whether the calendar opens on each day."""
    (asked,) = _whole_days(days)
    return np.isin(asked, _business_days(calendar, asked, asked))


@checked(FactError)
def count_days(calendar: BusinessCalendar, begins: npt.ArrayLike, ends: npt.ArrayLike) -> Ints:
    """Business days from each begin (with it) to each end (without it), as :func:`numpy.busday_count`; where the end
    lies before the begin, minus those after the end up to the begin.
    """
    begin, end = _whole_days(begins, ends)
    known = _business_days(calendar, begin, end)
    back = end < begin
    low, high = np.where(back, end + 1, begin), np.where(back, begin + 1, end)
    count = np.searchsorted(known, high) - np.searchsorted(known, low)
    return np.where(back, -count, count).astype(np.int64)


@checked(FactError)
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
    day, offset = _whole_days(days, offsets)
    if not day.size:
        return day.copy()
    reach = _reach(calendar, int(np.abs(offset).max()))
    known = _business_days(calendar, day - reach, day + reach)
    return np.asarray(known[_first_places(known, day, roll) + offset])


@checked(FactError)
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
    (wanted,) = _whole_days(days)
    if wanted.size not in {1, len(begun)}:
        raise _misfit(len(begun), wanted.size)
    return day_closes(calendar, begun, np.broadcast_to(wanted.ravel(), begun.shape)).astype("datetime64[us]")


def _whole_days(*given: npt.ArrayLike) -> list[Ints]:
    """Numbers of days, of one shape. Raises FactError where one is no whole number, or they do not fit each other."""
    tables = [_counted(np.asarray(days)) for days in given]
    for table in tables:
        wrong = ~np.isfinite(table.astype(np.float64)) | (np.abs(table.astype(np.float64)) > _FARTHEST)
        if wrong.any() or (table.astype(np.float64) != np.round(table.astype(np.float64))).any():
            raise FactError(
                expected=gettext_noop("Days are whole numbers, counted from 1970-01-01."),
                found=gettext_noop("Given is {given}."),
                remedy=gettext_noop("Leave out what is missing, and count in whole days."),
                given=str(table.ravel()[:5]),
            )
    try:
        return [np.array(table) for table in np.broadcast_arrays(*(table.astype(np.int64) for table in tables))]
    except ValueError as error:
        raise _misfit(*(table.size for table in tables)) from error


def _counted(days: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Dates as days since 1970-01-01."""
    return days.astype("datetime64[D]").astype(np.int64) if days.dtype.kind == "M" else days


def _misfit(*sizes: int) -> FactError:
    return FactError(
        expected=gettext_noop("There are as many of one as of the other, or one for all."),
        found=gettext_noop("There are {sizes}."),
        remedy=gettext_noop("Give one number for each."),
        sizes=", ".join(map(str, sizes)),
    )


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
