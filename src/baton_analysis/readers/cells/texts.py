"""The text of a cell: made one of several ways to write the same, and refused where no text is that way."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from baton_analysis.errors import filled, gettext_noop, sentences
from baton_analysis.readers.model import RowProblem, display

# Bidirectional overrides and zero-width characters let one name pass for another.
_INVISIBLE = frozenset({"Cc", "Cf", "Co", "Cs"})
_JOINER = "\u200d"  # between the signs of one emoji
_KEPT = frozenset({"\n", "\t", _JOINER})

ERROR_WORDS = frozenset({
    "#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A", "#GETTING_DATA", "#SPILL!", "#CALC!",
})  # fmt: skip
"""What a spreadsheet shows in a cell whose formula failed."""


@dataclass(frozen=True, slots=True)
class CellProblem:
    """Why a cell cannot be read: three templates marked for translation, filled from ``values``; ``value`` among them
    is the text of the cell, fit for display.
    """

    expected: str
    found: str
    remedy: str
    values: Mapping[str, Any] = field(default_factory=dict)

    def at(self, *, row: int, column: str, letter: str = "", sheet: str = "") -> RowProblem:
        """The same problem with its place in the file."""
        return RowProblem(
            row=row,
            column=column,
            expected=self.expected,
            found=self.found,
            remedy=self.remedy,
            values=self.values,
            letter=letter,
            sheet=sheet,
        )

    def render(self, translate: Callable[[str], str] = gettext_noop) -> str:
        """The message as one text, each template passed through ``translate`` first."""
        return sentences(filled(part, self.values, translate) for part in (self.expected, self.found, self.remedy))


def problem(text: str, *, expected: str, found: str, remedy: str, **values: Any) -> CellProblem:
    """A problem with the text of the cell as ``{value}``."""
    return CellProblem(expected, found, remedy, {"value": display(text), **values})


def clean_text(value: str) -> str:
    """NFC, without control, bidirectional and zero-width characters, outer white space trimmed.

    Line feeds, tabs and the joiner of emoji stay. A carriage return ends a line: it becomes a line feed.
    """
    composed = unicodedata.normalize("NFC", value.replace("\r\n", "\n").replace("\r", "\n"))
    if composed.isascii() and composed.isprintable():
        return composed.strip()
    kept = (c for c in composed if c in _KEPT or unicodedata.category(c) not in _INVISIBLE)
    return "".join(kept).strip()


def has_invisible(value: str) -> bool:
    """Whether :func:`clean_text` would take characters out that nobody sees, so that two names could look alike."""
    if value.isascii() and value.isprintable():
        return False
    return any(c not in _KEPT and c != "\r" and unicodedata.category(c) in _INVISIBLE for c in value)


def is_empty(text: str | None) -> bool:
    """Whether nothing stands in the cell, or nothing that can be seen."""
    return text is None or not clean_text(text)


def refusal(text: str) -> CellProblem | None:
    """Why no parser takes this text: it holds a NUL character, or it is the error of a failed formula."""
    if "\x00" in text:
        return problem(
            text,
            expected=gettext_noop("Text was expected."),
            found=gettext_noop("“{value}” has a NUL character, which no text has."),
            remedy=gettext_noop("Type the value again, or export the file again as text."),
        )
    if text.strip() in ERROR_WORDS:
        return problem(
            text,
            expected=gettext_noop("A value was expected."),
            found=gettext_noop("The cell shows the error “{value}” of its formula."),
            remedy=gettext_noop("Correct the formula, or type the value in its place."),
        )
    return None


def parse_text(text: str | None, *, longest: int = 1_000, lines: bool = False) -> str | CellProblem | None:
    """A text of at most ``longest`` characters as :func:`clean_text` leaves it; ``lines`` allows line feeds and tabs.

    Without ``lines`` a line feed or tab between words is a single blank: a name that was broken within its cell.
    """
    if text is None:
        return None
    if bad := refusal(text):
        return bad
    clean = clean_text(text)
    if not lines:
        clean = " ".join(clean.split()) if "\n" in clean or "\t" in clean else clean
    if len(clean) > longest:
        return problem(
            text,
            expected=gettext_noop("At most {longest} characters were expected."),
            found=gettext_noop("There are {length}: “{value}”."),
            remedy=gettext_noop("Shorten the text, or choose another column."),
            longest=longest,
            length=len(clean),
        )
    return clean or None
