"""From columns as somebody calls them to the columns of facts: subject, at, day, week, seconds, late, returned."""

from __future__ import annotations

import difflib
from collections.abc import Sequence

import polars as pl

from baton_analysis.analyse.configuration import Configuration
from baton_analysis.errors import FactError, Phrase, gettext_noop
from baton_analysis.readers import Notice
from baton_analysis.readers.cells import parse_yes_no
from baton_analysis.readers.model import display

_SECONDS = {"handoffs": "net_seconds", "handovers": "wait_seconds"}


def facts_of(rows: pl.LazyFrame, wanted: Configuration, file: str) -> tuple[pl.LazyFrame, tuple[Notice, ...]]:
    """The facts of a table, and remarks about it; ``file`` is its name for messages.

    Raises
    ------
    FactError
        A column is absent or holds what it cannot.
    """
    schema = rows.collect_schema()
    names = wanted.columns
    seconds = names.seconds or _SECONDS[wanted.facts]
    notices: list[Notice] = []
    dated = _dated(rows, wanted, schema, file)
    facts = dated.with_columns(_subject(wanted, schema, file), _number(rows, schema, seconds, file).alias("__seconds"))
    facts = facts.with_columns(_late(rows, wanted, schema, file))
    if names.returned in schema:
        facts = facts.with_columns(_yes_no(rows, schema, names.returned, file).fill_null(False).alias("__returned"))
    else:
        facts = facts.with_columns(pl.lit(False).alias("__returned"))
        notices.append(Notice(gettext_noop("No column says what came back: returns are counted as none.")))
    renamed = {"__subject": "subject", "__at": "at", "__day": "day", "__week": "week", "__late": "late"}
    renamed |= {"__seconds": _SECONDS[wanted.facts], "__returned": "returned"}
    return facts.select(pl.col(old).alias(new) for old, new in renamed.items()), tuple(notices)


def _demand(column: str, schema: pl.Schema, file: str, key: str) -> None:
    if column in schema:
        return
    near = difflib.get_close_matches(column, schema.names(), n=1, cutoff=0.5)
    remedy = gettext_noop('Name the column in the configuration, under [columns]: {key} = "…".')
    if near:
        remedy = gettext_noop('Did you mean “{near}”? Then say under [columns]: {key} = "{near}".')
    raise FactError(
        expected=gettext_noop("“{file}” must have a column “{column}”."),
        found=gettext_noop("It has {columns}."),
        remedy=remedy,
        file=display(file),
        column=display(column),
        columns=_listed(schema.names()),
        near=display(near[0]) if near else "",
        key=key,
    )


def _listed(names: Sequence[str]) -> str:
    return ", ".join(display(name) for name in names[:30])


def _subject(wanted: Configuration, schema: pl.Schema, file: str) -> pl.Expr:
    names = wanted.columns
    if names.supplier is None or names.customer is None:
        _demand(names.subject, schema, file, "subject")
        return pl.col(names.subject).cast(pl.String).alias("__subject")
    _demand(names.supplier, schema, file, "supplier")
    _demand(names.customer, schema, file, "customer")
    return pl.format("{}>{}", pl.col(names.supplier), pl.col(names.customer)).alias("__subject")


