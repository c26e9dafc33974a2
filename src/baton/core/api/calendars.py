"""Calendars of business hours: read them and their days, count by them, make, change and end them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Annotated, Any

from django.http import HttpResponse
from ninja import Query, Router
from pydantic import AwareDatetime, Field, StringConstraints

from baton.core import changes, policy, queries
from baton.core.api.door import ApiRequest
from baton.core.api.endpoints import changed, made, reads, shown, writes
from baton.core.api.schemas import Asked, Day, Edited, PublicId, Rows, SaidTexts, Sent, Shown, Texts
from baton.core.calendars.counting import counted
from baton.core.calendars.days import NOTE_LENGTH, SpecialDay
from baton.core.changes.calendars import EDITION_LENGTH
from baton.core.models import WorkCalendar
from baton.core.rules import CALENDAR_DAYS, OPENINGS_A_DAY, WEEKDAYS
from baton.core.slices import slice_of
from baton_analysis.errors import gettext_noop

router = Router()

READ, WRITE = "calendars:read", "calendars:write"
Clock = Annotated[str, StringConstraints(max_length=5, pattern=r"^[0-9]{2}:[0-9]{2}$")]
Opening = Annotated[list[Clock], Field(min_length=2, max_length=2)]
DayOfWeek = Annotated[str, StringConstraints(pattern=f"^({'|'.join(WEEKDAYS)})$")]
Weekday = Annotated[str, StringConstraints(pattern=f"^({'|'.join(WEEKDAYS)})?$"), Field(examples=["mon"])]


class DayShown(Shown):
    """A holiday or make-up day."""

    day: date
    like: str = Field(description="Weekday whose hours it has; empty: a holiday.", examples=["mon"])
    note: str = Field(examples=["National Day"])


class CalendarShown(Shown):
    """A calendar of business hours."""

    id: PublicId
    name: SaidTexts
    zone: str = Field(examples=["Asia/Shanghai"])
    hours: dict[str, list[list[str]]] = Field(
        description="Opening and closing times by weekday; a close before the opening is one of the next day.",
        examples=[{"mon": [["08:00", "12:00"], ["13:00", "17:00"]]}],
    )
    edition: str = Field(examples=["2026"])
    is_default: bool
    version: int = Field(examples=[42])


class CalendarWithDays(CalendarShown):
    """A calendar with its holidays and make-up days."""

    days: list[DayShown]


class DaySent(Sent):
    """A holiday, or a make-up day."""

    day: Day
    like: Weekday = Field(default="", description="Weekday whose hours it has; empty: a holiday.")
    note: Annotated[str, StringConstraints(max_length=NOTE_LENGTH, pattern=r"^[^\x00]*$")] = ""


class DaysSent(Edited):
    """Days that come or take the place of what stood there, and days that go; all of it, or nothing."""

    days: list[DaySent] = Field(default=[], max_length=CALENDAR_DAYS)
    out: list[Day] = Field(default=[], max_length=CALENDAR_DAYS, examples=[["2026-10-02"]])


class CalendarFields(Sent):
    """What a calendar says, but for its holidays and make-up days."""

    name: Texts = Field(examples=[{"en": "Office"}])
    zone: Annotated[str, StringConstraints(max_length=64, pattern=r"^[^\x00]*$")] = Field(examples=["Asia/Shanghai"])
    hours: dict[DayOfWeek, Annotated[list[Opening], Field(max_length=OPENINGS_A_DAY)]] = Field(
        description="Opening and closing times by weekday; a close before the opening is one of the next day.",
        examples=[{"mon": [["08:00", "12:00"], ["13:00", "17:00"]]}],
    )
    edition: Annotated[str, StringConstraints(max_length=EDITION_LENGTH, pattern=r"^[^\x00]*$")] = ""


class CalendarSent(CalendarFields):
    """A new calendar."""

    days: list[DaySent] = Field(default=[], max_length=CALENDAR_DAYS)


class CalendarChange(CalendarFields, Edited):
    """All that a calendar says from now on; its days stay as they are."""


class SpanAsked(Sent):
    """From when until when."""

    begin: AwareDatetime = Field(examples=["2026-09-30T08:00:00Z"])
    end: AwareDatetime = Field(examples=["2026-10-09T02:00:00Z"])


class TimeShown(Shown):
    """Business time between two moments."""

    business_seconds: float = Field(description="While the calendar is open.", examples=[39600.0])
    wall_seconds: float = Field(description="On the clock.", examples=[756000.0])


def _said(calendar: WorkCalendar) -> dict[str, Any]:
    return {
        "id": calendar.public_id, "name": calendar.name, "zone": calendar.zone, "hours": calendar.hours,
        "edition": calendar.edition, "is_default": calendar.is_default, "version": calendar.changed_seq,
    }  # fmt: skip


def _with_days(request: ApiRequest) -> Callable[[WorkCalendar], CalendarWithDays]:
    def show(calendar: WorkCalendar) -> CalendarWithDays:
        days = queries.days_of(viewer=request.actor, calendar=calendar)
        told = [DayShown(day=one.day, like=one.like, note=one.note) for one in days]
        return CalendarWithDays(**_said(calendar), days=told)

    return show


def _see(request: ApiRequest) -> Callable[[str], WorkCalendar]:
    return lambda public_id: queries.calendar(viewer=request.actor, public_id=public_id)


@reads(
    router, "", scope=READ, may=policy.may_use, response=Rows[CalendarShown],
    summary=gettext_noop("List calendars"), description=gettext_noop("Those in force."),
)  # fmt: skip
def list_calendars(request: ApiRequest, asked: Query[Asked]) -> Any:
    found = queries.calendars(viewer=request.actor).order_by("recorded_at")
    part = slice_of(found, asked=asked.filters(), limit=asked.limit, cursor=asked.cursor)
    return Rows[CalendarShown](rows=[CalendarShown(**_said(one)) for one in part.rows], next=part.next)


@reads(
    router, "/{slug:public_id}", scope=READ, may=policy.may_use, response=CalendarWithDays,
    summary=gettext_noop("Read a calendar"), description=gettext_noop("With its holidays and make-up days."),
)  # fmt: skip
def read_calendar(request: ApiRequest, public_id: PublicId) -> HttpResponse:
    found = _see(request)(public_id)
    return shown(found, _with_days(request)(found))


@reads(
    router, "/{slug:public_id}/business-time", scope=READ, may=policy.may_use, response=TimeShown,
    summary=gettext_noop("Count business time"),
    description=gettext_noop("Between two moments, at most ten years apart."),
)  # fmt: skip
def count_business_time(request: ApiRequest, public_id: PublicId, asked: Query[SpanAsked]) -> Any:
    found = _see(request)(public_id)
    answer = counted(queries.business_calendar_of(found), asked.begin, asked.end)
    return TimeShown(business_seconds=answer.seconds, wall_seconds=answer.wall_seconds)


def _special(days: list[DaySent]) -> list[SpecialDay]:
    return [SpecialDay(one.day, one.like, one.note) for one in days]


@writes(
    router, "POST", "", scope=WRITE, may=policy.may_make_calendars, response=CalendarWithDays, status=201,
    summary=gettext_noop("Make a calendar"),
    description=gettext_noop("The first one is the organisation’s default."),
    example={
        "name": {"en": "Office"}, "zone": "Asia/Shanghai", "hours": {"mon": [["08:00", "12:00"], ["13:00", "17:00"]]},
        "days": [{"day": "2026-10-01", "note": "National Day"}],
    },
)  # fmt: skip
def add_calendar(request: ApiRequest, sent: CalendarSent) -> HttpResponse:
    return made(
        request, show=_with_days(request), see=_see(request),
        write=lambda: changes.add_calendar(
            by=request.actor, at=request.now, days=_special(sent.days), **sent.said_as(CalendarFields)
        ),
    )  # fmt: skip


@writes(
    router, "PATCH", "/{slug:public_id}", scope=WRITE, may=policy.may_make_calendars, response=CalendarWithDays,
    versioned=True, summary=gettext_noop("Change a calendar"),
    description=gettext_noop("Name, zone and hours; its holidays and make-up days stay."),
    example={"version": 42, "name": {"en": "Office"}, "zone": "Asia/Shanghai", "hours": {"mon": [["09:00", "17:00"]]}},
)  # fmt: skip
def change_calendar(request: ApiRequest, public_id: PublicId, sent: CalendarChange) -> HttpResponse:
    def write(calendar: WorkCalendar, **seen: Any) -> WorkCalendar:
        return changes.change_calendar(calendar=calendar, **sent.said_as(CalendarFields), **seen)

    return changed(request, public_id, sent, write=write, show=_with_days(request), see=_see(request))


@writes(
    router, "POST", "/{slug:public_id}/default", scope=WRITE, may=policy.may_edit_calendars, response=CalendarWithDays,
    versioned=True, summary=gettext_noop("Make a calendar the default"),
    description=gettext_noop("It holds wherever no other calendar is named."), example={"version": 42},
)  # fmt: skip
def make_default_calendar(request: ApiRequest, public_id: PublicId, sent: Edited) -> HttpResponse:
    def write(calendar: WorkCalendar, **seen: Any) -> WorkCalendar:
        return changes.make_default(calendar=calendar, **seen)

    return changed(request, public_id, sent, write=write, show=_with_days(request), see=_see(request))


@writes(
    router, "POST", "/{slug:public_id}/end", scope=WRITE, may=policy.may_make_calendars, response=CalendarWithDays,
    versioned=True, summary=gettext_noop("End a calendar"),
    description=gettext_noop("Refused for the default one, and while something counts by it."), example={"version": 42},
)  # fmt: skip
def end_calendar(request: ApiRequest, public_id: PublicId, sent: Edited) -> HttpResponse:
    def write(calendar: WorkCalendar, **seen: Any) -> WorkCalendar:
        return changes.end_calendar(calendar=calendar, **seen)

    return changed(request, public_id, sent, write=write, show=_with_days(request), see=_see(request))


@writes(
    router, "PATCH", "/{slug:public_id}/days", scope=WRITE, may=policy.may_make_calendars, response=CalendarWithDays,
    versioned=True, summary=gettext_noop("Set holidays and make-up days"),
    description=gettext_noop("In one go: all of them, or none. For who keeps the calendar."),
    example={"version": 42, "days": [{"day": "2026-10-01", "note": "National Day"},
                                     {"day": "2026-10-10", "like": "mon"}], "out": ["2026-10-02"]},
)  # fmt: skip
def set_calendar_days(request: ApiRequest, public_id: PublicId, sent: DaysSent) -> HttpResponse:
    def write(calendar: WorkCalendar, **seen: Any) -> WorkCalendar:
        return changes.set_days(calendar=calendar, days=_special(sent.days), out=sent.out, **seen)

    return changed(request, public_id, sent, write=write, show=_with_days(request), see=_see(request))
