"""Making sure that what was deleted is gone from the files too."""

from __future__ import annotations

from django.db import DEFAULT_DB_ALIAS, connections


def scrub(*tables: str, using: str = DEFAULT_DB_ALIAS, at_once: bool = True) -> None:
    """After the commit that deleted: fold the write-ahead log into the database (SQLite overwrites deleted content,
    but older pages stay readable in the log), or vacuum ``tables`` (PostgreSQL).

    Readers that still look at an older moment delay it until the next checkpoint or vacuum; on SQLite it waits for them
    as long as the connection waits for a lock and keeps writers waiting. Without ``at_once`` it does not: the log is
    folded, and what stands in it is overwritten by and by. Not inside a transaction.
    """
    connection = connections[using]
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"PRAGMA wal_checkpoint({'TRUNCATE' if at_once else 'PASSIVE'})")
            return
        for table in tables:
            cursor.execute(f"VACUUM {connection.ops.quote_name(table)}")
