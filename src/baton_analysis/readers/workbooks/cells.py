"""The value of a cell as the text a person would write: whole numbers without a point, days and times in ISO 8601.

A spreadsheet stores every number as a binary fraction and shows at most 15 digits of it. Those 15 are taken: 0.1 + 0.2
is 0.3, and 1.0 is 1. A number of more digits was cut by the spreadsheet already (bank cards, identity cards).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from math import isfinite
from typing import Any

DIGITS = 15
"""So many digits of a number a spreadsheet keeps."""
_EXACT = 10.0**DIGITS
_WRITTEN_OUT = 1e21
_LEAP_DAY_THAT_NEVER_WAS = date(1900, 3, 1)
_BEFORE_DAY_ONE = date(1899, 12, 31)

CellText = str
"""What stands in a cell; an empty cell is the empty text."""


def cell_text(value: Any) -> CellText:
    """One value of calamine as text."""
    return value if type(value) is str else WAYS[type(value)](value)


def number_text(value: float) -> str:
    """A number as a spreadsheet shows it when its cell is wide enough."""
    if not isfinite(value):
        return "nan" if value != value else "inf" if value > 0 else "-inf"
    if value.is_integer() and -_EXACT < value < _EXACT:
        return str(int(value))
    shown = f"{value:.{DIGITS}g}"
    return str(int(Decimal(shown))) if value.is_integer() and abs(value) < _WRITTEN_OUT else shown


def _day(value: date) -> str:
    """A day; before 1 March 1900 its number, because spreadsheets count a 29 February 1900 that never was."""
    if value < _LEAP_DAY_THAT_NEVER_WAS:
        return str((value - _BEFORE_DAY_ONE).days)
    return value.isoformat()


def _moment(value: datetime) -> str:
    """A time to the second: the stored fraction of a day is not exact, and 08:00 may be 07:59:59.9999."""
    if value.year <= _LEAP_DAY_THAT_NEVER_WAS.year and value.date() < _LEAP_DAY_THAT_NEVER_WAS:
        return _day(value.date())
    if not value.microsecond:
        return value.isoformat(sep=" ")
    rounded = value + timedelta(microseconds=500_000) if value.year < 9999 else value
    if abs(value.microsecond - 500_000) < 499_000:  # a fraction that somebody wrote
        return value.isoformat(sep=" ", timespec="milliseconds")
    return rounded.replace(microsecond=0).isoformat(sep=" ")


def _duration(value: timedelta) -> str:
    """Hours, minutes and seconds, as [h]:mm:ss shows them."""
    sign, seconds = ("-", -value) if value < timedelta(0) else ("", value)
    minutes, second = divmod(round(seconds.total_seconds()), 60)
    return f"{sign}{minutes // 60:02d}:{minutes % 60:02d}:{second:02d}"


WAYS: dict[type, Callable[[Any], str]] = {
    float: number_text,
    int: str,
    bool: lambda value: "true" if value else "false",
    str: str,
    date: _day,
    datetime: _moment,
    time: lambda value: value.replace(microsecond=0).isoformat(),
    timedelta: _duration,
    type(None): lambda _: "",
}
"""How each type of value that calamine gives is written as text."""
