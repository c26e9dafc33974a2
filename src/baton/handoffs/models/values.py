"""Values that were measured of a handoff, against the clause that was in force when it occurred."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from baton.core.models.records import Batched
from baton.handoffs.models.handoffs import Handoff
from baton.handoffs.models.labels import HANDOFF, OF_WHICH, person_field


class MeasuredValue(Batched):
    """One measured value, in the unit of its clause."""

    kind = "measured_value"
    units: ClassVar[dict[str, str]] = {"value": "as the clause says"}

    handoff = models.ForeignKey(
        Handoff, on_delete=models.PROTECT, related_name="values", verbose_name=HANDOFF, help_text=OF_WHICH
    )
    clause = models.ForeignKey(
        "agreements.Clause", on_delete=models.PROTECT, related_name="+", db_index=False, verbose_name=_("clause"),
        help_text=_("Of the version in force when the handoff occurred."),
    )  # fmt: skip
    value = models.FloatField(_("value"), help_text=_("What was measured, in the unit of the clause."))
    measured_at = models.DateTimeField(_("measured at"), help_text=_("When it was measured (UTC)."))
    person = person_field(_("by"), _("Who measured; empty: a machine."))

    class Meta(Batched.Meta):
        verbose_name = _("measured value")
        verbose_name_plural = _("measured values")

    def __str__(self) -> str:
        return f"{self.value:g}"
