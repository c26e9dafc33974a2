"""What is wrong with a questionnaire. Pure Python."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from baton.feedback.rules.faults import Fault
from baton.feedback.rules.questions import (
    FIXED_SCALES,
    NOT_APPLICABLE,
    SCALE_LENGTHS,
    SCALED,
    WITH_OPTIONS,
    About,
    Condition,
    Contents,
    Kind,
    Question,
)
from baton_analysis.errors import gettext_noop

WORDS_LENGTH = 1_000
OPTION_LENGTH = 300
DIMENSION_LENGTH = 40
KEY = re.compile(r"[a-z][a-z0-9_]{0,29}")
ID = re.compile(r"[0-9a-z]{1,32}")
MOST_QUESTIONS = 120
MOST_OPTIONS = 30
LARGEST = 10**9
"""Largest number that a question may ask for."""

PIPED = frozenset({"supplier", "customer", "link", "output"})
"""What may stand in braces in the words of a question about a link, and is replaced by its names."""
_BRACED = re.compile(r"\{([^{}]*)\}")


def faults_of(contents: Contents, language: str) -> list[Fault]:
    """All that keeps a questionnaire from being asked; ``language`` is the one in which every text must be there."""
    found = list(_of_all(contents))
    seen: dict[str, Question] = {}
    for section_place, section in enumerate(contents.sections):
        where = f"sections.{section_place}"
        found += _of_section_key(where, section.key, [one.key for one in contents.sections[:section_place]])
        found += _of_words(f"{where}.title", section.title, language, OPTION_LENGTH)
        for place, question in enumerate(section.questions):
            found += _of_question(f"{where}.questions.{place}", question, seen, language)
            seen.setdefault(question.key, question)
    return found


def question_faults(question: Question, before: Mapping[str, Question], language: str) -> list[Fault]:
    """All that is wrong with one question that comes after those in ``before``, by their keys."""
    return [
        Fault(one.field.removeprefix("question."), one.expected, one.remedy, one.found, one.values)
        for one in _of_question("question", question, before, language)
    ]


def text_faults(where: str, words: Mapping[str, str], language: str, most: int) -> list[Fault]:
    """What is wrong with a text that must be there in ``language``, in at most ``most`` characters."""
    return list(_of_words(where, words, language, most))


def _of_all(contents: Contents) -> Iterator[Fault]:
    questions = list(contents.questions())
    if not questions:
        yield Fault("sections", gettext_noop("Expected at least one question."), gettext_noop("Add one."))
    if len(questions) > MOST_QUESTIONS:
        yield Fault(
            "sections", gettext_noop("Expected at most {most} questions."),
            gettext_noop("Ask less: two minutes are enough for about ten."), gettext_noop("Found {count}."),
            {"most": MOST_QUESTIONS, "count": len(questions)},
        )  # fmt: skip


def _of_section_key(where: str, key: str, before: Sequence[str]) -> Iterator[Fault]:
    if not KEY.fullmatch(key) or key in before:
        yield Fault(
            f"{where}.key",
            gettext_noop("Expected a key of small letters, digits and _ that no other section has."),
            gettext_noop("Correct the key."), gettext_noop("Found “{value}”."), {"value": key[:40]},
        )  # fmt: skip


def _of_question(where: str, question: Question, before: Mapping[str, Question], language: str) -> Iterator[Fault]:
    if not KEY.fullmatch(question.key) or question.key == NOT_APPLICABLE:
        yield Fault(
            f"{where}.key", gettext_noop("Expected a key of small letters, digits and _, such as on_time."),
            gettext_noop("Correct the key."), gettext_noop("Found “{value}”."), {"value": question.key[:40]},
        )  # fmt: skip
    elif question.key in before:
        yield Fault(
            f"{where}.key", gettext_noop("Expected a key that no other question has."),
            gettext_noop("Give it another key."), gettext_noop("Found “{value}” twice."), {"value": question.key},
        )  # fmt: skip
    yield from _of_words(f"{where}.words", question.words, language, WORDS_LENGTH)
    yield from _of_pipes(f"{where}.words", question)
    for check in _CHECKS:
        yield from check(where, question, language)
    if question.when is not None:
        yield from _of_condition(f"{where}.when", question, question.when, before)


def _of_words(where: str, words: Mapping[str, str], language: str, most: int) -> Iterator[Fault]:
    if not words.get(language, "").strip():
        yield Fault(
            where, gettext_noop("Expected a text in the organisation’s language."),
            gettext_noop("Write it; the other language is optional."),
        )  # fmt: skip
    longest = max((len(text) for text in words.values()), default=0)
    if longest > most:
        yield Fault(
            where, gettext_noop("Expected at most {most} characters."), gettext_noop("Shorten it."),
            gettext_noop("Found {length} characters."), {"most": most, "length": longest},
        )  # fmt: skip


def _of_pipes(where: str, question: Question) -> Iterator[Fault]:
    for text in question.words.values():
        for name in _BRACED.findall(text):
            if name not in PIPED or question.about is About.WAVE:
                yield Fault(
                    where, gettext_noop("Expected in braces one of these, in questions about a link: {names}."),
                    gettext_noop("Correct it, or leave the braces out."), gettext_noop("Found {value}."),
                    {"names": ", ".join(f"{{{one}}}" for one in sorted(PIPED)), "value": f"{{{name[:40]}}}"},
                )  # fmt: skip


def _of_scale(where: str, question: Question, language: str) -> Iterator[Fault]:
    if question.kind in SCALED and not (question.low in {0, 1} and len(question.scale) in SCALE_LENGTHS):
        yield Fault(
            f"{where}.high", gettext_noop("Expected a scale of 3 to 11 places that begins with 0 or 1."),
            gettext_noop("Correct its ends."), gettext_noop("Found {low} to {high}."),
            {"low": question.low, "high": question.high},
        )  # fmt: skip
    if question.kind is Kind.NUMBER and not -LARGEST <= question.low < question.high <= LARGEST:
        yield Fault(
            f"{where}.high", gettext_noop("Expected a smallest number below the largest, within a thousand million."),
            gettext_noop("Correct the limits."), gettext_noop("Found {low} to {high}."),
            {"low": question.low, "high": question.high},
        )  # fmt: skip
    ends = FIXED_SCALES.get(question.kind, (question.low, question.high))
    for place, words in question.anchors.items():
        if not ends[0] <= place <= ends[1]:
            yield Fault(
                f"{where}.anchors", gettext_noop("Expected words for places of the scale only: {low} to {high}."),
                gettext_noop("Leave them out."), gettext_noop("Found {value}."),
                {"low": ends[0], "high": ends[1], "value": place},
            )  # fmt: skip
        yield from _of_words(f"{where}.anchors.{place}", words, language, OPTION_LENGTH)
    if question.kind in SCALED and not {question.low, question.high} <= set(question.anchors):
        yield Fault(
            f"{where}.anchors", gettext_noop("Expected words for both ends of the scale."),
            gettext_noop("Say what {low} and {high} mean."), "", {"low": question.low, "high": question.high},
        )  # fmt: skip


def _of_options(where: str, question: Question, language: str) -> Iterator[Fault]:
    has_options = question.kind in WITH_OPTIONS or question.kind is Kind.MATRIX
    least = 1 if question.kind is Kind.MATRIX else 2
    if has_options and not least <= len(question.options) <= MOST_OPTIONS:
        yield Fault(
            f"{where}.options", gettext_noop("Expected {least} to {most} options or statements."),
            gettext_noop("Add some, or leave some out."), gettext_noop("Found {count}."),
            {"least": least, "most": MOST_OPTIONS, "count": len(question.options)},
        )  # fmt: skip
    if question.options and not has_options:
        yield Fault(
            f"{where}.options", gettext_noop("Expected no options: this kind of question has none."),
            gettext_noop("Leave them out, or choose another kind."),
        )  # fmt: skip
    keys = [option.key for option in question.options]
    for place, option in enumerate(question.options):
        if not KEY.fullmatch(option.key) or keys.index(option.key) != place or option.key == NOT_APPLICABLE:
            yield Fault(
                f"{where}.options.{place}.key",
                gettext_noop("Expected a key of small letters, digits and _ that no other option has."),
                gettext_noop("Correct the key."), gettext_noop("Found “{value}”."), {"value": option.key[:40]},
            )  # fmt: skip
        yield from _of_words(f"{where}.options.{place}.words", option.words, language, OPTION_LENGTH)


def _of_marks(where: str, question: Question, language: str) -> Iterator[Fault]:
    if len(question.dimension) > DIMENSION_LENGTH:
        yield Fault(
            f"{where}.dimension", gettext_noop("Expected at most {most} characters."), gettext_noop("Shorten it."),
            gettext_noop("Found {length} characters."),
            {"most": DIMENSION_LENGTH, "length": len(question.dimension)},
        )  # fmt: skip
    for name, value in (("agreement", question.agreement), ("line", question.line)):
        if value and not ID.fullmatch(value):
            yield Fault(
                f"{where}.{name}", gettext_noop("Expected the public id of a record."),
                gettext_noop("Leave it out, or copy it from the agreement."), gettext_noop("Found “{value}”."),
                {"value": value[:40]},
            )  # fmt: skip


def _of_condition(where: str, question: Question, when: Condition, before: Mapping[str, Question]) -> Iterator[Fault]:
    asked = before.get(when.question)
    if asked is None or asked.about is not question.about:
        yield Fault(
            where, gettext_noop("Expected an earlier question that is asked of the same thing."),
            gettext_noop("Choose one that stands before it."), gettext_noop("Found “{value}”."),
            {"value": when.question[:40]},
        )  # fmt: skip
        return
    possible = {str(place) for place in asked.scale} if not asked.options or asked.kind is Kind.MATRIX else set()
    possible |= {option.key for option in asked.options} if asked.kind is not Kind.MATRIX else set()
    strange = [one for one in when.answers if one not in possible]
    if not when.answers or strange or asked.kind in {Kind.TEXT, Kind.NUMBER, Kind.POINTS, Kind.RANKING}:
        yield Fault(
            where, gettext_noop("Expected answers that the earlier question can be given."),
            gettext_noop("Choose some of its options or places of its scale."),
        )  # fmt: skip


_CHECKS: tuple[Callable[[str, Question, str], Iterator[Fault]], ...] = (_of_scale, _of_options, _of_marks)


def piped(words: Mapping[str, str], names: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    """Words with the names of a link put in, language by language; ``names`` are those of :data:`PIPED`."""

    def put(text: str, language: str) -> str:
        def name(match: re.Match[str]) -> str:
            texts = names.get(match[1], {})
            return texts.get(language) or next(iter(texts.values()), match[0])

        return _BRACED.sub(name, text)

    return {language: put(text, language) for language, text in words.items()}


def key_for(words: str, taken: Any) -> str:
    """A key for a new question: made of its first words where they are of this alphabet, else ``q1``, ``q2``, …"""
    stem = re.sub(r"[^a-z0-9]+", "_", words.lower()).strip("_")[:24].strip("_")
    if not KEY.fullmatch(stem) or stem == NOT_APPLICABLE:
        stem = "q"
    found, number = stem, 1
    while found in taken or found == "q":
        found, number = f"{stem}{'_' if stem != 'q' else ''}{number}", number + 1
    return found
