"""Service offers: one set of clauses that many customers accept, and the steps of the service."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from baton.agreements.models.labels import POSITION
from baton.agreements.rules import LINE_LENGTH, NOTE_LENGTH, OfferState
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
    page_token = models.CharField(
        _("address of the public page"), max_length=32, blank=True, editable=False,
        help_text=_("Random end of the address that anybody opens without signing in; empty: there is no such page."),
    )  # fmt: skip
    page_lines = models.JSONField(
        _("published clauses"), default=list, blank=True,
        help_text=_("Lines of the clauses that the public page shows beside the steps."),
    )  # fmt: skip
    ended_at = models.DateTimeField(
        _("ended at"), null=True, blank=True, editable=False,
        help_text=_("From when on it is offered no more; empty: it is."),
    )  # fmt: skip
    ended_because = models.CharField(
        _("why it ended"), max_length=NOTE_LENGTH, blank=True, help_text=_("Why; for all customers. Empty: it did not.")
    )
    secret = frozenset({"page_token"})

    class Meta:
        verbose_name = _("service offer")
        verbose_name_plural = _("service offers")
        constraints = (
            models.UniqueConstraint(
                fields=["page_token"], condition=~Q(page_token=""), name="agreements_one_offer_a_page"
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(page_token=""), name="agreements_no_page_of_an_ended_offer"
            ),
        )

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
    holds_until = models.DateField(
        _("last day of the version before"), null=True, blank=True,
        help_text=_("Until when the version before holds where this one is not accepted; empty: without end."),
    )  # fmt: skip
    reason = models.CharField(
        _("reason"), max_length=NOTE_LENGTH, blank=True, help_text=_("Why there is this version; for all customers.")
    )
    proposed_at = models.DateTimeField(
        _("proposed at"), null=True, blank=True, editable=False,
        help_text=_("When the supplier signed it and asked the customers; empty: not yet."),
    )  # fmt: skip
    reminded_at = models.DateTimeField(
        _("reminded at"), null=True, blank=True, editable=False,
        help_text=_("When those who have not answered were last reminded; empty: never."),
    )  # fmt: skip

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
            models.CheckConstraint(
                condition=Q(state__in=[OfferState.DRAFT, OfferState.ENDED]) | Q(proposed_at__isnull=False),
                name="agreements_offer_proposed_before_accepted",
            ),
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.offer.number} v{self.version}"


class ServiceStep(Record):
    """A step of the service as its customer meets it: who does what, how long it takes, what to bring.

    ``line`` is the same through all versions. Nothing is deleted: a step that is taken out of a draft stays there,
    ``dropped``.
    """

    kind = "service_step"
    units: ClassVar[dict[str, str]] = {"position": "1", "minutes": "min"}

    offer_version = models.ForeignKey(
        OfferVersion, on_delete=models.PROTECT, related_name="steps", verbose_name=_("version of the service offer"),
        help_text=_("Of what."),
    )  # fmt: skip
    line = models.CharField(
        _("line"), max_length=LINE_LENGTH, editable=False, help_text=_("Id under which it goes through all versions.")
    )
    position = models.PositiveSmallIntegerField(POSITION, help_text=_("1 for the first step."))
    name = TextsField(_("name"), help_text=_("What happens, by language: hand in used linen."))
    role = TextsField(
        _("role"), blank=True,
        help_text=_("Who does it, by language, such as laundry assistant; no person’s name. Empty: not said."),
    )  # fmt: skip
    minutes = models.PositiveIntegerField(
        _("time"), null=True, blank=True, help_text=_("How long it takes; empty: not said.")
    )
    bring = TextsField(
        _("what to bring"), blank=True, help_text=_("What the customer has ready, by language; empty: nothing.")
    )
    dropped = models.BooleanField(_("left out"), default=False, help_text=_("Whether it was taken out of the draft."))

    class Meta:
        verbose_name = _("service step")
        verbose_name_plural = _("service steps")
        constraints = (models.UniqueConstraint(fields=["offer_version", "line"], name="agreements_step_line_once"),)

    def __str__(self) -> str:
        return say(self.name)
