"""Office documents: packages (ZIP) that must unpack to something of a sensible size and hold no programs."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Sequence

MOST_UNPACKED = 100 * 1024**2
"""Bytes to which a document may unpack (shared with imports, docs/decisions/0014)."""

MOST_RATIO = 100
"""How many times its packed size a document may unpack to; small ones are let be."""

MOST_MEMBERS = 5_000
SMALL = 1024**2
_STEP = 1 << 20

# The first folder of a document, and what it is.
_OFFICE = {
    "word/": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", ".docx"),
    "xl/": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ".xlsx"),
    "ppt/": ("application/vnd.openxmlformats-officedocument.presentationml.presentation", ".pptx"),
}
_OPEN = {
    "application/vnd.oasis.opendocument.text": ".odt",
    "application/vnd.oasis.opendocument.spreadsheet": ".ods",
    "application/vnd.oasis.opendocument.presentation": ".odp",
}
# How Office packs (ISO/IEC 29500-2, annex C): other methods are nobody's documents, and some of them allocate as much
# memory as the file says.
_METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
_PROGRAMS = (".bin", ".exe", ".dll", ".js", ".vbs", ".jar", ".com", ".bat", ".ps1")
_ARCHIVES = (".zip", ".7z", ".rar", ".gz", ".tar", ".xz", ".bz2")


class Damaged(Exception):
    """The package cannot be read."""


class Bomb(Exception):
    """The package unpacks to far more than it is worth."""


class WithPrograms(Exception):
    """The package holds macros or programs."""


class NoDocument(Exception):
    """The package is no document that may be added."""


def look_into(data: bytes) -> tuple[str, str]:
    """Media type and extension of the document; each of its members was unpacked, a piece at a time, and thrown away.

    Raises :class:`Damaged`, :class:`Bomb`, :class:`WithPrograms` or :class:`NoDocument`.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            found = _document(package)
            _unpack(package, len(data))
            return found
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, ValueError, OSError) as wrong:
        raise Damaged from wrong


def _document(package: zipfile.ZipFile) -> tuple[str, str]:
    members = package.infolist()
    _check(members)
    names = [member.filename for member in members]
    if "[Content_Types].xml" in names:
        for folder, kind in _OFFICE.items():
            if any(name.startswith(folder) for name in names):
                return kind
    if names and names[0] == "mimetype" and members[0].file_size < 200:
        said = package.read(members[0]).decode("ascii", "replace")
        if said in _OPEN:
            return said, _OPEN[said]
    raise NoDocument


def _check(members: Sequence[zipfile.ZipInfo]) -> None:
    """Refuse what no document holds, before anything is unpacked."""
    if len(members) > MOST_MEMBERS:
        raise Bomb
    names = [member.filename for member in members]
    if any(name.startswith("/") or ".." in name.split("/") or "\\" in name for name in names):
        raise Damaged
    if any(member.compress_type not in _METHODS for member in members):
        raise Damaged
    if any(_is_program(name) for name in names):
        raise WithPrograms
    if any(name.casefold().endswith(_ARCHIVES) for name in names):
        raise Bomb


def _is_program(name: str) -> bool:
    folded = name.casefold()
    settings = "/printersettings/" in folded  # .bin, and harmless
    return "vbaproject" in folded or "/activex/" in folded or (folded.endswith(_PROGRAMS) and not settings)


def _unpack(package: zipfile.ZipFile, size: int) -> None:
    """Read everything once: what the directory says of the sizes may be a lie, and a cut-off member is found."""
    most = min(MOST_UNPACKED, max(SMALL, MOST_RATIO * size))
    unpacked = 0
    for member in package.infolist():
        with package.open(member) as opened:
            while piece := opened.read(_STEP):
                unpacked += len(piece)
                if unpacked > most:
                    raise Bomb
