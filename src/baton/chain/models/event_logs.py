"""Event logs, what was mined from them, and which of their names are which parties."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from baton.chain.models.parties import Party
from baton.chain.rules import LogState
from baton.core.models.records import Record


class EventLog(Record):
    """A file of events that somebody brought, how its columns are read, and what was found."""

    kind = "event_log"
    # Why a file could not be read may quote it, names of persons included.
    secret = frozenset({"failure"})
    units: ClassVar[dict[str, str]] = {"size": "B"}

    name = models.CharField(_("name"), max_length=150, help_text=_("What people call it; at first the file's name."))
    state = models.CharField(
        _("state"), max_length=10, choices=[(state.value, state.value) for state in LogState],
        default=LogState.UPLOADED, help_text=_("How far it has come."),
    )  # fmt: skip
    path = models.CharField(_("path"), max_length=60, help_text=_("Where the file lies in the data folder."))
    digest = models.CharField(_("digest"), max_length=64, help_text=_("SHA-256 of the file."))
    size = models.BigIntegerField(_("size"), help_text=_("Size of the file."))
    format = models.CharField(_("format"), max_length=10, help_text=_("xes, csv or parquet."))
    columns = models.JSONField(
        _("columns"), default=dict, help_text=_("Which column is case, party, time and activity; what means missing.")
    )
    zone = models.CharField(_("time zone"), max_length=64, default="UTC", help_text=_("Zone of times without one."))
    system = models.CharField(
        _("system"), max_length=60, blank=True,
        help_text=_("System that wrote it: its keys of parties name them in this log. Empty: keys of any system do."),
    )  # fmt: skip
    figures = models.JSONField(
        _("figures"), default=dict, help_text=_("Counts of the mined chain and the remarks about the file.")
    )
    run = models.CharField(_("run"), max_length=32, blank=True, help_text=_("Run of the worker that reads it."))
    failure = models.JSONField(
        _("failure"), default=dict, help_text=_("Why reading failed: templates and values of the message.")
    )

    class Meta:
        verbose_name = _("event log")
        constraints = (
            models.UniqueConstraint(
                fields=["digest"], condition=~models.Q(state="withdrawn"), name="chain_one_log_a_file"
            ),
        )

    def __str__(self) -> str:
        return self.name


NAME_LENGTH = 300
"""Longest name of a party in a log."""


class MinedPair(models.Model):
    """One supplier-customer pair of a log under the names of the log; made anew whenever the log is read."""

    units: ClassVar[dict[str, str]] = {
        "handovers": "1", "cases": "1", "share": "1", "median_wait_seconds": "s", "p90_wait_seconds": "s",
        "returns": "1",
    }  # fmt: skip

    log = models.ForeignKey(
        EventLog, on_delete=models.CASCADE, related_name="pairs", verbose_name=_("event log"), help_text=_("Which log.")
    )
    supplier = models.CharField(_("supplier"), max_length=NAME_LENGTH, help_text=_("Who handed over, as the log says."))
    customer = models.CharField(_("customer"), max_length=NAME_LENGTH, help_text=_("Who received, as the log says."))
    handovers = models.PositiveIntegerField(_("handovers"), help_text=_("How often."))
    cases = models.PositiveIntegerField(_("cases"), help_text=_("In how many cases."))
    share = models.FloatField(_("share"), help_text=_("Share of all handovers of the log."))
    median_wait_seconds = models.FloatField(_("median wait"), null=True, help_text=_("Half waited at most this long."))
    p90_wait_seconds = models.FloatField(_("p90 wait"), null=True, help_text=_("Nine in ten waited at most this long."))
    returns = models.PositiveIntegerField(_("returns"), help_text=_("Handovers that came straight back."))
    first_seen = models.DateTimeField(_("first seen"), null=True, help_text=_("First handover (UTC)."))
    last_seen = models.DateTimeField(_("last seen"), null=True, help_text=_("Last handover (UTC)."))

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["log", "supplier", "customer"], name="chain_one_row_a_mined_pair"),
        )
        indexes = (models.Index(fields=["log", "-handovers"], name="chain_mined_by_handovers"),)

    def __str__(self) -> str:
        return f"{self.supplier} → {self.customer}"


class LogParty(models.Model):
    """A name of a log, and the party that it is."""

    units: ClassVar[dict[str, str]] = {"handovers": "1"}

    log = models.ForeignKey(
        EventLog, on_delete=models.CASCADE, related_name="names", verbose_name=_("event log"), help_text=_("Which log.")
    )
    value = models.CharField(_("name in the log"), max_length=NAME_LENGTH, help_text=_("As the log says."))
    handovers = models.PositiveIntegerField(_("handovers"), help_text=_("Given and received."))
    party = models.ForeignKey(
        Party, null=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("party"),
        help_text=_("Which party it is; empty: not said yet."),
    )  # fmt: skip

    class Meta:
        constraints = (models.UniqueConstraint(fields=["log", "value"], name="chain_one_row_a_log_name"),)

    def __str__(self) -> str:
        return self.value