def _dated(rows: pl.LazyFrame, wanted: Configuration, schema: pl.Schema, file: str) -> pl.LazyFrame:
    """With the moment in UTC, and the day and the Monday of its week in the zone of the configuration."""
    column = wanted.columns.at
    if column not in schema and {"day", "week"} <= set(schema.names()):
        nothing = pl.lit(None, pl.Datetime("us", "UTC")).alias("__at")
        return rows.with_columns(nothing, *(pl.col(n).cast(pl.Int32).alias(f"__{n}") for n in ("day", "week")))
    _demand(column, schema, file, "at")
    kind = schema[column]
    if not isinstance(kind, pl.Datetime | pl.Date):
        raise FactError(
            expected=gettext_noop("The column “{column}” of “{file}” must hold times."),
            found=gettext_noop("It holds {kind}."),
            remedy=gettext_noop('Name the column with the time of the handoff: at = "…" under [columns].'),
            column=display(column),
            file=display(file),
            kind=str(kind),
        )
    local = pl.col(column).cast(pl.Datetime("us", getattr(kind, "time_zone", None)))
    if getattr(kind, "time_zone", None) is None:
        local = local.dt.replace_time_zone(wanted.zone, ambiguous="earliest", non_existent="null")
    day = local.dt.convert_time_zone(wanted.zone).dt.date().cast(pl.Int32)
    return rows.with_columns(
        local.dt.convert_time_zone("UTC").alias("__at"),
        day.alias("__day"),
        ((day + 3) // 7 * 7 - 3).cast(pl.Int32).alias("__week"),
    )


def _number(rows: pl.LazyFrame, schema: pl.Schema, column: str, file: str, key: str = "seconds") -> pl.Expr:
    _demand(column, schema, file, key)
    kind = schema[column]
    if isinstance(kind, pl.Duration):
        return pl.col(column).dt.total_microseconds() / 1e6
    if kind.is_numeric() or kind == pl.Null:
        number = pl.col(column).cast(pl.Float64, strict=False)
        return pl.when(number.is_finite()).then(number)
    text = pl.col(column).cast(pl.String).str.strip_chars()
    number = text.cast(pl.Float64, strict=False)
    wrong = rows.select(text.filter(number.is_null() & text.is_not_null() & (text != ""))).collect().to_series()
    if len(wrong):
        raise _unreadable(column, file, wrong, gettext_noop("a number of seconds"))
    return number


def _yes_no(rows: pl.LazyFrame, schema: pl.Schema, column: str, file: str) -> pl.Expr:
    kind = schema[column]
    if kind == pl.Boolean:
        return pl.col(column)
    if kind.is_numeric():
        return pl.col(column) != 0
    texts = rows.select(pl.col(column).cast(pl.String).unique()).collect().to_series().drop_nulls()
    meant = {text: parse_yes_no(text) for text in texts}
    wrong = pl.Series([text for text, value in meant.items() if not isinstance(value, bool | None)], dtype=pl.String)
    if len(wrong):
        raise _unreadable(column, file, wrong, gettext_noop("yes or no"))
    return pl.col(column).cast(pl.String).replace_strict(meant, default=None, return_dtype=pl.Boolean)


def _late(rows: pl.LazyFrame, wanted: Configuration, schema: pl.Schema, file: str) -> pl.Expr:
    """As the table says; else whether it took longer than its target: the row's, the link's, or that of all."""
    names = wanted.columns
    if names.late in schema:
        return _yes_no(rows, schema, names.late, file).alias("__late")
    target = pl.lit(wanted.promise.target_seconds, pl.Float64)
    if any(link.target_seconds is not None for link in wanted.links.values()):
        links = rows.select(_subject(wanted, schema, file).unique()).collect().to_series().drop_nulls()
        own = {link: wanted.of_link(link).target_seconds for link in links}
        differing = {link: seconds for link, seconds in own.items() if seconds is not None}
        if differing:
            target = pl.col("__subject").replace_strict(differing, default=target, return_dtype=pl.Float64)
    if names.target_seconds in schema:
        target = _number(rows, schema, names.target_seconds, file, "target_seconds").fill_null(target)
    return (pl.col("__seconds") > target).alias("__late")


def _unreadable(column: str, file: str, wrong: pl.Series, wanted: str) -> FactError:
    return FactError(
        expected=gettext_noop("The column “{column}” of “{file}” must hold {wanted}."),
        found=gettext_noop("{count} values are not, such as “{value}”."),
        remedy=gettext_noop("Correct them in the source, or name another column in the configuration."),
        column=display(column),
        file=display(file),
        wanted=Phrase(wanted),
        count=len(wrong),
        value=display(str(wrong[0])),
    )
