"""What the pages of calendars show: the week as a grid, the year in months, what changes, what happened."""

from __future__ import annotations

import calendar as months
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import dates
from django.utils.translation import gettext, ngettext

from baton.core import formats
from baton.core.audit import words
from baton.core.calendars.days import DayChange, SpecialDay, Unread
from baton.core.calendars.hours import Week, write_openings
from baton.core.errors import filled_text
from baton.core.history import HistoryEntry
from baton.core.models.calendars import DAY_KINDS, WEEKDAY_NAMES
from baton.core.rules import WEEKDAYS
from baton.core.texts import say

_DAY = 1_440
DAYS_TOLD = 4
"""So many days of a change are named in the history; the trail names all."""


@dataclass(frozen=True, slots=True)
class WeekRow:
    """A weekday: its name, its hours in words, how long it is open, and its bars (minute of begin, length)."""

    name: Any
    hours: str
    seconds: int
    bars: tuple[tuple[int, int], ...]


def week_rows(week: Week) -> list[WeekRow]:
    """The week as a grid. A night shift is told on the day on which it begins; its bar goes on into the next one."""
    bars: dict[str, list[tuple[int, int]]] = {day: [] for day in WEEKDAYS}
    for place, day in enumerate(WEEKDAYS):
        for opens, closes in week.get(day, ()):
            begin, end = _minute(opens), _minute(closes)
            if end > begin:
                bars[day].append((begin, end - begin))
            else:
                bars[day].append((begin, _DAY - begin))
                if end:
                    bars[WEEKDAYS[(place + 1) % 7]].append((0, end))
    spans = {day: week.get(day, ()) for day in WEEKDAYS}
    return [
        WeekRow(WEEKDAY_NAMES[day], write_openings(spans[day]), _seconds(spans[day]), tuple(sorted(bars[day])))
        for day in WEEKDAYS
    ]


def week_in_words(week: Week) -> str:
    """``Mon-Fri 09:00-12:00, 13:00-17:00; Sat 09:00-12:00``: weekdays of the same hours together."""
    groups: list[tuple[list[int], str]] = []
    for place, day in enumerate(WEEKDAYS):
        hours = write_openings(week.get(day, ()))
        if hours and groups and groups[-1][1] == hours and groups[-1][0][-1] == place - 1:
            groups[-1][0].append(place)
        elif hours:
            groups.append(([place], hours))
    told = []
    for places, hours in groups:
        first, last = (str(dates.WEEKDAYS_ABBR[place]) for place in (places[0], places[-1]))
        told.append(f"{first if len(places) == 1 else f'{first}–{last}'} {hours}")
    return formats.remarks(told)


@dataclass(frozen=True, slots=True)
class DayCell:
    """A day of a month: ``look`` is open, closed, holiday or make-up; ``words`` say what the colour means."""

    number: int
    look: str
    words: str


@dataclass(frozen=True, slots=True)
class Month:
    """A month by weeks from Monday on; None stands for a day of another month."""

    name: Any
    weeks: tuple[tuple[DayCell | None, ...], ...]


def year_of(year: int, week: Week, days: Iterable[SpecialDay]) -> list[Month]:
    """Twelve months with holidays and make-up days marked."""
    special = {one.day: one for one in days if one.day.year == year}
    return [
        Month(
            dates.MONTHS[number],
            tuple(
                tuple(_cell(day, number, week, special.get(day)) for day in line)
                for line in months.Calendar().monthdatescalendar(year, number)
            ),
        )
        for number in range(1, 13)
    ]


@dataclass(frozen=True, slots=True)
class DayRow:
    """A holiday or make-up day in words."""

    day: date
    weekday: Any
    kind: str
    note: str


def day_row(one: SpecialDay) -> DayRow:
    """The day with the name of its weekday and what it is."""
    return DayRow(one.day, WEEKDAY_NAMES[WEEKDAYS[one.day.weekday()]], day_in_words(one), one.note)


