"""Many primary keys in one parameter: ``Link.objects.filter(pk__among=Keys(found))``.

As ``pk__in``, without a parameter for each key: a page that looks for thousands of keys in several queries would spend
most of its time on writing these down. The column is a number (``supplier__pk``, not ``supplier``).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.core.exceptions import EmptyResultSet
from django.db.models import IntegerField, Lookup

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper
    from django.db.models.sql.compiler import SQLCompiler

FEW = 50
"""Up to so many keys SQLite may go through them one by one to find their rows. It takes any list of keys for a short
one, and would do so for every row of an outer query."""


class Keys:
    """Primary keys, each once, in the spelling of databases."""

    __slots__ = ("_numbers", "count")

    def __init__(self, keys: Iterable[int]) -> None:
        found = set(keys)
        self.count = len(found)
        self._numbers = ",".join(map(str, sorted(found)))

    def __len__(self) -> int:
        return self.count

    @property
    def json(self) -> str:
        return f"[{self._numbers}]"

    @property
    def array(self) -> str:
        return f"{{{self._numbers}}}"


@IntegerField.register_lookup
class Among(Lookup[Any]):
    """Whether a number is one of :class:`Keys`."""

    lookup_name = "among"
    prepare_rhs = False

    def as_sqlite(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> tuple[str, list[Any]]:
        column, parameters = self._column(compiler, connection)
        sign = "+" if len(self.rhs) > FEW else ""  # no index is used for what stands behind a sign
        return f"{sign}{column} IN (SELECT value FROM json_each(%s))", [*parameters, self.rhs.json]

    def as_postgresql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> tuple[str, list[Any]]:
        column, parameters = self._column(compiler, connection)
        return f"{column} = ANY(%s::bigint[])", [*parameters, self.rhs.array]

    def _column(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> tuple[str, list[Any]]:
        if not self.rhs:
            raise EmptyResultSet
        column, parameters = self.process_lhs(compiler, connection)
        return column, list(parameters)
