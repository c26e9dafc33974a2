"""Files that people bring: kept under random names outside the web root, bounded while they arrive.

What a file is, its reader decides by its first bytes; its name is only shown.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler, StopUpload

from baton.core.errors import Refused
from baton.core.ids import new_public_id
from baton.core.texts import clean_text
from baton_analysis.errors import gettext_noop

if TYPE_CHECKING:
    from django.http import HttpRequest

FOLDER = "uploads"
NAME_LENGTH = 150
DEFAULT_LIMIT = 10 * 1024**2
"""Most bytes of a file whose kind has no limit of its own (docs/decisions/0014)."""
DERIVED_LIMIT = 4 * 1024**3
"""Most bytes of a file that Baton itself makes of one that was brought: rows to be entered, mistakes that were found.
Their number is bounded where they are read; this stops what goes wrong before it fills the disk."""


class BoundedUpload(FileUploadHandler):
    """Stands before Django's own handlers and lets no more of a request's files through than may be kept.

    They are parsed before anybody asks who sends them: without a bound, whoever can reach the server could fill its
    disk. One byte more than the limit passes, so that :func:`keep` still tells a file that was too large, beside its
    field. As much again is read for this and thrown away; what is larger still is refused at once and its rest is not
    read, because reading it would keep the server busy for nothing.
    """

    def __init__(self, request: HttpRequest | None = None) -> None:
        super().__init__(request)
        self._left = settings.EVENT_LOG_LIMIT_MIB * 1024**2 + 1
        self._thrown_away = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        """The chunk as far as there is room for it; None: nothing is passed on."""
        passed = raw_data[: self._left]
        self._left -= len(passed)
        self._thrown_away += len(raw_data) - len(passed)
        if self._thrown_away > settings.EVENT_LOG_LIMIT_MIB * 1024**2:
            raise StopUpload(connection_reset=True)
        return passed or None

    def file_complete(self, file_size: int) -> None:
        """The handlers behind make the file."""

    def upload_complete(self) -> None:
        """Called after the last file, or when it was cut off: then the whole request is refused."""
        if self._thrown_away > settings.EVENT_LOG_LIMIT_MIB * 1024**2:
            raise RequestDataTooBig


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file as it was kept: ``path`` below the data folder, ``digest`` SHA-256 of its bytes, ``size`` in bytes."""

    path: str
    digest: str
    size: int


class Keeping:
    """A file on its way into the data folder, written piece by piece: kept by :meth:`done`, gone by :meth:`drop`.

    Refuses more than ``limit`` bytes; ``field`` is that of the form which the refusal stands beside, ``folder`` the
    one of the data folder in which it lies.
    """

    def __init__(self, *, limit: int = DEFAULT_LIMIT, field: str = "file", folder: str = FOLDER) -> None:
        place = Path(settings.DATA_DIR) / folder
        place.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._limit, self._field = limit, field
        self._target = place / new_public_id()
        self._digest = hashlib.sha256()
        self._size = 0
        self._out = self._target.open("xb")

    def write(self, chunk: bytes) -> None:
        """One more piece."""
        self._size += len(chunk)
        if self._size > self._limit:
            raise Refused(
                field=self._field,
                expected=gettext_noop("A file may have at most {limit} MiB."),
                found=gettext_noop("This one is larger."),
                remedy=gettext_noop("Pack it (.gz), split it, or ask the administrator to raise the limit."),
                limit=self._limit // 1024**2,
            )
        self._digest.update(chunk)
        self._out.write(chunk)

    def done(self) -> StoredFile:
        """The file is whole, and on the disk."""
        self._out.flush()
        os.fsync(self._out.fileno())
        self._out.close()
        return StoredFile(f"{self._target.parent.name}/{self._target.name}", self._digest.hexdigest(), self._size)

    def drop(self) -> None:
        """Nothing of the file stays behind."""
        self._out.close()
        self._target.unlink(missing_ok=True)


def keep(
    chunks: Iterable[bytes], *, limit: int = DEFAULT_LIMIT, field: str = "file", folder: str = FOLDER
) -> StoredFile:
    """Write the chunks to a new file in ``folder`` of the data folder and return it; nothing stays behind when more
    than ``limit`` bytes come."""
    keeping = Keeping(limit=limit, field=field, folder=folder)
    try:
        for chunk in chunks:
            keeping.write(chunk)
        return keeping.done()
    except BaseException:
        keeping.drop()
        raise


def location(path: str) -> Path:
    """Where a kept file lies."""
    return Path(settings.DATA_DIR) / path


def discard(path: str) -> None:
    """Remove a kept file; it is no error when it is gone already."""
    location(path).unlink(missing_ok=True)


def shown_name(raw: str) -> str:
    """A file's name as it may be shown and stored: its last part, cleaned, at most 150 characters."""
    last = raw.replace("\\", "/").rsplit("/", 1)[-1]
    return clean_text(last)[:NAME_LENGTH] or "file"
