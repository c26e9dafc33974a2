"""What may be added to a comment. What a file is, its first bytes say; its name only says what it is called."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NoReturn

from baton.core.attachments import images, packages
from baton.core.errors import Refused
from baton_analysis.errors import gettext_noop

FIELD = "attached"
PHOTOS = "image/"
"""How the media type of every photo begins."""


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A file as it is to be kept: its bytes, media type, and the name with a fitting extension."""

    name: str
    media_type: str
    data: bytes


_IMAGES: tuple[tuple[bytes, str, tuple[str, ...], Callable[[bytes], bytes]], ...] = (
    (b"\xff\xd8\xff", "image/jpeg", (".jpg", ".jpeg"), images.jpeg),
    (b"\x89PNG\r\n\x1a\n", "image/png", (".png",), images.png),
    (b"RIFF", "image/webp", (".webp",), images.webp),
)
_PDF, _PDF_END, _TAIL = b"%PDF-", b"%%EOF", 2048
_PACKAGE = b"PK\x03\x04"
_NO_TEXT = re.compile(r"[\x00-\x08\x0b\x0e-\x1f]")
_TEXTS = (".csv", ".txt", ".md", ".log", ".tsv", ".json")


def looked_at(name: str, data: bytes) -> Cleaned:
    """The file as it may be kept: photos freed of where and when they were taken. Refused, with what is expected, for
    everything that is no photo (JPEG, PNG, WebP), PDF, Office document without macros, or plain text."""
    if not data:
        _refuse(name, gettext_noop("It is empty."), gettext_noop("Choose the file again; perhaps it was still open."))
    for beginning, media_type, extensions, clean in _IMAGES:
        if data.startswith(beginning) and (media_type != "image/webp" or data[8:12] == b"WEBP"):
            return Cleaned(_ending_in(name, extensions), media_type, _picture(name, data, clean))
    if data.startswith(_PDF):
        if _PDF_END not in data[-_TAIL:]:
            _refuse_damaged(name)
        return Cleaned(_ending_in(name, (".pdf",)), "application/pdf", data)
    if data.startswith(_PACKAGE):
        media_type, extension = _document(name, data)
        return Cleaned(_ending_in(name, (extension,)), media_type, data)
    if not _is_text(data):
        _refuse_kind(name)
    return Cleaned(_ending_in(name, _TEXTS, other=".txt"), "text/plain; charset=utf-8", data)


def _picture(name: str, data: bytes, clean: Callable[[bytes], bytes]) -> bytes:
    try:
        return clean(data)
    except images.Damaged:
        _refuse_damaged(name)
    except images.TooManyPixels:
        _refuse(
            name,
            gettext_noop("The picture has more than {most} million pixels."),
            gettext_noop("Make it smaller and add it again."),
            most=images.MOST_PIXELS // 1_000_000,
        )


def _document(name: str, data: bytes) -> tuple[str, str]:
    try:
        return packages.look_into(data)
    except packages.Damaged:
        _refuse_damaged(name)
    except packages.Bomb:
        _refuse(
            name,
            gettext_noop("It unpacks to far more than a document holds, or holds archives itself."),
            gettext_noop("Save it again in the program that made it, or as PDF."),
        )
    except packages.WithPrograms:
        _refuse(
            name,
            gettext_noop("It holds macros or programs."),
            gettext_noop("Save it without macros (.docx, .xlsx, .pptx) or as PDF."),
        )
    except packages.NoDocument:
        _refuse_kind(name)


def _is_text(data: bytes) -> bool:
    """Whether it is plain text in UTF-8 that no browser takes for a page or a drawing."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return False
    return not text.lstrip().startswith("<") and _NO_TEXT.search(text) is None


def _ending_in(name: str, extensions: tuple[str, ...], other: str = "") -> str:
    """The name, with an extension that says what the file is."""
    fits = name.casefold().endswith(extensions)
    return name if fits else f"{name}{other or extensions[0]}"


def _refuse_damaged(name: str) -> NoReturn:
    _refuse(
        name,
        gettext_noop("It is cut off or damaged."),
        gettext_noop("Open it where it comes from; if it is whole there, add it again."),
    )


def _refuse_kind(name: str) -> NoReturn:
    _refuse(
        name,
        gettext_noop("It is none of these."),
        gettext_noop("Save it as one of these: photos as JPEG, drawings and web pages as PDF."),
    )


def _refuse(name: str, found: str, remedy: str, **values: Any) -> NoReturn:
    raise Refused(
        field=FIELD,
        expected=gettext_noop(
            "“{name}”: expected a photo (JPEG, PNG, WebP), PDF, Word, Excel or PowerPoint file, or plain text in UTF-8."
        ),
        found=found,
        remedy=remedy,
        name=name,
        **values,
    )
