"""Heads rate departments: grades A to E with a name beside each. Pure Python.

One grade stands for one supplier as one of its customers sees it, whatever it hands over on however many links: whoever
heads a department judges departments, answers one question for each of them, and is done in two minutes. The links over
which something came stand beside the question, and a reason may point to one handoff of any of them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from baton.feedback.rules.faults import Fault
from baton_analysis.errors import gettext_noop


class Grade(StrEnum):
    """What the head of a department says of one that serves it.

    A     excellent
    B     good
    C     acceptable
    D     poor; with a reason and a fact
    E     unacceptable; with a reason and a fact
    NONE  he says that he cannot judge; it is no grade and is counted apart
    """

    A = "A"
    B = "B"
    C = "C"
    D = "D"
    E = "E"
    NONE = "N"


class RoundState(StrEnum):
    """How far a round of grades has come.

    OPEN       heads give their grades and may change them; nobody but their own department reads them
    CLOSED     grades stand; the departments graded, quality manager and director read them
    WITHDRAWN  it was opened by mistake; nobody had given a grade
    """

    OPEN = "open"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


LETTERS = (Grade.A, Grade.B, Grade.C, Grade.D, Grade.E)
"""The grades, the best first."""
LOW = frozenset({Grade.D, Grade.E})
"""Grades that need a reason and a fact, and that the department graded may reply to."""
POINTS = {Grade.A: 5, Grade.B: 4, Grade.C: 3, Grade.D: 2, Grade.E: 1}
"""Grades as equal steps, for the study of who is mild and who is severe; shown nowhere as a mean."""
WORDS_LENGTH = 1_000
FEW = 5
"""Fewer grades than this say little of a department."""
LONGEST_PERIOD = timedelta(days=366)
LONGEST_OPEN = timedelta(days=92)
WARNED_BEFORE = timedelta(days=2)
"""So long before the last day whoever has not graded is told again."""
POOLED = 12
"""So many rounds at most, up to the last one, are looked at together."""


@dataclass(frozen=True, slots=True)
class Said:
    """A grade as somebody gives it. ``grade`` None: none yet, or it is taken back. The fact is something that can be
    looked up: what happened, and on which day; ``handoff`` is the public id of the one that it was, empty: none."""

    grade: Grade | None
    reason: str = ""
    fact: str = ""
    happened_on: date | None = None
    handoff: str = ""


def faults_of(said: Said, *, began_on: date, until_on: date, handoffs: Collection[str] = ()) -> list[Fault]:
    """What is wrong with a grade of a round about the days ``began_on`` to ``until_on``, field by field. ``handoffs``
    are those that may be named."""
    faults = [_too_long(name, text) for name, text in (("reason", said.reason), ("fact", said.fact)) if _is_long(text)]
    if said.grade in LOW:
        faults += [_missing(name) for name, text in (("reason", said.reason), ("fact", said.fact)) if not text]
        if said.happened_on is None:
            faults.append(_missing("happened_on"))
    if said.grade is None and (said.reason or said.fact or said.handoff or said.happened_on):
        faults.append(_GRADE_WANTED)
    if said.happened_on is not None and not began_on <= said.happened_on <= until_on:
        faults.append(
            Fault(
                "happened_on",
                expected=gettext_noop("Expected a day of the time that is graded, {began} to {until}."),
                found=gettext_noop("Found {day}."),
                remedy=gettext_noop("Correct the day, or name something that happened in that time."),
                values={"began": began_on.isoformat(), "until": until_on.isoformat(),
                        "day": said.happened_on.isoformat()},
            )
        )  # fmt: skip
    if said.handoff and said.handoff not in handoffs:
        faults.append(
            Fault(
                "handoff",
                expected=gettext_noop("Expected a handoff that came from this department in that time."),
                found=gettext_noop("The one that was sent is none."),
                remedy=gettext_noop("Choose one of the list, or none."),
            )
        )
    return faults


_GRADE_WANTED = Fault(
    "grade",
    expected=gettext_noop("Expected a grade beside the reason or the fact."),
    found=gettext_noop("None was chosen."),
    remedy=gettext_noop("Choose a grade, or empty both."),
)


def _is_long(text: str) -> bool:
    return len(text) > WORDS_LENGTH


def _too_long(field: str, text: str) -> Fault:
    return Fault(
        field,
        expected=gettext_noop("Expected a text of at most {most} characters."),
        found=gettext_noop("Found {length} characters."),
        remedy=gettext_noop("Shorten it."),
        values={"most": WORDS_LENGTH, "length": len(text)},
    )


_WANTED = {
    "reason": gettext_noop("Say in a sentence why: who reads it is to know what to change."),
    "fact": gettext_noop("Name one event that can be looked up."),
    "happened_on": gettext_noop("Say on which day it happened."),
}


def _missing(field: str) -> Fault:
    return Fault(
        field,
        expected=gettext_noop("Expected a reason and a fact with its day beside D and E."),
        found=gettext_noop("Nothing was entered."),
        remedy=_WANTED[field],
    )


def above(path: str) -> list[str]:
    """Paths of the party with this path and of all above it, the nearest first: ``a/b/`` gives ``a/b/`` and ``a/``."""
    parts = path.strip("/").split("/")
    return ["/".join(parts[:length]) + "/" for length in range(len(parts), 0, -1)]


def are_kin(one: str, other: str) -> bool:
    """Whether of the parties with these paths one stands in the other: nobody grades his own department."""
    return one.startswith(other) or other.startswith(one)


def tally(grades: Iterable[str]) -> dict[Grade, int]:
    """How often each grade was given; what is none is not counted."""
    given = list(grades)
    return {letter: given.count(letter) for letter in LETTERS}


def is_warned_on(closes_on: date, today: date) -> bool:
    """Whether it is time to tell those who have not graded."""
    return closes_on - WARNED_BEFORE <= today <= closes_on


def is_late(promised_for: date | None, done_on: date | None, today: date) -> bool:
    """Whether something was promised for a day that is over, and is not done."""
    return promised_for is not None and done_on is None and promised_for < today


def share_kept(due: Mapping[int, int], kept: Mapping[int, int]) -> float | None:
    """Part of what was due that came in time, over all links (key -> count); None where nothing was due."""
    whole = sum(due.values())
    return sum(kept.values()) / whole if whole else None
