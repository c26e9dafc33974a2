"""What is gathered of an object-centric log, within bounds, and the tables that are made of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

import polars as pl

from baton_analysis.errors import gettext_noop
from baton_analysis.readers.bounds import too_long, too_many_cells, too_many_columns, too_many_events
from baton_analysis.readers.model import Limits, Notice, display

EVENT_ID, ACTIVITY, TIME = "ocel:eid", "ocel:activity", "ocel:timestamp"
_OBJECT_ID, _OBJECT_TYPE = "ocel:oid", "ocel:type"


class _Columns:
    """Attributes of things that are numbered from 0, as columns of texts."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.values: dict[str, dict[int, str]] = {}

    def keep(self, index: int, name: str, value: str) -> None:
        """The first value of a name counts."""
        if len(value) > self.limits.field_chars:
            raise too_long(name, self.limits.field_chars)
        column = self.values.get(name)
        if column is None:
            if len(self.values) >= self.limits.columns:
                raise too_many_columns(len(self.values) + 1, self.limits.columns)
            column = self.values.setdefault(name, {})
        column.setdefault(index, value)

    def series(self, name: str, length: int) -> pl.Series:
        column = self.values[name]
        return pl.Series(name, [column.get(i) for i in range(length)], dtype=pl.String)


class ObjectLog:
    """Events and objects of a log, gathered one after the other; whatever order they come in.

    What is wrong is counted and said, never mended by guessing: the first of two events with one id counts, a relation
    to an object that is not there is left out.
    """

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.counts: Counter[str] = Counter()
        self._events: dict[str, int] = {}
        self._types: list[str] = []
        self._times: list[str | None] = []
        self._objects: dict[str, str] = {}
        self._object_numbers: dict[str, int] = {}
        self._relations: list[tuple[str, str]] = []
        self._event_values = _Columns(limits)
        self._object_values = _Columns(limits)

    @property
    def object_types(self) -> list[str]:
        """Types of objects in alphabetical order, those without any object left out."""
        return sorted(set(self._objects.values()))

    def add_object(self, identity: str, kind: str, values: Mapping[str, str]) -> None:
        """An object; of attributes that change over time the first value is kept."""
        if identity in self._objects:
            self.counts["object twice"] += self._objects[identity] != kind
        else:
            self._bound(len(self._objects))
            self._object_numbers[identity] = len(self._objects)
            self._objects[identity] = kind
        self.describe_object(identity, values)

    def describe_object(self, identity: str, values: Mapping[str, str]) -> None:
        """Attributes of an object that was added."""
        number = self._object_numbers.get(identity)
        if number is None:
            self.counts["dangling"] += 1
            return
        for name, value in values.items():
            self._object_values.keep(number, name, value)

    def add_event(self, identity: str, kind: str, time: str | None, values: Mapping[str, str]) -> bool:
        """An event; False when one of this id is there already, which then counts."""
        if identity in self._events:
            self.counts["event twice"] += 1
            return False
        self._bound(len(self._events))
        self._events[identity] = len(self._types)
        self._types.append(kind)
        self._times.append(time)
        for name, value in values.items():
            self._event_values.keep(self._events[identity], name, value)
        return True

    def describe_event(self, identity: str, time: str | None, values: Mapping[str, str]) -> None:
        """Time and attributes of an event that was added."""
        number = self._events.get(identity)
        if number is None:
            self.counts["dangling"] += 1
            return
        self._times[number] = self._times[number] or time
        for name, value in values.items():
            self._event_values.keep(number, name, value)

    def relate(self, event: str, related: str) -> None:
        """An event belongs to an object."""
        self._relations.append((event, related))
        if len(self._relations) > self.limits.cells:
            raise too_many_cells(self.limits.cells)

    def _bound(self, count: int) -> None:
        if count >= self.limits.events:
            raise too_many_events(self.limits.events)

    def objects(self) -> pl.DataFrame:
        """One row an object: ``ocel:oid``, ``ocel:type`` and its attributes as texts."""
        ids = pl.DataFrame({_OBJECT_ID: list(self._objects), _OBJECT_TYPE: list(self._objects.values())})
        values = self._object_values
        return ids.with_columns(values.series(name, ids.height) for name in values.values)

    def events(self) -> pl.DataFrame:
        """One row an event: ``ocel:eid``, ``ocel:activity``, ``ocel:timestamp`` and its attributes as texts.

        An attribute that is called like a type of objects has " (attribute)" behind its name.
        """
        texts = dict.fromkeys((EVENT_ID, ACTIVITY, TIME), pl.String)
        frame = pl.DataFrame([list(self._events), self._types, self._times], schema=texts)
        values, taken = self._event_values, {*self.object_types, EVENT_ID, ACTIVITY, TIME}
        if frame.height * (len(values.values) + 3) > self.limits.cells:
            raise too_many_cells(self.limits.cells)
        return frame.with_columns(
            values.series(name, frame.height).alias(f"{name} (attribute)" if name in taken else name)
            for name in values.values
        )

    def table(self, columns: Sequence[str] | None = None) -> tuple[pl.DataFrame, list[Notice]]:
        """Events with a column for each type of object; flattened by the first of ``columns`` if that is such a type.

        An event of several objects of a type that is not the case shows the first of them.
        """
        events = self.events().with_row_index("event")
        known = pl.DataFrame(
            [list(self._objects), list(self._objects.values())],
            schema={"object": pl.String, "type": pl.String},
        )
        pairs = pl.DataFrame(self._relations, schema={EVENT_ID: pl.String, "object": pl.String}, orient="row").unique(
            maintain_order=True
        )
        joined = pairs.join(events.select(EVENT_ID, "event"), on=EVENT_ID, how="inner", maintain_order="left")
        relations = joined.join(known, on="object", how="inner", maintain_order="left")
        dangling = pairs.height - relations.height + self.counts["dangling"]
        notices = list(self._notices(dangling, known.height - relations["object"].n_unique()))
        types = self.object_types
        case = columns[0] if columns and columns[0] in types else None
        frame = events
        if case is not None:
            own = relations.filter(pl.col("type") == case).select("event", pl.col("object").alias(case))
            frame = own.join(events, on="event", how="left", maintain_order="left").sort("event", maintain_order=True)
            if without := events.height - own["event"].n_unique():
                text = gettext_noop("{count} events belong to no object of type “{type}”; they are left out.")
                notices.append(Notice(text, without, {"type": display(case)}))
        for kind in types:
            if kind != case and (columns is None or kind in columns):
                frame = self._with_first(frame, relations, kind, notices)
        return frame.drop("event"), notices

    def _with_first(
        self, frame: pl.DataFrame, relations: pl.DataFrame, kind: str, notices: list[Notice]
    ) -> pl.DataFrame:
        own = relations.filter(pl.col("type") == kind).select("event", pl.col("object").alias(kind))
        own = own.join(frame.select("event"), on="event", how="semi", maintain_order="left")
        several = int((own.group_by("event").len()["len"] > 1).sum())
        if several:
            text = gettext_noop("{count} events belong to several objects of type “{type}”; the first is taken.")
            notices.append(Notice(text, several, {"type": display(kind)}))
        first = own.unique("event", keep="first", maintain_order=True)
        return frame.join(first, on="event", how="left", maintain_order="left")

    def _notices(self, dangling: int, unused: int) -> Iterator[Notice]:
        texts = {
            "dangling": gettext_noop("{count} entries name an event or object that the log does not have; left out."),
            "unused": gettext_noop("{count} objects belong to no event."),
            "event twice": gettext_noop("{count} events repeat the id of an earlier one; the first counts."),
            "object twice": gettext_noop("{count} objects are listed under two types; the first counts."),
            "key twice": gettext_noop("{count} names stand twice in one JSON object; the first counts."),
            "not finite": gettext_noop("{count} numbers are NaN or infinite; they are taken as missing."),
            "nameless": gettext_noop("{count} events or objects have no id or type; they are left out."),
        }
        counts = {**self.counts, "dangling": dangling, "unused": unused}
        yield from (Notice(text, counts[key]) for key, text in texts.items() if counts.get(key))
