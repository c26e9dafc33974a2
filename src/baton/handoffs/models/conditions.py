"""Conditions of partial indexes as the databases know them again.

SQLite takes a partial index only where its condition stands in the query as it does there, without parameters, as which
Django passes every value.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models

from baton.handoffs.rules import OPEN, PENDING, ReturnState

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper
    from django.db.models.sql.compiler import SQLCompiler

PENDING_IN_ORDER = [state for state in ReturnState if state in PENDING]


class IsOpen(models.Func):
    """Whether a handoff whose column ``state`` this is, is not over: ``filter(IsOpen("state"), …)``."""

    output_field = models.BooleanField()

    def as_sql(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, *_args: Any, **_given: Any
    ) -> tuple[str, tuple[str | int, ...]]:
        column, params = compiler.compile(self.source_expressions[0])
        states = ", ".join(f"'{state.value}'" for state in sorted(OPEN))
        return f"{column} IN ({states})", tuple(params)


class IsPending(models.Func):
    """Whether a return whose column ``state`` this is, is not over: ``filter(IsPending("state"), …)``."""

    output_field = models.BooleanField()

    def as_sql(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, *_args: Any, **_given: Any
    ) -> tuple[str, tuple[str | int, ...]]:
        column, params = compiler.compile(self.source_expressions[0])
        # In the order in which the condition of the index names them.
        states = ", ".join(f"'{state.value}'" for state in PENDING_IN_ORDER)
        return f"{column} IN ({states})", tuple(params)


class HasReference(models.Func):
    """Whether a handoff whose column ``reference`` this is, has one: ``filter(HasReference("reference"), …)``."""

    output_field = models.BooleanField()

    def as_sql(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, *_args: Any, **_given: Any
    ) -> tuple[str, tuple[str | int, ...]]:
        column, params = compiler.compile(self.source_expressions[0])
        return f"NOT ({column} = '')", tuple(params)
