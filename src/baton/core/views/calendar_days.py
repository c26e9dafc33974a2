"""Pages on which holidays and make-up days of a calendar come and go. What would change is shown before it is saved."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from baton.core import changes, policy, queries
from baton.core.answering import carried_out
from baton.core.calendar_forms import CountryForm, DaysForm, FileForm, PasteForm, SourceForm, TakeOutForm
from baton.core.calendar_pages import change_rows, unread_rows
from baton.core.calendars.days import SpecialDay, Unread, day_changes, days_left_out
from baton.core.calendars.ics import write_ics
from baton.core.guards import guarded
from baton.core.middleware import BatonRequest
from baton.core.models import WorkCalendar
from baton.core.rules import DayKind

SUMMARIES = {DayKind.HOLIDAY.value: gettext_lazy("Holiday"), DayKind.MAKE_UP.value: gettext_lazy("Make-up day")}


@guarded(policy.may_make_calendars)
def days(request: BatonRequest, public_id: str) -> HttpResponse:
    """The sources of days; what one of them gives is shown first."""
    found = queries.calendar(viewer=request.actor, public_id=public_id)
    policy.demand(policy.may_keep_calendar(request.actor, found))
    sources = _sources(request, found)
    source = sources.get(request.POST.get("source", "")) if request.method == "POST" else None
    if source is not None and source.is_valid():
        read = source.read(found, request.now)
        if read is not None:
            stand = queries.days_of(viewer=request.actor, calendar=found)
            out = days_left_out(stand, read.days) if source.cleaned_data["replace"] else []
            form = DaysForm.offering(found, read.days, out)
            return _preview(request, found, form, read.days, out, read.unread)
    status = 422 if source is not None and source.errors else 200
    return render(request, "core/calendars/days.html", {"calendar": found, **sources}, status=status)


@require_POST
@guarded(policy.may_make_calendars)
def save_days(request: BatonRequest, public_id: str) -> HttpResponse:
    """What was shown is saved."""
    found = queries.calendar(viewer=request.actor, public_id=public_id)
    form = DaysForm(request.POST, record=found)
    saved = carried_out(request, form, lambda: changes.set_days(
        by=request.actor, at=request.now, calendar=found, expected_seq=form.version, **form.given(found)))  # fmt: skip
    if saved is not None:
        return redirect("core:calendar", public_id)
    given = form.given(found) if "days" in form.cleaned_data and "out" in form.cleaned_data else {"days": (), "out": ()}
    return _preview(request, found, form, given["days"], given["out"])


@require_POST
@guarded(policy.may_make_calendars)
def take_out_days(request: BatonRequest, public_id: str) -> HttpResponse:
    """The chosen days follow their week again."""
    found = queries.calendar(viewer=request.actor, public_id=public_id)
    form = TakeOutForm(request.POST, record=found, days=queries.days_of(viewer=request.actor, calendar=found))
    saved = carried_out(request, form, lambda: changes.set_days(
        by=request.actor, at=request.now, calendar=found, expected_seq=form.version, out=form.out()))  # fmt: skip
    if saved is None:
        for errors in form.errors.values():
            messages.error(request, " ".join(map(str, errors)))
    return redirect("core:calendar", public_id)


@require_safe
@guarded()
def take_file(request: BatonRequest, public_id: str) -> HttpResponse:
    """Holidays and make-up days as an iCalendar file."""
    found = queries.calendar(viewer=request.actor, public_id=public_id)
    content = write_ics(
        str(found), queries.days_of(viewer=request.actor, calendar=found), uid=public_id, at=request.now,
        words={kind: str(label) for kind, label in SUMMARIES.items()},
    )  # fmt: skip
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="calendar-{public_id}.ics"'
    return response


def _sources(request: BatonRequest, calendar: WorkCalendar) -> dict[str, SourceForm]:
    """The three forms; the one that was sent holds what was sent."""
    sent = request.POST.get("source") if request.method == "POST" else None

    def data(name: str) -> Mapping[str, Any] | None:
        return request.POST if sent == name else None

    year = request.now.astimezone(ZoneInfo(calendar.zone)).year
    return {
        "paste": PasteForm(data("paste"), prefix="paste"),
        "country": CountryForm(data("country"), year=year, prefix="country"),
        "file": FileForm(data("file"), request.FILES if sent == "file" else None, prefix="file"),
    }


def _preview(
    request: BatonRequest, calendar: WorkCalendar, form: DaysForm, given: Sequence[SpecialDay], out: Iterable[date],
    unread: Sequence[Unread] = (),
) -> HttpResponse:  # fmt: skip
    stand = queries.days_of(viewer=request.actor, calendar=calendar)
    changed = day_changes(stand, given, out)
    values = {
        "calendar": calendar, "form": form, "changes": change_rows(changed), "mistakes": unread_rows(unread),
        "same": len(given) - sum(one.then is not None for one in changed), "title": _("What would change"),
    }  # fmt: skip
    return render(request, "core/calendars/preview.html", values, status=form.status)
