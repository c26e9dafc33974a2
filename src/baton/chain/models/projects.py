"""Projects: work with an end, whose links end with it."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from baton.chain.models.parties import Party
from baton.chain.rules import State, state_on
from baton.core.models.records import Batched
from baton.core.texts import TextsField, say


class Project(Batched):
    """Work with a beginning and an end. Links that belong to it are temporary: they end with it, on the same day."""

    kind = "project"

    number = models.CharField(
        _("number"), max_length=16, unique=True, editable=False, help_text=_("Spoken number, such as J-2026-0001.")
    )
    name = TextsField(_("name"), help_text=_("Name by language."))
    sort_keys = models.JSONField(_("sort keys"), default=dict, editable=False, help_text=_("Sort key by language."))
    search_text = models.TextField(_("search text"), editable=False, help_text=_("Number and names, folded."))
    owner = models.ForeignKey(
        Party, on_delete=models.PROTECT, null=True, blank=True, related_name="projects", verbose_name=_("led by"),
        help_text=_("The party that leads it; empty: the quality manager looks after it."),
    )  # fmt: skip
    began_on = models.DateField(_("from"), help_text=_("First day."))
    ends_on = models.DateField(
        _("planned end"), null=True, blank=True, help_text=_("Day on which it is meant to end; changes nothing itself.")
    )
    ended_on = models.DateField(
        _("until"), null=True, blank=True, help_text=_("First day on which it is over; empty: it goes on.")
    )

    class Meta(Batched.Meta):
        verbose_name = _("project")
        verbose_name_plural = _("projects")
        constraints = (
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("began_on")),
                name="chain_project_ends_after_it_began",
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("began_on")),
                name="chain_project_planned_end_after_it_began",
            ),
        )

    def __str__(self) -> str:
        return say(self.name) or self.number

    def state(self, day: date) -> State:
        return state_on(day, self.began_on, self.ended_on)
