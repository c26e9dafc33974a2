"""JSON as programs send it, read strictly (RFC 8259, and I-JSON, RFC 7493): what two readers could understand in two
ways is refused."""

from __future__ import annotations

import json
import math
from typing import Any

from baton.core.problems import Problem
from baton_analysis.errors import gettext_noop

LARGEST = 1024 * 1024
"""Most bytes of a body."""

MOST_MEMBERS = 1000
"""Most members of one object, and most query parameters."""

MOST_ELEMENTS = 10_000
"""Most elements of one list."""

DEEPEST = 20
"""Most levels of objects and lists in each other."""

LARGEST_INTEGER = 2**53
"""Integers beyond it are not exact in every reader (RFC 7493, 2.2)."""


def parsed(body: bytes) -> dict[str, Any]:
    """The object that ``body`` holds. Raises :class:`Problem` (400) for anything else."""
    try:
        read = json.loads(
            body.decode("utf-8"), object_pairs_hook=_object, parse_constant=_constant, parse_float=_float,
            parse_int=_integer,
        )  # fmt: skip
    except UnicodeDecodeError as wrong:
        raise _unreadable(gettext_noop("Found bytes that are not UTF-8.")) from wrong
    except RecursionError as wrong:
        raise _too_deep() from wrong
    except json.JSONDecodeError as wrong:
        found = gettext_noop("Found something else at line {line}, column {column}.")
        raise _unreadable(found, line=wrong.lineno, column=wrong.colno) from wrong
    if not isinstance(read, dict):
        raise _unreadable(gettext_noop("Found JSON that is no object."))
    _look_through(read)
    return read


def _unreadable(found: str, **values: Any) -> Problem:
    return Problem(
        "not-understood",
        expected=gettext_noop("Expected one JSON object in UTF-8, such as {example}."),
        found=found,
        remedy=gettext_noop("Correct the body and send it again."),
        example='{"name": {"en": "Laundry"}}',
        **values,
    )


def _too_deep() -> Problem:
    return _unreadable(gettext_noop("Found more than {most} levels of objects and lists."), most=DEEPEST)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    read = dict(pairs)
    if len(pairs) > MOST_MEMBERS:
        raise _unreadable(gettext_noop("Found an object with more than {most} members."), most=MOST_MEMBERS)
    if len(read) < len(pairs):
        names = [name for name, _value in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise _unreadable(gettext_noop("Found the name {name} twice in one object."), name=_shown(twice))
    return read


def _constant(name: str) -> Any:
    raise _unreadable(gettext_noop("Found {name}, which is no number of JSON."), name=name)


def _float(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise _unreadable(gettext_noop("Found a number that is too large: {name}."), name=_shown(text))
    return number


def _integer(text: str) -> int:
    if len(text) > 17 or abs(int(text)) > LARGEST_INTEGER:
        raise _unreadable(gettext_noop("Found a number that is too large: {name}."), name=_shown(text))
    return int(text)


def _look_through(read: Any) -> None:
    """Refuse what is nested too deep, endless lists, and characters that no database keeps."""
    level = [read]
    for _depth in range(DEEPEST):
        below: list[Any] = []
        for value in level:
            if isinstance(value, dict):
                below += [*value.keys(), *value.values()]
            elif isinstance(value, list):
                if len(value) > MOST_ELEMENTS:
                    raise _unreadable(gettext_noop("Found a list of more than {most}."), most=MOST_ELEMENTS)
                below += value
            elif isinstance(value, str) and not is_storable(value):
                raise _unreadable(gettext_noop("Found a NUL or half a character (a lone surrogate) in a text."))
        level = below
        if not level:
            return
    if any(isinstance(value, dict | list) for value in level):
        raise _too_deep()


def is_storable(text: str) -> bool:
    """Whether every database keeps the text: no NUL, no lone surrogate."""
    return "\x00" not in text and not any("\ud800" <= character <= "\udfff" for character in text)


def _shown(text: str) -> str:
    """A short piece of what was sent, which can be written in an answer."""
    return text[:40].encode("utf-8", "replace").decode("utf-8")
