"""Calendars of business hours: hours, holidays, make-up days, the default one; what is refused, and who may."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import pytest
from django.db import IntegrityError, transaction

from baton.core import changes, queries, registries
from baton.core.actors import Actor
from baton.core.audit.verify import verify
from baton.core.calendars.days import SpecialDay
from baton.core.calendars.hours import checked_week, read_openings, write_openings
from baton.core.errors import Forbidden, NotFound, Refused, Stale
from baton.core.models import AuditEntry, CalendarDay, WorkCalendar
from baton.core.registries import CalendarUse
from baton_analysis.facts.calendars import net_seconds
from tests.world import BEGAN, NOON, SYSTEM, World

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

OFFICE = {day: [["09:00", "12:00"], ["13:00", "17:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}
NATIONAL_DAY = SpecialDay(date(2026, 10, 1), note="National Day")
MADE_UP = SpecialDay(date(2026, 10, 10), "mon", "for 7 October")


def office(name: str = "Office", **more: Any) -> WorkCalendar:
    values = {"zone": "Asia/Shanghai", "hours": OFFICE, **more}
    return changes.add_calendar(by=SYSTEM, at=BEGAN, name={"en": name}, **values)


def business_seconds(calendar: WorkCalendar, begin: datetime, end: datetime) -> float:
    return float(net_seconds(queries.business_calendar_of(calendar), [begin], [end])[0])


@pytest.mark.django_db
def test_a_calendar_counts_as_it_says() -> None:
    calendar = office(days=[NATIONAL_DAY, MADE_UP], edition="2026")
    counted = queries.business_calendar_of(calendar)
    assert (counted.zone, counted.edition) == ("Asia/Shanghai", "2026")
    # Wednesday 30 September 16:00 to Friday 2 October 10:00 in Shanghai: one hour, the holiday, one hour
    begin, end = datetime(2026, 9, 30, 8, tzinfo=UTC), datetime(2026, 10, 2, 2, tzinfo=UTC)
    assert business_seconds(calendar, begin, end) == 2 * 3600
    # the make-up Saturday has Monday's seven hours
    saturday = datetime(2026, 10, 9, 16, tzinfo=UTC), datetime(2026, 10, 10, 16, tzinfo=UTC)
    assert business_seconds(calendar, *saturday) == 7 * 3600
    entry = AuditEntry.objects.filter(kind="calendar").get()
    assert "National Day" in entry.body
    assert verify().holds


@pytest.mark.django_db
def test_days_change_in_one_go_with_one_entry() -> None:
    calendar = office(days=[NATIONAL_DAY])
    before = AuditEntry.objects.count()
    second = SpecialDay(date(2026, 10, 2), note="National Day")
    fresh = changes.set_days(
        by=SYSTEM, at=NOON, calendar=calendar, days=[second, MADE_UP], out=[NATIONAL_DAY.day],
        expected_seq=calendar.changed_seq,
    )  # fmt: skip
    assert AuditEntry.objects.count() == before + 1
    assert queries.days_of(viewer=SYSTEM, calendar=fresh) == [second, MADE_UP]
    # another note, another kind: what stood there is replaced; the same again writes nothing
    changes.set_days(by=SYSTEM, at=NOON, calendar=fresh, days=[SpecialDay(MADE_UP.day, "fri")])
    changes.set_days(by=SYSTEM, at=NOON, calendar=fresh, days=[second], out=[date(2020, 1, 1)])
    assert AuditEntry.objects.count() == before + 2
    assert CalendarDay.objects.get(day=MADE_UP.day).like == "fri"
    with pytest.raises(Stale):
        changes.set_days(by=SYSTEM, at=NOON, calendar=calendar, days=[], expected_seq=calendar.changed_seq)


@pytest.mark.both
@pytest.mark.django_db
def test_the_first_calendar_is_the_default_until_another_is_made_it() -> None:
    first, second = office("First"), office("Second")
    assert queries.default_calendar(viewer=SYSTEM) == first
    changes.make_default(by=SYSTEM, at=NOON, calendar=second)
    assert queries.default_calendar(viewer=SYSTEM) == second
    assert [str(one) for one in queries.calendars(viewer=SYSTEM)] == ["Second", "First"]
    with pytest.raises(Refused, match="another calendar the default"):
        changes.end_calendar(by=SYSTEM, at=NOON, calendar=second)
    changes.end_calendar(by=SYSTEM, at=NOON, calendar=first)
    assert list(queries.calendars(viewer=SYSTEM, ended=True)) == [first]
    with pytest.raises(Refused, match="was ended"):
        changes.set_days(by=SYSTEM, at=NOON, calendar=first, days=[NATIONAL_DAY])
    with pytest.raises(IntegrityError), transaction.atomic():
        WorkCalendar.objects.filter(pk=second.pk).update(ended_at=NOON)


@pytest.mark.django_db
def test_a_calendar_by_which_something_counts_is_not_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    office("Default")
    calendar = office("Used")

    def uses(viewer: Actor, at: datetime, public_id: str) -> list[CalendarUse]:
        return [CalendarUse("A-2026-0001", "/agreements/x/")] if public_id == calendar.public_id else []

    monkeypatch.setitem(registries.calendar_uses._entries, "test", uses)
    assert [use.name for use in queries.uses_of(viewer=SYSTEM, at=NOON, calendar=calendar)] == ["A-2026-0001"]
    with pytest.raises(Refused, match="Counted by it: 1"):
        changes.end_calendar(by=SYSTEM, at=NOON, calendar=calendar)


def test_only_the_quality_manager_and_administrators_edit(world: World) -> None:
    calendar = office()
    for person in (world.chen_jie, world.he_jun, world.wu_tao, world.qian_li, world.ivy_stone):
        by = world.actor(person)
        assert queries.calendar(viewer=by, public_id=calendar.public_id) == calendar
        with pytest.raises(Forbidden):
            changes.set_days(by=by, at=NOON, calendar=calendar, days=[NATIONAL_DAY])
        with pytest.raises(Forbidden):
            changes.add_calendar(by=by, at=NOON, name={"en": "Mine"}, zone="UTC", hours=OFFICE)
        with pytest.raises(Forbidden):
            changes.make_default(by=by, at=NOON, calendar=calendar)
        with pytest.raises(Forbidden):
            changes.end_calendar(by=by, at=NOON, calendar=calendar)
    with pytest.raises(NotFound):
        queries.calendar(viewer=world.actor(world.tom_reed), public_id=calendar.public_id)
    changes.change_calendar(
        by=world.actor(world.sun_yan), at=NOON, calendar=calendar, name={"en": "Desk"}, zone="UTC", hours=OFFICE
    )
    changes.set_days(by=world.actor(world.lin_mei), at=NOON, calendar=calendar, days=[NATIONAL_DAY])


@pytest.mark.parametrize(
    ("hours", "says"),
    [
        ({}, "on one weekday at least"),
        ({"mon": []}, "on one weekday at least"),
        ({"monday": [["09:00", "17:00"]]}, "“monday”"),
        ({"mon": [["09:00", "25:00"]]}, "09:00-25:00"),
        ({"mon": [["9", "17"]]}, "from 00:00 to 24:00"),
        ({"mon": [["09:00", "09:00"]]}, "lasts for some time"),
        ({"mon": [["24:00", "06:00"]]}, "lasts for some time"),
        ({"mon": [["09:00", "13:00"], ["12:00", "17:00"]]}, "mon 12:00-17:00 begins before mon 09:00-13:00 ends"),
        ({"mon": [["09:00", "13:00"], ["09:00", "13:00"]]}, "do not overlap"),
        ({"mon": [["22:00", "06:00"]], "tue": [["05:00", "12:00"]]}, "tue 05:00-12:00 begins before mon 22:00-06:00"),
        ({"sun": [["22:00", "06:00"]], "mon": [["05:30", "12:00"]]}, "mon 05:30-12:00 begins before sun 22:00-06:00"),
        ({"fri": [[f"{hour:02}:00", f"{hour:02}:30"] for hour in range(9)]}, "at most 8"),
    ],
)
def test_hours_that_cannot_be_are_refused(hours: Mapping[str, Sequence[Sequence[str]]], says: str) -> None:
    with pytest.raises(Refused, match=says):
        checked_week("Asia/Shanghai", hours)


@pytest.mark.parametrize("zone", ["Mars/Olympus", "", "../etc/passwd", "Asia/Shanghai\x00", "x" * 5000])
def test_unknown_zones_are_refused(zone: str) -> None:
    with pytest.raises(Refused) as refused:
        checked_week(zone, OFFICE)
    assert refused.value.field == "zone"


def test_hours_are_read_as_people_write_them() -> None:
    lunch = [["08:00", "12:00"], ["13:30", "17:00"]]
    for text in (
        "08:00-12:00, 13:30-17:00",
        "8-12;13:30–17",
        "８：００～１２：００，１３：３０－１７：００",
        "8点至12点、13时30分到17点",
    ):
        assert read_openings(text, "mon") == lunch, text
    assert read_openings(write_openings(lunch), "mon") == lunch
    assert read_openings("  ", "mon") == []
    for text in ("9 to 5", "08:00", "morning", "8-12-17", "-"):
        with pytest.raises(Refused) as refused:
            read_openings(text, "tue")
        assert refused.value.field == "hours_tue"


@pytest.mark.django_db
def test_night_shifts_breaks_and_changes_of_the_clock() -> None:
    """A night from 22:00 to 06:00 has seven hours when clocks go forward, nine when they go back."""
    night = changes.add_calendar(
        by=SYSTEM, at=BEGAN, name={"en": "Nights"}, zone="Europe/Berlin",
        hours={day: [["22:00", "06:00"]] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")},
    )  # fmt: skip
    forward = datetime(2026, 3, 28, 12, tzinfo=UTC), datetime(2026, 3, 29, 12, tzinfo=UTC)
    back = datetime(2026, 10, 24, 12, tzinfo=UTC), datetime(2026, 10, 25, 12, tzinfo=UTC)
    assert business_seconds(night, *forward) == 7 * 3600
    assert business_seconds(night, *back) == 9 * 3600


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("days", "says"),
    [
        ([NATIONAL_DAY, SpecialDay(NATIONAL_DAY.day, "mon")], "2026-10-01 is given twice"),
        ([SpecialDay(date(1026, 10, 1))], "Correct the year"),
        ([SpecialDay(date(2026, 10, 10), "sat")], "2026-10-10 is to work like sat"),
        ([SpecialDay(date(2026, 10, 10), "x" * 999)], "Name one of these"),
        ([SpecialDay(date.fromordinal(date(2000, 1, 1).toordinal() + n)) for n in range(10_000)], "Found 10000"),
    ],
)
def test_days_that_cannot_be_are_refused(days: list[SpecialDay], says: str) -> None:
    calendar = office()
    with pytest.raises(Refused, match=says):
        changes.set_days(by=SYSTEM, at=NOON, calendar=calendar, days=days)
    assert not CalendarDay.objects.exists()


@pytest.mark.django_db
def test_hours_that_a_make_up_day_needs_stay() -> None:
    calendar = office(days=[SpecialDay(MADE_UP.day, "fri")])
    short = {day: spans for day, spans in OFFICE.items() if day != "fri"}
    with pytest.raises(Refused) as refused:
        changes.change_calendar(by=SYSTEM, at=NOON, calendar=calendar, name={"en": "Office"}, zone="UTC", hours=short)
    assert refused.value.field == "hours_fri"


def test_a_head_keeps_the_calendar_that_he_made_and_no_other(world: World) -> None:
    week = {"mon": [["22:00", "06:00"]]}
    head, other = world.actor(world.wang_fang), world.actor(world.zhao_lei)
    mine = changes.add_calendar(by=head, at=NOON, name={"en": "Nights of Ward 3"}, zone="UTC", hours=week)
    assert (mine.kept_by, mine.is_default) == (world.wang_fang, False)  # though it is the first
    holiday = [SpecialDay(date(2026, 10, 1))]
    mine = changes.set_days(by=head, at=NOON, calendar=mine, days=holiday)
    for by in (other, world.actor(world.chen_jie)):
        with pytest.raises(Forbidden):
            changes.set_days(by=by, at=NOON, calendar=mine, out=[date(2026, 10, 1)])
    with pytest.raises(Forbidden):
        changes.add_calendar(by=world.actor(world.chen_jie), at=NOON, name={"en": "Mine"}, zone="UTC", hours=week)
    with pytest.raises(Forbidden):
        changes.make_default(by=head, at=NOON, calendar=mine)
    everybody = changes.add_calendar(by=world.actor(world.lin_mei), at=NOON, name={"en": "All"}, zone="UTC", hours=week)
    assert everybody.is_default
    with pytest.raises(Forbidden):
        changes.change_calendar(by=head, at=NOON, calendar=everybody, name={"en": "x"}, zone="UTC", hours=week)
    client, own = world.client(world.wang_fang), f"/calendars/{mine.public_id}/"
    page = client.get(own).content.decode()
    assert "Enter holidays" in page
    assert "Kept by Wang Fang" in page
    assert "Make it the default" not in page
    assert client.get(f"/calendars/{everybody.public_id}/edit/").status_code == 403
    changes.change_calendar(  # who keeps all calendars keeps this one, too
        by=world.actor(world.lin_mei), at=NOON, calendar=mine, name={"en": "Nights"}, zone="UTC", hours=week
    )
    assert changes.end_calendar(by=head, at=NOON, calendar=mine).ended_at is not None
