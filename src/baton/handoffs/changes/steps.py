"""What happens to a handoff from the request to the acceptance, a function a step."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from baton.agreements.changes.checks import note_given, refuse
from baton.core.actors import Actor
from baton.core.audit.trail import Trail, change
from baton.core.errors import Refused
from baton.core.policy import demand
from baton.handoffs import policy
from baton.handoffs.changes.checks import (
    begin,
    begin_any,
    cost_given,
    last_moment,
    moment_given,
    refuse_own_delivery,
    text_given,
    text_needed,
    zone_of,
)
from baton.handoffs.changes.lines import say_delivered
from baton.handoffs.changes.messages import tell_warned
from baton.handoffs.changes.occurring import occur
from baton.handoffs.models import Handoff, HandoffEvent, HandoffReturn
from baton.handoffs.queries.deliverers import deliverer_of
from baton.handoffs.queries.pausing import pauses_of
from baton.handoffs.rules import (
    COST_OF,
    OWED_BACK,
    PENDING,
    PRIORITY_LENGTH,
    REASON_LENGTH,
    ReturnState,
    Side,
    State,
    Step,
    faults_of_amount,
    faults_of_new_time,
    plain,
    shown,
)
from baton_analysis.errors import gettext_noop


def receive_handoff(
    *, by: Actor, at: datetime, handoff: Handoff, received_at: datetime | None = None, expected_seq: int | None = None
) -> Handoff:
    """The supplier has what he needs to begin."""
    with change(by=by, at=at) as trail:
        fresh, _standing = begin(trail, handoff, Step.RECEIVE, expected_seq)
        moment = moment_given(
            received_at, at=at, zone=zone_of(fresh), field="received_at", not_before=fresh.requested_at
        )
        if fresh.received_at is not None:
            return happened(trail, fresh, Step.RECEIVE, moment, side=Side.SUPPLIER)
        fresh.received_at = moment
        occur(trail, fresh)
        return trail.save(fresh, "handoff.received")


def deliver_handoff(
    *, by: Actor, at: datetime, handoff: Handoff, delivered_at: datetime | None = None,
    amounts: Mapping[str, Decimal] | None = None, expected_seq: int | None = None,
) -> Handoff:  # fmt: skip
    """The supplier hands it over, for the first time or again. ``amounts``: how much of lines (public ids), where it
    is not what was ordered."""
    with change(by=by, at=at) as trail:
        fresh, _standing = begin(trail, handoff, Step.DELIVER, expected_seq)
        moment = moment_given(
            delivered_at, at=at, zone=zone_of(fresh), field="delivered_at", not_before=last_moment(fresh)
        )
        say_delivered(trail, fresh, amounts or {})
        fresh.state = State.DELIVERED
        if fresh.was_delivered:
            return happened(trail, fresh, Step.DELIVER, moment, side=Side.SUPPLIER)
        fresh.delivered_at = moment
        occur(trail, fresh)
        return trail.save(fresh, "handoff.delivered")


def accept_handoff(
    *, by: Actor, at: datetime, handoff: Handoff, accepted_at: datetime | None = None, complete: bool | None = None,
    information_right: bool | None = None, expected_seq: int | None = None,
) -> Handoff:  # fmt: skip
    """The customer takes all of it as right. What came back of it before is made good with that."""
    with change(by=by, at=at) as trail:
        fresh, standing = begin(trail, handoff, Step.ACCEPT, expected_seq)
        if policy.needs_another(standing, fresh.link):
            refuse_own_delivery(standing, fresh, deliverer_of(viewer=by, handoff=fresh))
        moment = moment_given(
            accepted_at, at=at, zone=zone_of(fresh), field="accepted_at", not_before=last_moment(fresh)
        )
        if complete is not None:
            fresh.complete = complete
        if information_right is not None:
            fresh.information_right = information_right
        make_good(trail, fresh, moment)
        fresh.state = State.ACCEPTED
        if fresh.accepted_at is not None:
            return happened(trail, fresh, Step.ACCEPT, moment, side=Side.CUSTOMER)
        fresh.accepted_at = moment
        occur(trail, fresh)
        return trail.save(fresh, "handoff.accepted")


def refuse_request(
    *, by: Actor, at: datetime, handoff: Handoff, reason: str, when: datetime | None = None,
    expected_seq: int | None = None,
) -> Handoff:  # fmt: skip
    """The supplier sends an incomplete request back and says what is missing in it."""
    return _refuse_incomplete(by, at, handoff, Step.REFUSE_REQUEST, Side.SUPPLIER, reason, when, expected_seq)


def refuse_input(
    *, by: Actor, at: datetime, handoff: Handoff, reason: str, when: datetime | None = None,
    expected_seq: int | None = None,
) -> Handoff:  # fmt: skip
    """The customer does not take what came because it is incomplete, and says what is missing in it."""
    return _refuse_incomplete(by, at, handoff, Step.REFUSE_INPUT, Side.CUSTOMER, reason, when, expected_seq)


def complete_request(
    *, by: Actor, at: datetime, handoff: Handoff, note: str = "", when: datetime | None = None,
    expected_seq: int | None = None,
) -> Handoff:  # fmt: skip
    """The customer has completed the request that was sent back: the supplier owes it again."""
    with change(by=by, at=at) as trail:
        fresh, _standing = begin(trail, handoff, Step.COMPLETE, expected_seq)
        begun = fresh.moments.happened_at
        moment = moment_given(when, at=at, zone=zone_of(fresh), field="when", not_before=begun)
        fresh.state = State.EXPECTED
        return happened(trail, fresh, Step.COMPLETE, moment, side=Side.CUSTOMER, note=note_given(note, "note"))


def warn_late(
    *, by: Actor, at: datetime, handoff: Handoff, expected_at: datetime, reason: str = "",
    expected_seq: int | None = None,
) -> Handoff:  # fmt: skip
    """The supplier says before it is due that it will be late, and when it comes instead."""
    with change(by=by, at=at) as trail:
        fresh, _standing = begin(trail, handoff, Step.WARN_LATE, expected_seq)
        earliest = max(at, fresh.due_at) if fresh.due_at is not None else at
        refuse(faults_of_new_time(expected_at, after=earliest, at=at, zone=zone_of(fresh)))
        warned = happened(
            trail, fresh, Step.WARN_LATE, at, side=Side.SUPPLIER, expected_at=expected_at,
            reason=text_given(reason, "reason", REASON_LENGTH),
        )  # fmt: skip
        tell_warned(trail, warned)
        return warned


def warn_short(
    *, by: Actor, at: datetime, handoff: Handoff, quantity: Decimal, reason: str = "",
    expected_at: datetime | None = None, expected_seq: int | None = None,
) -> Handoff:  # fmt: skip
    """The supplier says in time that less will come: how much, and when the rest comes, if he knows."""
    with change(by=by, at=at) as trail:
        fresh, _standing = begin(trail, handoff, Step.WARN_SHORT, expected_seq)
        refuse(faults_of_amount("quantity", quantity))
        _refuse_enough(fresh, quantity)
        if expected_at is not None:
            refuse(faults_of_new_time(expected_at, after=at, at=at, zone=zone_of(fresh)))
        warned = happened(
            trail, fresh, Step.WARN_SHORT, at, side=Side.SUPPLIER, quantity=quantity, expected_at=expected_at,
            reason=text_given(reason, "reason", REASON_LENGTH),
        )  # fmt: skip
        tell_warned(trail, warned)
        return warned


def pause_handoff(
    *, by: Actor, at: datetime, handoff: Handoff, reason: str, when: datetime | None = None,
    expected_seq: int | None = None,
) -> Handoff:  # fmt: skip
    """Work cannot go on, for a reason. Whether the clock stands meanwhile, the agreement says."""
    why = text_needed(
        reason, "reason", REASON_LENGTH, gettext_noop("Say why work cannot go on, in the words of the link.")
    )
    return _simply(by, at, handoff, Step.PAUSE, when, expected_seq, reason=why)


def resume_handoff(
    *, by: Actor, at: datetime, handoff: Handoff, reason: str = "", when: datetime | None = None,
    expected_seq: int | None = None,
) -> Handoff:  # fmt: skip
    """Work goes on. With a reason it ends the pauses for this reason, without one all of them."""
    why = text_given(reason, "reason", REASON_LENGTH)
    return _simply(by, at, handoff, Step.RESUME, when, expected_seq, reason=why)


def _refuse_unpaused(by: Actor, handoff: Handoff, moment: datetime, reason: str) -> None:
    """Only what is paused goes on; with a reason only where it is paused for this one, or for none."""
    paused = pauses_of(viewer=by, at=moment, handoff=handoff)
    if paused and (not reason or reason in paused or "" in paused):
        return
    if not paused:
        raise Refused(
            field="when",
            expected=gettext_noop("Expected a pause that is in force at {moment}."),
            found=gettext_noop("{number} is not paused then."),
            remedy=gettext_noop("Enter the pause first, or correct the moment."),
            moment=shown(moment, zone_of(handoff)), number=handoff.number,
        )  # fmt: skip
    raise Refused(
        field="reason",
        expected=gettext_noop("Expected the reason of a pause that is in force: {reasons}."),
        found=gettext_noop("Found {reason}."),
        remedy=gettext_noop("Name one of them, or none to end all of them."),
        reasons=" / ".join(paused), reason=reason,
    )  # fmt: skip


def change_priority(
    *, by: Actor, at: datetime, handoff: Handoff, priority: str, when: datetime | None = None,
    expected_seq: int | None = None,
) -> Handoff:  # fmt: skip
    """Another priority holds from now on, or from a moment that is over."""
    holds = text_needed(
        priority, "priority", PRIORITY_LENGTH, gettext_noop("Name it in the words of the link, such as urgent.")
    )
    return _simply(by, at, handoff, Step.PRIORITY, when, expected_seq, priority=holds)


def withdraw_handoff(
    *, by: Actor, at: datetime, handoff: Handoff, reason: str, expected_seq: int | None = None
) -> Handoff:
    """Nobody wants it any more; or, by the quality manager, it was entered by mistake. It counts nowhere."""
    why = text_needed(reason, "reason", REASON_LENGTH, gettext_noop("Say why, in a sentence: the other side reads it."))
    with change(by=by, at=at, reason=why) as trail:
        fresh, _standing = begin(trail, handoff, Step.WITHDRAW, expected_seq)
        fresh.state, fresh.withdrawn_at = State.WITHDRAWN, at
        _drop_returns(trail, fresh, why)
        return trail.save(fresh, "handoff.withdrawn")


def say_cost(
    *, by: Actor, at: datetime, handoff: Handoff, costs: Mapping[Side, Decimal | None], expected_seq: int | None = None
) -> Handoff:
    """What it cost a side that it was not right, in the currency of the organisation; None: nobody knows. Each side
    says its own cost, and never the other's."""
    with change(by=by, at=at) as trail:
        fresh, standing = begin_any(trail, handoff, expected_seq)
        demand(costs.keys() <= policy.acts_for(standing, fresh.link))
        for side, cost in costs.items():
            name = COST_OF[side]
            setattr(fresh, name, cost_given(cost, name))
        return trail.save(fresh, "handoff.cost_said")


