"""Holidays and make-up days as governments announced them, a file a country and year, each with its source.

The package ``holidays`` leaves out days that fall on a weekend, on which shifts and shops are open; a notice does not.
"""

from __future__ import annotations

import tomllib
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from baton.core.calendars.days import SpecialDay, note_of
from baton.core.texts import say

_FOLDER = Path(__file__).resolve().parent


def noticed_days(country: str, year: int, like: str, language: str) -> list[SpecialDay] | None:
    """The days of a year by the notice of that country; None where no notice is at hand.

    ``like`` is the weekday whose hours make-up days have: notices do not say.
    """
    notice = _notice(country, year)
    if notice is None:
        return None
    found = []
    for holiday in notice["holidays"]:
        name = note_of(say(holiday["name"], language))
        first: date = holiday["first"]
        found += [SpecialDay(first + timedelta(days=n), note=name) for n in range((holiday["last"] - first).days + 1)]
        found += [SpecialDay(day, like, name) for day in holiday["worked"]]
    return sorted(found)


@cache
def _notice(country: str, year: int) -> dict[str, Any] | None:
    path = _FOLDER / f"{country}-{year}.toml"
    return tomllib.loads(path.read_text(encoding="utf-8")) if path.is_file() else None
