"""Days as an iCalendar file (RFC 5545): all-day events read as holidays and make-up days, and written so.

Files come from many hands. Each event is read by itself, so that one that is broken is named with its line and the
others are read. What it works like, a file of our own says in ``X-BATON-LIKE``; of others the words of the summary do.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from typing import TYPE_CHECKING, Any

from baton.core.calendars.days import DaysRead, SpecialDay, Unread, demand_possible, note_of
from baton.core.calendars.pasting import LONGEST_RANGE, kind_said
from baton.core.errors import Refused
from baton.core.rules import CALENDAR_DAYS, WEEKDAYS
from baton.core.texts import clean_text
from baton_analysis.errors import gettext_noop
from baton_analysis.readers.cells import CellProblem

if TYPE_CHECKING:
    from icalendar import Calendar, Event

    from baton.core.registries import DatedEvent

MOST_BYTES = 2 * 1024**2
MOST_EVENT_LINES = 500
REPEATED_YEARS = 5
"""Of an event that comes every year so many are taken, from the year before the reader's on."""
LIKE = "X-BATON-LIKE"
READ_AGAIN = "PT6H"
"""How often a calendar program is asked to look for what is new."""
PRODUCT = "-//Baton//Calendars//EN"
_SHOWN = 60
_NEEDED = {"DTSTART", "DTEND", "DURATION", "RRULE"}
"""What an event cannot be read without; other properties may be broken."""


def read_ics(content: bytes, week: Mapping[str, Sequence[object]], *, year: int) -> DaysRead:
    """The all-day events of a file; ``year`` is the present one, around which events are repeated that come each year.

    Raises
    ------
    Refused
        Beside ``file``: too large, no iCalendar file, or one without events.
    """
    if len(content) > MOST_BYTES:
        raise Refused(
            field="file",
            expected=gettext_noop("Expected an iCalendar file of at most {most} MiB."),
            found=gettext_noop("This one is larger."),
            remedy=gettext_noop("Export the holidays alone."),
            most=MOST_BYTES // 1024**2,
        )
    text = content.decode("utf-8-sig", "replace")
    if "BEGIN:VCALENDAR" not in text[:1000].upper():
        raise Refused(
            field="file",
            expected=gettext_noop("Expected an iCalendar file (.ics), which begins with BEGIN:VCALENDAR."),
            found=gettext_noop("This file begins otherwise."),
            remedy=gettext_noop("Export the calendar as iCalendar, or paste the days."),
        )
    found: dict[date, SpecialDay] = {}
    unread: list[Unread] = []
    for line, block in _some_events(text):
        days = _days_of(block, week, year)
        if isinstance(days, CellProblem):
            unread.append(Unread(line, _summary(block), days))
            continue
        for one in days:
            # Of two events on a day the one that says it is worked stands: the other names what it was moved from.
            if one.day not in found or one.like:
                found[one.day] = one
    return DaysRead(tuple(found[day] for day in sorted(found)), tuple(unread))


def write_ics(name: str, days: Sequence[SpecialDay], *, uid: str, at: datetime, words: Mapping[str, str]) -> bytes:
    """The days as a file. ``uid`` tells this calendar's events from others', ``words`` are the summaries of days
    without a note: ``holiday``, and ``make_up`` with a place for the weekday, ``{weekday}``.
    """
    calendar = _begun(name)
    for one in days:
        summary = one.note or words[one.kind.value].format(weekday=one.like)
        event = _event(f"{one.day.isoformat()}-{uid}@baton", one.day, summary, at)
        if one.like:
            event.add(LIKE, one.like.upper())
        calendar.add_component(event)
    return _written(calendar)


def write_dates(name: str, dates: Iterable[DatedEvent], *, at: datetime, base: str) -> bytes:
    """What is due on which day as a file that a calendar program reads again and again; ``base`` is the address of
    the installation."""
    calendar = _begun(name)
    calendar.add("x-published-ttl", READ_AGAIN)
    calendar.add("refresh-interval", READ_AGAIN, parameters={"value": "DURATION"}, encode=False)
    for one in dates:
        event = _event(f"{one.uid}@baton", one.day, one.title, at)
        event.add("description", one.text)
        event.add("url", base + one.address)
        calendar.add_component(event)
    return _written(calendar)


def _begun(name: str) -> Calendar:
    from icalendar import Calendar

    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", name)
    return calendar


def _event(uid: str, day: date, summary: str, at: datetime) -> Event:
    from icalendar import Event

    event = Event()
    event.add("uid", uid)
    event.add("dtstamp", at.astimezone(UTC))
    event.add("dtstart", day)
    event.add("dtend", day + timedelta(days=1))
    event.add("summary", summary)
    event.add("transp", "TRANSPARENT")
    return event


def _written(calendar: Calendar) -> bytes:
    content: bytes = calendar.to_ical()
    return content


def _some_events(text: str) -> list[tuple[int, str]]:
    """The events of the file; refused where there is none, or more than a calendar has days."""
    events = list(islice(_events(text), CALENDAR_DAYS + 1))
    if not events:
        raise Refused(
            field="file",
            expected=gettext_noop("Expected events that last whole days."),
            found=gettext_noop("The file has none."),
            remedy=gettext_noop("Export the holidays, or paste them."),
        )
    if len(events) > CALENDAR_DAYS:
        raise Refused(
            field="file",
            expected=gettext_noop("Expected at most {most} events."),
            found=gettext_noop("There are more."),
            remedy=gettext_noop("Export the holidays alone."),
            most=CALENDAR_DAYS,
        )
    return events


