"""From the file or folder that somebody names to Parquet facts on which link-weeks can be computed.

Facts that have their columns already (as Baton itself writes them) are used where they lie. Everything else is brought
into that form once, file by file, in a folder below that of the results.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import polars as pl
import pyarrow as pa

from baton_analysis.analyse.columns import facts_of
from baton_analysis.analyse.configuration import Configuration
from baton_analysis.analyse.net_times import NetTimes, net_times
from baton_analysis.discover import chain_of_table
from baton_analysis.errors import ReadError, gettext_noop
from baton_analysis.facts.files import fact_columns, schema_of, unreadable
from baton_analysis.facts.mapping import PartyKind
from baton_analysis.measures.link_weeks import SECONDS
from baton_analysis.readers import Limits, Notice, Table, read
from baton_analysis.readers.model import display

TABLES = (".parquet", ".csv", ".csv.gz", ".tsv", ".tsv.gz", ".xlsx")
"""Endings of files that are looked for in a folder; a file that is named itself may be called as it likes."""

PREPARED = "prepared_facts"
"""Folder, in that of the results, of facts that were brought into form."""

Progress = Callable[[float], None]


@dataclass(frozen=True, slots=True)
class PreparedFacts:
    """Where the facts lie, which files they come from, and what has to be said about them."""

    place: Path
    sources: tuple[Path, ...]
    notices: tuple[Notice, ...] = ()
    net_times: NetTimes | None = None
    """Handoffs whose business time was computed, the open ones too; those that can be judged lie in ``place``."""


def prepared_facts(
    path: Path, wanted: Configuration, out: Path, *, engine: str, limits: Limits, progress: Progress | None = None
) -> PreparedFacts:
    """The facts behind ``path``, ready for :func:`baton_analysis.measures.link_weeks.refreshed_link_weeks`.

    Raises
    ------
    BatonError
        There is no table, one cannot be read, or its columns are not those that the configuration names.
    """
    sources = _sources(path)
    place = out / PREPARED
    if wanted.calendar is not None:
        return _from_moments(sources, wanted, place, limits=limits, progress=progress)
    if wanted.facts == "events":
        return _from_events(sources, wanted, place, engine=engine, limits=limits, progress=progress)
    if _stand_ready(sources, wanted):
        return PreparedFacts(path, sources)
    notices: list[Notice] = []
    _emptied(place)
    for number, source in enumerate(sources):
        rows, remarks = _rows_of(source, wanted, limits)
        try:
            facts, more = facts_of(rows, wanted, source.name)
            facts.sink_parquet(place / f"{number:05d}-{source.name.split('.')[0]}.parquet")
        except (pl.exceptions.PolarsError, OSError) as error:
            raise unreadable(source) from error
        notices += [*remarks, *more]
        if progress:
            progress((number + 1) / len(sources))
    return PreparedFacts(place, sources, _counted(notices))


def _sources(path: Path) -> tuple[Path, ...]:
    if not path.is_dir():
        return (path,)
    found = sorted(file for file in path.rglob("*") if file.name.lower().endswith(TABLES) and file.is_file())
    if not found:
        raise ReadError(
            expected=gettext_noop("A folder with tables was expected ({endings})."),
            found=gettext_noop("“{place}” holds none."),
            remedy=gettext_noop("Name the folder in which the facts lie, or one file."),
            endings=", ".join(TABLES),
            place=display(str(path)),
        )
    return tuple(found)


def _stand_ready(sources: tuple[Path, ...], wanted: Configuration) -> bool:
    """Whether all files have the same columns of facts under their own names, and the configuration adds nothing."""
    targets = (wanted.promise.target_seconds, *(link.target_seconds for link in wanted.links.values()))
    if wanted.columns != type(wanted.columns)() or any(target is not None for target in targets):
        return False
    if not all(_is_parquet(source) for source in sources):
        return False
    schemas = [schema_of(source) for source in sources]
    return len({fact_columns(schema) for schema in schemas}) == 1 and _has_facts(schemas[0])


def _has_facts(schema: pa.Schema) -> bool:
    names = set(schema.names)
    needed = {"subject", "week", "returned"} <= names and not names.isdisjoint(SECONDS)
    judged = "late" in names or "target_seconds" not in names
    return needed and judged and pa.types.is_integer(schema.field("week").type)


def _is_parquet(source: Path) -> bool:
    return source.suffix.lower() == ".parquet"


def _rows_of(source: Path, wanted: Configuration, limits: Limits) -> tuple[pl.LazyFrame, tuple[Notice, ...]]:
    if _is_parquet(source):
        schema_of(source)  # a file that is none is told by its name
        return pl.scan_parquet(source, glob=False), ()
    table = read(source, zone=wanted.zone, limits=limits)
    return table.frame.lazy(), table.notices


def _from_moments(
    sources: tuple[Path, ...], wanted: Configuration, place: Path, *, limits: Limits, progress: Progress | None
) -> PreparedFacts:
    found = net_times(sources, wanted, limits=limits, progress=progress)
    _emptied(place)
    # What is open and not due lies in weeks to come: it is no fact of them yet.
    over = found.facts.frame.filter(~(pl.col("open") & pl.col("late").is_null()))
    over.sort("week", maintain_order=True).write_parquet(place / "handoffs.parquet")
    return PreparedFacts(place, sources, _counted(list(found.notices)), found)


def _from_events(
    sources: tuple[Path, ...],
    wanted: Configuration,
    place: Path,
    *,
    engine: str,
    limits: Limits,
    progress: Progress | None,
) -> PreparedFacts:
    names, parties = wanted.columns, wanted.parties
    columns = tuple(dict.fromkeys(name for name in (names.case, names.party, names.at, names.activity) if name))
    tables = [read(source, columns=columns, zone=wanted.zone, limits=limits, progress=progress) for source in sources]
    joined = tables[0]
    if len(tables) > 1:
        frame = pl.concat([table.frame for table in tables], how="vertical_relaxed")
        notices = tuple(notice for table in tables for notice in table.notices)
        joined = Table(frame, tables[0].format, None, None, notices, tables[0].digest)
    kind: PartyKind | None = parties.kind
    chain = chain_of_table(
        joined, case=names.case, party=names.party, time=names.at, activity=names.activity, party_kind=kind,
        allow_persons=parties.allow_persons, missing=parties.missing, zone=wanted.zone, engine=engine,
    )  # fmt: skip
    subject = pl.format("{}>{}", "supplier", "customer").alias("subject")
    facts = chain.handovers_frame.select(
        subject, "at", pl.col("day", "week").cast(pl.Int32), "wait_seconds", "returned"
    )
    _emptied(place)
    facts.sort("week").write_parquet(place / "handovers.parquet")
    return PreparedFacts(place, sources, chain.notices)


def _emptied(place: Path) -> None:
    place.mkdir(parents=True, exist_ok=True)
    for old in place.glob("*.parquet"):
        old.unlink()


def _counted(notices: list[Notice]) -> tuple[Notice, ...]:
    """Each remark once, with its count over all files."""
    counts: dict[tuple[str, str], Notice] = {}
    for notice in notices:
        key = (notice.message, repr(sorted(notice.values.items(), key=str)))
        before = counts[key].count if key in counts else 0
        counts[key] = Notice(notice.message, before + notice.count, notice.values)
    return tuple(counts.values())
