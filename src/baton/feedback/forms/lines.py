"""Lines of a text field as they are typed into the form of a question: words of places, options, answers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from django.conf import settings

from baton.core.errors import Refused
from baton.core.forms import text_field
from baton.feedback.rules import Kind, Option, Question
from baton.feedback.rules.drafting import key_for
from baton_analysis.errors import gettext_noop

ByLanguage = Mapping[str, str]
_PLACE = re.compile(r"(\d{1,2})[\s:：.、,，=\-–]*(.*)")


def lines_of(text: str) -> list[str]:
    """The lines on which something stands."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def anchors_in(texts: ByLanguage) -> dict[int, dict[str, str]]:
    """What places mean, by language, from lines such as ``1 Never``. Refused, beside its field: a line without a number
    or words, a place twice."""
    found: dict[int, dict[str, str]] = {}
    for language, text in texts.items():
        for line in lines_of(text):
            match = _PLACE.fullmatch(line)
            if match is None or not match[2]:
                raise _wrong_line("anchors", language, gettext_noop("Expected lines such as 1 Never."), line)
            words = found.setdefault(int(match[1]), {})
            if language in words:
                raise _wrong_line("anchors", language, gettext_noop("Expected each place once."), line)
            words[language] = match[2]
    return dict(sorted(found.items()))


def anchor_lines(anchors: Mapping[int, ByLanguage]) -> dict[str, str]:
    """The opposite: the lines of each language."""
    return {
        code: "\n".join(f"{place} {words[code]}" for place, words in sorted(anchors.items()) if words.get(code))
        for code, _language in settings.LANGUAGES
    }


def options_in(texts: ByLanguage, held: Sequence[Option]) -> tuple[Option, ...]:
    """Options from one line each. One that was there (``held``) keeps its key, so that waves can be compared: it is
    known by its words or, where no option came or went, by its place. Refused: a language with more or fewer lines."""
    lines = {language: lines_of(text) for language, text in texts.items()}
    first = lines.get(settings.LANGUAGE_CODE, [])
    for language, others in lines.items():
        if others and len(others) != len(first):
            raise Refused(
                field=text_field("options", language),
                expected=gettext_noop("Expected as many lines as in the organisation’s language, or none: {wanted}."),
                found=gettext_noop("Found {count}."),
                remedy=gettext_noop("Write one line for each option, in the same order."),
                wanted=len(first), count=len(others),
            )  # fmt: skip
    said = [
        {language: others[place] for language, others in lines.items() if others} for place in range(len(first))
    ]  # fmt: skip
    keys = _kept_keys(first, held)
    taken = {key for key in keys if key}
    for place, words in enumerate(said):
        if not keys[place]:
            keys[place] = key_for(words.get("en", ""), taken)
            taken.add(keys[place])
    return tuple(Option(key, words) for key, words in zip(keys, said, strict=True))


def option_lines(options: Iterable[Option]) -> dict[str, str]:
    """The opposite: the lines of each language; none in a language that some options lack."""
    listed = list(options)
    found = {}
    for code, _language in settings.LANGUAGES:
        words = [option.words.get(code, "") for option in listed]
        found[code] = "\n".join(words) if all(words) else ""
    return found


def answers_in(text: str, asked: Question) -> tuple[str, ...]:
    """The answers to an earlier question that stand in lines: places as numbers, options as they are called in either
    language, or their keys. Refused: any other line, and none."""
    options = asked.options if asked.kind is not Kind.MATRIX else ()
    known = {option.key: option.key for option in options}
    known |= {words.casefold(): option.key for option in options for words in option.words.values()}
    known |= {} if options else {str(place): str(place) for place in asked.scale}
    found = []
    for line in lines_of(text):
        key = known.get(line) or known.get(line.casefold())
        if key is None:
            raise Refused(
                field="when_answers",
                expected=gettext_noop("Expected answers that the earlier question can be given."),
                found=gettext_noop("Found “{value}”."),
                remedy=gettext_noop("Choose some of its options or places of its scale."),
                value=line[:40],
            )
        found.append(key)
    if not found:
        raise Refused(
            field="when_answers",
            expected=gettext_noop("Expected at least one answer after which it is asked."),
            found=gettext_noop("Nothing was entered."),
            remedy=gettext_noop("Write one a line, or have the question always asked."),
        )
    return tuple(dict.fromkeys(found))


def answer_lines(answers: Iterable[str], asked: Question | None) -> str:
    """The opposite: one a line, options as they are called in the organisation's language."""
    options = asked.options if asked is not None else ()
    words = {option.key: option.words.get(settings.LANGUAGE_CODE, option.key) for option in options}
    return "\n".join(words.get(one, one) for one in answers)


def _kept_keys(first: Sequence[str], held: Sequence[Option]) -> list[str]:
    by_words = {option.words.get(settings.LANGUAGE_CODE, ""): option.key for option in held}
    keys = [by_words.pop(words, "") for words in first]
    if len(first) == len(held):
        free = set(by_words.values())
        keys = [key or (held[place].key if held[place].key in free else "") for place, key in enumerate(keys)]
    return keys


def _wrong_line(name: str, language: str, expected: str, line: str) -> Refused:
    return Refused(
        field=text_field(name, language),
        expected=expected,
        found=gettext_noop("Found “{value}”."),
        remedy=gettext_noop("Correct the line."),
        value=line[:40],
    )
