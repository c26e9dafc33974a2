"""Questions and the questionnaires that they make up. Pure Python.

A questionnaire is kept as one JSON document, so that a wave holds the very words that people were asked, whatever is
changed afterwards. :func:`contents_of` reads such a document, :func:`document_of` writes it;
:mod:`baton.feedback.rules.drafting` says what is wrong with one.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

Texts = Mapping[str, str]


class Kind(StrEnum):
    """What kind of question it is, and what an answer to it looks like.

    RATING   a number on an anchored scale
    PAIR     the same scale twice: what was expected and what was experienced
    NPS      how likely one is to recommend it, 0 to 10 (Reichheld 2003)
    CSAT     how satisfied one is, 1 to 5
    CES      whether it was made easy, 1 to 7 (Dixon et al. 2010, in its wording of 2013)
    MATRIX   several statements rated on one scale: ``{statement: number}``
    CHOICE   one option
    CHOICES  several options
    RANKING  all options in an order
    NUMBER   a number with a unit
    TEXT     words; a comment
    KANO     how one finds it when it is there and when it is not, each 1 to 5 (Kano et al. 1984)
    POINTS   100 points laid on the options
    """

    RATING = "rating"
    PAIR = "pair"
    NPS = "nps"
    CSAT = "csat"
    CES = "ces"
    MATRIX = "matrix"
    CHOICE = "choice"
    CHOICES = "choices"
    RANKING = "ranking"
    NUMBER = "number"
    TEXT = "text"
    KANO = "kano"
    POINTS = "points"


class About(StrEnum):
    """What a question is asked of.

    LINK   each link that somebody is asked about, on a sheet of its own
    WAVE   once, whatever the links
    """

    LINK = "link"
    WAVE = "wave"


SCALED = frozenset({Kind.RATING, Kind.PAIR, Kind.MATRIX})
"""Whose scale is chosen; that of the others is what it is."""
FIXED_SCALES = {Kind.NPS: (0, 10), Kind.CSAT: (1, 5), Kind.CES: (1, 7), Kind.KANO: (1, 5)}
WITH_OPTIONS = frozenset({Kind.CHOICE, Kind.CHOICES, Kind.RANKING, Kind.POINTS})
MAY_NOT_APPLY = frozenset({Kind.RATING, Kind.PAIR, Kind.NPS, Kind.CSAT, Kind.CES, Kind.MATRIX, Kind.KANO})
"""Questions that "not applicable" can be said to: never a place on the scale."""

NOT_APPLICABLE = "na"
SCALE_LENGTHS = range(3, 12)
ALL_POINTS = 100


@dataclass(frozen=True, slots=True)
class Option:
    """One option of a question, or one statement of a matrix; ``key`` stands in answers."""

    key: str
    words: Texts


@dataclass(frozen=True, slots=True)
class Condition:
    """When a question is shown: if the one with the key ``question`` was answered with one of ``answers`` (numbers as
    text, keys of options)."""

    question: str
    answers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """One question.

    ``low`` and ``high`` are the ends of the scale; of a number its limits. ``anchors`` say in words what a place on the
    scale means. ``dimension`` puts questions together to an index (a free key such as ``reliability``). ``outcome``
    marks what others are to explain (drivers). ``line`` is the line of a clause whose perception it asks for, with
    ``agreement``, its public id.
    """

    key: str
    kind: Kind
    words: Texts
    help: Texts = field(default_factory=dict)
    about: About = About.LINK
    required: bool = False
    low: int = 1
    high: int = 5
    anchors: Mapping[int, Texts] = field(default_factory=dict)
    not_applicable: bool = True
    options: tuple[Option, ...] = ()
    unit: Texts = field(default_factory=dict)
    dimension: str = ""
    outcome: bool = False
    when: Condition | None = None
    agreement: str = ""
    line: str = ""

    @property
    def scale(self) -> range:
        """The places of its scale."""
        return range(self.low, self.high + 1)


@dataclass(frozen=True, slots=True)
class Section:
    """Questions under one heading, in their order."""

    key: str
    title: Texts
    questions: tuple[Question, ...] = ()
    intro: Texts = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Contents:
    """A questionnaire."""

    sections: tuple[Section, ...] = ()

    def questions(self, about: About | None = None) -> Iterator[Question]:
        """All questions in their order; those ``about`` something only."""
        for section in self.sections:
            yield from (one for one in section.questions if about is None or one.about is about)

    def question(self, key: str) -> Question | None:
        """The question with this key."""
        return next((one for one in self.questions() if one.key == key), None)


def asked_on(contents: Contents, lines: Collection[str]) -> Contents:
    """What is asked about a link on which the clauses with these ``lines`` hold: of the questions about clauses theirs
    alone, and none that hangs on one that is not asked."""
    gone: set[str] = set()
    sections = []
    for section in contents.sections:
        kept = []
        for one in section.questions:
            if (one.line and one.line not in lines) or (one.when is not None and one.when.question in gone):
                gone.add(one.key)
            else:
                kept.append(one)
        sections.append(replace(section, questions=tuple(kept)))
    return Contents(tuple(sections))


@dataclass(frozen=True, slots=True)
class Scored:
    """A column of numbers that the answers to a question give: ``key`` is that of the question, with ``.expected``,
    ``.experienced`` or the key of a statement behind it; ``low`` and ``high`` are the ends of its scale."""

    key: str
    question: Question
    low: int
    high: int
    row: Option | None = None


def scored_of(contents: Contents) -> tuple[Scored, ...]:
    """The columns of numbers of a questionnaire, in the order of its questions."""
    return tuple(column for question in contents.questions() for column in _columns_of(question))


def _columns_of(question: Question) -> Iterator[Scored]:
    key, low, high = question.key, question.low, question.high
    if question.kind in {Kind.RATING, Kind.NPS, Kind.CSAT, Kind.CES}:
        yield Scored(key, question, low, high)
    elif question.kind is Kind.PAIR:
        yield Scored(f"{key}.expected", question, low, high)
        yield Scored(f"{key}.experienced", question, low, high)
    elif question.kind is Kind.MATRIX:
        for row in question.options:
            yield Scored(f"{key}.{row.key}", question, low, high, row)
    elif question.kind is Kind.KANO:
        yield Scored(f"{key}.functional", question, low, high)
        yield Scored(f"{key}.dysfunctional", question, low, high)


def number_in(answers: Mapping[str, Any], column: Scored) -> int | None:
    """The number that a sheet's ``answers`` hold in a column; None where it was not answered or does not apply."""
    answer = answers.get(column.question.key)
    _key, _dot, part = column.key.partition(".")
    if part:
        answer = answer.get(part) if isinstance(answer, Mapping) else None
    return answer if isinstance(answer, int) and not isinstance(answer, bool) else None


