"""From the texts of an XES log to columns with types, and remarks about them."""

from __future__ import annotations

import polars as pl

from baton_analysis.errors import gettext_noop
from baton_analysis.readers.model import Notice, RowsError, display
from baton_analysis.readers.times import parse_times
from baton_analysis.readers.xes.target import CASE, TIME, LogTarget

_WHOLE = r"^[+-]?[0-9]{1,18}$"

_DECIMAL = r"^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,3})?$"


def typed(frame: pl.DataFrame, target: LogTarget, zone: str) -> tuple[pl.DataFrame, list[Notice]]:
    """Give columns the one type that all their attributes declare; a column of several types stays text.

    Raises
    ------
    RowsError
        A value of type date is no date.
    """
    columns: list[pl.Series] = []
    notices: list[Notice] = []
    for series in frame.iter_columns():
        kinds = target.types[series.name]
        kind = next(iter(kinds)) if len(kinds) == 1 else "string"
        if series.name == TIME:  # by the standard always a date; some tools write it as a string
            kind = "date"
        if kind == "date":
            times = parse_times(series, zone=zone, first_row=1)
            if times.problem_count:
                raise RowsError(times.problems, times.problem_count)
            notices += times.notices
            columns.append(times.series)
            continue
        # Polars would take a name such as “^a$” for a pattern of names.
        cast = _number_or_flag(series.rename("values"), kind)
        if cast is None and kind in ("int", "float", "boolean"):
            text = gettext_noop("“{column}” says it holds {kind} values, but not all are; it is kept as text.")
            notices.append(Notice(text, 1, {"column": display(series.name), "kind": kind}))
        columns.append(series if cast is None else cast.rename(series.name))
    return pl.DataFrame(columns), notices


def _number_or_flag(series: pl.Series, kind: str) -> pl.Series | None:
    given = series.drop_nulls()
    if kind == "int" and given.str.contains(_WHOLE).all():
        return series.cast(pl.Int64)
    if kind == "float" and given.str.contains(_DECIMAL).all():
        numbers = series.cast(pl.Float64)
        return numbers if numbers.drop_nulls().is_finite().all() else None
    if kind == "boolean" and given.is_in(["true", "false"]).all():
        return series == "true"
    return None


def log_notices(frame: pl.DataFrame, target: LogTarget) -> list[Notice]:
    """What the structure of a log leaves to be said: nothing that was left out goes unmentioned."""
    texts = {
        "unnamed": gettext_noop("{count} cases have no name (concept:name); their events are kept without a case."),
        "empty": gettext_noop("{count} cases have no events; they have no row in the table."),
        "outside": gettext_noop("{count} events stand outside every case; they are kept without a case."),
        "repeated": gettext_noop("{count} attributes repeat a name within their event or case; the first counts."),
        "nested": gettext_noop("{count} attributes inside other attributes are left out."),
        "listed": gettext_noop("{count} values of lists are joined with “; ” into one text each."),
        "no key": gettext_noop("{count} attributes without a name are left out."),
    }
    notices = [Notice(text, target.counts[key]) for key, text in texts.items() if target.counts[key]]
    for key, default in target.defaults.items():
        if key in frame.columns and (count := frame[key].null_count()):
            text = gettext_noop(
                "{count} events have no “{column}”. The log declares the default “{default}”, which is not filled in."
            )
            notices.append(Notice(text, count, {"column": display(key), "default": display(default)}))
    return notices


def order_notices(frame: pl.DataFrame, traces: int) -> list[Notice]:
    """Cases that share a name, and events that are earlier than the one before them in the same case."""
    notices: list[Notice] = []
    if CASE not in frame.columns:
        return notices
    case = pl.col(CASE)
    if TIME in frame.columns and frame.schema[TIME].is_temporal():
        earlier = frame.select(((pl.col(TIME) < pl.col(TIME).shift(1)) & (case == case.shift(1))).sum()).item()
        if earlier:
            text = gettext_noop("{count} events are earlier than the event before them in their case.")
            notices.append(Notice(text, int(earlier)))
    runs = frame.select((case != case.shift(1)).fill_null(value=False).sum()).item() + 1 if frame.height else 0
    shared = int(runs) - frame[CASE].n_unique()
    if shared > 0 and traces > 1:
        text = gettext_noop("{count} cases carry the name of an earlier case; same name is taken as the same case.")
        notices.append(Notice(text, shared))
    return notices
