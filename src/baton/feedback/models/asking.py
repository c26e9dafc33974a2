"""Who does not want to be asked, and how far a wave has been handed out and called to mind."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from baton.core.models.records import Record
from baton.feedback.models.labels import OF_WAVE, WAVE
from baton.feedback.models.waves import Wave


class QuietPerson(Record):
    """That somebody asked not to be asked in surveys before a day. Only he says so, and only he reads it."""

    kind = "quiet_person"

    person = models.OneToOneField(
        "core.Person", on_delete=models.PROTECT, related_name="+", verbose_name=_("person"), help_text=_("Who.")
    )
    until = models.DateField(
        pgettext_lazy("day", "quiet until"), null=True,
        help_text=_("First day on which he may be asked again; empty: he took it back."),
    )  # fmt: skip

    class Meta:
        verbose_name = _("quiet person")
        verbose_name_plural = _("quiet people")

    def __str__(self) -> str:
        return f"{self.person_id} {self.until}"

    def data_subject(self) -> str:
        return self.person.public_id


class HandingOut(models.Model):
    """That a worker hands out the ways to the sheets of a wave; bookkeeping, no record. Two at a time would give people
    two sheets."""

    wave = models.OneToOneField(Wave, on_delete=models.CASCADE, related_name="+", verbose_name=WAVE, help_text=OF_WAVE)
    claimed_until = models.DateTimeField(
        _("claimed until"), null=True, help_text=_("A worker does it; no other one does until then (UTC).")
    )

    class Meta:
        verbose_name = _("handing out of a wave")
        verbose_name_plural = _("handings out of waves")


class Occasion(models.TextChoices):
    """On what occasion everybody who is asked is reminded.

    HALF  half of the time is over
    LAST  a day before the end
    HAND  somebody had it done
    """

    HALF = "half", pgettext_lazy("reminder", "Half of the time is over")
    LAST = "last", pgettext_lazy("reminder", "A day before the end")
    HAND = "hand", pgettext_lazy("reminder", "By hand")


class WaveReminder(Record):
    """That everybody who is asked in a wave is reminded of it, whether he has answered or not: nobody knows who has."""

    kind = "wave_reminder"

    wave = models.ForeignKey(
        Wave, on_delete=models.PROTECT, related_name="reminders", verbose_name=WAVE, help_text=OF_WAVE
    )
    occasion = models.CharField(
        _("occasion"), max_length=4, choices=Occasion, help_text=_("Why everybody is reminded.")
    )
    told_at = models.DateTimeField(
        _("told at"), null=True, editable=False, help_text=_("When the last one was told; empty: not all have been.")
    )

    class Meta:
        verbose_name = _("reminder of a survey")
        verbose_name_plural = _("reminders of surveys")
        constraints = (
            models.UniqueConstraint(
                fields=["wave", "occasion"], condition=~Q(occasion=Occasion.HAND), name="feedback_reminded_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.wave_id} {self.occasion}"
