"""What a wave found that somebody should mend: which results are weak, how long an answer may take. Pure Python."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from baton.feedback.rules.drafting import piped
from baton.feedback.rules.questions import Contents, Kind, Scored


class FindingState(StrEnum):
    """What became of a finding.

    OPEN      nobody has answered it
    ANSWERED  it is said what is done, by whom and by when
    DECLINED  it is said why nothing is done
    DONE      what was said is done
    """

    OPEN = "open"
    ANSWERED = "answered"
    DECLINED = "declined"
    DONE = "done"


ANSWER_WITHIN = timedelta(days=14)
"""So long after it was found an answer is due."""
FARTHEST = timedelta(days=366)
"""What is promised in answer is done within a year."""
WEAK = 0.625
"""A mean is weak below this part of its scale: below 3.5 on a scale from 1 to 5."""
MOST_OF_A_SUPPLIER = 3
"""Most findings that a wave brings by itself to one supplier: who is told twenty mends none."""
RATED = frozenset({Kind.RATING, Kind.PAIR, Kind.MATRIX, Kind.CSAT, Kind.CES})
"""Kinds of questions whose low means say that something is wanting."""
WORDS_LENGTH = 1_000
OF_ALL_LINKS = {
    "customer": {"en": "the customer", "zh-hans": "客户"},
    "output": {"en": "what is handed over", "zh-hans": "所交付的内容"},
    "link": {"en": "the service", "zh-hans": "服务"},
}
"""What stands in the words of a question where it is not about one link."""


def words_of(contents: Contents, column: str, supplier: Mapping[str, str]) -> dict[str, str] | None:
    """The words of a column's question by language, with the supplier's name put in, and general words for what differs
    from link to link; None where it is not asked."""
    key, _dot, part = column.partition(".")
    question = contents.question(key)
    if question is None:
        return None
    row = next((one for one in question.options if one.key == part), None)
    words = dict(row.words) if row is not None else dict(question.words)
    put = piped(words, {**OF_ALL_LINKS, "supplier": supplier})
    return {language: text[:1].upper() + text[1:] for language, text in put.items()}


def is_of_service(column: Scored) -> bool:
    """Whether a low mean of the column says that something is wanting: what was rated or experienced, not what was
    expected, hoped for or would be recommended."""
    return column.question.kind in RATED and not column.key.endswith(".expected")


@dataclass(frozen=True, slots=True)
class Weak:
    """A published mean of a question about a supplier. ``supplier`` is the public id of the party, ``wave_link`` of the
    link of the wave, empty: all of its links."""

    supplier: str
    question: str
    mean: float
    n: int
    low: float
    high: float
    wave_link: str = ""

    @property
    def share(self) -> float:
        """Where the mean lies on its scale: 0 at the lower end, 1 at the upper."""
        return (self.mean - self.low) / (self.high - self.low)


def weakest(results: Iterable[Weak]) -> Sequence[Weak]:
    """The weak ones among published means, at most :data:`MOST_OF_A_SUPPLIER` of each supplier, the weakest first."""
    taken: dict[str, int] = {}
    found = []
    for one in sorted(results, key=lambda one: (one.share, one.supplier, one.question, one.wave_link)):
        if one.share < WEAK and taken.get(one.supplier, 0) < MOST_OF_A_SUPPLIER:
            taken[one.supplier] = taken.get(one.supplier, 0) + 1
            found.append(one)
    return found
