"""Feedback that reaches the organisation, on whichever way, and what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from baton.core.models.records import Record
from baton.core.registries import Retention
from baton.feedback.rules.inbox import (
    NAME_LENGTH,
    REACH_LENGTH,
    RESPONSE_DAYS,
    WAITING,
    FeedbackCategory,
    FeedbackChannel,
    FeedbackState,
    FeedbackStep,
)

CATEGORIES = {
    FeedbackCategory.COMPLAINT: pgettext_lazy("feedback", "Complaint"),
    FeedbackCategory.SUGGESTION: pgettext_lazy("feedback", "Suggestion"),
    FeedbackCategory.COMPLIMENT: pgettext_lazy("feedback", "Compliment"),
    FeedbackCategory.QUESTION: pgettext_lazy("feedback", "Question"),
    FeedbackCategory.OTHER: pgettext_lazy("feedback", "Other"),
}
CHANNELS = {
    FeedbackChannel.BATON: pgettext_lazy("way of feedback", "In Baton"),
    FeedbackChannel.FORM: pgettext_lazy("way of feedback", "Open page"),
    FeedbackChannel.QR: pgettext_lazy("way of feedback", "QR code"),
    FeedbackChannel.EMAIL: pgettext_lazy("way of feedback", "E-mail"),
    FeedbackChannel.PAPER: pgettext_lazy("way of feedback", "Paper"),
    FeedbackChannel.TELEPHONE: pgettext_lazy("way of feedback", "Telephone"),
    FeedbackChannel.COLLEAGUE: pgettext_lazy("way of feedback", "Told to a colleague"),
}
FEEDBACK_STATES = {
    FeedbackState.OPEN: pgettext_lazy("feedback", "Waits for an outcome"),
    FeedbackState.PASSED: pgettext_lazy("feedback", "Passed on"),
    FeedbackState.ANSWERED: pgettext_lazy("feedback", "Answered"),
    FeedbackState.COMPLAINT: pgettext_lazy("feedback", "Complaint opened"),
    FeedbackState.THANKED: pgettext_lazy("feedback", "Thanks passed on"),
    FeedbackState.NO_ACTION: pgettext_lazy("feedback", "No action"),
}
FEEDBACK_STEPS = {
    FeedbackStep.PASS_ON: pgettext_lazy("feedback", "Passed on"),
    FeedbackStep.ANSWER: pgettext_lazy("feedback", "Answered"),
    FeedbackStep.THANK: pgettext_lazy("feedback", "Thanks passed on"),
    FeedbackStep.DECLINE: pgettext_lazy("feedback", "No action"),
    FeedbackStep.COMPLAIN: pgettext_lazy("feedback", "Complaint opened"),
}
_WAITING = sorted(one.value for one in WAITING)
_REACHING = Retention(1, pgettext_lazy("feedback", "Telling who gave feedback what became of it."))


class FeedbackItem(Record):
    """A complaint, suggestion, compliment, question or anything else that somebody tells. When an outcome is due
    follows from the moment at which it was received and the organisation's calendar; it is stored nowhere."""

    kind = "feedback_item"
    personal: ClassVar[Mapping[str, Retention]] = {"teller_name": _REACHING, "teller_reach": _REACHING}
    secret = frozenset({"words", "teller_name", "teller_reach", "message_digest"})
    units: ClassVar[dict[str, str]] = {"response_days": "working_d"}

    number = models.CharField(
        _("number"), max_length=16, unique=True, editable=False, help_text=_("Spoken number, such as FB-2026-0001.")
    )
    category = models.CharField(
        pgettext_lazy("feedback", "kind"), max_length=12, help_text=_("What is told."),
        choices=[(one.value, label) for one, label in CATEGORIES.items()],
    )  # fmt: skip
    channel = models.CharField(
        pgettext_lazy("feedback", "way"), max_length=12, help_text=_("On which way it came."),
        choices=[(one.value, label) for one, label in CHANNELS.items()],
    )  # fmt: skip
    words = models.TextField(pgettext_lazy("feedback", "words"), help_text=_("In the words of who told it."))
    language = models.CharField(
        _("language"), max_length=10, blank=True,
        help_text=_("Language of the page on which it was told; empty: not known."),
    )  # fmt: skip
    party = models.ForeignKey(
        "chain.Party", on_delete=models.PROTECT, null=True, related_name="+",
        verbose_name=pgettext_lazy("feedback", "about"), help_text=_("Whom it is about; empty: not said."),
    )  # fmt: skip
    link = models.ForeignKey(
        "chain.Link", on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("link"),
        help_text=_("Which link it is about; empty: none. Then it is about its supplier."),
    )  # fmt: skip
    holder = models.ForeignKey(
        "chain.Party", on_delete=models.PROTECT, null=True, related_name="+",
        verbose_name=pgettext_lazy("feedback", "lies with"),
        help_text=_("The party whose head owes the outcome; empty: the quality manager does."),
    )  # fmt: skip
    teller = models.ForeignKey(
        "core.Person", on_delete=models.PROTECT, null=True, related_name="+",
        verbose_name=pgettext_lazy("feedback", "who told it"), help_text=_("Who told it, signed in; empty: nobody."),
    )  # fmt: skip
    teller_name = models.CharField(
        pgettext_lazy("feedback", "name of who told it"), max_length=NAME_LENGTH, blank=True,
        help_text=_("As he gave it; empty: he gave none, or it was erased."),
    )  # fmt: skip
    teller_reach = models.CharField(
        pgettext_lazy("feedback", "how to reach him"), max_length=REACH_LENGTH, blank=True,
        help_text=_("Telephone or e-mail, as he gave it; empty: he gave none, or it was erased."),
    )  # fmt: skip
    taken_by = models.ForeignKey(
        "core.Person", on_delete=models.PROTECT, null=True, related_name="+",
        verbose_name=pgettext_lazy("feedback", "taken by"),
        help_text=_("Who received it and entered it; empty: who told it did so himself."),
    )  # fmt: skip
    received_at = models.DateTimeField(
        pgettext_lazy("feedback", "received at"), help_text=_("When it reached the organisation.")
    )
    response_days = models.PositiveSmallIntegerField(
        pgettext_lazy("feedback", "outcome within"), default=RESPONSE_DAYS, editable=False,
        help_text=_("Working days within which an outcome was promised when it was received."),
    )  # fmt: skip
    state = models.CharField(
        pgettext_lazy("feedback", "state"), max_length=10, default=FeedbackState.OPEN.value, editable=False,
        choices=[(one.value, label) for one, label in FEEDBACK_STATES.items()], help_text=_("Where it stands."),
    )  # fmt: skip
    dealt_at = models.DateTimeField(
        pgettext_lazy("feedback", "dealt with at"), null=True, editable=False,
        help_text=_("When it had its first outcome; empty: it has none."),
    )  # fmt: skip
    told_at = models.DateTimeField(
        _("told at"), null=True, editable=False,
        help_text=_("When those who owe the outcome were told that it is late; empty: not since the last step."),
    )  # fmt: skip
    erased_at = models.DateTimeField(
        pgettext_lazy("feedback", "names erased at"), null=True, editable=False,
        help_text=_("When name and how to reach were erased; empty: they were not."),
    )  # fmt: skip

    complaint = models.OneToOneField(
        "feedback.Complaint", on_delete=models.PROTECT, null=True, related_name="+", editable=False,
        verbose_name=_("complaint"), help_text=_("Which complaint was opened of it; empty: none."),
    )  # fmt: skip
    message_digest = models.CharField(
        pgettext_lazy("feedback", "digest of the e-mail"), max_length=64, blank=True, editable=False,
        help_text=_("SHA-256 of its Message-ID, so that it is kept once; empty: it was none."),
    )  # fmt: skip
    left_out = models.JSONField(
        pgettext_lazy("feedback", "left out"), default=list, blank=True, editable=False,
        help_text=_("What of an e-mail was not kept as it came: cut, attachments, html, unreadable."),
    )  # fmt: skip

    class Meta:
        verbose_name = pgettext_lazy("feedback", "feedback")
        verbose_name_plural = pgettext_lazy("feedback", "feedback items")
        constraints = (
            models.CheckConstraint(condition=~Q(words=""), name="feedback_item_says_something"),
            models.CheckConstraint(
                condition=Q(link__isnull=True) | Q(party__isnull=False), name="feedback_item_link_has_party"
            ),
            models.CheckConstraint(
                condition=Q(state__in=_WAITING, dealt_at__isnull=True)
                | (~Q(state__in=_WAITING) & Q(dealt_at__isnull=False)),
                name="feedback_item_over_when_dealt_with",
            ),
            models.CheckConstraint(
                condition=~Q(state=FeedbackState.COMPLAINT.value) | Q(complaint__isnull=False),
                name="feedback_item_names_its_complaint",
            ),
            models.CheckConstraint(
                condition=Q(erased_at__isnull=True) | Q(teller_name="", teller_reach=""),
                name="feedback_item_erased_is_empty",
            ),
            models.UniqueConstraint(
                fields=["message_digest"], condition=~Q(message_digest=""), name="feedback_item_mail_once"
            ),
        )
        indexes = (
            models.Index(fields=["state", "holder"], name="feedback_item_by_holder"),
            models.Index(fields=["received_at"], name="feedback_item_by_arrival"),
        )

    def __str__(self) -> str:
        return self.number


