"""Bulk entries: many rows that come, count and are taken back together."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from baton.core.models.people import Person
from baton.core.models.records import Record
from baton.core.rules import TAKEN_BACK, BatchState

BATCH_STATES = {
    BatchState.STAGING: _("Being entered"),
    BatchState.SEALED: _("Entered"),
    BatchState.WITHDRAWN: _("Withdrawn"),
    BatchState.ABANDONED: _("Given up"),
}


class Batch(Record):
    """One bulk entry. What its states mean: :class:`baton.core.rules.BatchState`.

    Its rows stand in the table of ``target`` and name it in their column ``batch``; see
    :class:`baton.core.models.records.Batched`.
    """

    kind = "batch"
    # Why an entry was given up may quote the rows that were brought.
    secret = frozenset({"failure"})
    units: ClassVar[dict[str, str]] = {
        "rows_expected": "1", "rows_entered": "1", "records": "1", "records_released": "1",
    }  # fmt: skip

    target = models.CharField(_("target"), max_length=60, help_text=_("Registered name of what is entered."))
    title = models.CharField(_("title"), max_length=200, help_text=_("What people call it."))
    source = models.CharField(
        _("source"), max_length=300, blank=True, help_text=_("Path of the page of what the rows come from, if any.")
    )
    path = models.CharField(
        _("file"), max_length=60, help_text=_("Where the rows lie in the data folder, as they are to be entered.")
    )
    digest = models.CharField(_("digest"), max_length=64, help_text=_("SHA-256 of the file of rows."))
    rows_expected = models.PositiveIntegerField(_("rows"), help_text=_("Rows of the file."))
    rows_entered = models.PositiveIntegerField(
        _("rows entered"), default=0, help_text=_("Rows of the file that are dealt with, from the first on.")
    )
    records = models.PositiveIntegerField(
        _("records"), default=0, help_text=_("Records that came of them; what was there already makes none.")
    )
    records_released = models.PositiveIntegerField(
        _("records released"), default=0,
        help_text=_("Records whose unique keys were given back after the entry was taken back."),
    )  # fmt: skip
    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("by"),
        help_text=_("Who enters it; empty: Baton itself."),
    )  # fmt: skip
    import_run = models.ForeignKey(
        "core.ImportRun", on_delete=models.PROTECT, null=True, related_name="batches", verbose_name=_("import"),
        help_text=_("The import that it is part of, with which it is sealed and withdrawn; empty: none."),
    )  # fmt: skip
    run = models.CharField(_("run"), max_length=32, blank=True, help_text=_("Run of the worker that enters it."))
    state = models.CharField(
        _("state"), max_length=10, choices=[(state.value, label) for state, label in BATCH_STATES.items()],
        default=BatchState.STAGING, help_text=_("How far it has come."),
    )  # fmt: skip
    sealed_at = models.DateTimeField(_("sealed at"), null=True, help_text=_("From when on its rows counted (UTC)."))
    withdrawn_at = models.DateTimeField(
        _("taken back at"), null=True, help_text=_("When it was withdrawn or given up (UTC).")
    )
    reason = models.CharField(
        _("reason"), max_length=500, blank=True, help_text=_("Why it was withdrawn or given up, as somebody said.")
    )
    failure = models.JSONField(
        _("failure"), default=dict, help_text=_("Why it was given up by itself: templates and values of the message.")
    )

    class Meta:
        verbose_name = _("bulk entry")
        verbose_name_plural = _("bulk entries")
        indexes = (models.Index(fields=["state"], name="core_batch_state"),)
        constraints = (
            models.UniqueConstraint(fields=["import_run", "target"], name="core_batch_once_in_an_import"),
            models.CheckConstraint(
                condition=Q(state__in=[state.value for state in BatchState]), name="core_batch_state_known"
            ),
            models.CheckConstraint(
                condition=Q(state__in=(BatchState.SEALED, BatchState.WITHDRAWN), sealed_at__isnull=False)
                | Q(state__in=(BatchState.STAGING, BatchState.ABANDONED), sealed_at__isnull=True),
                name="core_batch_sealed_with_its_time",
            ),
            models.CheckConstraint(
                condition=Q(state__in=TAKEN_BACK, withdrawn_at__isnull=False)
                | Q(state__in=(BatchState.STAGING, BatchState.SEALED), withdrawn_at__isnull=True),
                name="core_batch_taken_back_with_its_time",
            ),
            models.CheckConstraint(
                condition=~Q(state=BatchState.WITHDRAWN) | ~Q(reason=""), name="core_batch_withdrawn_with_reason"
            ),
            models.CheckConstraint(
                condition=Q(rows_entered__lte=F("rows_expected"), records__lte=F("rows_entered"))
                & Q(records_released__lte=F("records")),
                name="core_batch_counts_in_order",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=(BatchState.SEALED, BatchState.WITHDRAWN))
                | Q(rows_entered=F("rows_expected")),
                name="core_batch_sealed_when_whole",
            ),
        )  # fmt: skip

    def __str__(self) -> str:
        return self.title
