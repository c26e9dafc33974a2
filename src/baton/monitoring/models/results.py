"""Fact files, measures, violations: all rebuildable from records. Phase starts: records of their own."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from baton.core.models.records import Record
from baton.monitoring.rules import (
    BASELINE_WEEKS,
    FEWEST_WEEKS,
    LONGEST_BASELINE_WEEKS,
    MEASURES,
    Health,
    Phase,
    Side,
)

SUBJECT_HELP = _("Key of what is measured; for a link the public ids of supplier and customer.")


class FactFile(models.Model):
    """One Parquet file of the fact store: the facts of one source in one month."""

    units: ClassVar[dict[str, str]] = {"rows": "1", "seq": "1", "last_day": "d"}

    table = models.CharField(_("fact table"), max_length=40, help_text=_("Name of the fact table."))
    source = models.CharField(
        _("source"), max_length=40, db_index=True, help_text=_("Public id of the record that yielded the facts.")
    )
    month = models.CharField(_("month"), max_length=7, help_text=_("Month (UTC) such as 2025-03, or undated."))
    path = models.CharField(_("file"), max_length=200, unique=True, help_text=_("Path below the folder of facts."))
    rows = models.BigIntegerField(_("rows"), help_text=_("Number of facts."))
    sha256 = models.CharField(_("sum"), max_length=64, help_text=_("SHA-256 of the file."))
    last_day = models.IntegerField(
        _("last day"), null=True,
        help_text=_("Newest day of its facts that was not in the future when written, in days since 1970-01-01."),
    )  # fmt: skip
    seq = models.BigIntegerField(_("caused by"), help_text=_("Number of the audit entry that led to this file."))

    class Meta:
        verbose_name = _("fact file")
        constraints = (
            models.UniqueConstraint(fields=["table", "source", "month"], name="monitoring_one_file_a_month"),
        )


class BrokenSource(models.Model):
    """A source whose facts could not be built: what happened, and when it is tried again. Its old facts stay."""

    units: ClassVar[dict[str, str]] = {"attempts": "1"}

    table = models.CharField(_("fact table"), max_length=40, help_text=_("Name of the fact table."))
    source = models.CharField(
        _("source"), max_length=40, help_text=_("Public id of the record that should have yielded facts.")
    )
    message = models.JSONField(
        _("message"),
        help_text=_("Templates and values of the message: expected, found, remedy; no values of the data."),
    )
    subjects = models.JSONField(
        _("subjects"), help_text=_("Keys of what its old facts measure; null: some facts are lost, it may be any."),
        null=True,
    )  # fmt: skip
    first_failed_at = models.DateTimeField(_("first failed"), help_text=_("Since when (UTC)."))
    last_failed_at = models.DateTimeField(_("last failed"), help_text=_("When it was last tried (UTC)."))
    attempts = models.PositiveIntegerField(_("attempts"), help_text=_("How often it was tried."))
    retry_at = models.DateTimeField(_("tried again"), help_text=_("Not before (UTC)."))

    class Meta:
        verbose_name = _("broken source")
        constraints = (models.UniqueConstraint(fields=["table", "source"], name="monitoring_one_failure_a_source"),)

    def __str__(self) -> str:
        return f"{self.table} {self.source}"


class StaleSubject(models.Model):
    """A subject whose facts or phases changed since it was measured: the work-list of the next run."""

    units: ClassVar[dict[str, str]] = {"seq": "1"}

    subject = models.CharField(_("subject"), max_length=80, primary_key=True, help_text=SUBJECT_HELP)
    seq = models.BigIntegerField(
        _("caused by"),
        help_text=_("Number of the audit entry that made it stale; a run strikes off only what it has seen."),
    )

    def __str__(self) -> str:
        return self.subject


class StoredMeasure(models.Model):
    """One measure of one subject, with all that is needed to compute it again and to show it."""

    units: ClassVar[dict[str, str]] = {"seq": "1", "week": "d", "heard": "d"}

    subject = models.CharField(_("subject"), max_length=80, help_text=SUBJECT_HELP)
    name = models.CharField(
        _("measure"), max_length=40, choices=[(name, name) for name in MEASURES], help_text=_("What is measured.")
    )
    method = models.CharField(_("method"), max_length=80, help_text=_("How it was computed."))
    version = models.CharField(_("version"), max_length=20, help_text=_("Version of the method."))
    input_digest = models.CharField(
        _("input digest"), max_length=64, blank=True,
        help_text=_("SHA-256 over the weekly facts and the phases that went in; empty: compute again."),
    )  # fmt: skip
    computed_at = models.DateTimeField(_("computed at"), help_text=_("When it was computed (UTC)."))
    seq = models.BigIntegerField(_("up to"), help_text=_("Number of the last audit entry taken into account."))
    health = models.CharField(
        _("health"), max_length=10, choices=[(health.value, health.value) for health in Health],
        help_text=_("What this measure says of the subject: in control, signal, unknown."),
    )  # fmt: skip
    week = models.IntegerField(
        _("newest week"), null=True,
        help_text=_("Monday of the last week that has a value, in days since 1970-01-01; empty: none has."),
    )  # fmt: skip
    heard = models.IntegerField(
        _("last week heard of"), null=True,
        help_text=_("Monday of the last week with a handoff, in days since 1970-01-01; empty: there is none."),
    )  # fmt: skip
    quarter = models.CharField(
        _("quarter"), max_length=160, blank=True,
        help_text=_("Handoffs of each of the last 13 weeks up to that one, with blanks between; returns only."),
    )  # fmt: skip
    result = models.JSONField(_("result"), help_text=_("Weeks, values, n, limits, phases, violations, warnings."))
    recent = models.JSONField(
        _("recent"), help_text=_("What lists show of the result: latest figure, last weeks, what is violated now.")
    )

    again_at = models.DateTimeField(
        _("computed again at"), null=True,
        help_text=_("When it is another one though no record changed: something is due then (UTC); empty: never."),
    )  # fmt: skip
    standing = models.BooleanField(
        _("worth a look"), default=False, help_text=_("Whether what is measured is in force, such as a link.")
    )
    evidence = models.JSONField(
        _("evidence"), default=list,
        help_text=_("What is tested over all charts: value, centre, sigma, n of the newest week and of the last four."),
    )  # fmt: skip

    class Meta:
        verbose_name = _("measure")
        constraints = (models.UniqueConstraint(fields=["subject", "name"], name="monitoring_one_result_a_measure"),)
        # Maps read these of all subjects; the index alone answers them.
        indexes = (
            models.Index(
                fields=["name", "subject", "health", "week", "heard", "quarter"], name="monitoring_how_all_go"
            ),
        )

    def __str__(self) -> str:
        return f"{self.name} {self.subject}"


class StoredViolation(models.Model):
    """A violation of a chart rule, as long as it went on: violations at neighbouring points of one side are one.

    Those of now belong to a :class:`baton.monitoring.models.Signal`, in which people say what is behind them.
    """

    units: ClassVar[dict[str, str]] = {"week": "d", "last_week": "d"}

    subject = models.CharField(_("subject"), max_length=80, help_text=SUBJECT_HELP)
    measure = models.CharField(_("measure"), max_length=40, help_text=_("On whose chart."))
    rule_set = models.CharField(_("rule set"), max_length=40, help_text=_("Western Electric or Nelson."))
    rule = models.CharField(_("rule"), max_length=40, help_text=_("Number of the rule in its set."))
    week = models.IntegerField(
        _("week"), help_text=_("Monday of the first week that completes the pattern, in days since 1970-01-01.")
    )
    last_week = models.IntegerField(
        _("last week"), help_text=_("Monday of the last charted week in a row in which the rule is still violated.")
    )
    side = models.CharField(
        _("side"), max_length=5, choices=[(side.value, side.value) for side in Side],
        help_text=_("Above or below the centre line."),
    )  # fmt: skip
    explanation = models.CharField(_("explanation"), max_length=200, help_text=_("English text of the rule."))
    first_seen = models.DateTimeField(_("first seen"), help_text=_("When a run found it first (UTC)."))

    class Meta:
        verbose_name = _("violation of a rule")
        constraints = (
            models.UniqueConstraint(
                fields=["subject", "measure", "rule_set", "rule", "side", "week"],
                name="monitoring_one_violation_a_point",
            ),
        )

    def __str__(self) -> str:
        return f"{self.measure} {self.subject} {self.rule_set} {self.rule}"


class PhaseStart(Record):
    """A process was changed in this week: limits are computed anew from it on, and runs do not cross it."""

    kind = "phase_start"
    units: ClassVar[dict[str, str]] = {"week": "d", "baseline_weeks": "1", "limits_week": "d"}

    subject = models.CharField(_("subject"), max_length=80, help_text=SUBJECT_HELP)
    measure = models.CharField(
        _("measure"), max_length=40, choices=[(name, name) for name in MEASURES], help_text=_("On which chart.")
    )
    week = models.IntegerField(_("week"), help_text=_("Monday of the first week, in days since 1970-01-01."))
    reason = models.CharField(_("reason"), max_length=300, help_text=_("What was changed in the process."))
    baseline_weeks = models.PositiveSmallIntegerField(
        _("baseline"), default=BASELINE_WEEKS,
        help_text=_("From so many of its first weeks with a value the limits of the phase come."),
    )  # fmt: skip
    limits_week = models.IntegerField(
        _("limits carried on"), null=True,
        help_text=_(
            "Monday of a week in the phase whose limits are carried on, in days since 1970-01-01; empty: its own hold."
        ),
    )  # fmt: skip

    declared_by = models.ForeignKey(
        "core.Person", on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("declared by"),
        help_text=_("Who said so; empty: Baton itself."),
    )  # fmt: skip

    withdrawn_at = models.DateTimeField(
        _("withdrawn"), null=True, help_text=_("When it was withdrawn (UTC); empty: it holds.")
    )

    class Meta:
        verbose_name = _("start of a phase")
        constraints = (
            models.UniqueConstraint(
                fields=["subject", "measure", "week"], name="monitoring_one_phase_a_week",
                condition=models.Q(withdrawn_at__isnull=True),
            ),
            models.CheckConstraint(
                condition=models.Q(baseline_weeks__range=(FEWEST_WEEKS, LONGEST_BASELINE_WEEKS)),
                name="monitoring_baseline_of_a_sensible_length",
            ),
            models.CheckConstraint(
                condition=models.Q(limits_week__isnull=True) | models.Q(limits_week__lt=models.F("week")),
                name="monitoring_limits_come_from_before",
            ),
        )  # fmt: skip

    @property
    def phase(self) -> Phase:
        """Where it begins, and where its limits come from."""
        return Phase(self.week, self.baseline_weeks, self.limits_week)

    def __str__(self) -> str:
        return f"{self.measure} {self.subject} {self.week}"
