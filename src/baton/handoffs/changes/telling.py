"""Another system tells late what happened to a handoff: moments that were not known are filled in."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from baton.agreements.changes.checks import refuse
from baton.chain.policy import standing_of
from baton.core.actors import Actor
from baton.core.audit.trail import change
from baton.core.days import day_of
from baton.core.errors import Refused
from baton.core.policy import demand
from baton.handoffs import policy
from baton.handoffs.changes.checks import cost_given, refuse_own_delivery, zone_of
from baton.handoffs.changes.occurring import occur
from baton.handoffs.changes.recording import state_of
from baton.handoffs.models import Handoff
from baton.handoffs.models.labels import STATES
from baton.handoffs.queries.deliverers import deliverer_of
from baton.handoffs.rules import IN_ORDER, Moments, State, faults_of_moments
from baton_analysis.errors import gettext_noop

STRAIGHT = frozenset({State.EXPECTED, State.DELIVERED, State.UNCONFIRMED, State.ACCEPTED})
"""Nothing has happened in Baton to which another system's moments could not be added."""


def tell_more(
    *, by: Actor, at: datetime, handoff: Handoff, moments: Moments, complete: bool | None = None,
    information_right: bool | None = None, cost: Decimal | None = None, expected_seq: int | None = None,
) -> Handoff:  # fmt: skip
    """Fill in the first moments that were not known yet, and what the customer says of it; None leaves what is there.

    Refused: another moment than the one that is known, moments out of order, and a handoff that has come back or was
    sent back in Baton: what becomes of it is said there. Done twice it changes nothing more.
    """
    with change(by=by, at=at) as trail:
        fresh = trail.lock(Handoff, handoff, expected_seq=expected_seq)
        standing = standing_of(by, day_of(at))
        demand(policy.may_tell(standing, fresh.link, moments))
        _refuse_own_life(fresh)
        if moments.accepted_at is not None and fresh.accepted_at is None and not standing.edits_all:
            refuse_own_delivery(standing, fresh, deliverer_of(viewer=by, handoff=fresh))
        whole = _joined(fresh, moments)
        refuse(faults_of_moments(whole, at=at, zone=zone_of(fresh)))
        silent = fresh.state == State.UNCONFIRMED and whole.accepted_at is None
        for name in (*IN_ORDER, "due_at"):
            setattr(fresh, name, getattr(whole, name))
        occur(trail, fresh)
        fresh.state = State.UNCONFIRMED if silent else state_of(whole)
        fresh.complete = fresh.complete if complete is None else complete
        fresh.information_right = fresh.information_right if information_right is None else information_right
        fresh.cost = fresh.cost if cost is None else cost_given(cost)
        return trail.save(fresh, "handoff.told")


def _refuse_own_life(handoff: Handoff) -> None:
    if State(handoff.state) in STRAIGHT:
        return
    raise Refused(
        expected=gettext_noop("Expected a handoff that did not come back and was not withdrawn."),
        found=gettext_noop("{number} stands so: {state}."),
        remedy=gettext_noop("Say on its page what became of it."),
        number=handoff.number,
        state=STATES[State(handoff.state)],
    )


def _joined(handoff: Handoff, told: Moments) -> Moments:
    """What is known, with what is told of the rest."""
    known = {name: getattr(handoff, name) for name in (*IN_ORDER, "due_at")}
    for name, there in known.items():
        moment = getattr(told, name)
        if there is not None and moment is not None and moment != there:
            raise Refused(
                field=name,
                expected=gettext_noop("Expected the moment as it is known: {there}."),
                found=gettext_noop("Found {moment}."),
                remedy=gettext_noop("Correct the table; a first moment does not change."),
                there=there.isoformat(),
                moment=moment.isoformat(),
            )
    return Moments(**{name: getattr(told, name) if there is None else there for name, there in known.items()})
