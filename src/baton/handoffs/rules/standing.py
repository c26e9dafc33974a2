"""On which days and at what moments a standing order is due. Pure Python."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from enum import StrEnum

from dateutil.rrule import rrule, rrulestr

from baton.agreements.rules import Fault
from baton_analysis.errors import gettext_noop

RRULE_LENGTH = 200
"""Longest recurrence, in characters."""

AHEAD_DAYS = 7
"""So many days ahead what is due by a standing order is expected."""

PREVIEWED = 10
"""Occurrences that are shown before an order is saved."""

LONGEST = 31 * 24 * 60
"""Longest time between the beginning of an occurrence and when it is due, in minutes."""

_SEARCHED = timedelta(days=3 * 366)
_MOVED = 60
"""No holiday is longer than so many days."""

_PARTS = {
    "FREQ": r"DAILY|WEEKLY|MONTHLY",
    "INTERVAL": r"[1-9]|[1-9]\d",
    "BYDAY": r"([+-]?[1-5])?(MO|TU|WE|TH|FR|SA|SU)(,([+-]?[1-5])?(MO|TU|WE|TH|FR|SA|SU))*",
    "BYMONTHDAY": r"-?([1-9]|[12]\d|3[01])(,-?([1-9]|[12]\d|3[01]))*",
    "BYSETPOS": r"-1|[1-5]",
}


class Off(StrEnum):
    """What becomes of an occurrence on a day on which the calendar does not open.

    KEEP  it is due all the same
    SKIP  there is none
    NEXT  it is due on the next working day
    """

    KEEP = "keep"
    SKIP = "skip"
    NEXT = "next"


@dataclass(frozen=True, slots=True, kw_only=True)
class Recurrence:
    """When something is due again and again.

    ``rule`` is an RFC 5545 recurrence of days, counted from ``starts_on``; ``ends_on`` is the last day, None: none. On
    each of them it begins at ``begins`` by the clock of ``zone`` and is due ``minutes`` later.
    """

    rule: str
    begins: time
    minutes: int
    off: Off
    zone: tzinfo
    starts_on: date
    ends_on: date | None = None

    def due_at(self, day: date) -> datetime:
        """When the occurrence of a day is due (UTC). A time over which clocks are put forward is taken as much later;
        of one that comes twice the first is meant."""
        begins = datetime.combine(day, self.begins, self.zone).astimezone(UTC)
        return begins + timedelta(minutes=self.minutes)

    def first_due_after(self, moment: datetime) -> date:
        """A day before which no occurrence is due later than a moment."""
        return (moment - timedelta(minutes=self.minutes)).astimezone(self.zone).date() - timedelta(days=1)


def faults_of_rule(rule: str) -> Iterator[Fault]:
    """What is wrong with a recurrence: only days, weeks and months, each part once, without an end of its own."""
    said = [part.partition("=")[::2] for part in rule.split(";")]
    parts = dict(said)
    unknown = [name for name, value in said if not re.fullmatch(_PARTS.get(name, "(?!)"), value, re.ASCII)]
    numbered = bool(re.search(r"\d", parts.get("BYDAY", "")))
    monthly = parts.get("FREQ") == "MONTHLY"
    of_a_month = numbered or "BYSETPOS" in parts
    twice = len(parts) < len(said)
    if unknown or twice or "FREQ" not in parts or (of_a_month and not monthly) or len(rule) > RRULE_LENGTH:
        yield Fault(
            "rule",
            expected=gettext_noop("Expected a recurrence of days, weeks or months, such as FREQ=WEEKLY;BYDAY=MO,TH."),
            found=gettext_noop("Found {rule}."),
            remedy=gettext_noop("Use FREQ, INTERVAL, BYDAY, BYMONTHDAY and BYSETPOS; first and last day stand beside."),
            values={"rule": rule[:RRULE_LENGTH]},
        )


def days_due(
    recurrence: Recurrence, *, first: date, last: date, works: Callable[[date], bool]
) -> Iterator[tuple[date, date]]:
    """The days up to ``last`` that the rule names and that are due on ``first`` or later, each with the day on which it
    is due, in order. ``works`` says whether the calendar opens on a day, from :func:`first_asked` on. Where several are
    moved to one day, it is named once, and always as the same one."""
    seen: set[date] = set()
    for named in _named(recurrence, first_asked(first, recurrence.off), last):
        day = _on_a_working_day(named, recurrence.off, works)
        if day is None or day in seen or (recurrence.ends_on is not None and day > recurrence.ends_on):
            continue
        seen.add(day)
        if day >= first:
            yield named, day


def first_asked(first: date, off: Off) -> date:
    """From which day on it must be known whether the calendar opens, to know what is due from ``first`` on: what was
    named before may be moved to it."""
    return first - timedelta(days=_MOVED) if off is Off.NEXT else first


def last_searched(first: date) -> date:
    """Up to which day the next occurrences from ``first`` on are looked for."""
    return first + _SEARCHED


def _named(recurrence: Recurrence, first: date, last: date) -> Iterator[date]:
    until = min(last, recurrence.ends_on or last)
    if until < max(first, recurrence.starts_on):
        return
    # Bounded on its right: a rule that names no day at all would be searched for thousands of years.
    begun = datetime.combine(recurrence.starts_on, time())
    bounded = rrulestr(recurrence.rule, dtstart=begun)
    assert isinstance(bounded, rrule), "one rule makes no set of rules"
    for moment in bounded.replace(until=datetime.combine(until, time())):
        if moment.date() >= first:
            yield moment.date()


def _on_a_working_day(day: date, off: Off, works: Callable[[date], bool]) -> date | None:
    if off is Off.KEEP or works(day):
        return day
    if off is Off.SKIP:
        return None
    return next((later for ahead in range(1, _MOVED) if works(later := day + timedelta(days=ahead))), None)
