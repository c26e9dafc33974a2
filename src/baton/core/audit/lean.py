"""Rows of tables that come by the million: added without making a record of each."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from json.encoder import encode_basestring
from operator import itemgetter
from typing import Any

from django.db import connection, models

from baton.core.audit.chain import canonical, canonical_value
from baton.core.audit.values import columns_of
from baton.core.models import Record


class LeanRows:
    """How lists of values become rows of a table, and what the trail says of them.

    Values are those that the trail writes (moments as ISO 8601 in UTC with their offset, exact numbers as text), but
    that a record is named by its primary key. The digest is that of the records: see
    :func:`baton.core.audit.trail.rows_digest`.
    """

    def __init__(self, model: type[Record], columns: Sequence[str], shared: Mapping[str, Record]) -> None:
        own = {one.name: one for one in model._meta.concrete_fields}
        self._fields = [own[name] for name in columns]
        self._shared = [(str(own[name].column), one.pk) for name, one in shared.items()]
        self._model, self._columns = model, columns
        self._common = {name: one.public_id for name, one in shared.items()}
        known = columns_of(model)
        hidden = {*model.personal, *model.secret}
        missing = {name for name, _attribute, _leads in known} - set(columns) - shared.keys()
        if missing or "public_id" not in columns:
            raise TypeError(f"{model._meta.label}: rows without {sorted(missing | {'public_id'} - set(columns))}")
        self._leading = {name for name, _attribute, leads in known if leads} & set(columns)
        said = {name: place for place, name in enumerate(columns) if name not in hidden}
        self._spoken = [(said[name], name) for name in sorted(said)]
        self._line = self._canonical_line()

    def digest(self, rows: Sequence[Sequence[Any]]) -> str:
        """SHA-256 over the values of ``rows`` in their order, a line each."""
        if not rows:
            return sha256().hexdigest()
        columns = list(zip(*rows, strict=True))
        texts = []
        for place, name in self._spoken:
            values: Sequence[Any] = columns[place]
            if name in self._leading:
                values = self._named(place, values)
            texts.append(_canonical_texts(values))
        lines = map(self._line.__mod__, zip(*texts, strict=True))
        return sha256("".join(lines).encode()).hexdigest()

    def _named(self, place: int, keys: Sequence[Any]) -> list[str | None]:
        """The public ids of the records that a column points to."""
        ids = self._public_ids(place, keys)
        return [None if key is None else ids[key] for key in keys]

    def _canonical_line(self) -> str:
        """The canonical JSON of a row and its line feed, with a mark for each value that differs from row to row:
        putting one together this way takes a fifth of the time."""
        marks = {name: f"\x00{name}\x00" for _place, name in self._spoken}
        line = canonical({**marks, **self._common}).replace("%", "%%")
        for mark in marks.values():
            line = line.replace(canonical_value(mark), "%s")
        return line + "\n"

    def _public_ids(self, place: int, pointing: Sequence[Any]) -> dict[Any, str]:
        """Of the records that a column points to, by primary key. One query for each 500 of them."""
        keys = sorted(set(pointing) - {None})
        related: Any = self._fields[place].related_model
        found: dict[Any, str] = {}
        for start in range(0, len(keys), 500):
            part = related._base_manager.filter(pk__in=keys[start : start + 500])
            found |= dict(part.values_list("pk", "public_id"))
        return found

    def add(self, rows: Sequence[Sequence[Any]], *, recorded_at: datetime, changed_seq: int) -> None:
        """Write the rows into their table, in their order."""
        if not rows:
            return
        at = models.DateTimeField().get_db_prep_save(recorded_at, connection)
        names = [
            *(str(one.column) for one in self._fields),
            *(column for column, _pk in self._shared),
            "recorded_at",
            "changed_seq",
        ]
        common = (*(pk for _column, pk in self._shared), at, changed_seq)
        quoted = connection.ops.quote_name
        marks = ", ".join(["%s"] * len(names))
        table = quoted(self._model._meta.db_table)
        statement = f"INSERT INTO {table} ({', '.join(quoted(name) for name in names)}) VALUES ({marks})"
        with connection.cursor() as cursor:
            cursor.executemany(statement, self._stored(rows, common))

    def _stored(self, rows: Sequence[Sequence[Any]], common: tuple[Any, ...]) -> list[tuple[Any, ...]]:
        """The rows as the database takes them; column by column, because most need nothing done to them."""
        columns: list[Sequence[Any]] = []
        for place, one in enumerate(self._fields):
            values = list(map(itemgetter(place), rows))
            stored = _stored_as(one)
            columns.append(values if stored is None else [None if value is None else stored(value) for value in values])
        columns += [[value] * len(rows) for value in common]
        return list(zip(*columns, strict=True))


def _canonical_texts(values: Sequence[Any]) -> Sequence[str]:
    """The JSON texts of the values of a column; many columns say the same in each row."""
    if values[0].__class__ in (str, type(None)) and values.count(values[0]) == len(values):
        return [canonical_value(values[0])] * len(values)
    return [encode_basestring(value) if value.__class__ is str else canonical_value(value) for value in values]


def _stored_as(column: models.Field[Any, Any]) -> Callable[[Any], Any] | None:
    """What must be done to the values of a column on their way to the database; None: nothing."""
    if isinstance(column, models.DateTimeField) and connection.vendor == "sqlite":
        return _sqlite_moment
    return None


def _sqlite_moment(text: str) -> str:
    """2026-03-31T14:05:00+00:00 as Django writes it there: 2026-03-31 14:05:00."""
    return f"{text[:10]} {text[11:-6]}"
