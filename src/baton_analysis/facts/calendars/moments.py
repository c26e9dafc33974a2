"""Moments and the local clock: the only place where a time of day becomes a moment.

A moment is a whole number of microseconds since 1970-01-01 UTC; a local time is the same count of what the clock of a
zone shows. One rule serves every change of the clock: **a local time means the first moment at which the clock shows it
or a later time.** So a time that occurs twice means its first occurrence, a time that the clock leaves out means the
moment of the change, and what is later on the clock is never earlier in truth.
"""

from __future__ import annotations

import reprlib
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
import polars as pl

from baton_analysis.errors import FactError, gettext_noop

DAY = 86_400_000_000
SECOND = 1_000_000

Ints = npt.NDArray[np.int64]
Moments = npt.NDArray[np.datetime64] | pl.Series | Sequence[datetime]
"""Moments as people have them: NumPy datetime64 (UTC), a Polars series with a zone, or datetimes with a zone."""

_NONE = np.iinfo(np.int64).min


def microseconds(moments: Moments) -> Ints:
    """Moments as microseconds since 1970-01-01 UTC.

    Raises
    ------
    FactError
        A moment is missing, or has no zone.
    """
    if isinstance(moments, np.ndarray) and np.issubdtype(moments.dtype, np.datetime64):
        found = moments.astype("datetime64[us]").astype(np.int64)
        missing = int((found == _NONE).sum())
    else:
        series = moments if isinstance(moments, pl.Series) else _gathered(moments)
        if len(series) and getattr(series.dtype, "time_zone", None) is None:
            raise FactError(
                expected=gettext_noop("Moments must have a time zone."),
                found=gettext_noop("They are {kind}."),
                remedy=gettext_noop("Say in which zone they were written, and convert them to UTC."),
                kind=str(series.dtype),
            )
        missing = series.null_count()
        found = series.cast(pl.Datetime("us", "UTC")).dt.epoch("us").fill_null(0).to_numpy() if len(series) else _EMPTY
    if missing:
        raise FactError(
            expected=gettext_noop("Every moment must be known."),
            found=gettext_noop("{count} moments are missing."),
            remedy=gettext_noop("Leave out these rows."),
            count=missing,
        )
    return np.asarray(found, dtype=np.int64)


def _gathered(moments: Any) -> pl.Series:
    try:
        return pl.Series(list(moments), dtype=None)
    except (TypeError, ValueError, pl.exceptions.PolarsError) as error:
        raise FactError(
            expected=gettext_noop("Moments are dates with times and a zone."),
            found=gettext_noop("They are {kind}."),
            remedy=gettext_noop("Leave out what is no moment."),
            kind=reprlib.repr(moments),
        ) from error


def moment_of_local(local: Ints, zone: str) -> Ints:
    """The moment that each local time means (see the rule of this module)."""
    naive = pl.from_epoch(pl.Series(local, dtype=pl.Int64), time_unit="us").dt.cast_time_unit("us")
    placed = naive.dt.replace_time_zone(zone, ambiguous="earliest", non_existent="null").dt.epoch("us")
    left_out = placed.is_null().to_numpy()
    found: Ints = placed.fill_null(0).to_numpy().astype(np.int64)
    if left_out.any():
        found[left_out] = [_change_of_clock(int(time), ZoneInfo(zone)) for time in local[left_out]]
    return found


def local_day(moments: Ints, zone: str) -> npt.NDArray[np.int32]:
    """Days since 1970-01-01 on the clock of the zone."""
    there = pl.from_epoch(pl.Series(moments, dtype=pl.Int64), time_unit="us").dt.replace_time_zone("UTC")
    return there.dt.convert_time_zone(zone).dt.date().cast(pl.Int32).to_numpy()


def monday_of(days: npt.NDArray[np.int32]) -> npt.NDArray[np.int32]:
    """Monday of the ISO week of each day. 1970-01-01 was a Thursday, three days after a Monday."""
    return ((days + 3) // 7 * 7 - 3).astype(np.int32)


def _change_of_clock(local: int, zone: ZoneInfo) -> int:
    """The moment at which the clock jumps over ``local``."""
    written = _1970 + timedelta(microseconds=local)
    before, after = (written.replace(tzinfo=zone, fold=fold).utcoffset() or timedelta() for fold in (0, 1))
    # The moment lies after the one, and not after the other, of what the two offsets make of the time.
    low, high = local - after // _MICROSECOND, local - before // _MICROSECOND
    while high - low > 1:
        middle = (low + high) // 2
        there = (_1970 + timedelta(microseconds=middle)).astimezone(zone)
        if there.utcoffset() == before:
            low = middle
        else:
            high = middle
    return high


_1970 = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_EMPTY: Ints = np.empty(0, dtype=np.int64)
