"""How far an event log has come, and what its comparison with the agreed chain says."""

from __future__ import annotations

from enum import StrEnum

from baton.chain.rules.parties import PartyKind
from baton_analysis.facts.mapping import party_kind_of


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


def sounds_like_persons(party_kind: str, column: str) -> bool:
    """Whether a column whose parties are said to be something else (``party_kind``; empty: nothing is said) sounds by
    its name as if it held persons: then somebody has to say that it holds none."""
    return party_kind not in ("", PartyKind.PERSON) and party_kind_of(column) == "person"


def may_remember(system: str, party_kind: str) -> bool:
    """Whether the names of a log may become keys that its parties have in the ``system`` that wrote it.

    Not where they mean persons: a key that lasts would undo the pseudonym, or keep a name that nobody allowed to keep.
    """
    return bool(system) and party_kind != PartyKind.PERSON
