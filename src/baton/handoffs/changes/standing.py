"""Standing orders are made, changed for the future, paused and ended; what they make due is expected days ahead."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db.models import Q
from django.urls import reverse

from baton.agreements.changes.checks import refuse
from baton.agreements.policy import speaks_for
from baton.chain import queries as chain
from baton.chain.policy import standing_of
from baton.chain.queries.discussing import link_called
from baton.chain.queries.group_chats import leaders_of
from baton.core.actors import Actor
from baton.core.audit.trail import Trail, change
from baton.core.changes import notify
from baton.core.changes.numbers import next_number
from baton.core.days import day_of
from baton.core.errors import Refused
from baton.core.history import objects_of
from baton.core.policy import demand
from baton.core.queries.calendars import default_calendar
from baton.handoffs import policy
from baton.handoffs.changes.checks import text_given, text_needed
from baton.handoffs.changes.lines import LineGiven, add_lines, refuse_too_many, words_of_line
from baton.handoffs.changes.recording import NUMBER_DIGITS, NUMBER_PREFIX, set_moments
from baton.handoffs.models import Handoff, StandingOrder
from baton.handoffs.queries.standing import next_due, working_days
from baton.handoffs.rules import (
    FIRST_YEAR,
    NAME_LENGTH,
    PRIORITY_LENGTH,
    REFERENCE_LENGTH,
    Form,
    Moments,
    Quantities,
    Side,
    State,
    plain,
)
from baton.handoffs.rules.standing import AHEAD_DAYS, LONGEST, Off, days_due, faults_of_rule, last_searched
from baton_analysis.errors import gettext_noop

if TYPE_CHECKING:
    from baton.chain.models import Link
    from baton.core.models import WorkCalendar

EXPECT_JOB = "handoffs.expect_by_orders"
ORDER_TOPIC = "handoffs.standing_order"
GAVE_WAY = "handoff.gave_way"
"""What the trail calls it when an occurrence is withdrawn because its order changes, pauses or ends."""
_SAID_OF_IT = ("events", "judgements", "checks", "values", "origins", "successors", "returns")


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderGiven:
    """A standing order as it is entered. ``calendar`` None: the organisation's."""

    name: str
    rule: str
    begins: time
    minutes: int = 0
    off: Off = Off.SKIP
    calendar: WorkCalendar | None = None
    starts_on: date
    ends_on: date | None = None
    reference: str = ""
    priority: str = ""
    lines: Sequence[LineGiven] = ()


def add_order(*, by: Actor, at: datetime, link: Link, given: OrderGiven) -> StandingOrder:
    """A new standing order. What is due in the next days is expected at once; the other side is told."""
    with change(by=by, at=at) as trail:
        held = chain.link(viewer=by, at=at, public_id=link.public_id)
        demand(policy.may_keep_orders(standing_of(by, day_of(at)), held))
        order = StandingOrder(link=held)
        _put(by, at, order, given)
        _expect_anew(order, at)
        trail.save(order, "standing_order.added")
        _expect(trail, order)
        _tell(trail, order)
        return order


def preview_order(*, by: Actor, at: datetime, given: OrderGiven) -> list[datetime]:
    """When a standing order that was not made yet would be due the next times; refused as when it is made. Nothing is
    written."""
    order = StandingOrder(created_until=day_of(at))
    _put(by, at, order, given)
    return next_due(viewer=by, at=at, recurrence=order.recurrence, calendar=given.calendar)


def change_order(
    *, by: Actor, at: datetime, order: StandingOrder, given: OrderGiven, expected_seq: int | None = None
) -> StandingOrder:
    """Another rule, time or content from now on: what is due later and has not begun follows it, all else stays."""
    with change(by=by, at=at) as trail:
        fresh = _begin(trail, order, expected_seq)
        _take_back(trail, fresh)
        _put(by, at, fresh, given)
        _expect_anew(fresh, at)
        trail.save(fresh, "standing_order.changed")
        if fresh.runs:
            _expect(trail, fresh)
        _tell(trail, fresh)
        return fresh


