"""What employees need to serve their customers well, and what was answered."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from baton.core.models.records import Record
from baton.feedback.rules.needs import RESPONSE_DAYS, Addressee, NeedCategory, NeedState, NeedStep

CATEGORIES = {
    NeedCategory.TRAINING: pgettext_lazy("employee's need", "Training and development"),
    NeedCategory.RECOGNITION: pgettext_lazy("employee's need", "Rewards and recognition"),
    NeedCategory.TOOLS: pgettext_lazy("employee's need", "Tools and equipment"),
    NeedCategory.MATERIAL: pgettext_lazy("employee's need", "Material"),
    NeedCategory.INFORMATION: pgettext_lazy("employee's need", "Information"),
}
ADDRESSEES = {
    Addressee.HEAD: pgettext_lazy("employee's need", "Head of the department"),
    Addressee.QUALITY: pgettext_lazy("employee's need", "Quality manager"),
}
NEED_STATES = {
    NeedState.ASKED: pgettext_lazy("employee's need", "Waits for an answer"),
    NeedState.PROMISED: pgettext_lazy("employee's need", "Promised"),
    NeedState.DECLINED: pgettext_lazy("employee's need", "Declined"),
    NeedState.MET: pgettext_lazy("employee's need", "Met"),
    NeedState.UNMET: pgettext_lazy("employee's need", "Not met"),
    NeedState.WITHDRAWN: pgettext_lazy("employee's need", "Taken back"),
}
NEED_STEPS = {
    NeedStep.PROMISE: pgettext_lazy("employee's need", "Promised"),
    NeedStep.DECLINE: pgettext_lazy("employee's need", "Declined"),
    NeedStep.MEET: pgettext_lazy("employee's need", "Met"),
    NeedStep.MISS: pgettext_lazy("employee's need", "Not met"),
    NeedStep.WITHDRAW: pgettext_lazy("employee's need", "Taken back"),
}


class EmployeeNeed(Record):
    """Something that somebody who works here needs to serve his customer well. When an answer is due follows from the
    moment at which he asked and the organisation's calendar, whenever it is asked for; it is stored nowhere."""

    kind = "employee_need"
    secret = frozenset({"words"})
    units: ClassVar[dict[str, str]] = {"response_days": "working_d"}

    number = models.CharField(
        _("number"), max_length=16, unique=True, editable=False, help_text=_("Spoken number, such as EN-2026-0001.")
    )
    asker = models.ForeignKey(
        "core.Person", on_delete=models.PROTECT, related_name="+", verbose_name=_("who asks"),
        help_text=_("Who needs it."),
    )  # fmt: skip
    department = models.ForeignKey(
        "chain.Party", on_delete=models.PROTECT, related_name="+", verbose_name=_("department"),
        help_text=_("Where he works that needs it."),
    )  # fmt: skip
    category = models.CharField(
        pgettext_lazy("employee's need", "category"), max_length=12, help_text=_("What kind of thing is needed."),
        choices=[(one.value, label) for one, label in CATEGORIES.items()],
    )  # fmt: skip
    addressee = models.CharField(
        _("addressed to"), max_length=8, help_text=_("Who is asked for it, and reads it."),
        choices=[(one.value, label) for one, label in ADDRESSEES.items()],
    )  # fmt: skip
    words = models.TextField(
        pgettext_lazy("employee's need", "what is needed"), help_text=_("In the words of who asks.")
    )
    response_days = models.PositiveSmallIntegerField(
        _("answer within"), default=RESPONSE_DAYS, editable=False,
        help_text=_("Working days within which an answer was promised when it was asked."),
    )  # fmt: skip
    state = models.CharField(
        pgettext_lazy("employee's need", "state"), max_length=10, default=NeedState.ASKED, editable=False,
        choices=[(one.value, label) for one, label in NEED_STATES.items()], help_text=_("How far it has come."),
    )  # fmt: skip
    told_at = models.DateTimeField(
        _("told at"), null=True, editable=False,
        help_text=_("When both were told that it is late; empty: not since the last step."),
    )  # fmt: skip

    class Meta:
        verbose_name = _("need of an employee")
        verbose_name_plural = _("needs of employees")
        indexes = (models.Index(fields=["department", "state"], name="feedback_need_by_department"),)

    def __str__(self) -> str:
        return self.number


class NeedEvent(Record):
    """A step that was taken with a need: answered, met, not met, taken back. Added, never changed."""

    kind = "need_event"
    secret = frozenset({"words"})

    need = models.ForeignKey(
        EmployeeNeed, on_delete=models.PROTECT, related_name="events", verbose_name=_("need of an employee"),
        help_text=_("To which need it belongs."),
    )  # fmt: skip
    step = models.CharField(
        pgettext_lazy("employee's need", "step"), max_length=8, help_text=_("What was done."),
        choices=[(one.value, label) for one, label in NEED_STEPS.items()],
    )  # fmt: skip
    person = models.ForeignKey(
        "core.Person", on_delete=models.PROTECT, related_name="+", verbose_name=_("who did it"),
        help_text=_("Who answered, or asked."),
    )  # fmt: skip
    words = models.TextField(
        pgettext_lazy("employee's need", "what was said"), blank=True,
        help_text=_("What is done, why nothing is, or what is missing still."),
    )  # fmt: skip
    owner = models.ForeignKey(
        "core.Person", on_delete=models.PROTECT, null=True, related_name="+",
        verbose_name=pgettext_lazy("of a finding", "by whom"),
        help_text=_("Who sees to it; empty: nothing is promised."),
    )  # fmt: skip
    promised_for = models.DateField(
        _("by when"), null=True, help_text=_("By which day it is to be done; empty: nothing is promised.")
    )

    class Meta:
        verbose_name = _("step of an employee’s need")
        verbose_name_plural = _("steps of employees’ needs")
        constraints = (
            models.CheckConstraint(
                condition=Q(step=NeedStep.PROMISE, owner__isnull=False, promised_for__isnull=False)
                | (~Q(step=NeedStep.PROMISE) & Q(owner__isnull=True, promised_for__isnull=True)),
                name="feedback_need_promised_with_day",
            ),
            models.CheckConstraint(
                condition=~Q(step__in=[NeedStep.PROMISE, NeedStep.DECLINE, NeedStep.MISS]) | ~Q(words=""),
                name="feedback_need_answered_with_words",
            ),
        )

    def __str__(self) -> str:
        return str(self.get_step_display())
