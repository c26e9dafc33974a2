"""What leaders promise their staff, with days on which it is due, and how it was kept."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from baton.agreements.models.agreements import Agreement
from baton.agreements.rules import LINE_LENGTH, NOTE_LENGTH
from baton.agreements.rules.leaders import Rhythm
from baton.core.models.records import Record

RHYTHMS = {
    Rhythm.ONCE: pgettext_lazy("how often", "Once"),
    Rhythm.WEEKLY: pgettext_lazy("how often", "Every week"),
    Rhythm.MONTHLY: pgettext_lazy("how often", "Every month"),
    Rhythm.QUARTERLY: pgettext_lazy("how often", "Every quarter"),
    Rhythm.YEARLY: pgettext_lazy("how often", "Every year"),
}


class LeaderPromise(Record):
    """The days on which a clause of a leader, who is the supplier of his staff, is due. They stand in what he signs,
    and do not change: another day is another promise."""

    kind = "leader_promise"

    agreement = models.ForeignKey(
        Agreement, on_delete=models.PROTECT, related_name="leader_promises", verbose_name=_("agreement"),
        help_text=_("In which it is promised."),
    )  # fmt: skip
    line = models.CharField(
        _("line"), max_length=LINE_LENGTH, editable=False, help_text=_("Line of the clause that promises it.")
    )
    due_on = models.DateField(_("due on"), help_text=_("The first day by which it is to be done."))
    rhythm = models.CharField(
        _("how often"), max_length=9, choices=[(rhythm.value, label) for rhythm, label in RHYTHMS.items()],
        help_text=_("How often it is due from the first day on."),
    )  # fmt: skip
    evidence = models.CharField(
        _("evidence"), max_length=NOTE_LENGTH, blank=True, help_text=_("What shows the staff that it was kept.")
    )
    ended_at = models.DateTimeField(
        _("ended at"), null=True, editable=False, help_text=_("From when on it is promised no more; empty: it is.")
    )
    ended_because = models.CharField(
        _("why it ended"), max_length=NOTE_LENGTH, blank=True, help_text=_("Why, for the staff; empty: it did not.")
    )

    class Meta:
        verbose_name = _("leader’s promise")
        verbose_name_plural = _("leaders’ promises")
        constraints = (
            models.UniqueConstraint(fields=["agreement", "line"], name="agreements_leader_promise_once"),
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.agreement} {self.due_on}"


class Fulfilment(Record):
    """That a leader did what was due on a day. What was entered by mistake is taken back, and stays in the history."""

    kind = "fulfilment"

    promise = models.ForeignKey(
        LeaderPromise, on_delete=models.PROTECT, related_name="fulfilments", verbose_name=_("leader’s promise"),
        help_text=_("What was promised."),
    )  # fmt: skip
    due_on = models.DateField(_("due on"), help_text=_("The day for which it counts."))
    done_on = models.DateField(_("done on"), help_text=_("The day on which it was done."))
    note = models.CharField(_("what was done"), max_length=NOTE_LENGTH, help_text=_("For the staff."))
    ended_at = models.DateTimeField(
        _("taken back at"), null=True, editable=False, help_text=_("When it was taken back; empty: it counts.")
    )
    ended_because = models.CharField(
        _("why it was taken back"), max_length=NOTE_LENGTH, blank=True, help_text=_("Why; empty: it was not.")
    )

    class Meta:
        verbose_name = _("kept promise")
        verbose_name_plural = _("kept promises")
        constraints = (
            models.UniqueConstraint(
                fields=["promise", "due_on"], condition=Q(ended_at__isnull=True), name="agreements_fulfilled_once"
            ),
        )  # fmt: skip

    def __str__(self) -> str:
        return self.note


class PromiseSeen(Record):
    """That somebody of the staff has seen a kept promise. Only how many did is shown."""

    kind = "promise_seen"

    fulfilment = models.ForeignKey(
        Fulfilment, on_delete=models.PROTECT, related_name="seen", verbose_name=_("kept promise"),
        help_text=_("What was seen."),
    )  # fmt: skip
    person = models.ForeignKey(
        "core.Person", on_delete=models.PROTECT, related_name="+", verbose_name=_("person"), help_text=_("Who saw it.")
    )

    class Meta:
        verbose_name = _("seen promise")
        verbose_name_plural = _("seen promises")
        constraints = (models.UniqueConstraint(fields=["fulfilment", "person"], name="agreements_seen_once"),)

    def __str__(self) -> str:
        return f"{self.fulfilment_id} {self.person_id}"
