"""Links: who hands what to whom."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from baton.chain.models.needs import OutsideNeed
from baton.chain.models.outputs import Output
from baton.chain.models.parties import Party
from baton.chain.models.projects import Project
from baton.chain.rules import (
    GRADES,
    Criticality,
    Source,
    Sourcing,
    Stage,
    State,
    criticality,
    criticality_score,
    state_on,
)
from baton.core.models.records import Batched

SOURCES = {Source.DECLARED: _("Declared"), Source.MINED: _("Mined from an event log")}
STAGES = {Stage.FRONT: _("Front stage"), Stage.BACK: _("Back stage")}
SOURCINGS = {Sourcing.CHOSEN: _("Chosen single source"), Sourcing.ACCIDENTAL: _("Accidental single source")}
CRITICALITIES = {Criticality.LOW: _("Low"), Criticality.MEDIUM: _("Medium"), Criticality.HIGH: _("High")}


def _grade(name: Any, help_text: Any) -> models.PositiveSmallIntegerField[int | None, int | None]:
    return models.PositiveSmallIntegerField(
        name, null=True, blank=True, choices=[(grade, str(grade)) for grade in GRADES], help_text=help_text
    )


class Link(Batched):
    """One output that a supplier hands to a customer. What its state means: :class:`baton.chain.rules.State`."""

    kind = "link"
    units: ClassVar[dict[str, str]] = {"spend": "1", "irreplaceability": "1", "impact": "1"}

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
    output = models.ForeignKey(
        Output, on_delete=models.PROTECT, related_name="links", verbose_name=_("output"),
        help_text=_("What is handed over."),
    )  # fmt: skip
    need = models.ForeignKey(
        OutsideNeed, on_delete=models.PROTECT, null=True, blank=True, related_name="links",
        verbose_name=_("outside need"), help_text=_("What somebody outside needs and gets through this link."),
    )  # fmt: skip
    project = models.ForeignKey(
        Project, on_delete=models.PROTECT, null=True, blank=True, related_name="links", verbose_name=_("project"),
        help_text=_("The project it belongs to and ends with; empty: it is not temporary."),
    )  # fmt: skip
    stage = models.CharField(
        _("stage"), max_length=5, blank=True, choices=[(stage.value, label) for stage, label in STAGES.items()],
        help_text=_("Front: seen by the outside customer. Back: not seen."),
    )  # fmt: skip
    spend = _grade(_("spend"), _("What it costs, among the links of the organisation: 1 least, 5 most."))
    irreplaceability = _grade(
        _("irreplaceability"), _("1: another supplier could do it tomorrow. 5: nobody else can.")
    )  # fmt: skip
    impact = _grade(_("impact"), _("1: its failure is hardly noticed. 5: it stops the work or harms somebody."))
    sourcing = models.CharField(
        _("single source"), max_length=10, blank=True,
        choices=[(sourcing.value, label) for sourcing, label in SOURCINGS.items()],
        help_text=_("Whether one supplier alone was decided on. Empty: nobody has said."),
    )  # fmt: skip
    continuity_plan = models.CharField(
        _("continuity plan"), max_length=500, blank=True,
        help_text=_("What happens on the day on which a chosen single source cannot deliver."),
    )  # fmt: skip
    search_text = models.TextField(_("search text"), editable=False, help_text=_("The number, folded."))
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
                fields=["supplier", "customer", "output"], condition=Q(ended_on__isnull=True),
                name="chain_link_once_while_live",
            ),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("began_on")),
                name="chain_link_ends_after_it_began",
            ),
            models.CheckConstraint(
                condition=~Q(sourcing=Sourcing.CHOSEN) | ~Q(continuity_plan=""),
                name="chain_chosen_single_source_has_a_plan",
            ),
            *(
                models.CheckConstraint(
                    condition=Q(**{f"{name}__isnull": True}) | Q(**{f"{name}__gte": 1, f"{name}__lte": 5}),
                    name=f"chain_link_{name}_1_to_5",
                )
                for name in ("spend", "irreplaceability", "impact")
            ),
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.number} {self.output}"

    @property
    def measured_as(self) -> str:
        """The key under which monitoring keeps the measures of this pair of parties."""
        return f"{self.supplier.public_id}>{self.customer.public_id}"

    @property
    def criticality(self) -> Criticality | None:
        """How much hangs on it; None until all three grades are given."""
        return criticality(
            criticality_score(spend=self.spend, irreplaceability=self.irreplaceability, impact=self.impact)
        )

    def state(self, day: date) -> State:
        return state_on(day, self.began_on, self.ended_on)
