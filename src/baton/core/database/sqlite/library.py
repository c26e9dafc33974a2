"""Which SQLite library runs, and what it may be trusted with.

SQLite 3.7.0 to 3.51.2 can corrupt a write-ahead log when it is reset while somebody writes (mended in 3.51.3). Below
that version a new database gets a rollback journal, which is safe and slower; a file that is already in WAL mode is
refused: turning it back silently could lose what another process has just written.
"""

from __future__ import annotations

import logging
import threading
from pathlib import Path
from typing import Any

from django.db.backends.sqlite3 import base

from baton.core.errors import Refused
from baton_analysis.errors import gettext_noop

MENDED = (3, 51, 3)
NOTICE = gettext_noop(
    "SQLite {version} can damage a write-ahead log, so the database runs with a rollback journal, which is slower. "
    "Install the package pysqlite3 or SQLite {mended} or later and start again."
)

logger = logging.getLogger("baton.database")

_seen: set[str] = set()
_seen_guard = threading.Lock()


class UnsafeLibrary(Refused):
    """The file needs write-ahead logging and the SQLite library has the WAL-reset bug."""


def version() -> tuple[int, ...]:
    """The version of the one SQLite library of this process."""
    return tuple(base.DatabaseWrapper.Database.sqlite_version_info)


def connect(file: Path) -> Any:
    """Open a file that is no database of the settings, such as a copy, with the one SQLite library."""
    return base.DatabaseWrapper.Database.connect(str(file))


def is_mended(found: tuple[int, ...]) -> bool:
    """Whether write-ahead logging is safe with this version."""
    return found >= MENDED


def dotted(found: tuple[int, ...]) -> str:
    return ".".join(map(str, found))


def in_wal_mode(file: Path) -> bool:
    """Whether the header of a database file says WAL (bytes 18 and 19 are 2).

    Only for a file that this process has not opened with SQLite: closing any descriptor of a file drops the locks that
    the process holds on it.
    """
    with file.open("rb") as opened:
        header = opened.read(20)
    return len(header) == 20 and 2 in header[18:20]


def refuse_wal_file(file: str, found: tuple[int, ...]) -> None:
    """Before the first connection of this process to ``file`` with a library that is not mended.

    Raises :class:`UnsafeLibrary` when the file is in WAL mode; says in the log that the journal is slower otherwise.
    """
    with _seen_guard:
        if file in _seen:
            return
        path = Path(file)
        if path.exists() and in_wal_mode(path):
            raise UnsafeLibrary(
                expected=gettext_noop("{file} uses a write-ahead log, which needs SQLite {mended} or later."),
                found=gettext_noop("This is SQLite {version}, which can damage such a file."),
                remedy=gettext_noop("Install the package pysqlite3, or a newer SQLite, and start again."),
                file=file,
                mended=dotted(MENDED),
                version=dotted(found),
            )
        logger.warning(NOTICE.format(version=dotted(found), mended=dotted(MENDED)))
        _seen.add(file)
