"""Review meetings: how far one has come, what stands on its agenda, whether a decision is kept. Pure Python."""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum

WORDS_LENGTH = 4000
"""Longest minutes of one point of an agenda, in characters."""
PLACE_LENGTH = 200
"""Longest place, also the address of a video call."""
NAME_LENGTH = 120
"""Longest name of somebody who has no sign-in."""
MOST_POINTS = 80
MOST_PEOPLE = 60
MOST_DECISIONS = 100
LONGEST = timedelta(days=3)
"""A meeting that lasts longer is several."""
FARTHEST = timedelta(days=3 * 366)
"""How far ahead a meeting, or what was decided, may lie."""
SOON = timedelta(days=2)
"""So long before its day the people of a meeting are reminded."""
DUE_SOON = timedelta(days=3)
"""So long before its day who owes something is reminded."""
USUAL_RHYTHM = timedelta(weeks=13)
"""From one review to the next where the agreement says nothing: a quarter; a starting value without a source."""


class MeetingState(StrEnum):
    """How far a review meeting has come.

    PLANNED    its day, people and agenda are being settled, or it is going on: minutes are written
    HELD       it was closed: its minutes stand still
    CANCELLED  it did not take place
    """

    PLANNED = "planned"
    HELD = "held"
    CANCELLED = "cancelled"


class Topic(StrEnum):
    """What a point of an agenda is about.

    AGREEMENT    how the agreement stands: its state, its term, its review
    FIGURES      the latest weeks of the link
    CLAUSE       a clause that is on trial, or that lacks something
    CLAUSES      the clauses that count, each with what was usual before
    SIGNAL       an open signal of the link
    OBJECTION    an objection or a counter-proposal that nobody has answered
    GAP          something about the link that nobody has made clear
    CERTIFICATE  a certificate of one side that runs out
    GUARANTEE    a guarantee that was called since the last meeting
    DECISION     a decision of an earlier meeting that is open
    PLAN_ITEM    an item of the joint quality plan that is late
    OWN          what somebody put on the agenda
    FUTURE       whether the agreement is renewed, changed or ended: reviewed instead of put out to tender
    """

    AGREEMENT = "agreement"
    FIGURES = "figures"
    CLAUSE = "clause"
    CLAUSES = "clauses"
    SIGNAL = "signal"
    OBJECTION = "objection"
    GAP = "gap"
    CERTIFICATE = "certificate"
    GUARANTEE = "guarantee"
    DECISION = "decision"
    PLAN_ITEM = "plan_item"
    OWN = "own"
    FUTURE = "future"


class ItemFate(StrEnum):
    """Whether a point is talked over: it is on the agenda (ON), was put off to the next meeting (POSTPONED), or was
    taken off (DROPPED)."""

    ON = "on"
    POSTPONED = "postponed"
    DROPPED = "dropped"


class Attendance(StrEnum):
    """Whether somebody came.

    INVITED  nobody has noted it yet
    PRESENT  was there, or joined by phone
    EXCUSED  said before that he could not come
    ABSENT   was not there
    """

    INVITED = "invited"
    PRESENT = "present"
    EXCUSED = "excused"
    ABSENT = "absent"


class ReviewOutcome(StrEnum):
    """What becomes of the agreement after a review.

    GO_ON   it holds as it is
    RENEW   its term is renewed: the next version begins the day after its last day
    CHANGE  a new version is written, for a reason
    END     it is ended
    """

    GO_ON = "go_on"
    RENEW = "renew"
    CHANGE = "change"
    END = "end"


class DecisionState(StrEnum):
    """What became of a decision.

    OPEN     is to be done
    DONE     was done
    DROPPED  is no longer wanted, with a reason
    """

    OPEN = "open"
    DONE = "done"
    DROPPED = "dropped"


class Keeping(StrEnum):
    """How somebody keeps his word: nothing is due yet (OPEN), it is due and not done (LATE), it was done by its day
    (KEPT), it was done after it (KEPT_LATE), it is no longer wanted (DROPPED)."""

    OPEN = "open"
    LATE = "late"
    KEPT = "kept"
    KEPT_LATE = "kept_late"
    DROPPED = "dropped"


def keeping(due_on: date, day: date, *, done_on: date | None, dropped: bool) -> Keeping:
    """How what is due on ``due_on`` stands on ``day``; that day itself is still in time."""
    if dropped:
        return Keeping.DROPPED
    if done_on is not None:
        return Keeping.KEPT if done_on <= due_on else Keeping.KEPT_LATE
    return Keeping.LATE if day > due_on else Keeping.OPEN


def next_review(held_on: date, *, starts_on: date | None, review_on: date | None, ends_on: date | None) -> date:
    """When the two sides meet next: on the review day of the version in force while it lies ahead, then after as long
    again as from its first day to that one, else after :data:`USUAL_RHYTHM`; at the latest on its last day."""
    if review_on is not None and review_on > held_on:
        return review_on
    rhythm = review_on - starts_on if review_on is not None and starts_on is not None else USUAL_RHYTHM
    proposed = held_on + max(rhythm, timedelta(weeks=1))
    return ends_on if ends_on is not None and held_on < ends_on < proposed else proposed


def renewed_term(starts_on: date, ends_on: date) -> tuple[date, date]:
    """First and last day of the term that follows: it begins the day after and is as long."""
    return ends_on + timedelta(days=1), ends_on + timedelta(days=1) + (ends_on - starts_on)
