"""What people sign."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from baton.core.registries.registry import Registry


@dataclass(frozen=True, slots=True)
class Signable:
    """A kind of record that is signed; who may sign is decided by its room, in the change that calls ``sign``.

    ``contents(public_ids)`` maps those that exist to everything that a signature stands for, read from the database:
    values that JSON holds, or times, days and exact numbers. What is left out may change under a signature without
    voiding it, such as a state. ``names(public_ids)`` maps them to what people call them, with the number of the
    version, by language. ``sides`` says what the sides are called for which it is signed.
    """

    contents: Callable[[Collection[str]], Mapping[str, Mapping[str, Any]]]
    names: Callable[[Collection[str]], Mapping[str, Mapping[str, str]]]
    sides: Mapping[str, Any] = field(default_factory=dict)


# What can be signed, by kind of record.
signables: Registry[Signable] = Registry("signable kind")
