"""Service offers: how far a version has come, what each customer answered, how long the service takes. Pure Python."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from baton.agreements.rules.comparing import Line
from baton.agreements.rules.versions import OPEN, VersionState


class OfferState(StrEnum):
    """How far a version of a service offer has come.

    DRAFT       is being written by the supplier
    PROPOSED    signed by the supplier and offered to customers
    ACTIVE      at least one customer has accepted it
    SUPERSEDED  a newer version took its place
    ENDED       is offered no more
    """

    DRAFT = "draft"
    PROPOSED = "proposed"
    ACTIVE = "active"
    SUPERSEDED = "superseded"
    ENDED = "ended"


OFFERED = frozenset({OfferState.PROPOSED, OfferState.ACTIVE})
"""States of a version that customers may accept."""

ON_ITS_WAY = frozenset({OfferState.DRAFT, OfferState.PROPOSED})
"""States of a version that nobody has accepted yet; an offer has one such version at most."""


class Answer(StrEnum):
    """What has become of a version of an offer with one customer.

    WAITING   he was asked and has not signed
    TALKING   it is talked over on his link: in consultation
    REVISED   it was changed on his link; the supplier is to sign that, too
    ACCEPTED  both sides have signed it for his link
    DECLINED  he said no, with a reason
    OVER      it was taken back, or has ended on his link
    """

    WAITING = "waiting"
    TALKING = "talking"
    REVISED = "revised"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    OVER = "over"


UNANSWERED = frozenset({Answer.WAITING, Answer.TALKING, Answer.REVISED})
"""Answers that are still to come."""

_ANSWERS: Mapping[VersionState, Answer] = {
    VersionState.DRAFT: Answer.TALKING,
    VersionState.PROPOSED: Answer.WAITING,
    VersionState.CONSULTATION: Answer.TALKING,
    VersionState.ACCEPTED: Answer.ACCEPTED,
    VersionState.ACTIVE: Answer.ACCEPTED,
    VersionState.SUPERSEDED: Answer.ACCEPTED,
    VersionState.EXPIRED: Answer.OVER,
    VersionState.ENDED: Answer.OVER,
    VersionState.WITHDRAWN: Answer.OVER,
    VersionState.DECLINED: Answer.DECLINED,
}


_ACCEPTED = frozenset({VersionState.ACCEPTED, VersionState.ACTIVE})


def that_answers(states: Sequence[VersionState]) -> int:
    """Of the versions of one agreement that point to one version of an offer, oldest first: the place of the one that
    says what the customer answered. It is the one that both sides accepted, as long as it holds; else the last that was
    put to him; else the last draft; else the last. So what is written or taken back beside it changes no answer."""
    ranks = [
        2 if state in _ACCEPTED else 1 if state not in (VersionState.DRAFT, VersionState.WITHDRAWN)
        else 0 if state is VersionState.DRAFT else -1
        for state in states
    ]  # fmt: skip
    return max(range(len(states)), key=lambda place: (ranks[place], place))


def answer_of(state: VersionState, *, revised: bool = False, over: bool = False) -> Answer:
    """What a customer answered, by the state of the version on his link. ``revised``: it is proposed, and what the
    supplier signed with the offer is not what now stands there. ``over``: his link has ended."""
    if over and state in OPEN:
        return Answer.OVER
    if revised and state is VersionState.PROPOSED:
        return Answer.REVISED
    return _ANSWERS[state]


def carried(offered: Sequence[Line], own: Sequence[Line], same: Mapping[str, bool]) -> list[tuple[int, str]]:
    """Which clauses of a link go with it to a version of an offer: their places in ``own``, each with the line of the
    offer from which it deviates (empty: it is an additional one).

    A clause of the line of an offered one is a deviation, unless ``same`` says of the line that both say the same, and
    nothing was left out. What deviated from a clause that the offer has no longer stands for itself; where it was left
    out, there is nothing left to leave out.
    """
    lines = {one.line for one in offered}
    found = []
    for place, one in enumerate(own):
        line = one.deviates_from or one.line
        if line in lines:
            if one.dropped and not one.deviates_from:
                continue  # was taken out of its own agreement, which is no deviation
            if one.dropped or not same.get(line, False):
                found.append((place, line))
        elif not one.dropped:
            found.append((place, ""))
    return found


@dataclass(frozen=True, slots=True)
class Clock:
    """How long a service takes: ``total`` minutes of all steps that say how long they take, ``unsaid`` how many do not,
    and for each step after how many minutes it begins."""

    total: int
    unsaid: int
    begins: tuple[int, ...]


def clock(minutes: Sequence[int | None]) -> Clock:
    """The clock of steps that follow one another, each with its minutes (None: not said)."""
    begins, total = [], 0
    for one in minutes:
        begins.append(total)
        total += one or 0
    return Clock(total, sum(one is None for one in minutes), tuple(begins))


MOST_STEPS = 40
"""Most steps of a service."""
LONGEST_STEP = 60 * 24 * 366
"""Most minutes of one step: a year."""
MOST_LINKS = 500
"""Most customers that one proposal asks beside those who hold an earlier version."""
REMINDER_PAUSE = timedelta(days=1)
"""Customers who have not answered are reminded once in this time at most."""
