"""Plans by which surveys come again, and what became of each of their days."""

from __future__ import annotations

from typing import ClassVar
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from baton.core.models.records import Record
from baton.core.texts import TextsField, say
from baton.feedback.models.labels import MODES
from baton.feedback.models.questionnaires import REASON_LENGTH, Questionnaire
from baton.feedback.models.waves import Asking, Wave
from baton.feedback.rules.asking import LinkRule
from baton.feedback.rules.plans import USUAL_AHEAD_DAYS, USUAL_OPEN_DAYS, Formula
from baton.feedback.rules.waves import FEWEST, FEWEST_COMMENTS, Mode
from baton.handoffs.rules.standing import RRULE_LENGTH, Off, Recurrence

FORMULAS = {
    Formula.TOP2: pgettext_lazy("formula of a target", "Share of the two highest answers (top-2-box)"),
    Formula.OF_HIGHEST: pgettext_lazy("formula of a target", "Mean divided by the highest answer (4.0 of 5 is 80 %)"),
    Formula.RESCALED: pgettext_lazy(
        "formula of a target", "How far up its scale the mean lies (4.0 from 1 to 5 is 75 %)"
    ),
}
LINK_RULES = {
    LinkRule.ALL: _("All links, those that come later too"),
    LinkRule.SUPPLIER: _("What a department hands over"),
    LinkRule.CUSTOMER: _("What a department gets"),
    LinkRule.WITHIN: _("What goes from one to another inside a part of the organisation"),
    LinkRule.ONE: _("Links by their numbers"),
}
_NO_PARTY = [one.value for one in LinkRule if not one.is_of_party]

HOLIDAYS = {
    Off.KEEP: pgettext_lazy("survey on a holiday", "Opens all the same"),
    Off.SKIP: pgettext_lazy("survey on a holiday", "Falls out"),
    Off.NEXT: pgettext_lazy("survey on a holiday", "Opens on the next working day"),
}


class Aimed(models.Model):
    """What results are to reach, by which formula, and from where it started."""

    target_column = models.CharField(
        _("question of the target"), max_length=64, blank=True, editable=False,
        help_text=_("Key of the question, and of its part where it has several; empty: there is no target."),
    )  # fmt: skip
    target_formula = models.CharField(
        _("formula of the target"), max_length=10, blank=True, editable=False,
        choices=[(one.value, label) for one, label in FORMULAS.items()],
        help_text=_("How satisfaction is computed in percent; empty: there is no target."),
    )  # fmt: skip
    target_percent = models.FloatField(
        _("target"), null=True, editable=False, validators=[MinValueValidator(0), MaxValueValidator(100)],
        help_text=_("What is to be reached; empty: there is no target."),
    )  # fmt: skip
    baseline = models.ForeignKey(
        Wave, on_delete=models.PROTECT, null=True, editable=False, related_name="+", verbose_name=_("baseline"),
        help_text=_("Published survey from which it started; empty: none."),
    )  # fmt: skip

    class Meta:
        abstract = True

    @property
    def has_target(self) -> bool:
        """Whether something is to be reached."""
        return self.target_percent is not None


def _whole_target(name: str) -> models.CheckConstraint:
    none = Q(target_column="", target_formula="", target_percent__isnull=True, baseline__isnull=True)
    return models.CheckConstraint(
        condition=none
        | (~Q(target_column="") & ~Q(target_formula="") & Q(target_percent__gt=0, target_percent__lte=100)),
        name=name,
    )


