"""Spoken numbers of records."""

from __future__ import annotations

from datetime import datetime

from baton.core.days import day_of
from baton.core.ids import spoken_number
from baton.core.models import NumberSeries


def next_numbers(*, prefix: str, at: datetime, count: int = 1, digits: int = 4) -> list[str]:
    """The next ``count`` spoken numbers of a kind of record, such as ``L-2026-0042``; for use inside a change. Where
    there may be more than ten thousand in a year, more ``digits`` keep them in order.

    Numbers run on within the organisation's calendar year and are never given twice. The counter is written in the
    caller's transaction, so a change that fails takes its numbers back.
    """
    year = day_of(at).year
    series, _made = NumberSeries.objects.select_for_update().get_or_create(prefix=prefix, year=year)
    first = series.last + 1
    series.last += count
    series.save(update_fields=["last"])
    return [spoken_number(prefix, year, ordinal, digits) for ordinal in range(first, first + count)]


def next_number(*, prefix: str, at: datetime, digits: int = 4) -> str:
    """The next spoken number of a kind of record; see :func:`next_numbers`."""
    return next_numbers(prefix=prefix, at=at, digits=digits)[0]
