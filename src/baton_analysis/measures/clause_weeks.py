"""Weekly counts of what was handed over, held against one clause of an agreement.

Definitions
-----------
judged, kept
    Handoffs of which is known whether they kept the clause, and those that did. An open handoff is judged as soon as it
    is due: from then on it has not kept it. Until then it stands in no week.
measured, mean_value
    Values that were measured, and their mean; NaN in a week without one.
inspected, defects, units
    Handoffs whose units were counted, the defects found, and the units among which they were found.
delivered, came_back
    Handoffs that were delivered, and those of them that came back.
promise
    Judged handoffs under the newest clause that promises a share and is not on trial, and how many kept it, over the
    last PROMISE_WEEKS weeks that have any.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import narwhals as nw
import numpy as np
import polars as pl
from numpy.typing import NDArray

from baton_analysis.arguments import checked
from baton_analysis.errors import FactError, gettext_noop
from baton_analysis.measures.weekly_series import filled_weeks

METHOD = "clause_weeks"
VERSION = "3"

PROMISE_WEEKS = 13
"""A promise is held against what was reached in a quarter."""

CLAUSE_FACTS: Mapping[str, pl.DataType] = {
    "subject": pl.String(),
    "case": pl.Int64(),
    "at": pl.Datetime("us", "UTC"),
    "day": pl.Int32(),
    "week": pl.Int32(),
    "clause": pl.String(),
    "version": pl.Int32(),
    "promised": pl.Float64(),
    "due_at": pl.Datetime("us", "UTC"),
    "kept": pl.Boolean(),
    "value": pl.Float64(),
    "defects": pl.Float64(),
    "units": pl.Float64(),
    "delivered": pl.Boolean(),
    "came_back": pl.Boolean(),
    "counts": pl.String(),
    "begun": pl.Int32(),
    "lower": pl.Float64(),
    "upper": pl.Float64(),
    "target": pl.Float64(),
}
"""Columns of the facts: one row a handoff and clause. ``promised`` is the share (or, of defects, the rate) that the
clause promises, null where it promises none or is on trial; ``due_at`` when an open handoff is due; ``kept`` null where
nothing can be said; ``counts`` names what a clause counts per period, null for others, ``begun`` the
first whole day on which it holds in this version (a day number); ``lower``, ``upper`` and
``target`` are the limits of a measured value."""

_SUMS = (
    "handoffs", "judged", "kept", "measured", "inspected", "defects", "units", "delivered", "came_back", "bound",
    "bound_kept", "bound_defects", "bound_units",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Promised:
    """What a clause promises (a share, or a rate), the weeks over which it was looked at (Mondays of the first and the
    last), and what was reached: ``count`` of ``n``."""

    promised: float
    clause: str
    version: int
    first: int
    last: int
    count: float
    n: float


@dataclass(frozen=True, eq=False, slots=True)
class ClauseWeeks:
    """One subject's weeks. ``columns`` by name, one entry a week; ``counts_what`` names what the clause counts, empty
    for none. ``share`` and ``rate`` are what its newest ``clause`` promises; None where it promises nothing of the
    kind. ``limits`` are those of its measured values: lower, upper and target. ``next_due`` is when the next open
    handoff is due, in whatever week: then the series is another one. Where nothing but open handoffs is known there are
    no weeks yet. ``begun`` is the first whole day on which it held in the version that it has in the first week; later
    than that Monday, the week is a part of one. ``breaks`` and ``later`` as in
    :class:`baton_analysis.measures.weekly_series.WeeklySeries`."""

    weeks: NDArray[np.int64]
    columns: Mapping[str, NDArray[np.float64]]
    breaks: tuple[int, ...]
    later: int
    counts_what: str
    share: Promised | None
    rate: Promised | None
    limits: tuple[float | None, float | None, float | None]
    clause: str
    next_due: datetime | None
    begun: int | None = None
    method: str = METHOD
    version: str = VERSION

    def column(self, name: str) -> NDArray[np.float64]:
        """One of the counts, or ``mean_value``."""
        return self.columns[name]


@checked(FactError)
def clause_weeks(
    facts: nw.LazyFrame[Any], *, as_of: datetime, until: int | None = None
) -> dict[str, ClauseWeeks]:  # fmt: skip
    """The series of every subject that has dated facts or open handoffs, by subject.

    Parameters
    ----------
    facts
        As :data:`CLAUSE_FACTS` says, a lazy frame of any engine.
    as_of
        The moment by which an open handoff that is due has not kept its clause.
    until
        Day number of the Monday of the last week that can be; later facts are left out and counted, but for what is
        due then.

    Raises
    ------
    FactError
        A column is absent.
    """
    absent = [name for name in CLAUSE_FACTS if name not in facts.collect_schema().names()]
    if absent:
        raise FactError(
            expected=gettext_noop("Facts about clauses must have the columns {wanted}."),
            found=gettext_noop("Absent: {absent}."),
            remedy=gettext_noop("Rebuild the facts from the records."),
            wanted=", ".join(CLAUSE_FACTS),
            absent=", ".join(absent),
        )
    rows = _by_clause_and_week(facts, as_of).collect(backend="polars").to_polars().sort("subject", "week", "newest")
    found = {}
    for key, part in rows.partition_by("subject", as_dict=True).items():
        known = part.filter(pl.col("handoffs") > 0)
        possible = known if until is None else known.filter(pl.col("week") <= until)
        due = part["next_due"].min()
        next_due = due if isinstance(due, datetime) else None
        later = int(known["handoffs"].sum()) - int(possible["handoffs"].sum())
        if len(possible):
            found[str(key[0])] = _series(possible, later, next_due)
        elif next_due is not None:
            found[str(key[0])] = _no_weeks(later, next_due)
    return found


def _by_clause_and_week(facts: nw.LazyFrame[Any], as_of: datetime) -> nw.LazyFrame[Any]:
    """Counts of each subject, clause (of one version) and week."""
    overdue = nw.col("kept").is_null() & (nw.col("due_at") <= as_of)
    judged = nw.when(overdue).then(nw.lit(False)).otherwise(nw.col("kept"))
    dated = facts.filter(~nw.col("week").is_null()).with_columns(kept=judged)
    bound = ~nw.col("promised").is_null()
    waits = nw.col("kept").is_null() & (nw.col("due_at") > as_of)
    flagged = dated.with_columns(
        was_judged=(~nw.col("kept").is_null()).cast(nw.Int64()),
        was_kept=nw.col("kept").fill_null(False).cast(nw.Int64()),
        was_bound=(bound & ~nw.col("kept").is_null()).cast(nw.Int64()),
        bound_and_kept=(bound & nw.col("kept").fill_null(False)).cast(nw.Int64()),
        waits=nw.when(waits).then(nw.col("due_at")),
        known_at=nw.when(~waits.fill_null(False)).then(nw.col("at")),
        bound_defects=nw.when(bound).then(nw.col("defects")),
        bound_units=nw.when(bound).then(nw.col("units")),
    )
    counts, lower, upper, target = (nw.col(name) for name in ("counts", "lower", "upper", "target"))
    return flagged.group_by("subject", "week", "clause").agg(
        handoffs=nw.col("known_at").count(),
        judged=nw.col("was_judged").sum(),
        kept=nw.col("was_kept").sum(),
        measured=nw.col("value").count(),
        total_value=nw.col("value").sum(),
        inspected=nw.col("units").count(),
        defects=nw.col("defects").sum(),
        units=nw.col("units").sum(),
        delivered=nw.col("delivered").cast(nw.Int64()).sum(),
        came_back=nw.col("came_back").cast(nw.Int64()).sum(),
        bound=nw.col("was_bound").sum(),
        bound_kept=nw.col("bound_and_kept").sum(),
        bound_defects=nw.col("bound_defects").sum(),
        bound_units=nw.col("bound_units").sum(),
        promised=nw.col("promised").max(),
        version=nw.col("version").max(),
        newest=nw.col("known_at").max(),
        begun=nw.col("begun").min(),
        next_due=nw.col("waits").min(),
        counts=counts.max(), lower=lower.max(), upper=upper.min(), target=target.max(),
    )  # fmt: skip


def _no_weeks(later: int, next_due: datetime) -> ClauseWeeks:
    nothing = np.zeros(0)
    return ClauseWeeks(
        weeks=np.zeros(0, dtype=np.int64), columns=dict.fromkeys((*_SUMS, "mean_value"), nothing), breaks=(),
        later=later, counts_what="", share=None, rate=None, limits=(None, None, None), clause="",
        next_due=next_due,
    )  # fmt: skip


def _series(part: pl.DataFrame, later: int, next_due: datetime | None) -> ClauseWeeks:
    """``part``: rows of one subject, by week and the newest moment in it."""
    summed = part.group_by("week", maintain_order=True).agg(pl.col(*_SUMS, "total_value").sum())
    filled = filled_weeks(summed["week"].cast(pl.Int64).to_numpy())

    def column(name: str) -> NDArray[np.float64]:
        numbers = np.zeros(len(filled.weeks))
        numbers[filled.place] = summed[name].cast(pl.Float64).fill_null(0.0).to_numpy()
        return numbers

    columns = {name: column(name) for name in _SUMS}
    measured = columns["measured"]
    columns["mean_value"] = np.divide(
        column("total_value"), measured, out=np.full(len(measured), np.nan), where=measured > 0
    )
    newest = part.sort("newest").row(-1, named=True)
    return ClauseWeeks(
        weeks=filled.weeks, columns=columns, breaks=filled.breaks, later=later, counts_what=newest["counts"] or "",
        share=_promised(part, "bound_kept", "bound"), rate=_promised(part, "bound_defects", "bound_units"),
        limits=(newest["lower"], newest["upper"], newest["target"]), clause=newest["clause"],
        next_due=next_due, begun=_begun(part),
    )  # fmt: skip


def _begun(part: pl.DataFrame) -> int | None:
    """Since when whole days are known of the first week."""
    days = part.filter(pl.col("week") == pl.col("week").min())["begun"].drop_nulls().to_list()
    return min(days, default=None)


def _promised(part: pl.DataFrame, count: str, size: str) -> Promised | None:
    """What the newest clause promises, where there is something to hold against it."""
    known = part.filter(pl.col("promised").is_not_null() & (pl.col(size) > 0)).sort("newest")
    if known.is_empty() or part.sort("newest")["promised"][-1] is None:
        return None
    clause = known.row(-1, named=True)
    here = known.filter(pl.col("clause") == clause["clause"]).sort("week").tail(PROMISE_WEEKS)
    return Promised(
        promised=float(clause["promised"]), clause=clause["clause"], version=int(clause["version"]),
        first=int(here["week"][0]), last=int(here["week"][-1]),
        count=float(here[count].sum()), n=float(here[size].sum()),
    )  # fmt: skip
