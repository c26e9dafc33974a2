"""Plans by which surveys come again, as pages, lists and exports show them; what results reach of their targets."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext, pgettext_lazy

from baton.core import formats
from baton.core.actors import Actor
from baton.core.texts import say
from baton.feedback.models import PlannedWave, SurveyPlan, Wave
from baton.feedback.models.plans import FORMULAS, LINK_RULES
from baton.feedback.pages.results import words_of
from baton.feedback.pages.waves import SIGNS
from baton.feedback.queries.plans import PlanFilters, days_of_plan, listed_plans, next_openings, reached
from baton.feedback.queries.results import Group
from baton.feedback.rules import WaveState, scored_of
from baton.feedback.rules.asking import LinkRule
from baton.feedback.rules.plans import Formula, Reached
from baton.handoffs.forms.recurrence import how_often

ACTIONS: Mapping[str, tuple[Any, str]] = {
    "survey_plan.added": (pgettext_lazy("history", "Survey plan made"), "plus"),
    "survey_plan.changed": (pgettext_lazy("history", "Survey plan changed"), "pencil"),
    "survey_plan.links_chosen": (pgettext_lazy("history", "Links of a survey plan chosen"), "link"),
    "survey_plan.prepared": (pgettext_lazy("history", "Survey of a plan prepared"), "calendar"),
    "survey_plan.paused": (pgettext_lazy("history", "Survey plan paused"), "pause"),
    "survey_plan.resumed": (pgettext_lazy("history", "Survey plan goes on"), "play"),
    "survey_plan.ended": (pgettext_lazy("history", "Survey plan ended"), "circle-slash"),
    "survey_plan.target_set": (pgettext_lazy("history", "Target of a survey plan set"), "target"),
    "survey_plan.target_dropped": (pgettext_lazy("history", "Target of a survey plan taken away"), "target"),
    "planned_wave.prepared": (pgettext_lazy("history", "Day of a survey plan prepared"), "calendar"),
    "planned_wave.refused": (pgettext_lazy("history", "Survey of a plan could not be prepared"), "triangle-alert"),
    "planned_wave.opened": (pgettext_lazy("history", "Survey of a plan opened by itself"), "send"),
    "planned_wave.not_opened": (pgettext_lazy("history", "Survey of a plan not opened by itself"), "triangle-alert"),
    "planned_wave.to_try": (pgettext_lazy("history", "Survey of a plan to be tried again"), "refresh-cw"),
    "planned_wave.target_taken_over": (pgettext_lazy("history", "Survey takes over the target of its plan"), "target"),
}
"""What the trail says of plans and their days, and by which icon."""


def state_of(plan: SurveyPlan) -> tuple[str, str]:
    """The status of a plan and its word."""
    if plan.ended_at is not None:
        return "unknown", pgettext("survey plan", "Ended")
    if plan.paused_at is not None:
        return "at_risk", pgettext("survey plan", "Paused")
    return "kept", pgettext("survey plan", "Runs")


def about(plan: SurveyPlan) -> str:
    """Which links it means, in words."""
    said = str(LINK_RULES[LinkRule(plan.link_rule)])
    return formats.labelled(said, str(plan.party)) if plan.party is not None else said


def target_words(aimed: SurveyPlan | PlannedWave) -> str:
    """``80 %`` with its formula; empty where nothing is to be reached."""
    if aimed.target_percent is None:
        return ""
    said = pgettext("target of a survey", "at least {share}: {formula}")
    return said.format(
        share=formats.percent(aimed.target_percent / 100, 1), formula=FORMULAS[Formula(aimed.target_formula)]
    )


def rows(found: Iterable[SurveyPlan], viewer: Actor, at: datetime) -> list[dict[str, Any]]:
    """Lines of the list: each plan, how often, about what, and when the next survey opens."""
    lines = []
    for one in found:
        sign, word = state_of(one)
        due = next_openings(viewer=viewer, at=at, plan=one) if one.runs else []
        lines.append(
            {"plan": one, "often": how_often(one.rule), "about": about(one), "sign": sign, "word": word,
             "next": due[0] if due else None}
        )  # fmt: skip
    return lines


def plan_context(viewer: Actor, at: datetime, plan: SurveyPlan) -> dict[str, Any]:
    """What the page of a plan shows, but for its history and links."""
    return {
        **rows([plan], viewer, at)[0],
        "due": next_openings(viewer=viewer, at=at, plan=plan) if plan.runs else [],
        "days": [_day_shown(one) for one in days_of_plan(viewer=viewer, plan=plan)],
        "target": target_words(plan), "question": _question(plan),
    }  # fmt: skip


def header() -> Sequence[str]:
    """Names of the columns of the list of plans as a table."""
    return [
        _("Number"), _("Title"), _("Questionnaire"), _("Which links"), _("How often"), _("First day"), _("Last day"),
        _("Days open"), _("Prepared days before"), _("Opens by itself"), _("Anonymous or named"), _("Led by"),
        _("Next survey opens"), _("Question of the target"), _("Formula"), _("Target (%)"), _("Baseline"), _("State"),
        _("Why it ended"),
    ]  # fmt: skip


def table(found: Iterable[SurveyPlan], viewer: Actor, at: datetime) -> Iterator[Sequence[object]]:
    """A row for each plan."""
    for row in rows(found, viewer, at):
        one: SurveyPlan = row["plan"]
        formula = str(FORMULAS[Formula(one.target_formula)]) if one.has_target else ""
        yield [
            one.number, say(one.title), say(one.questionnaire.name), row["about"], row["often"], one.starts_on,
            one.ends_on, one.open_days, one.ahead_days, _("yes") if one.opens_itself else _("no"),
            str(one.get_mode_display()), str(one.led_by), row["next"], _question(one), formula, one.target_percent,
            one.baseline.number if one.baseline is not None else "", row["word"], one.ended_because,
        ]  # fmt: skip


def all_plans(viewer: Actor, at: datetime) -> Iterator[Sequence[object]]:
    """Every plan that the viewer may read."""
    return table(listed_plans(viewer=viewer, filters=PlanFilters(state="all")), viewer, at)


def target_shown(
    viewer: Actor, at: datetime, wave: Wave, planned: PlannedWave | None, group: Group
) -> dict[str, Any] | None:
    """What a group of answers of a published wave reached of the target of its plan, and what was reached at the
    baseline; None where the wave aims at nothing."""
    if planned is None or planned.target_percent is None:
        return None
    target = planned.target_percent
    here, cell = reached(viewer=viewer, at=at, planned=planned, wave=wave, group=group)
    column = next((one for one in scored_of(wave.contents) if one.key == planned.target_column), None)
    before = None
    if planned.baseline is not None:
        before, _cell = reached(viewer=viewer, at=at, planned=planned, wave=planned.baseline, group=group)
    shown = {
        "target": formats.percent(target / 100, 1),
        "formula": str(FORMULAS[Formula(planned.target_formula)]),
        "question": words_of(column) if column is not None else planned.target_column,
        "here": _figure(here), "before": _figure(before), "baseline": planned.baseline,
        "asked": cell is not None, "rounded": planned.target_formula != Formula.TOP2,
    }  # fmt: skip
    if here is None:
        return {**shown, "sign": "unknown", "word": _("not shown")}
    meets, sure = here.meets(target), here.is_sure(target)
    return {
        **shown, "sign": "kept" if meets else "broken", "word": _("reached") if meets else _("not reached"),
        "unsure": not sure,
    }  # fmt: skip


def _figure(one: Reached | None) -> dict[str, Any] | None:
    if one is None:
        return None
    interval = ""
    if one.lower is not None and one.upper is not None:
        low, high = formats.number(one.lower, 1), formats.number(one.upper, 1)
        interval = _("{low} to {high}").format(low=low, high=high)
    return {"percent": formats.percent(one.percent / 100, 1), "interval": interval, "n": one.n}


def _question(plan: SurveyPlan) -> str:
    column = next((one for one in scored_of(plan.questionnaire.contents) if one.key == plan.target_column), None)
    return words_of(column) if column is not None else plan.target_column


def _day_shown(day: PlannedWave) -> dict[str, Any]:
    """A day of a plan with the state of its survey, and what stands against it while somebody can mend that."""
    wave = day.wave
    waits = wave is None or wave.state == WaveState.DRAFT
    return {
        "day": day, "wave": wave, "sign": SIGNS[WaveState(wave.state)] if wave is not None else "at_risk",
        "word": str(wave.get_state_display()) if wave is not None else _("not prepared"),
        "trouble": say(day.trouble) if waits and day.trouble else "",
    }  # fmt: skip
