"""One question as a sheet shows it: its controls, what was answered, what is wrong with that.

Names of controls are ``<piece>.<key>`` and ``<piece>.<key>.<part>``, where the piece is the public id of the link of
the wave, or empty for questions about none.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext, pgettext

from baton.core.texts import say
from baton.feedback.pages.scales import words_of_places
from baton.feedback.rules import COMMENT_LENGTH, NOT_APPLICABLE, Contents, Kind, Question, piped
from baton.feedback.rules.questions import ALL_POINTS

Given = Mapping[str, Sequence[str]]
"""What stands in the controls, by their names."""
Names = Mapping[str, Mapping[str, str]]
"""What may be piped into the words of questions: texts by language."""


@dataclass(frozen=True, slots=True)
class Place:
    """One thing that can be chosen; ``words`` say what it means where its ``label`` does not."""

    id: str
    value: str
    label: str
    words: str = ""
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class Scale:
    """Places of which one is chosen. ``worded``: each of them has words, so that they stand one below the other."""

    name: str
    legend: str
    places: tuple[Place, ...]
    beside: tuple[Place, ...]
    low: str = ""
    high: str = ""
    worded: bool = False
    error: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """An option with a control of its own: a place in an order, or points."""

    id: str
    name: str
    label: str
    value: str
    error: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question. ``when`` names the question, and ``answers`` lists the answers, after which alone it is asked."""

    id: str
    name: str
    kind: str
    words: str
    help: str
    required: bool
    scales: tuple[Scale, ...] = ()
    places: tuple[Place, ...] = ()
    parts: tuple[Part, ...] = ()
    value: str = ""
    unit: str = ""
    low: int = 0
    high: int = 0
    errors: tuple[str, ...] = ()
    only_if: str = ""
    when: str = ""
    answers: str = ""

    @property
    def template(self) -> str:
        """What draws its controls."""
        return f"feedback/sheets/questions/_{self.kind}.html"


@dataclass(frozen=True, slots=True)
class Sheet:
    """What drawing questions needs of their sheet: what stands in its controls, and what is wrong by their names."""

    contents: Contents
    given: Given
    faults: Mapping[str, Sequence[str]]

    def asked(self, question: Question, piece: str, names: Names) -> Asked:
        """The question as it stands in a piece of the sheet."""
        return _Drawing(self, question, piece, names).drawn()


@dataclass(frozen=True, slots=True)
class _Drawing:
    sheet: Sheet
    question: Question
    piece: str
    names: Names

    @property
    def name(self) -> str:
        return f"{self.piece}.{self.question.key}"

    @property
    def id(self) -> str:
        return _id(self.name)

    def drawn(self) -> Asked:
        question = self.question
        kind, more = self._controls()
        when = question.when
        return Asked(
            id=self.id, name=self.name, kind=kind, words=self.said(question.words), help=say(question.help),
            required=question.required, unit=say(question.unit), low=question.low,
            errors=tuple(self.sheet.faults.get(self.name, ())), only_if=self._only_if(),
            when=f"{self.piece}.{when.question}" if when else "", answers=json.dumps(when.answers if when else ()),
            **{"high": question.high, **more},
        )  # fmt: skip

    def said(self, words: Mapping[str, str]) -> str:
        return say(piped(words, self.names))

    def _controls(self) -> tuple[str, dict[str, Any]]:
        question = self.question
        match question.kind:
            case Kind.PAIR:
                return "scales", {"scales": self._pair(gettext("As it should be"), gettext("As it was"))}
            case Kind.KANO:
                return "scales", {"scales": self._kano()}
            case Kind.MATRIX:
                rows = tuple(self._scale(f".{row.key}", self.said(row.words)) for row in question.options)
                return "scales", {"scales": rows}
            case Kind.CHOICE:
                return "choice", {"places": (*self._options(), *self._beside(self.name))}
            case Kind.CHOICES:
                return "choices", {"places": tuple(self._options())}
            case Kind.RANKING | Kind.POINTS:
                return question.kind.value, {"parts": tuple(self._parts()), "high": self._most()}
            case Kind.NUMBER | Kind.TEXT:
                limit = {"high": COMMENT_LENGTH} if question.kind is Kind.TEXT else {}
                return question.kind.value, {"value": self._value(self.name), **limit}
        return "scales", {"scales": (self._scale("", ""),)}

    def _most(self) -> int:
        return ALL_POINTS if self.question.kind is Kind.POINTS else len(self.question.options)

    def _pair(self, expected: str, experienced: str) -> tuple[Scale, ...]:
        return self._scale(".expected", expected), self._scale(".experienced", experienced)

    def _kano(self) -> tuple[Scale, ...]:
        return (
            self._scale(".functional", gettext("How do you find it if it is so?")),
            self._scale(".dysfunctional", gettext("How do you find it if it is not so?")),
        )

    def _scale(self, part: str, legend: str) -> Scale:
        question, name = self.question, f"{self.name}{part}"
        words = words_of_places(question)
        chosen = self._value(name)
        places = tuple(
            Place(f"{_id(name)}-{one}", str(one), str(one), words.get(one, ""), chosen == str(one))
            for one in question.scale
        )
        error = " ".join(self.sheet.faults.get(name, ())) if part else ""
        return Scale(
            name, legend, places, tuple(self._beside(name)), words.get(question.low, ""), words.get(question.high, ""),
            all(place.words for place in places), error,
        )  # fmt: skip

    def _beside(self, name: str) -> Iterator[Place]:
        """What can be said that is no place of the scale; without a script nobody takes back a choice otherwise."""
        question, chosen = self.question, self._value(name)
        if question.not_applicable:
            label = pgettext("answer to a survey", "Does not apply, or I cannot say")
            yield Place(f"{_id(name)}-na", NOT_APPLICABLE, label, "", chosen == NOT_APPLICABLE)
        if not question.required and (question.when is not None or not question.not_applicable):
            yield Place(f"{_id(name)}-none", "", pgettext("answer to a survey", "No answer"), "", False)

    def _options(self) -> Iterator[Place]:
        chosen = self.sheet.given.get(self.name, ())
        for one in self.question.options:
            yield Place(f"{self.id}-{one.key}", one.key, self.said(one.words), "", one.key in chosen)

    def _parts(self) -> Iterator[Part]:
        for one in self.question.options:
            name = f"{self.name}.{one.key}"
            error = " ".join(self.sheet.faults.get(name, ()))
            yield Part(_id(name), name, self.said(one.words), self._value(name), error)

    def _value(self, name: str) -> str:
        return next(iter(self.sheet.given.get(name, ())), "")

    def _only_if(self) -> str:
        """After which answer it is asked, for those whose browser does not hide it."""
        when = self.question.when
        earlier = self.sheet.contents.question(when.question) if when else None
        if when is None or earlier is None:
            return ""
        options = {one.key: self.said(one.words) for one in earlier.options} if earlier.kind is not Kind.MATRIX else {}
        said = pgettext("between answers", " or ").join(options.get(one, one) for one in when.answers)
        return gettext("Only if you answered “{question}” with: {answers}").format(
            question=self.said(earlier.words), answers=said
        )


def _id(name: str) -> str:
    return "q-" + (name if name[:1] != "." else f"wave{name}").replace(".", "-")
