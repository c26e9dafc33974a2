"""Holidays and make-up days: what they are, and how they are refused."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from baton.core.errors import Refused
from baton.core.rules import CALENDAR_DAYS, WEEKDAYS, DayKind
from baton.core.texts import clean_text
from baton_analysis.errors import gettext_noop
from baton_analysis.readers.cells import CellProblem

FIRST_YEAR, LAST_YEAR = 1970, 2199
"""Years in which days of a calendar lie; others are slips of the keyboard."""
NOTE_LENGTH = 100


@dataclass(frozen=True, slots=True, order=True)
class SpecialDay:
    """A day that differs from its week: a holiday, or, with ``like``, a make-up day with the hours of that weekday."""

    day: date
    like: str = ""
    note: str = ""

    @property
    def kind(self) -> DayKind:
        """What it is."""
        return DayKind.MAKE_UP if self.like else DayKind.HOLIDAY


def note_of(text: str) -> str:
    """A note in one line, as long as notes are."""
    return " ".join(clean_text(text).split())[:NOTE_LENGTH]


def checked_days(days: Iterable[SpecialDay], week: Mapping[str, object]) -> list[SpecialDay]:
    """The days in their order, notes cleaned.

    Raises
    ------
    Refused
        Beside ``days``: the same day twice with different meaning, a year that cannot be meant, a make-up day like a
        weekday without hours, or more days than a calendar holds.
    """
    by_day: dict[date, SpecialDay] = {}
    for given in days:
        one = SpecialDay(given.day, given.like, note_of(given.note))
        other = by_day.setdefault(one.day, one)
        if other.like != one.like:
            raise Refused(
                field="days",
                expected=gettext_noop("Expected each day once."),
                found=gettext_noop("{day} is given twice, as different things."),
                remedy=gettext_noop("Leave one of the two out."),
                day=one.day.isoformat(),
            )
    found = [by_day[day] for day in sorted(by_day)]
    for one in found:
        demand_possible(one, week)
    demand_few_days(len(found))
    return found


def demand_possible(one: SpecialDay, week: Mapping[str, object]) -> None:
    """Refuse a year that cannot be meant, and a make-up day like a weekday on which nothing opens."""
    if not FIRST_YEAR <= one.day.year <= LAST_YEAR:
        raise Refused(
            field="days",
            expected=gettext_noop("Expected days in the years {first} to {last}."),
            found=gettext_noop("Found {day}."),
            remedy=gettext_noop("Correct the year."),
            first=FIRST_YEAR, last=LAST_YEAR, day=one.day.isoformat(),
        )  # fmt: skip
    if one.like and one.like not in week:
        known = one.like in WEEKDAYS
        raise Refused(
            field="days",
            expected=gettext_noop("Expected a make-up day like a weekday that has hours: {open}."),
            found=gettext_noop("{day} is to work like {weekday}."),
            remedy=gettext_noop("Name one of these, or make the day a holiday."),
            open=", ".join(week),
            day=one.day.isoformat(),
            weekday=one.like if known else repr(one.like[:20]),
        )


def demand_few_days(count: int) -> None:
    """Refuse more days than a calendar holds."""
    if count > CALENDAR_DAYS:
        raise Refused(
            field="days",
            expected=gettext_noop("Expected at most {most} holidays and make-up days in one calendar."),
            found=gettext_noop("Found {given}."),
            remedy=gettext_noop("Take out years that nobody counts any more."),
            most=CALENDAR_DAYS,
            given=count,
        )


def open_weekdays(week: Mapping[str, Sequence[object]]) -> list[str]:
    """The weekdays that have hours, in the order of the week."""
    return [day for day in WEEKDAYS if week.get(day)]


@dataclass(frozen=True, slots=True)
class Unread:
    """A line that cannot be read: its number from 1, what stands in it, and why."""

    line: int
    text: str
    why: CellProblem


@dataclass(frozen=True, slots=True)
class DaysRead:
    """What a source gives: days in their order, and the lines that cannot be read."""

    days: tuple[SpecialDay, ...]
    unread: tuple[Unread, ...] = ()

    def years(self) -> set[int]:
        """The years in which the days lie."""
        return {one.day.year for one in self.days}


@dataclass(frozen=True, slots=True)
class DayChange:
    """What becomes of one day: ``now`` stands there, ``then`` will; None: nothing."""

    now: SpecialDay | None
    then: SpecialDay | None

    @property
    def day(self) -> date:
        """Which day."""
        one = self.then or self.now
        assert one is not None
        return one.day


def day_changes(stand: Iterable[SpecialDay], given: Iterable[SpecialDay], out: Iterable[date] = ()) -> list[DayChange]:
    """What changes when ``given`` come in and those of ``out`` go, by day; days that stay as they are are left out."""
    now = {one.day: one for one in stand}
    then = {day: one for day, one in now.items() if day not in set(out)} | {one.day: one for one in given}
    return [
        DayChange(now.get(day), then.get(day))
        for day in sorted(now.keys() | then.keys())
        if now.get(day) != then.get(day)
    ]


def days_left_out(stand: Iterable[SpecialDay], given: Collection[SpecialDay]) -> list[date]:
    """The days that stand in the years of ``given`` and are not among them."""
    years, days = {one.day.year for one in given}, {one.day for one in given}
    return [one.day for one in stand if one.day.year in years and one.day not in days]
