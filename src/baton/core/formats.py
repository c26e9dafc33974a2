"""How numbers, shares, durations and dates are written for people.

A missing value is an en dash, never a zero. Figures are grouped by thousands with a comma in both languages of the
interface; unit and figure are kept on one line by a no-break space.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext, override, pgettext

from baton_analysis.drawing.figures import MISSING, NO_BREAK, figure_of, number, percent, trimmed

__all__ = [
    "MISSING",
    "NO_BREAK",
    "day",
    "duration",
    "labelled",
    "listing",
    "moment",
    "money",
    "number",
    "percent",
    "remarks",
    "remarks_in",
    "trimmed",
]

MINUTE, HOUR, DAY = 60, 3_600, 86_400


def listing(items: Iterable[object]) -> str:
    """``a, b, c``; in Chinese ``a、b、c``."""
    return pgettext("between the items of a list", ", ").join(str(item) for item in items)


def money(amount: Any) -> str:
    """An amount with the currency of the organisation: ``1,234.50 EUR``; nothing → –."""
    return f"{number(amount, 2)}{NO_BREAK}{settings.CURRENCY}" if amount is not None else MISSING


def remarks(items: Iterable[object]) -> str:
    """``one thing; another``; in Chinese with the full-width sign."""
    return pgettext("between the parts of a remark", "; ").join(str(item) for item in items)


def remarks_in(language: str, items: Iterable[object]) -> str:
    """:func:`remarks` for readers of that language."""
    with override(language):
        return remarks(items)


def labelled(label: object, value: object) -> str:
    """``Label: value``; in Chinese with the full-width colon."""
    return gettext("{label}: {value}").format(label=label, value=value)


def duration(seconds: Any) -> str:
    """Seconds → the largest unit that fits what is written: ``45 s``, ``12 min``, ``5.2 h``, ``1.1 d``.

    Rounding comes first: 59.96 s are ``1.0 min`` and never ``60.0 s``.
    """
    figure = figure_of(seconds)
    if figure is None:
        return MISSING
    if _rounded(figure, digits := 0 if figure == int(figure) else 1) < MINUTE:
        written = pgettext("duration in seconds", "{value} s").format(value=number(figure, digits))
    elif _rounded(minutes := figure / MINUTE, digits := _digits(minutes, 10)) < HOUR / MINUTE:
        written = pgettext("duration in minutes", "{value} min").format(value=number(minutes, digits))
    elif _rounded(hours := figure / HOUR, 1) < DAY / HOUR:
        written = pgettext("duration in hours", "{value} h").format(value=number(hours, 1))
    else:
        days = figure / DAY
        written = pgettext("duration in days", "{value} d").format(value=number(days, _digits(days, 1000)))
    return written.replace(" ", NO_BREAK)


def _rounded(figure: float, digits: int) -> float:
    """The size of a figure as it will be written."""
    return float(f"{abs(figure):.{digits}f}")


def _digits(figure: float, enough: int) -> int:
    """One decimal below ``enough``, none from there on."""
    return 1 if _rounded(figure, 1) < enough else 0


def day(value: Any) -> str:
    """A date, or the day of a moment in the reader's zone: ``21 Nov 2026``."""
    if value is None or value == "":
        return MISSING
    if not isinstance(value, date):
        return str(value)
    if isinstance(value, datetime) and timezone.is_aware(value):
        value = timezone.localtime(value)
    # Translators: Django's format letters for a day, for instance Y年n月j日
    return date_format(value, pgettext("format of a day", "j M Y"))


def moment(value: datetime | None) -> str:
    """A moment in the reader's zone: ``21 Nov 2026, 14:05``."""
    if value is None:
        return MISSING
    local = timezone.localtime(value) if timezone.is_aware(value) else value
    # Translators: Django's format letters for a moment, for instance Y年n月j日 H:i
    return date_format(local, pgettext("format of a moment", "j M Y, H:i"))
