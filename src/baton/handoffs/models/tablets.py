"""Devices that a team shares."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from baton.core.days import day_of
from baton.core.models.records import Record
from baton.handoffs.models.labels import moment_field, person_field
from baton.handoffs.rules import TABLET_NAME_LENGTH


class SharedTablet(Record):
    """A device at which a team sees what it owes and gets today; who takes a step there shows PIN or badge each time.

    The device holds a signed name of this record and nothing else; no other page opens with it.
    """

    kind = "shared_tablet"

    name = models.CharField(
        pgettext_lazy("of a tablet", "name"), max_length=TABLET_NAME_LENGTH, help_text=_("Such as: corridor, line 2.")
    )
    party = models.ForeignKey(
        "chain.Party", on_delete=models.PROTECT, related_name="+", verbose_name=_("team"),
        help_text=_("Whose work it shows, with what stands under it."),
    )  # fmt: skip
    expires_at = models.DateTimeField(_("expires at"), help_text=_("After this it shows nothing."))
    withdrawn_at = moment_field(_("withdrawn at"), _("From when on it shows nothing; empty: it is in use."))
    registered_by = person_field(_("registered by"), _("Who registered it."))

    class Meta:
        verbose_name = _("shared tablet")
        verbose_name_plural = _("shared tablets")
        constraints = (
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("recorded_at")), name="handoffs_tablet_ends_after_it_began"
            ),
        )

    def __str__(self) -> str:
        return self.name

    def works(self, at: datetime) -> bool:
        """Whether it shows anything at ``at``."""
        day = day_of(at)
        lives = self.party.ended_on is None or day < self.party.ended_on
        return lives and at < self.expires_at and (self.withdrawn_at is None or at < self.withdrawn_at)
