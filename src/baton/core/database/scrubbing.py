"""Making sure that what was deleted is gone from the files too."""

from __future__ import annotations

from django.db import DEFAULT_DB_ALIAS, connections


def scrub(*tables: str, using: str = DEFAULT_DB_ALIAS) -> None:
    """After the commit that deleted: fold the write-ahead log into the database (SQLite overwrites deleted content,
    but older pages stay readable in the log), or vacuum ``tables`` (PostgreSQL).

    Readers that still look at an older moment delay it until the next checkpoint or vacuum. Not inside a transaction.
    """
    connection = connections[using]
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            return
        for table in tables:
            cursor.execute(f"VACUUM {connection.ops.quote_name(table)}")
