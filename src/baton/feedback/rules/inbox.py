"""Feedback that reaches the organisation on many ways: what it is, where it stands, and the clock of the outcome. Pure
Python.

Feedback is the word of ISO 10002 for opinions, comments and expressions of interest in a product, service or the
handling of complaints; a complaint is the part of it that expects an answer because somebody is dissatisfied.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class FeedbackCategory(StrEnum):
    """What somebody tells.

    COMPLAINT   dissatisfied; an answer is expected
    SUGGESTION  how something could be better
    COMPLIMENT  what was done well
    QUESTION    something that he wants to know
    OTHER       none of these
    """

    COMPLAINT = "complaint"
    SUGGESTION = "suggestion"
    COMPLIMENT = "compliment"
    QUESTION = "question"
    OTHER = "other"


class FeedbackChannel(StrEnum):
    """On which way it came.

    BATON      told in Baton by somebody signed in
    FORM       the open page of a party or link, whose address somebody has
    QR         the same page, by the QR code of a poster
    EMAIL      an e-mail to the address for feedback
    PAPER      a slip of paper, a letter, the book of a ward
    TELEPHONE  a call
    COLLEAGUE  somebody told it to a colleague, who entered it
    """

    BATON = "baton"
    FORM = "form"
    QR = "qr"
    EMAIL = "email"
    PAPER = "paper"
    TELEPHONE = "telephone"
    COLLEAGUE = "colleague"


AT_DOORS = (FeedbackChannel.FORM, FeedbackChannel.QR)
"""Ways without a sign-in."""
ENTERED = (FeedbackChannel.PAPER, FeedbackChannel.TELEPHONE, FeedbackChannel.COLLEAGUE)
"""Ways on which it reaches somebody who then enters it."""


class FeedbackState(StrEnum):
    """Where it stands.

    OPEN       it waits for an outcome
    PASSED     it was passed on to a party, whose head owes the outcome
    ANSWERED   somebody answered it
    COMPLAINT  a complaint was opened of it
    THANKED    thanks were passed on to who earned them
    NO_ACTION  it was said why nothing is done
    """

    OPEN = "open"
    PASSED = "passed"
    ANSWERED = "answered"
    COMPLAINT = "complaint"
    THANKED = "thanked"
    NO_ACTION = "no_action"


class FeedbackStep(StrEnum):
    """What is done with it, and leads to which state."""

    PASS_ON = "pass_on"
    ANSWER = "answer"
    THANK = "thank"
    DECLINE = "decline"
    COMPLAIN = "complain"


LEADS_TO: Mapping[FeedbackStep, FeedbackState] = {
    FeedbackStep.PASS_ON: FeedbackState.PASSED,
    FeedbackStep.ANSWER: FeedbackState.ANSWERED,
    FeedbackStep.THANK: FeedbackState.THANKED,
    FeedbackStep.DECLINE: FeedbackState.NO_ACTION,
    FeedbackStep.COMPLAIN: FeedbackState.COMPLAINT,
}
WAITING = frozenset({FeedbackState.OPEN, FeedbackState.PASSED})
"""States in which an outcome is owed."""
STEPS_FROM: Mapping[FeedbackStep, frozenset[FeedbackState]] = {
    FeedbackStep.PASS_ON: WAITING,
    FeedbackStep.ANSWER: frozenset(FeedbackState),
    FeedbackStep.COMPLAIN: WAITING | {FeedbackState.ANSWERED, FeedbackState.NO_ACTION},
    FeedbackStep.THANK: WAITING | {FeedbackState.ANSWERED},
    FeedbackStep.DECLINE: WAITING,
}
"""Out of which states a step leads: an answer may follow on any outcome, and thanks on an answer."""

BY_CODE = "qr"
"""What the address in a QR code says in its parameter ``by``."""
TOLD_A_MINUTE = 10
"""So much is taken in a minute from one network address without a sign-in; a hospital may share one."""
TOLD_A_MINUTE_AT_A_DOOR = 60
RESPONSE_DAYS = 5
"""Working days within which an outcome is owed, as for the needs of those who work here; ISO 10002 wants a time that is
known to everybody, and names none."""
WORDS_LENGTH = 4_000
NAME_LENGTH = 120
REACH_LENGTH = 200
OLDEST = timedelta(days=10 * 366)
"""So long ago may something have been received that is entered now."""
NAMES_KEPT = timedelta(days=365)
"""Name and how to reach somebody are erased so long after the outcome."""

# What people write who thank, suggest, ask or complain, in the order in which they are tried. They only propose: who
# tells sees what was made of it, and who acts sorts it otherwise.
_SIGNS: tuple[tuple[FeedbackCategory, re.Pattern[str]], ...] = (
    (
        FeedbackCategory.COMPLIMENT,
        re.compile(
            r"\b(thanks?|thank you|grateful|excellent|well done|brilliant|great (job|work|help))\b"
            r"|感谢|谢谢|多谢|表扬|非常好|很好|点赞|称赞",
            re.IGNORECASE,
        ),
    ),
    (
        FeedbackCategory.SUGGESTION,
        re.compile(
            r"\b(suggest(ion)?s?|propose|could you|could we|would be better|how about|it would help|i wish|idea)\b"
            r"|建议|希望|能否|能不能|可否|最好能|想法",
            re.IGNORECASE,
        ),
    ),
    (FeedbackCategory.QUESTION, re.compile(r"[?？]|请问")),
    (
        FeedbackCategory.COMPLAINT,
        re.compile(
            r"\b(complain(t)?|late|again|missing|wrong|broken|dirty|damaged|rude|never|not|no|waited|unacceptable"
            r"|dissatisfied|disappointed|fail(s|ed)?)\b|n['’]t\b"
            r"|投诉|不满|迟|晚|少了|缺|错|坏|脏|破|态度差|没有|没|不|等了|太慢",
            re.IGNORECASE,
        ),
    ),
)
_REFUSED_PRAISE = re.compile(
    r"\b(no|nobody|not|without)\b[^.!?]{0,30}\bthank|不(太|够|怎么)?(很|非常)?好", re.IGNORECASE
)


def proposed_category(words: str) -> FeedbackCategory:
    """What it seems to be, by the words in which it is told; OTHER where none of them says so."""
    for category, sign in _SIGNS:
        if category is FeedbackCategory.COMPLIMENT and _REFUSED_PRAISE.search(words):
            continue
        if sign.search(words):
            return category
    return FeedbackCategory.OTHER


@dataclass(frozen=True, slots=True)
class FeedbackTimes:
    """The clock of feedback: until when an outcome is owed, and whether it came in time (None: it is owed still, and
    not late yet). ``late``: it is owed still, and late."""

    due: datetime
    in_time: bool | None
    late: bool


def times(*, state: FeedbackState, due: datetime, dealt_at: datetime | None, at: datetime) -> FeedbackTimes:
    """How the clock stands at ``at`` of something that was first dealt with at ``dealt_at``."""
    late = state in WAITING and at > due
    if dealt_at is None:
        return FeedbackTimes(due, False if late else None, late)
    return FeedbackTimes(due, dealt_at <= due, late)
