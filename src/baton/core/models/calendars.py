"""Calendars of business hours, by which promised times are counted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import dates
from django.utils.translation import gettext_lazy as _

from baton.core.models.records import Record
from baton.core.rules import WEEKDAYS, DayKind
from baton.core.texts import TextsField, say

WEEKDAY_NAMES: Mapping[str, Any] = dict(zip(WEEKDAYS, dates.WEEKDAYS.values(), strict=True))
"""What the days of the week are called; Django translates them."""

DAY_KINDS = {DayKind.HOLIDAY: _("Holiday"), DayKind.MAKE_UP: _("Make-up day")}


class WorkCalendar(Record):
    """When work is done: hours of the week in a zone, holidays and make-up days (:class:`CalendarDay`).

    The days belong to the calendar: they change with it, in one entry of the trail that names them, and its
    ``changed_seq`` is their version, too.
    """

    kind = "calendar"

    name = TextsField(_("name"), help_text=_("What people call it, by language."))
    sort_keys = models.JSONField(
        _("sort keys"), default=dict, editable=False, help_text=_("What it is sorted by, by language; pinyin.")
    )
    zone = models.CharField(_("time zone"), max_length=64, help_text=_("IANA name of the zone whose clock is meant."))
    hours = models.JSONField(
        _("hours"), default=dict,
        help_text=_("Opening and closing times by weekday; a close before the opening is one of the next day."),
    )  # fmt: skip
    edition = models.CharField(
        _("edition"), max_length=60, blank=True, help_text=_("What people call this state of it, such as 2026, second.")
    )
    is_default = models.BooleanField(
        _("default"), default=False, help_text=_("On: it holds wherever no other calendar is named.")
    )
    kept_by = models.ForeignKey(
        "core.Person", on_delete=models.PROTECT, null=True, blank=True, editable=False, related_name="+",
        verbose_name=_("kept by"),
        help_text=_("The head who made it and keeps it; empty: those who keep all calendars."),
    )  # fmt: skip
    ended_at = models.DateTimeField(
        _("ended at"), null=True, help_text=_("From when on nothing new is agreed by it (UTC).")
    )

    class Meta:
        verbose_name = _("calendar")
        constraints = (
            models.UniqueConstraint(
                fields=["is_default"], condition=Q(is_default=True), name="core_one_default_calendar"
            ),
            models.CheckConstraint(
                condition=Q(is_default=False) | Q(ended_at__isnull=True), name="core_default_calendar_holds"
            ),
        )

    def __str__(self) -> str:
        return say(self.name)


class CalendarDay(models.Model):
    """A day on which a calendar does not follow its week: a holiday, or a make-up day with the hours of a weekday."""

    calendar = models.ForeignKey(
        WorkCalendar, on_delete=models.PROTECT, related_name="days", verbose_name=_("calendar"),
        help_text=_("The calendar to which it belongs."),
    )  # fmt: skip
    day = models.DateField(_("day"), help_text=_("The day on the clock of the calendar’s zone."))
    day_kind = models.CharField(
        _("kind"), max_length=10, choices=[(kind.value, label) for kind, label in DAY_KINDS.items()],
        help_text=_("Holiday: nothing opens. Make-up day: works like a weekday."),
    )  # fmt: skip
    like = models.CharField(
        _("works like"), max_length=3, blank=True, choices=list(WEEKDAY_NAMES.items()),
        help_text=_("Weekday whose hours a make-up day has; empty: holiday."),
    )  # fmt: skip
    note = models.CharField(_("note"), max_length=100, blank=True, help_text=_("What day it is, such as National Day."))

    class Meta:
        verbose_name = _("day of a calendar")
        constraints = (
            models.UniqueConstraint(fields=["calendar", "day"], name="core_calendar_day_once"),
            models.CheckConstraint(
                condition=Q(day_kind=DayKind.HOLIDAY, like="") | (Q(day_kind=DayKind.MAKE_UP) & ~Q(like="")),
                name="core_calendar_day_works_like_one",
            ),
        )

    def __str__(self) -> str:
        return self.day.isoformat()
