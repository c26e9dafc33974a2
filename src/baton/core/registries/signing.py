"""What people sign."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
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


def _no_parts(public_id: str) -> Sequence[tuple[str, str]]:
    return ()


@dataclass(frozen=True, slots=True)
class OutsideTask:
    """What somebody outside is asked to do with a version of a record of a signable ``kind``, on a page without
    sign-in.

    ``shown(public_id, side)`` are the values with which ``template`` shows him the version, all that he is to know of
    it. ``accept(by=, at=, link=, digest=, name=)`` signs it for his side and returns the signature; it refuses what may
    not be accepted any more. ``objected(by=, at=, link=, about=)`` is called when he has said what speaks against it;
    ``parts(public_id)`` are what he may speak of beside the whole, as (key, name), and ``about`` the key that he chose.

    ``signs`` False: he is asked for his opinion while it is still changed; ``accept`` returns None, and the link opens
    the version as it reads when he opens it.
    """

    kind: str
    title: Any
    template: str
    shown: Callable[[str, str], Mapping[str, Any]]
    accept: Callable[..., Any]
    objected: Callable[..., None]
    parts: Callable[[str], Sequence[tuple[str, str]]] = _no_parts
    signs: bool = True


# Whether a file of a comment (public id) proves something, such as a scan of signed paper: then it is not removed.
evidence: Registry[Callable[[str], bool]] = Registry("evidence")
# What people outside are asked to do, by the name of the task.
outside_tasks: Registry[OutsideTask] = Registry("task for people outside")
# What can be signed, by kind of record.
signables: Registry[Signable] = Registry("signable kind")
