"""Service offers: one set of clauses that many customers accept, and the steps of the service."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from baton.agreements.rules import NOTE_LENGTH, OfferState
from baton.core.models.records import Record
from baton.core.texts import TextsField, say

OFFER_STATES = {
    OfferState.DRAFT: pgettext_lazy("version of a service offer", "Draft"),
    OfferState.PROPOSED: pgettext_lazy("version of a service offer", "Proposed"),
    OfferState.ACTIVE: pgettext_lazy("version of a service offer", "In force"),
    OfferState.SUPERSEDED: pgettext_lazy("version of a service offer", "Superseded"),
    OfferState.ENDED: pgettext_lazy("version of a service offer", "Ended"),
}


class ServiceOffer(Record):
    """What a supplier offers to all customers of an output alike; what it says stands in its versions."""

    kind = "service_offer"

    number = models.CharField(
        _("number"), max_length=16, unique=True, editable=False, help_text=_("Spoken number, such as SO-2026-0001.")
    )
    supplier = models.ForeignKey(
        "chain.Party", on_delete=models.PROTECT, related_name="+", verbose_name=_("supplier"),
        help_text=_("Who offers it."),
    )  # fmt: skip
    output = models.ForeignKey(
        "chain.Output", on_delete=models.PROTECT, related_name="+", verbose_name=_("output"),
        help_text=_("What is handed over."),
    )  # fmt: skip
    name = TextsField(_("name"), help_text=_("What the service is called, by language: daily linen service."))
    sort_keys = models.JSONField(_("sort keys"), default=dict, editable=False, help_text=_("Sort key by language."))
    search_text = models.TextField(
        _("search text"), editable=False, help_text=_("Number and names, folded for searching.")
    )

    class Meta:
        verbose_name = _("service offer")
        verbose_name_plural = _("service offers")

    def __str__(self) -> str:
        return say(self.name) or self.number


class OfferVersion(Record):
    """One text of a service offer. What its state means: :class:`baton.agreements.rules.OfferState`."""

    kind = "offer_version"
    units: ClassVar[dict[str, str]] = {"version": "1"}

    offer = models.ForeignKey(
        ServiceOffer, on_delete=models.PROTECT, related_name="versions", verbose_name=_("service offer"),
        help_text=_("Of what."),
    )  # fmt: skip
    version = models.PositiveIntegerField(_("version"), help_text=_("1 for the first, 2 for the next."))
    state = models.CharField(
        _("state"), max_length=10, default=OfferState.DRAFT,
        choices=[(state.value, label) for state, label in OFFER_STATES.items()], help_text=_("How far it has come."),
    )  # fmt: skip
    starts_on = models.DateField(
        _("first day"), null=True, blank=True, help_text=_("From which day on it is offered; empty: not said yet.")
    )
    reason = models.CharField(
        _("reason"), max_length=NOTE_LENGTH, blank=True, help_text=_("Why there is this version; for all customers.")
    )

    class Meta:
        verbose_name = _("version of a service offer")
        verbose_name_plural = _("versions of service offers")
        constraints = (
            models.UniqueConstraint(fields=["offer", "version"], name="agreements_offer_version_once"),
            models.UniqueConstraint(
                fields=["offer"], condition=Q(state__in=[OfferState.DRAFT, OfferState.PROPOSED]),
                name="agreements_one_offer_on_its_way",
            ),
            models.UniqueConstraint(
                fields=["offer"], condition=Q(state=OfferState.ACTIVE), name="agreements_one_offer_in_force"
            ),
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.offer.number} v{self.version}"


class ServiceStep(Record):
    """A step of the service as its customer meets it: who does what, how long it takes, what to bring."""

    kind = "service_step"
    units: ClassVar[dict[str, str]] = {"position": "1", "minutes": "min"}

    offer_version = models.ForeignKey(
        OfferVersion, on_delete=models.PROTECT, related_name="steps", verbose_name=_("version of the service offer"),
        help_text=_("Of what."),
    )  # fmt: skip
    position = models.PositiveSmallIntegerField(_("position"), help_text=_("1 for the first step."))
    name = TextsField(_("name"), help_text=_("What happens, by language: hand in used linen."))
    role = models.CharField(
        _("role"), max_length=200, blank=True, help_text=_("Who does it, such as laundry assistant; no person’s name.")
    )
    minutes = models.PositiveIntegerField(
        _("time"), null=True, blank=True, help_text=_("How long it takes; empty: not said.")
    )
    bring = TextsField(
        _("what to bring"), blank=True, help_text=_("What the customer has ready, by language; empty: nothing.")
    )

    class Meta:
        verbose_name = _("service step")
        verbose_name_plural = _("service steps")
        constraints = (
            models.UniqueConstraint(fields=["offer_version", "position"], name="agreements_one_step_a_position"),
        )

    def __str__(self) -> str:
        return say(self.name)
