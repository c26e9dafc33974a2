"""What came back or was missing: phenomenon and defect code. The cause comes with its investigation."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from baton.core.models.records import Record
from baton.handoffs.models.handoffs import Handoff
from baton.handoffs.models.labels import (
    HANDOFF,
    OF_WHICH,
    RETURN_STATES,
    choice_field,
    cost_field,
    moment_field,
    person_field,
    quantity_field,
)
from baton.handoffs.models.lines import DefectCode, HandoffLine
from baton.handoffs.rules import DECISIONS, NOTE_LENGTH, ReturnState

_DECIDED = [one.value for one in DECISIONS]


class HandoffReturn(Record):
    """Something of a handoff that came back or is missing. What its state means:
    :class:`baton.handoffs.rules.ReturnState`. Its clock runs from ``opened_at`` to ``settled_at``. What
    shows it or speaks against it are its photos: :class:`baton.handoffs.models.HandoffPhoto`."""

    kind = "handoff_return"
    units: ClassVar[dict[str, str]] = {"quantity": "as the line says", "cost": "currency of the organisation"}

    number = models.CharField(
        _("number"), max_length=16, unique=True, editable=False, help_text=_("Spoken number, such as R-2026-0001.")
    )
    handoff = models.ForeignKey(
        Handoff, on_delete=models.PROTECT, related_name="returns", verbose_name=HANDOFF, help_text=OF_WHICH
    )
    line = models.ForeignKey(
        HandoffLine, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False,
        verbose_name=_("line"), help_text=_("Which item; empty: all of the handoff."),
    )  # fmt: skip
    shortage = models.BooleanField(
        _("missing"), default=False, help_text=_("Whether it is missing, rather than sent back.")
    )
    quantity = quantity_field(_("quantity"), _("How much came back or is missing; empty: all of it."))
    phenomenon = models.CharField(
        _("phenomenon"), max_length=NOTE_LENGTH, help_text=_("What is seen to be wrong; no cause and no person.")
    )
    code = models.ForeignKey(
        DefectCode, on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("defect code"), help_text=_("Under which code; empty: none fits."),
    )  # fmt: skip
    opened_at = models.DateTimeField(_("opened at"), help_text=_("When it came back or was found missing (UTC)."))
    state = choice_field(_("state"), RETURN_STATES, _("How it stands."), default=ReturnState.OPEN)
    contested_at = moment_field(_("contested at"), _("When the supplier contested it."))
    contested_by = person_field(_("contested by"), _("Who contested it."))
    ground = models.CharField(
        pgettext_lazy("of a contest", "ground"), max_length=NOTE_LENGTH, blank=True,
        help_text=_("Why the supplier finds that it was right as delivered."),
    )  # fmt: skip
    decided_at = moment_field(_("decided at"), _("When the arbiter decided."))
    decided_by = person_field(_("decided by"), _("Who decided."))
    decision_note = models.CharField(
        _("why so decided"), max_length=NOTE_LENGTH, blank=True, help_text=_("What the arbiter found.")
    )
    settled_at = moment_field(_("settled at"), _("When it was made good."))
    settlement = models.CharField(
        _("how it was settled"), max_length=NOTE_LENGTH, blank=True,
        help_text=_("Delivered again, replaced, credited; or why it was taken back."),
    )  # fmt: skip
    cost = cost_field(_("cost"), _("What it cost the customer; empty: he has not said."))

    class Meta:
        verbose_name = pgettext_lazy("something that came back", "return")
        verbose_name_plural = pgettext_lazy("things that came back", "returns")
        constraints = (
            models.CheckConstraint(
                condition=Q(quantity__isnull=True) | Q(quantity__gt=0), name="handoffs_return_of_something"
            ),
            models.CheckConstraint(condition=~Q(phenomenon=""), name="handoffs_return_says_what_is_wrong"),
            models.CheckConstraint(
                condition=Q(contested_at__isnull=True, ground="") | (Q(contested_at__isnull=False) & ~Q(ground="")),
                name="handoffs_contested_with_a_ground",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[ReturnState.CONTESTED, *_DECIDED]) | Q(contested_at__isnull=False),
                name="handoffs_decided_after_contested",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=_DECIDED) | Q(decided_at__isnull=False), name="handoffs_decided_with_its_time"
            ),
            models.CheckConstraint(
                condition=Q(state=ReturnState.SETTLED, settled_at__isnull=False)
                | (~Q(state=ReturnState.SETTLED) & Q(settled_at__isnull=True)),
                name="handoffs_settled_with_its_time",
            ),
            models.CheckConstraint(
                condition=Q(settled_at__isnull=True) | Q(settled_at__gte=F("opened_at")),
                name="handoffs_settled_after_opened",
            ),
            models.CheckConstraint(condition=Q(cost__isnull=True) | Q(cost__gte=0), name="handoffs_return_cost"),
        )
        indexes = (
            models.Index(
                fields=["state", "opened_at"],
                condition=Q(state__in=[ReturnState.OPEN, ReturnState.CONTESTED, ReturnState.UPHELD]),
                name="handoffs_returns_pending",
            ),
        )

    def __str__(self) -> str:
        return self.number
