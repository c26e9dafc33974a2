"""A questionnaire with one thing about it changed. Pure Python; whether what comes of it can be asked is for
:func:`baton.feedback.rules.faults_of`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from baton.feedback.rules.drafting import key_for
from baton.feedback.rules.questions import Contents, Kind, Question, Section, Texts

T = TypeVar("T")


class NotThere(LookupError):
    """There is no question or section with this key."""


def section_of(contents: Contents, key: str) -> Section:
    """The section with this key; NotThere."""
    return _only(one for one in contents.sections if one.key == key)


def place_of_question(contents: Contents, key: str) -> tuple[int, int]:
    """In which section and where in it the question with this key stands, both from 0; NotThere."""
    return _only(
        (at, place)
        for at, section in enumerate(contents.sections)
        for place, question in enumerate(section.questions)
        if question.key == key
    )


def questions_before(contents: Contents, section: str, key: str = "") -> list[Question]:
    """The questions that somebody has been asked before the one with this key; without a key, before one that would be
    put at the end of the section."""
    found: list[Question] = []
    for one in contents.sections:
        for question in one.questions:
            if key and question.key == key:
                return found
            found.append(question)
        if not key and one.key == section:
            break
    return found


def with_question(contents: Contents, section: str, question: Question, key: str = "") -> Contents:
    """With ``question`` in place of the one with this key, or without a key at the end of the section; NotThere."""
    if not key:
        return _in_section(contents, section, lambda held: (*held, question))
    at, place = place_of_question(contents, key)
    return _in_section(
        contents, contents.sections[at].key, lambda held: (*held[:place], question, *held[place + 1 :])
    )  # fmt: skip


def without_question(contents: Contents, key: str) -> Contents:
    """Without the question with this key; NotThere."""
    at, _place = place_of_question(contents, key)
    return _in_section(
        contents, contents.sections[at].key, lambda held: tuple(one for one in held if one.key != key)
    )  # fmt: skip


def moved_question(contents: Contents, key: str, *, up: bool) -> Contents:
    """With the question one place further up or down; the first of a section goes to the end of the section before, the
    last to the beginning of the one behind. The same contents where it stands at the end already; NotThere."""
    at, place = place_of_question(contents, key)
    held = contents.sections[at].questions
    step = -1 if up else 1
    if 0 <= place + step < len(held):
        return _in_section(contents, contents.sections[at].key, lambda one: _swapped(one, place, place + step))
    if not 0 <= at + step < len(contents.sections):
        return contents
    moved, beside = held[place], contents.sections[at + step]
    there = (*beside.questions, moved) if up else (moved, *beside.questions)
    return _in_section(without_question(contents, key), beside.key, lambda _held: there)


def with_section(contents: Contents, section: Section) -> Contents:
    """With ``section`` in place of the one that has its key, or at the end."""
    if any(one.key == section.key for one in contents.sections):
        return Contents(tuple(section if one.key == section.key else one for one in contents.sections))
    return Contents((*contents.sections, section))


def without_section(contents: Contents, key: str) -> Contents:
    """Without the section and its questions; NotThere."""
    section_of(contents, key)
    return Contents(tuple(one for one in contents.sections if one.key != key))


def moved_section(contents: Contents, key: str, *, up: bool) -> Contents:
    """With the section one place further up or down; the same contents where it stands at the end; NotThere."""
    place = _only(place for place, one in enumerate(contents.sections) if one.key == key)
    other = place + (-1 if up else 1)
    return Contents(_swapped(contents.sections, place, other)) if 0 <= other < len(contents.sections) else contents


def with_clause_questions(
    contents: Contents, section: Section, items: Iterable[tuple[str, str, Texts]], anchors: Mapping[int, Texts]
) -> Contents:
    """With a rating for each of the ``items`` (agreement, line, words) that is not asked yet, in ``section``, which is
    put at the end where it is not there. Braces in the words are those of no name, and are left out."""
    lines = {one.line for one in contents.questions() if one.line}
    taken = {one.key for one in contents.questions()}
    if not any(one.key == section.key for one in contents.sections):
        contents = with_section(contents, section)
    for agreement, line, words in items:
        if line in lines:
            continue
        key = key_for(words.get("en", ""), taken)
        plain = {language: text.replace("{", "").replace("}", "") for language, text in words.items()}
        asked = Question(
            key, Kind.RATING, plain, low=min(anchors), high=max(anchors), anchors=anchors, dimension="agreed",
            agreement=agreement, line=line,
        )  # fmt: skip
        contents = with_question(contents, section.key, asked)
        lines.add(line)
        taken.add(key)
    return contents


def _in_section(
    contents: Contents, key: str, changed: Callable[[tuple[Question, ...]], tuple[Question, ...]]
) -> Contents:
    section = section_of(contents, key)
    return with_section(contents, replace(section, questions=changed(section.questions)))


def _swapped(held: Sequence[T], place: int, other: int) -> tuple[T, ...]:
    found = list(held)
    found[place], found[other] = found[other], found[place]
    return tuple(found)


def _only(found: Iterator[T]) -> T:
    for one in found:
        return one
    raise NotThere