def happened(trail: Trail, handoff: Handoff, step: Step, moment: datetime, *, side: Side, **said: Any) -> Handoff:
    """Write down that something happened to a handoff after its first moments, and save what it changed of it. Whoever
    has the handoff open then sees that it is another."""
    trail.save(
        HandoffEvent(handoff=handoff, event=step, at=moment, side=side, person=trail.by.person, **said),
        "handoff_event.added",
    )
    return trail.save(handoff, f"handoff.{step.value}", happened_at=moment)


def _simply(
    by: Actor, at: datetime, handoff: Handoff, step: Step, when: datetime | None, expected_seq: int | None, **said: Any
) -> Handoff:
    """A step that leaves the state as it is, by whichever side the actor acts for."""
    with change(by=by, at=at) as trail:
        fresh, standing = begin(trail, handoff, step, expected_seq)
        begun = fresh.moments.happened_at
        moment = moment_given(when, at=at, zone=zone_of(fresh), field="when", not_before=begun)
        if step is Step.RESUME:
            _refuse_unpaused(by, fresh, moment, said["reason"])
        sides = policy.acts_for(standing, fresh.link)
        side = Side.CUSTOMER if step is Step.PRIORITY or Side.SUPPLIER not in sides else Side.SUPPLIER
        return happened(trail, fresh, step, moment, side=side, **said)


