"""Parquet: typed columns, within bounds that are checked before anything is decoded."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from baton_analysis.errors import ReadError, gettext_noop
from baton_analysis.readers.bounds import too_long, too_many_cells, too_many_events
from baton_analysis.readers.delimited import checked_header
from baton_analysis.readers.model import MIB, Limits, Notice, display

_BATCH = 16_384
_STRING_BYTES = 64 * MIB  # of the footer's own strings: schemas written by tools stay far below


class ParquetTable:
    """An opened Parquet file; ``names`` are its columns after normalising, in the file's order."""

    def __init__(self, path: Path, limits: Limits) -> None:
        self.limits = limits
        try:
            self._file = _opened(path)
        except (pa.ArrowException, OSError, ValueError) as error:
            raise _damaged() from error
        self.rows: int = self._file.metadata.num_rows
        self._check_bounds()
        schema = self._file.schema_arrow
        for name in schema.names:
            if "\x00" in name:
                raise _nul(name)
        self.names, self.notices = checked_header(schema.names, limits)
        self._readable = {n: _readable(schema.field(i).type) for i, n in enumerate(self.names)}
        if nested := [n for n, ok in self._readable.items() if not ok]:
            text = gettext_noop("{count} columns hold lists or records and are left out: {columns}.")
            self.notices.append(Notice(text, len(nested), {"columns": display(", ".join(nested))}))

    def read(
        self, columns: Sequence[str] | None, *, head: int | None = None, progress: Callable[[float], None] | None = None
    ) -> pl.DataFrame:
        """The first ``head`` rows, or all of them; text as String, numbers and times as they are stored."""
        wanted = [n for n in self.names if self._readable[n] and (columns is None or n in columns)]
        if columns is not None and (unreadable := [n for n in columns if not self._readable.get(n, True)]):
            raise ReadError(
                expected=gettext_noop("Columns of text, numbers or times were expected."),
                found=gettext_noop("“{column}” holds lists or records."),
                remedy=gettext_noop("Choose another column, or export this one as text."),
                column=display(unreadable[0]),
            )
        if min(head or self.rows, self.rows) * len(wanted) > self.limits.cells:
            raise too_many_cells(self.limits.cells)
        frames: list[pl.DataFrame] = []
        done = 0
        for frame in self._batches(wanted):
            frames.append(frame)
            done += frame.height
            if progress and self.rows:
                progress(min(1.0, done / self.rows))
            if head is not None and done >= head:
                break
        if not frames:
            raise ReadError(
                expected=gettext_noop("At least one row was expected."),
                found=gettext_noop("The table has columns but no rows."),
                remedy=gettext_noop("Check the filter and the period of the export."),
            )
        frame = pl.concat(frames)
        return frame.head(head) if head is not None else frame

    def _batches(self, wanted: Sequence[str]) -> Iterator[pl.DataFrame]:
        stored = dict(zip(self.names, self._file.schema_arrow.names, strict=True))
        size = 0
        try:
            for batch in self._file.iter_batches(batch_size=_BATCH, columns=[stored[n] for n in wanted]):
                batch.validate(full=True)  # Parquet promises that text is UTF-8; only this looks
                columns = [batch.column(stored[n]) for n in wanted]
                size += sum(self._decoded_bytes(c, n) for c, n in zip(columns, wanted, strict=True))
                if size > self.limits.unpacked:
                    raise _too_large(self.limits)
                yield pl.DataFrame([_series(c, n) for c, n in zip(columns, wanted, strict=True)])
        except (pa.ArrowException, OSError, ValueError) as error:
            raise _damaged() from error

    def _decoded_bytes(self, column: Any, name: str) -> int:
        """Bytes that a column has once decoded; a text may be one long value that is repeated at no cost."""
        if not pa.types.is_dictionary(column.type) or not len(column.dictionary):
            return int(column.nbytes)
        if pc.any(pc.match_substring(column.dictionary, "\x00")).as_py():
            raise _nul(name)
        lengths = pc.binary_length(column.dictionary)
        if (pc.max(lengths).as_py() or 0) > 4 * self.limits.field_chars:
            raise too_long(name, self.limits.field_chars)
        return int(pc.sum(lengths.take(column.indices)).as_py() or 0)

    def _check_bounds(self) -> None:
        metadata = self._file.metadata
        if self.rows > self.limits.events:
            raise too_many_events(self.limits.events)
        groups = (metadata.row_group(i) for i in range(metadata.num_row_groups))
        if sum(group.total_byte_size for group in groups) > self.limits.unpacked:
            raise _too_large(self.limits)


def _opened(path: Path) -> Any:
    """The file with its text columns as dictionaries, so that their decoded size is known before they are decoded."""
    bounds = {"thrift_string_size_limit": _STRING_BYTES, "thrift_container_size_limit": 1_000_000}
    schema = pq.ParquetFile(path, **bounds).schema_arrow
    texts = [name for name in schema.names if _is_text(schema.field(schema.get_field_index(name)).type)]
    return pq.ParquetFile(path, read_dictionary=texts, **bounds)


def _is_text(kind: Any) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_dictionary(kind))


def _readable(kind: Any) -> bool:
    if pa.types.is_dictionary(kind):
        kind = kind.value_type
    tests = (pa.types.is_boolean, pa.types.is_integer, pa.types.is_floating, pa.types.is_decimal, pa.types.is_null)
    stamps = (pa.types.is_timestamp, pa.types.is_date)
    return _is_text(kind) or any(test(kind) for test in tests + stamps)


def _series(column: Any, name: str) -> pl.Series:
    series = pl.Series(name, column)
    if series.dtype in (pl.Categorical, pl.Null) or isinstance(series.dtype, pl.Enum):
        return series.cast(pl.String)
    if series.dtype.is_decimal():
        return series.cast(pl.Float64)
    return series


def _nul(column: str) -> ReadError:
    return ReadError(
        expected=gettext_noop("Text was expected."),
        found=gettext_noop("The column “{column}” has a NUL character, which no text has."),
        remedy=gettext_noop("Correct the export, or leave that column out."),
        column=display(column),
    )


def _damaged() -> ReadError:
    return ReadError(
        expected=gettext_noop("A complete Parquet file was expected."),
        found=gettext_noop("It is damaged or cut off."),
        remedy=gettext_noop("Copy or download the file again; if it stays so, ask for a new export."),
    )


def _too_large(limits: Limits) -> ReadError:
    return ReadError(
        expected=gettext_noop("A table that unpacks to at most {limit} MiB was expected."),
        found=gettext_noop("It unpacks to more."),
        remedy=gettext_noop("Export only the columns that are needed, or a shorter period."),
        limit=max(1, limits.unpacked // MIB),
    )
