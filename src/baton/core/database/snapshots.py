"""Reading several queries at one moment, without keeping writers waiting."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import DEFAULT_DB_ALIAS, connections

from baton.core.database.postgresql import base as postgresql
from baton.core.database.sqlite import base as sqlite


@contextmanager
def read_snapshot(using: str = DEFAULT_DB_ALIAS) -> Iterator[None]:
    """All queries of the block see the database as it stood at its beginning; a write in it is an error.

    SQLite: BEGIN DEFERRED without the write lock. PostgreSQL: REPEATABLE READ, READ ONLY. It must be the outermost
    transaction (``RuntimeError`` otherwise); in a test that runs in a transaction of its own it reads in that one.
    """
    connection = connections[using]
    if not isinstance(connection, sqlite.DatabaseWrapper | postgresql.DatabaseWrapper):
        raise TypeError(f"database {using!r} does not run on one of Baton's backends")
    with connection.snapshot():
        yield
