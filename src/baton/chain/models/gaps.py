"""What people said to gaps of the chain."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from baton.chain.rules import Detector, GapReply
from baton.core.models.records import Record

DETECTORS = {
    Detector.OUTPUT_WITHOUT_OWNER: _("Output nobody answers for"),
    Detector.OUTPUT_WITH_TWO_OWNERS: _("Output that two answer for"),
    Detector.PARTY_WITHOUT_CUSTOMER: _("Party without a customer"),
    Detector.PERSON_WITHOUT_CUSTOMER: _("Person without a customer"),
    Detector.LINK_WITHOUT_NEED: _("Link that serves nobody outside"),
    Detector.ACCIDENTAL_SINGLE_SOURCE: _("Single source that nobody chose"),
    Detector.CYCLE: _("Work that goes round in a circle"),
    Detector.UNDECLARED: _("Work handed over without a link"),
    Detector.MISSING: _("Link without work"),
    Detector.DEAD: _("Link that has gone quiet"),
    Detector.BYPASS: _("Work that goes past a link"),
}
REPLIES = {
    GapReply.ASSIGNED: _("Assigned"),
    GapReply.NO_DEALINGS: _("No dealings"),
    GapReply.ACCEPTED: _("Accepted as it is"),
}


class GapAnswer(Record):
    """What somebody said to a gap. The newest one that is not withdrawn holds; see
    :class:`baton.chain.rules.GapReply`.

    Gaps themselves are never stored: they are found anew from the chain each time, and a gap that is no more needs no
    answer. ``key`` names what the gap is about: public ids, sorted where the order says nothing.
    """

    kind = "gap_answer"
    units: ClassVar[dict[str, str]] = {"weight": "1"}

    detector = models.CharField(
        _("gap"), max_length=30, choices=[(detector.value, label) for detector, label in DETECTORS.items()],
        help_text=_("Which kind of gap."),
    )  # fmt: skip
    key = models.CharField(_("about"), max_length=255, help_text=_("Public ids of what the gap is about."))
    reply = models.CharField(
        _("answer"), max_length=12, choices=[(reply.value, label) for reply, label in REPLIES.items()],
        help_text=_("Assigned to somebody, no dealings, or accepted as it is."),
    )  # fmt: skip
    reason = models.CharField(_("reason"), max_length=200, blank=True, help_text=_("Why; in the open, for all."))
    assignee = models.ForeignKey(
        "core.Person", on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("assigned to"),
        help_text=_("Who is to close it."),
    )  # fmt: skip
    due_on = models.DateField(_("due"), null=True, blank=True, help_text=_("Day by which it should be closed."))
    weight = models.PositiveBigIntegerField(
        _("evidence"), default=0, editable=False,
        help_text=_("How much the data spoke for the gap when it was answered, such as handovers."),
    )  # fmt: skip
    withdrawn = models.BooleanField(_("withdrawn"), default=False, help_text=_("Whether the answer was taken back."))

    class Meta:
        verbose_name = _("answer to a gap")
        verbose_name_plural = _("answers to gaps")
        constraints = (
            models.UniqueConstraint(
                fields=["detector", "key"], condition=Q(withdrawn=False), name="chain_one_answer_a_gap"
            ),
            models.CheckConstraint(
                condition=Q(reply=GapReply.ASSIGNED, assignee__isnull=False)
                | (~Q(reply=GapReply.ASSIGNED) & Q(assignee__isnull=True, due_on__isnull=True)),
                name="chain_assigned_gap_has_somebody",
            ),
            models.CheckConstraint(
                condition=Q(reply=GapReply.ASSIGNED) | ~Q(reason=""), name="chain_gap_accepted_with_a_reason"
            ),
        )

    def __str__(self) -> str:
        return f"{self.detector} {self.key}"
