"""The life of a version of an agreement, and who takes which step. Pure Python."""

from __future__ import annotations

from datetime import date
from enum import StrEnum


class VersionState(StrEnum):
    """How far a version of an agreement has come.

    DRAFT         is being written, by either side
    PROPOSED      one side offers it to the other; its text stands still
    CONSULTATION  those who work with it are asked; clauses are countered and changed
    ACCEPTED      both sides have signed it; its first day has not come
    ACTIVE        holds
    SUPERSEDED    held until a newer version took its place
    EXPIRED       held until its last day, and was not renewed
    ENDED         was ended by one side before its last day
    WITHDRAWN     was taken back by those who proposed or wrote it
    DECLINED      was refused by the other side, with a reason
    """

    DRAFT = "draft"
    PROPOSED = "proposed"
    CONSULTATION = "consultation"
    ACCEPTED = "accepted"
    ACTIVE = "active"
    SUPERSEDED = "superseded"
    EXPIRED = "expired"
    ENDED = "ended"
    WITHDRAWN = "withdrawn"
    DECLINED = "declined"


OPEN = frozenset({VersionState.DRAFT, VersionState.PROPOSED, VersionState.CONSULTATION, VersionState.ACCEPTED})
"""States of a version that is on its way; an agreement has one such version at most."""

EDITABLE = frozenset({VersionState.DRAFT, VersionState.CONSULTATION})
"""States in which clauses are changed."""

SIGNED = frozenset(
    {VersionState.ACCEPTED, VersionState.ACTIVE, VersionState.SUPERSEDED, VersionState.EXPIRED, VersionState.ENDED}
)
"""States of a version that both sides have signed."""

HEARD = frozenset({VersionState.CONSULTATION, VersionState.PROPOSED})
"""States in which something is said to a version, and answered: in a consultation by all who are asked, to a proposal
by those who speak for a side."""


class Taker(StrEnum):
    """Who takes a step.

    EITHER    whoever may speak for one of the sides, or writes for both (the quality manager)
    PROPOSER  whoever may speak for the side that proposed it, or writes for both
    OTHER     whoever may speak for the side that did not propose it
    BATON     nobody: it follows, on a day or from another step
    """

    EITHER = "either"
    PROPOSER = "proposer"
    OTHER = "other"
    BATON = "baton"


_S = VersionState

STEPS: dict[tuple[VersionState, VersionState], Taker] = {
    (_S.DRAFT, _S.PROPOSED): Taker.EITHER,
    (_S.DRAFT, _S.WITHDRAWN): Taker.EITHER,
    (_S.PROPOSED, _S.CONSULTATION): Taker.EITHER,
    (_S.PROPOSED, _S.WITHDRAWN): Taker.PROPOSER,
    (_S.PROPOSED, _S.DECLINED): Taker.OTHER,
    (_S.PROPOSED, _S.ACCEPTED): Taker.BATON,
    (_S.CONSULTATION, _S.PROPOSED): Taker.EITHER,
    (_S.CONSULTATION, _S.WITHDRAWN): Taker.PROPOSER,
    (_S.CONSULTATION, _S.DECLINED): Taker.OTHER,
    (_S.ACCEPTED, _S.ACTIVE): Taker.BATON,
    (_S.ACCEPTED, _S.ENDED): Taker.EITHER,
    (_S.ACTIVE, _S.SUPERSEDED): Taker.BATON,
    (_S.ACTIVE, _S.EXPIRED): Taker.BATON,
    (_S.ACTIVE, _S.ENDED): Taker.EITHER,
}
"""The allowed steps from a state to another, and who takes them. A proposal is accepted when both sides have signed it;
it is active on its first day, and then its predecessor is superseded."""


def taker_of(before: VersionState, after: VersionState) -> Taker | None:
    """Who takes this step; None where it is not allowed."""
    return STEPS.get((before, after))


def next_states(state: VersionState) -> tuple[VersionState, ...]:
    """The states that can follow."""
    return tuple(after for before, after in STEPS if before is state)


def is_expired(ends_on: date | None, day: date) -> bool:
    """Whether the last day of the term is over; ``ends_on`` is the last day on which it holds, None: no end."""
    return ends_on is not None and day > ends_on


def is_over(ends_on: date | None, link_ended_on: date | None, day: date) -> bool:
    """Whether a version cannot hold on this day any more: its last day is over, or its link ends that day or ended
    before."""
    return is_expired(ends_on, day) or (link_ended_on is not None and link_ended_on <= day)


RENEWAL_DAYS = 60
"""How many days before its end the two sides are told that an agreement runs out, where they say nothing else."""
