"""Names of what the OpenAPI document describes: a name means one thing.

Rooms name their shapes and enumerations for themselves, so that ``State`` is one thing in the chain and another among
handoffs. ninja keeps the last one of a name for all. Here the first one has the name alone, and another one gets the
name of its room before it, as ``HandoffsState``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import count
from typing import Any, get_args

from pydantic import BaseModel

_PREFIX = "#/components/schemas/"

Described = dict[str, Any]


def renamed(there: Mapping[str, Described], new: Mapping[str, Described], room: str) -> dict[str, str]:
    """What the ``new`` definitions are called among those that are ``there``: only names that change."""
    names: dict[str, str] = {}
    settled: set[str] = set()

    def settle(name: str) -> None:
        # What it refers to has its name first: only then can it be told from others.
        settled.add(name)
        for other in _referred(new[name]):
            if other in new and other not in settled:
                settle(other)
        described = with_names(new[name], names)
        free = (one for one in _candidates(name, room) if one not in there or there[one] == described)
        found = next(free)
        if found != name:
            names[name] = found

    for name in new:
        if name not in settled:
            settle(name)
    return names


def with_names(described: Any, names: Mapping[str, str]) -> Any:
    """A copy in which references go to the new ``names``."""
    if isinstance(described, dict):
        return {
            key: _PREFIX + names.get(value.removeprefix(_PREFIX), value.removeprefix(_PREFIX))
            if key == "$ref"
            else with_names(value, names)
            for key, value in described.items()
        }
    if isinstance(described, list):
        return [with_names(one, names) for one in described]
    return described


def room_of(model: type[BaseModel]) -> str:
    """The room of Baton to whose shapes ``model`` belongs or which it holds; empty where it holds none."""
    return next((name.split(".")[1] for name in _modules(model) if name.startswith("baton.")), "")


def _modules(kind: Any) -> Iterator[str]:
    for part in get_args(kind):
        yield from _modules(part)
    if not isinstance(kind, type):
        return
    yield kind.__module__
    if issubclass(kind, BaseModel) and not kind.__module__.startswith("baton."):
        for field in kind.model_fields.values():
            yield from _modules(field.annotation)


def _referred(described: Any) -> Iterator[str]:
    """The names to which it refers."""
    if isinstance(described, dict):
        for key, value in described.items():
            if key == "$ref":
                yield value.removeprefix(_PREFIX)
            else:
                yield from _referred(value)
    elif isinstance(described, list):
        for one in described:
            yield from _referred(one)


def _candidates(name: str, room: str) -> Iterator[str]:
    yield name
    yield f"{room.capitalize()}{name}"
    for number in count(2):
        yield f"{room.capitalize()}{name}{number}"
