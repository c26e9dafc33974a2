"""Certificates of parties: what others have attested, and until when."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from baton.agreements.rules.certificates import ALERT_DAYS, ALERT_RANGE, CertificateState, state_of
from baton.agreements.rules.limits import NOTE_LENGTH
from baton.core.models.records import Record

CERTIFICATE_STATES = {
    CertificateState.VALID: pgettext_lazy("certificate", "Valid"),
    CertificateState.RUNS_OUT: pgettext_lazy("certificate", "Runs out"),
    CertificateState.EXPIRED: pgettext_lazy("certificate", "Expired"),
    CertificateState.NOT_YET: pgettext_lazy("certificate", "Not yet valid"),
    CertificateState.ENDED: pgettext_lazy("certificate", "Ended"),
}
NAME_LENGTH = 200
NUMBER_LENGTH = 60


class Certificate(Record):
    """Something that a third party has attested to a party, such as ISO 9001 or an accreditation. How it stands on a
    day: :class:`baton.agreements.rules.certificates.CertificateState`. Its scan is a file of its discussion.
    """

    kind = "certificate"
    units: ClassVar[dict[str, str]] = {"alert_days": "d"}

    party = models.ForeignKey(
        "chain.Party", on_delete=models.PROTECT, related_name="+", verbose_name=_("party"), help_text=_("Who has it.")
    )
    name = models.CharField(
        _("name"), max_length=NAME_LENGTH, help_text=_("What is attested, such as ISO 9001:2015 for the laundry.")
    )
    certificate_number = models.CharField(
        _("certificate number"), max_length=NUMBER_LENGTH, blank=True, help_text=_("As it stands on the certificate.")
    )
    issuer = models.CharField(_("issuer"), max_length=NAME_LENGTH, blank=True, help_text=_("Who attests it."))
    began_on = models.DateField(
        _("valid from"), null=True, blank=True, help_text=_("First day on which it holds; empty: not known.")
    )
    ends_on = models.DateField(
        _("valid until"), null=True, blank=True, help_text=_("Last day on which it holds; empty: it has no end.")
    )
    alert_days = models.PositiveSmallIntegerField(
        _("notice"), default=ALERT_DAYS, help_text=_("How many days before its last day the party is told.")
    )
    told_at = models.DateTimeField(
        _("told at"), null=True, editable=False, help_text=_("When the party was told that it runs out; empty: not.")
    )
    ended_at = models.DateTimeField(
        _("ended at"), null=True, editable=False, help_text=_("When it was given back, withdrawn or replaced.")
    )
    ended_because = models.CharField(
        _("why it ended"), max_length=NOTE_LENGTH, blank=True, help_text=_("Why; empty: it did not.")
    )

    class Meta:
        verbose_name = _("certificate")
        verbose_name_plural = _("certificates")
        constraints = (
            models.CheckConstraint(
                condition=Q(began_on__isnull=True) | Q(ends_on__isnull=True) | Q(ends_on__gte=F("began_on")),
                name="agreements_certificate_ends_after_it_began",
            ),
            models.CheckConstraint(
                condition=Q(alert_days__lte=ALERT_RANGE.stop - 1), name="agreements_certificate_notice_of_a_year"
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=False) | Q(ended_because=""), name="agreements_certificate_ended_because"
            ),
        )
        indexes = (models.Index(fields=["ends_on"], name="agreements_certificate_ends"),)

    def __str__(self) -> str:
        return self.name

    def state_on(self, day: date) -> CertificateState:
        """How it stands on a day."""
        return state_of(self.began_on, self.ends_on, self.alert_days, ended=self.ended_at is not None, day=day)
