"""Service guarantees: what a supplier does at once when it was not as promised, and the calls of it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from baton.agreements.models.agreements import Agreement
from baton.agreements.models.offers import ServiceOffer
from baton.agreements.rules import NOTE_LENGTH
from baton.agreements.rules.guarantees import MOST_POINTS, CallOutcome
from baton.core.models.records import Record
from baton.core.texts import TextsField, say

CALL_OUTCOMES = {
    CallOutcome.OPEN: pgettext_lazy("call of a guarantee", "Open"),
    CallOutcome.HONOURED: pgettext_lazy("call of a guarantee", "Honoured"),
    CallOutcome.NOT_HONOURED: pgettext_lazy("call of a guarantee", "Not honoured"),
}


class Guarantee(Record):
    """A promise of the people who do the work, and what it costs them when it is not kept. It stands on an agreement,
    or on a service offer for all who accept it."""

    kind = "guarantee"
    units: ClassVar[dict[str, str]] = {"penalty_points": "1"}

    agreement = models.ForeignKey(
        Agreement, on_delete=models.PROTECT, null=True, blank=True, related_name="guarantees",
        verbose_name=_("agreement"), help_text=_("On which it stands; empty: on a service offer."),
    )  # fmt: skip
    offer = models.ForeignKey(
        ServiceOffer, on_delete=models.PROTECT, null=True, blank=True, related_name="guarantees",
        verbose_name=_("service offer"), help_text=_("On which it stands; empty: on an agreement."),
    )  # fmt: skip
    promise = TextsField(_("promise"), help_text=_("What the people who do the work promise, by language."))
    remedy = TextsField(_("remedy"), help_text=_("What the customer gets when it was not so, by language."))
    how_to_call = TextsField(
        _("how it is called"), help_text=_("What the customer does to get it, by language: call 4711, show the label.")
    )
    penalty_points = models.PositiveSmallIntegerField(
        _("penalty"), default=0, help_text=_("Points that a call costs who gave the guarantee; 0: none.")
    )
    at_once = models.BooleanField(
        _("without approval"), default=True, help_text=_("Whether whoever is called gives the remedy himself, at once.")
    )
    ended_at = models.DateTimeField(
        _("ended at"), null=True, editable=False, help_text=_("From when on it is no longer given; empty: it is.")
    )
    ended_because = models.CharField(
        _("why it ended"), max_length=NOTE_LENGTH, blank=True, help_text=_("Why; empty: it did not.")
    )

    class Meta:
        verbose_name = _("service guarantee")
        verbose_name_plural = _("service guarantees")
        constraints = (
            models.CheckConstraint(
                condition=Q(agreement__isnull=True, offer__isnull=False)
                | Q(agreement__isnull=False, offer__isnull=True),
                name="agreements_guarantee_of_one",
            ),
            models.CheckConstraint(
                condition=Q(penalty_points__lte=MOST_POINTS), name="agreements_guarantee_points"
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=False) | Q(ended_because=""), name="agreements_guarantee_ended_because"
            ),
        )  # fmt: skip

    def __str__(self) -> str:
        return say(self.promise)


class GuaranteeCall(Record):
    """That a customer called a guarantee: what was wrong and whether he got the remedy. No person stands in it: it is
    there to mend the work, not to blame somebody."""

    kind = "guarantee_call"

    guarantee = models.ForeignKey(
        Guarantee, on_delete=models.PROTECT, related_name="calls", verbose_name=_("service guarantee"),
        help_text=_("Which was called."),
    )  # fmt: skip
    agreement = models.ForeignKey(
        Agreement, on_delete=models.PROTECT, related_name="guarantee_calls", verbose_name=_("agreement"),
        help_text=_("By whose customer."),
    )  # fmt: skip
    called_on = models.DateField(_("called on"), help_text=_("The day on which it was called."))
    what = models.CharField(
        _("what was wrong"), max_length=NOTE_LENGTH, help_text=_("What was not as promised; no names of persons.")
    )
    outcome = models.CharField(
        _("outcome"), max_length=12, default=CallOutcome.OPEN,
        choices=[(one.value, label) for one, label in CALL_OUTCOMES.items()], help_text=_("How the call ended."),
    )  # fmt: skip
    done = models.CharField(
        _("what was done"),
        max_length=NOTE_LENGTH,
        blank=True,
        help_text=_("What the customer got; no names of persons."),
    )
    ended_on = models.DateField(_("ended on"), null=True, blank=True, help_text=_("The day on which it ended."))

    class Meta:
        verbose_name = _("call of a guarantee")
        verbose_name_plural = _("calls of guarantees")
        constraints = (
            models.CheckConstraint(
                condition=Q(outcome=CallOutcome.OPEN, ended_on__isnull=True)
                | (~Q(outcome=CallOutcome.OPEN) & Q(ended_on__isnull=False)),
                name="agreements_guarantee_call_ended_on",
            ),
        )
        indexes = (models.Index(fields=["guarantee", "called_on"], name="agreements_guarantee_calls"),)

    def __str__(self) -> str:
        return self.what