def pause_order(*, by: Actor, at: datetime, order: StandingOrder, expected_seq: int | None = None) -> StandingOrder:
    """Nothing is due by it until it goes on; what was due later and has not begun is withdrawn."""
    with change(by=by, at=at) as trail:
        fresh = _begin(trail, order, expected_seq)
        if fresh.paused_at is None:
            fresh.paused_at = at
            _take_back(trail, fresh)
            trail.save(fresh, "standing_order.paused")
            _tell(trail, fresh)
        return fresh


def resume_order(*, by: Actor, at: datetime, order: StandingOrder, expected_seq: int | None = None) -> StandingOrder:
    """It goes on; what fell out meanwhile is not made up for."""
    with change(by=by, at=at) as trail:
        fresh = _begin(trail, order, expected_seq)
        if fresh.paused_at is not None:
            fresh.paused_at = None
            fresh.revision += 1
            _expect_anew(fresh, at)
            trail.save(fresh, "standing_order.resumed")
            _expect(trail, fresh)
            _tell(trail, fresh)
        return fresh


def end_order(*, by: Actor, at: datetime, order: StandingOrder, expected_seq: int | None = None) -> StandingOrder:
    """It is over; what was due later and has not begun is withdrawn."""
    with change(by=by, at=at) as trail:
        fresh = _begin(trail, order, expected_seq)
        fresh.ended_at = at
        _take_back(trail, fresh)
        trail.save(fresh, "standing_order.ended")
        _tell(trail, fresh)
        return fresh


def expect_by_orders(*, by: Actor, at: datetime) -> int:
    """Expect what is due by all standing orders in the next days, an order a change; an order ends with its link.
    Returns how many handoffs; done again it makes none."""
    horizon = day_of(at) + timedelta(days=AHEAD_DAYS)
    held = StandingOrder.objects.filter(ended_at__isnull=True)
    running = held.filter(Q(paused_at__isnull=True, created_until__lt=horizon) | Q(link__ended_on__lte=horizon))
    made = 0
    for order in running.order_by("pk"):
        with change(by=by, at=at) as trail:
            fresh = trail.lock(StandingOrder, order)
            made += _expect(trail, fresh) if fresh.runs else 0
            if fresh.ended_at is None and fresh.link.ended_on is not None:
                _end_with_link(trail, fresh, fresh.link.ended_on)
    return made


def _begin(trail: Trail, order: StandingOrder, expected_seq: int | None) -> StandingOrder:
    fresh = trail.lock(StandingOrder, order, expected_seq=expected_seq)
    demand(policy.may_keep_orders(standing_of(trail.by, day_of(trail.at)), fresh.link))
    if fresh.ended_at is not None:
        raise Refused(
            expected=gettext_noop("Expected a standing order that has not ended."),
            found=gettext_noop("“{name}” has ended."),
            remedy=gettext_noop("Make a new one."),
            name=fresh.name,
        )
    return fresh


def _put(by: Actor, at: datetime, order: StandingOrder, given: OrderGiven) -> None:
    """Fill in what was given; refused: a rule or time that makes no sense, and one that is never due."""
    refuse(faults_of_rule(given.rule))
    _refuse_minutes(given.minutes)
    _refuse_days(given, at)
    calendar = given.calendar or default_calendar(viewer=by)
    order.name = text_needed(given.name, "name", NAME_LENGTH, gettext_noop("Call it as people do: morning linen."))
    order.rule, order.begins, order.minutes, order.off = given.rule, given.begins, given.minutes, given.off
    order.calendar, order.zone = given.calendar, calendar.zone if calendar is not None else settings.TIME_ZONE
    order.starts_on, order.ends_on = given.starts_on, given.ends_on
    order.reference = text_given(given.reference, "reference", REFERENCE_LENGTH)
    order.priority = text_given(given.priority, "priority", PRIORITY_LENGTH)
    refuse_too_many(given.lines)
    order.lines = [_line_kept(one, place) for place, one in enumerate(given.lines, start=1)]
    if not next_due(viewer=by, at=at, recurrence=order.recurrence, calendar=given.calendar):
        raise Refused(
            field="rule",
            expected=gettext_noop("Expected a recurrence that is due within three years."),
            found=gettext_noop("It is never due between its first and its last day."),
            remedy=gettext_noop("Correct the days, or the last day."),
        )


