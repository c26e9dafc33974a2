"""A business calendar as it is agreed: hours of the week, holidays, make-up days, zone; and its digest."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from baton_analysis.arguments import checked
from baton_analysis.errors import BatonError, FactError, gettext_noop
from baton_analysis.readers.times import check_zone

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
"""Names of the days of the week as settings write them."""

Hours = Sequence[tuple[str, str]]
"""Opening and closing times of a day on a 24-hour clock: ``[("09:00", "12:00"), ("13:00", "17:00")]``."""

_CLOCK = re.compile(r"([01][0-9]|2[0-4]):([0-5][0-9])")
_DAY_SECONDS = 86_400


@dataclass(frozen=True, slots=True, order=True)
class Opening:
    """One opening of a weekday (0 is Monday), in seconds after its midnight. It includes ``opens`` and not ``closes``,
    which lies above 86,400 where it closes on the next day.
    """

    weekday: int
    opens: int
    closes: int


@dataclass(frozen=True, slots=True)
class BusinessCalendar:
    """When work is done, and so when the clock of a promise runs. Made by :func:`business_calendar`.

    Attributes
    ----------
    zone
        IANA name of the zone whose clock the hours mean.
    openings
        Hours of the week. Where two overlap, the time counts once.
    holidays
        Days on which nothing opens. An opening belongs to the day on which it opens: a night shift that began on the
        eve runs to its end.
    makeup_days
        Days that work like another weekday, such as a Saturday with the hours of a Monday (day, weekday), by day.
    edition
        What people call this state of the calendar, such as "2026, second notice".
    """

    zone: str
    openings: tuple[Opening, ...]
    holidays: frozenset[date] = frozenset()
    makeup_days: tuple[tuple[date, int], ...] = ()
    edition: str = ""

    @property
    def digest(self) -> str:
        """SHA-256 of all that decides about time (the edition does not): equal calendars have equal digests."""
        decisive = {name: value for name, value in self.to_dict().items() if name != "edition"}
        return hashlib.sha256(json.dumps(decisive, sort_keys=True, separators=(",", ":")).encode()).hexdigest()

    def to_dict(self) -> dict[str, Any]:
        """As plain values for JSON; :func:`calendar_from_dict` reads them."""
        hours: dict[str, list[list[str]]] = {}
        for opening in sorted(self.openings):
            times = [_clock(opening.opens), _clock((opening.closes - 1) % _DAY_SECONDS + 1)]
            hours.setdefault(WEEKDAYS[opening.weekday], []).append(times)
        return {
            "zone": self.zone,
            "hours": hours,
            "holidays": [day.isoformat() for day in sorted(self.holidays)],
            "makeup_days": {day.isoformat(): WEEKDAYS[weekday] for day, weekday in self.makeup_days},
            "edition": self.edition,
        }

    def years_without_holidays(self, first: int, last: int) -> list[int]:
        """Years from ``first`` to ``last`` for which no holiday is known, though some are of others: the list is
        probably not complete. None where the calendar has no holidays at all.
        """
        known = {day.year for day in self.holidays} | {day.year for day, _ in self.makeup_days}
        return [year for year in range(first, last + 1) if year not in known] if known else []


@checked(FactError)
def business_calendar(
    zone: str,
    hours: Mapping[str, Hours],
    *,
    holidays: Iterable[date] = (),
    makeup_days: Mapping[date, str] | None = None,
    edition: str = "",
) -> BusinessCalendar:
    """A business calendar, checked.

    Parameters
    ----------
    zone
        IANA name, such as Asia/Shanghai.
    hours
        Hours by weekday or range of weekdays: ``{"mon-fri": [("09:00", "17:00")]}``. A closing time before the opening
        time is one of the next day; ``("00:00", "24:00")`` is the whole day.
    holidays
        Days on which nothing opens.
    makeup_days
        Days that work like a named weekday: ``{date(2026, 2, 14): "mon"}``.

    Raises
    ------
    FactError
        A weekday or time that is none, an opening of no length, no opening at all, a day that is holiday and make-up
        day at once, or a make-up day with the hours of a weekday that has none.
    ReadError
        The zone is unknown.
    """
    check_zone(zone)
    openings = {
        Opening(weekday, *_span(times))
        for days, spans in hours.items()
        for weekday in _weekdays(days)
        for times in spans
    }
    if not openings:
        raise FactError(
            expected=gettext_noop("A business calendar is open at some time of the week."),
            found=gettext_noop("It has no opening hours."),
            remedy=gettext_noop("Name hours for one weekday at least; a calendar without a break has 00:00 to 24:00."),
        )
    moved = {day: _weekday(name) for day, name in (makeup_days or {}).items()}
    free = frozenset(holidays)
    _check_days(free, moved, {opening.weekday for opening in openings})
    return BusinessCalendar(zone, tuple(sorted(openings)), free, tuple(sorted(moved.items())), edition)


@checked(FactError)
def always_open(zone: str = "UTC") -> BusinessCalendar:
    """The calendar of those who never close: elapsed time is business time."""
    return business_calendar(zone, {"mon-sun": [("00:00", "24:00")]})


@checked(FactError)
def calendar_from_dict(settings: Mapping[str, Any]) -> BusinessCalendar:
    """The calendar that :meth:`BusinessCalendar.to_dict` wrote, or a person in the same form.

    Raises
    ------
    FactError
        As :func:`business_calendar`; also where something is absent, unknown or of the wrong kind.
    """
    unknown = set(settings) - {"zone", "hours", "holidays", "makeup_days", "edition"}
    if unknown or not {"zone", "hours"} <= set(settings):
        raise FactError(
            expected=gettext_noop("A calendar has zone and hours, and may have holidays, makeup_days and edition."),
            found=gettext_noop("It has {names}."),
            remedy=gettext_noop("Correct the names."),
            names=", ".join(sorted(settings)),
        )
    try:
        return business_calendar(
            str(settings["zone"]),
            {
                str(days): [(str(opens), str(closes)) for opens, closes in spans]
                for days, spans in settings["hours"].items()
            },
            holidays=[date.fromisoformat(day) for day in settings.get("holidays", ())],
            makeup_days={date.fromisoformat(day): name for day, name in settings.get("makeup_days", {}).items()},
            edition=str(settings.get("edition", "")),
        )
    except BatonError:
        raise
    except (AttributeError, TypeError, ValueError) as error:
        raise FactError(
            expected=gettext_noop("Hours are lists of an opening and a closing time, and days are written 2026-10-01."),
            found=gettext_noop("Something is written otherwise: {error}."),
            remedy=gettext_noop("Correct the calendar."),
            error=str(error),
        ) from error


def _weekdays(days: str) -> list[int]:
    """Weekdays of "fri" or "mon-fri"; "sat-mon" goes over the end of the week."""
    first, _, last = days.lower().replace(" ", "").partition("-")
    start, end = _weekday(first), _weekday(last or first)
    return [weekday % 7 for weekday in range(start, end + 1 if end >= start else end + 8)]


def _weekday(name: object) -> int:
    if name not in WEEKDAYS:
        raise FactError(
            expected=gettext_noop("A day of the week is one of {known}, or a range of them such as mon-fri."),
            found=gettext_noop("“{name}” was given."),
            remedy=gettext_noop("Correct the day."),
            known=", ".join(WEEKDAYS),
            name=str(name),
        )
    return WEEKDAYS.index(str(name))


def _span(times: tuple[str, str]) -> tuple[int, int]:
    opens, closes = (_seconds(time) for time in times)
    if opens in {closes, _DAY_SECONDS}:
        raise FactError(
            expected=gettext_noop("An opening lasts for some time, a day at most."),
            found=gettext_noop("One goes from {opens} to {closes}."),
            remedy=gettext_noop("Leave it out if it is closed; the whole day is 00:00 to 24:00."),
            opens=times[0],
            closes=times[1],
        )
    return opens, closes if closes > opens else closes + _DAY_SECONDS


def _seconds(time: str) -> int:
    written = _CLOCK.fullmatch(time)
    seconds = int(written[1]) * 3600 + int(written[2]) * 60 if written else _DAY_SECONDS + 1
    if seconds > _DAY_SECONDS:
        raise FactError(
            expected=gettext_noop("A time of day is written 09:00, on a clock from 00:00 to 24:00."),
            found=gettext_noop("“{time}” was given."),
            remedy=gettext_noop("Correct the time."),
            time=time,
        )
    return seconds


def _clock(seconds: int) -> str:
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}"


def _check_days(holidays: frozenset[date], makeup_days: Mapping[date, int], open_weekdays: set[int]) -> None:
    both = sorted(holidays & makeup_days.keys())
    if both:
        raise FactError(
            expected=gettext_noop("A day is a holiday or a make-up day, not both."),
            found=gettext_noop("{day} is both."),
            remedy=gettext_noop("Take it out of one of the two lists."),
            day=both[0].isoformat(),
        )
    for day, weekday in sorted(makeup_days.items()):
        if weekday not in open_weekdays:
            raise FactError(
                expected=gettext_noop("A make-up day works like a weekday that has hours."),
                found=gettext_noop("{day} is to work like {weekday}, which has none."),
                remedy=gettext_noop("Name another weekday, or make the day a holiday."),
                day=day.isoformat(),
                weekday=WEEKDAYS[weekday],
            )
