"""Django's query compilers for PostgreSQL, with :mod:`baton.core.database.columns` and
:mod:`baton.core.database.ordering`."""

from __future__ import annotations

from django.db.backends.postgresql import compiler
from django.db.backends.postgresql.compiler import (
    SQLAggregateCompiler,
    SQLDeleteCompiler,
    SQLInsertCompiler,
    SQLUpdateCompiler,
)

from baton.core.database.columns import WrittenOnce
from baton.core.database.ordering import OrderByNames

__all__ = ["SQLAggregateCompiler", "SQLCompiler", "SQLDeleteCompiler", "SQLInsertCompiler", "SQLUpdateCompiler"]


class SQLCompiler(WrittenOnce, OrderByNames, compiler.SQLCompiler):
    """Of SELECT."""
