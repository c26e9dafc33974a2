"""Small XES logs to write down in tests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from xml.sax.saxutils import quoteattr

HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<log xes.version="1.0" xmlns="http://www.xes-standard.org/">\n'


def attribute(key: str, value: str, tag: str = "string") -> str:
    """One attribute."""
    return (
        f"<{tag} key={quoteattr(key)} value={quoteattr(value, {chr(10): '&#10;', chr(9): '&#9;', chr(13): '&#13;'})}/>"
    )


def event(**values: str) -> str:
    """An event with ``activity``, ``time``, ``group`` and whatever else is named."""
    names = {"activity": "concept:name", "time": "time:timestamp", "group": "org:group", "resource": "org:resource"}
    tags = {"time": "date"}
    inside = "".join(attribute(names.get(k, k), v, tags.get(k, "string")) for k, v in values.items())
    return f"<event>{inside}</event>"


def trace(name: str | None, *events: str) -> str:
    """A case; ``name`` None leaves its concept:name out."""
    return f"<trace>{'' if name is None else attribute('concept:name', name)}{''.join(events)}</trace>\n"


def log(*parts: str, head: str = HEAD) -> bytes:
    """A whole log."""
    return (head + "".join(parts) + "</log>").encode()


def log_of(cases: Sequence[tuple[str, Sequence[Mapping[str, str]]]]) -> bytes:
    """A log of text attributes only, from names of cases and the attributes of their events."""
    return log(
        *(
            trace(name, *(f"<event>{''.join(attribute(k, v) for k, v in e.items())}</event>" for e in events))
            for name, events in cases
        )
    )
