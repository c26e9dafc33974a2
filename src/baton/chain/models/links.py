"""Links: who hands what to whom."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from baton.chain.models.parties import Party
from baton.chain.rules import OutputKind, Source, State, state_on
from baton.core.models.records import Batched
from baton.core.texts import TextsField, say

OUTPUT_KINDS = {
    OutputKind.SERVICE: _("Service"),
    OutputKind.CONTROL: _("Control"),
    OutputKind.INFORMATION: _("Information"),
}
SOURCES = {Source.DECLARED: _("Declared"), Source.MINED: _("Mined from an event log")}


class Link(Batched):
    """One output that a supplier hands to a customer. What its state means: :class:`baton.chain.rules.State`."""

    kind = "link"

    number = models.CharField(
        _("number"), max_length=16, unique=True, editable=False, help_text=_("Spoken number, such as L-2026-0001.")
    )
    supplier = models.ForeignKey(
        Party, on_delete=models.PROTECT, related_name="links_as_supplier", verbose_name=_("supplier"),
        help_text=_("Who hands over."),
    )  # fmt: skip
    customer = models.ForeignKey(
        Party, on_delete=models.PROTECT, related_name="links_as_customer", verbose_name=_("customer"),
        help_text=_("Who receives."),
    )  # fmt: skip
    output = TextsField(_("output"), help_text=_("What is handed over, by language: clean linen, laboratory results."))
    output_key = models.CharField(
        _("output key"), max_length=220, editable=False, help_text=_("The output, folded: one live link for each.")
    )
    output_kind = models.CharField(
        _("kind of output"), max_length=12, default=OutputKind.SERVICE,
        choices=[(kind.value, label) for kind, label in OUTPUT_KINDS.items()],
        help_text=_("Control: audit, inspection; rated on clarity, speed and even-handedness, never on the verdict."),
    )  # fmt: skip
    search_text = models.TextField(_("search text"), editable=False, help_text=_("Number and output, folded."))
    source = models.CharField(
        _("source"), max_length=10, default=Source.DECLARED, editable=False,
        choices=[(source.value, label) for source, label in SOURCES.items()],
        help_text=_("Entered by somebody, or accepted from an event log."),
    )  # fmt: skip
    began_on = models.DateField(_("from"), help_text=_("First day on which it is live."))
    ended_on = models.DateField(
        _("until"), null=True, blank=True, help_text=_("First day on which it is live no more; empty: open.")
    )

    class Meta(Batched.Meta):
        verbose_name = _("link")
        verbose_name_plural = _("links")
        constraints = (
            models.CheckConstraint(condition=~Q(supplier=F("customer")), name="chain_link_between_two_parties"),
            models.UniqueConstraint(
                fields=["supplier", "customer", "output_key"], condition=Q(ended_on__isnull=True),
                name="chain_link_once_while_live",
            ),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("began_on")),
                name="chain_link_ends_after_it_began",
            ),
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.number} {say(self.output)}"

    @property
    def measured_as(self) -> str:
        """The key under which monitoring keeps the measures of this pair of parties."""
        return f"{self.supplier.public_id}>{self.customer.public_id}"

    def state(self, day: date) -> State:
        return state_on(day, self.began_on, self.ended_on)
