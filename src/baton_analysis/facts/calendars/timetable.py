"""Business time over a calendar: how much passes between two moments, and when so much has passed.

All openings of some years are laid out once as moments, with the business time before each. How much business time has
passed at a moment is then one search in a sorted list, for millions of moments at once, in whole microseconds: business
time adds up exactly, whatever it is cut into.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Literal, get_args

import numpy as np
import numpy.typing as npt

from baton_analysis.arguments import checked
from baton_analysis.errors import FactError, gettext_noop
from baton_analysis.facts.calendars.model import BusinessCalendar
from baton_analysis.facts.calendars.moments import DAY, SECOND, Ints, Moments, microseconds, moment_of_local

ExactClose = Literal["close", "next_opening"]
"""When is something due whose time is used up exactly when business closes: at this close (17:00 on Friday), or when
business opens again (09:00 on Monday, as pandas does)? It is said differently and judged alike: no business time
passes between the two."""

FIRST_YEAR, LAST_YEAR = 1900, 2299
"""Moments outside of these years are taken for mistakes."""

LONGEST_SECONDS = 1e11
"""Some 3,000 years: what is longer is no duration."""

_EPOCH_YEAR = 1970


@dataclass(frozen=True, eq=False, slots=True)
class Timetable:
    """Openings laid out as moments: they do not overlap or touch, and stand in order.

    ``opens`` and ``closes`` are microseconds since 1970 UTC, ``before`` is the business time (microseconds) of all
    openings before each.
    """

    opens: Ints
    closes: Ints
    before: Ints

    @property
    def total(self) -> int:
        """Business time of the whole timetable in microseconds."""
        return int(self.before[-1] + self.closes[-1] - self.opens[-1]) if len(self.opens) else 0

    def passed(self, moments: Ints) -> Ints:
        """Business time in microseconds from the beginning of the timetable to each moment."""
        if not len(self.opens):
            return np.zeros(len(moments), dtype=np.int64)
        place = np.searchsorted(self.opens, moments, side="right") - 1
        begun = np.maximum(place, 0)
        inside = np.minimum(moments, self.closes[begun]) - self.opens[begun]
        return np.where(place < 0, 0, self.before[begun] + inside)

    def moment(self, passed: Ints, exact_close: ExactClose) -> Ints:
        """The moment at which so much business time has passed, which must be within the timetable."""
        after = self.before + (self.closes - self.opens)
        place = np.searchsorted(after, passed, side="left" if exact_close == "close" else "right")
        return np.asarray(self.opens[place] + passed - self.before[place])


@checked(FactError)
def net_seconds(calendar: BusinessCalendar, starts: Moments, ends: Moments) -> npt.NDArray[np.float64]:
    """Business seconds between moments: real time that passes while the calendar is open; below 0 where the end lies
    before the start. A million pairs take a quarter of a second.

    Raises
    ------
    FactError
        A moment is missing, has no zone, or lies outside of 1900 to 2299; not as many ends as starts.
    """
    begun, ended = microseconds(starts), microseconds(ends)
    if len(begun) != 1:
        _demand_as_many(len(begun), len(ended))
    table = timetable_over(calendar, begun, ended)
    return (table.passed(ended) - table.passed(begun)) / SECOND


@checked(FactError)
def due_at(
    calendar: BusinessCalendar, starts: Moments, seconds: npt.ArrayLike, *, exact_close: ExactClose = "close"
) -> npt.NDArray[np.datetime64]:
    """When so many business seconds have passed since each start, in UTC: ``net_seconds`` up to there is ``seconds``.

    Never before the start: nothing left to wait for is due at once, or at the next opening if ``exact_close`` says so.

    Raises
    ------
    FactError
        As :func:`net_seconds`; seconds that are negative, not finite or reach beyond the year 2299; an unknown setting.
    """
    begun = microseconds(starts)
    wanted = _durations(seconds, len(begun))
    _check_exact_close(exact_close)
    return due_moments(calendar, begun, wanted, exact_close).astype("datetime64[us]")


def due_moments(calendar: BusinessCalendar, starts: Ints, wanted: Ints, exact_close: ExactClose) -> Ints:
    """:func:`due_at` in microseconds."""
    if not len(starts):
        return starts
    table = timetable_over(calendar, starts)
    year = _year(int(starts.max()))
    while int((table.passed(starts) + wanted).max()) >= table.total:
        if year >= LAST_YEAR:
            raise FactError(
                expected=gettext_noop("What is promised is due before the year {last}."),
                found=gettext_noop("It is not: the longest time is {days} days of 24 open hours."),
                remedy=gettext_noop("Times are given in seconds; correct them."),
                last=LAST_YEAR + 1,
                days=int(wanted.max()) // DAY,
            )
        year = min(LAST_YEAR, year + 2 * (year - _year(int(starts.min())) + 1))
        table = _laid_out(calendar, _year(int(starts.min())), year)
    due = table.moment(table.passed(starts) + wanted, exact_close)
    # Nothing left to wait for: the close that was found lies before the start, or there is none.
    return np.where((wanted == 0) & (exact_close == "close"), starts, due)


def timetable_over(calendar: BusinessCalendar, *moments: Ints) -> Timetable:
    """The timetable of all years that the moments touch.

    Raises
    ------
    FactError
        A moment lies outside of 1900 to 2299.
    """
    filled = [some for some in moments if len(some)]
    if not filled:
        return _laid_out(calendar, _EPOCH_YEAR, _EPOCH_YEAR)
    first = _year(min(int(some.min()) for some in filled))
    last = _year(max(int(some.max()) for some in filled))
    check_years(_days_before(first), _days_before(last))
    return _laid_out(calendar, first, last)


def check_years(first: int, last: int) -> None:
    """Refuse days (since 1970) outside of 1900 to 2299."""
    if first < _days_before(FIRST_YEAR) or last >= _days_before(LAST_YEAR + 1):
        raise FactError(
            expected=gettext_noop("Dates lie in the years {first} to {last}."),
            found=gettext_noop("They reach from {earliest} to {latest}."),
            remedy=gettext_noop("Correct the dates at their source."),
            first=FIRST_YEAR,
            last=LAST_YEAR,
            earliest=str(np.datetime64(first, "D")),
            latest=str(np.datetime64(last, "D")),
        )


def day_openings(calendar: BusinessCalendar, first: int, last: int) -> tuple[Ints, Ints, Ints]:
    """Every opening that begins on the days ``first`` to ``last`` (days since 1970): its day, and the moments of its
    opening and close, sorted by day. It may be empty where the clock was put forward over it.
    """
    days = np.arange(first, last + 1, dtype=np.int64)
    like = (days + 3) % 7
    for day in calendar.holidays:
        _put(like, _number(day) - first, -1)
    for day, weekday in calendar.makeup_days:
        _put(like, _number(day) - first, weekday)
    of_day = [days[like == opening.weekday] for opening in calendar.openings]
    day_column = np.concatenate(of_day)
    pairs = list(zip(calendar.openings, of_day, strict=True))
    opens = np.concatenate([found * DAY + one.opens * SECOND for one, found in pairs])
    closes = np.concatenate([found * DAY + one.closes * SECOND for one, found in pairs])
    order = np.lexsort((opens, day_column))
    opened, closed = (moment_of_local(local[order], calendar.zone) for local in (opens, closes))
    return day_column[order], opened, closed


@lru_cache(maxsize=128)
def _laid_out(calendar: BusinessCalendar, first_year: int, last_year: int) -> Timetable:
    """The timetable of whole years, with a few days before and after for zones and openings over midnight."""
    first, last = _days_before(first_year) - _MARGIN, _days_before(last_year + 1) + _MARGIN
    return timetable_of_days(calendar, first, last)


def timetable_of_days(calendar: BusinessCalendar, first: int, last: int) -> Timetable:
    """The timetable of the openings that begin on the days ``first`` to ``last`` (days since 1970); there may be
    none.
    """
    _, opens, closes = day_openings(calendar, first, last)
    if not len(opens):
        return Timetable(opens, closes, opens)
    order = np.argsort(opens, kind="stable")
    opens, closes = opens[order], np.maximum.accumulate(closes[order])
    # What overlaps or touches is one opening; what the clock left out has no length and is none.
    begins = np.flatnonzero(np.append(True, opens[1:] > closes[:-1]))
    opens, closes = opens[begins], closes[np.append(begins[1:], len(closes)) - 1]
    real = closes > opens
    opens, closes = opens[real], closes[real]
    lengths = closes - opens
    return Timetable(opens, closes, np.cumsum(lengths) - lengths)


_MARGIN = 3


def _put(like: Ints, place: int, weekday: int) -> None:
    if 0 <= place < len(like):
        like[place] = weekday


def _durations(seconds: npt.ArrayLike, count: int) -> Ints:
    times = np.asarray(seconds, dtype=np.float64).ravel()
    _demand_as_many(count, times.size)
    given = np.broadcast_to(times, (count,))
    if not np.all((given >= 0) & (given <= LONGEST_SECONDS)):
        raise FactError(
            expected=gettext_noop("Business time to wait for is a number of seconds, 0 or more."),
            found=gettext_noop("The values reach from {low} to {high}."),
            remedy=gettext_noop("Correct the promised time."),
            low=given.min(),
            high=given.max(),
        )
    return np.rint(given * SECOND).astype(np.int64)


def _demand_as_many(starts: int, others: int) -> None:
    """One for each start, or a single one for all."""
    if others not in {1, starts}:
        raise FactError(
            expected=gettext_noop("There is one end or one time for each start, or one for all."),
            found=gettext_noop("Starts: {starts}, others: {others}."),
            remedy=gettext_noop("Give both for each point."),
            starts=starts,
            others=others,
        )


def _check_exact_close(exact_close: str) -> None:
    if exact_close not in get_args(ExactClose):
        raise FactError(
            expected=gettext_noop("What is due at the moment of closing is due at one of: {known}."),
            found=gettext_noop("“{given}” was given."),
            remedy=gettext_noop("Choose one of these."),
            known=", ".join(get_args(ExactClose)),
            given=exact_close,
        )


def _number(day: date) -> int:
    return day.toordinal() - _EPOCH


def _year(moment: int) -> int:
    return int(np.datetime64(moment, "us").astype("datetime64[Y]").astype(np.int64)) + _EPOCH_YEAR


def _days_before(year: int) -> int:
    return date(year, 1, 1).toordinal() - _EPOCH


_EPOCH = date(_EPOCH_YEAR, 1, 1).toordinal()
