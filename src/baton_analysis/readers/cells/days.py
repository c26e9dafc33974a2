"""Cells that hold days and moments, one at a time and with a problem as value; columns of a log: see ``times``."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from baton_analysis.errors import gettext_noop
from baton_analysis.readers.cells.texts import CellProblem, clean_text, problem, refusal
from baton_analysis.readers.shapes import SHAPES, YEAR_FIRST, plain_time

DayOrder = Literal["day first", "month first"]

EARLIEST, LATEST = 1900, 2199
"""Years outside of these are slips of the keyboard."""
_LONGEST = 60
_SERIAL = re.compile(r"[0-9]{5}(?:\.[0-9]{1,10})?")
_SERIALS = (20_000, 80_000)  # 1954 to 2119
_MOST_OFFSET = timedelta(hours=18)
_EXCEL_ZERO = datetime(1899, 12, 30)  # noqa: DTZ001  a day number has no zone

_EXPECTED = gettext_noop("A day that exists was expected, for example 2026-03-31.")
_EXPECTED_MOMENT = gettext_noop("A day and time that exist were expected, for example 2026-03-31 14:05.")
_REMEDY = gettext_noop("Write it as year-month-day, or leave the cell empty.")


def parse_day(text: str | None, *, order: DayOrder | None = None) -> date | CellProblem | None:
    """A day: 2026-03-31, 31/03/2026, 31.3.2026, 2026年3月31日, or a spreadsheet's day number from 1954 to 2119.

    ``order`` says how the column writes a day whose year comes last; without it "03/04/2026" is a problem, while
    "31/03/2026" can only be read in one way. A time of day is left out. See :func:`day_order_of`.
    """
    moment = _local(text, order, _EXPECTED)
    return moment[0].date() if isinstance(moment, tuple) else moment


def parse_moment(text: str | None, *, zone: str, order: DayOrder | None = None) -> datetime | CellProblem | None:
    """A day and time in UTC; ``zone`` (IANA name) is that of the column where the text names none.

    A time that the clocks were put forward over is a problem; of a time that they passed twice the earlier is taken.
    A day alone is its midnight.
    """
    found = parse_local_moment(text, order=order)
    return moment_in(found, zone) if isinstance(found, datetime) else found


def parse_local_moment(text: str | None, *, order: DayOrder | None = None) -> datetime | CellProblem | None:
    """A day and time as it is written: in UTC where the text names its zone, else without one; see
    :func:`moment_in`."""
    if text and (plain := _plainly(text)) is not None:
        return plain
    found = _local(text, order, _EXPECTED_MOMENT)
    if not isinstance(found, tuple):
        return found
    naive, offset = found
    if offset is None:
        return naive
    try:
        return (naive - timedelta(minutes=offset)).replace(tzinfo=UTC)
    except OverflowError:
        return _none(text or "", _EXPECTED_MOMENT)


def moment_in(written: datetime, zone: str) -> datetime | CellProblem:
    """What was read by :func:`parse_local_moment`, in UTC; ``zone`` (IANA name) is that of times that name none."""
    if written.tzinfo is not None:
        return written
    try:
        moment = written.replace(tzinfo=ZoneInfo(zone), fold=0).astimezone(UTC)
    except OverflowError:
        return _none(written.isoformat(" "), _EXPECTED_MOMENT)
    if moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None) != written:
        return problem(
            written.isoformat(" "),
            expected=_EXPECTED_MOMENT,
            found=gettext_noop("“{value}” does not exist in {zone}: the clocks were put forward over it."),
            remedy=gettext_noop("Correct the time, or write it with its offset (…+02:00)."),
            zone=zone,
        )
    return moment


def _plainly(text: str) -> datetime | None:
    """What nearly every program writes, 2026-03-31 14:05 with or without seconds and offset, read without taking the
    text apart; None: it has to be taken apart."""
    if text[4:5] != "-" or text[7:8] != "-" or text[10:11] not in ("", " ", "T") or not text.isascii():
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    if not EARLIEST <= found.year <= LATEST:
        return None
    if found.tzinfo is None:
        return found
    offset = found.utcoffset()
    return found.astimezone(UTC) if offset is not None and abs(offset) <= _MOST_OFFSET else None


def day_order_of(texts: Iterable[str | None]) -> DayOrder | None:
    """How a column writes days whose year comes last, by its clear values; None if none is clear, or two disagree."""
    said = day_orders_of(texts)
    return said.pop() if len(said) == 1 else None


def day_orders_of(texts: Iterable[str | None]) -> set[DayOrder]:
    """All ways in which clear values of a column write days whose year comes last."""
    said: set[DayOrder] = set()
    for text in texts:
        if not text or (text[4:5] == "-" and text[:4].isdigit()):  # most texts; taking them apart costs much more
            continue
        shape = _shape(text)
        if shape is None or shape.re is YEAR_FIRST:
            continue
        one, two = int(shape["one"]), int(shape["two"])
        if (one > 12) != (two > 12):
            said.add("day first" if one > 12 else "month first")
    return said


def _shape(text: str) -> re.Match[str] | None:
    plain = plain_time(clean_text(text[: 2 * _LONGEST]))
    if len(plain) > _LONGEST:
        return None
    return next((found for shape in SHAPES if (found := shape.match(plain))), None)


def _local(text: str | None, order: DayOrder | None, expected: str) -> tuple[datetime, int | None] | CellProblem | None:
    """The time as written, and its offset in minutes where it names one."""
    if text is None:
        return None
    if bad := refusal(text):
        return bad
    clean = clean_text(text)
    if not clean:
        return None
    shape = _shape(clean)
    if shape is None:
        return _from_serial(text, clean, expected)
    month, day = int(shape["one"]), int(shape["two"])
    if shape.re is not YEAR_FIRST:
        if order is None and month <= 12 and day <= 12 and month != day:
            return _two_ways(text, shape["year"], month, day)
        if order == "day first" or (order is None and month > 12):
            month, day = day, month
    offset = _offset(shape["zone"])
    hour = _hour(shape)
    try:
        minute, second = int(shape["minute"] or 0), int(shape["second"] or 0)
        micros = int((shape["fraction"] or "0").ljust(6, "0")[:6])
        naive = datetime(int(shape["year"]), month, day, hour, minute, second, micros)  # noqa: DTZ001
    except ValueError:
        return _none(text, expected)
    if offset is not None and abs(offset) > 18 * 60:
        return _none(text, expected)
    return _plausible(text, naive) or (naive, offset)


def _hour(shape: re.Match[str]) -> int:
    """The hour of the day, 24 and above where there is none such."""
    hour, half = int(shape["hour"] or 0), (shape["half"] or "").lower()
    if not half:
        return hour
    return hour % 12 + (12 if half == "pm" else 0) if 1 <= hour <= 12 else 99


def _offset(zone: str | None) -> int | None:
    if zone is None:
        return None
    digits = re.sub("[^0-9]", "", zone).ljust(4, "0")
    minutes = int(digits[:2]) * 60 + int(digits[2:4])
    return -minutes if zone.startswith("-") else minutes


def _from_serial(text: str, clean: str, expected: str) -> tuple[datetime, None] | CellProblem:
    """A day number of a spreadsheet, only where it lies in the years of working people: any other is just a number."""
    if not _SERIAL.fullmatch(clean) or not _SERIALS[0] <= float(clean) < _SERIALS[1]:
        return _none(text, expected)
    seconds = round(float(clean) * 86_400)
    return _EXCEL_ZERO + timedelta(seconds=seconds), None


def _plausible(text: str, naive: datetime) -> CellProblem | None:
    if EARLIEST <= naive.year <= LATEST:
        return None
    return problem(
        text,
        expected=gettext_noop("A day between the years {first} and {last} was expected."),
        found=gettext_noop("“{value}” was found."),
        remedy=gettext_noop("Correct the year, or leave the cell empty."),
        first=EARLIEST,
        last=LATEST,
    )


def _two_ways(text: str, year: str, one: int, two: int) -> CellProblem:
    return problem(
        text,
        expected=gettext_noop("A day that can be read in one way was expected."),
        found=gettext_noop("“{value}” may be {day_first} or {month_first}."),
        remedy=gettext_noop("Say whether day or month comes first in this column, or write year-month-day."),
        day_first=f"{year}-{two:02d}-{one:02d}",
        month_first=f"{year}-{one:02d}-{two:02d}",
    )


def _none(text: str, expected: str) -> CellProblem:
    return problem(text, expected=expected, found=gettext_noop("“{value}” is not one."), remedy=_REMEDY)
