"""What people are told of: messages, and group chats."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from baton.core.actors import Actor
from baton.core.registries.registry import Registry
from baton.core.rules import MailRhythm


@dataclass(frozen=True, slots=True)
class Topic:
    """A kind of in-app message. ``message`` is an English template (a message id marked with gettext_noop) whose
    ``{placeholders}`` are filled from the values given to ``changes.notify``.

    ``title`` names the kind where people choose how soon they are told of it by e-mail; without one nobody is asked.
    ``rhythm`` holds until somebody chooses: at once only for what cannot wait until tomorrow. ``nameless`` is said by
    e-mail in place of ``message`` when its reader may no longer see all that it names; without one nothing is said."""

    message: str
    title: Any = ""
    rhythm: MailRhythm = MailRhythm.DAILY
    nameless: str = ""


@dataclass(frozen=True, slots=True)
class Announced:
    """A record as a group chat is told of it.

    ``name`` stands in the message, by language. ``shows`` are all records whose names stand in it, itself included, as
    (kind, public id): everybody in the chat must be allowed to see each. ``concerns`` are the groups that it concerns,
    as the rest of their audience's key: public ids of parties.
    """

    name: Mapping[str, str]
    shows: frozenset[tuple[str, str]]
    concerns: frozenset[str]


@dataclass(frozen=True, slots=True)
class Audience:
    """A kind of groups of people who share a chat; one of them is called ``<kind>:<key>``, or ``<kind>`` alone.

    ``choices(actor, at)`` lists the (key, name) among which he who adds a chat chooses. ``people(key, at)`` are all who
    may be in it, ``leaders(key, at)`` those who are told when a chat is added for it. ``named(key)`` is its name by
    language. ``concerned``: it is told only of what concerns it. ``nameless``: it is told that something happened, and
    no name; then nobody is asked.
    """

    choices: Callable[[Actor, datetime], Iterable[tuple[str, str]]]
    people: Callable[[str, datetime], Iterable[Any]]
    leaders: Callable[[str, datetime], Iterable[Any]]
    named: Callable[[str], Mapping[str, str]]
    concerned: bool = False
    nameless: bool = False


@dataclass(frozen=True, slots=True)
class Digest:
    """Several records of which group chats are told in one line, instead of a line each.

    ``parts(public_id)`` are the records that belong to the digest with that id, each as it would be announced alone,
    those to be named first coming first: a chat is told of those that concern it and that everybody in it may see, and
    not at all where there is none. ``instead_of`` are the actions that it stands for: no chat is told of these.
    """

    parts: Callable[[str], Sequence[Announced]]
    instead_of: frozenset[str]


topics: Registry[Topic] = Registry("notification topic")
# How a group chat is told of a record of a kind, asked by public id; None where it is not: records of one person, say.
announcements: Registry[Callable[[str], Announced | None]] = Registry("announcement")
# Kinds of records that stand for several others.
digests: Registry[Digest] = Registry("digest")
# Kinds of groups of people who share a chat.
audiences: Registry[Audience] = Registry("audience")
