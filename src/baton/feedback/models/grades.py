"""Grades that heads give to departments, by name. Nothing here knows of surveys, and no survey knows of these."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from baton.core.models.records import Record
from baton.core.texts import TextsField, say
from baton.feedback.rules.grades import LOW, Grade, RoundState

REASON_LENGTH = 500
GRADES = {
    Grade.A: pgettext_lazy("grade", "A – excellent"),
    Grade.B: pgettext_lazy("grade", "B – good"),
    Grade.C: pgettext_lazy("grade", "C – acceptable"),
    Grade.D: pgettext_lazy("grade", "D – poor"),
    Grade.E: pgettext_lazy("grade", "E – unacceptable"),
    Grade.NONE: pgettext_lazy("grade", "Not able to judge"),
}
ROUND_STATES = {
    RoundState.OPEN: pgettext_lazy("round of grades", "Open"),
    RoundState.CLOSED: pgettext_lazy("round of grades", "Closed"),
    RoundState.WITHDRAWN: pgettext_lazy("round of grades", "Withdrawn"),
}
_LOW = sorted(one.value for one in LOW)


class GradeRound(Record):
    """That heads of departments grade those who served them between two days. What its state means:
    :class:`baton.feedback.rules.grades.RoundState`."""

    kind = "grade_round"

    number = models.CharField(
        _("number"), max_length=16, unique=True, editable=False, help_text=_("Spoken number, such as GR-2026-0001.")
    )
    title = TextsField(_("title"), help_text=_("What it is called, by language: third quarter."))
    began_on = models.DateField(_("graded from"), help_text=_("First day of the time that is graded."))
    until_on = models.DateField(_("graded until"), help_text=_("Last day of the time that is graded."))
    closes_on = models.DateField(_("last day"), help_text=_("On this day grades are still taken."))
    state = models.CharField(
        pgettext_lazy("of a round", "state"), max_length=9, default=RoundState.OPEN, editable=False,
        choices=[(state.value, label) for state, label in ROUND_STATES.items()], help_text=_("How far it has come."),
    )  # fmt: skip
    led_by = models.ForeignKey(
        "core.Person", on_delete=models.PROTECT, null=True, related_name="+", editable=False,
        verbose_name=_("led by"), help_text=_("Who opened it; empty: Baton itself."),
    )  # fmt: skip
    warned_at = models.DateTimeField(
        _("warned at"), null=True, editable=False,
        help_text=_("When those who had not graded were told that it closes; empty: not yet."),
    )  # fmt: skip
    closed_at = models.DateTimeField(
        _("closed at"), null=True, editable=False, help_text=_("When it was closed or withdrawn; empty: it is open.")
    )
    ended_because = models.CharField(
        _("why it ended"), max_length=REASON_LENGTH, blank=True,
        help_text=_("Why it was withdrawn or closed before its time; empty: its time was over."),
    )  # fmt: skip
    studies = models.JSONField(
        _("studies"), default=dict, editable=False,
        help_text=_("Who is mild and who is severe, and who favours whom; as it was computed when it closed."),
    )  # fmt: skip

    class Meta:
        verbose_name = _("round of grades")
        verbose_name_plural = _("rounds of grades")
        constraints = (
            models.CheckConstraint(condition=Q(until_on__gte=F("began_on")), name="feedback_round_until_after_from"),
            models.CheckConstraint(condition=Q(closes_on__gte=F("until_on")), name="feedback_round_closes_after_until"),
            models.CheckConstraint(
                condition=Q(state=RoundState.OPEN, closed_at__isnull=True)
                | (~Q(state=RoundState.OPEN) & Q(closed_at__isnull=False)),
                name="feedback_round_closed_with_time",
            ),
            models.UniqueConstraint(
                fields=["began_on", "until_on"], condition=~Q(state=RoundState.WITHDRAWN),
                name="feedback_one_round_a_period",
            ),
        )  # fmt: skip

    def __str__(self) -> str:
        return say(self.title) or self.number


class DepartmentGrade(Record):
    """What the head of one department says of one that served it, with his name, and what that one replies. It is there
    from the opening of the round on, empty until somebody grades."""

    kind = "department_grade"
    units: ClassVar[dict[str, str]] = {"attainment": "1"}

    round = models.ForeignKey(
        GradeRound, on_delete=models.PROTECT, related_name="grades", verbose_name=_("round"),
        help_text=_("Of which round."),
    )  # fmt: skip
    customer = models.ForeignKey(
        "chain.Party", on_delete=models.PROTECT, related_name="+", verbose_name=_("customer"),
        help_text=_("Whose head grades."),
    )  # fmt: skip
    supplier = models.ForeignKey(
        "chain.Party", on_delete=models.PROTECT, related_name="+", verbose_name=_("supplier"),
        help_text=_("Who is graded."),
    )  # fmt: skip
    attainment = models.FloatField(
        _("in time"), null=True, editable=False,
        help_text=_("Part of what was due in that time that came in time; empty: nothing had a time."),
    )  # fmt: skip
    grade = models.CharField(
        _("grade"), max_length=1, blank=True, choices=[(one.value, label) for one, label in GRADES.items()],
        help_text=_("A to E, N: not able to judge; empty: nobody has graded yet."),
    )  # fmt: skip
    reason = models.TextField(_("reason"), blank=True, help_text=_("Why; needed for D and E."))
    fact = models.TextField(
        _("fact"), blank=True, help_text=_("What happened, so that it can be looked up; needed for D and E.")
    )
    happened_on = models.DateField(
        _("happened on"), null=True, blank=True, help_text=_("On which day it happened; empty: no fact.")
    )
    handoff = models.ForeignKey(
        "handoffs.Handoff", on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=pgettext_lazy("one thing handed over", "handoff"),
        help_text=_("The handoff of which the fact tells; empty: none."),
    )  # fmt: skip
    given_by = models.ForeignKey(
        "core.Person", on_delete=models.PROTECT, null=True, related_name="+", editable=False,
        verbose_name=_("given by"), help_text=_("Who gave it, or changed it last; empty: nobody yet."),
    )  # fmt: skip
    given_at = models.DateTimeField(
        _("given at"), null=True, editable=False, help_text=_("When it was given or changed last; empty: it was not.")
    )
    reply = models.TextField(
        _("reply"), blank=True, help_text=_("What the department graded does about a D or E; empty: no reply.")
    )
    owner = models.ForeignKey(
        "core.Person", on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=pgettext_lazy("of a finding", "by whom"), help_text=_("Who sees to it; empty: no reply."),
    )  # fmt: skip
    promised_for = models.DateField(
        _("by when"), null=True, blank=True, help_text=_("By which day it is to be done; empty: no reply.")
    )
    replied_by = models.ForeignKey(
        "core.Person", on_delete=models.PROTECT, null=True, related_name="+", editable=False,
        verbose_name=_("replied by"), help_text=_("Who replied; empty: nobody."),
    )  # fmt: skip
    replied_at = models.DateTimeField(_("replied at"), null=True, editable=False, help_text=_("When; empty: no reply."))
    outcome = models.TextField(
        _("what was done"), blank=True, help_text=_("What became of what the reply promised; empty: it is not done.")
    )
    done_on = models.DateField(
        _("done on"), null=True, blank=True, help_text=_("On which day it was done; empty: it is not.")
    )
    done_by = models.ForeignKey(
        "core.Person", on_delete=models.PROTECT, null=True, related_name="+", editable=False,
        verbose_name=pgettext_lazy("of a promise", "said by"),
        help_text=_("Who said that it is done; empty: nobody."),
    )  # fmt: skip

    class Meta:
        verbose_name = _("grade of a department")
        verbose_name_plural = _("grades of departments")
        constraints = (
            models.UniqueConstraint(fields=["round", "customer", "supplier"], name="feedback_graded_once"),
            models.CheckConstraint(condition=~Q(customer=F("supplier")), name="feedback_nobody_grades_himself"),
            models.CheckConstraint(
                condition=Q(grade="", given_by__isnull=True, given_at__isnull=True, reason="", fact="",
                            happened_on__isnull=True, handoff__isnull=True)
                | (~Q(grade="") & Q(given_by__isnull=False, given_at__isnull=False)),
                name="feedback_grade_with_name_and_time",
            ),
            models.CheckConstraint(
                condition=~Q(grade__in=_LOW) | (~Q(reason="") & ~Q(fact="") & Q(happened_on__isnull=False)),
                name="feedback_low_grade_with_fact",
            ),
            models.CheckConstraint(
                condition=Q(reply="", owner__isnull=True, promised_for__isnull=True, replied_by__isnull=True,
                            replied_at__isnull=True)
                | (~Q(reply="") & Q(grade__in=_LOW, owner__isnull=False, promised_for__isnull=False,
                                    replied_by__isnull=False, replied_at__isnull=False)),
                name="feedback_reply_to_low_grade_complete",
            ),
            models.CheckConstraint(
                condition=Q(outcome="", done_on__isnull=True, done_by__isnull=True)
                | (~Q(outcome="") & ~Q(reply="") & Q(done_on__isnull=False, done_by__isnull=False)),
                name="feedback_grade_promise_done_complete",
            ),
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.customer_id} {self.supplier_id} {self.grade}"


class GradedLink(models.Model):
    """A link over which the customer got something from the supplier in the time that is graded."""

    units: ClassVar[dict[str, str]] = {"handoffs": "handoffs"}

    grade = models.ForeignKey(
        DepartmentGrade, on_delete=models.CASCADE, related_name="links", verbose_name=_("grade"),
        help_text=_("Of which grade."),
    )  # fmt: skip
    link = models.ForeignKey(
        "chain.Link", on_delete=models.PROTECT, related_name="+", verbose_name=_("link"), help_text=_("Which link.")
    )
    handoffs = models.PositiveIntegerField(
        pgettext_lazy("things handed over", "handoffs"), null=True,
        help_text=_("How many came over it in that time; empty: on this link none are recorded."),
    )  # fmt: skip

    class Meta:
        verbose_name = _("graded link")
        verbose_name_plural = _("graded links")
        constraints = (models.UniqueConstraint(fields=["grade", "link"], name="feedback_link_graded_once"),)

    def __str__(self) -> str:
        return f"{self.grade_id} {self.link_id}"