def _refuse_incomplete(
    by: Actor, at: datetime, handoff: Handoff, step: Step, side: Side, reason: str, when: datetime | None,
    expected_seq: int | None,
) -> Handoff:  # fmt: skip
    missing = text_needed(
        reason, "reason", REASON_LENGTH, gettext_noop("Say what is missing, so that it can be added.")
    )
    with change(by=by, at=at) as trail:
        fresh, _standing = begin(trail, handoff, step, expected_seq)
        moment = moment_given(when, at=at, zone=zone_of(fresh), field="when", not_before=last_moment(fresh))
        fresh.state = State.REFUSED
        return happened(trail, fresh, step, moment, side=side, reason=missing)


def _refuse_enough(handoff: Handoff, quantity: Decimal) -> None:
    """Of several lines nobody knows which is meant; of one, what comes must be less than what was asked for."""
    ordered = [line.ordered for line in handoff.lines.all()]
    if len(ordered) == 1 and ordered[0] is not None and quantity >= ordered[0]:
        raise Refused(
            field="quantity",
            expected=gettext_noop("Expected less than {ordered}, which was asked for."),
            found=gettext_noop("Found {quantity}, which is not short."),
            remedy=gettext_noop("Say how much comes."),
            ordered=plain(ordered[0]),
            quantity=plain(quantity),
        )


def _drop_returns(trail: Trail, handoff: Handoff, why: str) -> None:
    """Nothing of what nobody wants any more is owed or contested."""
    pending = HandoffReturn.objects.filter(handoff=handoff, state__in=sorted(PENDING))
    for one in pending.order_by("pk"):
        fresh = trail.lock(HandoffReturn, one)
        fresh.state, fresh.settlement = ReturnState.WITHDRAWN, why
        trail.save(fresh, "handoff_return.withdrawn")


def make_good(trail: Trail, handoff: Handoff, moment: datetime) -> None:
    """Settle what the supplier owed of it: the customer has it now, or answers to what was handed over again."""
    owed = HandoffReturn.objects.filter(handoff=handoff, state__in=sorted(OWED_BACK))
    for one in owed.order_by("pk"):
        fresh = trail.lock(HandoffReturn, one)
        fresh.state, fresh.settled_at = ReturnState.SETTLED, max(moment, fresh.opened_at)
        trail.save(fresh, "handoff_return.settled")
