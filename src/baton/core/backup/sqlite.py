"""Copying the records of a SQLite installation by SQLite's own backup; a plain copy of a live file may be torn."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import Any

from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection

from baton.core.backup.counting import summary
from baton.core.database.migrating import migrate
from baton.core.database.sqlite import library


def copy_to(file: Path) -> tuple[dict[str, int], int, str]:
    """Copy the database into ``file`` as it stands at one moment; returns what :func:`counting.summary` says of it."""
    connection.ensure_connection()
    with closing(library.connect(file)) as copy:
        # In one step: a copy in several would begin again at each write from another process.
        connection.connection.backup(copy, pages=-1)
        copy.execute("PRAGMA journal_mode = DELETE")
        return _examined(copy)


def examine(file: Path) -> tuple[dict[str, int], int, str]:
    """What :func:`counting.summary` says of a copy that was unpacked. Raises ``ValueError`` for a damaged one."""
    with closing(library.connect(file)) as copy:
        return _examined(copy)


def bring_back(file: Path) -> None:
    """Put the contents of ``file`` in place of the database, for all who have it open, in one transaction."""
    connection.ensure_connection()
    with closing(library.connect(file)) as copy, connection.write_lock():  # type: ignore[attr-defined]  # our backend's
        copy.backup(connection.connection, pages=-1)
    connection.close()
    # A fresh machine has no file for sessions and cache yet.
    migrate("volatile")
    call_command("createcachetable", verbosity=0)
    Session.objects.all().delete()
    cache.clear()


def is_empty() -> bool:
    """Whether the database holds no records yet."""
    if "core_auditentry" not in connection.introspection.table_names():
        return True
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT 1 FROM core_auditentry)")
        return not cursor.fetchone()[0]


def summarise() -> tuple[dict[str, int], int, str]:
    """What :func:`counting.summary` says of the database itself."""
    connection.ensure_connection()
    return _examined(connection.connection)


def _examined(copy: Any) -> tuple[dict[str, int], int, str]:
    def ask(statement: str) -> list[tuple[Any, ...]]:
        return list(copy.execute(statement).fetchall())

    verdict = ask("PRAGMA quick_check(1)")[0][0]
    if verdict != "ok":
        raise ValueError(f"the database is damaged: {verdict}")
    tables = ask("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
    return summary(ask, [name for (name,) in tables])
