"""Timeliness: how many handoffs kept the promised time, of those that were due?

Definitions
-----------
kept
    The net business time up to the stop of the clock is not above the promise.
late, overdue
    It is above it; overdue are those of them that are still open: they count as broken now, not when they arrive.
waiting
    Open and not due: nothing can be said yet, so they are left out of the share.
attainment
    kept / (kept + late + overdue), with Wilson's interval.
window
    A handoff belongs to the day on which it was due, so that a late one burdens the week in which it was missed; or to
    the day on which its clock stopped.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Literal, get_args

import narwhals as nw
import numpy as np
import polars as pl

from baton_analysis.arguments import checked
from baton_analysis.drawing.comparisons import plot_shares
from baton_analysis.errors import MeasureError, gettext_noop
from baton_analysis.facts.handoffs import HandoffFacts, check_handoffs
from baton_analysis.measures.inputs import demand_choice
from baton_analysis.measures.proportions import wilson_interval
from baton_analysis.readers.model import Notice
from baton_analysis.results import Result

if TYPE_CHECKING:
    from matplotlib.axes import Axes

METHOD = "attainment"
VERSION = "1"

FEW_HANDOFFS = 30
"""With fewer handoffs that were due an attainment is rough: look at the interval."""

Window = Literal["week", "month", "quarter", "year", "all"]
WindowBy = Literal["due", "stopped"]

MOST_DRAWN = 10
"""Lines in one picture that can still be told apart."""

COUNTS = ("kept", "late", "overdue", "waiting", "without_promise")
_EVERY = {"week": "1w", "month": "1mo", "quarter": "1q", "year": "1y"}


@dataclass(frozen=True, slots=True)
class Attainment(Result):
    """Attainment of some handoffs.

    Attributes
    ----------
    n
        Handoffs that were due: ``kept`` + ``late`` + ``overdue``.
    kept, late, overdue
        In time, after it, and open after it.
    waiting, without_promise
        Open and not due, and without a promised time: left out.
    value, interval
        Share of ``kept`` in ``n``, with Wilson's interval; None where nothing was due.
    calendars
        Digests of the business calendars behind the times.
    """

    n: int
    kept: int
    late: int
    overdue: int
    waiting: int
    without_promise: int
    value: float | None
    interval: tuple[float, float] | None
    confidence: float
    calendars: tuple[str, ...]
    warnings: tuple[Notice, ...]
    method: str = METHOD
    version: str = VERSION

    def to_dict(self) -> dict[str, Any]:
        """As plain values for JSON."""
        plain = ("method", "version", "n", *COUNTS, "value", "confidence")
        return {
            **{name: getattr(self, name) for name in plain},
            "interval": None if self.interval is None else list(self.interval),
            "calendars": list(self.calendars),
            "warnings": [warning.render() for warning in self.warnings],
        }


@dataclass(frozen=True, eq=False, slots=True)
class Attainments(Result):
    """Attainment by subject and window.

    ``frame`` has one row a subject and window, in this order: subject, window (its first day; null for "all"), n, kept,
    late, overdue, waiting, without_promise, attainment, lower, upper (null where nothing was due). What the counts mean
    is said at :class:`Attainment`. ``n`` counts all handoffs that were due.
    """

    frame: pl.DataFrame
    window: Window
    window_by: WindowBy
    n: int
    confidence: float
    calendars: tuple[str, ...]
    warnings: tuple[Notice, ...]
    method: str = METHOD
    version: str = VERSION

    def to_table(self) -> pl.DataFrame:
        """One row a subject and window."""
        return self.frame

    def to_dict(self) -> dict[str, Any]:
        """As plain values for JSON; days are written 2026-03-31."""
        rows = self.frame.with_columns(pl.col("window").dt.strftime("%Y-%m-%d"))
        return {
            "method": self.method,
            "version": self.version,
            "n": self.n,
            "window": self.window,
            "window_by": self.window_by,
            "confidence": self.confidence,
            "calendars": list(self.calendars),
            "rows": rows.to_dicts(),
            "warnings": [warning.render() for warning in self.warnings],
        }

    def plot(self, ax: Axes | None = None) -> Axes:
        """The attainment of each subject with its interval, window by window; of the first ten subjects where there are
        more. See :class:`baton_analysis.results.Plottable`."""
        judged = self.frame.filter(pl.col("attainment").is_not_null())
        shown = judged.partition_by("subject", as_dict=True, maintain_order=True)
        series = {
            str(key[0]): (
                part["window"].cast(pl.String).fill_null("all").to_list(),
                part["attainment"].to_numpy(),
                part["lower"].to_numpy(),
                part["upper"].to_numpy(),
            )
            for key, part in list(shown.items())[:MOST_DRAWN]
        }
        return plot_shares(ax, series=series)


@checked(MeasureError)
def attainment(
    facts: HandoffFacts | nw.LazyFrame[Any],
    *,
    first: date | None = None,
    last: date | None = None,
    window_by: WindowBy = "due",
    confidence: float = 0.95,
    calendars: Sequence[str] = (),
) -> Attainment:
    """Attainment of all handoffs of a table together; parameters and errors as :func:`attainments`."""
    counted = _counted(facts, window_by, first, last).select(pl.col(COUNTS).sum()).row(0, named=True)
    counts = {name: int(counted[name] or 0) for name in COUNTS}
    n = counts["kept"] + counts["late"] + counts["overdue"]
    low, high = wilson_interval([counts["kept"]], [n], confidence=confidence)
    few = gettext_noop("The attainment rests on {n} handoffs; {wanted} are wanted. Look at the interval.")
    nothing = gettext_noop("No handoff with a promise was due: there is no attainment.")
    warnings = [Notice(few, values={"n": n, "wanted": FEW_HANDOFFS})] if 0 < n < FEW_HANDOFFS else []
    warnings += [] if n else [Notice(nothing)]
    return Attainment(
        n=n,
        kept=counts["kept"],
        late=counts["late"],
        overdue=counts["overdue"],
        waiting=counts["waiting"],
        without_promise=counts["without_promise"],
        value=counts["kept"] / n if n else None,
        interval=(float(low[0]), float(high[0])) if n else None,
        confidence=confidence,
        calendars=_digests(facts, calendars),
        warnings=(*warnings, *_waiting(counts["waiting"])),
    )


@checked(MeasureError)
def attainments(
    facts: HandoffFacts | nw.LazyFrame[Any],
    *,
    window: Window = "week",
    first: date | None = None,
    last: date | None = None,
    window_by: WindowBy = "due",
    confidence: float = 0.95,
    calendars: Sequence[str] = (),
) -> Attainments:
    """Attainment of every subject in every window.

    Parameters
    ----------
    facts
        The table of handoffs, as made by :func:`baton_analysis.facts.handoffs.handoff_facts` or as a lazy frame of any
        engine.
    window
        Weeks begin on Monday. Days are those of the calendar's zone.
    first, last
        Days between which a handoff must lie, both included.
    window_by
        Whether a handoff belongs to the day on which it was "due" (column due_day) or on which its clock "stopped"
        (column day). Overdue handoffs belong to the day on which they were due in both cases, and those without a
        promise to the day on which they stopped.
    calendars
        Digests of the business calendars, where the facts are a lazy frame that does not know them.

    Raises
    ------
    FactError
        The table is no table of handoffs.
    MeasureError
        An unknown setting, or no column with the day on which handoffs were due.
    """
    demand_choice("window", window, get_args(Window))
    counted = _counted(facts, window_by, first, last)
    day = pl.col("counted_day").cast(pl.Date)
    start = pl.lit(None, dtype=pl.Date) if window == "all" else day.dt.truncate(_EVERY[window])
    grouped = counted.with_columns(window=start).group_by("subject", "window").agg(pl.col(COUNTS).sum())
    due = grouped.with_columns(n=pl.sum_horizontal("kept", "late", "overdue")).sort("subject", "window")
    low, high = wilson_interval(due["kept"], due["n"], confidence=confidence)
    with np.errstate(invalid="ignore"):
        share = due["kept"].to_numpy() / due["n"].to_numpy()
    frame = due.with_columns(
        pl.Series(name, values).fill_nan(None)
        for name, values in (("attainment", share), ("lower", low), ("upper", high))
    ).select("subject", "window", "n", *COUNTS, "attainment", "lower", "upper")
    return Attainments(
        frame=frame,
        window=window,
        window_by=window_by,
        n=int(frame["n"].sum()),
        confidence=confidence,
        calendars=_digests(facts, calendars),
        warnings=(*_few(frame), *_waiting(int(frame["waiting"].sum()))),
    )


def _counted(
    facts: HandoffFacts | nw.LazyFrame[Any], window_by: str, first: date | None, last: date | None
) -> pl.DataFrame:
    """Handoffs of each kind by subject and day."""
    demand_choice("window_by", window_by, get_args(WindowBy))
    lazy = nw.from_native(facts.frame.lazy()) if isinstance(facts, HandoffFacts) else facts
    check_handoffs(lazy, values=False)
    promised, late, is_open = ~nw.col("target_seconds").is_null(), nw.col("late"), nw.col("open")
    judged = ~late.is_null()
    kinds = {
        "kept": judged & ~late,
        "late": judged & late & ~is_open,
        "overdue": judged & late & is_open,
        "waiting": promised & ~judged,
        "without_promise": ~promised,
    }
    # “day” of an open handoff is the day on which it is due.
    day = nw.col("day")
    if window_by == "due":
        _check_due_day(lazy)
        day = nw.coalesce("due_day", "day")
    dated = lazy.with_columns(counted_day=day.cast(nw.Int32()), **kinds).filter(~nw.col("counted_day").is_null())
    if first is not None:
        dated = dated.filter(nw.col("counted_day") >= _number(first))
    if last is not None:
        dated = dated.filter(nw.col("counted_day") <= _number(last))
    sums = {name: nw.col(name).fill_null(False).cast(nw.Int64()).sum() for name in COUNTS}
    counted = dated.group_by("subject", "counted_day").agg(**sums).collect(backend="polars").to_polars()
    # Engines sum whole numbers into types of their own.
    return counted.cast(dict.fromkeys(COUNTS, pl.Int64))


def _check_due_day(facts: nw.LazyFrame[Any]) -> None:
    if "due_day" not in facts.collect_schema().names():
        raise MeasureError(
            expected=gettext_noop("Windows of the due day need the column due_day."),
            found=gettext_noop("The table of handoffs has none."),
            remedy=gettext_noop("Build the table from events, or count by the day of the stop (window_by “stopped”)."),
        )


def _digests(facts: HandoffFacts | nw.LazyFrame[Any], calendars: Sequence[str]) -> tuple[str, ...]:
    return tuple(sorted(facts.calendars)) if isinstance(facts, HandoffFacts) else tuple(calendars)


def _few(frame: pl.DataFrame) -> list[Notice]:
    few = int(((frame["n"] > 0) & (frame["n"] < FEW_HANDOFFS)).sum())
    text = gettext_noop("{count} figures rest on fewer than {wanted} handoffs. Look at their intervals.")
    return [Notice(text, few, {"wanted": FEW_HANDOFFS})] if few else []


def _waiting(count: int) -> list[Notice]:
    text = gettext_noop("{count} open handoffs are not due yet and are left out: their windows are not over.")
    return [Notice(text, count)] if count else []


def _number(day: date) -> int:
    return (day - date(1970, 1, 1)).days
