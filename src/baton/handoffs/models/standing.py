"""Standing orders: what is due on a link again and again."""

from __future__ import annotations

from typing import ClassVar
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from baton.core.models.records import Record
from baton.handoffs.models.labels import choice_field, moment_field
from baton.handoffs.rules import NAME_LENGTH, PRIORITY_LENGTH, REFERENCE_LENGTH
from baton.handoffs.rules.standing import LONGEST, RRULE_LENGTH, Off, Recurrence

OFF = {
    Off.KEEP: _("Due all the same"),
    Off.SKIP: _("Falls out"),
    Off.NEXT: _("Due on the next working day"),
}


class StandingOrder(Record):
    """What is due on a link again and again. The handoffs of the next days are expected; each bears the key
    ``<order>:<revision>:<day>``, with ``:<named day>`` behind it where it was moved from a day off, so that there is
    one of a day. A change concerns what has not begun yet."""

    kind = "standing_order"
    units: ClassVar[dict[str, str]] = {"minutes": "min", "revision": "1"}

    link = models.ForeignKey(
        "chain.Link", on_delete=models.PROTECT, related_name="+", verbose_name=_("link"),
        help_text=_("On which link it is handed over."),
    )  # fmt: skip
    name = models.CharField(_("name"), max_length=NAME_LENGTH, help_text=_("What people call it: morning linen."))
    rule = models.CharField(
        _("recurrence"), max_length=RRULE_LENGTH, help_text=_("On which days, as RFC 5545 writes it.")
    )
    begins = models.TimeField(_("begins at"), help_text=_("By the clock of the calendar."))
    minutes = models.PositiveIntegerField(
        _("minutes"), default=0, help_text=_("So long after it begins it is due; 0: it is due when it begins.")
    )
    off = choice_field(_("on days off"), OFF, _("What becomes of it on a holiday."), default=Off.SKIP)
    calendar = models.ForeignKey(
        "core.WorkCalendar", on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("calendar"), help_text=_("Whose days off count; empty: those of the organisation’s calendar."),
    )  # fmt: skip
    zone = models.CharField(_("time zone"), max_length=64, help_text=_("By whose clock it begins."))
    starts_on = models.DateField(_("from"), help_text=_("First day."))
    ends_on = models.DateField(_("until"), null=True, blank=True, help_text=_("Last day; empty: open."))
    reference = models.CharField(
        _("reference"), max_length=REFERENCE_LENGTH, blank=True, help_text=_("Reference of each handoff.")
    )
    priority = models.CharField(
        _("priority"), max_length=PRIORITY_LENGTH, blank=True, help_text=_("Priority of each handoff.")
    )
    lines = models.JSONField(
        _("lines"), default=list, blank=True, help_text=_("Name, unit, item code and quantity of each line.")
    )
    revision = models.PositiveIntegerField(
        _("revision"), default=1, editable=False, help_text=_("Counts the changes; part of the key of its handoffs.")
    )
    created_until = models.DateField(
        _("expected until"), editable=False, help_text=_("Up to which day its handoffs are expected already.")
    )
    paused_at = moment_field(_("paused at"), _("Since when nothing is expected; empty: it runs."), editable=False)
    ended_at = moment_field(_("ended at"), _("When it was ended; empty: it has not."), editable=False)

    class Meta:
        verbose_name = _("standing order")
        verbose_name_plural = _("standing orders")
        constraints = (
            models.CheckConstraint(condition=~Q(name=""), name="handoffs_order_has_a_name"),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")), name="handoffs_order_ends_later"
            ),
            models.CheckConstraint(condition=Q(minutes__lte=LONGEST), name="handoffs_order_is_due_in_a_month"),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def runs(self) -> bool:
        """Whether handoffs are expected by it."""
        return self.paused_at is None and self.ended_at is None

    @property
    def recurrence(self) -> Recurrence:
        """When it is due, as :mod:`baton.handoffs.rules.standing` reads it."""
        return Recurrence(
            rule=self.rule, begins=self.begins, minutes=self.minutes, off=Off(self.off),
            zone=ZoneInfo(self.zone or settings.TIME_ZONE), starts_on=self.starts_on, ends_on=self.ends_on,
        )  # fmt: skip
