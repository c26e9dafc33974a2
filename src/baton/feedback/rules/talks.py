"""Talks in confidence between an employee and a confidant whom he chose. Pure Python.

A talk is sealed as a whole, so that whoever has the database alone reads neither its words nor whose it is. No time
finer than a day stands in it, and nothing outside of it but two marks that say nothing without a key.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from hashlib import sha256
from typing import Any

from baton.feedback.rules.sealing import opened_under, sealed_under

KEPT_AFTER_END = timedelta(days=30)
"""So long after it was ended a talk is deleted by itself."""
KEPT_WITHOUT_WORD = timedelta(days=365)
"""So long after the last word, where nobody ended it."""
WORDS_LENGTH = 4_000
ABOUT_LENGTH = 300
MOST_WORDS = 100
"""Messages of one talk."""
MOST_TALKS = 10
"""Talks of one employee at a time."""
FEWEST_TOLD = 10
"""Talks of a year below which nobody is told how many there were."""
SHORTEST_SEAL = 8_192


class TalkSide(StrEnum):
    """Who of the two."""

    ASKER = "asker"
    CONFIDANT = "confidant"

    @property
    def other(self) -> TalkSide:
        return TalkSide.CONFIDANT if self is TalkSide.ASKER else TalkSide.ASKER


@dataclass(frozen=True, slots=True)
class Said:
    """What one of the two wrote, on which day."""

    side: TalkSide
    on: date
    words: str


@dataclass(frozen=True, slots=True)
class Talk:
    """What stands under the seal: whose talk it is (public ids), what was said, and since when it is ended."""

    asker: str
    confidant: str
    said: tuple[Said, ...]
    ended_on: date | None = None

    def side_of(self, person: str) -> TalkSide | None:
        """Which of the two a person (public id) is; None: neither."""
        return {self.asker: TalkSide.ASKER, self.confidant: TalkSide.CONFIDANT}.get(person)

    def with_words(self, one: Said) -> Talk:
        """With one more message; sent twice, it stands there once."""
        if self.said and self.said[-1] == one:
            return self
        return replace(self, said=(*self.said, one))

    def waits_for(self, side: TalkSide) -> bool:
        """Whether the other one has spoken last, and it is not ended."""
        return self.ended_on is None and bool(self.said) and self.said[-1].side is side.other

    def delete_on(self) -> date:
        """The day from which on it is deleted by itself."""
        if self.ended_on is not None:
            return self.ended_on + KEPT_AFTER_END
        return (self.said[-1].on if self.said else date.min) + KEPT_WITHOUT_WORD


def sealed_talk(talk: Talk, key: bytes) -> bytes:
    """The talk as nobody reads it without its key, filled up to one of few lengths."""
    contents = {
        "asker": talk.asker, "confidant": talk.confidant,
        "ended": talk.ended_on.isoformat() if talk.ended_on else "",
        "said": [[one.side.value, one.on.isoformat(), one.words] for one in talk.said],
    }  # fmt: skip
    return sealed_under(contents, key, SHORTEST_SEAL)


def opened_talk(seal: bytes, key: bytes) -> Talk:
    """What was sealed; CannotOpen with another key."""
    found: Mapping[str, Any] = opened_under(seal, key)
    said = tuple(Said(TalkSide(side), date.fromisoformat(on), words) for side, on, words in found["said"])
    ended = date.fromisoformat(found["ended"]) if found["ended"] else None
    return Talk(found["asker"], found["confidant"], said, ended)


def mark_of(index: bytes, talk: str, side: TalkSide, person: str) -> str:
    """By which one of the two finds his talk, HMAC-SHA-256 under the index key. It differs from talk to talk: two talks
    of one person have nothing in common for whoever lacks the key."""
    return hmac.new(index, f"{talk} {side.value} {person}".encode(), sha256).hexdigest()
