"""Actions on many rows of a list at once."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from baton.core.models.people import Person
from baton.core.models.records import Record
from baton.core.rules import ActionState

ACTION_STATES = {
    ActionState.PROPOSED: _("Not begun"),
    ActionState.RUNNING: _("Under way"),
    ActionState.FINISHED: _("Finished"),
    ActionState.STOPPED: _("Stopped"),
}


class ListAction(Record):
    """One thing that somebody does to many rows of a list. Its states: :class:`baton.core.rules.ActionState`.

    Each row is changed by itself, through the function that changes one row, or refused by itself. Until it is over
    the rows lie in a file of the data folder, with the version of each that the person saw.
    """

    kind = "list_action"
    units: ClassVar[dict[str, str]] = {"rows_expected": "1", "rows_dealt": "1", "rows_refused": "1"}

    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="+", verbose_name=_("person"), help_text=_("Who does it.")
    )
    list_name = models.CharField(_("list"), max_length=40, help_text=_("Which list, such as chain.links."))
    act = models.CharField(_("action"), max_length=40, help_text=_("What is done to each row, such as end."))
    arguments = models.JSONField(_("values"), default=dict, help_text=_("What the person chose for all rows."))
    path = models.CharField(
        _("file"),
        max_length=60,
        blank=True,
        help_text=_("Where the rows lie in the data folder; empty when it is over."),
    )
    digest = models.CharField(_("digest"), max_length=64, help_text=_("SHA-256 of the file of rows."))
    rows_expected = models.PositiveIntegerField(_("rows"), help_text=_("Rows that were chosen."))
    rows_dealt = models.PositiveIntegerField(
        _("rows dealt with"), default=0, help_text=_("Rows that were changed or refused, from the first on.")
    )
    rows_refused = models.PositiveIntegerField(_("rows refused"), default=0, help_text=_("Rows left as they were."))
    state = models.CharField(
        _("state"), max_length=10, choices=[(state.value, label) for state, label in ACTION_STATES.items()],
        default=ActionState.PROPOSED, help_text=_("How far it has come."),
    )  # fmt: skip
    run = models.CharField(_("run"), max_length=32, blank=True, help_text=_("Run of the worker that does it."))
    ended_at = models.DateTimeField(_("ended at"), null=True, help_text=_("When it was finished or stopped (UTC)."))

    class Meta:
        verbose_name = _("action on a list")
        constraints = (
            models.CheckConstraint(
                condition=Q(rows_dealt__lte=F("rows_expected"), rows_refused__lte=F("rows_dealt")),
                name="core_action_counts_in_order",
            ),
            models.CheckConstraint(
                condition=~Q(state=ActionState.FINISHED) | Q(rows_dealt=F("rows_expected"), ended_at__isnull=False),
                name="core_action_finished_when_whole",
            ),
        )

    def __str__(self) -> str:
        return f"{self.list_name} {self.act}"

    @property
    def rows_done(self) -> int:
        """Rows that were changed."""
        return self.rows_dealt - self.rows_refused

    @property
    def rows_left(self) -> int:
        """Rows that were not dealt with."""
        return self.rows_expected - self.rows_dealt


class RefusedRow(models.Model):
    """A row that an action on a list left as it was, and why; bookkeeping of the action, no record."""

    units: ClassVar[dict[str, str]] = {"position": "1"}

    action = models.ForeignKey(
        ListAction, on_delete=models.CASCADE, related_name="refused", verbose_name=_("action"),
        help_text=_("Which action."),
    )  # fmt: skip
    position = models.PositiveIntegerField(_("row"), help_text=_("Which of the chosen rows, from 1 on."))
    row = models.CharField(_("row id"), max_length=200, help_text=_("Public id of what was to be changed."))
    stale = models.BooleanField(
        _("changed since"), default=False, help_text=_("Somebody had changed it after the rows were chosen.")
    )
    why = models.JSONField(_("why"), default=dict, help_text=_("Templates and values of the message."))

    class Meta:
        constraints = (models.UniqueConstraint(fields=["action", "position"], name="core_one_refusal_a_row"),)

    def __str__(self) -> str:
        return self.row
