"""Plans by which surveys come again are made, changed, paused and ended, and aim at something."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from django.conf import settings

from baton.agreements.changes.checks import refuse
from baton.core.actors import Actor
from baton.core.audit.trail import Trail, change
from baton.core.changes import next_number
from baton.core.days import day_of
from baton.core.errors import Refused
from baton.core.policy import demand
from baton.core.queries import people_holding
from baton.core.queries.calendars import default_calendar
from baton.core.rules import Role
from baton.core.texts import folded, sort_keys
from baton.feedback import policy
from baton.feedback.changes.asking import demand_rule
from baton.feedback.changes.checks import INTRO_LENGTH, reason_given, texts_given
from baton.feedback.changes.waves import demand_thresholds, demand_used
from baton.feedback.models import PlanLink, PlannedWave, Questionnaire, SurveyPlan, Wave
from baton.feedback.queries.plans import next_days, next_openings
from baton.feedback.rules import FEWEST, FEWEST_COMMENTS, Mode, WaveState, scored_of
from baton.feedback.rules.asking import WINDOW_DAYS, LinkRule
from baton.feedback.rules.plans import (
    AHEAD_DAYS,
    FIGURE_OF,
    OPEN_DAYS,
    TITLE_LENGTH,
    USUAL_AHEAD_DAYS,
    USUAL_OPEN_DAYS,
    Formula,
    fewest_days_between,
)
from baton.feedback.rules.published import figures_of
from baton.feedback.rules.waves import MOST_LINKS
from baton.handoffs.rules.standing import PREVIEWED, Off, faults_of_rule, last_searched
from baton_analysis.errors import gettext_noop

if TYPE_CHECKING:
    from baton.chain.models import Link, Party
    from baton.core.models import Person

NUMBER_PREFIX = "SP"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanGiven:
    """A plan as it is entered. ``links`` where ``link_rule`` names them one by one, ``party`` where it means those
    of one. ``led_by`` None: who enters it."""

    title: Mapping[str, str]
    questionnaire: Questionnaire
    link_rule: LinkRule
    party: Party | None = None
    links: Sequence[Link] = ()
    rule: str
    begins: time
    starts_on: date
    ends_on: date | None = None
    off: Off = Off.NEXT
    ahead_days: int = USUAL_AHEAD_DAYS
    open_days: int = USUAL_OPEN_DAYS
    opens_itself: bool = False
    intro: Mapping[str, str] = field(default_factory=dict)
    mode: Mode = Mode.ANONYMOUS
    least: int = FEWEST
    least_comments: int = FEWEST_COMMENTS
    window_days: int = WINDOW_DAYS
    half_width: float | None = None
    reminds: bool = True
    collector: Person | None = None
    led_by: Person | None = None


def add_plan(*, by: Actor, at: datetime, given: PlanGiven) -> SurveyPlan:
    """A new plan. Its first survey is prepared by the job when its day is near."""
    with change(by=by, at=at) as trail:
        demand(policy.may_keep_plans(by))
        fresh = SurveyPlan(number=next_number(prefix=NUMBER_PREFIX, at=at))
        _put(by, at, fresh, given)
        trail.save(fresh, "survey_plan.added")
        _put_links(trail, fresh, given)
        return fresh


def preview_plan(*, by: Actor, at: datetime, given: PlanGiven) -> list[datetime]:
    """When the next surveys of a plan that was not made yet would open; refused as when it is made. Nothing is
    written."""
    demand(policy.may_keep_plans(by))
    fresh = SurveyPlan()
    _put(by, at, fresh, given)
    return next_openings(viewer=by, at=at, plan=fresh)


def change_plan(
    *, by: Actor, at: datetime, plan: SurveyPlan, given: PlanGiven, expected_seq: int | None = None
) -> SurveyPlan:
    """Another plan from now on. A survey that is prepared already stays as it is; what could not be prepared is tried
    anew."""
    with change(by=by, at=at) as trail:
        fresh = _begin(trail, plan, expected_seq)
        if fresh.has_target and given.questionnaire.pk != fresh.questionnaire_id:
            _demand_asked(fresh, given.questionnaire)
        _put(by, at, fresh, given)
        trail.save(fresh, "survey_plan.changed")
        _put_links(trail, fresh, given)
        _try_anew(trail, fresh)
        return fresh


def pause_plan(*, by: Actor, at: datetime, plan: SurveyPlan, expected_seq: int | None = None) -> SurveyPlan:
    """Nothing is prepared or opened by it until it goes on."""
    with change(by=by, at=at) as trail:
        fresh = _begin(trail, plan, expected_seq)
        if fresh.paused_at is None:
            fresh.paused_at = at
            trail.save(fresh, "survey_plan.paused")
        return fresh


def resume_plan(*, by: Actor, at: datetime, plan: SurveyPlan, expected_seq: int | None = None) -> SurveyPlan:
    """It goes on; days that have passed meanwhile are not made up for."""
    with change(by=by, at=at) as trail:
        fresh = _begin(trail, plan, expected_seq)
        if fresh.paused_at is not None:
            fresh.paused_at = None
            fresh.seen_until = max(fresh.seen_until, _yesterday(fresh, at))
            trail.save(fresh, "survey_plan.resumed")
            _try_anew(trail, fresh)
        return fresh


def end_plan(*, by: Actor, at: datetime, plan: SurveyPlan, reason: str, expected_seq: int | None = None) -> SurveyPlan:
    """No more surveys are prepared by it. One that is prepared stays for somebody to open or withdraw; one that is open
    goes on."""
    why = reason_given(reason)
    with change(by=by, at=at, reason=why) as trail:
        fresh = _begin(trail, plan, expected_seq)
        fresh.ended_at, fresh.ended_because = at, why
        return trail.save(fresh, "survey_plan.ended")


def set_target(
    *, by: Actor, at: datetime, plan: SurveyPlan, column: str, formula: Formula, percent: float,
    baseline: Wave | None = None, expected_seq: int | None = None,
) -> SurveyPlan:  # fmt: skip
    """Say what results of the plan are to reach: of which question (key of its column), by which formula, and from
    which published survey it started. It holds for surveys that are not open yet; one that was opened keeps the target
    that stood then.

    Refused: a question that is not asked or of which no such figure is published, a percentage that makes no sense, a
    baseline in which it was not asked on the same scale.
    """
    with change(by=by, at=at) as trail:
        fresh = _begin(trail, plan, expected_seq)
        fresh.target_column, fresh.target_formula, fresh.target_percent = column, formula, percent
        fresh.baseline = baseline
        _demand_asked(fresh, fresh.questionnaire)
        _demand_percent(percent)
        _demand_baseline(fresh)
        trail.save(fresh, "survey_plan.target_set")
        _carry_target(trail, fresh)
        return fresh


def drop_target(*, by: Actor, at: datetime, plan: SurveyPlan, expected_seq: int | None = None) -> SurveyPlan:
    """Results of surveys that are not open yet aim at nothing any more."""
    with change(by=by, at=at) as trail:
        fresh = _begin(trail, plan, expected_seq)
        if fresh.has_target:
            fresh.target_column, fresh.target_formula, fresh.target_percent, fresh.baseline = "", "", None, None
            trail.save(fresh, "survey_plan.target_dropped")
            _carry_target(trail, fresh)
        return fresh


def _begin(trail: Trail, plan: SurveyPlan, expected_seq: int | None) -> SurveyPlan:
    fresh = trail.lock(SurveyPlan, plan, expected_seq=expected_seq)
    demand(policy.may_keep_plans(trail.by))
    if fresh.ended_at is not None:
        raise Refused(
            expected=gettext_noop("Expected a plan that has not ended."),
            found=gettext_noop("{number} was ended."),
            remedy=gettext_noop("Make a new one."),
            number=fresh.number,
        )
    return fresh


def _put(by: Actor, at: datetime, plan: SurveyPlan, given: PlanGiven) -> None:
    plan.title = texts_given(given.title, "title", most=TITLE_LENGTH)
    plan.intro = texts_given(given.intro, "intro", most=INTRO_LENGTH, optional=True)
    demand_used(given.questionnaire)
    demand_thresholds(given.least, given.least_comments)
    demand_rule(given.window_days, given.half_width)
    plan.questionnaire, plan.mode, plan.collector = given.questionnaire, given.mode, given.collector
    plan.least, plan.least_comments = given.least, given.least_comments
    plan.window_days, plan.half_width, plan.reminds = given.window_days, given.half_width, given.reminds
    _put_leader(by, at, plan, given.led_by)
    _demand_links(given)
    plan.link_rule = given.link_rule
    plan.party = given.party if given.link_rule.is_of_party else None
    _put_days(by, at, plan, given)
    plan.sort_keys = sort_keys(plan.title)
    plan.search_text = folded(plan.number, *plan.title.values())


def _put_leader(by: Actor, at: datetime, plan: SurveyPlan, person: Person | None) -> None:
    leader = person or by.person
    held = people_holding(viewer=by, at=at, role=Role.QUALITY_MANAGER)
    if leader is None or not leader.is_active or leader.pk not in held:
        raise Refused(
            field="led_by",
            expected=gettext_noop("Expected a quality manager who can sign in."),
            found=gettext_noop("Nobody else may open surveys."),
            remedy=gettext_noop("Choose one."),
        )
    plan.led_by = leader


def _put_days(by: Actor, at: datetime, plan: SurveyPlan, given: PlanGiven) -> None:
    """Fill in when its surveys open; refused: a rule that makes no sense or names no day, days that are over, surveys
    that would be open together."""
    refuse(faults_of_rule(given.rule))
    _demand_range("ahead_days", given.ahead_days, AHEAD_DAYS)
    _demand_range("open_days", given.open_days, OPEN_DAYS)
    _demand_first_and_last(given, at)
    calendar = default_calendar(viewer=by)
    plan.rule, plan.begins, plan.off = given.rule, given.begins, given.off
    plan.zone = calendar.zone if calendar is not None else settings.TIME_ZONE
    plan.starts_on, plan.ends_on = given.starts_on, given.ends_on
    plan.ahead_days, plan.open_days, plan.opens_itself = given.ahead_days, given.open_days, given.opens_itself
    plan.seen_until = _yesterday(plan, at)
    days = next_days(viewer=by, at=at, plan=plan, most=PREVIEWED)
    if not days:
        raise Refused(
            field="rule",
            expected=gettext_noop("Expected a recurrence that is due within three years."),
            found=gettext_noop("It is never due between its first and its last day."),
            remedy=gettext_noop("Correct the days, or the last day."),
        )
    fewest = fewest_days_between(days)
    if fewest is not None and fewest < given.open_days:
        raise Refused(
            field="open_days",
            expected=gettext_noop("Expected that a survey has closed before the next one opens."),
            found=gettext_noop("It would be open for {days} days, and the next one opens after {fewest}."),
            remedy=gettext_noop("Let it be open for fewer days, or ask less often."),
            days=given.open_days,
            fewest=fewest,
        )


def _demand_first_and_last(given: PlanGiven, at: datetime) -> None:
    latest = last_searched(day_of(at))
    if not day_of(at) - timedelta(days=366) <= given.starts_on <= latest:
        raise Refused(
            field="starts_on",
            expected=gettext_noop("Expected a first day from {earliest} to {latest}."),
            found=gettext_noop("Found {starts_on}."),
            remedy=gettext_noop("Correct it."),
            earliest=(day_of(at) - timedelta(days=366)).isoformat(), latest=latest.isoformat(),
            starts_on=given.starts_on.isoformat(),
        )  # fmt: skip
    if given.ends_on is not None and given.ends_on < max(given.starts_on, day_of(at)):
        raise Refused(
            field="ends_on",
            expected=gettext_noop("Expected a last day that is not over and not before the first."),
            found=gettext_noop("Found {ends_on}."),
            remedy=gettext_noop("Give a later day, or none."),
            ends_on=given.ends_on.isoformat(),
        )


def _demand_range(name: str, value: int, allowed: range) -> None:
    if value not in allowed:
        raise Refused(
            field=name,
            expected=gettext_noop("Expected a number from {low} to {high}."),
            found=gettext_noop("Found {value}."),
            remedy=gettext_noop("Correct the number."),
            low=allowed.start,
            high=allowed.stop - 1,
            value=value,
        )


def _demand_links(given: PlanGiven) -> None:
    if given.link_rule is LinkRule.ONE:
        if not 1 <= len({one.pk for one in given.links}) <= MOST_LINKS:
            raise Refused(
                field="numbers",
                expected=gettext_noop("Expected 1 to {most} links."),
                found=gettext_noop("Found {count}."),
                remedy=gettext_noop("Say which links by their numbers."),
                most=MOST_LINKS,
                count=len(given.links),
            )
    elif given.link_rule.is_of_party and (given.party is None or given.party.ended_on is not None):
        raise Refused(
            field="party",
            expected=gettext_noop("Expected a department or part that has not ended."),
            remedy=gettext_noop("Choose one."),
        )


def _put_links(trail: Trail, plan: SurveyPlan, given: PlanGiven) -> None:
    wanted = {one.pk for one in given.links} if given.link_rule is LinkRule.ONE else set()
    held = set(plan.links.values_list("link", flat=True))
    if wanted == held:
        return
    plan.links.exclude(link__in=wanted).delete()
    PlanLink.objects.bulk_create([PlanLink(plan=plan, link_id=one) for one in sorted(wanted - held)])
    trail.note("survey_plan.links_chosen", kind=SurveyPlan.kind, object_id=plan.public_id, count=len(wanted))


def _yesterday(plan: SurveyPlan, at: datetime) -> date:
    return at.astimezone(plan.recurrence.zone).date() - timedelta(days=1)


def _try_anew(trail: Trail, plan: SurveyPlan) -> None:
    """What stood against a day of the plan may be mended: the job tries it again today."""
    for one in plan.days.filter(tried_on=day_of(trail.at)):
        if not one.trouble:
            continue
        fresh = trail.lock(PlannedWave, one)
        fresh.tried_on = day_of(trail.at) - timedelta(days=1)
        trail.save(fresh, "planned_wave.to_try")


def _carry_target(trail: Trail, plan: SurveyPlan) -> None:
    """Surveys that nobody has answered take over what the plan aims at."""
    for one in plan.days.filter(wave__state=WaveState.DRAFT).order_by("pk"):
        fresh = trail.lock(PlannedWave, one)
        copy_target(plan, fresh)
        trail.save(fresh, "planned_wave.target_taken_over")


def copy_target(plan: SurveyPlan, planned: PlannedWave) -> None:
    """Let a day aim at what its plan aims at."""
    planned.target_column, planned.target_formula = plan.target_column, plan.target_formula
    planned.target_percent, planned.baseline = plan.target_percent, plan.baseline


def _demand_asked(plan: SurveyPlan, questionnaire: Questionnaire) -> None:
    """Refused where a questionnaire does not ask the target's question, or publishes no such figure of it."""
    column = next((one for one in scored_of(questionnaire.contents) if one.key == plan.target_column), None)
    if column is None or FIGURE_OF[Formula(plan.target_formula)] not in figures_of(column):
        raise Refused(
            field="column" if questionnaire.pk == plan.questionnaire_id else "questionnaire",
            expected=gettext_noop("Expected a question of {number} of which the figure of this formula is published."),
            found=gettext_noop("Found “{column}”."),
            remedy=gettext_noop(
                "The share of the two highest answers is published of satisfaction questions, the mean of all ratings."
                " Choose another question or formula."
            ),
            number=questionnaire.number,
            column=plan.target_column,
        )


def _demand_percent(percent: float) -> None:
    if not 0 < percent <= 100:
        raise Refused(
            field="percent",
            expected=gettext_noop("Expected a percentage above 0, at most 100."),
            found=gettext_noop("Found {value}."),
            remedy=gettext_noop("Correct the number."),
            value=percent,
        )


def _demand_baseline(plan: SurveyPlan) -> None:
    wave = plan.baseline
    if wave is None:
        return
    now = next(one for one in scored_of(plan.questionnaire.contents) if one.key == plan.target_column)
    then = next((one for one in scored_of(wave.contents) if one.key == plan.target_column), None)
    if wave.state != WaveState.PUBLISHED or then is None or (then.low, then.high) != (now.low, now.high):
        raise Refused(
            field="baseline",
            expected=gettext_noop("Expected a published survey that asked the same question on the same scale."),
            found=gettext_noop("{number} is not published, or did not."),
            remedy=gettext_noop("Choose another one, or none."),
            number=wave.number,
        )
