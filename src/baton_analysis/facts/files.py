"""Facts that lie in Parquet files: which weeks each file holds, told by its footer, so that no more is read than asked.

A file's content is not looked at: the writer of a Parquet file notes the smallest and the largest value of each column.
Facts are usually one file a month, but any cut will do; a week may lie in several files.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from baton_analysis.errors import BatonError, FactError, ReadError, gettext_noop
from baton_analysis.readers.model import display, display_path

WEEK_DAYS = 7

USED = frozenset({"subject", "week", "net_seconds", "wait_seconds", "late", "returned"})
"""Columns of facts that must be alike in all files."""


@dataclass(frozen=True, slots=True)
class FactFile:
    """One file: its rows, and the Mondays (days since 1970-01-01) of its first and last week; None where all are null.

    ``mark`` changes when the file is written anew: its size and its time of change. ``columns`` are those columns of
    facts that it has, with the kind of each.
    """

    path: Path
    rows: int
    first_week: int | None
    last_week: int | None
    mark: str
    columns: frozenset[tuple[str, str]] = frozenset()

    def holds(self, first: int, last: int) -> bool:
        """Whether it may hold facts of the weeks from ``first`` to ``last``."""
        return (
            self.first_week is not None
            and self.last_week is not None
            and self.first_week <= last
            and self.last_week >= first
        )


def fact_files(place: Path) -> tuple[FactFile, ...]:
    """The Parquet files of a folder and the folders in it, or one file, by path.

    Raises
    ------
    ReadError
        There is no Parquet file, or one is damaged.
    FactError
        A file has no column ``week`` of whole numbers, or other columns of facts than the files beside it.
    """
    paths = sorted(place.rglob("*.parquet")) if place.is_dir() else [place]
    if not paths:
        raise ReadError(
            expected=gettext_noop("A folder with Parquet files was expected."),
            found=gettext_noop("“{place}” holds none."),
            remedy=gettext_noop("Name the folder in which the facts lie, or one file."),
            place=display_path(place),
        )
    files = tuple(_fact_file(path) for path in paths)
    other = next((file for file in files if file.columns != files[0].columns), None)
    if other is not None:
        raise FactError(
            expected=gettext_noop("All files of facts must have the same columns; “{first}” has {columns}."),
            found=gettext_noop("“{other}” has {others}."),
            remedy=gettext_noop("Write them again in one form, or take one of them out of the folder."),
            first=display_path(files[0].path),
            columns=_listed(files[0].columns - other.columns),
            other=display_path(other.path),
            others=_listed(other.columns - files[0].columns),
        )
    return files


def _listed(columns: frozenset[tuple[str, str]]) -> str:
    return ", ".join(f"{name} ({kind})" for name, kind in sorted(columns)) or "—"


def schema_of(path: Path) -> pa.Schema:
    """The columns of a Parquet file. Raises ReadError where it is none."""
    return _footer(path).schema.to_arrow_schema()


def fact_columns(schema: pa.Schema) -> frozenset[tuple[str, str]]:
    """The columns of facts among them, each with its kind; how texts are stored makes no difference to engines."""
    return frozenset((name, _kind(schema.field(name).type)) for name in schema.names if name in USED)


def _kind(type: pa.DataType) -> str:
    if pa.types.is_dictionary(type):
        type = type.value_type
    return "text" if pa.types.is_string(type) or pa.types.is_large_string(type) else str(type)


def _footer(path: Path) -> pq.FileMetaData:
    try:
        return pq.read_metadata(path)
    except (pa.ArrowException, OSError, ValueError) as error:
        raise unreadable(path) from error


def unreadable(path: Path) -> ReadError:
    """What is said of a file that claims to be Parquet."""
    return ReadError(
        expected=gettext_noop("A complete Parquet file was expected."),
        found=gettext_noop("“{file}” cannot be read as one."),
        remedy=gettext_noop("Write the file again, or take it out of the folder."),
        file=display_path(path),
    )


@contextmanager
def damage_told(paths: Iterable[Path]) -> Iterator[None]:
    """Where an engine fails on files, look whether one of them is damaged, and say that instead of the engine's words.

    A footer may be whole while what it describes is not. To tell, a file is read to its end, which is done only after
    something has failed; where all files are sound the engine's error stands.

    Raises
    ------
    ReadError
        One of the files is damaged; it is named.
    """
    try:
        yield
    except BatonError:
        raise
    except (Exception, pl.exceptions.PanicException) as error:
        for path in paths:
            if not _is_whole(path):
                raise unreadable(path) from error
        raise


def _is_whole(path: Path) -> bool:
    try:
        with pq.ParquetFile(path) as file:
            for batch in file.iter_batches():
                batch.validate(full=True)
    except (OSError, pa.ArrowException):
        return False
    return True


def _fact_file(path: Path) -> FactFile:
    footer = _footer(path)
    schema = footer.schema.to_arrow_schema()
    if "week" not in schema.names or not pa.types.is_integer(schema.field("week").type):
        raise FactError(
            expected=gettext_noop("Facts must have a column “week”: the day number of the week's Monday."),
            found=gettext_noop("“{file}” has none; it has {columns}."),
            remedy=gettext_noop("Make facts of the records first, or say with --config which columns are what."),
            file=display_path(path),
            columns=display(", ".join(schema.names), 300),
        )
    first, last = _span(path, footer, schema.names.index("week"))
    state = path.stat()
    mark = f"{state.st_size}:{state.st_mtime_ns}"
    return FactFile(path, footer.num_rows, first, last, mark, fact_columns(schema))


def _span(path: Path, footer: pq.FileMetaData, column: int) -> tuple[int | None, int | None]:
    lows, highs = [], []
    for group in range(footer.num_row_groups):
        told = footer.row_group(group).column(column).statistics
        if told is None or not told.has_min_max:
            if told is not None and told.null_count == footer.row_group(group).num_rows:
                continue
            week = pl.scan_parquet(path, glob=False).select(low=pl.col("week").min(), high=pl.col("week").max())
            low, high = week.collect().row(0)
            return low, high
        lows.append(int(told.min))
        highs.append(int(told.max))
    return (min(lows), max(highs)) if lows else (None, None)


def spans_of_weeks(files: Sequence[FactFile], rows: int | None) -> tuple[tuple[int, int], ...]:
    """The weeks of the files in stretches (Mondays of the first and last week) of about so many rows each.

    ``rows`` None: one stretch. A file's rows are taken to be spread evenly over its weeks.
    """
    dated = [(file.first_week, file.last_week, file.rows) for file in files if file.first_week is not None]
    if not dated:
        return ()
    begin = min(first for first, _, _ in dated if first is not None)
    end = max(last for _, last, _ in dated if last is not None)
    if rows is None or sum(count for _, _, count in dated) <= rows:
        return ((begin, end),)
    number = (_rows_by_week(dated, begin, end).cumsum() - 1) // rows
    starts = np.flatnonzero(np.diff(number, prepend=-1))
    stops = np.append(starts[1:], len(number)) - 1
    return tuple(
        (begin + WEEK_DAYS * int(start), begin + WEEK_DAYS * int(stop))
        for start, stop in zip(starts, stops, strict=True)
    )


def _rows_by_week(dated: Sequence[tuple[int | None, int | None, int]], begin: int, end: int) -> npt.NDArray[np.float64]:
    expected = np.zeros((end - begin) // WEEK_DAYS + 1)
    for first, last, count in dated:
        assert first is not None
        assert last is not None
        here = slice((first - begin) // WEEK_DAYS, (last - begin) // WEEK_DAYS + 1)
        expected[here] += count / (here.stop - here.start)
    return expected


def marks_of(files: Sequence[FactFile], place: Path) -> str:
    """What was read, as text to be stored beside a result: each file's path within ``place``, mark, rows and weeks."""
    return json.dumps(
        {
            _name(file.path, place): [file.mark, file.rows, file.first_week, file.last_week]
            for file in sorted(files, key=lambda file: file.path)
        }
    )


def touched_weeks(files: Sequence[FactFile], place: Path, marks: str) -> tuple[tuple[int, int], ...]:
    """Stretches of weeks that may differ since :func:`marks_of`: of files that are new, gone, or written anew."""
    before: dict[str, list[str | int | None]] = json.loads(marks)
    now = {_name(file.path, place): [file.mark, file.rows, file.first_week, file.last_week] for file in files}
    differing = [
        stretch
        for name in before.keys() | now.keys()
        if before.get(name) != now.get(name)
        for stretch in (before.get(name), now.get(name))
        if stretch is not None
    ]
    found = sorted((first, last) for _, _, first, last in differing if isinstance(first, int) and isinstance(last, int))
    return _joined(found)


def _name(path: Path, place: Path) -> str:
    return path.relative_to(place).as_posix() if path != place else path.name


def _joined(stretches: Sequence[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """Stretches that overlap or follow each other as one."""
    joined: list[tuple[int, int]] = []
    for first, last in stretches:
        if joined and first <= joined[-1][1] + WEEK_DAYS:
            joined[-1] = (joined[-1][0], max(last, joined[-1][1]))
        else:
            joined.append((first, last))
    return tuple(joined)
