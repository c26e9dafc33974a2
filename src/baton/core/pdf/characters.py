"""Texts as they can be set: what the shipped font has no form for stands as its code."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from baton.core.pdf.limits import LONGEST_WORD

CHARACTERS = Path(__file__).resolve().parent / "fonts" / "characters.txt"
"""Which characters the fonts have: ranges of code points in hexadecimal, one a line, written by scripts/fonts.py."""

_BREAK = "\u200b"
# Chinese may break anywhere; of what is written with letters only a space or a hyphen ends a word.
_WORD = re.compile(rf"[^\s\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef-]{{{LONGEST_WORD + 1},}}")


class Printable:
    """Makes texts fit to be set; ``codes`` are those that stand for characters without a form, in their order."""

    def __init__(self) -> None:
        self._codes: dict[str, None] = {}

    @property
    def codes(self) -> list[str]:
        """The codes, each once."""
        return list(self._codes)

    def all_of(self, value: Any) -> Any:
        """A value with every text in it made fit, keys of mappings left as they are."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, Mapping):
            return {name: one if name == "code" else self.all_of(one) for name, one in value.items()}
        if isinstance(value, list | tuple):
            return [self.all_of(one) for one in value]
        return value

    def text(self, text: str) -> str:
        """One text: every character has a form, and no word is longer than a line."""
        plain = text if text.isascii() and text.isprintable() else "".join(map(self._shown, text))
        return _WORD.sub(_broken, plain)

    def _shown(self, character: str) -> str:
        if character in "\n\t":
            return character.replace("\t", " ")
        if _has_form(ord(character)):
            return character
        code = f"[U+{ord(character):04X}]"
        self._codes[code] = None
        return code


def _broken(word: re.Match[str]) -> str:
    text = word[0]
    return _BREAK.join(text[start : start + LONGEST_WORD] for start in range(0, len(text), LONGEST_WORD))


def _has_form(point: int) -> bool:
    starts, ends = _ranges()
    place = bisect_right(starts, point) - 1
    return place >= 0 and point <= ends[place]


@cache
def _ranges() -> tuple[list[int], list[int]]:
    starts, ends = [], []
    for line in CHARACTERS.read_text("ascii").split():
        first, _dash, last = line.partition("-")
        starts.append(int(first, 16))
        ends.append(int(last or first, 16))
    return starts, ends