def day_in_words(one: SpecialDay | None) -> str:
    """``Holiday``, ``Works like Monday``; a day that is neither follows its week."""
    if one is None:
        return gettext("as its weekday")
    if one.like:
        return gettext("Works like {weekday}").format(weekday=WEEKDAY_NAMES[one.like])
    return str(DAY_KINDS[one.kind])


def years_without_holidays(days: Iterable[SpecialDay], first: int, last: int) -> list[int]:
    """Years from ``first`` to ``last`` for which no holiday is known though some are of others; none where there are
    none at all: who never closes has none."""
    known = {one.day.year for one in days}
    return [year for year in range(first, last + 1) if year not in known] if known else []


def change_rows(changes: Iterable[DayChange]) -> list[dict[str, Any]]:
    """What becomes of each day, in words."""
    return [
        {"day": one.day, "weekday": WEEKDAY_NAMES[WEEKDAYS[one.day.weekday()]], "now": _told(one.now),
         "then": _told(one.then), **_what(one)}
        for one in changes
    ]  # fmt: skip


def _what(one: DayChange) -> dict[str, str]:
    if one.now is None:
        return {"icon": "plus", "what": gettext("comes")}
    if one.then is None:
        return {"icon": "minus", "what": gettext("goes")}
    return {"icon": "pencil", "what": gettext("changes")}


def unread_rows(unread: Iterable[Unread]) -> list[dict[str, Any]]:
    """The lines that cannot be read: line, text, expected, found, remedy."""
    return [
        {"line": one.line, "text": one.text, "expected": filled_text(one.why.expected, one.why.values),
         "found": filled_text(one.why.found, one.why.values), "remedy": filled_text(one.why.remedy, one.why.values)}
        for one in unread
    ]  # fmt: skip


def timeline_of(entries: Sequence[HistoryEntry]) -> list[dict[str, Any]]:
    """What happened to a calendar."""
    return [
        {
            "title": words.action(entry.action), "at": entry.at, "icon": _ICONS.get(entry.action, "pencil"),
            "who": say(entry.who) or words.process(entry.process), "text": _days_told(entry.detail),
        }
        for entry in entries
    ]  # fmt: skip


_ICONS: Mapping[str, str] = {
    "calendar.added": "plus", "calendar.days_set": "calendar", "calendar.made_default": "star",
    "calendar.ended": "circle-slash", "calendar.default_ended": "star",
}  # fmt: skip


def _days_told(detail: Mapping[str, Any]) -> str:
    come, gone = detail.get("days", []), detail.get("days_before", [])
    again = {day for day, _like, _note in come}
    parts = []
    if come:
        parts.append(_named(ngettext("{n} day in", "{n} days in", len(come)), come))
    if left := [one for one in gone if one[0] not in again]:
        parts.append(_named(ngettext("{n} day out", "{n} days out", len(left)), left))
    return formats.remarks(parts)


def _named(template: str, days: Sequence[Sequence[str]]) -> str:
    told = [f"{day} {note}".strip() for day, _like, note in days[:DAYS_TOLD]]
    more = ["…"] if len(days) > DAYS_TOLD else []
    return formats.labelled(template.format(n=len(days)), formats.listing([*told, *more]))


def _told(one: SpecialDay | None) -> str:
    said = day_in_words(one)
    return f"{said} · {one.note}" if one is not None and one.note else said


def _cell(day: date, month: int, week: Week, special: SpecialDay | None) -> DayCell | None:
    if day.month != month:
        return None
    if special is not None:
        return DayCell(day.day, "make-up" if special.like else "holiday", _told(special))
    is_open = WEEKDAYS[day.weekday()] in week
    return DayCell(day.day, "open" if is_open else "closed", gettext("open") if is_open else gettext("closed"))


def _minute(clock: str) -> int:
    return int(clock[:2]) * 60 + int(clock[3:])


def _seconds(spans: Iterable[Sequence[str]]) -> int:
    return sum((_minute(closes) - _minute(opens)) % _DAY or _DAY for opens, closes in spans) * 60
