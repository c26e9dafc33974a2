"""What the core asks about a room’s kinds of records: who sees one, what it is called, how long it is kept."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from baton.core.actors import Actor
from baton.core.errors import NotFound
from baton.core.registries.registry import Registry


def _nobody(public_id: str) -> str:
    return ""


@dataclass(frozen=True, slots=True)
class Keys:
    """What core services ask about the external keys of a kind of object.

    ``seen(actor, public_ids)`` says which of these are objects whose keys the actor sees,
    ``may_give(actor, public_id)`` whether he gives and withdraws them. ``name(actor, public_id)`` is what the page
    about the keys calls the object, ``subject(public_id)`` the public id of the person whose personal data its keys
    are, empty for nobody's.
    """

    seen: Callable[[Actor, Collection[str]], set[str]]
    may_give: Callable[[Actor, str], bool]
    name: Callable[[Actor, str], str]
    subject: Callable[[str], str] = _nobody


def _nobody_is_told(public_id: str) -> Iterable[Any]:
    return ()


@dataclass(frozen=True, slots=True)
class Discussion:
    """What core services ask about the comments on a kind of object; who sees the object reads them.

    ``name(public_id)`` is what the object is called, by language. ``told(public_id)`` are the people who are told of
    new comments without having asked for it, such as the heads of both sides; they may unfollow it.
    """

    name: Callable[[str], Mapping[str, str]]
    told: Callable[[str], Iterable[Any]] = _nobody_is_told


@dataclass(frozen=True, slots=True)
class Earlier:
    """Under which key an object was measured before it took over from another, up to which day, and what people call
    that time, in the reader's language."""

    measured_as: str
    until: date
    name: str


@dataclass(frozen=True, slots=True)
class Policy:
    """What core services ask about a kind of object: may ``actor`` see it, and where is its page.

    ``measured_as(public_id)`` is the key under which monitoring keeps the object's measures, empty for an object that
    does not exist; None for kinds that are not measured. ``keys`` is None for kinds without external keys,
    ``discussion`` for kinds that nobody comments on. ``earlier`` says as what it was measured before,
    ``measured_in`` in which unit values are measured of it.
    """

    may_see: Callable[[Actor, str], bool]
    address: Callable[[str], str]
    measured_as: Callable[[str], str] | None = None
    keys: Keys | None = None
    discussion: Discussion | None = None
    earlier: Callable[[Actor, str], Sequence[Earlier]] | None = None
    measured_in: Callable[[str], str] | None = None


def who_reads(read: Callable[..., object]) -> Callable[[Actor, str], bool]:
    """``may_see`` of a kind whose query ``read(viewer=, public_id=)`` raises NotFound for everybody else."""

    def may_see(actor: Actor, public_id: str) -> bool:
        try:
            return bool(read(viewer=actor, public_id=public_id))
        except NotFound:
            return False

    return may_see


@dataclass(frozen=True, slots=True)
class Retention:
    """``years`` after which records of a kind, or the values of a personal field, are no longer needed; ``purpose``
    says what they are kept for."""

    years: int
    purpose: Any


policies: Registry[Policy] = Registry("policy")
# How long records of a kind are kept; kinds that are not named here: baton.core.retention.DEFAULT.
retention: Registry[Retention] = Registry("retention")
# What people call an action of the audit trail (``link.added``); the trail keeps the code.
actions: Registry[Any] = Registry("action")
# Called with each record that a change saved, in its transaction.
watchers: Registry[Callable[[Any], None]] = Registry("watcher")
