"""A standing order that is changed, paused, goes on or ends neither doubles nor drops what is due."""

from __future__ import annotations

from datetime import datetime, time
from decimal import Decimal

import pytest

from baton.chain.changes import end_link
from baton.core import changes as core
from baton.core.models import WorkCalendar
from baton.handoffs import changes
from baton.handoffs.forms.recurrence import how_often
from baton.handoffs.models import Handoff, StandingOrder
from baton.handoffs.rules import Stage, State
from baton.handoffs.rules.standing import Off
from baton_analysis.facts.calendars import WEEKDAYS
from tests.rooms.handoffs.test_life import as_
from tests.rooms.handoffs.test_standing import DAY, JOB, MONDAY, due, order_given, ordered
from tests.world import NOON, World

EVERYTHING = (State.EXPECTED, State.DELIVERED, State.ACCEPTED)


def local(days: int, hour: int, minute: int = 0) -> datetime:
    """So many days after Monday, at this time."""
    return datetime.combine(MONDAY, time(hour, minute), NOON.tzinfo) + days * DAY


def due_on(day: int) -> list[datetime]:
    return [moment for moment in due(*EVERYTHING) if local(day, 0) <= moment < local(day + 1, 0)]


def changed(world: World, order: StandingOrder, at: datetime, **more: object) -> StandingOrder:
    return changes.change_order(by=world.actor(world.zhao_lei), at=at, order=order, given=order_given(**more))


def test_what_was_handed_over_today_is_not_due_once_more(world: World) -> None:
    order = ordered(world)
    first = Handoff.objects.get(due_at=local(1, 18, 30))
    changes.deliver_handoff(by=world.actor(world.gao_ming), at=local(1, 18, 20), handoff=first)
    order = changed(world, order, local(1, 19), begins=time(21))
    assert due_on(1) == [local(1, 18, 30)]
    order = changes.pause_order(by=world.actor(world.zhao_lei), at=local(1, 20), order=order)
    changes.resume_order(by=world.actor(world.zhao_lei), at=local(1, 20), order=order)
    assert due_on(1) == [local(1, 18, 30)]
    assert due_on(2) == [local(2, 21, 30)]


def test_what_is_overdue_stays_due(world: World) -> None:
    changed(world, ordered(world), local(1, 20), begins=time(21))
    assert due_on(1) == [local(1, 18, 30)]


def test_what_has_begun_stays_as_it_is(world: World) -> None:
    """From ten in the evening until six in the morning; changed at midnight, and at noon before it begins."""
    order = ordered(world, begins=time(22), minutes=480)
    order = changed(world, order, local(2, 0), begins=time(23), minutes=420)
    assert Handoff.objects.get(due_at=local(2, 6)).state == State.EXPECTED
    assert due_on(2) == [local(2, 6)]
    assert due_on(3) == [local(3, 6)]
    changed(world, order, local(2, 12), begins=time(23), minutes=480)
    assert (due_on(3), due_on(4)) == ([local(3, 7)], [local(4, 7)])


def test_what_somebody_withdrew_stays_withdrawn(world: World) -> None:
    order = ordered(world)
    handoff = Handoff.objects.get(due_at=local(3, 18, 30))
    changes.withdraw_handoff(**as_(world, "chen_jie"), handoff=handoff, reason="Ward closed")
    for minutes in (60, 90):
        order = changed(world, order, NOON, minutes=minutes)
        assert due_on(3) == []
        assert len(due_on(4)) == 1
    order = changes.pause_order(**as_(world, "zhao_lei"), order=order)
    changes.resume_order(**as_(world, "zhao_lei"), order=order)
    assert (due_on(3), len(due_on(2)), len(due_on(4))) == ([], 1, 1)


def test_what_was_checked_before_it_is_due_has_begun(world: World) -> None:
    order = ordered(world)
    handoff = Handoff.objects.get(due_at=local(2, 18, 30))
    changes.record_check(
        **as_(world, "gao_ming"), handoff=handoff, stage=Stage.SELF_CHECK, passed=True, checked=Decimal(10)
    )
    changes.end_order(**as_(world, "zhao_lei"), order=order)
    assert due() == [local(2, 18, 30)]


def calendar(world: World, name: str, days: int) -> WorkCalendar:
    """Open on the first so many days of the week."""
    hours = dict.fromkeys(WEEKDAYS[:days], [["06:00", "20:00"]])
    return core.add_calendar(by=world.actor(world.lin_mei), at=NOON, name={"en": name}, zone="UTC", hours=hours)


@pytest.mark.sqlite
def test_what_was_moved_to_today_stays_due_today(world: World) -> None:
    """Saturday's linen is due on Monday; changed on Monday morning it is due that evening all the same."""
    five = calendar(world, "Five days", 5)
    order = ordered(world, rule="FREQ=WEEKLY;BYDAY=SA", off=Off.NEXT, calendar=five)
    assert due() == [local(7, 18, 30)]
    changed(world, order, local(7, 8), rule="FREQ=WEEKLY;BYDAY=SA", off=Off.NEXT, calendar=five, begins=time(19))
    assert due_on(7) == [local(7, 19, 30)]


@pytest.mark.sqlite
def test_another_calendar_makes_no_second_occurrence_of_what_has_begun(world: World) -> None:
    five, six = calendar(world, "Five days", 5), calendar(world, "Six days", 6)
    weekly = {"rule": "FREQ=WEEKLY;BYDAY=SA", "off": Off.NEXT}
    order = ordered(world, **weekly, calendar=five)
    changes.receive_handoff(**as_(world, "gao_ming"), handoff=Handoff.objects.get())
    order = changed(world, order, NOON, **weekly, calendar=six)
    assert due() == [local(7, 18, 30)]
    changed(world, order, NOON, rule="FREQ=WEEKLY;BYDAY=MO", off=Off.NEXT, calendar=six)
    assert due_on(7) == [local(7, 18, 30)]


@pytest.mark.sqlite
def test_nothing_is_due_after_the_link_has_ended(world: World) -> None:
    order = ordered(world)
    end_link(**as_(world, "lin_mei"), link=world.laundry_ward, ended_on=MONDAY + 4 * DAY)
    assert changes.expect_by_orders(by=JOB, at=NOON) == 0
    assert due() == [local(day, 18, 30) for day in range(4)]
    order.refresh_from_db()
    assert order.ended_at is None
    assert changes.expect_by_orders(by=JOB, at=NOON + 4 * DAY) == 0
    order.refresh_from_db()
    assert (order.ended_at, due()) == (NOON + 4 * DAY, [local(day, 18, 30) for day in range(4)])


def test_done_again_the_job_makes_nothing(world: World) -> None:
    order = ordered(world)
    changed(world, order, NOON, minutes=60)
    before = due()
    assert changes.expect_by_orders(by=JOB, at=NOON) == 0
    assert due() == before
    assert all(later - earlier == DAY for earlier, later in zip(before, before[1:], strict=False))


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("FREQ=DAILY", "every day"), ("FREQ=WEEKLY;BYDAY=FR,TU", "every week: Tuesday, Friday"),
        ("FREQ=MONTHLY;BYMONTHDAY=7", "every month, on day 7"),
        ("FREQ=MONTHLY;BYMONTHDAY=28,29,30,31;BYSETPOS=-1", "every month, on day 31"),
        ("FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=1", "every 3 months, on day 1"),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU", "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU"),
    ],
)  # fmt: skip
def test_how_often_is_said_in_words(rule: str, said: str) -> None:
    assert how_often(rule) == said
