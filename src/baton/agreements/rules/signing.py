"""Who may sign a version for a side. Pure Python."""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum

from baton.agreements.rules.clauses import Side
from baton.agreements.rules.consulting import Hearing
from baton.agreements.rules.versions import VersionState


class Objection(StrEnum):
    """Why somebody may not sign for a side.

    SUPERSEDED    it accepts a version of a service offer that is offered no more
    NOT_PROPOSED  the version is not there to be signed: not proposed yet, being changed, or closed
    OVER          it cannot hold any more: its last day is over, or its link has ended
    RED           a clause lacks its measure, unit, target or source
    NOT_HIS       he does not lead that side (any more)
    OTHER_SIDE    he has signed for the other side, or registered the paper copy that it signed
    SIGNED        that side has signed
    UNANSWERED    an objection or a counter-proposal waits for an answer
    TOO_FEW       fewer of those asked have spoken than must
    """

    SUPERSEDED = "superseded"
    NOT_PROPOSED = "not_proposed"
    OVER = "over"
    RED = "red"
    NOT_HIS = "not_his"
    OTHER_SIDE = "other_side"
    SIGNED = "signed"
    UNANSWERED = "unanswered"
    TOO_FEW = "too_few"


def objection(
    *,
    state: VersionState,
    over: bool,
    red: bool,
    speaks_for: Collection[Side],
    side: Side,
    signed: Collection[Side],
    signed_himself: Collection[Side],
    hearing: Hearing,
    superseded: bool = False,
) -> Objection | None:
    """Why somebody who ``speaks_for`` these sides may not sign for ``side``; None where he may.

    ``over``: it cannot hold any more. ``superseded``: what it accepts of a service offer is offered no more. ``red``: a
    clause lacks something. ``hearing`` is what was said to it. ``signed`` are the sides that have signed the version as
    it stands, ``signed_himself`` those for which he did.
    """
    if superseded:
        return Objection.SUPERSEDED
    if state is not VersionState.PROPOSED:
        return Objection.NOT_PROPOSED
    if over:
        return Objection.OVER
    if side not in speaks_for:
        return Objection.NOT_HIS
    if side in signed:
        return Objection.SIGNED
    if side.other in signed_himself:
        return Objection.OTHER_SIDE
    if red:
        return Objection.RED
    if hearing.unanswered:
        return Objection.UNANSWERED
    return Objection.TOO_FEW if hearing.lacking else None
