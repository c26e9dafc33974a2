"""Call points: a machine, a bed or a room with a button by which somebody is called."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from baton.core.models.records import Record
from baton.handoffs.models.labels import moment_field
from baton.handoffs.rules import REFERENCE_LENGTH


class CallPoint(Record):
    """From where the customer of a link calls its supplier. A call is a handoff: its reference is the name of the point
    when it was called, its key ``<point>:<count>``, so that there is one of each call."""

    kind = "call_point"
    units: ClassVar[dict[str, str]] = {"calls": "1"}

    link = models.ForeignKey(
        "chain.Link", on_delete=models.PROTECT, related_name="+", verbose_name=_("link"),
        help_text=_("Its customer calls, its supplier comes."),
    )  # fmt: skip
    name = models.CharField(
        _("name"), max_length=REFERENCE_LENGTH, help_text=_("What stands on the machine, the bed or the door.")
    )
    calls = models.PositiveIntegerField(
        _("calls"), default=0, editable=False, help_text=_("Counts its calls; part of the key of each.")
    )
    ended_at = moment_field(_("ended at"), _("Since when nobody calls from here; empty: it is in use."), editable=False)

    class Meta:
        verbose_name = _("call point")
        verbose_name_plural = _("call points")
        constraints = (
            models.CheckConstraint(condition=~Q(name=""), name="handoffs_call_point_has_a_name"),
            models.UniqueConstraint(
                fields=["link", "name"], condition=Q(ended_at__isnull=True), name="handoffs_call_point_once_a_link"
            ),
        )

    def __str__(self) -> str:
        return self.name
