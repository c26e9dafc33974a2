"""What a link is: where it stands, how much hangs on it, how Baton learned of it, and how it is proposed."""

from __future__ import annotations

from enum import StrEnum


class Stage(StrEnum):
    """Where the outside customer would see what a link hands over (service blueprint).

    FRONT  before the line of visibility: the customer sees it done
    BACK   behind it
    """

    FRONT = "front"
    BACK = "back"


class Lane(StrEnum):
    """A lane of a service blueprint (Shostack 1984), from the outside customer down.

    FRONT    before the line of visibility: he sees it done
    BACK     behind it, for somebody whom the customer deals with
    SUPPORT  behind it, two steps or more away from him
    UNSAID   nobody has said whether he sees it
    """

    FRONT = "front"
    BACK = "back"
    SUPPORT = "support"
    UNSAID = "unsaid"


def lane_of(stage: str, *, place: int, steps: int) -> Lane:
    """The lane of a link that is step ``place`` (1, 2, ...) of ``steps`` to the outside customer."""
    if stage == Stage.FRONT:
        return Lane.FRONT
    if stage == Stage.BACK:
        return Lane.BACK if steps - place <= 1 else Lane.SUPPORT
    return Lane.UNSAID


class Sourcing(StrEnum):
    """Why a customer gets an output from one supplier only.

    CHOSEN      as a partner for the long term, with a plan for the day on which he cannot deliver
    ACCIDENTAL  nobody decided it; a gap
    """

    CHOSEN = "chosen"
    ACCIDENTAL = "accidental"


GRADES = range(1, 6)
"""Grades of the criticality of a link: 1 least, 5 most."""


class Criticality(StrEnum):
    """How much hangs on a link, by the mean of its three grades: LOW below 2.5, MEDIUM below 3.75, HIGH from there on.

    The thresholds are starting values without a source.
    """

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


def criticality_score(*, spend: int | None, irreplaceability: int | None, impact: int | None) -> float | None:
    """The mean of the three grades, 1 to 5; None until all three are given."""
    grades = (spend, irreplaceability, impact)
    return None if None in grades else sum(grade for grade in grades if grade is not None) / len(grades)


def criticality(score: float | None) -> Criticality | None:
    """The class of a :func:`criticality_score`; None for None."""
    if score is None:
        return None
    return Criticality.LOW if score < 2.5 else Criticality.MEDIUM if score < 3.75 else Criticality.HIGH


def sums_of_grades(wanted: Criticality) -> list[int]:
    """The sums of three grades that mean this criticality; a database adds, but knows no thresholds."""
    sums = range(3 * GRADES[0], 3 * GRADES[-1] + 1)
    return [total for total in sums if criticality(total / 3) is wanted]


class Source(StrEnum):
    """How Baton learned of a link.

    DECLARED  somebody entered it
    MINED     somebody accepted it from an event log
    """

    DECLARED = "declared"
    MINED = "mined"


class Reach(StrEnum):
    """How far along the chain members read, from their own parties; the organisation says which.

    OWN    the links of their own parties
    TWO    two steps: also the links of those with whom their parties deal
    THREE  three steps: also the links of those with whom these deal
    ALL    every link
    """

    OWN = "own"
    TWO = "two"
    THREE = "three"
    ALL = "all"


USUAL_REACH = Reach.TWO
"""How far members read as long as nobody has said otherwise."""

STEPS = {Reach.OWN: 1, Reach.TWO: 2, Reach.THREE: 3}
"""How many links lie between a party of one's own and the furthest party that one knows of."""


class ProposalState(StrEnum):
    """How far a proposed link has come.

    OPEN       waits for somebody who may enter links of the party
    ACCEPTED   became a link
    DECLINED   answered with a reason; it may be proposed again
    WITHDRAWN  taken back by whoever proposed it
    """

    OPEN = "open"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class Side(StrEnum):
    """What the other one is to the party for which a link is proposed."""

    CUSTOMER = "customer"
    SUPPLIER = "supplier"
