"""What a record's values look like in the audit trail."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from functools import cache
from typing import Any
from uuid import UUID

from django.db import models
from django.db.models.fields.files import FieldFile

from baton.core.models import Record

# What follows from other fields of the same record: saved with them, not worth a line of its own.
DERIVED = frozenset({"sort_keys", "search_text"})
# Fields whose change is the bookkeeping of the change itself, or of signing in.
BOOKKEEPING = frozenset({"id", "changed_seq", "recorded_at", "public_id", "last_login"}) | DERIVED
MASKED = "***"


def plain(value: Any) -> Any:
    """A value as canonical JSON can hold it: times in UTC, exact numbers as text, durations in seconds."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, Decimal | UUID | FieldFile):
        return str(value)
    if isinstance(value, Mapping):
        return {str(name): plain(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [plain(inner) for inner in value]
    if isinstance(value, set | frozenset):
        return sorted(plain(inner) for inner in value)
    return value


def links_to_records(model: type[Record]) -> list[str]:
    """Names of the foreign keys to other records, whose public ids stand in the trail."""
    return [column.name for column in model._meta.concrete_fields if _links_to_record(column)]


def values_of(record: Record, *, without: Collection[str] = ()) -> dict[str, Any]:
    """Columns of a record without the bookkeeping and those named; a foreign key to a record as that record's public
    id."""
    found: dict[str, Any] = {}
    for name, attname, leads in columns_of(type(record)):
        if name in without:
            continue
        value = getattr(record, attname)
        if leads:
            found[name] = getattr(record, name).public_id if value is not None else None
        else:
            found[name] = value if value is None or isinstance(value, str) else plain(value)
    return found


@cache
def columns_of(model: type[Record]) -> list[tuple[str, str, bool]]:
    """Name, attribute and whether it leads to a record, of each column that is no bookkeeping."""
    return [
        (column.name, column.attname, _links_to_record(column))
        for column in model._meta.concrete_fields
        if column.name not in BOOKKEEPING
    ]


def shown_values(record: Record) -> dict[str, Any]:
    """:func:`values_of` without what nobody may see."""
    return {name: value for name, value in values_of(record).items() if name not in record.secret}


def _links_to_record(column: models.Field[Any, Any]) -> bool:
    return isinstance(column, models.ForeignKey) and issubclass(column.related_model, Record)
