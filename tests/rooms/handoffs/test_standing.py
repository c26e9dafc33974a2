"""Standing orders: each occurrence is expected once, a change is for the future only, the other side is told."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from baton.core import changes as core
from baton.core.actors import Actor
from baton.core.calendars.days import SpecialDay
from baton.core.errors import Forbidden, Refused
from baton.core.models import Notification
from baton.handoffs import changes
from baton.handoffs.models import Handoff, StandingOrder
from baton.handoffs.queries.standing import next_due
from baton.handoffs.rules import Form, Quantities, State
from baton.handoffs.rules.standing import Off, Recurrence, days_due, faults_of_rule
from baton_analysis.facts.calendars import WEEKDAYS
from tests.rooms.chain.test_pages import filled
from tests.rooms.handoffs.made import SHEETS
from tests.rooms.handoffs.test_life import as_
from tests.world import NOON, World

JOB = Actor.system(changes.EXPECT_JOB)
DAY = timedelta(days=1)
MONDAY = NOON.date()


def order_given(**more: Any) -> changes.OrderGiven:
    """Linen every day at 18:00, due half an hour later, from today on."""
    values = {"name": "Evening linen", "rule": "FREQ=DAILY", "begins": time(18), "minutes": 30, "starts_on": MONDAY}
    return changes.OrderGiven(**{**values, "lines": [SHEETS], **more})


def ordered(world: World, **more: Any) -> StandingOrder:
    return changes.add_order(**as_(world, "zhao_lei"), link=world.laundry_ward, given=order_given(**more))


def due(*states: State) -> list[datetime]:
    """When what is expected (or stands otherwise) by standing orders is due."""
    found = Handoff.objects.filter(form=Form.STANDING, state__in=states or (State.EXPECTED,))
    return list(found.order_by("due_at").values_list("due_at", flat=True))


def recurrence(rule: str, **more: Any) -> Recurrence:
    values = {"begins": time(2, 30), "minutes": 0, "off": Off.KEEP, "zone": ZoneInfo("Europe/Berlin")}
    return Recurrence(**{**values, "rule": rule, "starts_on": date(2026, 1, 1), **more})


def named(found: Recurrence, last: date, off_days: frozenset[date] = frozenset()) -> list[date]:
    works = lambda day: day not in off_days  # noqa: E731
    return [day for _named, day in days_due(found, first=date(2026, 1, 1), last=last, works=works)]


def test_the_31st_in_short_months() -> None:
    only = named(recurrence("FREQ=MONTHLY;BYMONTHDAY=31"), date(2026, 5, 31))
    last = named(recurrence("FREQ=MONTHLY;BYMONTHDAY=28,29,30,31;BYSETPOS=-1"), date(2026, 5, 31))
    assert [day.isoformat()[5:] for day in only] == ["01-31", "03-31", "05-31"]
    assert [day.isoformat()[5:] for day in last] == ["01-31", "02-28", "03-31", "04-30", "05-31"]


def test_clocks_that_are_put_forward_and_back() -> None:
    found = recurrence("FREQ=DAILY")
    assert found.due_at(date(2026, 3, 28)) == datetime(2026, 3, 28, 1, 30, tzinfo=UTC)
    assert found.due_at(date(2026, 3, 29)) == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)  # 02:30 does not exist: 03:30
    assert found.due_at(date(2026, 10, 25)) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)  # the first of two


def test_days_off() -> None:
    week, off = "FREQ=WEEKLY;BYDAY=TH,FR,SA,SU", frozenset({date(2026, 1, 2), date(2026, 1, 3)})
    last = date(2026, 1, 4)
    assert [day.day for day in named(recurrence(week), last, off)] == [1, 2, 3, 4]
    assert [day.day for day in named(recurrence(week, off=Off.SKIP), last, off)] == [1, 4]
    assert [day.day for day in named(recurrence(week, off=Off.NEXT), last, off)] == [1, 4]


@pytest.mark.parametrize(
    ("rule", "well"),
    [
        ("FREQ=DAILY", True), ("FREQ=MONTHLY;BYDAY=-1FR", True), ("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU", True),
        ("FREQ=SECONDLY", False), ("FREQ=DAILY;COUNT=3", False), ("FREQ=DAILY;BYSETPOS=2", False), ("", False),
        ("FREQ=MONTHLY;BYMONTHDAY=32", False), ("FREQ=WEEKLY;BYDAY=2MO", False), ("DTSTART:2026\nFREQ=DAILY", False),
        ("BYDAY=XX;FREQ=WEEKLY;BYDAY=MO", False), ("FREQ=DAILY;INTERVAL=0;INTERVAL=2", False),
        ("FREQ=DAILY;INTERVAL=1\u0663", False),
    ],
)  # fmt: skip
def test_rules_that_are_taken(rule: str, well: bool) -> None:
    assert (not list(faults_of_rule(rule))) is well


def test_each_occurrence_is_expected_once(world: World) -> None:
    order = ordered(world)
    first = NOON.replace(hour=10, minute=30)  # 18:30 in Shanghai
    assert due()[0].astimezone(ZoneInfo(order.zone)).time() == time(18, 30)
    before = len(due())
    assert changes.expect_by_orders(by=JOB, at=NOON) == 0
    made = [changes.expect_by_orders(by=JOB, at=NOON + days * DAY) for days in (1, 1, 2)]
    assert (made, len(due())) == ([1, 0, 1], before + 2)
    one = Handoff.objects.get(due_at=due()[0])
    assert (one.reference, one.lines.get().ordered, one.requested_at) == ("", Decimal(100), None)
    assert due()[0] >= first
    assert all(later - earlier == DAY for earlier, later in zip(due(), due()[1:], strict=False))


def test_a_change_concerns_only_what_has_not_begun(world: World) -> None:
    order = ordered(world)
    began = Handoff.objects.get(due_at=due()[0])
    changes.warn_late(
        **as_(world, "gao_ming"),
        handoff=began,
        expected_at=began.due_at + timedelta(hours=1),  # type: ignore[operator]
    )
    count = len(due())
    held = changes.change_order(**as_(world, "wang_fang"), order=order, given=order_given(minutes=90))
    assert len(due()) == count
    assert began.due_at == due()[0]
    assert [moment.minute for moment in due()[1:]] == [30] * (count - 1)
    assert due()[1] == began.due_at + DAY + timedelta(hours=1)  # type: ignore[operator]
    assert len(due(State.WITHDRAWN)) == count - 1
    held = changes.pause_order(**as_(world, "zhao_lei"), order=held)
    assert (due(), changes.expect_by_orders(by=JOB, at=NOON + 3 * DAY)) == ([began.due_at], 0)
    by = world.actor(world.zhao_lei)
    held = changes.resume_order(by=by, at=NOON + 3 * DAY, order=held)
    assert due()[1] > NOON + 3 * DAY
    held = changes.end_order(by=by, at=NOON + 3 * DAY, order=held)
    assert due() == [began.due_at]
    with pytest.raises(Refused):
        changes.resume_order(by=by, at=NOON + 3 * DAY, order=held)


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("line", "field"),
    [
        (changes.LineGiven(name="Sheets", quantities=Quantities(ordered=Decimal(-5))), "ordered_2"),
        (changes.LineGiven(name="Sheets", quantities=Quantities(ordered=Decimal("1e30"))), "ordered_2"),
        (changes.LineGiven(name=""), "name_2"), (changes.LineGiven(name="Sheets", unit="u" * 21), "unit_2"),
    ],
)  # fmt: skip
def test_a_line_of_which_no_handoff_could_be_made_is_refused_at_once(
    world: World, line: changes.LineGiven, field: str
) -> None:
    """Nothing is due for weeks: found out one night, it would keep all other orders from being expected."""
    with pytest.raises(Refused) as refused:
        ordered(world, starts_on=MONDAY + 30 * DAY, lines=[SHEETS, line])
    assert refused.value.field == field
    assert not StandingOrder.objects.exists()


@pytest.mark.sqlite
@pytest.mark.parametrize("first", ["0001-01-01", "1999-12-31", "2031-01-01", "9999-12-31"])
def test_a_first_day_out_of_all_bounds_is_refused(world: World, first: str) -> None:
    with pytest.raises(Refused) as refused:
        ordered(world, starts_on=date.fromisoformat(first))
    assert (refused.value.field, first in str(refused.value)) == ("starts_on", True)


@pytest.mark.sqlite
def test_a_line_without_a_quantity_outlives_a_change(world: World) -> None:
    head, address = world.client(world.zhao_lei), f"/handoffs/orders/new/{world.laundry_ward.public_id}/"
    typed = {
        "order_name": "Evening", "pattern": "daily", "begins": "18:00", "minutes": "0", "off": "keep",
        "starts_on": "2026-06-01", "name_1": "Sheets",
    }  # fmt: skip
    assert head.post(address, filled(head, address, **typed)).status_code == 302
    order = StandingOrder.objects.get()
    change = f"/handoffs/orders/{order.public_id}/change/"
    assert head.post(change, filled(head, change, **{**typed, "begins": "19:00"})).status_code == 302
    order.refresh_from_db()
    assert (order.begins, [one["name"] for one in order.lines]) == (time(19), ["Sheets"])


@pytest.mark.sqlite
def test_who_may_and_who_is_told(world: World) -> None:
    for name in ("chen_jie", "gao_ming", "he_jun"):
        with pytest.raises(Forbidden):
            changes.add_order(**as_(world, name), link=world.laundry_ward, given=order_given())
    ordered(world)
    told = Notification.objects.filter(topic=changes.ORDER_TOPIC).values_list("person", flat=True)
    assert world.wang_fang.pk in told
    assert world.zhao_lei.pk not in told


@pytest.mark.sqlite
def test_holidays_of_the_calendar(world: World) -> None:
    calendar = core.add_calendar(
        by=world.actor(world.lin_mei), at=NOON, name={"en": "Laundry"}, zone="UTC",
        hours=dict.fromkeys(WEEKDAYS[:5], [["06:00", "20:00"]]), days=[SpecialDay(MONDAY + DAY, "", "Feast")],
    )  # fmt: skip
    found = order_given(off=Off.NEXT, calendar=calendar)
    expected = changes.preview_order(by=world.actor(world.zhao_lei), at=NOON, given=found)
    assert [moment.day for moment in expected[:6]] == [1, 3, 4, 5, 8, 9]
    order = ordered(world, off=Off.NEXT, calendar=calendar)
    assert due() == expected[: len(due())]
    assert next_due(viewer=JOB, at=NOON, recurrence=order.recurrence, calendar=calendar) == expected


@pytest.mark.sqlite
def test_the_form_shows_the_next_ten_before_anything_is_saved(world: World) -> None:
    head = world.client(world.zhao_lei)
    link = world.laundry_ward.public_id
    address = f"/handoffs/orders/new/{link}/"
    assert "No standing order yet" in head.get(f"/handoffs/orders/?link={link}").content.decode()
    typed = {
        "order_name": "Month’s end", "pattern": "monthly", "month_day": "31", "begins": "06:00", "minutes": "90",
        "starts_on": "2026-01-31", "name_1": "Sheets", "amount_1": "40", "off": "keep",
    }  # fmt: skip
    page = head.post(address, filled(head, address, **typed, preview="yes")).content.decode()
    assert page.count("<li>") >= 10
    assert "Due the next times" in page
    assert not StandingOrder.objects.exists()
    wrong = head.post(address, filled(head, address, **{**typed, "month_day": ""}))
    assert (wrong.status_code, StandingOrder.objects.count()) == (422, 0)
    answer = head.post(address, filled(head, address, **typed))
    order = StandingOrder.objects.get()
    assert answer["Location"] == f"/handoffs/orders/{order.public_id}/"
    assert order.rule == "FREQ=MONTHLY;BYMONTHDAY=28,29,30,31;BYSETPOS=-1"
    change = f"/handoffs/orders/{order.public_id}/change/"
    shown = head.get(change).content.decode()
    assert all(value in shown for value in ('value="31"', 'value="40"', 'value="06:00"', "Month’s end"))
    head.post(f"/handoffs/orders/{order.public_id}/pause/", {"version": str(order.changed_seq)})
    assert "paused" in head.get(f"/handoffs/orders/{order.public_id}/").content.decode()
    assert world.client(world.chen_jie).get(change).status_code == 403
