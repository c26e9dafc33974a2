"""Django's PostgreSQL backend with Baton's settings.

Commits wait for the disk; a statement, a lock or an idle transaction that takes too long is ended rather than left to
hold up everybody. Migrations and read snapshots may take as long as they need.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction
from django.db.backends.postgresql import base, operations, schema

# Milliseconds; a request that needs longer is broken. Waiting for a lock is bounded as on SQLite.
LIMITS = {
    "synchronous_commit": "on",
    "statement_timeout": "60000",
    "lock_timeout": "20000",
    "idle_in_transaction_session_timeout": "60000",
}


class DatabaseSchemaEditor(schema.DatabaseSchemaEditor):
    """Building an index over a large table takes longer than a request may."""

    def __enter__(self) -> DatabaseSchemaEditor:
        super().__enter__()
        if self.atomic_migration and not self.collect_sql:
            with self.connection.cursor() as cursor:
                cursor.execute("SET LOCAL statement_timeout = 0")
        return self


class DatabaseOperations(operations.DatabaseOperations):
    """With Baton's query compiler."""

    compiler_module = "baton.core.database.postgresql.compiler"


class DatabaseWrapper(base.DatabaseWrapper):
    """PostgreSQL with synchronous commits and time limits."""

    ops_class = DatabaseOperations
    SchemaEditorClass = DatabaseSchemaEditor

    def get_connection_params(self) -> dict[str, Any]:
        params = super().get_connection_params()
        params.setdefault("options", " ".join(f"-c {name}={value}" for name, value in LIMITS.items()))
        return params

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """A transaction that only reads: all its queries see one moment, and writers go on. See ``snapshots.py``."""
        inside_a_test = self.in_atomic_block
        with transaction.atomic(using=self.alias, durable=True):
            if not inside_a_test:
                with self.cursor() as cursor:
                    cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
                    cursor.execute("SET LOCAL statement_timeout = 0")
                    cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
            yield
