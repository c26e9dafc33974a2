"""The table of handoffs: one row a handoff, its columns, their units, and the check at the door."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import narwhals as nw
import polars as pl
from narwhals.dtypes import DType

from baton_analysis.arguments import checked
from baton_analysis.errors import FactError, gettext_noop
from baton_analysis.facts.calendars.timetable import LONGEST_SECONDS

UTC_TIME = pl.Datetime("us", "UTC")


@dataclass(frozen=True, slots=True)
class FactColumn:
    """One column of a fact table; ``unit`` is that of its numbers ("1" for counts), empty where it holds none.

    ``required`` columns are there in every table of handoffs, so that measures can rest on them.
    """

    name: str
    dtype: pl.DataType
    unit: str
    meaning: str
    nullable: bool = False
    required: bool = True


HANDOFFS: tuple[FactColumn, ...] = (
    FactColumn("subject", pl.String(), "", "what is judged, usually a link: “supplier id>customer id”"),
    FactColumn("case", pl.Int64(), "", "number of the handoff; subject and case together name it"),
    FactColumn(
        "at", UTC_TIME, "",
        "when the clock stopped for the last time, such as the acceptance; of an open handoff when it is due; null of"
        " an open handoff without a promise",
        nullable=True,
    ),
    FactColumn("day", pl.Int32(), "d", "day of “at” in the zone of the calendar, from 1970-01-01", nullable=True),
    FactColumn("week", pl.Int32(), "d", "Monday of the ISO week of “day”, from 1970-01-01", nullable=True),
    FactColumn("net_seconds", pl.Float64(), "s", "net business time that it took; null while open", nullable=True),
    FactColumn("target_seconds", pl.Float64(), "s", "net business time promised; null without promise", nullable=True),
    FactColumn(
        "late", pl.Boolean(), "",
        "whether the net business time is above the promise, now if it is open; null without a promise, and while it is"
        " open and not due: nothing can be said yet, so that the mean of “late” is the share that broke the promise",
        nullable=True,
    ),
    FactColumn("open", pl.Boolean(), "", "whether the clock had not stopped at the moment of the table"),
    FactColumn("returned", pl.Boolean(), "", "whether it came back at least once after the clock had stopped"),
    FactColumn("started_at", UTC_TIME, "", "when the clock started", required=False),
    FactColumn("stopped_at", UTC_TIME, "", "when it stopped for the last time; null: open", True, required=False),
    FactColumn("due_at", UTC_TIME, "", "when the promised time is used up; null without promise", True, required=False),
    FactColumn("due_day", pl.Int32(), "d", "day of “due_at” in the zone of the calendar", True, required=False),
    FactColumn(
        "due_agreed", pl.Boolean(), "",
        "whether a due moment was agreed for this very handoff; else “due_at” is counted from its start",
        required=False,
    ),
    FactColumn("elapsed_seconds", pl.Float64(), "s", "net business time so far, of open handoffs too", required=False),
    FactColumn("paused_seconds", pl.Float64(), "s", "business time in which the clock was paused", required=False),
    FactColumn(
        "lateness_seconds", pl.Float64(), "s",
        "net business time less the promise, below 0 if there was time left; null where “late” is",
        nullable=True, required=False,
    ),
    FactColumn("priority", pl.String(), "", "priority whose promise was taken; null: none", True, required=False),
    FactColumn("reopenings", pl.Int32(), "1", "how often the clock went on after it had stopped", required=False),
)  # fmt: skip
"""The columns of the table, in order."""

_DTYPES = {column.name: column.dtype for column in HANDOFFS}
_REQUIRED = tuple(column for column in HANDOFFS if column.required)


def handoff_schema() -> dict[str, pl.DataType]:
    """Names and types of all columns."""
    return dict(_DTYPES)


@checked(FactError)
def check_handoffs(facts: nw.LazyFrame[Any], *, values: bool = True) -> None:
    """Refuse a table that is no table of handoffs.

    Parameters
    ----------
    facts
        The table as a lazy frame of any engine.
    values
        Whether to look at the values too, which reads the table once; a table that Baton made itself needs no
        such look.

    Raises
    ------
    FactError
        A required column is absent or of the wrong kind, or values are impossible: null where none may be, a time that
        is negative or not finite, a row that is open and yet has a net time, or a handoff that stands there twice.
    """
    schema = facts.collect_schema()
    absent = [column.name for column in _REQUIRED if column.name not in schema.names()]
    if absent:
        raise FactError(
            expected=gettext_noop("A table of handoffs must have the columns {wanted}."),
            found=gettext_noop("The columns that are absent: {absent}."),
            remedy=gettext_noop("Name the columns so, or build the table from events."),
            wanted=", ".join(column.name for column in _REQUIRED),
            absent=", ".join(absent),
        )
    for column in HANDOFFS:
        if column.name in schema.names() and not _is_kind(column.dtype)(schema[column.name]):
            raise FactError(
                expected=gettext_noop("The column “{column}” must hold {wanted}."),
                found=gettext_noop("It holds {kind}."),
                remedy=gettext_noop("Convert it; durations are seconds, days are counted from 1970-01-01."),
                column=column.name,
                wanted=str(column.dtype),
                kind=str(schema[column.name]),
            )
    if values:
        _check_values(facts)


def _is_kind(dtype: pl.DataType) -> Callable[[DType], bool]:
    """A type of the same family: engines differ in widths."""
    if dtype.is_integer():
        return lambda found: found.is_integer()
    if dtype.is_float():
        return lambda found: found.is_numeric()
    if isinstance(dtype, pl.Datetime):
        return lambda found: isinstance(found, nw.Datetime)
    wanted = nw.Boolean if isinstance(dtype, pl.Boolean) else nw.String
    return lambda found: isinstance(found, wanted)


def _check_values(facts: nw.LazyFrame[Any]) -> None:
    rules = _value_rules()
    broken = facts.select(*(rule.alias(str(place)) for place, (rule, _) in enumerate(rules)), rows=nw.len())
    found = broken.collect(backend="polars").to_polars().row(0, named=True)
    for place, (_, refusal) in enumerate(rules):
        if count := found[str(place)]:
            raise refusal(int(count))
    distinct = facts.select("subject", "case").unique().select(rows=nw.len())
    if repeated := int(found["rows"]) - int(distinct.collect(backend="polars").to_polars().item()):
        raise FactError(
            expected=gettext_noop("Every handoff stands once in the table."),
            found=gettext_noop("{count} rows repeat a subject and case."),
            remedy=gettext_noop("Give each handoff a number of its own, and leave out repeated rows."),
            count=repeated,
        )


def _value_rules() -> list[tuple[nw.Expr, Callable[[int], FactError]]]:
    """How many rows break each rule, and what is then said."""
    certain = [column.name for column in HANDOFFS if column.required and not column.nullable]
    durations = ["net_seconds", "target_seconds"]
    rules: list[tuple[nw.Expr, Callable[[int], FactError]]] = [
        *((nw.col(name).is_null(), partial(_absent_value, name)) for name in certain),
        *((~nw.col(name).is_between(0, LONGEST_SECONDS), partial(_no_duration, name)) for name in durations),
        (nw.col("open") & ~nw.col("net_seconds").is_null(), _open_with_net_time),
    ]
    # Spark adds up no truth values.
    return [(broken.cast(nw.Int64()).sum(), refusal) for broken, refusal in rules]


def _absent_value(column: str, count: int) -> FactError:
    return FactError(
        expected=gettext_noop("The column “{column}” must have a value in every row."),
        found=gettext_noop("{count} rows have none."),
        remedy=gettext_noop("Fill them in, or leave these rows out."),
        column=column,
        count=count,
    )


def _no_duration(column: str, count: int) -> FactError:
    return FactError(
        expected=gettext_noop("The column “{column}” holds seconds, 0 or more."),
        found=gettext_noop("{count} rows hold a number that is negative or not finite."),
        remedy=gettext_noop("Correct the times behind them, or leave these rows out."),
        column=column,
        count=count,
    )


def _open_with_net_time(count: int) -> FactError:
    return FactError(
        expected=gettext_noop("The net time of an open handoff is empty."),
        found=gettext_noop("{count} open handoffs have one."),
        remedy=gettext_noop("Put the time so far into elapsed_seconds, or mark the handoff as not open."),
        count=count,
    )
