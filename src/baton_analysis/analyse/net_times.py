"""From moments in files to handoffs with their net business time: one row a handoff, or one row an event."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import polars as pl

from baton_analysis.analyse.agreements import fitting
from baton_analysis.analyse.configuration import Columns, Configuration
from baton_analysis.errors import FactError, gettext_noop
from baton_analysis.facts.handoffs import HandoffFacts, Promise, events_of_rows, handoff_facts
from baton_analysis.facts.handoffs.rows import MOMENTS
from baton_analysis.readers import Limits, Notice, read
from baton_analysis.readers.files import NO_VALUE
from baton_analysis.readers.model import display

_TIMES = ("at", *MOMENTS, "due_at")


@dataclass(frozen=True, eq=False, slots=True)
class NetTimes:
    """Handoffs with their net business time, and remarks about the files.

    ``cases`` are the names of the cases, by their numbers in ``facts`` from 1 on; None: the files have numbers.
    """

    facts: HandoffFacts
    cases: pl.Series | None
    notices: tuple[Notice, ...]

    def table(self) -> pl.DataFrame:
        """One row a handoff, with the names of the cases as they stand in the files."""
        if self.cases is None:
            return self.facts.frame
        return self.facts.frame.with_columns(case=self.cases.gather(self.facts.frame["case"] - 1))


def net_times(
    sources: Sequence[Path],
    wanted: Configuration,
    *,
    limits: Limits,
    progress: Callable[[float], None] | None = None,
) -> NetTimes:
    """Handoffs of all files with their net business time.

    Raises
    ------
    ReadError, FactError
        A file cannot be read, a column is absent or holds no times, a value is missing, or a handoff stands twice.
    """
    parts, notices = [], []
    for source in sources:
        part, remarks = _rows(source, wanted, limits, progress)
        parts.append(part)
        notices += remarks
    rows, cases = _numbered(pl.concat(parts, how="vertical_relaxed"))
    if wanted.facts == "handoffs":
        events = events_of_rows(rows)
    else:
        events = rows.with_columns(pl.col("kind").replace(wanted.kinds))
    as_of, assumed = _moment(events, wanted, sources[0])
    promises, unused = _promises(events["subject"].drop_nulls().unique().sort().to_list(), wanted)
    facts = handoff_facts(events, promises, as_of=as_of)
    return NetTimes(facts, cases, (*notices, *assumed, *unused, *facts.notices))


def _moment(events: pl.DataFrame, wanted: Configuration, source: Path) -> tuple[datetime, list[Notice]]:
    """The moment at which open handoffs are judged; a remark where nobody said it."""
    if wanted.as_of is not None:
        return wanted.as_of, []
    newest = events["at"].max()
    if not isinstance(newest, datetime):
        raise FactError(
            expected=gettext_noop("At least one handoff with a time was expected."),
            found=gettext_noop("“{place}” has none."),
            remedy=gettext_noop("Check the filter and the period of the export, and which column holds the time."),
            place=display(str(source)),
        )
    text = gettext_noop("Open handoffs are judged as of {moment}, the newest event. Say otherwise with as_of.")
    moment = newest.astimezone(ZoneInfo(wanted.zone)).isoformat(" ", "minutes")
    return newest, [Notice(text, values={"moment": moment})]


def _rows(
    source: Path, wanted: Configuration, limits: Limits, progress: Callable[[float], None] | None
) -> tuple[pl.DataFrame, list[Notice]]:
    """A file with its columns under our names, and remarks on it."""
    names = wanted.columns
    subject, others = _subject(names), _names(wanted)
    columns = tuple(dict.fromkeys((*subject.meta.root_names(), *others.values())))
    table = read(source, columns=columns, zone=wanted.zone, limits=limits, progress=progress)
    for ours in _TIMES:
        if ours in others:
            _demand_times(table.frame[others[ours]], ours, source)
    rows = table.frame.select(subject.cast(pl.String).alias("subject"), **{o: pl.col(t) for o, t in others.items()})
    texts = [name for name in ("kind", "reason", "priority") if name in others]
    moments = [name for name in _TIMES if name in others]
    typed = rows.with_columns(pl.col(texts).cast(pl.String), pl.col(moments).cast(pl.Datetime("us", "UTC")))
    # Not everything has happened to every handoff: a moment that is not there needs no remark.
    expected = {display(others[name]) for name in others if name != "case"}
    return typed, [one for one in table.notices if one.message != NO_VALUE or one.values["column"] not in expected]


def _subject(names: Columns) -> pl.Expr:
    if names.supplier is None or names.customer is None:
        return pl.col(names.subject)
    return pl.format("{}>{}", pl.col(names.supplier), pl.col(names.customer))


def _names(wanted: Configuration) -> dict[str, str]:
    """The columns besides the subject: our names, and those of the file."""
    names = wanted.columns
    single = ("at", "kind", "reason") if wanted.facts == "handoff_events" else MOMENTS
    given = {name: getattr(names, name) for name in ("case", *single, "priority", "due_at")}
    return {ours: theirs for ours, theirs in given.items() if theirs is not None}


def _demand_times(values: pl.Series, key: str, source: Path) -> None:
    if not isinstance(values.dtype, pl.Datetime) and values.null_count() < len(values):
        raise FactError(
            expected=gettext_noop("The column “{column}” of “{file}” must hold times."),
            found=gettext_noop("It holds others, such as “{value}”."),
            remedy=gettext_noop('Correct them at their source, or name another column under [columns]: {key} = "…".'),
            column=display(values.name),
            file=display(source.name),
            value=display(str(values.drop_nulls()[0])),
            key=key,
        )


def _numbered(rows: pl.DataFrame) -> tuple[pl.DataFrame, pl.Series | None]:
    """The rows with cases as whole numbers, and the names behind the numbers where they were texts."""
    if rows.schema["case"].is_integer():
        return rows, None
    texts = rows["case"].cast(pl.String)
    numbered = rows.with_columns(case=texts.rank("dense").cast(pl.Int64))
    return numbered, texts.drop_nulls().unique().sort()


def _promises(subjects: Sequence[str], wanted: Configuration) -> tuple[dict[str, Promise], list[Notice]]:
    """The promise of each link, and a remark on sections of links that mean none."""
    assert wanted.calendar is not None
    promises: dict[str, Promise] = {}
    for subject in subjects:
        own, usual = wanted.of_link(subject), wanted.promise
        by_priority = usual.by_priority if own.target is None else {}
        target = own.target or usual.target
        promises[subject] = Promise(own.calendar or wanted.calendar, target, by_priority, wanted.clock)
    unused = wanted.links.keys() - {fitting(subject, wanted.links) for subject in subjects}
    text = gettext_noop("No link of the files is meant by [links.“{name}”]: none fits, or another section fits first.")
    return promises, [Notice(text, values={"name": display(name)}) for name in sorted(unused)]