def _refuse_minutes(minutes: int) -> None:
    if not 0 <= minutes <= LONGEST:
        raise Refused(
            field="minutes",
            expected=gettext_noop("Expected 0 to {most} minutes."),
            found=gettext_noop("Found {minutes}."),
            remedy=gettext_noop("Say how long after its beginning it is due."),
            most=LONGEST, minutes=minutes,
        )  # fmt: skip


def _refuse_days(given: OrderGiven, at: datetime) -> None:
    earliest, latest = date(FIRST_YEAR, 1, 1), last_searched(day_of(at))
    if not earliest <= given.starts_on <= latest:
        raise Refused(
            field="starts_on",
            expected=gettext_noop("Expected a first day from {earliest} to {latest}."),
            found=gettext_noop("Found {starts_on}."),
            remedy=gettext_noop("Correct it."),
            earliest=earliest.isoformat(), latest=latest.isoformat(), starts_on=given.starts_on.isoformat(),
        )  # fmt: skip
    if given.ends_on is not None and given.ends_on < max(given.starts_on, day_of(at)):
        raise Refused(
            field="ends_on",
            expected=gettext_noop("Expected a last day that is not over and not before the first."),
            found=gettext_noop("Found {ends_on}."),
            remedy=gettext_noop("Give a later day, or none."),
            ends_on=given.ends_on.isoformat(),
        )


def _line_kept(given: LineGiven, place: int) -> dict[str, str]:
    """A line as the order keeps it; refused now where its handoffs would be refused one night."""
    words, ordered = words_of_line(given, place), given.quantities.ordered
    return {
        **{part: words[part] for part in ("name", "unit", "item_code")},
        "ordered": plain(ordered) if ordered is not None else "",
    }


def lines_kept(order: StandingOrder) -> list[LineGiven]:
    """The lines of each of its handoffs."""
    return [
        LineGiven(
            name=one["name"], unit=one["unit"], item_code=one["item_code"],
            quantities=Quantities(ordered=Decimal(one["ordered"]) if one["ordered"] else None),
        )
        for one in order.lines
    ]  # fmt: skip


def _expect(trail: Trail, order: StandingOrder) -> int:
    """Expect what is due in the next days and is not expected yet. Returns how many."""
    first, horizon = order.created_until + timedelta(days=1), day_of(trail.at) + timedelta(days=AHEAD_DAYS)
    link = chain.link(viewer=trail.by, at=trail.at, public_id=order.link.public_id)
    if link.ended_on is not None:
        horizon = min(horizon, link.ended_on - timedelta(days=1))
    recurrence = order.recurrence
    works = working_days(viewer=trail.by, calendar=order.calendar, first=first, last=horizon, off=recurrence.off)
    known = _days_known(trail, order, first)
    made = 0
    for named, day in days_due(recurrence, first=first, last=horizon, works=works):
        ended = link.ended_on is not None and day >= link.ended_on
        if known.isdisjoint({named, day}) and recurrence.due_at(day) > trail.at and not ended:
            _expect_one(trail, order, named, day)
            made += 1
    if horizon > order.created_until:
        order.created_until = horizon
        trail.save(order, "standing_order.expected")
    return made


def _expect_anew(order: StandingOrder, at: datetime) -> None:
    """Let all be looked at once more that is due from now on."""
    order.created_until = order.recurrence.first_due_after(at) - timedelta(days=1)


