"""Bytes of a file, unpacked where it is gzip, within bounds, and what the first of them say about its type."""

from __future__ import annotations

import hashlib
import re
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO

from baton_analysis.errors import ReadError, gettext_noop
from baton_analysis.readers.model import MIB, Limits

CHUNK = 256 * 1024
# A small piece: what is made to unpack to a thousand times its size is noticed before much of it has been read.
PACKED_CHUNK = 16 * 1024
_GZIP = b"\x1f\x8b"
_XML_START = re.compile(rb"<(\?xml|!DOCTYPE|!--|[A-Za-z_][\w.:-]*(\s[^<>,;|\t]*=|\s*/?>))", re.IGNORECASE)
_OCEL_XML = re.compile(rb"<(?:[\w.-]+:)?(?:object-types|event-types|objects|events)[\s/>]")
_OCEL_JSON = re.compile(rb'"(?:objectTypes|eventTypes|objects|events)"\s*:\s*\[')
_HEAD = 65_536
_KNOWN = (
    (b"PAR1", "parquet"),
    (b"PK\x03\x04", "xlsx"),
    (b"PK\x05\x06", "xlsx"),
    (b"SQLite format 3\x00", "ocel"),
)
_FOREIGN = (
    (b"%PDF", "PDF"),
    (b"\xd0\xcf\x11\xe0", "XLS / DOC"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF8", "GIF"),
    (b"BZh", "bzip2"),
    (b"\xfd7zXZ", "xz"),
    (b"7z\xbc\xaf", "7z"),
    (b"\x28\xb5\x2f\xfd", "zstd"),
    (b"Rar!", "RAR"),
    (b"ARROW1", "Arrow / Feather"),
    (b"\x7fELF", "program"),
    (b"{\\rtf", "RTF"),
)


class Source:
    """A file that is read once from the front: counts, digests and unpacks as it goes.

    ``digest`` is complete after :meth:`chunks` is exhausted. ``progress`` hears the share of the file that is read.
    """

    def __init__(self, path: Path, limits: Limits, progress: Callable[[float], None] | None = None) -> None:
        self.path = path
        self.limits = limits
        self._progress = progress
        self._sha = hashlib.sha256()
        self._packed = 0
        self._unpacked = 0
        self._size = _checked_size(path, limits)

    @property
    def digest(self) -> str:
        """SHA-256 (hexadecimal) of the packed bytes read so far."""
        return self._sha.hexdigest()

    def chunks(self) -> Iterator[bytes]:
        """Unpacked bytes in pieces of at most :data:`CHUNK`.

        Raises
        ------
        ReadError
            The file is larger than its bounds, or its packing is broken or incomplete.
        """
        with self.path.open("rb") as file:
            packed = file.read(2) == _GZIP
            file.seek(0)
            for chunk in self._unpack(file) if packed else self._raw(file, CHUNK):
                self._unpacked += len(chunk)
                self._check_unpacked()
                yield chunk

    def _raw(self, file: IO[bytes], size: int) -> Iterator[bytes]:
        while chunk := file.read(size):
            self._packed += len(chunk)
            self._sha.update(chunk)
            if self._packed > self.limits.packed:
                raise _too_large(self._packed, self.limits)
            if self._progress and self._size:
                self._progress(min(1.0, self._packed / self._size))
            yield chunk

    def _unpack(self, file: IO[bytes]) -> Iterator[bytes]:
        gzip = _Gunzip()
        try:
            for raw in self._raw(file, PACKED_CHUNK):
                yield from gzip.feed(raw)
        except zlib.error as error:
            raise _broken_gzip() from error
        if not gzip.complete:
            raise ReadError(
                expected=gettext_noop("A complete .gz file was expected."),
                found=gettext_noop("It ends in the middle: the packed data are cut off."),
                remedy=gettext_noop("Copy or download the file again and compare its size with the original."),
            )

    def _check_unpacked(self) -> None:
        bound = self.limits.unpacked
        if self._packed and self._unpacked > self.limits.ratio_from:
            bound = min(bound, self._packed * self.limits.ratio)
        if self._unpacked <= bound:
            return
        raise ReadError(
            expected=gettext_noop("A file that unpacks to at most {limit} MiB, and to at most {ratio} times its size."),
            found=gettext_noop("{packed} bytes unpack to more than {unpacked} bytes."),
            remedy=gettext_noop(
                "Unpack it yourself, check what it is, and import it in parts, for example a year each."
            ),
            limit=max(1, self.limits.unpacked // MIB),
            ratio=self.limits.ratio,
            packed=self._packed,
            unpacked=self._unpacked - 1,
        )


class _Gunzip:
    """Unpacks gzip piece by piece, each at most :data:`CHUNK`; members may follow each other, padding is skipped."""

    def __init__(self) -> None:
        self._engine = zlib.decompressobj(wbits=31)

    @property
    def complete(self) -> bool:
        return self._engine.eof

    def feed(self, data: bytes) -> Iterator[bytes]:
        while data:
            if self._engine.eof:
                data = data.lstrip(b"\x00")
                if not data:
                    return
                self._engine = zlib.decompressobj(wbits=31)
            out = self._engine.decompress(data, CHUNK)
            while out:
                yield out
                if self._engine.eof or len(out) < CHUNK:
                    break
                out = self._engine.decompress(self._engine.unconsumed_tail, CHUNK)
            data = self._engine.unused_data if self._engine.eof else self._engine.unconsumed_tail


def detect_format(head: bytes) -> str:
    """ "xes", "ocel", "csv", "parquet" or "xlsx" by the first unpacked bytes, never by the name.

    Raises
    ------
    ReadError
        Nothing in it, or one of the well-known types that are not read here.
    """
    if not head.strip(b"\x00\xef\xbb\xbf\xff\xfe \t\r\n"):
        raise ReadError(
            expected=gettext_noop("An event log or table was expected."),
            found=gettext_noop("The file is empty."),
            remedy=gettext_noop("Export it again, and check that the export was finished before it was copied."),
        )
    for magic, name in _FOREIGN:
        if head.startswith(magic):
            raise _foreign(name)
    kind = next((kind for magic, kind in _KNOWN if head.startswith(magic)), None)
    return kind or _kind_of_text(head)


def _kind_of_text(head: bytes) -> str:
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = head[2:].replace(b"\x00", b"").lstrip()
    if _XML_START.match(text):
        return "ocel" if _OCEL_XML.search(text[:_HEAD]) else "xes"
    if text.startswith(b"{") and _OCEL_JSON.search(text):
        return "ocel"
    if re.match(rb'[\[{]\s*("|\{|\[|\})', text):
        raise _foreign("JSON")
    return "csv"


def _foreign(name: str) -> ReadError:
    return ReadError(
        expected=gettext_noop("An XES, OCEL, CSV, Excel (.xlsx) or Parquet file was expected."),
        found=gettext_noop("By its first bytes the file is of another type: {type}."),
        remedy=gettext_noop("Open it in the program it comes from and save it as CSV (UTF-8), then import that file."),
        type=name,
    )


def _broken_gzip() -> ReadError:
    return ReadError(
        expected=gettext_noop("A sound .gz file was expected."),
        found=gettext_noop("Its packed data are damaged and cannot be unpacked."),
        remedy=gettext_noop("Copy or download the file again; if it stays so, ask for a new export."),
    )


def _too_large(size: int, limits: Limits) -> ReadError:
    return ReadError(
        expected=gettext_noop("A file of at most {limit} bytes was expected."),
        found=gettext_noop("It has {size} bytes or more."),
        remedy=gettext_noop("Import it in parts, for example a year each, or pack it as .gz."),
        limit=limits.packed,
        size=size,
    )


def _checked_size(path: Path, limits: Limits) -> int:
    if not path.is_file():
        raise ReadError(
            expected=gettext_noop("A file that can be read was expected."),
            found=gettext_noop("There is no file at “{path}”."),
            remedy=gettext_noop("Check the name and the folder."),
            path=str(path),
        )
    size = path.stat().st_size
    if size > limits.packed:
        raise _too_large(size, limits)
    return size
