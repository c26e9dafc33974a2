"""What waves found, what was answered, and that a wave may be opened although answers are missing."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from baton.core.models.records import Record
from baton.core.texts import TextsField, say
from baton.feedback.models.labels import OF_WAVE, WAVE
from baton.feedback.models.questionnaires import REASON_LENGTH
from baton.feedback.models.waves import Wave, WaveLink
from baton.feedback.rules.findings import FindingState

FINDING_STATES = {
    FindingState.OPEN: pgettext_lazy("finding of a survey", "Not answered"),
    FindingState.ANSWERED: pgettext_lazy("finding of a survey", "Promised"),
    FindingState.DECLINED: pgettext_lazy("finding of a survey", "No action"),
    FindingState.DONE: pgettext_lazy("finding of a survey", "Done"),
}


class Finding(Record):
    """Something that those who answered found wanting in a supplier. Whoever leads it answers: what is done, by whom
    and by when; or why nothing is. All who could answer the wave read it."""

    kind = "finding"
    units: ClassVar[dict[str, str]] = {"mean": "1", "n": "answers", "low": "1", "high": "1"}

    number = models.CharField(
        _("number"), max_length=16, unique=True, editable=False, help_text=_("Spoken number, such as F-2026-0001.")
    )
    wave = models.ForeignKey(
        Wave, on_delete=models.PROTECT, related_name="findings", verbose_name=WAVE, help_text=OF_WAVE
    )
    supplier = models.ForeignKey(
        "chain.Party", on_delete=models.PROTECT, related_name="+", verbose_name=_("supplier"),
        help_text=_("Whose service it is about, and who answers."),
    )  # fmt: skip
    wave_link = models.ForeignKey(
        WaveLink, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("link"),
        help_text=_("About which link; empty: all links of the supplier."),
    )  # fmt: skip
    question = models.CharField(
        _("question"), max_length=61, blank=True, help_text=_("Key of the column of answers; empty: entered by hand.")
    )
    words = TextsField(pgettext_lazy("of a finding", "what was found"), help_text=_("In words, by language."))
    mean = models.FloatField(_("mean"), null=True, help_text=_("As it was published; empty: entered by hand."))
    n = models.PositiveIntegerField(_("answers"), null=True, help_text=_("On how many answers it rests."))
    low = models.FloatField(_("lower end"), null=True, help_text=_("Lower end of the scale of the mean."))
    high = models.FloatField(_("upper end"), null=True, help_text=_("Upper end of the scale of the mean."))
    answer_due_on = models.DateField(_("answer due on"), help_text=_("By which day it is to be answered."))
    state = models.CharField(
        pgettext_lazy("of a finding", "state"), max_length=8, default=FindingState.OPEN, editable=False,
        choices=[(state.value, label) for state, label in FINDING_STATES.items()], help_text=_("What became of it."),
    )  # fmt: skip
    answer = models.TextField(
        _("answer"), blank=True, help_text=_("What is done, or why nothing is; empty: not answered.")
    )
    owner = models.ForeignKey(
        "core.Person", on_delete=models.PROTECT, null=True, related_name="+",
        verbose_name=pgettext_lazy("of a finding", "by whom"), help_text=_("Who sees to it; empty: nobody yet."),
    )  # fmt: skip
    promised_for = models.DateField(
        _("by when"), null=True, help_text=_("By which day it is to be done; empty: nothing is promised.")
    )
    answered_at = models.DateTimeField(
        _("answered at"), null=True, editable=False, help_text=_("When it was answered; empty: it is not.")
    )
    done_on = models.DateField(_("done on"), null=True, help_text=_("On which day it was done; empty: it is not."))
    outcome = models.TextField(_("what was done"), blank=True, help_text=_("For all who could answer."))

    class Meta:
        verbose_name = _("finding")
        verbose_name_plural = _("findings")
        constraints = (
            models.UniqueConstraint(
                fields=["wave", "supplier", "question"], condition=~Q(question="") & Q(wave_link__isnull=True),
                name="feedback_found_once",
            ),
            models.CheckConstraint(
                condition=Q(state=FindingState.OPEN, answered_at__isnull=True, answer="")
                | (~Q(state=FindingState.OPEN) & Q(answered_at__isnull=False) & ~Q(answer="")),
                name="feedback_finding_answered_with_words",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[FindingState.ANSWERED, FindingState.DONE])
                | Q(owner__isnull=False, promised_for__isnull=False),
                name="feedback_finding_promised_with_day",
            ),
            models.CheckConstraint(
                condition=Q(state=FindingState.DONE, done_on__isnull=False)
                | (~Q(state=FindingState.DONE) & Q(done_on__isnull=True)),
                name="feedback_finding_done_with_day",
            ),
        )  # fmt: skip

    def __str__(self) -> str:
        return say(self.words) or self.number


class WaveException(Record):
    """That a wave may be opened although findings of earlier waves are not answered. It counts once the director has
    signed it, for the findings that stand in it."""

    kind = "wave_exception"

    wave = models.ForeignKey(
        Wave, on_delete=models.PROTECT, related_name="exceptions", verbose_name=WAVE, help_text=OF_WAVE
    )
    reason = models.CharField(
        _("reason"), max_length=REASON_LENGTH, help_text=_("Why people are asked anew before they were answered.")
    )
    findings = models.JSONField(
        _("findings"), default=list, help_text=_("Numbers of the findings that were not answered then.")
    )

    class Meta:
        verbose_name = _("exception for a wave")
        verbose_name_plural = _("exceptions for waves")

    def __str__(self) -> str:
        return self.reason
