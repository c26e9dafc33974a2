"""Handoffs are entered: asked for, planned, or written down after they happened."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.conf import settings

from baton.agreements.changes.checks import refuse
from baton.chain import queries as chain
from baton.chain.policy import Standing, standing_of
from baton.core.actors import Actor
from baton.core.audit.trail import Trail, change
from baton.core.changes.numbers import next_number
from baton.core.days import day_of, known_zone
from baton.core.errors import Forbidden, Refused
from baton.core.policy import demand
from baton.handoffs import policy
from baton.handoffs.changes.checks import cost_given, text_given
from baton.handoffs.changes.keyed import keyed
from baton.handoffs.changes.lines import LineGiven, add_lines
from baton.handoffs.models import Handoff, Predecessor
from baton.handoffs.rules import (
    COST_OF,
    IN_ORDER,
    KEY_LENGTH,
    PRIORITY_LENGTH,
    REFERENCE_LENGTH,
    SAID_BY,
    SYSTEM_LENGTH,
    Form,
    Moments,
    Side,
    State,
    faults_of_moments,
)
from baton_analysis.errors import gettext_noop

if TYPE_CHECKING:
    from baton.chain.models import Link

NUMBER_PREFIX = "HO"
NUMBER_DIGITS = 7


def record_handoff(
    *, by: Actor, at: datetime, link: Link, moments: Moments, reference: str = "", priority: str = "", zone: str = "",
    form: Form = Form.SINGLE, lines: Sequence[LineGiven] = (), system: str = "", key: str = "",
    complete: bool | None = None, information_right: bool | None = None, supplier_cost: Decimal | None = None,
    customer_cost: Decimal | None = None,
    predecessors: Sequence[Handoff] = (),
) -> Handoff:  # fmt: skip
    """Enter a handoff with whatever is known of it: asked for, due, received, delivered, accepted.

    What lies a little ahead of the clock is taken for now. Of something that is accepted already, refused quantities of
    its lines are counted, and nothing is owed for them. The same ``key`` of the same ``system`` twice on a link is
    refused: it is the same handoff.
    """
    with change(by=by, at=at) as trail:
        # Read again under the lock: it may have ended since the caller read it.
        link = chain.link(viewer=by, at=at, public_id=link.public_id)
        moments = _settled(moments, at=at, zone=_zone(zone))
        standing, costs = standing_of(by, day_of(at)), {Side.SUPPLIER: supplier_cost, Side.CUSTOMER: customer_cost}
        judged = complete is not None or information_right is not None
        _demand(standing, link, moments, judged=judged)
        demand({side for side, cost in costs.items() if cost is not None} <= policy.acts_for(standing, link))
        refuse_ended(link, moments)
        _refuse_not_yet(lines, moments)
        handoff = Handoff(
            number=next_number(prefix=NUMBER_PREFIX, at=at, digits=NUMBER_DIGITS), link=link, form=form,
            reference=text_given(reference, "reference", REFERENCE_LENGTH),
            priority=text_given(priority, "priority", PRIORITY_LENGTH),
            system=text_given(system, "system", SYSTEM_LENGTH), key=text_given(key, "key", KEY_LENGTH),
            zone=zone, complete=complete, information_right=information_right,
            **{name: cost_given(costs[side], name) for side, name in COST_OF.items()},
        )  # fmt: skip
        _refuse_known(handoff)
        set_moments(handoff, moments)
        trail.save(handoff, "handoff.recorded")
        add_lines(trail, handoff, lines)
        _add_predecessors(trail, handoff, predecessors)
        return handoff


def request_handoff(
    *, by: Actor, at: datetime, link: Link, due_at: datetime | None = None, requested_at: datetime | None = None,
    reference: str = "", priority: str = "", lines: Sequence[LineGiven] = (),
) -> Handoff:  # fmt: skip
    """Ask for something: now, or at a moment that is over."""
    moments = Moments(requested_at=requested_at or at, due_at=due_at)
    return record_handoff(by=by, at=at, link=link, moments=moments, reference=reference, priority=priority, lines=lines)


def set_moments(handoff: Handoff, moments: Moments) -> None:
    """Give a new handoff its first moments, and the state that follows from them."""
    for name in (*IN_ORDER, "due_at"):
        setattr(handoff, name, getattr(moments, name))
    occurred_at = moments.occurred_at
    assert occurred_at is not None, "moments are checked before they are set"
    handoff.occurred_at = occurred_at
    handoff.state = state_of(moments)


def state_of(moments: Moments) -> State:
    """How far a handoff with these first moments, and nothing else, has come."""
    if moments.accepted_at is not None:
        return State.ACCEPTED
    return State.DELIVERED if moments.delivered_at is not None else State.EXPECTED


def _zone(zone: str) -> ZoneInfo:
    return ZoneInfo(known_zone(zone, field="zone") if zone else settings.TIME_ZONE)


def _settled(moments: Moments, *, at: datetime, zone: ZoneInfo) -> Moments:
    """Checked, and with what lies a little ahead taken for now."""
    refuse(faults_of_moments(moments, at=at, zone=zone))
    past = {name: min(moment, at) for name in IN_ORDER if (moment := getattr(moments, name)) is not None}
    return Moments(**past, due_at=moments.due_at)


def _demand(standing: Standing, link: Link, moments: Moments, *, judged: bool) -> None:
    """Who says that something was handed over acts for the supplier, who says that it was accepted, or what was found
    of it (``judged``), for the customer; who says both, for both."""
    sides = policy.acts_for(standing, link)
    demand(bool(sides) and (not judged or policy.may_find(standing, link)))
    for name, side in SAID_BY.items():
        if getattr(moments, name) is not None and side not in sides:
            raise Forbidden
    if moments.delivered_at is not None and moments.accepted_at is not None:
        demand(policy.may_record_both(standing, link))


def refuse_ended(link: Link, moments: Moments) -> None:
    """Nothing new is handed over on a link that has ended; what happened before is written down late."""
    occurred_at = moments.occurred_at
    if link.ended_on is None or occurred_at is None or day_of(occurred_at) < link.ended_on:
        return
    raise Refused(
        expected=gettext_noop("Expected a link that is live, or a moment before it ended on {ended_on}."),
        found=gettext_noop("The link {number} has ended."),
        remedy=gettext_noop("Choose the link that took its place."),
        ended_on=link.ended_on.isoformat(),
        number=link.number,
    )


def _refuse_not_yet(lines: Sequence[LineGiven], moments: Moments) -> None:
    """Of what has not come, nothing was delivered; of what was not taken, nothing was accepted or refused."""
    came = moments.delivered_at is not None or moments.accepted_at is not None
    for place, line in enumerate(lines, start=1):
        given = line.quantities
        early = "delivered" if not came and given.delivered is not None else ""
        if moments.accepted_at is None:
            early = early or next((name for name in ("accepted", "refused") if getattr(given, name) is not None), "")
        if early:
            raise Refused(
                field=f"{early}_{place}",
                expected=gettext_noop("Expected only quantities of what has happened."),
                found=gettext_noop("A quantity stands here, and no moment at which it was delivered or accepted."),
                remedy=gettext_noop("Enter the moment too, or leave the quantity out."),
            )


def _refuse_known(handoff: Handoff) -> None:
    if not handoff.key:
        return
    known = keyed(link=handoff.link_id, system=handoff.system).filter(key=handoff.key).first()
    if known is not None:
        raise Refused(
            field="key",
            expected=gettext_noop("Expected a key that no handoff of the link has in this system."),
            found=gettext_noop("{number} has the key {key}."),
            remedy=gettext_noop("It is the same handoff: look at that one."),
            number=known.number,
            key=handoff.key,
        )


def _add_predecessors(trail: Trail, handoff: Handoff, predecessors: Sequence[Handoff]) -> None:
    for one in {one.pk: one for one in predecessors}.values():
        trail.save(Predecessor(handoff=handoff, predecessor=one), "handoff_origin.added")
