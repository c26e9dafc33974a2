"""Training of people in how a clause asks them to behave."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from baton.agreements.rules import LINE_LENGTH, NOTE_LENGTH
from baton.agreements.rules.training import TRAINER_LENGTH
from baton.core.models.records import Record
from baton.core.registries import Retention


class Training(Record):
    """That somebody of a supplying party was trained in one of its clauses on behaviour. It goes with the line of the
    clause through all versions. There is no mark and no order of people in it: trained or not."""

    kind = "training"
    personal: ClassVar[Mapping[str, Retention]] = {
        "trained_by": Retention(10, _("Showing that people were trained in what was promised.")),
    }

    party = models.ForeignKey(
        "chain.Party", on_delete=models.PROTECT, related_name="+", verbose_name=_("party"),
        help_text=_("Which owes the clause."),
    )  # fmt: skip
    line = models.CharField(
        _("line"), max_length=LINE_LENGTH, editable=False, help_text=_("Line of the clause in all its versions.")
    )
    person = models.ForeignKey(
        "core.Person", on_delete=models.PROTECT, related_name="+", verbose_name=_("person"),
        help_text=_("Who was trained."),
    )  # fmt: skip
    trained_on = models.DateField(_("trained on"), help_text=_("The day of the training."))
    expires_on = models.DateField(
        _("valid until"), null=True, blank=True, help_text=_("Last day on which it counts; empty: it does not run out.")
    )
    trained_by = models.CharField(
        _("trained by"), max_length=TRAINER_LENGTH, blank=True, help_text=_("Who trained, or which course.")
    )
    ended_at = models.DateTimeField(
        _("taken back at"), null=True, editable=False, help_text=_("When it was taken back; empty: it counts.")
    )
    ended_because = models.CharField(
        _("why it was taken back"), max_length=NOTE_LENGTH, blank=True, help_text=_("Why; empty: it was not.")
    )

    class Meta:
        verbose_name = _("training")
        verbose_name_plural = _("trainings")
        constraints = (
            models.UniqueConstraint(
                fields=["party", "line", "person", "trained_on"], condition=Q(ended_at__isnull=True),
                name="agreements_trained_once_a_day",
            ),
            models.CheckConstraint(
                condition=Q(expires_on__isnull=True) | Q(expires_on__gte=F("trained_on")),
                name="agreements_training_ends_after_it_began",
            ),
        )  # fmt: skip
        indexes = (models.Index(fields=["party", "line"], name="agreements_training_of_line"),)

    def __str__(self) -> str:
        return f"{self.line} {self.trained_on}"

    def data_subject(self) -> str:
        """Who was trained."""
        return self.person.public_id
