"""Addresses at which calendar programs read the dates of a person."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from baton.core.models.people import Person
from baton.core.models.records import Record


class CalendarFeed(Record):
    """An address at which a program reads, without a sign-in, the dates that its owner now may see.

    What stands in the address is shown once and kept nowhere: ``digest`` is a keyed digest of it.
    """

    kind = "calendar_feed"
    secret: ClassVar[frozenset[str]] = frozenset({"digest"})

    owner = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="+", verbose_name=_("owner"),
        help_text=_("Whose dates, and as whom they are read."),
    )  # fmt: skip
    digest = models.CharField(
        _("digest"), max_length=64, unique=True, help_text=_("HMAC-SHA-256 of what stands in the address.")
    )
    withdrawn_at = models.DateTimeField(
        _("withdrawn at"), null=True, help_text=_("From when on nothing is read there (UTC).")
    )

    class Meta:
        verbose_name = _("address of a date calendar")
        constraints = (
            models.UniqueConstraint(
                fields=["owner"], condition=Q(withdrawn_at__isnull=True), name="core_one_calendar_feed_a_person"
            ),
        )

    def __str__(self) -> str:
        return self.public_id