class FeedbackDoor(Record):
    """An open page on which anybody, without a sign-in, tells something about a party or link. Its public id is its
    address."""

    kind = "feedback_door"

    party = models.ForeignKey(
        "chain.Party", on_delete=models.PROTECT, related_name="+", verbose_name=pgettext_lazy("feedback", "about"),
        help_text=_("Whom is told about on this page."),
    )  # fmt: skip
    link = models.ForeignKey(
        "chain.Link", on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("link"),
        help_text=_("Which of its links it is about; empty: all that it does."),
    )  # fmt: skip
    closed_at = models.DateTimeField(
        pgettext_lazy("feedback", "closed at"), null=True, editable=False,
        help_text=_("From when on nobody tells anything here; empty: it is open."),
    )  # fmt: skip

    class Meta:
        verbose_name = pgettext_lazy("feedback", "open page for feedback")
        verbose_name_plural = pgettext_lazy("feedback", "open pages for feedback")
        constraints = (
            models.UniqueConstraint(
                fields=["party"], condition=Q(link__isnull=True, closed_at__isnull=True),
                name="feedback_one_open_door_a_party",
            ),
            models.UniqueConstraint(
                fields=["link"], condition=Q(closed_at__isnull=True), name="feedback_one_open_door_a_link"
            ),
        )  # fmt: skip

    def __str__(self) -> str:
        return str(self.party)


