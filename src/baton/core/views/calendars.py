"""Pages of calendars of business hours: the list, one of them with its calculator, and its hours."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from baton.core import changes, policy, queries
from baton.core.answering import carried_out, version_sent
from baton.core.calendar_forms import PATTERNS, CalendarForm, CounterForm
from baton.core.calendar_pages import day_row, timeline_of, week_in_words, week_rows, year_of, years_without_holidays
from baton.core.calendars.counting import counted, due
from baton.core.calendars.days import FIRST_YEAR, LAST_YEAR, SpecialDay
from baton.core.errors import explain
from baton.core.guards import guarded
from baton.core.history import history_of
from baton.core.middleware import BatonRequest
from baton.core.models import WorkCalendar
from baton.core.models.calendars import WEEKDAY_NAMES
from baton_analysis.errors import BatonError


@require_safe
@guarded()
def calendars(request: BatonRequest) -> HttpResponse:
    """The calendars in force, and those that were ended."""
    viewer = request.actor
    found = list(queries.calendars(viewer=viewer))
    ended = list(queries.calendars(viewer=viewer, ended=True))
    days = queries.days_of_calendars(viewer=viewer, calendars=found)
    rows = [
        {"calendar": one, "week": week_in_words(one.hours), "last": days[one.pk][-1].day if days[one.pk] else None}
        for one in found
    ]
    values = {"rows": rows, "ended": ended, "may_edit": policy.may_make_calendars(viewer), "patterns": PATTERNS}
    return render(request, "core/calendars/list.html", values)


@require_safe
@guarded()
def calendar(request: BatonRequest, public_id: str) -> HttpResponse:
    """One calendar: its week, a year of it, the calculator, and what counts by it."""
    viewer, at = request.actor, request.now
    found = queries.calendar(viewer=viewer, public_id=public_id)
    days = queries.days_of(viewer=viewer, calendar=found)
    now = at.astimezone(ZoneInfo(found.zone)).year
    year = _year(request, now)
    values = {
        "calendar": found,
        "week": week_rows(found.hours),
        "year": year, "before": year - 1, "after": year + 1,
        "months": year_of(year, found.hours, days),
        "days": [day_row(one) for one in days if one.day.year == year],
        "missing": years_without_holidays(days, now, now + 1),
        "knows_days": bool(days),
        "uses": queries.uses_of(viewer=viewer, at=at, calendar=found),
        "history": timeline_of(history_of(viewer=viewer, object_ids=[public_id])),
        "may_edit": policy.may_keep_calendar(viewer, found) and found.ended_at is None,
        "may_default": policy.may_edit_calendars(viewer) and found.ended_at is None,
        **_counter(request, found, days),
    }  # fmt: skip
    return render(request, "core/calendars/calendar.html", values)


@guarded(policy.may_make_calendars)
def add_calendar(request: BatonRequest) -> HttpResponse:
    """A new calendar, which may begin with one of the usual weeks."""
    pattern = request.GET.get("pattern", "office")
    form = CalendarForm(request.POST or None, pattern=pattern)
    made = carried_out(
        request, form, lambda: changes.add_calendar(by=request.actor, at=request.now, **form.given()),
        said=_("Saved. Enter its holidays next."),
    )  # fmt: skip
    if made is not None:
        return redirect("core:calendar_days", made.public_id)
    values = {"form": form, "patterns": PATTERNS, "pattern": pattern}
    return render(request, "core/calendars/form.html", values, status=form.status)


@guarded(policy.may_make_calendars)
def edit_calendar(request: BatonRequest, public_id: str) -> HttpResponse:
    """Name, zone and hours."""
    found = queries.calendar(viewer=request.actor, public_id=public_id)
    policy.demand(policy.may_keep_calendar(request.actor, found))
    form = CalendarForm(request.POST or None, record=found)
    saved = carried_out(request, form, lambda: changes.change_calendar(
        by=request.actor, at=request.now, calendar=found, expected_seq=form.version, **form.given()))  # fmt: skip
    if saved is not None:
        return redirect("core:calendar", public_id)
    return render(request, "core/calendars/form.html", {"form": form, "calendar": found}, status=form.status)


@require_POST
@guarded(policy.may_edit_calendars)
def make_default(request: BatonRequest, public_id: str) -> HttpResponse:
    """It holds from now on wherever no other is named."""
    return _step(request, public_id, changes.make_default, _("It is the default calendar now."))


@require_POST
@guarded(policy.may_make_calendars)
def end_calendar(request: BatonRequest, public_id: str) -> HttpResponse:
    """Nothing new is agreed by it."""
    return _step(request, public_id, changes.end_calendar, _("Ended. What was counted by it stays as it was."))


def _step(request: BatonRequest, public_id: str, write: Callable[..., WorkCalendar], said: str) -> HttpResponse:
    found = queries.calendar(viewer=request.actor, public_id=public_id)
    write(by=request.actor, at=request.now, calendar=found, expected_seq=version_sent(request))
    messages.success(request, said)
    return redirect("core:calendar", public_id)


def _year(request: BatonRequest, now: int) -> int:
    asked = request.GET.get("year", "")
    return min(max(int(asked), FIRST_YEAR), LAST_YEAR) if asked.isdecimal() and len(asked) == 4 else now


def _counter(request: BatonRequest, calendar: WorkCalendar, days: list[SpecialDay]) -> dict[str, Any]:
    """The calculator's form and, where it was asked something, its answers."""
    asked = request.GET if "begin" in request.GET else None
    form = CounterForm(asked, zone=calendar.zone)
    if asked is None or not form.is_valid():
        return {"counter": form}
    begin, end, amount = (form.cleaned_data[name] for name in ("begin", "end", "amount"))
    zone = ZoneInfo(calendar.zone)
    found: dict[str, Any] = {"counter": form}
    try:
        by = queries.business_calendar_of(calendar)
        if end:
            found["counted"] = _said(counted(by, begin, end, days), zone)
        if amount is not None:
            found["due"] = (
                due(by, begin, amount, form.cleaned_data["unit"] or "h").astimezone(zone).isoformat(" ", "minutes")
            )
    except BatonError as refused:
        form.add_error(getattr(refused, "field", "") or None, explain(refused))
    return found


def _said(answer: Any, zone: ZoneInfo) -> dict[str, Any]:
    return {
        "seconds": answer.seconds, "wall": answer.wall_seconds,
        "begin": answer.begin.astimezone(zone), "end": answer.end.astimezone(zone),
        "days": [{"day": one.day, "weekday": WEEKDAY_NAMES[one.weekday], "seconds": one.seconds,
                  "special": day_row(one.special) if one.special else None} for one in answer.days],
    }  # fmt: skip
