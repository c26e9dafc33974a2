"""One row a handoff, as ticket systems and spreadsheets write it, brought into the form of events."""

from __future__ import annotations

import polars as pl

from baton_analysis.arguments import checked
from baton_analysis.errors import FactError, gettext_noop
from baton_analysis.facts.handoffs.columns import UTC_TIME

MOMENTS = ("requested", "received", "paused", "resumed", "delivered", "accepted", "withdrawn")
"""Columns with a moment of each handoff. Events of one moment happen in this order."""


@checked(FactError)
def events_of_rows(rows: pl.DataFrame) -> pl.DataFrame:
    """Events for :func:`baton_analysis.facts.handoffs.handoff_facts` from a table with one row a handoff.

    Parameters
    ----------
    rows
        ``subject`` (text), ``case`` (whole number, or text that names the handoff: it is numbered then), columns of
        :data:`MOMENTS` (times with a zone; null: it has not happened), and, if there are any, ``priority`` and
        ``due_at`` (the due moment agreed for this handoff, with a zone; null: none). A row has room for one pause: more
        of them, and reopenings, are added as events of their own.

    Raises
    ------
    FactError
        Subject or case is absent, there is no column with a moment, a moment has no zone, or a handoff stands in two
        rows.
    """
    moments = [name for name in MOMENTS if name in rows.columns]
    absent = [name for name in ("subject", "case") if name not in rows.columns]
    if absent or not moments:
        raise FactError(
            expected=gettext_noop("A table with one row a handoff has subject, case and one at least of: {moments}."),
            found=gettext_noop("Its columns are: {columns}."),
            remedy=gettext_noop("Name the columns so."),
            moments=", ".join(MOMENTS),
            columns=", ".join(rows.columns[:30]),
        )
    due = ["due_at"] if "due_at" in rows.columns else []
    _check(rows, [*moments, *due])
    numbered = rows if rows.schema["case"].is_integer() else rows.with_columns(pl.col("case").rank("dense"))
    kept = ["subject", "case", *(["priority"] if "priority" in rows.columns else []), *due]
    times = numbered.with_columns(pl.col([*moments, *due]).cast(UTC_TIME))
    events = times.unpivot(on=moments, index=kept, variable_name="kind", value_name="at")
    return events.filter(pl.col("at").is_not_null()).with_columns(pl.col("case").cast(pl.Int64))


def _check(rows: pl.DataFrame, moments: list[str]) -> None:
    for name in moments:
        kind = rows.schema[name]
        if not (isinstance(kind, pl.Datetime) and kind.time_zone) and kind != pl.Null():
            raise FactError(
                expected=gettext_noop("The column “{column}” must hold times with a zone."),
                found=gettext_noop("It holds {kind}."),
                remedy=gettext_noop("Say in which zone they were written, and convert them to UTC."),
                column=name,
                kind=str(kind),
            )
    repeated = rows.height - rows.select("subject", "case").n_unique()
    if repeated:
        raise FactError(
            expected=gettext_noop("Every handoff stands once in the table."),
            found=gettext_noop("{count} rows repeat a subject and case."),
            remedy=gettext_noop("Give each handoff a number of its own, and leave out repeated rows."),
            count=repeated,
        )
