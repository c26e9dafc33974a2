"""Delimited text that needs no unquoting: recognised by counting over its bytes, then cut by Polars."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import polars as pl

from baton_analysis.readers.bounds import too_many_cells, too_many_events
from baton_analysis.readers.model import Limits

_CHUNK = 4 * 1024 * 1024
_FEED, _RETURN = 10, 13


def is_plain(path: Path, delimiter: str, width: int, limits: Limits) -> bool:
    """Whether a UTF-8 file has no quote, no blank or overlong row, ``width`` values in every row, and any row.

    Everything else is left to the csv module, which can say what is wrong and where. Raises :class:`ReadError` as soon
    as there are more rows than are allowed.
    """
    if len(delimiter.encode()) != 1 or width < 2:
        return False
    rest = b""
    rows = 0
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            data = rest + chunk
            end = data.rfind(b"\n") + 1
            rest = data[end:]
            if len(rest) > limits.row_chars or not _even(data[:end], delimiter, width, limits.field_chars):
                return False
            rows += data.count(b"\n", 0, end)
            if rows > limits.events + 1:
                raise too_many_events(limits.events)
    last_even = not rest or _even(rest + b"\n", delimiter, width, limits.field_chars)
    return last_even and 1 < rows + bool(rest) <= limits.events + 1


def _even(data: bytes, delimiter: str, width: int, longest: int) -> bool:
    if b'"' in data or data.count(b"\r") != data.count(b"\r\n"):
        return False
    signs = np.frombuffer(data, dtype=np.uint8)
    feeds = np.flatnonzero(signs == _FEED)
    cuts = np.flatnonzero(signs == ord(delimiter))
    per_row = np.diff(np.searchsorted(cuts, feeds), prepend=0)
    lengths = np.diff(feeds, prepend=-1)
    return bool((per_row == width - 1).all() and (lengths <= longest).all())


def read_plain(
    path: Path, delimiter: str, header: Sequence[str], columns: Sequence[str] | None, limits: Limits
) -> pl.DataFrame:
    """All rows of a file that :func:`is_plain`, every column as text, an empty value as null."""
    kept = [name for name in header if columns is None or name in columns]
    # A row has at least one byte a column: a small file is spared the counting.
    if path.stat().st_size > limits.cells and _rows(path) * len(kept) > limits.cells:
        raise too_many_cells(limits.cells)
    frame = pl.read_csv(
        path,
        has_header=False,
        skip_lines=1,
        separator=delimiter,
        quote_char=None,
        infer_schema=False,
        columns=[i for i, name in enumerate(header) if columns is None or name in columns],
        glob=False,
    )
    return frame.rename(dict(zip(frame.columns, kept, strict=True)))


def _rows(path: Path) -> int:
    with path.open("rb") as file:
        return sum(chunk.count(b"\n") for chunk in iter(lambda: file.read(_CHUNK), b""))
