"""What every change of a handoff checks first."""

from __future__ import annotations

from datetime import datetime, tzinfo
from decimal import Decimal, InvalidOperation
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Max

from baton.agreements.changes.checks import refuse
from baton.chain.policy import Standing, standing_of
from baton.core.audit.trail import Trail
from baton.core.days import day_of
from baton.core.errors import Refused, TooLong
from baton.core.policy import demand
from baton.core.texts import clean_text
from baton.handoffs import policy
from baton.handoffs.models import Handoff
from baton.handoffs.models.labels import STATES
from baton.handoffs.rules import HIGHEST_COST, IN_ORDER, STEPS, State, Step, allowed, faults_of_moment, shown
from baton_analysis.errors import gettext_noop

_PASSED_ON = (Step.DELIVER, Step.ACCEPT, Step.ACCEPT_PART, Step.RETURN, Step.SHORTAGE, Step.REFUSE_INPUT)
"""Events with which it goes from one side to the other, or is taken."""
_SIDES = ("link__supplier", "link__customer", "link__output")
"""By which it is decided who may take a step."""


def zone_of(handoff: Handoff) -> tzinfo:
    """The zone in which the moments of a handoff are told."""
    return ZoneInfo(handoff.zone or settings.TIME_ZONE)


def begin(trail: Trail, handoff: Handoff, step: Step, expected_seq: int | None) -> tuple[Handoff, Standing]:
    """The handoff locked, once it is clear that it can take this step and that the actor may; and what he is."""
    fresh = trail.lock(Handoff, handoff, expected_seq=expected_seq, loads=_SIDES)
    standing = standing_of(trail.by, day_of(trail.at))
    state = State(fresh.state)
    demand(policy.may_take(standing, fresh.link, step, state=state))
    by_mistake = step is Step.WITHDRAW and standing.edits_all and state is not State.WITHDRAWN
    if not by_mistake and not allowed(step, state, delivered=fresh.was_delivered):
        raise Refused(
            expected=gettext_noop("Expected a handoff that stands so: {states}."),
            found=gettext_noop("{number} stands so: {state}."),
            remedy=gettext_noop("Open it again and look at what has happened meanwhile."),
            states=" / ".join(str(STATES[one]) for one in State if one in STEPS[step].before),
            state=STATES[state],
            number=fresh.number,
        )
    return fresh, standing


def begin_any(trail: Trail, handoff: Handoff, expected_seq: int | None) -> tuple[Handoff, Standing]:
    """The handoff locked, for something that whoever acts for a side may say at any time; and what the actor is."""
    fresh = trail.lock(Handoff, handoff, expected_seq=expected_seq, loads=_SIDES)
    standing = standing_of(trail.by, day_of(trail.at))
    demand(policy.may_record(standing, fresh.link))
    refuse_withdrawn(fresh)
    return fresh, standing


def refuse_withdrawn(handoff: Handoff) -> None:
    """Refuse to say more of what counts nowhere."""
    if handoff.state == State.WITHDRAWN:
        raise Refused(
            expected=gettext_noop("Expected a handoff that counts."),
            found=gettext_noop("{number} was withdrawn."),
            remedy=gettext_noop("Enter a new one."),
            number=handoff.number,
        )


def moment_given(
    when: datetime | None, *, at: datetime, zone: tzinfo, field: str, not_before: datetime | None = None
) -> datetime:
    """When something happened: ``when``, or now. A clock that is a little ahead is taken for now. Refused: the future,
    and what lies before ``not_before``."""
    if when is None:
        # Whoever waited for another change came by his clock before it.
        return max(at, not_before or at)
    refuse(faults_of_moment(field, when, at=at, zone=zone))
    if not_before is not None and when < not_before:
        raise Refused(
            field=field,
            expected=gettext_noop("Expected a moment from {earliest} on."),
            found=gettext_noop("Found {moment}."),
            remedy=gettext_noop("Correct it; left empty it is now."),
            earliest=shown(not_before, zone),
            moment=shown(when, zone),
        )
    return max(min(when, at), not_before) if not_before is not None else min(when, at)


def last_moment(handoff: Handoff) -> datetime | None:
    """When it was last asked for, received, handed over, taken or sent back: it is not handed over or taken before
    that. None: nothing has happened yet. One query."""
    first = [moment for name in IN_ORDER if (moment := getattr(handoff, name)) is not None]
    later = handoff.events.filter(event__in=_PASSED_ON).aggregate(last=Max("at"))["last"]
    return max([*first, *([later] if later is not None else [])], default=None)


def text_given(raw: str, field: str, most: int) -> str:
    """A text on one line, cleaned; refused when it is too long."""
    text = " ".join(clean_text(raw).split())
    if len(text) > most:
        raise TooLong(field=field, most=most, length=len(text))
    return text


def text_needed(raw: str, field: str, most: int, remedy: str) -> str:
    """A text that must be there; ``remedy`` says what to write."""
    text = text_given(raw, field, most)
    if not text:
        raise Refused(
            field=field,
            expected=gettext_noop("Expected a text of 1 to {most} characters."),
            found=gettext_noop("Nothing was entered."),
            remedy=remedy,
            most=most,
        )
    return text


def cost_given(cost: Decimal | None, field: str = "cost") -> Decimal | None:
    """An amount of money of at most two places; refused below 0 and beyond all bounds."""
    if cost is None:
        return None
    try:
        well = cost.is_finite() and 0 <= cost <= HIGHEST_COST and cost == round(cost, 2)
    except InvalidOperation:
        well = False
    if not well:
        raise Refused(
            field=field,
            expected=gettext_noop("Expected an amount from 0 to {most} with at most two decimal places."),
            found=gettext_noop("Found {cost}."),
            remedy=gettext_noop("Correct it."),
            most=str(HIGHEST_COST),
            cost=str(cost),
        )
    return cost


def in_currency(code: str, field: str = "currency") -> None:
    """Refuse an amount in another currency than that of the organisation; empty: nothing was said."""
    if code and code.strip().upper() != settings.CURRENCY:
        raise Refused(
            field=field,
            expected=gettext_noop("Expected amounts in {currency}, the currency of the organisation."),
            found=gettext_noop("Found {code}."),
            remedy=gettext_noop("Convert them; amounts in different currencies are never added."),
            currency=settings.CURRENCY,
            code=code[:20],
        )


def refuse_own_delivery(standing: Standing, handoff: Handoff, deliverer: str) -> None:
    """Refuse that somebody accepts for the one side what he delivered (``deliverer``: public id) for the other."""
    if deliverer and deliverer == standing.actor.id and policy.needs_another(standing, handoff.link):
        raise Refused(
            expected=gettext_noop("Expected somebody else to accept what you delivered yourself."),
            found=gettext_noop("You recorded the delivery of {number}."),
            remedy=gettext_noop("Ask somebody of the customer to accept it."),
            number=handoff.number,
        )
