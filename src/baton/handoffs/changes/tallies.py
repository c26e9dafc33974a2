"""Tallies: what was counted in an hour or shift, entered as one handoff, and corrected."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from baton.agreements.changes.checks import refuse
from baton.chain import queries as chain
from baton.chain.policy import standing_of
from baton.core.actors import Actor
from baton.core.audit.trail import Trail, change
from baton.core.changes.numbers import next_number
from baton.core.days import day_of
from baton.core.errors import Refused
from baton.core.policy import demand
from baton.core.texts import say
from baton.handoffs import policy
from baton.handoffs.changes.checks import moment_given, zone_of
from baton.handoffs.changes.lines import code_given
from baton.handoffs.changes.recording import NUMBER_DIGITS, NUMBER_PREFIX, refuse_ended, set_moments
from baton.handoffs.models import DefectCode, Handoff, HandoffLine
from baton.handoffs.models.labels import STATES
from baton.handoffs.rules import (
    NAME_LENGTH,
    Form,
    Moments,
    Quantities,
    Side,
    State,
    faults_of_quantities,
    shown,
    tally_key,
    tally_times,
)
from baton_analysis.errors import gettext_noop

if TYPE_CHECKING:
    from baton.chain.models import Link

LONGEST_TALLY = timedelta(hours=24)


def enter_tally(
    *, by: Actor, at: datetime, link: Link, begins_at: datetime, ends_at: datetime, came: Decimal | None,
    good: Decimal, returned: Mapping[DefectCode, Decimal],
) -> Handoff:  # fmt: skip
    """What the customer counted from ``begins_at`` to ``ends_at``: how much came in (None: not counted), was good and
    went back under which code. The same time entered again corrects what was counted."""
    with change(by=by, at=at) as trail:
        held = chain.link(viewer=by, at=at, public_id=link.public_id)
        demand(policy.may_act(standing_of(by, day_of(at)), held, Side.CUSTOMER))
        _refuse_counts(came, good, returned)
        refuse_ended(held, Moments(delivered_at=begins_at))
        key = tally_key(begins_at, ends_at)
        _refuse_counted(held, key, begins_at, ends_at)
        known = Handoff.objects.filter(link=held, system="", key=key).first()
        handoff = trail.lock(Handoff, known) if known is not None else _begun(trail, held, key, begins_at, ends_at)
        _refuse_own_life(handoff)
        lines = {one.code_id: one for one in handoff.lines.select_related("code")}
        _count(trail, handoff, lines.get(None), Quantities(ordered=came, delivered=good, accepted=good), None)
        for code, amount in returned.items():
            if amount or code.pk in lines:
                count = Quantities(delivered=amount, accepted=Decimal(0), refused=amount)
                _count(trail, handoff, lines.get(code.pk), count, code)
        if known is not None:
            trail.save(handoff, "handoff.tally_corrected")
        return handoff


def _begun(trail: Trail, link: Link, key: str, begins_at: datetime, ends_at: datetime) -> Handoff:
    handoff = Handoff(
        number=next_number(prefix=NUMBER_PREFIX, at=trail.at, digits=NUMBER_DIGITS), link=link, form=Form.TALLY, key=key
    )
    moment_given(begins_at, at=trail.at, zone=zone_of(handoff), field="begins_at")
    if not begins_at < ends_at <= begins_at + LONGEST_TALLY:
        raise Refused(
            field="hours",
            expected=gettext_noop("Expected a time of more than 0 and at most 24 hours."),
            found=gettext_noop("It ends before it begins, or lasts longer."),
            remedy=gettext_noop("Choose the hour or shift again."),
        )
    counted_at = min(ends_at, trail.at)
    set_moments(handoff, Moments(delivered_at=counted_at, accepted_at=counted_at))
    return trail.save(handoff, "handoff.tallied")


def _refuse_counted(link: Link, key: str, begins_at: datetime, ends_at: datetime) -> None:
    """What was counted by the hour is not counted once more by the shift."""
    near = Handoff.objects.filter(
        link=link, form=Form.TALLY, occurred_at__gt=begins_at - LONGEST_TALLY, occurred_at__lte=ends_at + LONGEST_TALLY
    ).exclude(state=State.WITHDRAWN)
    for one in near.exclude(key=key).order_by("occurred_at"):
        began, ended = tally_times(one.key)
        if began < ends_at and begins_at < ended:
            raise Refused(
                field="hours",
                expected=gettext_noop("Expected a time of which nothing was counted, or the same one to correct it."),
                found=gettext_noop("{number} counts from {begins} to {ends}."),
                remedy=gettext_noop("Choose that time to correct it, or a time beside it."),
                number=one.number,
                begins=shown(began, zone_of(one)),
                ends=shown(ended, zone_of(one)),
            )


def _refuse_own_life(handoff: Handoff) -> None:
    if handoff.state != State.ACCEPTED:
        raise Refused(
            expected=gettext_noop("Expected a count of which nothing came back later and that was not withdrawn."),
            found=gettext_noop("{number} stands so: {state}."),
            remedy=gettext_noop("Say on its page what became of it."),
            number=handoff.number,
            state=STATES[State(handoff.state)],
        )


def _refuse_counts(came: Decimal | None, good: Decimal, returned: Mapping[DefectCode, Decimal]) -> None:
    refuse(faults_of_quantities(Quantities(ordered=came, delivered=good)))
    for code, amount in returned.items():
        for fault in faults_of_quantities(Quantities(refused=amount)):
            raise Refused(
                field=f"code_{code.public_id}", expected=fault.expected, found=fault.found, remedy=fault.remedy,
                **fault.values,
            )  # fmt: skip
    total = good + sum(returned.values(), Decimal(0))
    if came is not None and total > came:
        raise Refused(
            field="came",
            expected=gettext_noop("Expected at least {total} to have come in: so much was good or went back."),
            found=gettext_noop("Found {came}."),
            remedy=gettext_noop("Correct one of the counts, or leave this one empty."),
            total=str(total), came=str(came),
        )  # fmt: skip


def _count(
    trail: Trail, handoff: Handoff, line: HandoffLine | None, count: Quantities, code: DefectCode | None
) -> None:
    """Write down one count: in its own line, or in a new one."""
    code_given(code, handoff, trail.at)
    if line is not None:
        line = trail.lock(HandoffLine, line)
    else:
        name = say(handoff.link.output.name)[:NAME_LENGTH]
        line = HandoffLine(handoff=handoff, position=handoff.lines.count() + 1, name=name, code=code)
    line.ordered, line.delivered = count.ordered, count.delivered
    line.accepted, line.refused = count.accepted, count.refused
    trail.save(line, "handoff_line.counted")
