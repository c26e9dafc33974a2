"""Calendars of business hours."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import QuerySet
from django.db.models.fields.json import KeyTextTransform
from django.utils.translation import get_language

from baton.core import policy, registries
from baton.core.actors import Actor
from baton.core.calendars.days import SpecialDay
from baton.core.errors import NotFound
from baton.core.models import CalendarDay, WorkCalendar
from baton.core.registries import CalendarUse

if TYPE_CHECKING:
    from baton_analysis.facts.calendars import BusinessCalendar


def calendars(*, viewer: Actor, ended: bool = False) -> QuerySet[WorkCalendar]:
    """The calendars in force, the default one first, then by name; with ``ended`` those that are no longer."""
    policy.demand(policy.may_use(viewer))
    language = get_language() or settings.LANGUAGE_CODE
    found = WorkCalendar.objects.filter(ended_at__isnull=not ended)
    return found.order_by("-is_default", KeyTextTransform(language, "sort_keys"), "pk")


def calendar(*, viewer: Actor, public_id: str) -> WorkCalendar:
    """One calendar, ended or not."""
    rows = WorkCalendar.objects.filter(public_id=public_id).select_related("kept_by")
    found = rows.first() if policy.may_use(viewer) else None
    if found is None:
        raise NotFound
    return found


def default_calendar(*, viewer: Actor) -> WorkCalendar | None:
    """The calendar of the organisation; None while there is none."""
    policy.demand(policy.may_use(viewer))
    return WorkCalendar.objects.filter(is_default=True).first()


def home_zone(*, viewer: Actor) -> ZoneInfo:
    """The zone of the organisation's calendar, in which days and weeks of figures are counted."""
    calendar = default_calendar(viewer=viewer)
    return ZoneInfo(calendar.zone if calendar is not None else settings.TIME_ZONE)


def days_of(*, viewer: Actor, calendar: WorkCalendar) -> list[SpecialDay]:
    """Holidays and make-up days of a calendar in their order."""
    policy.demand(policy.may_use(viewer))
    return special_days([calendar])[calendar.pk]


def days_of_calendars(*, viewer: Actor, calendars: Iterable[WorkCalendar]) -> dict[int, list[SpecialDay]]:
    """The same for several by primary key, with one query."""
    policy.demand(policy.may_use(viewer))
    return special_days(calendars)


def uses_of(*, viewer: Actor, at: datetime, calendar: WorkCalendar) -> list[CalendarUse]:
    """What counts by the calendar at ``at``, as far as the viewer sees it."""
    policy.demand(policy.may_use(viewer))
    return [use for _name, found in registries.calendar_uses for use in found(viewer, at, calendar.public_id)]


def business_calendar_of(calendar: WorkCalendar) -> BusinessCalendar:
    """The calendar as the analysis counts by it."""
    return business_calendars_of([calendar])[calendar.pk]


def business_calendars_of(calendars: Iterable[WorkCalendar]) -> dict[int, BusinessCalendar]:
    """The same for several by primary key, with one query for all of their days."""
    wanted = list(calendars)
    days = special_days(wanted)
    return {one.pk: _counted(one, days[one.pk]) for one in wanted}


def special_days(calendars: Iterable[WorkCalendar]) -> dict[int, list[SpecialDay]]:
    """Holidays and make-up days of several calendars by primary key."""
    found: dict[int, list[SpecialDay]] = {one.pk: [] for one in calendars}
    rows = CalendarDay.objects.filter(calendar__in=list(found)).order_by("day")
    for calendar, day, like, note in rows.values_list("calendar_id", "day", "like", "note"):
        found[calendar].append(SpecialDay(day, like, note))
    return found


def _counted(calendar: WorkCalendar, days: list[SpecialDay]) -> BusinessCalendar:
    from baton_analysis.facts.calendars import calendar_from_dict  # when it is counted: a server that starts needs none

    return calendar_from_dict({
        "zone": calendar.zone, "hours": calendar.hours, "edition": calendar.edition,
        "holidays": [one.day.isoformat() for one in days if not one.like],
        "makeup_days": {one.day.isoformat(): one.like for one in days if one.like},
    })  # fmt: skip
