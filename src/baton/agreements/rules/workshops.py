"""Workshops in which both sides write down what they need, before it becomes clauses. Pure Python."""

from __future__ import annotations

import hmac
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256

from baton.agreements.rules.clauses import Side


class Stage(StrEnum):
    """How far a workshop has come.

    JOIN      people come in and choose their side; the clock does not run yet
    CUSTOMER  the receivers write: to serve my customer I need ...
    SUPPLIER  the suppliers write what they need from the customer for it
    CLUSTER   notes that say the same are put together
    VOTE      everybody lays his dots on what matters most to him
    CLAUSES   what got most dots is turned into clauses
    CLOSED    over: who wrote and voted what cannot be found out any more
    """

    JOIN = "join"
    CUSTOMER = "customer"
    SUPPLIER = "supplier"
    CLUSTER = "cluster"
    VOTE = "vote"
    CLAUSES = "clauses"
    CLOSED = "closed"


STAGES = tuple(Stage)
WRITING = {Stage.CUSTOMER: Side.CUSTOMER, Stage.SUPPLIER: Side.SUPPLIER}
"""Which side writes in a stage."""
SORTING = frozenset({Stage.CLUSTER, Stage.VOTE, Stage.CLAUSES})
"""Stages in which whoever leads the workshop may put notes together, also after the vote has begun."""
SHARES = {
    Stage.CUSTOMER: 0.25, Stage.SUPPLIER: 0.15, Stage.CLUSTER: 0.2, Stage.VOTE: 0.1, Stage.CLAUSES: 0.3
}  # fmt: skip
"""Which part of the time box a stage may take."""

MINUTES = 90
"""The time box, where nobody says another one."""
MINUTES_RANGE = range(10, 481)
DOTS = 5
"""Dots of each participant."""
DOTS_RANGE = range(1, 21)
HOURS_RANGE = range(1, 337)
HOURS = 24
"""For how many hours its address and code work."""
MOST_INVITED = 10_000
NOTE_TEXT = 300
"""Longest note, in characters: one thought, readable on the wall."""
NOTES_A_SEAT = 20
MOST_NOTES = 600
MOST_SEATS = 300
MOST_CLUSTERS = 40
CLUSTER_NAME = 120
FEW = 5
"""From fewer people on a side others may guess who wrote what."""


class Fate(StrEnum):
    """What somebody who comes to its address finds: OPEN, EXPIRED (its hours are over) or CLOSED."""

    OPEN = "open"
    EXPIRED = "expired"
    CLOSED = "closed"


def owed_by(side: Side) -> Side:
    """Who owes what this side needs: the other one."""
    return Side.SUPPLIER if side is Side.CUSTOMER else Side.CUSTOMER


def neighbours(stage: Stage) -> tuple[Stage | None, Stage | None]:
    """The stage before and the one after; None where there is none. A closed workshop stays closed, and is closed by
    :func:`baton.agreements.changes.workshops.close_workshop` alone."""
    if stage is Stage.CLOSED:
        return None, None
    place = STAGES.index(stage)
    after = STAGES[place + 1]
    return (STAGES[place - 1] if place else None), (None if after is Stage.CLOSED else after)


def stage_ends(stage: Stage, began_at: datetime, minutes: int) -> datetime | None:
    """When the part of the time box for this stage is over; None for one that takes none of it."""
    share = SHARES.get(stage)
    return None if share is None else began_at + timedelta(minutes=share * minutes)


def slots(secret: str, purpose: str, many: int) -> list[str]:
    """The marks under which a device may keep ``many`` notes or dots: HMAC-SHA-256 of their number under the secret
    that it alone has. Without the secret nobody can say which marks belong together, or to whom; that each mark is
    taken once is a constraint of the database."""
    return [hmac.new(secret.encode(), f"{purpose}:{n}".encode(), sha256).hexdigest() for n in range(1, many + 1)]


def percent(part: int, whole: int) -> float | None:
    """Share in percent, at most 100: more may come than were invited; None where nobody was invited."""
    return min(100.0, 100.0 * part / whole) if whole else None
