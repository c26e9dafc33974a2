"""A throw-away installation for a benchmark: an empty, migrated database and a data folder of its own.

Databases are as durable as in production: SQLite with synchronous=FULL, PostgreSQL with fsync.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENDORS = ("sqlite", "postgresql")


@contextmanager
def installation(vendor: str) -> Iterator[Path]:
    """Set the environment for an installation on ``vendor`` and migrate it; yields its data folder.

    Once a process, before Django is loaded. Child processes inherit the environment.
    """
    with tempfile.TemporaryDirectory(
        prefix="baton-benchmark-", dir=ROOT.parent if _is_memory("/tmp") else None
    ) as name:
        data = Path(name)
        os.environ["BATON_DATA"] = str(data)
        os.environ["DJANGO_SETTINGS_MODULE"] = "baton.config.settings"
        os.environ["BATON_SECRET_KEY"] = "a key for benchmarks"
        if vendor == "sqlite":
            os.environ["DATABASE_URL"] = f"sqlite:///{data / 'baton.sqlite3'}"
            _migrate()
            yield data
            return
        import psycopg

        from tests.postgres import PostgresServer

        server = PostgresServer(durable=True)
        try:
            with psycopg.connect(server.url("postgres"), autocommit=True) as maintenance:
                maintenance.execute("CREATE DATABASE baton")
            os.environ["DATABASE_URL"] = server.url("baton")
            _migrate()
            yield data
        finally:
            disconnect()
            server.stop()


def _is_memory(folder: str) -> bool:
    """Whether ``folder`` lies in memory, where commits cost nothing."""
    mounts = [line.split() for line in Path("/proc/mounts").read_text().splitlines()]
    return any(mount[1] == folder and mount[2] == "tmpfs" for mount in mounts)


def _migrate() -> None:
    import django

    django.setup()
    from django.db import connections

    from baton.core.database.migrating import migrate

    for alias in connections:
        migrate(alias)
    connections.close_all()


def disconnect() -> None:
    """Close every connection of this thread and every pool, as before a fork or the end of the server."""
    from django.db import connections

    for connection in connections.all():
        connection.close()
        if getattr(connection, "pool", None):
            connection.close_pool()  # type: ignore[attr-defined]
