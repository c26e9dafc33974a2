"""Opening times of the week: as they are kept, as people write them, and what is wrong with them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence

from baton.core.days import known_zone
from baton.core.errors import Refused
from baton.core.rules import OPENINGS_A_DAY, WEEKDAYS
from baton_analysis.errors import gettext_noop

Week = dict[str, list[list[str]]]
"""Opening and closing times by weekday, as they are kept: ``{"mon": [["08:00", "12:00"], ["13:00", "17:00"]]}``. A
close before the opening is one of the next day."""

Span = tuple[int, int]
"""Minutes after Monday 00:00 at which something opens and closes."""

_DAY, _WEEK = 1_440, 7 * 1_440
_DASHES = re.compile(r"\s*[-\u2010-\u2015\u2212~〜至到]+\s*")
_BETWEEN = re.compile(r"[,;、\n]+")
_TIME = re.compile(r"([0-9]{1,2})(?:[:.h时點点]([0-9]{2})?分?)?")
_KEPT = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])|24:00")


def read_openings(text: str, weekday: str) -> list[list[str]]:
    """``8:00-12:00, 13-17`` as opening and closing times; nothing where it is empty. Dashes, commas and colons may be
    those of any keyboard.

    Raises
    ------
    Refused
        Beside the field ``hours_<weekday>``: something that is no span of time.
    """
    found = []
    for part in _BETWEEN.split(unicodedata.normalize("NFKC", text)):
        if not part.strip():
            continue
        times = [_time(time) for time in _DASHES.split(part.strip())]
        if len(times) != 2 or "" in times:
            raise Refused(
                field=f"hours_{weekday}",
                expected=gettext_noop("Expected spans of time such as 08:00-12:00, 13:00-17:00."),
                found=gettext_noop("Found “{part}”."),
                remedy=gettext_noop("Write opening and closing time with a dash between; empty: closed."),
                part=part.strip()[:40],
            )
        found.append(times)
    return found


def write_openings(openings: Sequence[Sequence[str]]) -> str:
    """``08:00-12:00, 13:00-17:00``, as :func:`read_openings` reads it."""
    return ", ".join(f"{opens}-{closes}" for opens, closes in openings)


def checked_week(zone: str, hours: Mapping[str, Sequence[Sequence[str]]]) -> Week:
    """The hours in the order of the week, closed days left out.

    Raises
    ------
    Refused
        Beside the field of the weekday: a time that is none, openings that overlap, more than eight of one day; beside
        ``zone``: no zone; beside ``hours_mon``: no hours at all.
    """
    known_zone(zone, field="zone")
    if unknown := set(hours) - set(WEEKDAYS):
        raise Refused(
            field="hours_mon",
            expected=gettext_noop("Expected hours by weekday: {known}."),
            found=gettext_noop("Found “{name}”."),
            remedy=gettext_noop("Name the weekday so."),
            known=", ".join(WEEKDAYS),
            name=min(unknown)[:20],
        )
    spans = sorted((_span(day, times), day, tuple(times)) for day in WEEKDAYS for times in hours.get(day, ()))
    if not spans:
        raise Refused(
            field="hours_mon",
            expected=gettext_noop("Expected hours on one weekday at least."),
            remedy=gettext_noop("Enter when it opens; who never closes writes 00:00-24:00 on each day."),
        )
    _demand_apart(spans)
    week: Week = {}
    for _minutes, day, times in spans:
        week.setdefault(day, []).append([*times])
    _demand_few(week)
    return week


def _time(text: str) -> str:
    """``8`` and ``8:30`` as ``08:00`` and ``08:30``; empty for what is no time."""
    found = _TIME.fullmatch(text.strip())
    return f"{int(found[1]):02}:{found[2] or '00'}" if found else ""


def _span(day: str, times: Sequence[str]) -> Span:
    if len(times) != 2 or not all(isinstance(time, str) and _KEPT.fullmatch(time) for time in times):
        raise Refused(
            field=f"hours_{day}",
            expected=gettext_noop("Expected times of day on a clock from 00:00 to 24:00."),
            found=gettext_noop("Found “{part}”."),
            remedy=gettext_noop("Correct the time."),
            part="-".join(map(str, times))[:40],
        )
    opens, closes = (int(time[:2]) * 60 + int(time[3:]) for time in times)
    if opens in {closes, _DAY}:
        raise Refused(
            field=f"hours_{day}",
            expected=gettext_noop("Expected an opening that lasts for some time, a day at most."),
            found=gettext_noop("One goes from {opens} to {closes}."),
            remedy=gettext_noop("Leave it out if it is closed; the whole day is 00:00-24:00."),
            opens=times[0],
            closes=times[1],
        )
    midnight = WEEKDAYS.index(day) * _DAY
    return midnight + opens, midnight + (closes if closes > opens else closes + _DAY)


def _demand_few(week: Week) -> None:
    for day, spans in week.items():
        if len(spans) > OPENINGS_A_DAY:
            raise Refused(
                field=f"hours_{day}",
                expected=gettext_noop("Expected at most {most} spans of time on one day."),
                found=gettext_noop("Found {given}."),
                remedy=gettext_noop("Join those that follow upon each other."),
                most=OPENINGS_A_DAY,
                given=len(spans),
            )


def _demand_apart(spans: Sequence[tuple[Span, str, Sequence[str]]]) -> None:
    """Refuse two openings that overlap, be it over midnight or over the end of the week."""
    (opens, closes), day, times = spans[0]
    again = ((opens + _WEEK, closes + _WEEK), day, times)
    for (earlier, eve, shift), (later, day, times) in zip(spans, [*spans[1:], again], strict=True):
        if later[0] < earlier[1]:
            raise Refused(
                field=f"hours_{day}",
                expected=gettext_noop("Expected hours that do not overlap."),
                found=gettext_noop("{later} begins before {earlier} ends."),
                remedy=gettext_noop("Let one end where the next begins."),
                earlier=f"{eve} {'-'.join(shift)}",
                later=f"{day} {'-'.join(times)}",
            )
