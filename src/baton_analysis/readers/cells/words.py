"""Cells that hold one of several words: yes or no, or a choice from an enumeration, in any language of its labels."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Mapping, Sequence

from baton_analysis.errors import gettext_noop
from baton_analysis.readers.cells.texts import CellProblem, clean_text, problem, refusal

_YES = frozenset(("yes", "y", "true", "t", "1", "x", "ok", "on", "√", "✓", "✔", "☑", "是", "有", "对", "對", "真"))
_NO = frozenset(
    ("no", "n", "false", "f", "0", "-", "off", "×", "✗", "✘", "☐", "否", "无", "無", "没有", "沒有", "不", "假")
)
_LISTED = 12


def folded(text: str) -> str:
    """What two ways to write the same word have in common: NFKC, small letters, one blank for every gap or hyphen."""
    return re.sub(r"[\s_\-\u2010-\u2015]+", " ", unicodedata.normalize("NFKC", clean_text(text)).casefold()).strip()


def parse_yes_no(text: str | None) -> bool | CellProblem | None:
    """Yes or no: yes/no, y/n, true/false, 1/0, x, ✓, 是/否, 有/无 and the like."""
    if text is None:
        return None
    if bad := refusal(text):
        return bad
    word = unicodedata.normalize("NFKC", clean_text(text)).casefold()
    if not word:
        return None
    if word in _YES or word in _NO:
        return word in _YES
    return problem(
        text,
        expected=gettext_noop("Yes or no was expected."),
        found=gettext_noop("“{value}” is neither."),
        remedy=gettext_noop("Write yes or no, 是 or 否, 1 or 0."),
    )


class Choice:
    """The words of one enumeration: each code with its labels in every language.

    Codes come first: a label that is also the code of another choice names that other. A label that two choices share
    names neither.
    """

    def __init__(self, labels: Mapping[str, Sequence[str]]) -> None:
        self.labels = labels
        self._codes = {folded(code): code for code in labels}
        self._owners: dict[str, set[str]] = {}
        for code, names in labels.items():
            for name in names:
                self._owners.setdefault(folded(name), set()).add(code)

    def owners(self, word: str) -> set[str]:
        """The codes that a folded word may stand for."""
        return {self._codes[word]} if word in self._codes else self._owners.get(word, set())

    def near(self, word: str) -> str:
        """The code or label that is written most like ``word``, or ""."""
        known = {folded(name): name for code, names in self.labels.items() for name in (code, *names)}
        return next((known[found] for found in difflib.get_close_matches(word[:100], known, 1, 0.75)), "")


def parse_choice(text: str | None, choice: Choice) -> str | CellProblem | None:
    """The code of an enumeration by its code or by a label in any language; see :class:`Choice`."""
    if text is None:
        return None
    if bad := refusal(text):
        return bad
    word = folded(text)
    if not word:
        return None
    owners = choice.owners(word)
    if len(owners) == 1:
        return next(iter(owners))
    if owners:
        return problem(
            text,
            expected=gettext_noop("A word that names one choice was expected."),
            found=gettext_noop("“{value}” may be: {choices}."),
            remedy=gettext_noop("Write the code instead."),
            choices=", ".join(sorted(owners)),
        )
    near = choice.near(word)
    remedy = gettext_noop("Did you mean “{near}”?") if near else gettext_noop("Write one of these codes, or its label.")
    return problem(
        text,
        expected=gettext_noop("One of these was expected: {choices}."),
        found=gettext_noop("“{value}” is none of them."),
        remedy=remedy,
        choices=", ".join(list(choice.labels)[:_LISTED]) + (" …" if len(choice.labels) > _LISTED else ""),
        near=near,
    )
