"""Rows in the order of columns that are named, without a look at each column of the row.

To order by an expression that is also selected, Django makes an expression of every selected column, hashes it, and
looks the ordering up among them. An ordering that is nothing but names of columns finds nothing there; for rows that
come with those of other tables (``select_related``) the search takes a tenth of what a page costs.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models.sql.compiler import SQLCompiler


class OrderByNames(SQLCompiler):
    """Part of the query compilers of both databases."""

    def _order_by_pairs(self) -> Any:
        theirs: Any = super()
        selected = self.select
        if not selected or self.query.combinator or any(alias for _of, _sql, alias in selected):
            return theirs._order_by_pairs()
        if not all(isinstance(name, str) for name in self._asked_order()):
            return theirs._order_by_pairs()
        self.select = None
        try:
            return list(theirs._order_by_pairs())
        finally:
            self.select = selected

    def _asked_order(self) -> Iterable[Any]:
        query = self.query
        if query.extra_order_by or query.order_by or not query.default_ordering:
            return query.extra_order_by or query.order_by
        meta = query.get_meta()
        return meta.ordering or () if meta else ()
