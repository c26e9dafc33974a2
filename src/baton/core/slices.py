"""Parts of long lists for programs: a bounded number of rows, and a cursor behind the last one.

The cursor names the last row by its sort key and public id, not by its place: rows that are added or ended meanwhile
neither repeat nor hide others. It is signed together with what the list was asked for, so it fits no other list.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Generic, TypeVar, cast

from django.core import signing
from django.db.models import F, Model, Q, QuerySet, TextField
from django.db.models.expressions import OrderBy
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast

from baton.core.errors import Refused
from baton_analysis.errors import gettext_noop

M = TypeVar("M", bound=Model)
T = TypeVar("T")

MOST_ROWS = 200
FEW_ROWS = 50

_SALT = "baton.core.slices"


@dataclass(frozen=True, slots=True)
class Slice(Generic[T]):
    """At most :data:`MOST_ROWS` rows; ``next`` is the cursor of the following slice, empty at the end."""

    rows: list[T]
    next: str


def slice_of(
    rows: QuerySet[M], *, asked: Mapping[str, Any], limit: int = FEW_ROWS, cursor: str = "", tie: str = "public_id"
) -> Slice[M]:
    """The slice of ``rows`` behind ``cursor``. ``rows`` are ordered by one expression, which has a value in every row,
    and rows of the same value by the unique field ``tie``; ``asked`` is what the list was asked for, order included.

    Only what they are ordered by is sorted, and the rows of the slice are then read with all that belongs to them. Two
    queries, one where there is none.
    """
    limit = max(1, min(limit, MOST_ROWS))
    order = rows.query.order_by[0]
    if isinstance(order, str):
        order = OrderBy(F(order.lstrip("-")), descending=order.startswith("-"))
    by: Any = order if isinstance(order, OrderBy) else OrderBy(cast(Any, order))
    key, last = "slice_key", f"-{tie}" if by.descending else tie
    # A text within JSON would be compared as JSON.
    text = isinstance(by.expression, KeyTextTransform)
    rows = rows.annotate(**{key: Cast(by.expression, TextField()) if text else by.expression}).order_by(
        f"-{key}" if by.descending else key, last
    )
    if cursor:
        value, last_tie = _read(cursor, asked)
        than = "lt" if by.descending else "gt"
        # Said as one bound and an exception: an index on the expression is then entered at the bound.
        rows = rows.filter(
            Q(**{f"{key}__{than}e": value}) & (Q(**{f"{key}__{than}": value}) | Q(**{f"{tie}__{than}": last_tie}))
        )
    keys = list(rows.values("pk", key, tie)[: limit + 1])
    found = in_order(rows, [one["pk"] for one in keys[:limit]])
    if len(keys) <= limit:
        return Slice(found, "")
    end = keys[limit - 1]
    return Slice(found, _write(end[key], end[tie], asked))


def in_order(rows: QuerySet[M], keys: Sequence[int]) -> list[M]:
    """Those of the rows that have these keys, in the order of the keys. One query, none for no keys."""
    found_rows = {row.pk: row for row in rows.order_by().filter(pk__in=keys)} if keys else {}
    return [found_rows[pk] for pk in keys if pk in found_rows]


def slice_of_list(
    rows: Sequence[T], *, key: Callable[[T], str], asked: Mapping[str, Any], limit: int = FEW_ROWS, cursor: str = ""
) -> Slice[T]:
    """As :func:`slice_of`, for rows that no table holds; ``key`` is different for every row, and orders them."""
    limit = max(1, min(limit, MOST_ROWS))
    ordered = sorted(rows, key=key)
    if cursor:
        last = str(_read(cursor, asked)[1])
        ordered = [row for row in ordered if key(row) > last]
    if len(ordered) <= limit:
        return Slice(ordered, "")
    return Slice(ordered[:limit], _write("", key(ordered[limit - 1]), asked))


def _write(value: Any, tie: Any, asked: Mapping[str, Any]) -> str:
    kind, plain = "", value
    if isinstance(value, datetime):
        kind, plain = "moment", value.isoformat()
    elif isinstance(value, date):
        kind, plain = "day", value.isoformat()
    return signing.dumps([kind, plain, tie, _list(asked)], salt=_SALT, compress=True)


def _read(cursor: str, asked: Mapping[str, Any]) -> tuple[Any, Any]:
    try:
        kind, plain, tie, of = signing.loads(cursor, salt=_SALT)
    except (signing.BadSignature, ValueError):
        of = None
    if of != _list(asked):
        raise Refused(
            field="cursor",
            expected=gettext_noop("Expected the cursor “next” of the same list, asked for with the same filters."),
            found=gettext_noop("This one belongs to another list, or it was changed on the way."),
            remedy=gettext_noop("Begin without a cursor and follow “next” as it comes."),
        )
    values = {"moment": datetime.fromisoformat, "day": date.fromisoformat}
    return (values[kind](plain) if kind else plain), tie


def _list(asked: Mapping[str, Any]) -> dict[str, str]:
    return {name: str(value) for name, value in sorted(asked.items()) if value not in ("", None)}
