"""Whether what somebody answered is an answer. Pure Python."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping
from math import isfinite
from typing import Any

from baton.feedback.rules.faults import Fault
from baton.feedback.rules.questions import (
    ALL_POINTS,
    NOT_APPLICABLE,
    About,
    Contents,
    Kind,
    Question,
    is_shown,
)
from baton_analysis.errors import gettext_noop

COMMENT_LENGTH = 4_000
MOST_MARKS = 8
"""Most combining marks on one character of a comment: no script needs more, and walls of them cover the page."""

_AGAIN = gettext_noop("Load the page again and answer what it asks.")


class _NoAnswer(Exception):
    """What came is no answer to the question."""

    def __init__(self, expected: str, remedy: str, found: str = "", part: str = "", **values: Any) -> None:
        self.expected, self.remedy, self.found, self.part, self.values = expected, remedy, found, part, values


def checked_answers(contents: Contents, raw: Mapping[str, Any], about: About) -> tuple[dict[str, Any], list[Fault]]:
    """The answers to the questions ``about`` a link or the wave, as they are kept, and what is wrong with them.

    ``raw`` holds by the keys of questions what a form or a program sent: numbers also as text, an empty text for no
    answer. What is kept: a number of the scale or ``"na"``; ``{"expected": …, "experienced": …}``; ``{statement: …}``;
    the key of an option or a list of them; a number; words; ``{"functional": …, "dysfunctional": …}``;
    ``{option: points}``. Questions that were not answered are not in it.
    """
    questions = {one.key: one for one in contents.questions(about)}
    faults = [_unknown(key) for key in raw if key not in questions]
    answers: dict[str, Any] = {}
    for key, question in questions.items():
        # A later question hangs on earlier ones only: what those were answered is known here.
        shown = is_shown(question, answers)
        try:
            answer = _read(question, raw.get(key))
            if answer is not None and not shown:
                raise _NoAnswer(
                    gettext_noop("Expected no answer to a question that is not asked after what you said before."),
                    gettext_noop("Leave it empty, or change what you said before."),
                )
            if answer is None and shown and question.required:
                raise _NoAnswer(gettext_noop("Expected an answer."), _said_missing(question))
        except _NoAnswer as wrong:
            field = f"{key}.{wrong.part}" if wrong.part else key
            faults.append(Fault(field, wrong.expected, wrong.remedy, wrong.found, wrong.values))
            continue
        if answer is not None:
            answers[key] = answer
    return answers, faults


def _said_missing(question: Question) -> str:
    if question.not_applicable:
        return gettext_noop("Answer it, or say that it does not apply.")
    return gettext_noop("Answer it.")


def _unknown(key: str) -> Fault:
    return Fault(
        key[:60], gettext_noop("Expected answers to the questions of this sheet only."), _AGAIN,
        gettext_noop("Found one to “{key}”, which it does not ask."), {"key": key[:60]},
    )  # fmt: skip


def _read(question: Question, raw: Any) -> Any:
    if raw is None or raw == "" or raw == [] or raw == {}:
        return None
    if raw == NOT_APPLICABLE and question.kind not in {Kind.TEXT, Kind.CHOICE}:
        return _not_applicable(question)
    return _READERS[question.kind](question, raw)


def _not_applicable(question: Question) -> str:
    if not question.not_applicable:
        raise _off_scale(question, NOT_APPLICABLE)
    return NOT_APPLICABLE


def _on_scale(question: Question, raw: Any, part: str = "") -> int:
    text = str(raw).strip() if isinstance(raw, int | str) and not isinstance(raw, bool) else ""
    number = int(text) if text.isascii() and text.isdigit() and len(text) <= 3 else None
    if number is None or number not in question.scale:
        raise _off_scale(question, raw, part)
    return number


def _off_scale(question: Question, raw: Any, part: str = "") -> _NoAnswer:
    return _NoAnswer(
        gettext_noop("Expected a number from {low} to {high}."), gettext_noop("Choose one of the scale."),
        gettext_noop("Found “{value}”."), part, low=question.low, high=question.high, value=_short(raw),
    )  # fmt: skip


def _parts(question: Question, raw: Any, names: tuple[str, ...], read: Callable[..., Any]) -> dict[str, Any] | None:
    """An answer in several parts, each of which may be missing where the question is not required."""
    if not isinstance(raw, Mapping):
        raise _misshapen()
    strange = [str(name) for name in raw if name not in names]
    if strange:
        raise _misshapen(strange[0])
    found = {}
    for name in names:
        given = raw.get(name)
        if given is None or given == "":
            continue
        found[name] = _not_applicable(question) if given == NOT_APPLICABLE else read(question, given, name)
    missing = [name for name in names if name not in found]
    if found and missing and (question.required or question.kind is not Kind.MATRIX):
        raise _NoAnswer(gettext_noop("Expected an answer to each part."), _said_missing(question), part=missing[0])
    return found or None


def _pair(question: Question, raw: Any) -> Any:
    return _parts(question, raw, ("expected", "experienced"), _on_scale)


def _kano(question: Question, raw: Any) -> Any:
    return _parts(question, raw, ("functional", "dysfunctional"), _on_scale)


def _matrix(question: Question, raw: Any) -> Any:
    return _parts(question, raw, tuple(row.key for row in question.options), _on_scale)


def _choice(question: Question, raw: Any) -> str:
    keys = {option.key for option in question.options}
    if not isinstance(raw, str) or raw not in keys:
        raise _NoAnswer(
            gettext_noop("Expected one of the options."), gettext_noop("Choose one that is listed."),
            gettext_noop("Found “{value}”."), value=_short(raw),
        )  # fmt: skip
    return raw


def _choices(question: Question, raw: Any) -> list[str]:
    given = [raw] if isinstance(raw, str) else raw
    if not isinstance(given, list):
        raise _misshapen()
    chosen = {_choice(question, one) for one in given}
    return [option.key for option in question.options if option.key in chosen]


def _ranking(question: Question, raw: Any) -> list[str] | None:
    """Either the keys in their order, or ``{key: place}`` as a form sends it."""
    keys = [option.key for option in question.options]
    if isinstance(raw, Mapping):
        if not any(str(place).strip() for place in raw.values()):
            return None
        places = {str(place).strip(): key for key, place in raw.items()}
        raw = [places.get(str(place + 1)) for place in range(len(keys))]
    if not isinstance(raw, list) or any(not isinstance(one, str) for one in raw) or sorted(raw) != sorted(keys):
        raise _NoAnswer(
            gettext_noop("Expected every option once, in your order: 1 to {most}."),
            gettext_noop("Give each of them a place of its own, or none of them any."), most=len(keys),
        )  # fmt: skip
    return raw


def _number(question: Question, raw: Any) -> float:
    try:
        number = float(raw) if isinstance(raw, int | float | str) and not isinstance(raw, bool) else float("nan")
    except ValueError:
        number = float("nan")
    if not isfinite(number) or not question.low <= number <= question.high:
        raise _NoAnswer(
            gettext_noop("Expected a number from {low} to {high}, with a point for decimals."),
            gettext_noop("Correct the number."), gettext_noop("Found “{value}”."),
            low=question.low, high=question.high, value=_short(raw),
        )  # fmt: skip
    return number


def _text(question: Question, raw: Any) -> str | None:
    if not isinstance(raw, str):
        raise _misshapen()
    words = _readable(raw)
    if len(words) > COMMENT_LENGTH:
        raise _NoAnswer(
            gettext_noop("Expected at most {most} characters."), gettext_noop("Shorten it."),
            gettext_noop("Found {length} characters."), most=COMMENT_LENGTH, length=len(words),
        )  # fmt: skip
    return words or None


def _readable(raw: str) -> str:
    """Without control and invisible characters, and with no more marks on a character than a script needs."""
    kept: list[str] = []
    marks = 0
    for character in unicodedata.normalize("NFC", raw.replace("\r\n", "\n")):
        category = unicodedata.category(character)
        marks = marks + 1 if category in {"Mn", "Me"} else 0
        if marks > MOST_MARKS or (category in {"Cc", "Cf", "Co", "Cs", "Cn"} and character not in "\n\t\u200d"):
            continue
        kept.append(character)
    words = "".join(kept).strip()
    return words if words.strip("\u200d \n\t\u2800\u3164") else ""


def _points(question: Question, raw: Any) -> dict[str, int] | None:
    keys = [option.key for option in question.options]
    if not isinstance(raw, Mapping) or any(key not in keys for key in raw):
        raise _misshapen()
    given = {key: str(points).strip() for key, points in raw.items()}
    given = {key: points for key, points in given.items() if points}
    if not given:
        return None
    wrong = next((key for key, points in given.items() if not (points.isascii() and points.isdigit())), None)
    if wrong is not None or any(len(points) > 3 for points in given.values()):
        raise _NoAnswer(
            gettext_noop("Expected whole numbers from 0 to {all}."), gettext_noop("Correct the number."),
            part=wrong or "", all=ALL_POINTS,
        )  # fmt: skip
    laid = {key: int(given.get(key, "0")) for key in keys}
    if sum(laid.values()) != ALL_POINTS:
        raise _NoAnswer(
            gettext_noop("Expected {all} points in all."), gettext_noop("Lay the rest, or take some away."),
            gettext_noop("Found {sum}."), all=ALL_POINTS, sum=sum(laid.values()),
        )  # fmt: skip
    return laid


def _misshapen(found: str = "") -> _NoAnswer:
    said = gettext_noop("Found “{value}”.") if found else ""
    return _NoAnswer(gettext_noop("Expected an answer as the sheet asks for it."), _AGAIN, said, value=_short(found))


def _short(raw: Any) -> str:
    return str(raw)[:40]


_READERS: dict[Kind, Callable[[Question, Any], Any]] = {
    Kind.RATING: _on_scale, Kind.NPS: _on_scale, Kind.CSAT: _on_scale, Kind.CES: _on_scale, Kind.PAIR: _pair,
    Kind.KANO: _kano, Kind.MATRIX: _matrix, Kind.CHOICE: _choice, Kind.CHOICES: _choices, Kind.RANKING: _ranking,
    Kind.NUMBER: _number, Kind.TEXT: _text, Kind.POINTS: _points,
}  # fmt: skip
