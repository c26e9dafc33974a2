"""What customers of links expect."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from baton.core.models.records import Record
from baton.core.texts import TextsField, say
from baton.feedback.models.questionnaires import REASON_LENGTH
from baton.feedback.rules.expectations import Channel

CHANNELS = {
    Channel.SURVEY: pgettext_lazy("how it was learned", "Survey"),
    Channel.CONVERSATION: pgettext_lazy("how it was learned", "Conversation"),
    Channel.COMPLAINT: pgettext_lazy("how it was learned", "Complaint or return"),
    Channel.VISIT: pgettext_lazy("how it was learned", "Visit"),
    Channel.GROUP: pgettext_lazy("how it was learned", "Workshop or focus group"),
    Channel.DOCUMENT: pgettext_lazy("how it was learned", "Contract, rule or order"),
}


class Expectation(Record):
    """Something that the customer of a link expects, in his words, and when somebody last made sure that he does."""

    kind = "expectation"

    link = models.ForeignKey(
        "chain.Link", on_delete=models.PROTECT, related_name="+", verbose_name=_("link"),
        help_text=_("On which link it is expected."),
    )  # fmt: skip
    words = TextsField(
        pgettext_lazy("of an expectation", "what is expected"), help_text=_("In the customer’s words, by language.")
    )
    channel = models.CharField(
        _("learned by"), max_length=12, choices=[(one.value, label) for one, label in CHANNELS.items()],
        help_text=_("How it was learned first."),
    )  # fmt: skip
    learned_on = models.DateField(_("learned on"), help_text=_("On which day it was learned first."))
    confirmed_on = models.DateField(
        _("last confirmed on"), help_text=_("On which day somebody last made sure that the customer still expects it.")
    )
    told_at = models.DateTimeField(
        _("told at"), null=True, editable=False,
        help_text=_("When the supplier was told that nobody has confirmed it for long; empty: not since."),
    )  # fmt: skip
    ended_at = models.DateTimeField(
        _("ended at"), null=True, editable=False, help_text=_("From when on it is expected no more; empty: it is.")
    )
    ended_because = models.CharField(
        _("why it ended"), max_length=REASON_LENGTH, blank=True, help_text=_("Why; empty: it did not.")
    )

    class Meta:
        verbose_name = _("expectation")
        verbose_name_plural = _("expectations")
        constraints = (
            models.CheckConstraint(
                condition=Q(confirmed_on__gte=F("learned_on")), name="feedback_confirmed_after_learned"
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_because="")
                | (Q(ended_at__isnull=False) & ~Q(ended_because="")),
                name="feedback_expectation_ended_with_reason",
            ),
        )

    def __str__(self) -> str:
        return say(self.words)
