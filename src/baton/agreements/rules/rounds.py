"""What people say to a proposed version. Pure Python."""

from __future__ import annotations

from enum import StrEnum


class Stance(StrEnum):
    """What somebody says to a clause or to the whole.

    CONSENT           well so
    OBJECTION         not so, and why; it is answered
    COMMENT           something to think of
    COUNTER_PROPOSAL  other terms, to be adopted or declined
    """

    CONSENT = "consent"
    OBJECTION = "objection"
    COMMENT = "comment"
    COUNTER_PROPOSAL = "counter_proposal"


TO_ANSWER = frozenset({Stance.OBJECTION, Stance.COUNTER_PROPOSAL})
"""Stances that wait for an answer."""


class Outcome(StrEnum):
    """What became of an opinion.

    OPEN       nobody has answered it; a consent and a comment stay so
    ADOPTED    the version was changed as it asks
    DECLINED   answered with a reason; the version stays as it was
    WITHDRAWN  taken back by whoever said it
    """

    OPEN = "open"
    ADOPTED = "adopted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


def participation(*, invited: int, spoke: int) -> float | None:
    """Share of the invited who said something, in percent; None where nobody was invited."""
    return 100.0 * spoke / invited if invited else None


def enough(*, invited: int, spoke: int, minimum: float) -> bool:
    """Whether at least ``minimum`` percent of the invited said something; with a minimum of 0 also where nobody was
    invited."""
    share = participation(invited=invited, spoke=spoke)
    return minimum <= 0 if share is None else share >= minimum
