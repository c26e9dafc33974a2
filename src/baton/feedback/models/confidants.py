"""Confidants, and the talks that employees have with them: sealed, without a time, a number or a name.

No table here but the one of confidants has an entry in the audit trail: see docs/decisions/0046.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from baton.core.models.records import Record
from baton.core.texts import TextsField
from baton.feedback.models.urn import random_key


class Confidant(Record):
    """That somebody agreed to be written to in confidence, with a few words about himself. All inside read it."""

    kind = "confidant"
    secret = frozenset({"about"})

    person = models.ForeignKey(
        "core.Person", on_delete=models.PROTECT, related_name="+", verbose_name=_("person"), help_text=_("Who agreed.")
    )
    about = TextsField(
        pgettext_lazy("of a confidant", "about oneself"), help_text=_("A few words of the confidant, by language.")
    )
    ended_at = models.DateTimeField(
        _("ended at"), null=True, editable=False, help_text=_("Since when nobody begins a talk with him; empty: open.")
    )

    class Meta:
        verbose_name = _("confidant")
        verbose_name_plural = _("confidants")
        constraints = (
            models.UniqueConstraint(
                fields=["person"], condition=Q(ended_at__isnull=True), name="feedback_confidant_once"
            ),
        )

    def __str__(self) -> str:
        return str(self.person)


class SealedTalk(models.Model):
    """A talk between two people. Its key lies outside the data folder and outside every backup."""

    key = models.CharField(
        _("key"), max_length=32, primary_key=True, default=random_key, editable=False, help_text=_("Random.")
    )
    asker_mark = models.CharField(
        _("mark of who asks"), max_length=64, help_text=_("HMAC under a key that is not in the database.")
    )
    confidant_mark = models.CharField(
        _("mark of the confidant"), max_length=64, help_text=_("HMAC under a key that is not in the database.")
    )
    seal = models.BinaryField(_("sealed talk"), help_text=_("Who the two are and what they wrote, sealed, filled up."))

    class Meta:
        verbose_name = _("talk in confidence")
        verbose_name_plural = _("talks in confidence")

    def __str__(self) -> str:
        return self.key


class TalkTally(models.Model):
    """How many talks were begun in a year."""

    units: ClassVar[dict[str, str]] = {"year": "a", "count": "1"}

    year = models.PositiveSmallIntegerField(_("year"), unique=True, help_text=_("Calendar year of the organisation."))
    count = models.PositiveIntegerField(_("talks"), default=0, help_text=_("Talks that were begun in it."))

    class Meta:
        verbose_name = _("number of talks in confidence")
        verbose_name_plural = _("numbers of talks in confidence")

    def __str__(self) -> str:
        return str(self.year)
