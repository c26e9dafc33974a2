"""How long a comment is, until when it may be changed, and how its words are made of parts. Pure Python."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from baton.core.ids import ALPHABET, LENGTH

COMMENT_LENGTH = 4_000
"""Characters of the longest comment."""

EDIT_WINDOW = timedelta(minutes=15)
"""For so long its author may change a comment; after that he answers it or withdraws it."""

MOST_MENTIONED = 20
"""People whom one comment may mention."""

LONGEST_NAME = 80
"""Characters behind an @ that are compared with names."""

Kind = Literal["text", "mention", "link", "line"]

_MENTION = re.compile(rf"@\[([{ALPHABET}]{{{LENGTH}}})\]")
# Of an address only what no sentence goes on with; Chinese full stops and brackets end it, too.
_LINK = re.compile(r"(?<![A-Za-z0-9])https?://[^\s<>\"'`{}|\\^，。；：！？（）【】《》「」“”]+", re.IGNORECASE)
_TRAILING = ".,;:!?)]*_~"
# An @ within a word, as in an e-mail address, mentions nobody.
_AT = re.compile(r"(?<![\w.+-])@(?!\[)")


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a comment: ``text`` as it stands, a ``mention`` (public id of a person), a ``link`` (an address that
    can be followed), or the end of a ``line``."""

    kind: Kind
    text: str = ""


def mention(public_id: str) -> str:
    """How the words of a comment hold a mention."""
    return f"@[{public_id}]"


def mentioned(words: str) -> tuple[str, ...]:
    """Public ids of the people whom the words mention, each once, in their order."""
    return tuple(dict.fromkeys(_MENTION.findall(words)))


def places_of_names(words: str) -> list[int]:
    """Where in the words, behind an @, a name may begin."""
    return [found.end() for found in _AT.finditer(words)]


def beginnings(words: str, place: int) -> list[str]:
    """Everything from ``place`` on that may be a name, the longest first: it ends with the line, and a letter of an
    alphabet is not followed by another one."""
    line = words[place : place + LONGEST_NAME].split("\n", 1)[0]
    found = [line[:end] for end in range(len(line), 0, -1) if line[end - 1] != " " and not _goes_on(line, end)]
    return found


def _goes_on(line: str, end: int) -> bool:
    """Whether a word of letters goes on at ``end``. Chinese has no spaces between words: a name may end anywhere."""
    return end < len(line) and line[end].isalnum() and line[end - 1].isascii() and line[end].isascii()


def without_mentions(words: str, allowed: Collection[str]) -> str:
    """The words with every mention that is not ``allowed`` broken, so that it means nobody."""
    return _MENTION.sub(lambda found: found[0] if found[1] in allowed else f"@ [{found[1]}]", words)


def parts_of(words: str) -> Iterator[Part]:
    """The words in pieces, ready to be shown each in its way."""
    for number, line in enumerate(words.split("\n")):
        if number:
            yield Part("line")
        at = 0
        for found in _MENTION.finditer(line):
            yield from _text_and_links(line[at : found.start()])
            yield Part("mention", found[1])
            at = found.end()
        yield from _text_and_links(line[at:])


def _text_and_links(text: str) -> Iterator[Part]:
    at = 0
    for found in _LINK.finditer(text):
        address = found[0].rstrip(_TRAILING)
        if address.count("(") > address.count(")") and text[found.start() + len(address) :].startswith(")"):
            address += ")"
        if not address.partition("://")[2]:
            continue
        if text[at : found.start()]:
            yield Part("text", text[at : found.start()])
        yield Part("link", address)
        at = found.start() + len(address)
    if text[at:]:
        yield Part("text", text[at:])


def may_still_edit(recorded_at: datetime, at: datetime) -> bool:
    """Whether a comment of ``recorded_at`` may be changed at ``at``."""
    return at - recorded_at <= EDIT_WINDOW
