"""Specification limits, and how well what is measured stays within them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from baton.core.models.records import Record
from baton.monitoring.models.results import SUBJECT_HELP
from baton.monitoring.rules import MEASURES, Scale


class Specification(Record):
    """Between which limits a measure of a subject is to lie, from a day on: what was promised, not what is usual."""

    kind = "specification"
    units: ClassVar[dict[str, str]] = {"lower": "s", "upper": "s", "target": "s"}

    subject = models.CharField(_("subject"), max_length=80, help_text=SUBJECT_HELP)
    measure = models.CharField(
        _("measure"), max_length=40, choices=[(name, name) for name in MEASURES], help_text=_("Of what.")
    )
    lower = models.FloatField(_("lower limit"), null=True, help_text=_("No handoff may wait less; empty: no limit."))
    upper = models.FloatField(_("upper limit"), null=True, help_text=_("No handoff may wait longer; empty: no limit."))
    target = models.FloatField(_("target"), null=True, help_text=_("What is aimed at; empty: the middle of both."))
    transform = models.CharField(
        _("scale"), max_length=10, choices=[(scale.value, scale.value) for scale in Scale], default=Scale.LINEAR,
        help_text=_("On which scale capability is computed: as measured, or logarithms for waits with a long tail."),
    )  # fmt: skip
    began_on = models.DateField(_("from"), help_text=_("First day on which the limits hold."))
    reason = models.CharField(_("reason"), max_length=300, help_text=_("Where the limits come from."))
    declared_by = models.ForeignKey(
        "core.Person", on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("declared by"),
        help_text=_("Who said so; empty: Baton itself."),
    )  # fmt: skip
    withdrawn_at = models.DateTimeField(
        _("withdrawn"), null=True, help_text=_("When it was withdrawn (UTC); empty: it holds.")
    )

    class Meta:
        verbose_name = _("specification limits")
        constraints = (
            models.UniqueConstraint(
                fields=["subject", "measure", "began_on"], name="monitoring_one_specification_a_day",
                condition=models.Q(withdrawn_at__isnull=True),
            ),
            models.CheckConstraint(
                condition=models.Q(lower__isnull=False) | models.Q(upper__isnull=False),
                name="monitoring_specification_has_a_limit",
            ),
            models.CheckConstraint(
                condition=models.Q(lower__isnull=True) | models.Q(upper__isnull=True)
                | models.Q(lower__lt=models.F("upper")),
                name="monitoring_specification_in_order",
            ),
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.measure} {self.subject} {self.began_on}"


class StoredCapability(models.Model):
    """How well one measure of one subject stays within its specification limits, as a run computed it."""

    units: ClassVar[dict[str, str]] = {"seq": "1"}

    subject = models.CharField(_("subject"), max_length=80, help_text=SUBJECT_HELP)
    measure = models.CharField(
        _("measure"), max_length=40, choices=[(name, name) for name in MEASURES], help_text=_("Of what.")
    )
    method = models.CharField(_("method"), max_length=80, help_text=_("How it was computed."))
    version = models.CharField(_("version"), max_length=20, help_text=_("Version of the method."))
    input_digest = models.CharField(
        _("input digest"), max_length=64, blank=True,
        help_text=_("SHA-256 over the values, limits and stability that went in; empty: compute again."),
    )  # fmt: skip
    computed_at = models.DateTimeField(_("computed at"), help_text=_("When it was computed (UTC)."))
    seq = models.BigIntegerField(_("up to"), help_text=_("Number of the last audit entry taken into account."))
    result = models.JSONField(
        _("result"), help_text=_("Limits, indices with intervals, share outside, histogram, warnings.")
    )

    class Meta:
        verbose_name = _("capability")
        constraints = (
            models.UniqueConstraint(fields=["subject", "measure"], name="monitoring_one_capability_a_measure"),
        )

    def __str__(self) -> str:
        return f"{self.measure} {self.subject}"
