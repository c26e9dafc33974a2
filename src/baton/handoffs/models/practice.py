"""How the two sides of a link deal with its handoffs."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from baton.core.models.records import Record
from baton.handoffs.models.labels import SIDES, choice_field, moment_field, person_field
from baton.handoffs.rules import CONTEST_HOURS, CONTEST_RANGE, SILENT_RANGE


class LinkPractice(Record):
    """Who decides when both sides differ, how long a return can be contested, and after how many hours of silence a
    delivery is no longer waited for. One side proposes each; it holds once the other has agreed to it. Until then holds
    what held before of arbiter and hours to contest, and no hours of silence."""

    kind = "link_practice"
    units: ClassVar[dict[str, str]] = {"silent_hours": "h", "contest_hours": "h", "wanted_hours": "h"}

    link = models.OneToOneField(
        "chain.Link", on_delete=models.PROTECT, related_name="+", verbose_name=_("link"), help_text=_("Of which link.")
    )
    arbiter = person_field(_("arbiter"), _("Who decides about contested returns; empty: the quality manager."))
    contest_hours = models.PositiveSmallIntegerField(
        _("hours to contest"), default=CONTEST_HOURS, help_text=_("Within how many hours a return can be contested.")
    )
    wanted_arbiter = person_field(_("proposed arbiter"), _("Who shall decide; empty: the quality manager."))
    wanted_hours = models.PositiveSmallIntegerField(
        _("proposed hours to contest"), null=True, blank=True,
        help_text=_("Within how many hours a return shall be contested; empty: nothing is proposed."),
    )  # fmt: skip
    wanted_side = choice_field(
        _("arbiter proposed by side"), SIDES, _("Which side proposed arbiter and hours; empty: none."), blank=True
    )
    wanted_by = person_field(_("arbiter proposed by"), _("Who proposed arbiter and hours."))
    calendar = models.ForeignKey(
        "core.WorkCalendar", on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("calendar"),
        help_text=_("In whose hours the silence runs; empty: in those of the organisation’s calendar."),
    )  # fmt: skip
    silent_hours = models.PositiveSmallIntegerField(
        _("hours of silence"), null=True, blank=True,
        help_text=_("After so many hours of the calendar without a word a delivery is not confirmed; empty: never."),
    )  # fmt: skip
    proposed_side = choice_field(
        _("proposed by side"), SIDES, _("Which side proposed the silence; empty: none."), blank=True
    )
    proposed_by = person_field(_("proposed by"), _("Who proposed it."))
    confirmed_at = moment_field(_("confirmed at"), _("When the other side agreed to it; empty: it has not."))
    confirmed_by = person_field(_("confirmed by"), _("Who agreed to it."))

    class Meta:
        verbose_name = _("practice of a link")
        verbose_name_plural = _("practices of links")
        constraints = (
            models.CheckConstraint(
                condition=Q(contest_hours__gte=CONTEST_RANGE.start, contest_hours__lt=CONTEST_RANGE.stop),
                name="handoffs_hours_to_contest",
            ),
            models.CheckConstraint(
                condition=Q(wanted_side="", wanted_hours__isnull=True, wanted_arbiter__isnull=True)
                | (~Q(wanted_side="") & Q(wanted_hours__gte=CONTEST_RANGE.start, wanted_hours__lt=CONTEST_RANGE.stop)),
                name="handoffs_arbiter_proposed_by_a_side",
            ),
            models.CheckConstraint(
                condition=Q(silent_hours__isnull=True)
                | Q(silent_hours__gte=SILENT_RANGE.start, silent_hours__lt=SILENT_RANGE.stop),
                name="handoffs_hours_of_silence",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_at__isnull=True) | Q(silent_hours__isnull=False),
                name="handoffs_silence_confirmed",
            ),
        )

    def __str__(self) -> str:
        return f"{self.link_id}"
