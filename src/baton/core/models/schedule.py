"""Recurring jobs."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Schedule(models.Model):
    """When a registered job runs next; ``tick`` claims a slot so that two workers never run it twice."""

    job = models.CharField(_("job"), max_length=80, unique=True, help_text=_("Name of the registered job."))
    rrule = models.CharField(_("rule"), max_length=200, help_text=_("Recurrence rule (RFC 5545), in UTC."))
    next_at = models.DateTimeField(_("next at"), db_index=True, help_text=_("When it is due (UTC)."))
    last_slot = models.DateTimeField(_("last slot"), null=True, help_text=_("Slot that was enqueued last (UTC)."))
    last_ok_at = models.DateTimeField(_("last success"), null=True, help_text=_("When a run last ended well (UTC)."))
    last_error = models.TextField(_("last error"), blank=True, help_text=_("What the last failing run said."))
