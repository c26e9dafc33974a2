"""Showing in a text where the words stand that somebody looked for."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString


def holds(text: str, word: str) -> bool:
    """Whether ``word`` (folded) stands in ``text``."""
    return word in _folded_by_character(text)[0]


def mark(text: str, words: Sequence[str]) -> SafeString:
    """``text`` as HTML, with <mark> around every place of ``words`` (folded); markup in it stays text."""
    pieces: list[tuple[str, str]] = []
    last = 0
    for start, end in _places(text, words):
        pieces += [("{}", text[last:start]), ("<mark>{}</mark>", text[start:end])]
        last = end
    pieces.append(("{}", text[last:]))
    return format_html_join("", "{}", ((format_html(frame, piece),) for frame, piece in pieces if piece))


def _places(text: str, words: Iterable[str]) -> list[tuple[int, int]]:
    """Begin and end (exclusive) of the places in ``text``, those that touch or overlap joined."""
    folded, origin = _folded_by_character(text)
    places = []
    for word in words:
        start = folded.find(word)
        while word and start >= 0:
            places.append((origin[start], origin[start + len(word) - 1] + 1))
            start = folded.find(word, start + 1)
    joined: list[tuple[int, int]] = []
    for start, end in sorted(places):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def _folded_by_character(text: str) -> tuple[str, list[int]]:
    """The text as the index holds it, and for each of its characters the place in ``text`` that it comes from."""
    parts, origin = [], []
    for place, character in enumerate(text):
        part = unicodedata.normalize("NFKC", character).casefold()
        parts.append(part)
        origin += [place] * len(part)
    return "".join(parts), origin
