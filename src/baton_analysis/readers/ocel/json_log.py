"""OCEL 2.0 in JSON: read whole within a bound, without trusting its depth, its numbers or its names."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable
from typing import Any

from baton_analysis.errors import ReadError, gettext_noop
from baton_analysis.readers.model import MIB, Limits
from baton_analysis.readers.ocel.log import ObjectLog

_MOST = 256 * MIB
"""JSON is held in memory whole, where it takes several times its size."""


def read_json(chunks: Iterable[bytes], limits: Limits) -> ObjectLog:
    """The log of a JSON text.

    Raises
    ------
    ReadError
        It is no JSON, cut off, nested too deep, too large, or no OCEL 2.0.
    """
    log = ObjectLog(limits)
    document = _parsed(_joined(chunks, min(limits.unpacked, _MOST)), log)
    if not isinstance(document, dict) or not isinstance(document.get("events"), list):
        raise _no_ocel()
    for thing in _list(document.get("objects")):
        if (named := _named(thing, log)) is not None:
            log.add_object(*named, _values(thing))
    for thing in _list(document["events"]):
        if (named := _named(thing, log)) is None:
            continue
        time = _text(thing.get("time"))
        if log.add_event(*named, time, _values(thing)):
            for relation in _list(thing.get("relationships")):
                if isinstance(relation, dict) and (related := _text(relation.get("objectId"))) is not None:
                    log.relate(named[0], related)
    return log


def _joined(chunks: Iterable[bytes], most: int) -> bytes:
    data = bytearray()
    for chunk in chunks:
        data += chunk
        if len(data) > most:
            raise ReadError(
                expected=gettext_noop("A JSON log of at most {limit} MiB was expected."),
                found=gettext_noop("It is larger."),
                remedy=gettext_noop("Export the log as OCEL in SQLite, or in parts."),
                limit=most // MIB,
            )
    return bytes(data)


def _parsed(data: bytes, log: ObjectLog) -> Any:
    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(reversed(pairs))
        log.counts["key twice"] += len(pairs) - len(found)
        return found

    def number(text: str) -> str | None:
        if math.isfinite(float(text)):
            return text
        log.counts["not finite"] += 1
        return None

    def constant(_: str) -> None:
        log.counts["not finite"] += 1

    try:
        text = data.decode("utf-8-sig")
        return json.loads(text, object_pairs_hook=unique, parse_float=number, parse_int=str, parse_constant=constant)
    except RecursionError as error:
        raise ReadError(
            expected=gettext_noop("JSON whose lists and objects are nested a few levels deep was expected."),
            found=gettext_noop("They are nested deeper than any log."),
            remedy=gettext_noop("This is no log that a tool writes; export it again from the tool it comes from."),
        ) from error
    except UnicodeDecodeError as error:
        raise _malformed(_NO_UTF8, error.object.count(b"\n", 0, error.start) + 1) from error
    except json.JSONDecodeError as error:
        cut_off = error.pos >= len(text.rstrip()) or error.msg.startswith("Unterminated string")
        raise _malformed(_CUT_OFF if cut_off else _WRONG_SIGN, error.lineno) from error


_NO_UTF8 = gettext_noop("Line {line} has bytes that are not UTF-8.")
_CUT_OFF = gettext_noop("It ends in the middle, in line {line}.")
_WRONG_SIGN = gettext_noop("Reading stopped in line {line} at a character that JSON does not allow there.")


def _malformed(found: str, line: int) -> ReadError:
    """The parser words what it met in English only; these stand for it."""
    return ReadError(
        expected=gettext_noop("Complete JSON in UTF-8 was expected."),
        found=found,
        remedy=gettext_noop("Copy or download the file again; if it stays so, ask for a new export."),
        line=line,
    )


def _no_ocel() -> ReadError:
    return ReadError(
        expected=gettext_noop("An object-centric log (OCEL 2.0) was expected: JSON with lists of events and objects."),
        found=gettext_noop("The JSON holds something else."),
        remedy=gettext_noop("Export the log as OCEL 2.0 or XES, or as CSV with one row an event."),
    )


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _named(thing: Any, log: ObjectLog) -> tuple[str, str] | None:
    """Id and type of an event or object."""
    identity, kind = (_text(thing.get("id")), _text(thing.get("type"))) if isinstance(thing, dict) else (None, None)
    if identity is None or kind is None:
        log.counts["nameless"] += 1
        return None
    return identity, kind


def _values(thing: dict[str, Any]) -> dict[str, str]:
    """Attributes with a plain value; the first where one has several over time."""
    found: dict[str, str] = {}
    for attribute in _list(thing.get("attributes")):
        if not isinstance(attribute, dict):
            continue
        name, value = _text(attribute.get("name")), _text(attribute.get("value"))
        if name is not None and value is not None:
            found.setdefault(name, value)
    return found


def _text(value: Any) -> str | None:
    """A plain value as text without NUL; None for nothing, lists and objects."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.replace("\x00", "\ufffd") if isinstance(value, str) and value else None