class SurveyPlan(Aimed, Asking, Record):
    """That a questionnaire is asked again and again about the same links. A job prepares each survey some days before
    its day; whoever leads the plan opens it, or the job does where the plan says so."""

    kind = "survey_plan"
    units: ClassVar[dict[str, str]] = {
        "least": "answers", "least_comments": "sheets", "window_days": "d", "half_width": "points of the scale",
        "ahead_days": "d", "open_days": "d", "target_percent": "%",
    }  # fmt: skip

    number = models.CharField(
        _("number"), max_length=16, unique=True, editable=False, help_text=_("Spoken number, such as SP-2026-0001.")
    )
    title = TextsField(
        pgettext_lazy("of a survey plan", "title"),
        help_text=_("What each of its surveys is called, with its day behind it, by language."),
    )
    sort_keys = models.JSONField(_("sort keys"), default=dict, editable=False, help_text=_("Sort key by language."))
    search_text = models.TextField(
        _("search text"), editable=False, help_text=_("Number and titles, folded for searching.")
    )
    intro = TextsField(_("first page"), blank=True, help_text=_("What those who are asked read first, by language."))
    questionnaire = models.ForeignKey(
        Questionnaire, on_delete=models.PROTECT, related_name="+", verbose_name=_("questionnaire"),
        help_text=_("What is asked."),
    )  # fmt: skip
    link_rule = models.CharField(
        _("which links"), max_length=8, choices=[(one.value, label) for one, label in LINK_RULES.items()],
        help_text=_("By what links are chosen anew each time."),
    )  # fmt: skip
    party = models.ForeignKey(
        "chain.Party", on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("department or part"),
        help_text=_("Whose links are meant, with all that stands in it; empty: links by their numbers."),
    )  # fmt: skip
    rule = models.CharField(
        _("recurrence"), max_length=RRULE_LENGTH, help_text=_("On which days, as RFC 5545 writes it.")
    )
    begins = models.TimeField(_("opens at"), help_text=_("By the clock of the organisation’s calendar."))
    off = models.CharField(
        _("on days off"), max_length=4, default=Off.NEXT,
        choices=[(one.value, label) for one, label in HOLIDAYS.items()],
        help_text=_("What becomes of it on a holiday."),
    )  # fmt: skip
    zone = models.CharField(_("time zone"), max_length=64, help_text=_("By whose clock it opens."))
    starts_on = models.DateField(_("from"), help_text=_("First day."))
    ends_on = models.DateField(_("until"), null=True, blank=True, help_text=_("Last day; empty: open."))
    ahead_days = models.PositiveSmallIntegerField(
        _("prepared days before"), default=USUAL_AHEAD_DAYS, help_text=_("So many days before it opens it is prepared.")
    )
    open_days = models.PositiveSmallIntegerField(
        _("days open"), default=USUAL_OPEN_DAYS, help_text=_("So many days people can answer.")
    )
    opens_itself = models.BooleanField(
        _("opens by itself"), default=False,
        help_text=_("Whether the job opens it on its day where nothing stands against it; else somebody does."),
    )  # fmt: skip
    mode = models.CharField(
        _("anonymous or named"), max_length=9, default=Mode.ANONYMOUS,
        choices=[(mode.value, label) for mode, label in MODES.items()],
        help_text=_("Whether answers stand beside names."),
    )  # fmt: skip
    led_by = models.ForeignKey(
        "core.Person", on_delete=models.PROTECT, related_name="+", verbose_name=_("led by"),
        help_text=_("Who is told when a survey is prepared, and opens it."),
    )  # fmt: skip
    least = models.PositiveSmallIntegerField(
        _("fewest answers"), default=FEWEST, help_text=_("On which a published figure rests.")
    )
    least_comments = models.PositiveSmallIntegerField(
        _("fewest sheets for comments"), default=FEWEST_COMMENTS, help_text=_("Among which comments are shown.")
    )
    seen_until = models.DateField(
        _("seen to until"), editable=False, help_text=_("Up to which of its days all is done or was left out.")
    )
    paused_at = models.DateTimeField(
        _("paused at"), null=True, editable=False, help_text=_("Since when nothing is prepared; empty: it runs.")
    )
    ended_at = models.DateTimeField(
        _("ended at"), null=True, editable=False, help_text=_("When it was ended; empty: it has not.")
    )
    ended_because = models.CharField(
        _("why it ended"), max_length=REASON_LENGTH, blank=True, help_text=_("Why; empty: it did not.")
    )

    class Meta:
        verbose_name = _("survey plan")
        verbose_name_plural = _("survey plans")
        constraints = (
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")), name="feedback_plan_ends_later"
            ),
            models.CheckConstraint(
                condition=Q(link_rule__in=_NO_PARTY, party__isnull=True)
                | (~Q(link_rule__in=_NO_PARTY) & Q(party__isnull=False)),
                name="feedback_plan_means_links",
            ),
            models.CheckConstraint(
                condition=Q(least__gte=FEWEST, least_comments__gte=FEWEST_COMMENTS) & Q(least_comments__gte=F("least")),
                name="feedback_plan_least",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_because="")
                | (Q(ended_at__isnull=False) & ~Q(ended_because="")),
                name="feedback_plan_ended_with_reason",
            ),
            _whole_target("feedback_plan_whole_target"),
        )  # fmt: skip

    def __str__(self) -> str:
        return say(self.title) or self.number

    @property
    def runs(self) -> bool:
        """Whether surveys are prepared by it."""
        return self.paused_at is None and self.ended_at is None

    @property
    def recurrence(self) -> Recurrence:
        """When its surveys open, as :mod:`baton.handoffs.rules.standing` reads it."""
        return Recurrence(
            rule=self.rule, begins=self.begins, minutes=0, off=Off(self.off),
            zone=ZoneInfo(self.zone or settings.TIME_ZONE), starts_on=self.starts_on, ends_on=self.ends_on,
        )  # fmt: skip