def _expect_one(trail: Trail, order: StandingOrder, named: date, day: date) -> None:
    moved = f":{named.isoformat()}" if named != day else ""
    handoff = Handoff(
        number=next_number(prefix=NUMBER_PREFIX, at=trail.at, digits=NUMBER_DIGITS), link=order.link,
        form=Form.STANDING, reference=order.reference, priority=order.priority, zone=order.zone,
        key=f"{order.public_id}:{order.revision}:{day.isoformat()}{moved}",
    )  # fmt: skip
    set_moments(handoff, Moments(due_at=order.recurrence.due_at(day)))
    trail.save(handoff, "handoff.recorded")
    add_lines(trail, handoff, lines_kept(order))


def _of_order(order: StandingOrder) -> Any:
    return Handoff.objects.filter(link=order.link_id, form=Form.STANDING, key__startswith=f"{order.public_id}:")


def _days_known(trail: Trail, order: StandingOrder, first: date) -> set[date]:
    """The days, named and due, of which there is a handoff, whatever became of it; but for those that gave way to a
    change of the order. What somebody withdrew stays withdrawn."""
    since = datetime.combine(first, time(), order.recurrence.zone) - timedelta(days=2)
    rows = list(_of_order(order).filter(due_at__gte=since).values_list("public_id", "key", "state"))
    gone = [public_id for public_id, _key, state in rows if state == State.WITHDRAWN]
    given_way = objects_of(viewer=trail.by, object_ids=gone, action=GAVE_WAY)
    keys = [key for public_id, key, _state in rows if public_id not in given_way]
    return {date.fromisoformat(day) for key in keys for day in key.split(":")[2:]}


def _take_back(trail: Trail, order: StandingOrder) -> None:
    """Withdraw what has not begun, so that what holds from now on can take its place."""
    _withdraw(trail, order, begins_after=trail.at)
    order.revision += 1


def _withdraw(trail: Trail, order: StandingOrder, *, begins_after: datetime) -> None:
    """Withdraw what begins later and of which nobody has said anything."""
    untouched = _of_order(order).filter(
        state=State.EXPECTED, due_at__gt=begins_after + timedelta(minutes=order.minutes), received_at__isnull=True,
        supplier_cost__isnull=True, customer_cost__isnull=True, **{f"{part}__isnull": True for part in _SAID_OF_IT},
    )  # fmt: skip
    for one in untouched.order_by("due_at", "pk"):
        fresh = trail.lock(Handoff, one)
        fresh.state, fresh.withdrawn_at = State.WITHDRAWN, trail.at
        trail.save(fresh, GAVE_WAY)


def _end_with_link(trail: Trail, order: StandingOrder, ended_on: date) -> None:
    """Nothing begins on the day from which the link has ended; then the order has ended too."""
    midnight = datetime.combine(ended_on, time(), order.recurrence.zone)
    _withdraw(trail, order, begins_after=max(midnight - timedelta(microseconds=1), trail.at))
    if ended_on <= day_of(trail.at):
        order.ended_at = trail.at
        trail.save(order, "standing_order.ended")


def _tell(trail: Trail, order: StandingOrder) -> None:
    """Tell whoever leads the side for which the actor does not speak; both where he speaks for both or for none."""
    link = order.link
    spoken = speaks_for(standing_of(trail.by, day_of(trail.at)), link)
    others = [side for side in Side if side not in spoken] or list(Side)
    parties: Mapping[Side, Any] = {Side.SUPPLIER: link.supplier, Side.CUSTOMER: link.customer}
    told = {one.pk: one for side in others for one in leaders_of(parties[side].public_id, trail.at)}
    if trail.by.person is not None:
        told.pop(trail.by.person.pk, None)
    for person in told.values():
        notify(
            by=trail.by, at=trail.at, person=person, topic=ORDER_TOPIC,
            address=reverse("handoffs:order", args=[order.public_id]),
            values={"name": order.name, "link": link_called(link.public_id)},
            shows=[(StandingOrder.kind, order.public_id)],
        )  # fmt: skip
