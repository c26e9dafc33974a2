"""The one family of errors that Baton shows to people.

A message always says three things: what was expected, what came, what to do. The texts are English templates that
serve as message ids, so that an application can translate them; the analysis package itself needs no translation
machinery.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, ClassVar

from baton_analysis.singulars import for_one

_FULL_WIDTH_STOPS = ("。", "！", "？", "；", "：", "”", "）")


def gettext_noop(message: str) -> str:
    """Mark a template as translatable (found by xgettext) and return it unchanged."""
    return message


def sentences(parts: Iterable[str]) -> str:
    """Sentences one after the other, empty ones left out; no blank follows a Chinese full stop, which is full width."""
    said = ""
    for part in filter(None, parts):
        said += part if not said or said.endswith(_FULL_WIDTH_STOPS) else f" {part}"
    return said


class Phrase(str):
    """A value of a message that is itself a text: it is put into the reader's language before it is filled in.

    Parameters
    ----------
    template
        English, marked with :func:`gettext_noop`.
    values
        What fills its placeholders, if it has any; they may be phrases in turn.
    """

    template: str
    values: Mapping[str, Any]

    def __new__(cls, template: str, **values: Any) -> Phrase:
        """As a text it is the English one."""
        phrase = super().__new__(cls, filled(template, values) if values else template)
        phrase.template, phrase.values = template, values
        return phrase

    def render(self, translate: Callable[[str], str] = gettext_noop) -> str:
        """In the reader's language."""
        return filled(self.template, self.values, translate) if self.values else translate(self.template)


def filled(template: str, values: Mapping[str, Any], translate: Callable[[str], str] = gettext_noop) -> str:
    """A template in the reader's language with its values; in English one thing is spoken of in the singular."""
    said = translate(template)
    spoken = {name: value.render(translate) if isinstance(value, Phrase) else value for name, value in values.items()}
    return (for_one(template, values) if said == template else said).format(**spoken)


class BatonError(Exception):
    """Base of every error that is meant for a reader.

    Parameters
    ----------
    expected, found, remedy
        English templates marked with :func:`gettext_noop`; ``{name}`` placeholders are filled from ``values``.
        ``expected`` and ``found`` may be empty where the remedy says it all.
    values
        What fills the placeholders. ``row`` (1-based, as a person counts) and ``column`` say where, if known.
    """

    exit_code: ClassVar[int] = 1
    """With which a command ends that is refused for this."""

    def __init__(self, *, expected: str = "", found: str = "", remedy: str, **values: Any) -> None:
        self.expected = expected
        self.found = found
        self.remedy = remedy
        self.values = values
        super().__init__(self.render())

    def render(self, translate: Callable[[str], str] = gettext_noop) -> str:
        """The whole message as one text, each template passed through ``translate`` first."""
        parts = (self.expected, self.found, self.remedy)
        return sentences(filled(part, self.values, translate) for part in parts if part)


class ReadError(BatonError):
    """A file cannot be read as what it claims to be, or is larger than the stated bounds."""


class FactError(BatonError):
    """A table does not have the columns, units or values that a fact table needs."""


class MeasureError(BatonError):
    """A measure cannot be computed from the facts at hand."""


class SimulationError(BatonError):
    """A description of an organisation means nothing, or asks for more than there can be."""


class EngineError(BatonError):
    """The chosen engine is unknown or not installed."""


class PlotError(BatonError):
    """A picture cannot be drawn, because what draws it is not installed."""