class FeedbackEvent(Record):
    """A step that was taken with feedback: passed on, answered, thanked, no action. Added, never changed."""

    kind = "feedback_event"
    secret = frozenset({"words"})

    item = models.ForeignKey(
        FeedbackItem, on_delete=models.PROTECT, related_name="events",
        verbose_name=pgettext_lazy("feedback", "feedback"), help_text=_("To which feedback it belongs."),
    )  # fmt: skip
    step = models.CharField(
        pgettext_lazy("feedback", "step"), max_length=8, help_text=_("What was done."),
        choices=[(one.value, label) for one, label in FEEDBACK_STEPS.items()],
    )  # fmt: skip
    person = models.ForeignKey(
        "core.Person", on_delete=models.PROTECT, related_name="+", verbose_name=_("who did it"),
        help_text=_("Who took the step."),
    )  # fmt: skip
    words = models.TextField(
        pgettext_lazy("feedback", "what was said"), blank=True,
        help_text=_("The answer, the thanks, or why nothing is done."),
    )  # fmt: skip
    party = models.ForeignKey(
        "chain.Party", on_delete=models.PROTECT, null=True, related_name="+",
        verbose_name=pgettext_lazy("feedback", "to whom"),
        help_text=_("To which party it was passed on, or whose people are thanked; empty: none."),
    )  # fmt: skip
    earner = models.ForeignKey(
        "core.Person", on_delete=models.PROTECT, null=True, related_name="+",
        verbose_name=pgettext_lazy("feedback", "who earned it"), help_text=_("Who is thanked; empty: nobody by name."),
    )  # fmt: skip

    class Meta:
        verbose_name = pgettext_lazy("feedback", "step of feedback")
        verbose_name_plural = pgettext_lazy("feedback", "steps of feedback")
        constraints = (
            models.CheckConstraint(
                condition=~Q(step=FeedbackStep.PASS_ON.value) | Q(party__isnull=False),
                name="feedback_passed_on_to_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(step=FeedbackStep.THANK.value) | Q(party__isnull=False) | Q(earner__isnull=False),
                name="feedback_somebody_is_thanked",
            ),
            models.CheckConstraint(
                condition=Q(step__in=[FeedbackStep.PASS_ON.value, FeedbackStep.COMPLAIN.value]) | ~Q(words=""),
                name="feedback_outcome_with_words",
            ),
        )

    def __str__(self) -> str:
        return str(self.get_step_display())
