"""Signals with their life, and who wants to hear of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from baton.core.models.records import Record
from baton.core.registries import Retention
from baton.core.rules import Role
from baton.monitoring.rules import (
    ATTAINMENT,
    COMEBACKS,
    DEFECT_RATE,
    DEFINED,
    DELIVERIES,
    MEASURED_VALUE,
    MEASURES,
    REASON_LENGTH,
    RETURN_RATE,
    WAITING_TIME,
    WATCHED_RULE_CODES,
    Closing,
    Severity,
    Side,
    SignalState,
    is_worse,
)

MEASURE_WORDS = {
    WAITING_TIME: _("Waiting time"),
    RETURN_RATE: _("Returns"),
    ATTAINMENT: _("Clause kept"),
    MEASURED_VALUE: _("Measured value"),
    DEFECT_RATE: _("Defects per unit"),
    DELIVERIES: _("Deliveries a week"),
    COMEBACKS: _("Returns a week"),
}
SIGNAL_STATES = {
    SignalState.NEW: pgettext_lazy("signal", "New"),
    SignalState.SEEN: pgettext_lazy("signal", "Seen"),
    SignalState.EXPLAINED: pgettext_lazy("signal", "Explained"),
    SignalState.CLOSED: pgettext_lazy("signal", "Closed"),
}
CLOSINGS = {
    Closing.PERSON: _("Closed by somebody"),
    Closing.PASSED: _("Closed by itself: no rule is violated any more"),
    Closing.UNDONE: _("Closed by itself: with other facts or phases the chart does not show it"),
    Closing.GONE: _("Closed by itself: nothing is measured there any more"),
}
SEVERITIES = {Severity.STRONG: _("Strong"), Severity.MODERATE: _("Moderate")}
SIDES = {Side.ABOVE: _("Worse"), Side.BELOW: _("Better")}
"""Choices of a filter: towards the worse (its value is that of most measures), or the better."""
WORSE = Q(side=Side.ABOVE, measure__in=[one.name for one in DEFINED.values() if Side.ABOVE in one.worse]) | Q(
    side=Side.BELOW, measure__in=[one.name for one in DEFINED.values() if Side.BELOW in one.worse]
)
"""Signals towards the worse."""


class Signal(Record):
    """ "Look here": an episode of a chart, from when it could first be known until nobody needs to look any more.

    An episode is what violates rules on one side of the chart without the process having returned in between, by
    however many rules and points (:mod:`baton_analysis.signals.chart_rules.episodes`). The signal is opened by a run
    while the episode is one of now (a rule is violated in one of the last charted weeks). What its states mean:
    :class:`baton.monitoring.rules.SignalState`. Violations of the past stand on the chart.

    What somebody said is his personal data: it stands in the trail under his key alone. Who is forgotten leaves
    ``said_by`` and no words.
    """

    kind = "signal"
    personal: ClassVar[Mapping[str, Retention]] = {
        "reason": Retention(10, _("Knowing what was behind a signal, and who said so."))
    }
    units: ClassVar[dict[str, str]] = {
        "began": "d", "week": "d", "last_week": "d", "times": "1", "adjusted": "1", "effect": "s, 1", "handoffs": "1",
        "cost": "s",
    }  # fmt: skip

    number = models.CharField(
        _("number"), max_length=16, unique=True, editable=False, help_text=_("Spoken number, such as S-2026-0001.")
    )
    subject = models.CharField(
        _("subject"),
        max_length=80,
        editable=False,
        help_text=_("Key of what is measured; for a link the public ids of its sides."),
    )
    measure = models.CharField(
        _("measure"), max_length=40, choices=[(name, MEASURE_WORDS[name]) for name in MEASURES],
        help_text=_("On whose chart."),
    )  # fmt: skip
    rule_set = models.CharField(
        _("rule set"), max_length=40, editable=False, help_text=_("Western Electric or Nelson.")
    )
    rules = models.CharField(
        _("rules"), max_length=60, editable=False,
        help_text=_("Numbers of the rules that were violated, with blanks between, the first one first."),
    )  # fmt: skip
    side = models.CharField(
        _("side"), max_length=5, choices=[(side.value, side.value) for side in Side],
        help_text=_("Above or below the centre line; the measure says which is worse."),
    )  # fmt: skip
    severity = models.CharField(
        _("severity"), max_length=10, choices=[(one.value, label) for one, label in SEVERITIES.items()],
        help_text=_("Strong: a point beyond three sigma. Moderate: a pattern of several points."),
    )  # fmt: skip
    patterns = models.JSONField(
        _("patterns"), default=list, editable=False,
        help_text=_("Of each of these rules the English text, and what fills it."),
    )  # fmt: skip
    method = models.CharField(
        _("method"),
        max_length=80,
        editable=False,
        help_text=_("How the measure was computed on whose chart it is violated."),
    )
    version = models.CharField(_("version"), max_length=20, editable=False, help_text=_("Version of the method."))
    input_digest = models.CharField(
        _("input digest"),
        max_length=64,
        editable=False,
        help_text=_("SHA-256 over the weekly facts and the phases of that chart."),
    )
    began = models.IntegerField(
        _("began"),
        help_text=_("Monday of the week in which the earliest of its patterns begins, in days since 1970-01-01."),
    )
    week = models.IntegerField(
        _("week"), help_text=_("Monday of the first week that completes a pattern, in days since 1970-01-01.")
    )
    last_week = models.IntegerField(
        _("last week"), help_text=_("Monday of the last charted week in which a rule is violated.")
    )
    holds = models.BooleanField(
        _("holds"), default=False,
        help_text=_("Whether it is found when all charts are looked at together, with control of false discoveries."),
    )  # fmt: skip
    adjusted = models.FloatField(
        _("adjusted p"), null=True, help_text=_("By the procedure of Benjamini and Hochberg; empty: not found so.")
    )
    effect = models.FloatField(
        _("effect"), default=0,
        help_text=_("How far the last four weeks lie above the centre line: seconds a handoff, or a share of returns."),
    )  # fmt: skip
    handoffs = models.PositiveIntegerField(_("handoffs"), default=0, help_text=_("Of these weeks."))
    cost = models.FloatField(
        _("cost"),
        default=0,
        help_text=_(
            "Effect times handoffs; a return weighs as much as a day of waiting. 0: the last weeks no longer show it."
        ),
    )
    state = models.CharField(
        _("state"), max_length=10, default=SignalState.NEW,
        choices=[(state.value, label) for state, label in SIGNAL_STATES.items()],
        help_text=_("New, seen, explained or closed."),
    )  # fmt: skip
    closing = models.CharField(
        _("closed how"), max_length=10, blank=True,
        choices=[(closing.value, label) for closing, label in CLOSINGS.items()],
        help_text=_("By somebody, or by itself and why; empty: it is open."),
    )  # fmt: skip
    owner = models.ForeignKey(
        "core.Person", on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("owner"),
        help_text=_("Who should look; empty: nobody was found."),
    )  # fmt: skip
    reason = models.CharField(
        _("explanation"),
        max_length=REASON_LENGTH,
        blank=True,
        help_text=_("What is behind it, or why it is closed; empty: nothing was said, or its author was forgotten."),
    )
    said_by = models.ForeignKey(
        "core.Person", on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("said by"),
        help_text=_("Who explained or closed it last; empty: nobody."),
    )  # fmt: skip
    said_at = models.DateTimeField(_("said at"), null=True, help_text=_("When that was said (UTC)."))
    opened_at = models.DateTimeField(_("opened"), help_text=_("When a run opened it, the last time (UTC)."))
    times = models.PositiveIntegerField(_("times opened"), default=1, help_text=_("How often it was opened."))

    class Meta:
        verbose_name = _("signal")
        verbose_name_plural = _("signals")
        constraints = (
            models.UniqueConstraint(
                fields=["subject", "measure", "side"], condition=~Q(state=SignalState.CLOSED),
                name="monitoring_one_open_signal_a_side",
            ),
            models.CheckConstraint(
                condition=Q(state=SignalState.CLOSED) & ~Q(closing="") | ~Q(state=SignalState.CLOSED) & Q(closing=""),
                name="monitoring_closed_signal_says_how",
            ),
            models.CheckConstraint(
                condition=~(Q(state=SignalState.EXPLAINED) | Q(closing=Closing.PERSON)) | Q(said_at__isnull=False),
                name="monitoring_explained_signal_was_spoken_of",
            ),
        )  # fmt: skip
        indexes = (
            models.Index(fields=["state", "opened_at"], name="monitoring_signal_state"),
            models.Index(fields=["owner", "state"], name="monitoring_signal_owner"),
            models.Index(fields=["subject", "measure"], name="monitoring_signal_chart"),
        )

    def __str__(self) -> str:
        return self.number

    @property
    def is_open(self) -> bool:
        return self.state != SignalState.CLOSED

    @property
    def is_worse(self) -> bool:
        """Whether it is a turn to the worse."""
        return is_worse(self.measure, self.side)

    def data_subject(self) -> str:
        return self.said_by.public_id if self.said_by is not None else ""


class UnsortedSubject(models.Model):
    """A subject whose violations changed since its signals were opened and closed: the work-list of that."""

    subject = models.CharField(_("subject"), max_length=80, primary_key=True, help_text=_("Key of what is measured."))

    def __str__(self) -> str:
        return self.subject


class SignalRule(Record):
    """Who is told of which new signals, beside their owners and those who follow what is measured."""

    kind = "signal_rule"

    measure = models.CharField(
        _("measure"), max_length=40, blank=True, choices=[(name, MEASURE_WORDS[name]) for name in MEASURES],
        help_text=_("Signals on charts of this measure; empty: of all."),
    )  # fmt: skip
    rule = models.CharField(
        _("rule"),
        max_length=40,
        blank=True,
        choices=[(code, code) for code in WATCHED_RULE_CODES],
        help_text=_("Signals of this rule, such as WE1; empty: of all."),
    )
    severity = models.CharField(
        _("severity"), max_length=10, blank=True,
        choices=[(one.value, label) for one, label in SEVERITIES.items()],
        help_text=_("Signals of this severity; empty: of both."),
    )  # fmt: skip
    better = models.BooleanField(
        _("better, too"), default=False, help_text=_("Whether also of signals towards the better.")
    )
    person = models.ForeignKey(
        "core.Person", on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("person"),
        help_text=_("Who is told."),
    )  # fmt: skip
    role = models.CharField(
        _("role"), max_length=20, blank=True, choices=[(role.value, role.value) for role in Role],
        help_text=_("Instead of one person: whoever holds this role."),
    )  # fmt: skip
    withdrawn_at = models.DateTimeField(
        _("withdrawn"), null=True, help_text=_("When it was withdrawn (UTC); empty: it holds.")
    )

    class Meta:
        verbose_name = _("rule of telling")
        verbose_name_plural = _("rules of telling")
        constraints = (
            models.CheckConstraint(
                condition=Q(person__isnull=False, role="") | (Q(person__isnull=True) & ~Q(role="")),
                name="monitoring_rule_tells_a_person_or_a_role",
            ),
        )

    def __str__(self) -> str:
        return self.public_id


class SignalDigest(Record):
    """That group chats were told of new signals: one line a day, whatever came.

    The signals are those towards the worse that were opened after ``after`` and up to ``until``.
    """

    kind = "signal_digest"
    units: ClassVar[dict[str, str]] = {"signals": "1"}

    day = models.DateField(_("day"), unique=True, editable=False, help_text=_("Day of the organisation."))
    after = models.DateTimeField(
        _("after"), editable=False, help_text=_("It tells of signals that were opened later than this (UTC).")
    )
    until = models.DateTimeField(_("until"), editable=False, help_text=_("And not later than this (UTC)."))
    signals = models.PositiveIntegerField(
        _("signals"), editable=False, help_text=_("How many were new when it was made.")
    )

    class Meta:
        verbose_name = _("digest of signals")
        verbose_name_plural = _("digests of signals")

    def __str__(self) -> str:
        return self.day.isoformat()
