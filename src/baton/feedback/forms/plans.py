"""Forms of plans by which surveys come again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, time
from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from baton.chain import queries as chain
from baton.chain.forms.choosing import Offered, offer
from baton.core.actors import Actor
from baton.core.choosing_people import PersonField
from baton.core.forms import RecordForm, text_field, text_label
from baton.feedback.changes import PlanGiven
from baton.feedback.changes.checks import INTRO_LENGTH
from baton.feedback.forms.half_widths import HalfWidthField
from baton.feedback.models import Questionnaire, SurveyPlan, Wave
from baton.feedback.models.plans import FORMULAS, HOLIDAYS, LINK_RULES
from baton.feedback.models.questionnaires import REASON_LENGTH
from baton.feedback.pages.results import words_of
from baton.feedback.queries.choosing import NUMBERS_LENGTH, links_by_rule
from baton.feedback.queries.plans import ENDED, LIVE, PAUSED, PlanFilters, numbers_of_plan
from baton.feedback.rules import FEWEST, FEWEST_COMMENTS, Mode, scored_of
from baton.feedback.rules.asking import WINDOW_DAYS, LinkRule
from baton.feedback.rules.plans import (
    AHEAD_DAYS,
    FIGURE_OF,
    OPEN_DAYS,
    TITLE_LENGTH,
    USUAL_AHEAD_DAYS,
    USUAL_OPEN_DAYS,
    Formula,
)
from baton.feedback.rules.published import figures_of
from baton.handoffs.forms.fields import AmountField
from baton.handoffs.forms.recurrence import MONTHLY, OTHER, RecurrenceForm, pattern_of
from baton.handoffs.rules.standing import Off

STATES = [
    (LIVE, pgettext_lazy("survey plans", "That run")), (PAUSED, pgettext_lazy("survey plans", "Paused")),
    (ENDED, pgettext_lazy("survey plans", "Ended")), ("all", _("All")),
]  # fmt: skip
MONTHS = (1, 2, 3, 4, 6, 12)
_PATTERNS = [
    (MONTHLY, _("On a day of the month, every so many months")), (OTHER, _("By a rule of its own")),
]  # fmt: skip


class PlanFilterForm(forms.Form):
    """What the list of plans shows; anything that makes no sense is left out."""

    q = forms.CharField(label=_("Search"), required=False, widget=forms.TextInput(attrs={"type": "search"}))
    state = forms.ChoiceField(label=_("State"), required=False, choices=STATES, initial=LIVE)


def asked_plans(asked: Mapping[str, str]) -> PlanFilters:
    """The filters of an address."""
    state = asked.get("state", "")
    return PlanFilters(
        search=asked.get("q", ""), state=state if state in dict(STATES) else LIVE, order=asked.get("order", "name")
    )


class PlanForm(RecurrenceForm):
    """What is asked again and again, about which links, when, and how."""

    texts: ClassVar[Mapping[str, Any]] = {"title": _("Title"), "intro": _("What people read first")}
    optional_texts = frozenset({"intro"})
    text_length = TITLE_LENGTH
    field_order = (
        "title", "questionnaire", "link_rule", "party", "numbers", "pattern", "months", "month_day", "rule", "begins",
        "off", "starts_on", "ends_on", "open_days", "ahead_days", "opens_itself", "led_by", "intro", "mode",
        "window_days", "half_width", "least", "least_comments", "reminds", "collector",
    )  # fmt: skip

    headings = (
        (_("What is asked, and about what"), frozenset({"title", "questionnaire", "link_rule", "party", "numbers"})),
        (_("When"), frozenset({
            "pattern", "months", "month_day", "rule", "begins", "off", "starts_on", "ends_on", "open_days",
        })),
        (_("Who prepares it, and how it opens"), frozenset({"ahead_days", "opens_itself", "led_by"})),
        (_("Who is asked, and how"), frozenset({"intro", "mode", "window_days", "half_width", "reminds"})),
        (_("What protects who answers"), frozenset({"least", "least_comments", "collector"})),
    )  # fmt: skip

    questionnaire = forms.ChoiceField(label=_("Questionnaire"))
    link_rule = forms.ChoiceField(
        label=_("Which links"), widget=forms.RadioSelect, initial=LinkRule.SUPPLIER,
        choices=[(rule.value, label) for rule, label in LINK_RULES.items()],
        help_text=_("Those that are in force when a survey is prepared."),
    )  # fmt: skip
    party = forms.ChoiceField(
        label=_("Department or part"), required=False, help_text=_("All that stands in it is meant, too.")
    )
    numbers = forms.CharField(
        label=_("Numbers of links"), required=False, max_length=NUMBERS_LENGTH,
        help_text=_("Only for links by their numbers: L-2026-0001, L-2026-0002"),
    )  # fmt: skip
    pattern = forms.ChoiceField(label=_("How often"), widget=forms.RadioSelect, initial=MONTHLY, choices=_PATTERNS)
    months = forms.TypedChoiceField(
        label=_("Every so many months"), required=False, coerce=int, initial=3,
        choices=[(one, str(one)) for one in MONTHS],
        help_text=_("Counted from the month of the first day: 3 is every quarter, 12 once a year."),
    )  # fmt: skip
    off = forms.TypedChoiceField(
        label=_("On a holiday"), coerce=Off, choices=[(one.value, label) for one, label in HOLIDAYS.items()],
        initial=Off.NEXT.value,
    )  # fmt: skip
    open_days = forms.IntegerField(
        label=_("Days open"), initial=USUAL_OPEN_DAYS, min_value=OPEN_DAYS.start, max_value=OPEN_DAYS.stop - 1
    )
    ahead_days = forms.IntegerField(
        label=_("Prepared days before"), initial=USUAL_AHEAD_DAYS, min_value=AHEAD_DAYS.start,
        max_value=AHEAD_DAYS.stop - 1, help_text=_("So that there is time to look at whom it asks."),
    )  # fmt: skip
    opens_itself = forms.BooleanField(
        label=_("Opens by itself"), required=False,
        help_text=_(
            "On its day, where nothing stands against it: findings that nobody has answered, or so few to ask that"
            " nothing would ever be shown. Otherwise you are told, and it is tried again the next day."
        ),
    )  # fmt: skip
    led_by = PersonField(label=_("Who prepares"), required=False, help_text=_("A quality manager; empty: you."))
    mode = forms.ChoiceField(
        label=_("Anonymous or named"), widget=forms.RadioSelect, initial=Mode.ANONYMOUS,
        choices=[
            (Mode.ANONYMOUS.value, _("Anonymous: nobody, not even who runs the server, finds out who answered what")),
            (Mode.NAMED.value, _("Named: answers stand beside the name, and the page says so")),
        ],
    )  # fmt: skip
    window_days = forms.IntegerField(
        label=_("Days looked back"), initial=WINDOW_DAYS,
        help_text=_(
            "Who dealt with a link in so many days before is asked about it; nobody in two surveys within 30 days."
        ),
    )  # fmt: skip
    half_width = HalfWidthField(
        label=_("Half-width of the interval, in points of the scale"),
        help_text=_(
            "Empty: everybody is asked who may be. Otherwise so many, by chance, that means are known so well."
        ),
    )
    least = forms.IntegerField(label=_("Fewest answers for a figure"), initial=FEWEST)
    least_comments = forms.IntegerField(label=_("Fewest sheets for comments"), initial=FEWEST_COMMENTS)
    reminds = forms.BooleanField(
        label=_("Remind everybody"), required=False, initial=True,
        help_text=_("Half-way and a day before the end, whether or not somebody has answered."),
    )  # fmt: skip
    collector = PersonField(
        label=_("Outside collector"), required=False,
        help_text=_("Whoever runs it from outside, such as an agency. Empty: nobody."),
    )  # fmt: skip

    def __init__(
        self, *args: Any, viewer: Actor, questionnaires: Sequence[Questionnaire], parties: Sequence[Offered],
        record: SurveyPlan | None = None, **kwargs: Any,
    ) -> None:  # fmt: skip
        self._viewer, self._plan = viewer, record
        super().__init__(*args, record=record, **kwargs)
        del self.fields["weekdays"]
        self.fields["begins"].label = _("Opens at")
        for name, usual in (("begins", time(8)), ("month_day", 1)):
            self.initial.setdefault(name, usual)
        self._questionnaires = {one.public_id: one for one in questionnaires}
        offer(self, "questionnaire", questionnaires)
        offer(self, "party", parties)
        for name in ("collector", "led_by"):
            field = self.fields[name]
            assert isinstance(field, PersonField)
            field.viewer = viewer
        if record is not None:
            self.initial["collector"], self.initial["led_by"] = record.collector, record.led_by
        for code, language in settings.LANGUAGES:
            self.fields[text_field("intro", code)] = forms.CharField(
                label=text_label(self.texts["intro"], language), required=False, max_length=INTRO_LENGTH,
                widget=forms.Textarea(attrs={"rows": 3, "lang": code}),
            )  # fmt: skip
        self.order_fields(self._in_order())

    def clean(self) -> dict[str, Any]:
        """Each choice of links with what it needs."""
        data = super().clean()
        rule = data.get("link_rule")
        if rule == LinkRule.ONE and not data.get("numbers"):
            self.add_error("numbers", _("Numbers of links were expected for this choice. None was entered."))
        if rule and LinkRule(rule).is_of_party and not data.get("party"):
            self.add_error("party", _("A department was expected for this choice. None was chosen. Choose one."))
        return data

    def given(self, at: datetime) -> PlanGiven:
        """What the changes of plans take. Refused: a number that no live link has."""
        data, viewer = self.cleaned_data, self._viewer
        rule = LinkRule(data["link_rule"])
        one_by_one = rule is LinkRule.ONE
        return PlanGiven(
            title=data["title"], intro=data["intro"], questionnaire=self._questionnaires[data["questionnaire"]],
            link_rule=rule, rule=self.rule_given(), half_width=data["half_width"],
            party=chain.party(viewer=viewer, at=at, public_id=data["party"]) if rule.is_of_party else None,
            links=links_by_rule(viewer=viewer, at=at, rule=rule, numbers=data["numbers"]) if one_by_one else (),
            mode=Mode(data["mode"]),
            **{name: data[name] for name in _AS_THEY_ARE},
        )  # fmt: skip

    def _shown(self, values: Mapping[str, Any]) -> dict[str, Any]:
        shown = {**super()._shown(values), "party": values["party"] or ""}
        if self._plan is not None:
            shown["numbers"] = ", ".join(numbers_of_plan(viewer=self._viewer, plan=self._plan))
        pattern = pattern_of(values["rule"], MONTHS)
        if pattern["pattern"] != MONTHLY:
            pattern = {"pattern": OTHER, "rule": values["rule"]}
        return {**shown, **pattern}


_AS_THEY_ARE = (
    "begins", "starts_on", "ends_on", "off", "ahead_days", "open_days", "opens_itself", "least", "least_comments",
    "window_days", "reminds", "collector", "led_by",
)  # fmt: skip


class TargetForm(RecordForm):
    """What the results of a plan are to reach."""

    field_order = ("column", "formula", "percent", "baseline")

    column = forms.ChoiceField(label=_("Question"), help_text=_("Of which satisfaction is computed."))
    formula = forms.ChoiceField(
        label=_("Formula"), widget=forms.RadioSelect, initial=Formula.TOP2,
        choices=[(one.value, label) for one, label in FORMULAS.items()],
        help_text=_("80 % by one of them is not 80 % by another: results always name it."),
    )  # fmt: skip
    percent = AmountField(label=_("Target (%)"), required=True, help_text=_("At least so much."))
    baseline = forms.ChoiceField(
        label=_("Baseline"), required=False, help_text=_("Published survey from which it started; empty: none.")
    )

    def __init__(self, *args: Any, plan: SurveyPlan, waves: Sequence[Wave], **kwargs: Any) -> None:
        super().__init__(*args, record=plan, **kwargs)
        columns = [
            one for one in scored_of(plan.questionnaire.contents)
            if any(figure in figures_of(one) for figure in FIGURE_OF.values())
        ]  # fmt: skip
        field = self.fields["column"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(one.key, words_of(one)) for one in columns]
        self._waves = {one.public_id: one for one in waves}
        offer(self, "baseline", waves, nobody=_("None"))
        shown: dict[str, Any] = {"percent": "80", "baseline": ""}
        if plan.has_target:
            shown = {
                "column": plan.target_column, "formula": plan.target_formula, "percent": f"{plan.target_percent:g}",
                "baseline": plan.baseline.public_id if plan.baseline is not None else "",
            }  # fmt: skip
        self.initial = {**self.initial, **shown}

    def given(self) -> dict[str, Any]:
        """What :func:`baton.feedback.changes.set_target` takes."""
        data = self.cleaned_data
        return {
            "column": data["column"], "formula": Formula(data["formula"]), "percent": float(data["percent"]),
            "baseline": self._waves.get(data["baseline"]), "expected_seq": self.version,
        }  # fmt: skip

    def _shown(self, values: Mapping[str, Any]) -> dict[str, Any]:
        return {}


class EndPlanForm(RecordForm):
    """Why a plan ends."""

    reason = forms.CharField(label=_("Reason"), max_length=REASON_LENGTH, help_text=_("Stands in the history."))

    def _shown(self, values: Mapping[str, Any]) -> dict[str, Any]:
        return {}
