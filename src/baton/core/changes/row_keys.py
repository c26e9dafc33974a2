"""Primary keys given before rows are inserted, so that rows of one slice can name each other."""

from __future__ import annotations

from django.db import connection, models


def reserve_keys(model: type[models.Model], count: int) -> list[int]:
    """The next ``count`` primary keys of a table, which nobody else gets; for use inside a change."""
    table, column = model._meta.db_table, model._meta.pk.column
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)", [table, column, count]
            )
            return [key for (key,) in cursor.fetchall()]
        # SQLite remembers the largest key it ever gave; the write lock keeps everybody else away from it.
        cursor.execute("SELECT COALESCE(MAX(seq), 0) FROM sqlite_sequence WHERE name = %s", [table])
        last = cursor.fetchone()[0]
    return list(range(last + 1, last + 1 + count))