class PlanLink(models.Model):
    """A link that a plan names one by one."""

    plan = models.ForeignKey(
        SurveyPlan, on_delete=models.PROTECT, related_name="links", verbose_name=_("survey plan"),
        help_text=_("Of which plan."),
    )  # fmt: skip
    link = models.ForeignKey(
        "chain.Link", on_delete=models.PROTECT, related_name="+", verbose_name=_("link"),
        help_text=_("About which its surveys ask."),
    )  # fmt: skip

    class Meta:
        verbose_name = _("link of a survey plan")
        verbose_name_plural = _("links of survey plans")
        constraints = (models.UniqueConstraint(fields=["plan", "link"], name="feedback_link_once_a_plan"),)

    def __str__(self) -> str:
        return f"{self.plan_id} {self.link_id}"


class PlannedWave(Aimed, Record):
    """What became of a day of a plan: its survey, or why there is none yet. The target stands as it was when the survey
    was opened."""

    kind = "planned_wave"
    units: ClassVar[dict[str, str]] = {"target_percent": "%", "missed": "days"}

    plan = models.ForeignKey(
        SurveyPlan, on_delete=models.PROTECT, related_name="days", verbose_name=_("survey plan"),
        help_text=_("Of which plan."),
    )  # fmt: skip
    named_on = models.DateField(_("named day"), help_text=_("Day that the rule names; there is one survey of it."))
    opens_at = models.DateTimeField(_("opens at"), help_text=_("When it is to open (UTC)."))
    wave = models.OneToOneField(
        Wave, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("survey"),
        help_text=_("The survey; empty: none could be prepared."),
    )  # fmt: skip
    missed = models.PositiveIntegerField(
        _("days left out"), default=0,
        help_text=_("Earlier days that had passed, because nothing ran then, and are not made up for."),
    )  # fmt: skip
    trouble = TextsField(
        _("what stands against it"), blank=True, editable=False,
        help_text=_("Why it could not be prepared or opened when that was last tried, by language; empty: nothing."),
    )  # fmt: skip
    tried_on = models.DateField(_("last tried on"), editable=False, help_text=_("It is tried once a day."))

    class Meta:
        verbose_name = _("day of a survey plan")
        verbose_name_plural = _("days of survey plans")
        constraints = (
            models.UniqueConstraint(fields=["plan", "named_on"], name="feedback_planned_once"),
            _whole_target("feedback_planned_whole_target"),
        )

    def __str__(self) -> str:
        return f"{self.plan_id} {self.named_on.isoformat()}"
