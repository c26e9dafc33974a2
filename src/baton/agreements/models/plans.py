"""Joint quality plans of links, and who confirmed their editions and the minutes of meetings."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from baton.agreements.models.agreements import SIDES
from baton.agreements.models.labels import GOAL, POSITION, SIDE
from baton.agreements.models.reviews import ReviewMeeting
from baton.agreements.rules import LINE_LENGTH, NOTE_LENGTH
from baton.agreements.rules.plans import MEASURE_LENGTH, ItemState
from baton.agreements.rules.reviews import Keeping, keeping
from baton.core.models.records import Record
from baton.core.texts import TextsField, say

ITEM_STATES = {
    ItemState.PLANNED: pgettext_lazy("item of a quality plan", "Planned"),
    ItemState.DOING: pgettext_lazy("item of a quality plan", "In work"),
    ItemState.DONE: pgettext_lazy("item of a quality plan", "Done"),
    ItemState.DROPPED: pgettext_lazy("item of a quality plan", "Taken out"),
}


class QualityPlan(Record):
    """What both sides of a link do together so that the outside customer gets it right. A link has one at most; what
    it says stands in its goals and items, what both sides signed in its editions."""

    kind = "quality_plan"

    number = models.CharField(
        _("number"), max_length=16, unique=True, editable=False, help_text=_("Spoken number, such as QP-2026-0001.")
    )
    link = models.OneToOneField(
        "chain.Link", on_delete=models.PROTECT, related_name="+", verbose_name=_("link"), help_text=_("Of which link.")
    )
    search_text = models.TextField(_("search text"), editable=False, help_text=_("The number, folded."))

    class Meta:
        verbose_name = _("joint quality plan")
        verbose_name_plural = _("joint quality plans")

    def __str__(self) -> str:
        return self.number


class PlanGoal(Record):
    """What the plan is to reach for the outside customer."""

    kind = "plan_goal"
    units: ClassVar[dict[str, str]] = {"position": "1"}

    plan = models.ForeignKey(
        QualityPlan, on_delete=models.PROTECT, related_name="goals", verbose_name=_("joint quality plan"),
        help_text=_("Of which."),
    )  # fmt: skip
    position = models.PositiveSmallIntegerField(POSITION, help_text=_("Place in the plan, from 1 on."))
    words = TextsField(GOAL, help_text=_("What the outside customer gets, by language."))
    need = models.ForeignKey(
        "chain.OutsideNeed", on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("outside need"), help_text=_("The need that it serves; empty: not said."),
    )  # fmt: skip
    dropped = models.BooleanField(_("taken out"), default=False, help_text=_("Whether it was taken out of the plan."))

    class Meta:
        verbose_name = _("goal of a quality plan")
        verbose_name_plural = _("goals of quality plans")
        indexes = (models.Index(fields=["plan", "position"], name="agreements_goals_of_a_plan"),)

    def __str__(self) -> str:
        return say(self.words)


class PlanItem(Record):
    """What one side does for a goal: what, who, until when, how it is measured."""

    kind = "plan_item"
    units: ClassVar[dict[str, str]] = {"position": "1"}

    plan = models.ForeignKey(
        QualityPlan, on_delete=models.PROTECT, related_name="items", verbose_name=_("joint quality plan"),
        help_text=_("Of which."),
    )  # fmt: skip
    goal = models.ForeignKey(
        PlanGoal, on_delete=models.PROTECT, null=True, blank=True, related_name="items", verbose_name=GOAL,
        help_text=_("Which goal it serves; empty: none in particular."),
    )  # fmt: skip
    position = models.PositiveSmallIntegerField(POSITION, help_text=_("Place in the plan, from 1 on."))
    what = TextsField(_("what"), help_text=_("What is done, by language."))
    line = models.CharField(
        _("clause"),
        max_length=LINE_LENGTH,
        blank=True,
        help_text=_("Line of the clause that it supports; empty: none."),
    )
    side = models.CharField(
        SIDE, max_length=8, choices=[(side.value, label) for side, label in SIDES.items()],
        help_text=_("Which side sees to it."),
    )  # fmt: skip
    person = models.ForeignKey(
        "core.Person", on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("responsible"), help_text=_("Who of that side sees to it; empty: who leads it."),
    )  # fmt: skip
    due_on = models.DateField(_("due on"), null=True, blank=True, help_text=_("Until when; empty: it goes on."))
    state = models.CharField(
        _("state"), max_length=7, default=ItemState.PLANNED,
        choices=[(one.value, label) for one, label in ITEM_STATES.items()], help_text=_("How far it has come."),
    )  # fmt: skip
    done_on = models.DateField(_("done on"), null=True, blank=True, help_text=_("The day on which it was done."))
    measure = models.CharField(
        _("measure"), max_length=MEASURE_LENGTH, blank=True, help_text=_("By what is seen that it helps.")
    )
    target = models.CharField(
        _("target"), max_length=MEASURE_LENGTH, blank=True, help_text=_("What is to be reached, with its unit.")
    )
    note = models.CharField(_("note"), max_length=NOTE_LENGTH, blank=True, help_text=_("What else is to be known."))
    changed_by = models.ForeignKey(
        "core.Person", on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("changed by"), help_text=_("Who changed it last; empty: Baton itself."),
    )  # fmt: skip
    changed_for = models.CharField(
        _("changed for"), max_length=8, blank=True, choices=[(side.value, label) for side, label in SIDES.items()],
        help_text=_("Of which side he is; empty: of neither, as the quality manager."),
    )  # fmt: skip
    changed_at = models.DateTimeField(_("changed at"), help_text=_("When it was changed last (UTC)."))

    class Meta:
        verbose_name = _("item of a quality plan")
        verbose_name_plural = _("items of quality plans")
        constraints = (
            models.CheckConstraint(
                condition=Q(state=ItemState.DONE, done_on__isnull=False)
                | (~Q(state=ItemState.DONE) & Q(done_on__isnull=True)),
                name="agreements_plan_item_done_on",
            ),
        )
        indexes = (
            models.Index(fields=["plan", "position"], name="agreements_items_of_a_plan"),
            models.Index(fields=["person", "state"], name="agreements_items_of_a_person"),
        )

    def __str__(self) -> str:
        return say(self.what)

    def keeping_on(self, day: date) -> Keeping:
        """How it is kept on a day; what has no day goes on until it is done."""
        if self.due_on is None:
            done = Keeping.KEPT if self.state == ItemState.DONE else Keeping.OPEN
            return Keeping.DROPPED if self.state == ItemState.DROPPED else done
        return keeping(self.due_on, day, done_on=self.done_on, dropped=self.state == ItemState.DROPPED)


class PlanEdition(Record):
    """The plan as it stood when it was issued, for both sides to sign. It is never changed."""

    kind = "plan_edition"
    units: ClassVar[dict[str, str]] = {"edition": "1", "plan_seq": "1"}

    plan = models.ForeignKey(
        QualityPlan, on_delete=models.PROTECT, related_name="editions", verbose_name=_("joint quality plan"),
        help_text=_("Of which."),
    )  # fmt: skip
    edition = models.PositiveIntegerField(_("edition"), help_text=_("1 for the first, 2 for the next."))
    content = models.JSONField(_("content"), help_text=_("Goals and items as they stood; people by their ids."))
    plan_seq = models.BigIntegerField(
        _("state of the plan"), help_text=_("Number of the audit entry of the plan’s last change before it.")
    )
    note = models.CharField(_("note"), max_length=NOTE_LENGTH, blank=True, help_text=_("What is new in it."))
    issued_at = models.DateTimeField(_("issued at"), help_text=_("When it was issued (UTC)."))
    issued_by = models.ForeignKey(
        "core.Person", on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("issued by"),
        help_text=_("Who issued it; empty: Baton itself."),
    )  # fmt: skip

    class Meta:
        verbose_name = _("edition of a quality plan")
        verbose_name_plural = _("editions of quality plans")
        constraints = (models.UniqueConstraint(fields=["plan", "edition"], name="agreements_plan_edition_once"),)

    def __str__(self) -> str:
        return f"{self.plan.number} e{self.edition}"


class Confirmation(Record):
    """That a side confirmed the minutes of a meeting, or signed an edition of a plan."""

    kind = "confirmation"

    meeting = models.ForeignKey(
        ReviewMeeting, on_delete=models.PROTECT, null=True, blank=True, related_name="confirmations",
        verbose_name=_("review meeting"), help_text=_("Whose minutes; empty: an edition of a plan."),
    )  # fmt: skip
    edition = models.ForeignKey(
        PlanEdition, on_delete=models.PROTECT, null=True, blank=True, related_name="confirmations",
        verbose_name=_("edition of a quality plan"), help_text=_("Which edition; empty: the minutes of a meeting."),
    )  # fmt: skip
    side = models.CharField(
        SIDE, max_length=8, choices=[(side.value, label) for side, label in SIDES.items()],
        help_text=_("Which side."),
    )  # fmt: skip
    signature = models.OneToOneField(
        "core.Signature", on_delete=models.PROTECT, related_name="+", verbose_name=_("signature"),
        help_text=_("With which signature."),
    )  # fmt: skip

    class Meta:
        verbose_name = _("confirmation of a side")
        verbose_name_plural = _("confirmations of sides")
        constraints = (
            models.CheckConstraint(
                condition=Q(meeting__isnull=True, edition__isnull=False)
                | Q(meeting__isnull=False, edition__isnull=True),
                name="agreements_confirms_one",
            ),
            models.UniqueConstraint(
                fields=["meeting", "side"], condition=Q(meeting__isnull=False), name="agreements_confirms_minutes_once"
            ),
            models.UniqueConstraint(
                fields=["edition", "side"], condition=Q(edition__isnull=False), name="agreements_signs_edition_once"
            ),
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.meeting or self.edition} {self.side}"
