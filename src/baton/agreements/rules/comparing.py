"""Versions side by side, and what an agreement adds to a service offer. Pure Python."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any, Protocol, TypeVar

from baton.agreements.rules.clauses import Terms


class Changed(StrEnum):
    """What became of a clause from one version to the next."""

    ADDED = "added"
    CHANGED = "changed"
    DROPPED = "dropped"
    SAME = "same"


@dataclass(frozen=True, slots=True)
class Difference:
    """What became of the clause ``line``: its terms before and after (None: there was none), and the fields that
    differ, in the order of :class:`baton.agreements.rules.Terms`."""

    line: str
    changed: Changed
    before: Terms | None
    after: Terms | None
    fields: tuple[str, ...] = ()


def compare(before: Mapping[str, Terms], after: Mapping[str, Terms]) -> list[Difference]:
    """What became of each clause, by line: those of ``after`` in their order, then those that were dropped."""
    found = []
    for line, now in after.items():
        was = before.get(line)
        if was is None:
            found.append(Difference(line, Changed.ADDED, None, now))
            continue
        names = tuple(one.name for one in fields(Terms) if not same_value(was, now, one.name))
        found.append(Difference(line, Changed.CHANGED if names else Changed.SAME, was, now, names))
    dropped = [line for line in before if line not in after]
    return [*found, *(Difference(line, Changed.DROPPED, before[line], None) for line in dropped)]


def same_value(one: Terms, other: Terms, name: str) -> bool:
    """Whether both say the same in this field."""
    return bool(_value(one, name) == _value(other, name))


def _value(terms: Terms, name: str) -> Any:
    value = getattr(terms, name)
    return dict(value) if isinstance(value, Mapping) else value


class Line(Protocol):
    """What :func:`effective` needs to know of a clause."""

    line: str
    deviates_from: str
    dropped: bool


C = TypeVar("C", bound=Line)


def effective(offered: Sequence[C], own: Sequence[C]) -> list[C]:
    """The clauses that hold: those of the service offer, each replaced by its deviation, or left out where it is
    dropped, then the agreement's own ones."""
    deviations = {one.deviates_from: one for one in own if one.deviates_from}
    held = [deviations.get(one.line, one) for one in offered]
    known = {one.line for one in offered}
    alone = [one for one in own if not one.deviates_from or one.deviates_from not in known]
    return [one for one in [*held, *alone] if not one.dropped]