def _events(text: str) -> Iterator[tuple[int, str]]:
    """Each event with the number of its first line; what follows an event that never ends belongs to it."""
    block: list[str] = []
    begins = 0
    for number, line in enumerate(text.splitlines(), 1):
        word = line.strip().upper()
        if word == "BEGIN:VEVENT":
            if block:
                yield begins, "\r\n".join(block)
            block, begins = [line.strip()], number
        elif block:
            block.append(line)
            if word == "END:VEVENT":
                yield begins, "\r\n".join(block) + "\r\n"
                block = []
    if block:
        yield begins, "\r\n".join(block)


def _days_of(block: str, week: Mapping[str, Sequence[object]], year: int) -> list[SpecialDay] | CellProblem:
    event = _parsed(block)
    if isinstance(event, CellProblem):
        return event
    first, last = _span(event)
    if first is None or last is None:
        return _problem(
            gettext_noop("Expected an event that lasts whole days."),
            gettext_noop("“{value}” has a time of day, or no day."),
            gettext_noop("Nothing has to be done unless it is a holiday; then enter it as one."), block,
        )  # fmt: skip
    if not 0 < (last - first).days <= LONGEST_RANGE:
        return _problem(
            gettext_noop("Expected an end after the begin, at most {most} days later."),
            gettext_noop("“{value}” ends otherwise."), gettext_noop("Correct the event."), block, most=LONGEST_RANGE,
        )  # fmt: skip
    starts = _starts(event, first, year)
    if isinstance(starts, CellProblem):
        return starts
    kind = _kind(event, week)
    if kind is None:
        return _problem(
            gettext_noop("Expected what the day is: holiday, or works like monday."),
            gettext_noop("“{value}” speaks of work."), gettext_noop("Say in the summary what it works like."), block,
        )  # fmt: skip
    days = [SpecialDay(start + timedelta(days=n), *kind) for start in starts for n in range((last - first).days)]
    try:
        for one in days:
            demand_possible(one, week)
    except Refused as refused:
        return CellProblem(refused.expected, refused.found, refused.remedy, refused.values)
    return days


def _parsed(block: str) -> Event | CellProblem:
    from icalendar import Event

    broken = _problem(
        gettext_noop("Expected an event from BEGIN:VEVENT to END:VEVENT."), gettext_noop("“{value}” is broken."),
        gettext_noop("Export the file again, or enter this day by hand."), block,
    )  # fmt: skip
    if block.count("\n") > MOST_EVENT_LINES or not block.rstrip().upper().endswith("END:VEVENT"):
        return broken
    try:
        event: Any = Event.from_ical(block)
    except (ValueError, KeyError, IndexError, TypeError, AttributeError):
        return broken
    wrong = {str(name).upper() for name, _why in event.errors}
    return broken if not isinstance(event, Event) or wrong & _NEEDED else event


def _span(event: Event) -> tuple[date | None, date | None]:
    """The first day and the one after the last; none where the event has times of day."""
    begin, end = (_plain(event.get(name)) for name in ("dtstart", "dtend"))
    if begin is None or (event.get("dtend") is not None and end is None):
        return None, None
    length = getattr(event.get("duration"), "dt", None)
    if end is None and isinstance(length, timedelta):
        end = begin + max(timedelta(days=1), timedelta(days=min(length.days, 4_000)))
    return begin, end or begin + timedelta(days=1)


def _plain(value: Any) -> date | None:
    found = getattr(value, "dt", None)
    return found if isinstance(found, date) and not isinstance(found, datetime) else None


def _starts(event: Event, first: date, year: int) -> list[date] | CellProblem:
    """The days on which it begins: one, or those around the present of an event that comes every year."""
    rule = event.get("rrule")
    if rule is None:
        return [first]
    if [str(part).upper() for part in rule.get("freq", [])] != ["YEARLY"] or set(map(str.upper, rule)) - {
        "FREQ", "INTERVAL", "WKST", "BYMONTH", "BYMONTHDAY"
    }:  # fmt: skip
        return _problem(
            gettext_noop("Expected an event that comes once, or every year on the same day."),
            gettext_noop("“{value}” is repeated otherwise."), gettext_noop("Enter its days one by one."),
            str(event.get("summary", "")), plain=True,
        )  # fmt: skip
    years = [one for one in range(year - 1, year - 1 + REPEATED_YEARS) if one >= first.year]
    return [first.replace(year=one) for one in years if (first.month, first.day) != (2, 29)]


def _kind(event: Event, week: Mapping[str, Sequence[object]]) -> tuple[str, str] | None:
    summary = note_of(str(event.get("summary", "")))
    like = str(event.get(LIKE, "")).casefold()[:3]
    if like in WEEKDAYS:
        return like, summary
    # “Spring Festival (make-up day)”, “春节（班）”: what it is stands at the end.
    inner = re.search(r"[(（\[【](.{1,20})[)）\]】]\s*$", summary)
    if inner and (kind := kind_said(inner[1], week)) is not None and kind[1] == "":
        return kind[0], summary
    said = kind_said(summary, week)
    return None if said is None else (said[0], summary)


def _summary(block: str) -> str:
    found = re.search(r"^SUMMARY[^:\n]*:(.*)$", block, re.MULTILINE | re.IGNORECASE)
    return clean_text(found[1])[:_SHOWN] if found else ""


def _problem(expected: str, found: str, remedy: str, block: str, *, plain: bool = False, **values: Any) -> CellProblem:
    return CellProblem(expected, found, remedy, {"value": block[:_SHOWN] if plain else _summary(block), **values})
