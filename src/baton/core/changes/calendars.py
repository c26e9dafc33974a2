"""When business is open: calendars, their hours, holidays and make-up days."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime

from baton.core import policy, registries
from baton.core.actors import Actor
from baton.core.audit.trail import Trail, change
from baton.core.calendars.days import (
    SpecialDay,
    checked_days,
    day_changes,
    demand_few_days,
    demand_possible,
)
from baton.core.calendars.hours import checked_week
from baton.core.errors import Refused, TooLong
from baton.core.models import CalendarDay, WorkCalendar
from baton.core.queries.calendars import special_days
from baton.core.texts import Texts, clean_text, clean_texts, sort_keys
from baton_analysis.errors import gettext_noop

Hours = Mapping[str, Sequence[Sequence[str]]]
NAME_LENGTH = 200
EDITION_LENGTH = 60


def add_calendar(
    *, by: Actor, at: datetime, name: Texts, zone: str, hours: Hours, days: Iterable[SpecialDay] = (),
    edition: str = "",
) -> WorkCalendar:  # fmt: skip
    """A new calendar; the first one is the organisation's default. What a head makes he keeps, and it is no default."""
    policy.demand(policy.may_make_calendars(by))
    week = checked_week(zone, hours)
    found = checked_days(days, week)
    with change(by=by, at=at) as trail:
        for_all = policy.may_edit_calendars(by)
        first = for_all and not WorkCalendar.objects.filter(is_default=True).exists()
        calendar = WorkCalendar(zone=zone, hours=week, is_default=first, kept_by=None if for_all else by.person)
        _call(calendar, name, edition)
        trail.save(calendar, "calendar.added", **({"days": _said(found)} if found else {}))
        CalendarDay.objects.bulk_create(_rows(calendar, found))
        return calendar


def change_calendar(
    *, by: Actor, at: datetime, calendar: WorkCalendar, name: Texts, zone: str, hours: Hours, edition: str = "",
    expected_seq: int | None = None,
) -> WorkCalendar:  # fmt: skip
    """Another name, zone or other hours. Refused where a make-up day works like a weekday that would have none."""
    policy.demand(policy.may_make_calendars(by))
    week = checked_week(zone, hours)
    with change(by=by, at=at) as trail:
        fresh = _in_force(trail, calendar, expected_seq)
        for one in special_days([fresh])[fresh.pk]:
            try:
                demand_possible(one, week)
            except Refused as lost:
                lost.field = f"hours_{one.like}"
                raise
        fresh.zone, fresh.hours = zone, week
        _call(fresh, name, edition)
        return trail.save(fresh, "calendar.changed")


def set_days(
    *, by: Actor, at: datetime, calendar: WorkCalendar, days: Iterable[SpecialDay] = (), out: Collection[date] = (),
    expected_seq: int | None = None,
) -> WorkCalendar:  # fmt: skip
    """Holidays and make-up days in one go: ``days`` come in or take the place of what stood there, those of ``out`` go.

    One entry of the trail names them all. Nothing is written where nothing changes.
    """
    policy.demand(policy.may_make_calendars(by))
    with change(by=by, at=at) as trail:
        fresh = _in_force(trail, calendar, expected_seq)
        stood = special_days([fresh])[fresh.pk]
        changed = day_changes(stood, checked_days(days, fresh.hours), out)
        gone = [one.now for one in changed if one.now is not None]
        come = [one.then for one in changed if one.then is not None]
        if not changed:
            return fresh
        demand_few_days(len(stood) - len(gone) + len(come))
        CalendarDay.objects.filter(calendar=fresh, day__in=[one.day for one in gone]).delete()
        CalendarDay.objects.bulk_create(_rows(fresh, come))
        return trail.save(fresh, "calendar.days_set", days=_said(come), days_before=_said(gone))


def make_default(*, by: Actor, at: datetime, calendar: WorkCalendar, expected_seq: int | None = None) -> WorkCalendar:
    """This calendar holds from now on wherever no other is named."""
    policy.demand(policy.may_edit_calendars(by))
    with change(by=by, at=at) as trail:
        fresh = _in_force(trail, calendar, expected_seq)
        for other in WorkCalendar.objects.filter(is_default=True).exclude(pk=fresh.pk):
            before = trail.lock(WorkCalendar, other)
            before.is_default = False
            trail.save(before, "calendar.default_ended")
        fresh.is_default = True
        return trail.save(fresh, "calendar.made_default")


def end_calendar(*, by: Actor, at: datetime, calendar: WorkCalendar, expected_seq: int | None = None) -> WorkCalendar:
    """Nothing new is agreed by this calendar. Refused for the default one, and while something counts by it."""
    policy.demand(policy.may_make_calendars(by))
    with change(by=by, at=at) as trail:
        fresh = _in_force(trail, calendar, expected_seq)
        if fresh.is_default:
            raise Refused(
                expected=gettext_noop("The default calendar holds wherever no other is named."),
                remedy=gettext_noop("Make another calendar the default first."),
            )
        _demand_unused(fresh, at)
        fresh.ended_at = at
        return trail.save(fresh, "calendar.ended")


def _demand_unused(calendar: WorkCalendar, at: datetime) -> None:
    everything = Actor.system("calendars")
    uses = sum(len(found(everything, at, calendar.public_id)) for _name, found in registries.calendar_uses)
    if uses:
        raise Refused(
            expected=gettext_noop("Expected a calendar that nothing counts by any more."),
            found=gettext_noop("Counted by it: {uses}."),
            remedy=gettext_noop("Name another calendar there first; its page lists them."),
            uses=uses,
        )


def _in_force(trail: Trail, calendar: WorkCalendar, expected_seq: int | None) -> WorkCalendar:
    fresh = trail.lock(WorkCalendar, calendar, expected_seq=expected_seq)
    policy.demand(policy.may_keep_calendar(trail.by, fresh))
    if fresh.ended_at is not None:
        raise Refused(
            expected=gettext_noop("Expected a calendar that is in force."),
            found=gettext_noop("It was ended."),
            remedy=gettext_noop("Choose another, or make a new one."),
        )
    return fresh


def _call(calendar: WorkCalendar, name: Texts, edition: str) -> None:
    calendar.name = clean_texts(name)
    if not calendar.name:
        raise Refused(field="name", remedy=gettext_noop("Give it a name in at least one language."))
    longest = max(map(len, calendar.name.values()))
    if longest > NAME_LENGTH:
        raise TooLong(field="name", most=NAME_LENGTH, length=longest)
    calendar.sort_keys = sort_keys(calendar.name)
    calendar.edition = clean_text(edition)
    if len(calendar.edition) > EDITION_LENGTH:
        raise TooLong(field="edition", most=EDITION_LENGTH, length=len(calendar.edition))


def _rows(calendar: WorkCalendar, days: Iterable[SpecialDay]) -> list[CalendarDay]:
    return [
        CalendarDay(calendar=calendar, day=one.day, day_kind=one.kind, like=one.like, note=one.note) for one in days
    ]


def _said(days: Iterable[SpecialDay]) -> list[list[str]]:
    """The days as they stand in the trail: day, weekday whose hours hold (empty: holiday), note."""
    return [[one.day.isoformat(), one.like, one.note] for one in days]
