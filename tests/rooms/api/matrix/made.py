"""What a part of the matrix hands over."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

VERSION: Final = object()
"""Stands in a body for the version of the record that the call is about."""

Reads = dict[str, tuple[frozenset[str], dict[str, int]]]
Writes = dict[str, tuple[frozenset[str], frozenset[str], int]]


@dataclass(frozen=True)
class Made:
    """The records that the calls of a part are about, and what the calls are made with.

    ``own`` has the record by the first part of a path, or by two parts where a router has two; ``of_call`` by the name
    of a call that is about another one; ``below`` by the placeholder of a second record in the path, whose version
    then counts. ``texts`` are further placeholders, ``files`` what a call sends that takes a file.
    """

    own: dict[str, Any]
    bodies: dict[str, dict[str, Any]] = field(default_factory=dict)
    of_call: dict[str, Any] = field(default_factory=dict)
    below: dict[str, Any] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    queries: dict[str, str] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)

    def refreshed(self) -> Made:
        """The same, each record as it now stands."""
        for record in (*self.own.values(), *self.of_call.values(), *self.below.values()):
            record.refresh_from_db()
        return self