def is_shown(question: Question, answers: Mapping[str, Any]) -> bool:
    """Whether the question is shown where this was answered; what a hidden question asks for counts as not answered."""
    if question.when is None:
        return True
    said = answers.get(question.when.question)
    if isinstance(said, Mapping):
        given = {str(one) for one in said.values()}
    elif isinstance(said, Sequence) and not isinstance(said, str):
        given = {str(one) for one in said}
    else:
        given = set() if said is None else {str(said)}
    return bool(given & set(question.when.answers))


def contents_of(document: Mapping[str, Any]) -> Contents:
    """The questionnaire in a document that :func:`document_of` has written or that was checked."""
    return Contents(tuple(_section(raw) for raw in document.get("sections", ())))


def _section(raw: Mapping[str, Any]) -> Section:
    questions = tuple(question_of(one) for one in raw.get("questions", ()))
    return Section(raw["key"], raw.get("title", {}), questions, raw.get("intro", {}))


def question_of(raw: Mapping[str, Any]) -> Question:
    """One question in its document."""
    kind = Kind(raw["kind"])
    low, high = FIXED_SCALES.get(kind, (raw.get("low", 1), raw.get("high", 5)))
    when = raw.get("when")
    return Question(
        key=raw["key"], kind=kind, words=raw.get("words", {}), help=raw.get("help", {}),
        about=About(raw.get("about", About.LINK)), required=raw.get("required", False), low=low, high=high,
        anchors={int(place): words for place, words in raw.get("anchors", {}).items()},
        not_applicable=kind in MAY_NOT_APPLY and raw.get("not_applicable", True),
        options=tuple(Option(one["key"], one.get("words", {})) for one in raw.get("options", ())),
        unit=raw.get("unit", {}), dimension=raw.get("dimension", ""), outcome=raw.get("outcome", False),
        when=Condition(when["question"], tuple(when["answers"])) if when else None,
        agreement=raw.get("agreement", ""), line=raw.get("line", ""),
    )  # fmt: skip


def document_of(contents: Contents) -> dict[str, Any]:
    """The questionnaire as JSON values; what is as it is without being said is left out."""
    return {
        "sections": [
            _lean(
                {
                    "key": section.key, "title": dict(section.title), "intro": dict(section.intro),
                    "questions": [question_document(one) for one in section.questions],
                }
            )
            for section in contents.sections
        ]
    }  # fmt: skip


def question_document(question: Question) -> dict[str, Any]:
    """One question as JSON values."""
    when = question.when
    found: dict[str, Any] = {
        "key": question.key, "kind": question.kind.value, "words": dict(question.words), "help": dict(question.help),
        "about": question.about.value, "required": question.required,
        "anchors": {str(place): dict(words) for place, words in question.anchors.items()},
        "options": [{"key": one.key, "words": dict(one.words)} for one in question.options],
        "unit": dict(question.unit), "dimension": question.dimension, "outcome": question.outcome,
        "when": {"question": when.question, "answers": list(when.answers)} if when else None,
        "agreement": question.agreement, "line": question.line,
    }  # fmt: skip
    if question.kind in SCALED or question.kind is Kind.NUMBER:
        found |= {"low": question.low, "high": question.high}
    lean = _lean(found)
    if question.kind in MAY_NOT_APPLY and not question.not_applicable:
        lean["not_applicable"] = False
    return lean


def _lean(found: dict[str, Any]) -> dict[str, Any]:
    # 0 is the lower end of a scale: it is equal to False, and stays.
    return {name: value for name, value in found.items() if value is not False and value not in ("", {}, [], None)}
