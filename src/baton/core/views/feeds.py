"""What is due on which day: a page, a file, and an address that a person's calendar program reads by itself."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from baton.core import changes, queries
from baton.core.actors import Actor
from baton.core.calendars.ics import write_dates
from baton.core.days import day_of
from baton.core.guards import guarded, public
from baton.core.middleware import BatonRequest

PAGE_SIZE = 50


@never_cache
@require_safe
@guarded()
def my_dates(request: BatonRequest) -> HttpResponse:
    """What lies ahead, and how it comes into one's own calendar."""
    return _page(request)


@require_safe
@guarded()
def take_dates(request: BatonRequest) -> HttpResponse:
    """The dates as a file."""
    return _file(request, request.actor)


@never_cache
@require_POST
@guarded()
def make_address(request: BatonRequest) -> HttpResponse:
    """A new address, shown once; the one before ends."""
    _feed, token = changes.make_feed(by=request.actor, at=request.now)
    return _page(request, settings.BASE_URL + reverse("core:calendar_feed", args=[token]))


@require_POST
@guarded()
def withdraw_address(request: BatonRequest) -> HttpResponse:
    """Nothing is read any more at one's address."""
    changes.withdraw_feed(by=request.actor, at=request.now)
    messages.success(request, _("Withdrawn. Nothing is read there any more."))
    return redirect("core:my_dates")


@never_cache
@require_safe
@public
def feed(request: BatonRequest, token: str) -> HttpResponse:
    """The dates of whoever this address belongs to, as far as he may see them now. Public: calendar programs have no
    sign-in; the address, which nobody can guess and its owner withdraws, is the right to read."""
    reader = queries.feed_reader(changes.feed_digest(token), request.now, request.request_id)
    if reader is None or reader.person is None:
        raise Http404
    with translation.override(reader.person.language):
        return _file(request, reader)


def _file(request: BatonRequest, reader: Actor) -> HttpResponse:
    found = queries.dates(viewer=reader, at=request.now)
    content = write_dates(_("Baton: dates"), found, at=request.now, base=settings.BASE_URL)
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="dates.ics"'
    response["X-Robots-Tag"] = "noindex"
    return response


def _page(request: BatonRequest, address: str = "") -> HttpResponse:
    today = day_of(request.now)
    ahead = queries.dates(viewer=request.actor, at=request.now, since=today - timedelta(days=30))
    page = Paginator(ahead, PAGE_SIZE).get_page(request.GET.get("page"))
    values: dict[str, Any] = {
        "page_obj": page, "address": address, "feed": queries.feed_of(viewer=request.actor), "today": today,
    }  # fmt: skip
    return render(request, "core/dates.html", values)
