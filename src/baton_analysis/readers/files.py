"""The two doors of the readers: a preview of a file, and the whole of it as a table."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import chain
from pathlib import Path

import polars as pl

from baton_analysis.arguments import checked
from baton_analysis.errors import ReadError, gettext_noop
from baton_analysis.readers.columnar import ParquetTable
from baton_analysis.readers.model import Limits, Notice, Preview, RowProblem, RowsError, Table, display
from baton_analysis.readers.ocel import ObjectLog, load_ocel
from baton_analysis.readers.proposals import SAMPLE_ROWS, described, first_rows, kind_of, proposed
from baton_analysis.readers.streams import Source, detect_format
from baton_analysis.readers.tabular import check_columns, read_table, sample_table
from baton_analysis.readers.times import check_zone, localise, parse_times
from baton_analysis.readers.workbooks import SheetTable, placed, refuse_ole, sheet_frame
from baton_analysis.readers.xes import LogTarget, log_notices, order_notices, parse_log, typed

_HEAD_BYTES = 1024 * 1024
_DEFAULT_LIMITS = Limits()

NO_VALUE = gettext_noop("{count} events have no value in “{column}”.")
"""Remark on a column that was named."""


@checked(ReadError)
def preview(
    path: Path,
    *,
    limits: Limits = _DEFAULT_LIMITS,
    encoding: str | None = None,
    delimiter: str | None = None,
    sheet: str | None = None,
    header_row: int | None = None,
) -> Preview:
    """Look at the beginning of an event log or table: its type, columns, first rows, and what they may mean.

    Parameters
    ----------
    path
        An XES, OCEL 2.0, CSV, Excel (.xlsx) or Parquet file; texts also packed as .gz. The type is told by the
        content.
    limits
        Bounds of the file.
    encoding, delimiter
        Of a CSV, if they are known; otherwise found.
    sheet, header_row
        Of a workbook, if they are known; otherwise the first sheet that is not hidden, and its header as found.

    Raises
    ------
    ReadError
        The beginning cannot be read. What stands further behind is only seen by :func:`read`.
    """
    source, kind, chunks = opened_source(path, limits, None)
    if kind == "csv":
        table = sample_table(chunks, limits, encoding, delimiter, SAMPLE_ROWS)
        found = (table.encoding, table.delimiter)
        return _preview(kind, table.frame, table.notices, complete=table.complete, found=found)
    if kind == "parquet":
        parquet = _parquet(source, limits)
        frame = parquet.read(None, head=SAMPLE_ROWS)
        return _preview(kind, frame, tuple(parquet.notices), complete=frame.height == parquet.rows)
    if kind == "xlsx":
        with SheetTable(source.path, limits, sheet=sheet, header_row=header_row) as opened:
            seen = sheet_frame(opened, head=SAMPLE_ROWS)
            found_in = (tuple(s.name for s in opened.sheets), opened.sheet, opened.header_row)
        return _preview(kind, seen.frame, seen.notices, complete=seen.complete, found_in=found_in)
    if kind == "ocel":
        return _preview_objects(load_ocel(chunks, limits))
    target = LogTarget(limits, sample=SAMPLE_ROWS)
    complete = parse_log(chunks, target)
    texts = _events(target)
    frame, notices = typed(texts, target, "UTC")
    remarks = (*log_notices(frame, target), *notices, *order_notices(frame, target.traces))
    return _preview(kind, frame, remarks, complete=complete)


@checked(ReadError)
def read(
    path: Path,
    *,
    columns: Sequence[str] | None = None,
    zone: str = "UTC",
    limits: Limits = _DEFAULT_LIMITS,
    encoding: str | None = None,
    delimiter: str | None = None,
    sheet: str | None = None,
    header_row: int | None = None,
    progress: Callable[[float], None] | None = None,
) -> Table:
    """Read an event log or table whole: all of it, or an error and nothing.

    Parameters
    ----------
    path, limits, encoding, delimiter, sheet, header_row
        As in :func:`preview`.
    columns
        The columns to keep; None keeps all. In XES ``case:<name>`` is an attribute of the trace. An object-centric log
        has a column for each type of its objects; where the first of ``columns`` is one, it is the case, and the table
        has one row for each event of each such object. A column of a CSV
        or sheet that looks like time is read as time; a value in it that is no time is an error when the column was
        named, and leaves the column as text, with a notice, when it was not.
    zone
        IANA name of the zone in which times without zone were written.
    progress
        Called with the share of the file that has been read, from 0 to 1.

    Raises
    ------
    RowsError
        Values that cannot be read, with row and column.
    ReadError
        The file cannot be read, is larger than its bounds, or lacks a column.
    """
    check_zone(zone)
    source, kind, chunks = opened_source(path, limits, progress)
    if kind == "csv":
        table = read_table(chunks, limits, encoding, delimiter, columns)
        frame, notices = _with_times(table.frame, zone, named=columns is not None, first_row=2)
        remarks = (*table.notices, *notices, *_missing(frame, columns))
        return Table(_ordered(frame, columns), kind, table.encoding, table.delimiter, remarks, source.digest)
    if kind == "parquet":
        parquet = _parquet(source, limits)
        check_columns(parquet.names, columns)
        frame = parquet.read(columns, progress=progress)
        frame, notices = _with_times(frame, zone, named=columns is not None, first_row=1)
        remarks = (*parquet.notices, *notices, *_missing(frame, columns))
        return Table(_ordered(frame, columns), kind, None, None, remarks, source.digest)
    if kind == "xlsx":
        for _ in chunks:  # for the digest: a workbook is read from its end
            pass
        with SheetTable(source.path, limits, sheet=sheet, header_row=header_row) as opened:
            return _read_sheet(opened, source, columns, zone, progress)
    if kind == "ocel":
        objects, remarks_on = load_ocel(chunks, limits).table(columns)
        check_columns(objects.columns, columns)
        frame, notices = _with_times(objects, zone, named=columns is not None, first_row=1)
        remarks = (*remarks_on, *notices, *_missing(frame, columns))
        return Table(_ordered(frame, columns), kind, None, None, remarks, source.digest)
    target = LogTarget(limits, wanted=None if columns is None else frozenset(columns))
    parse_log(chunks, target)
    texts = _events(target, columns)
    frame, notices = typed(texts, target, zone)
    structure = (*log_notices(frame, target), *order_notices(frame, target.traces))
    remarks = (*structure, *notices, *_missing(frame, columns))
    return Table(_ordered(frame, columns), kind, None, None, remarks, source.digest)


def _read_sheet(
    opened: SheetTable,
    source: Source,
    columns: Sequence[str] | None,
    zone: str,
    progress: Callable[[float], None] | None,
) -> Table:
    check_columns(opened.header, columns)
    seen = sheet_frame(opened, columns, progress=progress)
    try:
        frame, notices = _with_times(seen.frame, zone, named=columns is not None, first_row=0)
    except RowsError as error:
        raise placed(error, opened, seen.numbers, 0) from error
    remarks = (*seen.notices, *notices, *_missing(frame, columns))
    return Table(_ordered(frame, columns), "xlsx", None, None, remarks, source.digest)


def _preview_objects(log: ObjectLog) -> Preview:
    """The events of an object-centric log as a table; the case is a type of objects."""
    frame, notices = log.table()
    seen = _preview("ocel", frame.head(SAMPLE_ROWS), tuple(notices), complete=frame.height <= SAMPLE_ROWS)
    types = log.object_types
    if not types or seen.proposal.case in types:
        return seen
    used = {name: frame[name].count() for name in types if name != seen.proposal.party}
    case = max(used, key=lambda name: used[name], default=None)
    return replace(seen, proposal=replace(seen.proposal, case=case))


def opened_source(
    path: Path, limits: Limits, progress: Callable[[float], None] | None
) -> tuple[Source, str, Iterator[bytes]]:
    """The source, its type, and its unpacked bytes: the first piece long enough to judge an encoding by."""
    source = Source(Path(path), limits, progress)
    chunks = source.chunks()
    head = bytearray()
    while len(head) < _HEAD_BYTES and (chunk := next(chunks, None)) is not None:
        head += chunk
    refuse_ole(source.path)
    return source, detect_format(bytes(head)), chain([bytes(head)], chunks)


def _parquet(source: Source, limits: Limits) -> ParquetTable:
    for _ in source.chunks():  # for the digest: Parquet itself is read from its end
        pass
    return ParquetTable(source.path, limits)


def _events(target: LogTarget, columns: Sequence[str] | None = None) -> pl.DataFrame:
    frame = target.frame()
    if not target.events:
        raise ReadError(
            expected=gettext_noop("At least one event was expected."),
            found=gettext_noop("The log has {traces} cases and no event."),
            remedy=gettext_noop("Check the filter and the period of the export."),
            traces=target.traces,
        )
    if columns is None and not frame.width:
        raise ReadError(
            expected=gettext_noop("Events with attributes were expected."),
            found=gettext_noop("The {events} events of the log have none."),
            remedy=gettext_noop("Export the log again, with its attributes."),
            events=target.events,
        )
    check_columns(frame.columns, columns)
    return frame


def _with_times(frame: pl.DataFrame, zone: str, *, named: bool, first_row: int) -> tuple[pl.DataFrame, list[Notice]]:
    """Bring every column that is or looks like time to UTC; raise or remark on values that are no times."""
    columns: list[pl.Series] = []
    notices: list[Notice] = []
    problems: list[RowProblem] = []
    count = 0
    for series in frame.iter_columns():
        if series.dtype.is_temporal():
            columns.append(_stored_time(series, zone, notices))
            continue
        if series.dtype != pl.String or kind_of(_spread(series), series.name) != "time":
            columns.append(series)
            continue
        times = parse_times(series, zone=zone, first_row=first_row)
        if times.problem_count and not named:
            text = gettext_noop("“{column}” looks like time, but {count} values are none; it is kept as text.")
            notices.append(Notice(text, times.problem_count, {"column": display(series.name)}))
            columns.append(series)
            continue
        problems += times.problems
        count += times.problem_count
        notices += times.notices
        columns.append(times.series)
    if problems:
        raise RowsError(problems, count)
    return pl.DataFrame(columns), notices


def _spread(series: pl.Series) -> list[str | None]:
    """Values from all over a column, because the first rows are not always like the others."""
    given = series.rename("values").drop_nulls()  # Polars would take a name such as “^a$” for a pattern of names
    return given.gather_every(max(1, given.len() // 1_000)).to_list()


def _stored_time(series: pl.Series, zone: str, notices: list[Notice]) -> pl.Series:
    stamps = series.cast(pl.Datetime("us")) if series.dtype == pl.Date else series
    if getattr(stamps.dtype, "time_zone", None):
        return stamps.dt.convert_time_zone("UTC").cast(pl.Datetime("us", "UTC"))
    values = {"column": display(series.name), "zone": zone}
    text = gettext_noop("{count} times in “{column}” have no zone; they are taken as local time of {zone}.")
    notices.append(Notice(text, stamps.count(), values))
    local = localise(stamps, zone)
    if gaps := local.null_count() - stamps.null_count():
        text = gettext_noop(
            "{count} times in “{column}” do not exist in {zone} (clocks put forward); taken as missing."
        )
        notices.append(Notice(text, gaps, values))
    return local


def _missing(frame: pl.DataFrame, columns: Sequence[str] | None) -> Iterator[Notice]:
    for name in columns or ():
        if count := frame[name].null_count():
            yield Notice(NO_VALUE, count, {"column": display(name)})


def _ordered(frame: pl.DataFrame, columns: Sequence[str] | None) -> pl.DataFrame:
    return frame if columns is None else frame.select(list(dict.fromkeys(columns)))


def _preview(
    kind: str,
    frame: pl.DataFrame,
    notices: tuple[Notice, ...],
    *,
    complete: bool,
    found: tuple[str | None, str | None] = (None, None),
    found_in: tuple[tuple[str, ...], str, int] = ((), "", 1),
) -> Preview:
    columns = described(frame)
    return Preview(
        format=kind,
        encoding=found[0],
        delimiter=found[1],
        columns=columns,
        rows=first_rows(frame),
        rows_sampled=frame.height,
        complete=complete,
        proposal=proposed(columns),
        notices=notices,
        sheets=found_in[0],
        sheet=found_in[1],
        header_row=found_in[2],
    )
