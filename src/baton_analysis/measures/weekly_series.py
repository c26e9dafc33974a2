"""Weekly series of a link: how many handovers, how long they waited, how many came straight back.

Definitions
-----------
week
    The ISO week of the handover, named by the day number of its Monday (days since 1970-01-01).
gap
    A week without handovers between the first and the last week of a subject. It stays in the series, with 0 handovers
    and no waiting time: a chart that closes gaps shows runs that never were. A gap longer than LONGEST_GAP_WEEKS is a
    break: of its weeks only the first stays, so that nothing reaches across, and the series says where it broke. One
    mistyped year would otherwise make a series of thousands of empty weeks.
median wait
    Exact median with linear interpolation (type 7 of Hyndman & Fan 1996) of the waits that are known, in seconds; NaN
    where none is.
return rate
    Returns divided by handovers of the week.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import narwhals as nw
import numpy as np
import polars as pl
from numpy.typing import NDArray

from baton_analysis.errors import FactError, gettext_noop

METHOD = "weekly_series"
VERSION = "2"

LONGEST_GAP_WEEKS = 52
"""A year without a handover: what comes after it is not the same run of the process any more."""

COLUMNS = ("subject", "week", "wait_seconds", "returned")
_WEEK = 7


@dataclass(frozen=True, eq=False, slots=True)
class WeeklySeries:
    """One subject's weeks, all of them between the first and the last but for breaks; all arrays have the same length.

    ``weeks``: day number of each Monday. ``handovers``, ``waits`` (handovers whose wait is known), ``returns``: counts.
    ``median_wait_seconds``: NaN in weeks where no wait is known. ``breaks`` are indices of empty weeks that each stand
    for a whole gap of more than LONGEST_GAP_WEEKS. ``later`` counts handovers that were left out because they lie after
    the last week that can be.
    """

    weeks: NDArray[np.int64]
    handovers: NDArray[np.int64]
    waits: NDArray[np.int64]
    median_wait_seconds: NDArray[np.float64]
    returns: NDArray[np.int64]
    breaks: tuple[int, ...] = ()
    later: int = 0

    def __len__(self) -> int:
        return len(self.weeks)


def weekly_series(facts: nw.LazyFrame[Any], *, until: int | None = None) -> dict[str, WeeklySeries]:
    """The series of every subject that has dated handovers, by subject.

    Parameters
    ----------
    facts
        The fact table ``handovers`` as a lazy frame of any engine: ``subject``, ``week`` (day number of the Monday,
        null where the time is unknown: such handovers are left out), ``wait_seconds`` (null where unknown),
        ``returned``.
    until
        Day number of the Monday of the last week that can be: handovers after it are dated wrongly and left out, and
        a subject that has no others has no series.

    Raises
    ------
    FactError
        A column is absent.
    """
    absent = [name for name in COLUMNS if name not in facts.collect_schema().names()]
    if absent:
        raise FactError(
            expected=gettext_noop("Handover facts must have the columns {wanted}."),
            found=gettext_noop("The column {absent} is absent."),
            remedy=gettext_noop("Rebuild the facts from the records."),
            wanted=", ".join(COLUMNS),
            absent=", ".join(absent),
        )
    rows = _by_subject_and_week(facts).collect(backend="polars").to_polars().sort("subject", "week")
    found = {}
    for key, part in rows.partition_by("subject", as_dict=True).items():
        possible = part if until is None else part.filter(pl.col("week") <= until)
        if len(possible):
            later = int(part["handovers"].sum()) - int(possible["handovers"].sum())
            found[str(key[0])] = _with_gaps(possible, later)
    return found


def _by_subject_and_week(facts: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    dated = facts.filter(~nw.col("week").is_null()).with_columns(
        wait_seconds=nw.col("wait_seconds").cast(nw.Float64()),
        returned_count=nw.col("returned").cast(nw.Int64()),
    )
    return dated.group_by("subject", "week").agg(
        handovers=nw.len(),
        waits=nw.col("wait_seconds").count(),
        median_wait_seconds=nw.col("wait_seconds").quantile(0.5, interpolation="linear"),
        returns=nw.col("returned_count").sum(),
    )


def _with_gaps(part: pl.DataFrame, later: int) -> WeeklySeries:
    seen = part["week"].cast(pl.Int64).to_numpy()
    # How many places each week lies after the one before: a long gap takes two, the empty week and the next with data.
    apart = np.diff(seen) // _WEEK
    broken = apart - 1 > LONGEST_GAP_WEEKS
    place = np.concatenate([[0], np.cumsum(np.where(broken, 2, apart))])
    weeks = np.repeat(seen - place * _WEEK, np.diff(place, append=place[-1] + 1)) + np.arange(place[-1] + 1) * _WEEK

    def counts(column: str) -> NDArray[np.int64]:
        filled = np.zeros(len(weeks), dtype=np.int64)
        filled[place] = part[column].cast(pl.Int64).fill_null(0).to_numpy()
        return filled

    medians = np.full(len(weeks), np.nan)
    medians[place] = part["median_wait_seconds"].cast(pl.Float64).fill_null(np.nan).to_numpy()
    breaks = tuple(int(index) + 1 for index in place[:-1][broken])
    return WeeklySeries(weeks, counts("handovers"), counts("waits"), medians, counts("returns"), breaks, later)
