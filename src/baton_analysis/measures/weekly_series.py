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
    Returns divided by handovers of the week, with Wilson's interval.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import narwhals as nw
import numpy as np
import polars as pl
from numpy.typing import NDArray

from baton_analysis.arguments import checked
from baton_analysis.drawing.comparisons import plot_series
from baton_analysis.errors import FactError, gettext_noop
from baton_analysis.measures.proportions import wilson_interval
from baton_analysis.readers.model import Notice
from baton_analysis.results import Result

if TYPE_CHECKING:
    from matplotlib.axes import Axes

METHOD = "weekly_series"
VERSION = "2"

LONGEST_GAP_WEEKS = 52
"""A year without a handover: what comes after it is not the same run of the process any more."""

COLUMNS = ("subject", "week", "wait_seconds", "returned")
_WEEK = 7


@dataclass(frozen=True, eq=False, slots=True)
class WeeklySeries(Result):
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
    method: str = METHOD
    version: str = VERSION

    def __len__(self) -> int:
        return len(self.weeks)

    @property
    def n(self) -> int:
        """Handovers of all weeks."""
        return int(self.handovers.sum())

    @property
    def warnings(self) -> tuple[Notice, ...]:
        """What is not in the series."""
        said = {
            gettext_noop("No handovers for more than a year, {count} times: the series breaks there."): len(
                self.breaks
            ),
            gettext_noop("{count} handovers lie after the last week that can be and are left out."): self.later,
        }
        return tuple(Notice(message, count) for message, count in said.items() if count)

    def to_table(self) -> pl.DataFrame:
        """One row a week: its Monday, the counts, the median wait (null where none is known) and the share of returns
        with its interval (null where nothing was handed over)."""
        low, high = wilson_interval(self.returns, self.handovers)
        share = np.divide(self.returns, self.handovers, out=np.full(len(self), np.nan), where=self.handovers > 0)
        floats = {"median_wait_seconds": self.median_wait_seconds, "return_share": share, "lower": low, "upper": high}
        return pl.DataFrame(
            {
                "week": pl.Series(self.weeks, dtype=pl.Int32).cast(pl.Date),
                **{name: pl.Series(getattr(self, name)) for name in ("handovers", "waits", "returns")},
                **{name: pl.Series(values).fill_nan(None) for name, values in floats.items()},
            }
        )

    def to_dict(self) -> dict[str, Any]:
        """As plain values for JSON: the columns of :meth:`to_table`, weeks as the date of their Monday."""
        columns = self.to_table().with_columns(pl.col("week").dt.to_string()).to_dict(as_series=False)
        return {
            "method": self.method,
            "version": self.version,
            "n": self.n,
            **columns,
            "breaks": list(self.breaks),
            "later": self.later,
            "warnings": [warning.render() for warning in self.warnings],
        }

    def plot(self, ax: Axes | None = None) -> Axes:
        """The median wait of each week in seconds; see :class:`baton_analysis.results.Plottable`."""
        weeks = self.to_table()["week"].to_list()
        return plot_series(ax, values=self.median_wait_seconds, labels=weeks, name="median wait, s")


@checked(FactError)
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


@dataclass(frozen=True, eq=False, slots=True)
class FilledWeeks:
    """All weeks of a series, see :class:`WeeklySeries`, with the places in it of those that were seen."""

    weeks: NDArray[np.int64]
    place: NDArray[np.int64]
    breaks: tuple[int, ...]


def filled_weeks(seen: NDArray[np.int64]) -> FilledWeeks:
    """The weeks between the first and the last of ``seen`` (Mondays, ascending, each once), all of them but for
    breaks."""
    # How many places each week lies after the one before: a long gap takes two, the empty week and the next with data.
    apart = np.diff(seen) // _WEEK
    broken = apart - 1 > LONGEST_GAP_WEEKS
    place = np.concatenate([[0], np.cumsum(np.where(broken, 2, apart))])
    weeks = np.repeat(seen - place * _WEEK, np.diff(place, append=place[-1] + 1)) + np.arange(place[-1] + 1) * _WEEK
    return FilledWeeks(weeks, place, tuple(int(index) + 1 for index in place[:-1][broken]))


def _with_gaps(part: pl.DataFrame, later: int) -> WeeklySeries:
    found = filled_weeks(part["week"].cast(pl.Int64).to_numpy())
    weeks, place = found.weeks, found.place

    def counts(column: str) -> NDArray[np.int64]:
        filled = np.zeros(len(weeks), dtype=np.int64)
        filled[place] = part[column].cast(pl.Int64).fill_null(0).to_numpy()
        return filled

    medians = np.full(len(weeks), np.nan)
    medians[place] = part["median_wait_seconds"].cast(pl.Float64).fill_null(np.nan).to_numpy()
    return WeeklySeries(weeks, counts("handovers"), counts("waits"), medians, counts("returns"), found.breaks, later)
