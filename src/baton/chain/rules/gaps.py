"""Kinds of gaps, what people say to them, and when they come back."""

from __future__ import annotations

from enum import StrEnum


class Detector(StrEnum):
    """A kind of gap: something about the chain that nobody has made clear.

    OUTPUT_WITHOUT_OWNER      handed over, and nobody is accountable for it
    OUTPUT_WITH_TWO_OWNERS    more than one party is accountable for it
    PARTY_WITHOUT_CUSTOMER    neither it, nor anything in it, nor a role that it stands in hands over anything
    PERSON_WITHOUT_CUSTOMER   nothing that he belongs to hands over anything, nor does he himself
    LINK_WITHOUT_NEED         names no outside need, and the chain leads from it, or from the whole or the parts of its
                              customer, to nobody outside
    ACCIDENTAL_SINGLE_SOURCE  one supplier only, and nobody decided so: outside, or inside where somebody said so
    CYCLE                     three or more parties of which each is, over others, its own customer. Legal; worth a look
    UNDECLARED                handed over in an accepted event log, without a link
    MISSING                   a link between two parties of an accepted event log, and never a handover
    DEAD                      a link whose last handover lies long before the end of the log
    BYPASS                    work goes straight from A to C where the links lead from A over B to C
    """

    OUTPUT_WITHOUT_OWNER = "output_without_owner"
    OUTPUT_WITH_TWO_OWNERS = "output_with_two_owners"
    PARTY_WITHOUT_CUSTOMER = "party_without_customer"
    PERSON_WITHOUT_CUSTOMER = "person_without_customer"
    LINK_WITHOUT_NEED = "link_without_need"
    ACCIDENTAL_SINGLE_SOURCE = "accidental_single_source"
    CYCLE = "cycle"
    UNDECLARED = "undeclared"
    MISSING = "missing"
    DEAD = "dead"
    BYPASS = "bypass"


class GapReply(StrEnum):
    """What somebody says to a gap.

    ASSIGNED     somebody is to close it, by a day if one is given; it stays open until the chain says otherwise
    NO_DEALINGS  these two have nothing to do with each other. Comes back when data disagree: see :func:`comes_back`
    ACCEPTED     known, and to stay as it is for the reason given. Comes back as above
    """

    ASSIGNED = "assigned"
    NO_DEALINGS = "no_dealings"
    ACCEPTED = "accepted"


class GapState(StrEnum):
    """Where a gap stands.

    OPEN      nobody has said anything
    BACK      it was answered, and since then the data speak for it much more: see :func:`comes_back`
    ASSIGNED  somebody is to close it
    ANSWERED  it may stay: no dealings, or accepted as it is
    """

    OPEN = "open"
    BACK = "back"
    ASSIGNED = "assigned"
    ANSWERED = "answered"


PAIR_DETECTORS = frozenset({Detector.UNDECLARED, Detector.BYPASS})
"""Gaps between two parties without a link; to these alone "no dealings" is an answer, and one answer holds for both."""


_PAIR = "pair"
"""Stands for :data:`PAIR_DETECTORS` in the id of a subject."""


def gap_subject(detector: Detector, key: str) -> str:
    """Id under which people talk about a gap: ``cycle-2b3c…``. Both gaps of one pair of parties are one subject."""
    return f"{_PAIR if detector in PAIR_DETECTORS else detector.value}-{key.replace('.', '-')}"


def gap_of_subject(subject: str) -> tuple[Detector, str] | None:
    """Detector and key of what :func:`gap_subject` made, UNDECLARED for a pair; None for anything else."""
    name, _dash, key = subject.partition("-")
    if not key or (name != _PAIR and (name not in set(Detector) or name in PAIR_DETECTORS)):
        return None
    return Detector.UNDECLARED if name == _PAIR else Detector(name), key.replace("-", ".")


def comes_back(reply: GapReply, *, weight_then: int, weight_now: int) -> bool:
    """Whether an answered gap is open again because the data speak for it more than when it was answered.

    ``weight`` counts what speaks for the gap, such as handovers. More than half as much again, and at least five more,
    is more than another quiet month would bring.
    """
    if reply is GapReply.ASSIGNED:
        return False
    return weight_now >= weight_then + 5 and weight_now > 1.5 * weight_then
