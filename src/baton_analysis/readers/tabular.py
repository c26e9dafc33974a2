"""A delimited text file from its bytes to a table, and the first rows of it to a sample."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import polars as pl

from baton_analysis.errors import ReadError, gettext_noop
from baton_analysis.readers.bounds import too_many_events
from baton_analysis.readers.delimited import Rows, check_delimiter, detect_delimiter, read_quoted
from baton_analysis.readers.encodings import Text
from baton_analysis.readers.model import Limits, Notice
from baton_analysis.readers.plain import is_plain, read_plain

_HEAD_CHARS = 65_536
_CHUNK = 4 * 1024 * 1024
_INVISIBLE = r"[\x{200B}-\x{200F}\x{202A}-\x{202E}\x{2060}-\x{2069}\x{FEFF}]"


@dataclass(frozen=True, slots=True)
class TextTable:
    """A frame of texts, with the encoding and delimiter that it was read with; ``complete`` if nothing was left."""

    frame: pl.DataFrame
    encoding: str
    delimiter: str
    notices: tuple[Notice, ...]
    complete: bool = True


def sample_table(
    chunks: Iterable[bytes], limits: Limits, encoding: str | None, delimiter: str | None, count: int
) -> TextTable:
    """The first ``count`` rows, read as strictly as all of them would be."""
    text = Text(chunks, encoding)
    pieces = iter(text)
    head, delimiter = _head_and_delimiter(pieces, delimiter)
    rows = Rows(_lines(chain([head], pieces), limits), delimiter, limits)
    kept: list[list[str | None]] = []
    complete = True
    for row in rows:
        if len(kept) == count:
            complete = False
            break
        kept.append([value or None for value in row])
    rows.check()
    frame = pl.DataFrame(kept, schema=dict.fromkeys(rows.header, pl.String), orient="row")
    return TextTable(_not_empty(frame), text.encoding, delimiter, tuple(_remarks(frame, rows, text.encoding)), complete)


def read_table(
    chunks: Iterable[bytes], limits: Limits, encoding: str | None, delimiter: str | None, columns: Sequence[str] | None
) -> TextTable:
    """All rows of ``columns`` (None: all); the text waits as UTF-8 in a temporary file, not in memory."""
    with tempfile.TemporaryDirectory(prefix="baton-") as folder:
        path = Path(folder) / "text.csv"
        text, delimiter = written_out(chunks, path, encoding, delimiter, most=limits.events)
        with path.open(encoding="utf-8", newline="") as lines:
            rows = Rows(lines, delimiter, limits)
        check_columns(rows.header, columns)
        if is_plain(path, delimiter, len(rows.header), limits):
            frame = read_plain(path, delimiter, rows.header, columns, limits)
        else:
            _demand_few_enough(path, delimiter, limits)
            with path.open(encoding="utf-8", newline="") as lines:
                frame, rows = read_quoted(lines, delimiter, limits, columns)
    return TextTable(_not_empty(frame), text.encoding, delimiter, tuple(_remarks(frame, rows, text.encoding)))


def written_out(
    chunks: Iterable[bytes], path: Path, encoding: str | None, delimiter: str | None, *, most: int | None = None
) -> tuple[Text, str]:
    """Write a text as UTF-8 to ``path``; the text, whose encoding is then final, and its delimiter.

    Raises :class:`ReadError` where it surely has more than ``most`` rows.
    """
    text = Text(chunks, encoding)
    with path.open("w", encoding="utf-8", newline="") as file:
        pieces = iter(text) if most is None else _bounded(text, most)
        head, delimiter = _head_and_delimiter(pieces, delimiter)
        file.write(head)
        file.writelines(pieces)
    return text, delimiter


def _bounded(pieces: Iterable[str], most: int) -> Iterator[str]:
    """The text as it comes, as long as they can be as many rows as are allowed: a text without a quote has one a
    line, so too many are refused before the rest of it is decoded, written out and counted.
    """
    lines, quoted = 0, False
    for piece in pieces:
        quoted = quoted or '"' in piece
        lines += piece.count("\n")
        if lines > most + 1 and not quoted:
            raise too_many_events(most)
        yield piece


def _demand_few_enough(path: Path, delimiter: str, limits: Limits) -> None:
    """Count the rows of a text that has more lines than rows are allowed before any of them is kept: quoted values may
    go over several lines."""
    with path.open("rb") as file:
        lines = sum(chunk.count(b"\n") + chunk.count(b"\r") for chunk in iter(lambda: file.read(_CHUNK), b""))
    if lines <= limits.events + 1:
        return
    with path.open(encoding="utf-8", newline="") as text:
        for _ in Rows(text, delimiter, limits):
            pass


def check_columns(names: Sequence[str], wanted: Sequence[str] | None) -> None:
    """Refuse a column that is not there."""
    absent = [name for name in wanted or () if name not in names]
    if absent:
        raise ReadError(
            expected=gettext_noop("A column “{column}” was expected."),
            found=gettext_noop("The file has: {columns}."),
            remedy=gettext_noop("Choose one of these; if they look joined together, check the delimiter."),
            column=absent[0],
            columns=", ".join(f"“{name}”" for name in names[:40]),
        )


def _head_and_delimiter(pieces: Iterator[str], delimiter: str | None) -> tuple[str, str]:
    head = ""
    while len(head) < _HEAD_CHARS and (piece := next(pieces, None)) is not None:
        head += piece
    if delimiter is None:
        delimiter = detect_delimiter(head[:_HEAD_CHARS])
    check_delimiter(delimiter)
    return head, delimiter


def _lines(pieces: Iterable[str], limits: Limits) -> Iterator[str]:
    """Lines with their ends (LF, CRLF or CR); one that is longer than a row may be is passed on in pieces."""
    rest = ""
    for piece in pieces:
        data = rest + piece
        held = data[-1:] if data.endswith("\r") else ""  # perhaps the first half of a CRLF
        lines = io.StringIO(data[: len(data) - len(held)], newline="").readlines()
        rest = held
        if lines and not lines[-1].endswith(("\n", "\r")):
            rest = lines.pop() + held
        yield from lines
        if len(rest) > limits.row_chars:
            yield rest
            rest = ""
    if rest:
        yield rest


def _not_empty(frame: pl.DataFrame) -> pl.DataFrame:
    if frame.height:
        return frame
    raise ReadError(
        expected=gettext_noop("A header and at least one row were expected."),
        found=gettext_noop("There is a header with {columns} columns and no row."),
        remedy=gettext_noop("Check the filter and the period of the export."),
        columns=frame.width,
    )


def encoding_notices(encoding: str) -> Iterator[Notice]:
    """A word on an encoding that was told by the look of the text."""
    if encoding in ("cp1252", "gb18030", "big5"):
        text = gettext_noop("The text was read as {encoding}; check that its letters look right.")
        yield Notice(text, 1, {"encoding": encoding})


def _remarks(frame: pl.DataFrame, rows: Rows, encoding: str) -> Iterator[Notice]:
    yield from rows.notices
    if rows.blank:
        yield Notice(gettext_noop("{count} blank rows between others are left out."), rows.blank)
    yield from encoding_notices(encoding)
    hidden = sum(int(s.str.contains(_INVISIBLE).sum()) for s in frame.iter_columns())
    if hidden:
        text = gettext_noop("{count} values hold invisible characters, which can make two names look alike.")
        yield Notice(text, hidden)
