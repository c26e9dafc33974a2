"""Where the files of comments lie, from the moment at which they come in to the one at which nobody needs them."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from django.conf import settings

from baton.core import uploads
from baton.core.actors import Actor
from baton.core.attachments.kinds import FIELD, PHOTOS, looked_at
from baton.core.errors import Refused
from baton.core.models import Attachment
from baton.core.models.discussions import NAME_LENGTH
from baton.core.texts import clean_text
from baton_analysis.errors import gettext_noop

FOLDER = "attachments"
JOB = "core.remove_stray_files"
MOST_FILES = 10
"""Files that one comment may have."""

LONGEST_EXTENSION = 6
# A comment that is being written now has its files already and its row not yet.
_YOUNG = 24 * 3600


class Sent(Protocol):
    """A file as a request brings it."""

    name: str | None
    size: int | None

    def chunks(self) -> Iterable[bytes]: ...


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A file that is kept and belongs to no comment yet."""

    name: str
    media_type: str
    path: str
    digest: str
    size: int


@contextmanager
def kept_files(files: Sequence[Sent]) -> Iterator[list[KeptFile]]:
    """The files, looked at, cleaned and kept; those that no comment has taken at the end of the block are removed.

    Done before the change that takes them, so that nobody waits for the disk. Refused: too many, one that is too large,
    empty, cut off, or of a kind that may not be added; then nothing is kept.
    """
    _demand_few(files)
    kept: list[KeptFile] = []
    try:
        for file in files:
            kept.append(_keep(file))
        yield kept
    finally:
        taken = set(Attachment.objects.filter(path__in=[one.path for one in kept]).values_list("path", flat=True))
        for one in kept:
            if one.path not in taken:
                uploads.discard(one.path)


@contextmanager
def kept_photos(files: Sequence[Sent]) -> Iterator[list[KeptFile]]:
    """As :func:`kept_files`, of photos alone."""
    with kept_files(files) as kept:
        for one in kept:
            if not one.media_type.startswith(PHOTOS):
                raise Refused(
                    field=FIELD,
                    expected=gettext_noop("“{name}”: expected a photo (JPEG, PNG, WebP)."),
                    found=gettext_noop("It is another kind of file."),
                    remedy=gettext_noop("Take a photo of it, or add the file to the discussion."),
                    name=one.name,
                )
        yield kept


def _demand_few(files: Sequence[Sent]) -> None:
    if len(files) > MOST_FILES:
        raise Refused(
            field=FIELD,
            expected=gettext_noop("Expected at most {most} files at once."),
            found=gettext_noop("Found {count}."),
            remedy=gettext_noop("Choose fewer, and add the others afterwards."),
            most=MOST_FILES,
            count=len(files),
        )
    # What comes beyond that the server has not read (baton.core.uploads.BoundedUpload).
    if sum(file.size or 0 for file in files) > settings.EVENT_LOG_LIMIT_MIB * 1024**2:
        raise Refused(
            field=FIELD,
            expected=gettext_noop("Files that are added at once may have {limit} MiB together."),
            found=gettext_noop("These have more."),
            remedy=gettext_noop("Choose fewer, and add the others afterwards."),
            limit=settings.EVENT_LOG_LIMIT_MIB,
        )


def _keep(file: Sent) -> KeptFile:
    name = _shown_name(file.name or "")
    data = _read(file, name)
    cleaned = looked_at(name, data)
    stored = uploads.keep([cleaned.data], limit=len(cleaned.data), field=FIELD, folder=FOLDER)
    return KeptFile(cleaned.name, cleaned.media_type, stored.path, stored.digest, stored.size)


def _shown_name(raw: str) -> str:
    """The last part of the name without what cannot be seen, short enough for one more extension."""
    last = clean_text(raw.replace("\\", "/").rsplit("/", 1)[-1])
    name = " ".join(last.split()).lstrip(".") or "file"
    longest = NAME_LENGTH - LONGEST_EXTENSION
    if len(name) <= longest:
        return name
    stem, dot, extension = name.rpartition(".")
    tail = f"{dot}{extension}" if stem and len(extension) < LONGEST_EXTENSION else ""
    return f"{name[: longest - len(tail)]}{tail}"


def _read(file: Sent, name: str) -> bytes:
    data = bytearray()
    for chunk in file.chunks():
        data += chunk
        if len(data) > uploads.DEFAULT_LIMIT:
            raise Refused(
                field=FIELD,
                expected=gettext_noop("“{name}”: a file may have at most {limit} MiB."),
                found=gettext_noop("This one is larger."),
                remedy=gettext_noop("Make it smaller, or say where it lies."),
                name=name,
                limit=uploads.DEFAULT_LIMIT // 1024**2,
            )
    return bytes(data)


def remove_stray_files(*, by: Actor, at: datetime, progress: Any = None) -> int:
    """Remove files that belong to no comment: left by a process that was killed, or withdrawn while the disk did not
    answer. Young ones stay. Returns how many."""
    folder = Path(settings.DATA_DIR) / FOLDER
    files = [file for file in folder.glob("*") if file.is_file()] if folder.is_dir() else []
    known = set(Attachment.objects.exclude(path="").values_list("path", flat=True))
    oldest = min(at.timestamp(), time.time()) - _YOUNG
    stray = [file for file in files if f"{FOLDER}/{file.name}" not in known and file.stat().st_mtime < oldest]
    for file in stray:
        file.unlink(missing_ok=True)
    return len(stray)


def damaged(progress: Any = None) -> list[str]:
    """Public ids of the files that are missing or no longer what was kept, in the order in which they were added."""
    from baton.core.backup.archive import sha256_of

    bad = []
    for one in Attachment.objects.exclude(path="").order_by("pk").iterator():
        file = uploads.location(one.path)
        if not file.is_file() or file.stat().st_size != one.size or sha256_of(file) != one.digest:
            bad.append(one.public_id)
    return bad
