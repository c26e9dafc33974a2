"""Statistics of every link and week: how many handoffs, how long they took, how many were late, how many came back.

One code in Narwhals over the fact tables ``handoffs`` and ``handovers``; every engine gives the same figures. From
files it is computed a stretch of weeks at a time, so that memory stays bounded; stored, only weeks whose files changed
are computed again.

Definitions
-----------
week
    The ISO week of the fact, by the day number of its Monday (days since 1970-01-01). Facts without one are left out
    and counted.
seconds
    ``net_seconds`` of handoffs (business time from ready to done), or ``wait_seconds`` of handovers from event logs;
    null while a handoff is open or where a time is unknown. ``known`` counts those that are there.
median, p90
    Exact quantiles with linear interpolation between order statistics (type 7 of Hyndman & Fan 1996).
judged, late
    Handoffs of which it is known whether they kept their target, and those that did not. ``late_share`` is late /
    judged with Wilson's 95 % interval; null where nothing was judged.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import narwhals as nw
import polars as pl

from baton_analysis.arguments import checked
from baton_analysis.engines import DEFAULT_ENGINE, Engine, engine_named
from baton_analysis.errors import FactError, gettext_noop
from baton_analysis.facts.files import FactFile, damage_told, fact_files, marks_of, spans_of_weeks, touched_weeks
from baton_analysis.measures.proportions import wilson_interval
from baton_analysis.readers.model import Notice
from baton_analysis.results import Result

METHOD = "link_weeks"
VERSION = "1"

SECONDS = ("net_seconds", "wait_seconds")
"""Columns that hold how long a handoff took; the first that is there counts."""

SCHEMA: dict[str, Any] = {
    "subject": pl.String,
    "week": pl.Int32,
    "handoffs": pl.Int64,
    "judged": pl.Int64,
    "late": pl.Int64,
    "late_share": pl.Float64,
    "late_low": pl.Float64,
    "late_high": pl.Float64,
    "known": pl.Int64,
    "median_seconds": pl.Float64,
    "p90_seconds": pl.Float64,
    "mean_seconds": pl.Float64,
    "returns": pl.Int64,
}
"""Columns of the result."""

_COUNTS = ("handoffs", "judged", "late", "known", "returns")
_MARKS = "baton.link_weeks.files"
_MADE_BY = "baton.link_weeks.version"


@dataclass(frozen=True, eq=False)
class LinkWeeks(Result):
    """The weeks of all links.

    Attributes
    ----------
    frame
        One row a subject and week that has facts, by subject and week: the columns of ``SCHEMA``.
    n
        Facts that were counted.
    computed_weeks
        How many weeks were computed for this result; the others were taken from what was stored.
    """

    frame: pl.DataFrame
    n: int
    engine: str
    warnings: tuple[Notice, ...] = ()
    computed_weeks: int = 0
    method: str = METHOD
    version: str = VERSION

    def to_table(self) -> pl.DataFrame:
        """The frame, with ``week`` as the date of the Monday."""
        return self.frame.with_columns(pl.col("week").cast(pl.Date))

    def to_dict(self) -> dict[str, Any]:
        """As plain values for JSON; weeks as ISO dates."""
        return {
            "method": self.method,
            "version": self.version,
            "engine": self.engine,
            "n": self.n,
            "warnings": [warning.render() for warning in self.warnings],
            "weeks": self.to_table().with_columns(pl.col("week").dt.to_string("iso")).to_dicts(),
        }


@checked(FactError)
def link_weeks(facts: nw.LazyFrame[Any], *, engine: str = DEFAULT_ENGINE) -> LinkWeeks:
    """The statistics of a table of facts that stands ready on an engine; computed in one go.

    Parameters
    ----------
    facts
        ``subject`` (text), ``week`` (day number of the Monday), ``net_seconds`` or ``wait_seconds``, ``returned``, and
        where it is known ``late`` (null: not judged).
    engine
        Name of the engine on which the frame stands.

    Raises
    ------
    FactError
        A column is absent.
    """
    chosen = engine_named(engine)
    rows = chosen.collect(_by_subject_and_week(facts))
    undated = int(rows.filter(pl.col("week").is_null())["handoffs"].sum())
    return _result(_finished([rows]), chosen, undated)


@checked(FactError)
def link_weeks_of_files(place: Path, *, engine: str = DEFAULT_ENGINE) -> LinkWeeks:
    """The statistics of the facts in a Parquet file, or in all Parquet files of a folder, whatever their size.

    Raises
    ------
    ReadError, FactError
        There are no files, one is damaged, or a column is absent.
    """
    chosen = engine_named(engine)
    files = fact_files(place)
    spans = spans_of_weeks(files, chosen.rows_at_once)
    frame = _finished([_of_span(chosen, files, span) for span in spans])
    return _result(frame, chosen, _undated(files, frame))


@checked(FactError)
def refreshed_link_weeks(place: Path, store: Path, *, engine: str = DEFAULT_ENGINE) -> LinkWeeks:
    """As :func:`link_weeks_of_files`, but of files that have not changed since the last time nothing is read again.

    Parameters
    ----------
    place
        Parquet file or folder of the facts.
    store
        Parquet file in which the result is kept; it is replaced when it is complete. One that another version or a
        crash left is made anew.

    Raises
    ------
    ReadError, FactError
        As for :func:`link_weeks_of_files`.
    """
    chosen = engine_named(engine)
    files = fact_files(place)
    kept = _stored(store)
    spans = touched_weeks(files, place, kept[1]) if kept else spans_of_weeks(files, chosen.rows_at_once)
    if kept and not spans:
        return _result(kept[0], chosen, _undated(files, kept[0]))
    parts = [_of_span(chosen, files, part) for span in spans for part in _cut(files, span, chosen.rows_at_once)]
    fresh = _finished(parts)
    frame = fresh if kept is None else _replaced(kept[0], fresh, spans)
    _store(frame, store, marks_of(files, place))
    return _result(frame, chosen, _undated(files, frame), sum((last - first) // 7 + 1 for first, last in spans))


def _of_span(engine: Engine, files: Sequence[FactFile], span: tuple[int, int]) -> pl.DataFrame:
    first, last = span
    read = [file.path for file in files if file.holds(first, last)]
    if not read:
        return pl.DataFrame(schema={name: SCHEMA[name] for name in ("subject", "week", *_COUNTS)})
    facts = engine.scan(read)
    within = (nw.col("week") >= first) & (nw.col("week") <= last)
    with damage_told(read):
        return engine.collect(_by_subject_and_week(facts.filter(within)))


def _by_subject_and_week(facts: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    names = facts.collect_schema().names()
    seconds = next((name for name in SECONDS if name in names), None)
    absent = [name for name in ("subject", "week", "returned") if name not in names]
    if absent or seconds is None:
        raise FactError(
            expected=gettext_noop("Facts need the columns subject, week, returned, and net_seconds or wait_seconds."),
            found=gettext_noop("Absent: {absent}. There are {columns}."),
            remedy=gettext_noop("Make facts of the records first, or say with --config which columns are what."),
            absent=", ".join([*absent, *([] if seconds else [" / ".join(SECONDS)])]),
            columns=", ".join(names[:30]),
        )
    late = nw.col("late") if "late" in names else nw.lit(None, nw.Boolean())
    rows = facts.select(
        "subject",
        "week",
        seconds=nw.col(seconds).cast(nw.Float64()),
        late=late.cast(nw.Int64()),
        returned=nw.col("returned").cast(nw.Int64()),
    )
    return rows.group_by("subject", "week").agg(
        handoffs=nw.len(),
        judged=nw.col("late").count(),
        late=nw.col("late").sum(),
        known=nw.col("seconds").count(),
        median_seconds=nw.col("seconds").quantile(0.5, interpolation="linear"),
        p90_seconds=nw.col("seconds").quantile(0.9, interpolation="linear"),
        mean_seconds=nw.col("seconds").mean(),
        returns=nw.col("returned").sum(),
    )


def _finished(parts: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """The parts as one frame of ``SCHEMA``, in order, with shares and intervals; undated rows are left out."""
    dated = [part.filter(pl.col("week").is_not_null()) for part in parts]
    if not any(part.height for part in dated):
        return pl.DataFrame(schema=SCHEMA)
    columns = [pl.col(name).fill_null(0).cast(pl.Int64) for name in _COUNTS]
    rows = pl.concat([part.with_columns(pl.col("week").cast(pl.Int32), *columns) for part in dated], how="diagonal")
    rows = _in_order(rows)
    low, high = wilson_interval(rows["late"].to_numpy(), rows["judged"].to_numpy())
    share = pl.when(pl.col("judged") > 0).then(pl.col("late") / pl.col("judged"))
    return rows.with_columns(
        late_share=share,
        late_low=pl.Series(low).fill_nan(None),
        late_high=pl.Series(high).fill_nan(None),
    ).select(pl.col(name).cast(kind) for name, kind in SCHEMA.items())


def _in_order(rows: pl.DataFrame) -> pl.DataFrame:
    """By subject and week; one whole number a row is sorted in a third of the time of text and number."""
    place = rows["subject"].cast(pl.Enum(rows["subject"].unique().sort())).to_physical().cast(pl.Int64)
    return rows.with_columns(order=place * 2**32 + rows["week"]).sort("order").drop("order")


def _undated(files: Sequence[FactFile], frame: pl.DataFrame) -> int:
    return sum(file.rows for file in files) - int(frame["handoffs"].sum())


def _result(frame: pl.DataFrame, engine: Engine, undated: int, computed: int | None = None) -> LinkWeeks:
    warnings = []
    if undated:
        warnings.append(Notice(gettext_noop("{count} facts have no time and belong to no week."), undated))
    weeks = 0 if computed is None else computed
    return LinkWeeks(frame, int(frame["handoffs"].sum()), engine.name, tuple(warnings), weeks)


def _cut(files: Sequence[FactFile], span: tuple[int, int], rows: int | None) -> tuple[tuple[int, int], ...]:
    """A stretch of weeks, in pieces where it holds more rows than are grouped at once."""
    touched = [file for file in files if file.holds(*span)]
    first, last = span
    pieces = ((max(low, first), min(high, last)) for low, high in spans_of_weeks(touched, rows))
    return tuple(piece for piece in pieces if piece[0] <= piece[1])


def _replaced(kept: pl.DataFrame, fresh: pl.DataFrame, spans: Sequence[tuple[int, int]]) -> pl.DataFrame:
    """What was kept, with the weeks of the stretches replaced by what was computed now."""
    stale = pl.any_horizontal(pl.col("week").is_between(first, last) for first, last in spans)
    return _in_order(pl.concat([kept.filter(~stale), fresh]))


def _stored(store: Path) -> tuple[pl.DataFrame, str] | None:
    """The result as it was kept, and from which files; None where there is none that can be used."""
    try:
        told = pl.read_parquet_metadata(store)
        frame = pl.read_parquet(store, glob=False)
    except (OSError, pl.exceptions.PolarsError):
        return None
    usable = told.get(_MADE_BY) == VERSION and _MARKS in told and dict(frame.schema) == SCHEMA
    return (frame, told[_MARKS]) if usable else None


def _store(frame: pl.DataFrame, store: Path, marks: str) -> None:
    store.parent.mkdir(parents=True, exist_ok=True)
    draft = store.with_name(f".{store.name}-{secrets.token_hex(6)}.draft")
    frame.write_parquet(draft, metadata={_MADE_BY: VERSION, _MARKS: marks})
    with draft.open("rb") as written:
        os.fsync(written.fileno())
    draft.replace(store)
