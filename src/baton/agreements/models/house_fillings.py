"""Tables from which houses of quality were filled."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from baton.agreements.models.qfd import House
from baton.agreements.rules import NOTE_LENGTH
from baton.core.models.records import Record

TITLE_LENGTH = 200


class HouseFilling(Record):
    """That a table was brought into a house, and what it changed there; by that it is withdrawn as a whole."""

    kind = "house_filling"

    house = models.ForeignKey(
        House, on_delete=models.PROTECT, related_name="fillings", verbose_name=_("house of quality"),
        help_text=_("Into which it was brought."),
    )  # fmt: skip
    title = models.CharField(
        _("title"), max_length=TITLE_LENGTH, blank=True, help_text=_("Name of the file, as it is shown.")
    )
    wrote = models.JSONField(
        _("what it changed"), default=dict, editable=False,
        help_text=_("By part of the house what stood there before and what stands there since; before empty: new."),
    )  # fmt: skip
    ended_at = models.DateTimeField(
        _("withdrawn at"), null=True, editable=False, help_text=_("When it was withdrawn; empty: it counts.")
    )
    ended_because = models.CharField(
        _("why it was withdrawn"), max_length=NOTE_LENGTH, blank=True, help_text=_("Why; empty: it was not.")
    )

    class Meta:
        verbose_name = _("table of a house")
        verbose_name_plural = _("tables of houses")

    def __str__(self) -> str:
        return self.title or self.house.number
