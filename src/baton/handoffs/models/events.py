"""What happened to a handoff after its first moments, and from which other handoffs it came."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from baton.core.models.records import Record
from baton.handoffs.models.handoffs import Handoff
from baton.handoffs.models.labels import (
    HANDOFF,
    OF_WHICH,
    SIDES,
    choice_field,
    moment_field,
    person_field,
    quantity_field,
)
from baton.handoffs.rules import NOTE_LENGTH, PRIORITY_LENGTH, REASON_LENGTH, Step

EVENTS = {
    Step.RECEIVE: pgettext_lazy("what happened", "Received"),
    Step.DELIVER: pgettext_lazy("what happened", "Delivered again"),
    Step.ACCEPT: pgettext_lazy("what happened", "Accepted"),
    Step.ACCEPT_PART: pgettext_lazy("what happened", "Accepted in part"),
    Step.RETURN: pgettext_lazy("what happened", "Returned"),
    Step.SHORTAGE: pgettext_lazy("what happened", "Part sent back or missing"),
    Step.REFUSE_REQUEST: pgettext_lazy("what happened", "Request sent back as incomplete"),
    Step.REFUSE_INPUT: pgettext_lazy("what happened", "Not taken: incomplete"),
    Step.COMPLETE: pgettext_lazy("what happened", "Request completed"),
    Step.WARN_LATE: pgettext_lazy("what happened", "Warned: will be late"),
    Step.WARN_SHORT: pgettext_lazy("what happened", "Warned: will be short"),
    Step.PAUSE: pgettext_lazy("what happened", "Paused"),
    Step.RESUME: pgettext_lazy("what happened", "Resumed"),
    Step.PRIORITY: pgettext_lazy("what happened", "Other priority"),
    Step.CONFIRM_SILENT: pgettext_lazy("what happened", "Not confirmed in time"),
    Step.CLOSE: pgettext_lazy("what happened", "Nothing more is owed"),
    Step.WITHDRAW: pgettext_lazy("what happened", "Withdrawn"),
}


class HandoffEvent(Record):
    """Something that happened to a handoff and is not one of its first moments: a return, a second delivery, a pause.

    ``at`` is when it happened, as told; the clocks are computed from it, in whatever order events were entered.
    """

    kind = "handoff_event"
    units: ClassVar[dict[str, str]] = {"quantity": "as the line says"}

    handoff = models.ForeignKey(
        Handoff, on_delete=models.PROTECT, related_name="events", verbose_name=HANDOFF, help_text=OF_WHICH
    )
    event = choice_field(_("event"), EVENTS, _("What happened."))
    at = models.DateTimeField(_("at"), help_text=_("When it happened (UTC)."))
    side = choice_field(_("side"), SIDES, _("Which side says so; empty: Baton itself."), blank=True)
    person = person_field(_("by"), _("Who says so; empty: Baton itself, or a machine."))
    reason = models.CharField(
        _("reason"), max_length=REASON_LENGTH, blank=True, help_text=_("Why, in the words of the link.")
    )
    priority = models.CharField(
        _("priority"), max_length=PRIORITY_LENGTH, blank=True, help_text=_("The priority that holds from then on.")
    )
    expected_at = moment_field(_("expected at"), _("When it comes instead, as the supplier says."))
    quantity = quantity_field(_("quantity"), _("How much comes, comes back or is missing."))
    note = models.CharField(_("note"), max_length=NOTE_LENGTH, blank=True, help_text=_("What else there is to say."))

    class Meta:
        verbose_name = _("event of a handoff")
        verbose_name_plural = _("events of handoffs")
        constraints = (
            models.CheckConstraint(
                condition=Q(quantity__isnull=True) | Q(quantity__gte=0), name="handoffs_event_quantity_of_0_or_more"
            ),
            models.CheckConstraint(
                condition=~Q(event=Step.PRIORITY) | ~Q(priority=""), name="handoffs_event_names_the_priority"
            ),
            models.CheckConstraint(
                condition=~Q(event=Step.WARN_LATE) | Q(expected_at__isnull=False), name="handoffs_warned_with_a_time"
            ),
        )

    def __str__(self) -> str:
        return f"{self.event} {self.at:%Y-%m-%d %H:%M}"


class Predecessor(Record):
    """That one handoff went into another: this lot was made of that one. What goes by the same reference on a link that
    leads to this one's supplier is found without it."""

    kind = "handoff_origin"

    handoff = models.ForeignKey(
        Handoff, on_delete=models.PROTECT, related_name="origins", verbose_name=HANDOFF,
        help_text=_("What was made of the other."),
    )  # fmt: skip
    predecessor = models.ForeignKey(
        Handoff, on_delete=models.PROTECT, related_name="successors", verbose_name=_("predecessor"),
        help_text=_("What went into it."),
    )  # fmt: skip
    ended_at = moment_field(_("taken back at"), _("When it was said not to be so; empty: it is."), editable=False)

    class Meta:
        verbose_name = _("predecessor of a handoff")
        verbose_name_plural = _("predecessors of handoffs")
        constraints = (
            models.UniqueConstraint(
                fields=["handoff", "predecessor"], condition=Q(ended_at__isnull=True), name="handoffs_origin_once"
            ),
            models.CheckConstraint(condition=~Q(handoff=F("predecessor")), name="handoffs_not_its_own_origin"),
        )

    def __str__(self) -> str:
        return f"{self.predecessor.number} → {self.handoff.number}"
