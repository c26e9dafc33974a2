"""Lines of handoffs: what, how much; and the codes of what can be wrong with it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from baton.core.models.records import Batched, Record
from baton.core.texts import TextsField, say
from baton.handoffs.models.handoffs import Handoff
from baton.handoffs.models.labels import HANDOFF, OF_WHICH, quantity_field
from baton.handoffs.rules import CODE_LENGTH, NAME_LENGTH, UNIT_LENGTH, Quantities


class DefectCode(Record):
    """What can be wrong with what is handed over, under a short code: of one output, or of all."""

    kind = "defect_code"

    code = models.CharField(_("code"), max_length=CODE_LENGTH, help_text=_("Short, such as TORN or E12."))
    name = TextsField(_("name"), help_text=_("What is wrong, by language: linen is torn."))
    output = models.ForeignKey(
        "chain.Output", on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("output"),
        help_text=_("Of which output; empty: of all."),
    )  # fmt: skip
    ended_on = models.DateField(
        _("until"), null=True, blank=True, help_text=_("First day on which it is offered no more; empty: open.")
    )

    class Meta:
        verbose_name = _("defect code")
        verbose_name_plural = _("defect codes")
        constraints = (
            models.UniqueConstraint(
                fields=["code", "output"], condition=Q(ended_on__isnull=True), name="handoffs_code_once_of_an_output"
            ),
            models.UniqueConstraint(
                fields=["code"], condition=Q(ended_on__isnull=True, output__isnull=True), name="handoffs_code_once"
            ),
            models.CheckConstraint(condition=~Q(code=""), name="handoffs_code_is_not_empty"),
        )

    def __str__(self) -> str:
        return f"{self.code} {say(self.name)}"


class HandoffLine(Batched):
    """One item of a handoff and how much of it. Of an accepted handoff a line without ``accepted`` was taken whole."""

    kind = "handoff_line"
    units: ClassVar[dict[str, str]] = {
        "position": "1", "ordered": "as unit says", "delivered": "as unit says", "accepted": "as unit says",
        "refused": "as unit says",
    }  # fmt: skip

    handoff = models.ForeignKey(
        Handoff, on_delete=models.PROTECT, related_name="lines", verbose_name=HANDOFF, help_text=OF_WHICH
    )
    position = models.PositiveSmallIntegerField(_("line number"), help_text=_("Its place, 1 for the first."))
    item_code = models.CharField(
        _("item code"), max_length=CODE_LENGTH, blank=True, help_text=_("Code of the part, article or test.")
    )
    item_revision = models.CharField(
        _("revision"), max_length=CODE_LENGTH, blank=True, help_text=_("Its drawing or document revision.")
    )
    name = models.CharField(_("what"), max_length=NAME_LENGTH, help_text=_("What is handed over."))
    unit = models.CharField(
        _("unit"), max_length=UNIT_LENGTH, blank=True, help_text=_("In which it is counted; empty: pieces.")
    )
    ordered = quantity_field(_("ordered"), _("How much was asked for."))
    delivered = quantity_field(_("delivered"), _("How much was handed over, first and again; empty: what was ordered."))
    accepted = quantity_field(_("accepted"), _("How much was taken as right; empty: as the handoff says."))
    refused = quantity_field(_("refused"), _("How much came back or was not taken; empty: none."))
    code = models.ForeignKey(
        DefectCode, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False,
        verbose_name=_("defect code"), help_text=_("What was wrong with what was refused; empty: nothing, or unsaid."),
    )  # fmt: skip

    class Meta(Batched.Meta):
        verbose_name = _("line of a handoff")
        verbose_name_plural = _("lines of handoffs")
        constraints = (
            models.UniqueConstraint(fields=["handoff", "position"], name="handoffs_line_once"),
            *(
                models.CheckConstraint(
                    condition=Q(**{f"{name}__isnull": True}) | Q(**{f"{name}__gte": 0}),
                    name=f"handoffs_line_{name}_of_0_or_more",
                )
                for name in ("ordered", "delivered", "accepted", "refused")
            ),
            models.CheckConstraint(
                condition=Q(refused__isnull=True) | Q(delivered__isnull=True) | Q(refused__lte=F("delivered")),
                name="handoffs_line_refused_of_delivered",
            ),
            # That both together are no more is checked before: here it would be counted in floating point.
            models.CheckConstraint(
                condition=Q(accepted__isnull=True) | Q(delivered__isnull=True) | Q(accepted__lte=F("delivered")),
                name="handoffs_line_accepted_of_delivered",
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def quantities(self) -> Quantities:
        """How much of it, as :mod:`baton.handoffs.rules` reads it."""
        return Quantities(ordered=self.ordered, delivered=self.delivered, accepted=self.accepted, refused=self.refused)
