"""How sets of the library are written down: a line an item, in English and Chinese. Pure Python."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from baton.feedback.rules.questions import About, Contents, Kind, Option, Question, Section, Texts

Item = tuple[str, str, str]
"""Key, English and Chinese words of a question, an option or a statement."""


class Group(StrEnum):
    """Whom a set is for.

    INTERNAL  departments that are served by departments
    OUTSIDE   customers of the organisation: patients, guests, parents, buyers
    STAFF     those who work here, about what they need to serve well
    SECTOR    departments of one branch, with the words of that branch
    """

    INTERNAL = "internal"
    OUTSIDE = "outside"
    STAFF = "staff"
    SECTOR = "sector"


@dataclass(frozen=True, slots=True)
class LibrarySet:
    """A questionnaire to begin with: own words, free to be changed."""

    key: str
    group: Group
    name: Texts
    purpose: Texts
    contents: Contents


def said(english: str, chinese: str) -> dict[str, str]:
    """Texts by language."""
    return {"en": english, "zh-hans": chinese}


def _scale(*places: tuple[int, str, str]) -> dict[int, Texts]:
    return {place: said(english, chinese) for place, english, chinese in places}


AGREE = _scale(
    (1, "Not true at all", "完全不符合"),
    (2, "Rather untrue", "不太符合"),
    (3, "Partly true", "部分符合"),
    (4, "Rather true", "比较符合"),
    (5, "Quite true", "完全符合"),
)
OFTEN = _scale(
    (1, "Never", "从不"),
    (2, "Seldom", "很少"),
    (3, "About half of the time", "约一半时候"),
    (4, "Mostly", "多数时候"),
    (5, "Always", "总是"),
)
SEVEN = _scale((1, "Not true at all", "完全不符合"), (4, "Partly true", "部分符合"), (7, "Quite true", "完全符合"))
THREE = _scale((1, "Dissatisfied", "不满意"), (2, "So-so", "一般"), (3, "Satisfied", "满意"))
SATISFIED = _scale(
    (1, "Very dissatisfied", "很不满意"),
    (2, "Dissatisfied", "不满意"),
    (3, "Neither", "一般"),
    (4, "Satisfied", "满意"),
    (5, "Very satisfied", "很满意"),
)
LIKELY = _scale((0, "Certainly not", "肯定不会"), (10, "Certainly", "肯定会"))
EASY = _scale((1, "Not true at all", "完全不符合"), (7, "Quite true", "完全符合"))
FOUND = _scale(
    (1, "I am glad of it", "我会很高兴"),
    (2, "I take it for granted", "理应如此"),
    (3, "It is all the same to me", "无所谓"),
    (4, "I put up with it", "勉强可以接受"),
    (5, "It annoys me", "我会不满"),
)
"""In the order of the table by which Kano's answers are judged."""


def rating(item: Item, anchors: Mapping[int, Texts] = AGREE, **given: Any) -> Question:
    """A rating on the scale that the anchors span."""
    return _scaled(Kind.RATING, item, anchors, given)


def ratings(items: Iterable[Item], anchors: Mapping[int, Texts] = AGREE, **given: Any) -> tuple[Question, ...]:
    """Several of them."""
    return tuple(rating(item, anchors, **given) for item in items)


def pairs(dimension: str, *items: Item) -> tuple[Question, ...]:
    """What was expected and what was experienced, from 1 to 7, in one dimension."""
    return tuple(_scaled(Kind.PAIR, item, SEVEN, {"dimension": dimension}) for item in items)


def features(*items: Item) -> tuple[Question, ...]:
    """Features of which is asked how people find them when they are there and when they are not."""
    return tuple(_asked(Kind.KANO, item, {"anchors": FOUND}) for item in items)


def overall(
    english: str = "All in all, how satisfied are you with what {supplier} does for you?",
    chinese: str = "总体而言，您对{supplier}提供的服务满意吗？",
) -> Question:
    """Satisfaction as a whole, which the other questions are to explain."""
    return _asked(Kind.CSAT, ("overall", english, chinese), {"anchors": SATISFIED, "outcome": True})


def recommend(english: str, chinese: str) -> Question:
    """Whether one would recommend it."""
    return _asked(Kind.NPS, ("recommend", english, chinese), {"anchors": LIKELY, "outcome": True})


def easy(english: str, chinese: str) -> Question:
    """Whether it was made easy."""
    return _asked(Kind.CES, ("easy", english, chinese), {"anchors": EASY})


def comment(
    english: str = "What should {supplier} do better, and what should stay as it is?",
    chinese: str = "{supplier}哪些方面应当改进，哪些方面应当保持？",
    key: str = "comment",
    **given: Any,
) -> Question:
    """Words."""
    return _asked(Kind.TEXT, (key, english, chinese), given)


def chosen(kind: Kind, item: Item, options: Iterable[Item], **given: Any) -> Question:
    """A question with options."""
    keyed = tuple(Option(key, said(english, chinese)) for key, english, chinese in options)
    return _asked(kind, item, {"options": keyed, **given})


def section(item: Item, *questions: Question, intro: Texts | None = None) -> Section:
    """Questions under one heading."""
    key, english, chinese = item
    return Section(key, said(english, chinese), questions, intro or {})


def library_set(
    key: str, group: Group, name: tuple[str, str], purpose: tuple[str, str], *sections: Section
) -> LibrarySet:  # fmt: skip
    """A set; each name and purpose in English and Chinese."""
    return LibrarySet(key, group, said(*name), said(*purpose), Contents(sections))


def _scaled(kind: Kind, item: Item, anchors: Mapping[int, Texts], given: Mapping[str, Any]) -> Question:
    return _asked(kind, item, {"low": min(anchors), "high": max(anchors), "anchors": anchors, **given})


def _asked(kind: Kind, item: Item, given: Mapping[str, Any]) -> Question:
    key, english, chinese = item
    low, high = {Kind.NPS: (0, 10), Kind.CES: (1, 7)}.get(kind, (1, 5))
    applies = kind not in {Kind.TEXT, Kind.CHOICE, Kind.CHOICES, Kind.RANKING, Kind.POINTS, Kind.NUMBER}
    return Question(
        **{"key": key, "kind": kind, "words": said(english, chinese), "low": low, "high": high,
           "not_applicable": applies, "about": About.LINK, **given}
    )  # fmt: skip
