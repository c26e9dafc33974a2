"""Events of handoffs: what happened when. They are kept; everything about time is computed from them, again and again.

A clock that is stored and patched at each event goes wrong at the first event that comes late or in another order.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Literal, get_args

import numpy as np
import polars as pl

from baton_analysis.errors import FactError, gettext_noop
from baton_analysis.facts.handoffs.columns import UTC_TIME, FactColumn

EventKind = Literal[
    "requested", "received", "delivered", "accepted", "paused", "resumed", "reopened", "priority_changed", "withdrawn"
]
"""What can happen to a handoff.

requested         the customer asked for it
received          the supplier had what is needed to begin
delivered         the supplier handed it over
accepted          the customer took it as right
paused, resumed   work could not go on, for a reason; a resumption without a reason ends all pauses, one with a reason
                  ends the pauses of this reason and those without any
reopened          the customer sent it back
priority_changed  another priority is in force
withdrawn         the customer no longer wants it: it is left out
"""

EVENT_KINDS: tuple[str, ...] = get_args(EventKind)

HANDOFF_EVENTS: tuple[FactColumn, ...] = (
    FactColumn("subject", pl.String(), "", "what is judged, usually a link: “supplier id>customer id”"),
    FactColumn("case", pl.Int64(), "", "number of the handoff; subject and case together name it"),
    FactColumn("at", UTC_TIME, "", "when it happened, with a zone"),
    FactColumn("kind", pl.String(), "", "what happened: " + ", ".join(EVENT_KINDS)),
    FactColumn("reason", pl.String(), "", "of a pause: why", nullable=True, required=False),
    FactColumn("priority", pl.String(), "", "priority from this event on; null: as before", True, required=False),
    FactColumn(
        "due_at", UTC_TIME, "", "due moment agreed for this handoff, from this event on; null: as before",
        nullable=True, required=False,
    ),
)  # fmt: skip
"""Columns of a table of events, one row an event. Events of one moment count in the order of the rows."""


def sorted_events(events: pl.DataFrame, as_of: datetime) -> tuple[pl.DataFrame, int]:
    """Events up to ``as_of``, checked, by subject, case and time, their texts as enumerations; and how many lie after
    it and are left out.

    Raises
    ------
    FactError
        A column is absent or of the wrong kind, a value is missing, a kind of event is unknown, a change of priority
        names none, or ``as_of`` has no zone.
    """
    _check_columns(events)
    _check_values(events)
    if as_of.tzinfo is None:
        raise FactError(
            expected=gettext_noop("The moment of the table must have a time zone."),
            found=gettext_noop("It has none: {moment}."),
            remedy=gettext_noop("Give it with its zone, for example in UTC."),
            moment=as_of.isoformat(),
        )
    nothing = pl.Series([None], dtype=pl.String).new_from_index(0, events.height)
    texts = {name: events[name] if name in events.columns else nothing for name in ("subject", "reason", "priority")}
    known = events.select(
        *(_coded(series).alias(name) for name, series in texts.items()),
        pl.col("kind").cast(pl.Enum(EVENT_KINDS)),
        pl.col("case").cast(pl.Int64),
        pl.col("at").cast(UTC_TIME),
        pl.col("due_at").cast(UTC_TIME) if "due_at" in events.columns else pl.lit(None, UTC_TIME).alias("due_at"),
    )
    past = known.filter(pl.col("at") <= as_of.astimezone(UTC))
    # Whole numbers are sorted, and fetched in their order, several times faster than texts.
    keys = ("at", "case", "subject")
    order = np.lexsort([past[name].to_physical().to_numpy() for name in keys])
    return past[order], known.height - past.height


def _coded(texts: pl.Series) -> pl.Series:
    """Texts as numbers that sort as the texts do."""
    return texts.cast(pl.Enum(texts.cast(pl.String).drop_nulls().unique().sort()))


def _check_columns(events: pl.DataFrame) -> None:
    absent = [one.name for one in HANDOFF_EVENTS if one.required and one.name not in events.columns]
    if absent:
        raise FactError(
            expected=gettext_noop("A table of events of handoffs must have the columns {wanted}."),
            found=gettext_noop("The columns that are absent: {absent}."),
            remedy=gettext_noop("Name the columns so."),
            wanted=", ".join(one.name for one in HANDOFF_EVENTS if one.required),
            absent=", ".join(absent),
        )
    for one in HANDOFF_EVENTS:
        if one.name in events.columns and not _fits(one, events.schema[one.name]):
            raise FactError(
                expected=gettext_noop("The column “{column}” must hold {wanted}."),
                found=gettext_noop("It holds {kind}."),
                remedy=gettext_noop("Convert it; times need their zone, cases are whole numbers."),
                column=one.name,
                wanted=str(one.dtype),
                kind=str(events.schema[one.name]),
            )


def _fits(wanted: FactColumn, found: pl.DataType) -> bool:
    if wanted.nullable and found == pl.Null():
        return True
    if isinstance(wanted.dtype, pl.Datetime):
        return isinstance(found, pl.Datetime) and found.time_zone is not None
    if wanted.dtype.is_integer():
        return found.is_integer()
    return found == pl.String() or found == pl.Null()


def _check_values(events: pl.DataFrame) -> None:
    for name in ("subject", "case", "at", "kind"):
        if missing := events[name].null_count():
            raise FactError(
                expected=gettext_noop("The column “{column}” must have a value in every row."),
                found=gettext_noop("{count} rows have none."),
                remedy=gettext_noop("Fill them in, or leave these rows out."),
                column=name,
                count=missing,
            )
    unknown = sorted(set(events["kind"].unique()) - set(EVENT_KINDS))
    if unknown:
        raise FactError(
            expected=gettext_noop("The kind of an event is one of: {known}."),
            found=gettext_noop("There is also {given}."),
            remedy=gettext_noop("Say which of these kinds it is, or leave these rows out."),
            known=", ".join(EVENT_KINDS),
            given=", ".join(unknown[:10]),
        )
    changed = events.filter(pl.col("kind") == "priority_changed")
    without = changed["priority"].null_count() if "priority" in events.columns else changed.height
    if without:
        raise FactError(
            expected=gettext_noop("A change of priority names the new one."),
            found=gettext_noop("{count} changes name none."),
            remedy=gettext_noop("Fill in the column priority of these rows."),
            count=without,
        )
