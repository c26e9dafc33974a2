"""What is kept of the tags of an XES log."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping

import polars as pl

from baton_analysis.errors import ReadError, gettext_noop
from baton_analysis.readers.bounds import too_long, too_many_cells, too_many_columns, too_many_events
from baton_analysis.readers.model import Limits, display

_LOG, _TRACE, _EVENT, _GLOBAL = "log", "trace", "event", "global"
CASE_PREFIX = "case:"

CASE = "case:concept:name"

TIME = "time:timestamp"

_BATCH_CELLS = 1_000_000

_LIST_TAGS = frozenset(("list", "container"))


class Enough(Exception):
    """The sample is full."""


class LogTarget:
    """Hears the elements of a log one after the other and keeps its events as columns of text.

    ``wanted`` names the columns to keep (None: all); reading stops with :class:`Enough` after ``sample`` events.
    """

    def __init__(self, limits: Limits, wanted: Collection[str] | None = None, sample: int | None = None) -> None:
        self.limits = limits
        self.wanted = wanted
        self.sample = sample
        self.types: dict[str, set[str]] = {}
        self.counts: Counter[str] = Counter()
        self.defaults: dict[str, str] = {}
        self.events = 0
        self.traces = 0
        self._local: dict[str, str] = {}
        self._columns: dict[str, list[str | None]] = {}
        self._rows = 0
        self._frames: list[pl.DataFrame] = []
        self._depth = 0
        self._scope = ""
        self._scope_depth = 0
        self._trace: dict[str, str | None] | None = None
        self._trace_rows = 0
        self._list: tuple[str, list[str]] | None = None

    def doctype(self, name: str, public: str | None, system: str | None) -> None:
        """A document type can define entities that grow without bound or read other files: refused unread."""
        raise ReadError(
            expected=gettext_noop("An XES log without a document type (DOCTYPE) was expected."),
            found=gettext_noop("It declares one, which can hold entities that unfold to any size."),
            remedy=gettext_noop("Remove the DOCTYPE lines, or export the log again from the tool it comes from."),
        )

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """An element begins."""
        self._depth += 1
        local = self._local.get(tag)
        if local is None:
            local = self._local.setdefault(tag, tag.rpartition("}")[2] if len(self._local) < 10_000 else tag)
        if self._depth == self._scope_depth + 1 and self._scope in (_EVENT, _TRACE) and local != _EVENT:
            self._attribute(local, attributes)
        elif self._depth <= 3 and self._structure(local, attributes):
            return
        elif self._scope in (_EVENT, _TRACE) and self._depth > self._scope_depth + 1:
            self._nested(local, attributes)
        if self._depth > self.limits.depth:
            raise _too_deep(self.limits.depth)

    def end(self, tag: str) -> None:
        """An element ends."""
        if self._depth == self._scope_depth:
            if self._scope == _EVENT:
                self._end_event()
            elif self._scope == _TRACE:
                self._end_trace()
            else:
                self._scope, self._scope_depth = "", 0
        elif self._list is not None and self._depth == self._scope_depth + 1:
            key, values = self._list
            self._list = None
            self._keep(key, "; ".join(values) or None, "list")
        self._depth -= 1

    def close(self) -> None:
        """The document ends."""

    def frame(self) -> pl.DataFrame:
        """All events so far, every column as text."""
        self._flush()
        return pl.concat(self._frames, how="diagonal") if self._frames else pl.DataFrame()

    def _structure(self, local: str, attributes: Mapping[str, str]) -> bool:
        """Enter log, trace, event or global; True if the element was one of them."""
        if self._depth == 1:
            if local != _LOG:
                raise _not_a_log(local)
        elif local == _TRACE and self._depth == 2:
            self._trace = {}
            self._trace_rows = 0
            self.traces += 1
        elif local == _EVENT and self._scope in ("", _TRACE):
            self._begin_event()
        elif local == _GLOBAL and self._depth == 2:
            pass
        elif self._scope == _GLOBAL and "key" in attributes and len(self.defaults) < self.limits.columns:
            self.defaults.setdefault(attributes["key"], attributes.get("value", ""))
            return True
        else:
            return False
        if self._depth > 1:
            scope = local if local != _GLOBAL or attributes.get("scope") == "event" else "other global"
            self._scope, self._scope_depth = scope, self._depth
        return True

    def _begin_event(self) -> None:
        self.events += 1
        if self.events > self.limits.events:
            raise too_many_events(self.limits.events)
        if self.events * len(self.types) > self.limits.cells:
            raise too_many_cells(self.limits.cells)
        if self._trace is None:
            self.counts["outside"] += 1

    def _attribute(self, local: str, attributes: Mapping[str, str]) -> None:
        key = attributes.get("key")
        if key is None:
            self.counts["no key"] += 1
        elif local in _LIST_TAGS:
            self._list = (key, [])
        else:
            self._keep(key, attributes.get("value"), local)

    def _nested(self, local: str, attributes: Mapping[str, str]) -> None:
        if self._list is None:
            self.counts["nested"] += "key" in attributes
        elif "value" in attributes:
            self.counts["listed"] += 1
            self._list[1].append(attributes["value"])
            if len(self._list[1]) > 10_000:
                raise too_long("list", self.limits.field_chars)

    def _keep(self, key: str, value: str | None, kind: str) -> None:
        if value is not None and len(value) > self.limits.field_chars:
            raise too_long(key, self.limits.field_chars)
        if self._scope == _TRACE:
            self._keep_trace(key, value, kind)
            return
        column = self._columns.get(key)
        if column is None:
            if self.wanted is not None and key not in self.wanted:
                return
            column = self._new_column(key)
        gap = self._rows - len(column)
        if gap < 0:
            self.counts["repeated"] += 1
            return
        if gap:
            column.extend([None] * gap)
        column.append(value)
        self.types[key].add(kind)

    def _keep_trace(self, key: str, value: str | None, kind: str) -> None:
        name = CASE_PREFIX + key
        trace = self._trace
        if trace is None or (self.wanted is not None and name not in self.wanted):
            return
        if name in trace:
            self.counts["repeated"] += 1
            return
        trace[name] = value
        self._type_set(name).add(kind)

    def _new_column(self, name: str) -> list[str | None]:
        self._type_set(name)
        return self._columns.setdefault(name, [])

    def _type_set(self, name: str) -> set[str]:
        if name not in self.types and len(self.types) >= self.limits.columns:
            raise too_many_columns(len(self.types) + 1, self.limits.columns)
        return self.types.setdefault(name, set())

    def _end_event(self) -> None:
        self._rows += 1
        full = self.sample is not None and self.events >= self.sample
        if self._trace is None:
            self._scope, self._scope_depth = "", 0
        else:
            self._trace_rows += 1
            self._scope, self._scope_depth = _TRACE, 2
            if full:
                self._end_trace()
        if full:
            raise Enough

    def _end_trace(self) -> None:
        trace = self._trace or {}
        rows = self._trace_rows
        if not rows:
            self.counts["empty"] += 1
        elif self._name_wanted and trace.get(CASE) is None:
            self.counts["unnamed"] += 1
        for name, value in trace.items():
            column = self._columns.get(name)
            if column is None:
                column = self._new_column(name)
            gap = self._rows - rows - len(column)
            if gap < 0:  # events carry an attribute of the same full name: the trace's own counts
                self.counts["repeated"] += -gap
                del column[gap:]
            elif gap:
                column.extend([None] * gap)
            column.extend([value] * rows)
        self._trace = None
        self._scope, self._scope_depth = "", 0
        if self._rows * len(self._columns) >= _BATCH_CELLS:
            self._flush()

    @property
    def _name_wanted(self) -> bool:
        return self.wanted is None or CASE in self.wanted

    def _flush(self) -> None:
        if not self._rows:
            return
        for column in self._columns.values():
            column.extend([None] * (self._rows - len(column)))
        self._frames.append(pl.DataFrame(self._columns, schema=dict.fromkeys(self._columns, pl.String)))
        self._columns = {}
        self._rows = 0


def _too_deep(limit: int) -> ReadError:
    return ReadError(
        expected=gettext_noop("Elements nested at most {limit} deep were expected."),
        found=gettext_noop("They are nested deeper."),
        remedy=gettext_noop("This is no log that a tool writes; export it again from the tool it comes from."),
        limit=limit,
    )


def _not_a_log(root: str) -> ReadError:
    return ReadError(
        expected=gettext_noop("An XES log, whose first element is <log>, was expected."),
        found=gettext_noop("The first element is <{root}>."),
        remedy=gettext_noop("Export the log as XES, or as CSV with one row an event."),
        root=display(root),
    )
