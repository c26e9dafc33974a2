"""States, kinds and limits of the chain. Pure Python."""

from __future__ import annotations

from datetime import date
from enum import StrEnum


class PartyKind(StrEnum):
    """What a party is. Everybody who gives or receives work is a party, whatever its size.

    DEPARTMENT        a unit with a head; may stand under another one and hold teams and roles
    TEAM              a group that works together: a shift, a bench, a project
    ROLE              a post that people fill in turn, such as the duty pharmacist
    PERSON            one person of the organisation who is himself supplier or customer; carries his name
    OUTSIDE_CUSTOMER  somebody beyond the organisation who receives its work: patient, buyer, passenger
    OUTSIDE_SUPPLIER  somebody beyond the organisation from whom work or goods come
    """

    DEPARTMENT = "department"
    TEAM = "team"
    ROLE = "role"
    PERSON = "person"
    OUTSIDE_CUSTOMER = "outside_customer"
    OUTSIDE_SUPPLIER = "outside_supplier"


OUTSIDE = frozenset({PartyKind.OUTSIDE_CUSTOMER, PartyKind.OUTSIDE_SUPPLIER})


class Capacity(StrEnum):
    """What somebody is in a party.

    HEAD    answers for the party and everything under it; one at a time
    DEPUTY  stands in for the head between two dates and within a scope, never in his own case
    MEMBER  works there; on an outside party: is its guest here
    """

    HEAD = "head"
    DEPUTY = "deputy"
    MEMBER = "member"


class Scope(StrEnum):
    """What a deputy may do in the head's place.

    ALL      everything that the head may do
    LINKS    add, change and end links
    MEMBERS  take in and end members
    """

    ALL = "all"
    LINKS = "links"
    MEMBERS = "members"


class OutputKind(StrEnum):
    """What kind of thing a supplier hands over.

    SERVICE      work or goods that the customer asked for; rated on how well they serve him
    CONTROL      a verdict: audit, inspection, infection control. Rated on clarity, speed and even-handedness, never on
                 the verdict; its returns are not dissatisfaction
    INFORMATION  data, reports, answers
    """

    SERVICE = "service"
    CONTROL = "control"
    INFORMATION = "information"


class Source(StrEnum):
    """How Baton learned of a link.

    DECLARED  somebody entered it
    MINED     somebody accepted it from an event log
    """

    DECLARED = "declared"
    MINED = "mined"


class State(StrEnum):
    """The state of a party, a membership or a link on a day; it follows from its two dates alone.

    PLANNED  its first day is still to come
    LIVE     from its first day on; a link in this state is one on which work is handed over
    ENDED    from its end date on (the interval is half-open: on the end date itself it no longer holds). An ended link
             is kept with its history and its measures and counts for nothing new. It is never taken up again: work
             that is handed over once more is a new link
    """

    PLANNED = "planned"
    LIVE = "live"
    ENDED = "ended"


def state_on(day: date, began_on: date, ended_on: date | None) -> State:
    """The state on ``day`` of what holds in ``[began_on, ended_on)``."""
    if ended_on is not None and ended_on <= day:
        return State.ENDED
    return State.LIVE if began_on <= day else State.PLANNED


def overlap(began: date, ended: date | None, other_began: date, other_ended: date | None) -> bool:
    """Whether two half-open intervals share a day; None is open."""
    return (other_ended is None or began < other_ended) and (ended is None or other_began < ended)


NAME_LENGTH = 200
"""Longest name or output, in characters, in each language."""

TREE_DEPTH = 12
"""Most levels of the tree of parties."""

HOPS = 2
"""How far along the chain members see from their own parties: customers and suppliers, and theirs."""

BATCH_ROWS = 200
"""Rows of one batch of a bulk entry; keeps the write lock below about 200 ms."""

PAGE_ROWS = 50
"""Rows of one page of a list."""


class LogState(StrEnum):
    """How far an event log has come.

    UPLOADED   the file is there; nobody has said yet what its columns mean
    READING    the worker reads it
    MINED      pairs are shown; they change nothing yet
    ACCEPTED   its handovers are facts: charts of links are drawn from them
    FAILED     it could not be read; the reason is kept and the columns may be chosen again
    WITHDRAWN  taken back: file, pairs and facts are gone, the trail says so
    """

    UPLOADED = "uploaded"
    READING = "reading"
    MINED = "mined"
    ACCEPTED = "accepted"
    FAILED = "failed"
    WITHDRAWN = "withdrawn"


class Finding(StrEnum):
    """What the comparison of the mined with the agreed chain says of a pair.

    KEPT        agreed, and work is handed over
    UNDECLARED  work is handed over, but nobody agreed a link
    WAY_BACK    not agreed, but all of it is work that an agreed link in the other direction sends back
    MISSING     agreed, both parties are in the log, but never a handover
    DEAD        agreed, but the last handover lies longer than QUIET_DAYS before the end of the log
    """

    KEPT = "kept"
    UNDECLARED = "undeclared"
    WAY_BACK = "way_back"
    MISSING = "missing"
    DEAD = "dead"


QUIET_DAYS = 60
"""A link is called dead when its last handover lies this many days before the end of the log."""

MAP_EDGES = 80
"""Most edges of the map of a mined chain; the rarest are left out, and the page says how many."""


def finding(
    *, agreed: bool, handovers: int, sent_back: int = 0, quiet_days: float | None = None, dead_after: int = QUIET_DAYS
) -> Finding:
    """What to say of a pair.

    ``sent_back`` is the number of handovers that an agreed link in the other direction sent straight back;
    ``quiet_days`` are the days from the pair's last handover to the end of the log, if known.
    """
    if not agreed:
        return Finding.WAY_BACK if handovers <= sent_back else Finding.UNDECLARED
    if not handovers:
        return Finding.MISSING
    return Finding.DEAD if quiet_days is not None and quiet_days > dead_after else Finding.KEPT
