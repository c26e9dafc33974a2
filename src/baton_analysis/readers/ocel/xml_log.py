"""OCEL 2.0 in XML, streamed with the same bounds as XES."""

from __future__ import annotations

from collections.abc import Mapping

from baton_analysis.errors import ReadError, gettext_noop
from baton_analysis.readers.bounds import too_long
from baton_analysis.readers.model import Limits
from baton_analysis.readers.ocel.log import ObjectLog

_THINGS = {("objects", "object"), ("events", "event")}


class OcelTarget:
    """Hears the elements of a log: ``log > objects > object`` and ``log > events > event``, each with attributes."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.log = ObjectLog(limits)
        self.events = 0
        self._path: list[str] = []
        self._thing: Mapping[str, str] = {}
        self._values: dict[str, str] = {}
        self._related: list[str] = []
        self._attribute: str | None = None
        self._text: list[str] = []
        self._length = 0

    def doctype(self, name: str, public: str | None, system: str | None) -> None:
        """A document type is refused unread, as in XES."""
        raise ReadError(
            expected=gettext_noop("A log without a document type (DOCTYPE) was expected."),
            found=gettext_noop("It declares one, which can hold entities that unfold to any size."),
            remedy=gettext_noop("Remove the DOCTYPE lines, or export the log again from the tool it comes from."),
        )

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """An element begins."""
        local = tag.rpartition("}")[2]
        self._path.append(local)
        if len(self._path) > self.limits.depth:
            raise ReadError(
                expected=gettext_noop("Elements nested at most {limit} deep were expected."),
                found=gettext_noop("They are nested deeper."),
                remedy=gettext_noop("This is no log that a tool writes; export it again from the tool it comes from."),
                limit=self.limits.depth,
            )
        if len(self._path) == 3 and (self._path[1], local) in _THINGS:
            self._thing, self._values, self._related = dict(attributes), {}, []
        elif self._inside and local == "attribute":
            self._attribute, self._text, self._length = attributes.get("name"), [], 0
        elif self._inside and "object-id" in attributes:
            self._related.append(attributes["object-id"])

    def data(self, text: str) -> None:
        """Characters between tags."""
        if self._attribute is not None:
            self._length += len(text)
            if self._length > self.limits.field_chars:
                raise too_long(self._attribute, self.limits.field_chars)
            self._text.append(text)

    def end(self, tag: str) -> None:
        """An element ends."""
        local = self._path.pop()
        if self._attribute is not None and local == "attribute":
            if value := "".join(self._text).strip():
                self._values.setdefault(self._attribute, value)
            self._attribute = None
        elif len(self._path) == 2 and (self._path[1], local) in _THINGS:
            self._finish(local)

    def close(self) -> None:
        """The document ends."""

    @property
    def _inside(self) -> bool:
        return len(self._path) > 3 and (self._path[1], self._path[2]) in _THINGS

    def _finish(self, local: str) -> None:
        identity, kind = self._thing.get("id"), self._thing.get("type")
        if not identity or not kind:
            self.log.counts["nameless"] += 1
        elif local == "object":
            self.log.add_object(identity, kind, self._values)
        else:
            self.events += 1
            if self.log.add_event(identity, kind, self._thing.get("time"), self._values):
                for related in self._related:
                    self.log.relate(identity, related)
