"""What each side judges of a handoff, and the three checks before a defect is passed on."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from baton.core.models.records import Record
from baton.handoffs.models.handoffs import Handoff
from baton.handoffs.models.labels import HANDOFF, OF_WHICH, SIDES, STAGES, choice_field, person_field, quantity_field
from baton.handoffs.rules import NOTE_LENGTH


def _answer(name: Any, help_text: Any) -> models.BooleanField[Any, Any]:
    return models.BooleanField(name, null=True, blank=True, help_text=help_text)


class Judgement(Record):
    """What one side judges of a handoff, by name. Each side reads the other's once both have judged, or a week after
    the acceptance: :func:`baton.handoffs.rules.released_at`.

    The customer says whether it was as agreed and whether it is fit for his use: a lasting difference says that the
    standard is wrong. The supplier says whether the request was complete and came in time.
    """

    kind = "judgement"

    handoff = models.ForeignKey(
        Handoff, on_delete=models.PROTECT, related_name="judgements", verbose_name=HANDOFF, help_text=OF_WHICH
    )
    side = choice_field(_("side"), SIDES, _("Which side judges."))
    person = person_field(_("by"), _("Who judges; the other side reads the name."))
    judged_at = models.DateTimeField(_("judged at"), help_text=_("When it was judged (UTC)."))
    as_agreed = _answer(_("as agreed"), _("Whether it was as agreed, as the customer says."))
    fit_for_use = _answer(_("fit for my use"), _("Whether it does what the customer needs it for, as he says."))
    request_complete = _answer(_("request complete"), _("Whether the request was complete, as the supplier says."))
    told_in_time = _answer(_("told in time"), _("Whether the supplier was told in time, as he says."))
    note = models.CharField(_("note"), max_length=NOTE_LENGTH, blank=True, help_text=_("What else there is to say."))

    class Meta:
        verbose_name = _("judgement of a handoff")
        verbose_name_plural = _("judgements of handoffs")
        constraints = (
            models.UniqueConstraint(fields=["handoff", "side"], name="handoffs_one_judgement_a_side"),
            models.CheckConstraint(
                condition=Q(side="customer", request_complete__isnull=True, told_in_time__isnull=True)
                | Q(side="supplier", as_agreed__isnull=True, fit_for_use__isnull=True),
                name="handoffs_judgement_of_its_side",
            ),
        )

    def __str__(self) -> str:
        return f"{self.side} {self.judged_at:%Y-%m-%d}"


class StageCheck(Record):
    """One of the three checks: how many were looked at, how many were found faulty."""

    kind = "stage_check"
    units: ClassVar[dict[str, str]] = {"checked": "as the line says", "found": "as the line says"}

    handoff = models.ForeignKey(
        Handoff, on_delete=models.PROTECT, related_name="checks", verbose_name=HANDOFF, help_text=OF_WHICH
    )
    stage = choice_field(_("stage"), STAGES, _("Who checks."))
    checked = quantity_field(_("looked at"), _("How many were looked at; empty: all."))
    found = quantity_field(_("found faulty"), _("How many of them were faulty."))
    passed = models.BooleanField(_("passed on"), help_text=_("Whether it was passed on."))
    checked_at = models.DateTimeField(_("checked at"), help_text=_("When it was checked (UTC)."))
    person = person_field(_("by"), _("Who checked; empty: a machine."))
    note = models.CharField(_("note"), max_length=NOTE_LENGTH, blank=True, help_text=_("What was found; no cause."))

    class Meta:
        verbose_name = _("check of a handoff")
        verbose_name_plural = _("checks of handoffs")
        constraints = (
            models.CheckConstraint(
                condition=(Q(checked__isnull=True) | Q(checked__gte=0)) & (Q(found__isnull=True) | Q(found__gte=0)),
                name="handoffs_check_of_0_or_more",
            ),
            models.CheckConstraint(
                condition=Q(checked__isnull=True) | Q(found__isnull=True) | Q(found__lte=F("checked")),
                name="handoffs_check_found_of_checked",
            ),
        )

    def __str__(self) -> str:
        return f"{self.stage} {self.checked_at:%Y-%m-%d}"
