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


def keep(chunks: Iterable[bytes], *, limit: int = DEFAULT_LIMIT, field: str = "file") -> StoredFile:
    """Write the chunks to a new file and return it; nothing stays behind when more than ``limit`` bytes come."""
    folder = Path(settings.DATA_DIR) / FOLDER
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    target = folder / new_public_id()
    digest = hashlib.sha256()
    size = 0
    try:
        with target.open("xb") as out:
            for chunk in chunks:
                size += len(chunk)
                if size > limit:
                    raise Refused(
                        field=field,
                        expected=gettext_noop("A file may have at most {limit} MiB."),
                        found=gettext_noop("This one is larger."),
                        remedy=gettext_noop("Pack it (.gz), split it, or ask the administrator to raise the limit."),
                        limit=limit // 1024**2,
                    )
                digest.update(chunk)
                out.write(chunk)
            out.flush()
            os.fsync(out.fileno())
    except BaseException:
        target.unlink(missing_ok=True)
        raise
    return StoredFile(path=f"{FOLDER}/{target.name}", digest=digest.hexdigest(), size=size)


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
