"""The columns of a model, written out once for all queries that read whole rows.

For each query Django makes an expression of every column of every row it reads and writes its quoted name. Rows that
come with those of other tables (``select_related``) have a hundred columns, and a page makes dozens of such queries.
"""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.db.models.expressions import Col
from django.db.models.sql.compiler import SQLCompiler

# By model and alias of its table; by alias as it is written and name of the column.
_COLUMNS: dict[tuple[Any, str], tuple[Any, ...]] = {}
_NAMES: dict[tuple[Any, Any], str] = {}


class WrittenOnce(SQLCompiler):
    """Part of the query compilers of both databases, which quote names alike."""

    def compile(self, node: Any) -> Any:
        if node.__class__ is not Col or not node.alias or self.query.extra_select:
            return super().compile(node)
        alias = self.quote_cache.get(node.alias) or self.quote_name_unless_alias(node.alias)
        key = (alias, node.target.column)
        written = _NAMES.get(key)
        if written is None:
            written = _NAMES[key] = super().compile(node)[0]
        return written, []

    def get_default_columns(
        self, select_mask: Any, start_alias: Any = None, opts: Any = None, from_parent: Any = None
    ) -> Any:
        of: Any = opts or self.query.get_meta()
        # Models of migrations are many, and gone after them.
        if select_mask or from_parent or of is None or of.parents or of.proxy or of.apps is not apps:
            return super().get_default_columns(select_mask, start_alias, opts, from_parent)
        key = (of.model, start_alias or self.query.get_initial_alias())
        columns = _COLUMNS.get(key)
        if columns is None:
            columns = _COLUMNS[key] = tuple(super().get_default_columns(select_mask, key[1], opts))
        return list(columns)
