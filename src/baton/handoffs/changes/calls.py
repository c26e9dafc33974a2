"""Call points are set up, renamed and ended; from them somebody is called, arrives, and has it fixed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext, override

from baton.chain import queries as chain
from baton.chain.policy import standing_of
from baton.chain.queries.discussing import link_called
from baton.chain.queries.group_chats import people_in
from baton.core.actors import Actor
from baton.core.audit.trail import Trail, change
from baton.core.changes import notify
from baton.core.days import day_of
from baton.core.errors import NotFound, Refused
from baton.core.policy import demand
from baton.handoffs import policy
from baton.handoffs.changes.checks import text_needed
from baton.handoffs.changes.recording import record_handoff
from baton.handoffs.changes.returning import return_handoff
from baton.handoffs.changes.steps import accept_handoff, deliver_handoff, receive_handoff, withdraw_handoff
from baton.handoffs.models import CallPoint, Handoff
from baton.handoffs.queries.calls import address_of_point, caller_of, open_call, point_of
from baton.handoffs.rules import REFERENCE_LENGTH, Form, Moments, Side, State
from baton.handoffs.rules.calls import SAID_ALREADY, TAKERS, CallStep, call_key, call_steps, stage_of
from baton_analysis.errors import gettext_noop

if TYPE_CHECKING:
    from baton.chain.models import Link
    from baton.core.models import Person

CALLED_TOPIC = "handoffs.called"
FIXED_TOPIC = "handoffs.call_fixed"
REOPENED_TOPIC = "handoffs.call_reopened"
CANCELLED_TOPIC = "handoffs.call_cancelled"


def add_call_point(*, by: Actor, at: datetime, link: Link, name: str) -> CallPoint:
    """A new place from which the customer of a link calls its supplier."""
    with change(by=by, at=at) as trail:
        held = chain.link(viewer=by, at=at, public_id=link.public_id)
        demand(policy.may_keep_points(standing_of(by, day_of(at)), held))
        point = CallPoint(link=held, name=_name(name))
        _refuse_known(point)
        return trail.save(point, "call_point.added")


def rename_call_point(
    *, by: Actor, at: datetime, point: CallPoint, name: str, expected_seq: int | None = None
) -> CallPoint:
    """Another name; what hangs there opens the same page."""
    with change(by=by, at=at) as trail:
        fresh = _begin(trail, point, expected_seq)
        fresh.name = _name(name)
        _refuse_known(fresh)
        return trail.save(fresh, "call_point.renamed")


def end_call_point(*, by: Actor, at: datetime, point: CallPoint, expected_seq: int | None = None) -> CallPoint:
    """Nobody calls from there any more; a call that is open goes on."""
    with change(by=by, at=at) as trail:
        fresh = _begin(trail, point, expected_seq)
        fresh.ended_at = at
        return trail.save(fresh, "call_point.ended")


def call_from(*, by: Actor, at: datetime, point: CallPoint) -> Handoff:
    """Call the supplier of the link to a call point. As long as a call from there is open, it is that one: whoever
    presses the button again calls nobody twice. The people of the called party are told."""
    with change(by=by, at=at) as trail:
        fresh = trail.lock(CallPoint, point)
        link = chain.link(viewer=by, at=at, public_id=fresh.link.public_id)
        demand(policy.may_act(standing_of(by, day_of(at)), link, Side.CUSTOMER))
        there = open_call(viewer=by, at=at, point=fresh)
        if there is not None:
            return there.handoff
        _refuse_ended(fresh)
        fresh.calls += 1
        trail.save(fresh, "call_point.called")
        made = record_handoff(
            by=by, at=at, link=link, moments=Moments(requested_at=at), reference=fresh.name, form=Form.CALL,
            key=call_key(fresh.public_id, fresh.calls),
        )  # fmt: skip
        _tell(trail, made, CALLED_TOPIC, people_in(link.supplier.public_id, at))
        return made


def take_call_step(*, by: Actor, at: datetime, handoff: Handoff, step: CallStep) -> Handoff:
    """Say by one tap what became of a call. What was said already is not said again."""
    with change(by=by, at=at) as trail:
        fresh = trail.lock(Handoff, handoff)
        if fresh.form != Form.CALL:
            raise NotFound
        demand(policy.may_act(standing_of(by, day_of(at)), fresh.link, TAKERS[step]))
        stage = stage_of(State(fresh.state), fresh.received_at)
        if SAID_ALREADY[step] is stage:
            return fresh
        if step not in call_steps(stage, frozenset(Side)):
            raise Refused(
                expected=gettext_noop("Expected a call of which this can still be said."),
                found=gettext_noop("Something else was said of {number} meanwhile."),
                remedy=gettext_noop("Look at how it stands now."),
                number=fresh.number,
            )
        done = _carry_out(by, at, fresh, step)
        _tell_of_step(trail, done, step)
        return done


def _carry_out(by: Actor, at: datetime, handoff: Handoff, step: CallStep) -> Handoff:
    if step is CallStep.ARRIVE:
        return receive_handoff(by=by, at=at, handoff=handoff)
    if step is CallStep.FIX:
        return deliver_handoff(by=by, at=at, handoff=handoff)
    if step is CallStep.CONFIRM:
        return accept_handoff(by=by, at=at, handoff=handoff)
    with override(settings.LANGUAGE_CODE):
        if step is CallStep.REOPEN:
            return return_handoff(by=by, at=at, handoff=handoff, phenomenon=gettext("Not fixed"))
        return withdraw_handoff(by=by, at=at, handoff=handoff, reason=gettext("The call was cancelled."))


def _tell_of_step(trail: Trail, handoff: Handoff, step: CallStep) -> None:
    """Who called hears that it is fixed, or his team where he is none of it; the called team hears that it is not, or
    that nobody need come."""
    if step is CallStep.FIX:
        caller = caller_of(viewer=trail.by, handoff=handoff)
        customers = list(people_in(handoff.link.customer.public_id, trail.at))
        himself = [one for one in customers if one.public_id == caller]
        _tell(trail, handoff, FIXED_TOPIC, himself or customers)
    elif step in (CallStep.REOPEN, CallStep.CANCEL):
        topic = REOPENED_TOPIC if step is CallStep.REOPEN else CANCELLED_TOPIC
        _tell(trail, handoff, topic, people_in(handoff.link.supplier.public_id, trail.at))


def _tell(trail: Trail, handoff: Handoff, topic: str, people: Iterable[Person]) -> None:
    point = point_of(viewer=trail.by, handoff=handoff)
    itself = reverse("handoffs:handoff", args=[handoff.public_id])
    for person in people:
        if trail.by.person is None or person.pk != trail.by.person.pk:
            notify(
                by=trail.by, at=trail.at, person=person, topic=topic,
                address=address_of_point(point.public_id) if point is not None else itself,
                values={"place": handoff.reference, "link": link_called(handoff.link.public_id)},
                shows=[(Handoff.kind, handoff.public_id)],
            )  # fmt: skip


def _begin(trail: Trail, point: CallPoint, expected_seq: int | None) -> CallPoint:
    fresh = trail.lock(CallPoint, point, expected_seq=expected_seq)
    demand(policy.may_keep_points(standing_of(trail.by, day_of(trail.at)), fresh.link))
    _refuse_ended(fresh)
    return fresh


def _name(raw: str) -> str:
    return text_needed(
        raw, "name", REFERENCE_LENGTH, gettext_noop("Write what stands there: Press 3, bed 12, room 204.")
    )


def _refuse_known(point: CallPoint) -> None:
    there = CallPoint.objects.filter(link=point.link_id, name=point.name, ended_at__isnull=True).exclude(pk=point.pk)
    if there.exists():
        raise Refused(
            field="name",
            expected=gettext_noop("Expected a name that no call point of this link has."),
            found=gettext_noop("“{name}” is there already."),
            remedy=gettext_noop("Use that one, or add what tells the two apart."),
            name=point.name,
        )


def _refuse_ended(point: CallPoint) -> None:
    if point.ended_at is not None:
        raise Refused(
            expected=gettext_noop("Expected a call point that is in use."),
            found=gettext_noop("“{name}” has ended."),
            remedy=gettext_noop("Call from another one, or ask who leads your party to set one up."),
            name=point.name,
        )
