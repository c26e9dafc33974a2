"""Points for handoffs: what both sides of a link agree to, how a claim goes, what is posted. Pure Python.

The arithmetic is that of :mod:`baton_analysis.measures.settlement` in whole points.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from enum import StrEnum

from baton.agreements.rules import Fault
from baton_analysis.errors import gettext_noop

PRICE_RANGE = range(1, 1_000_001)
"""Points of one handoff."""
SHARE_RANGE = range(1, 101)
"""What an accepted claim gives back, in percent of the points of the handoff."""
RULING_RANGE = range(0, 101)
"""What the arbiter gives back, in percent."""
DAYS_RANGE = range(1, 91)
"""Days in which a breach can be claimed and a claim answered."""
USUAL_PRICE, USUAL_SHARE, USUAL_DAYS = 100, 10, 7


class TermsState(StrEnum):
    """How the terms of settlement on a link stand.

    PROPOSED  one side has proposed them
    AGREED    the other side has agreed: what is accepted from then on earns points
    DROPPED   they never held: taken back, declined, or replaced by another proposal
    ENDED     they held, and hold no more: a side ended them, or agreed to others
    """

    PROPOSED = "proposed"
    AGREED = "agreed"
    DROPPED = "dropped"
    ENDED = "ended"


class ClaimState(StrEnum):
    """How a claim stands.

    OPEN       the customer asks a part of the points back; the supplier answers
    ACCEPTED   the supplier agrees: the agreed share is given back
    DISPUTED   the supplier disagrees, with his ground; the arbiter decides
    TRIPPED    nobody claimed the breach, or nobody answered the claim, within the limit; the arbiter decides
    DECIDED    the arbiter has said which share is given back, 0 included
    WITHDRAWN  the customer takes it back, or the handoff counts no more
    """

    OPEN = "open"
    ACCEPTED = "accepted"
    DISPUTED = "disputed"
    TRIPPED = "tripped"
    DECIDED = "decided"
    WITHDRAWN = "withdrawn"


class TripReason(StrEnum):
    """Why a breach went to the arbiter by itself.

    UNCLAIMED   the customer did not claim it in time
    UNANSWERED  the supplier did not answer the claim in time
    """

    UNCLAIMED = "unclaimed"
    UNANSWERED = "unanswered"


class EntryKind(StrEnum):
    """What an entry of the ledger is for.

    CREDIT  an accepted handoff: from its customer to its supplier
    CLAIM   a share of that back, as the supplier accepted
    RULING  a share of that back, as the arbiter decided
    VOID    all that is left of it back: the handoff was withdrawn as a mistake
    """

    CREDIT = "credit"
    CLAIM = "claim"
    RULING = "ruling"
    VOID = "void"


BEFORE_ARBITER = frozenset({ClaimState.DISPUTED, ClaimState.TRIPPED})
"""The arbiter decides."""

PENDING_CLAIMS = BEFORE_ARBITER | {ClaimState.OPEN}
"""It is not over."""

CLAIM_STEPS: Mapping[ClaimState, frozenset[ClaimState]] = {
    ClaimState.OPEN: frozenset(
        {ClaimState.ACCEPTED, ClaimState.DISPUTED, ClaimState.TRIPPED, ClaimState.WITHDRAWN}
    ),
    ClaimState.DISPUTED: frozenset({ClaimState.DECIDED, ClaimState.WITHDRAWN}),
    ClaimState.TRIPPED: frozenset({ClaimState.DECIDED, ClaimState.WITHDRAWN}),
    ClaimState.WITHDRAWN: frozenset({ClaimState.TRIPPED}),
}  # fmt: skip
"""To which states a claim goes from each; from the others to none. A claim that was taken back leaves a breach that
nobody claims."""


def may_step(before: ClaimState, after: ClaimState) -> bool:
    """Whether a claim goes from one state to the other."""
    return after in CLAIM_STEPS.get(before, frozenset())


def may_be_taken_back(state: ClaimState, *, claimed: bool, tripped_for: str) -> bool:
    """Whether the customer can take a claim back: one that he made. What was tripped because nobody claimed it, or
    because he took it back, is no claim of his any more."""
    return claimed and tripped_for != TripReason.UNCLAIMED and may_step(state, ClaimState.WITHDRAWN)


def part_of(points: int, percent: int) -> int:
    """So many percent of these points, rounded to a whole one; halves go to the even one."""
    return int((Decimal(points) * percent / 100).quantize(Decimal(1), rounding=ROUND_HALF_EVEN))


def limit_of(since: datetime, days: int) -> datetime:
    """Until when a breach that is known ``since`` can be claimed, or a claim made then be answered."""
    return since + timedelta(days=days)


def faults_of_settlement(*, price: int, share: int, days: int) -> Iterator[Fault]:
    """What is wrong with terms: numbers out of bounds, and a share of which no whole point is left."""
    for field, value, allowed in (
        ("price", price, PRICE_RANGE), ("share", share, SHARE_RANGE), ("claim_days", days, DAYS_RANGE),
    ):  # fmt: skip
        yield from faults_of_whole(field, value, allowed)
    if price in PRICE_RANGE and share in SHARE_RANGE and part_of(price, share) == 0:
        yield Fault(
            "share",
            expected=gettext_noop("Expected a share that gives back at least one point."),
            found=gettext_noop("{share} % of {price} points round to none."),
            remedy=gettext_noop("Raise the points of a handoff, or the share."),
            values={"share": share, "price": price},
        )


def faults_of_whole(field: str, value: int, allowed: range) -> Iterator[Fault]:
    """A whole number out of its bounds."""
    if value not in allowed:
        yield Fault(
            field,
            expected=gettext_noop("Expected a whole number from {least} to {most}."),
            found=gettext_noop("Found {value}."),
            remedy=gettext_noop("Correct it."),
            values={"least": allowed.start, "most": allowed.stop - 1, "value": value},
        )
