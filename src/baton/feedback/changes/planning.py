"""Surveys of plans are prepared some days before their day, and opened where a plan says so and nothing stands
against it.

One day of one plan is one transaction, and a table says of which days there is a survey: however often this runs, and
wherever it is killed, no day has two.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db.models import Max
from django.urls import reverse
from django.utils import translation

from baton.core.actors import Actor
from baton.core.audit.trail import Trail, change
from baton.core.changes import notify
from baton.core.days import day_of
from baton.core.errors import Refused, explain
from baton.core.queries import people, people_holding
from baton.core.rules import Role
from baton.core.texts import Texts
from baton.feedback.changes.asking import choose_people
from baton.feedback.changes.opening import open_wave
from baton.feedback.changes.plans import copy_target
from baton.feedback.changes.waves import change_wave, prepare_wave
from baton.feedback.models import PlannedWave, SurveyPlan, Wave
from baton.feedback.queries.plans import links_of_plan, occurrences
from baton.feedback.rules import Mode, WaveState
from baton.feedback.rules.plans import Due, Occurrence, due_of
from baton_analysis.errors import gettext_noop

if TYPE_CHECKING:
    from baton.core.models import Person

PLAN_JOB = "feedback.tend_plans"
PLANNED_TOPIC, LATE_TOPIC = "feedback.planned", "feedback.planned_late"
PLAN_OPENED_TOPIC, PLAN_TROUBLE_TOPIC = "feedback.plan_opened", "feedback.plan_trouble"
LOOK = timedelta(days=1)
"""A survey that is made up for opens no sooner, so that somebody can look at it."""
_ASKED = (WaveState.OPEN, WaveState.CLOSED, WaveState.PUBLISHED, WaveState.LOST)


def tend_plans(*, by: Actor, at: datetime) -> list[Wave]:
    """Prepare the surveys of all plans whose day is near, and open those whose day has come. Returns those that were
    prepared. What stands against it is said to whoever leads the plan, and tried again the next day."""
    made = []
    running = SurveyPlan.objects.filter(ended_at__isnull=True, paused_at__isnull=True)
    for plan in list(running.order_by("pk")):
        wave = prepare_next(by=by, at=at, plan=plan)
        made += [wave] if wave is not None else []
        waiting = plan.days.filter(wave__state=WaveState.DRAFT, opens_at__lte=at)
        for day in list(waiting.order_by("opens_at", "pk")):
            open_planned(by=by, at=at, planned=day)
    return made


def prepare_next(*, by: Actor, at: datetime, plan: SurveyPlan) -> Wave | None:
    """Prepare the next survey of a plan, if its day is near and there is none; None where nothing was prepared."""
    with change(by=by, at=at) as trail:
        fresh = trail.lock(SurveyPlan, plan)
        due = due_of(_waiting(by, at, fresh), at=at, ahead_days=fresh.ahead_days) if fresh.runs else Due(None)
        if due.prepare is None:
            return None
        day = fresh.days.filter(named_on=due.prepare.named).first()
        if day is not None and day.tried_on >= day_of(at):
            return None
        day = PlannedWave(plan=fresh, named_on=due.prepare.named) if day is None else trail.lock(PlannedWave, day)
        late = due.prepare.opens_at <= at
        day.opens_at = at + LOOK if late else due.prepare.opens_at
        day.missed, day.tried_on, day.trouble = len(due.missed), day_of(at), {}
        try:
            with change(by=by, at=at):
                day.wave = _prepared(by, at, fresh, day)
        except Refused as refused:
            day.wave, day.trouble = None, said(refused)
            trail.save(day, "planned_wave.refused")
            _tell_trouble(trail, fresh, day)
            return None
        return _kept(trail, fresh, day, due, late=late)


def open_planned(*, by: Actor, at: datetime, planned: PlannedWave) -> Wave | None:
    """Open a survey of a plan whose day has come, where the plan says so; else say once that it waits. None where it
    was not opened.

    Whom it asks is chosen anew by its rule, so that nobody is asked who was asked elsewhere meanwhile. It is not opened
    where :func:`baton.feedback.changes.open_wave` refuses, and where so few could answer that nothing would ever be
    shown.
    """
    with change(by=by, at=at) as trail:
        plan = trail.lock(SurveyPlan, planned.plan)
        day = trail.lock(PlannedWave, planned)
        wave = day.wave
        if wave is None or wave.state != WaveState.DRAFT or not plan.runs or day.opens_at > at:
            return None
        if day.trouble and (day.tried_on >= day_of(at) or not plan.opens_itself):
            return None
        day.tried_on, day.trouble = day_of(at), {}
        opened = None
        try:
            with change(by=by, at=at):
                opened = _opened(by, at, plan, wave)
        except Refused as refused:
            day.trouble = said(refused)
            trail.save(day, "planned_wave.not_opened")
            _tell_trouble(trail, plan, day)
            return None
        trail.save(day, "planned_wave.opened")
        _tell(trail, plan, opened, PLAN_OPENED_TOPIC, count=opened.invited)
        return opened


def said(refused: Refused) -> Texts:
    """Why something was refused, in each language, so that it can be read later."""
    found = {}
    for code, _language in settings.LANGUAGES:
        with translation.override(code):
            found[code] = explain(refused)
    return found


def _waiting(by: Actor, at: datetime, plan: SurveyPlan) -> Iterator[Occurrence]:
    """The days of a plan of which there is no survey, and that do not fall into the time of one that was asked: after a
    change of its rule they might."""
    done = set(plan.days.filter(wave__isnull=False).values_list("named_on", flat=True))
    until = plan.days.filter(wave__state__in=_ASKED).aggregate(last=Max("wave__closes_at"))["last"]
    for one in occurrences(viewer=by, at=at, plan=plan):
        if one.named not in done and (until is None or one.opens_at >= until):
            yield one


def _prepared(by: Actor, at: datetime, plan: SurveyPlan, day: PlannedWave) -> Wave:
    """The survey of a day, with whom it asks as far as somebody may be asked; ``day`` says what stands against that."""
    _demand_none_waits(plan)
    links = links_of_plan(viewer=by, at=at, plan=plan)
    if not links:
        raise Refused(
            expected=gettext_noop("Expected links that have not ended."),
            found=gettext_noop("None of the links is left about which {number} asks."),
            remedy=gettext_noop("Change the plan, or end it."),
            number=plan.number,
        )
    opens_on = day.opens_at.astimezone(plan.recurrence.zone).date()
    wave = prepare_wave(
        by=by, at=at, questionnaire=plan.questionnaire, intro=plan.intro, mode=Mode(plan.mode), links=links,
        title={code: f"{text} · {opens_on.isoformat()}" for code, text in plan.title.items()},
        closes_at=_closes_at(plan, day.opens_at), collector=plan.collector, least=plan.least,
        least_comments=plan.least_comments, led_by=plan.led_by, reminds=plan.reminds,
    )  # fmt: skip
    try:
        choose_people(by=by, at=at, wave=wave, window_days=plan.window_days, half_width=plan.half_width)
    except Refused as refused:
        day.trouble = said(refused)
    return wave


def _kept(trail: Trail, plan: SurveyPlan, day: PlannedWave, due: Due, *, late: bool) -> Wave:
    wave = day.wave
    assert wave is not None, "it was prepared"
    assert due.prepare is not None, "it was due"
    copy_target(plan, day)
    trail.save(day, "planned_wave.prepared")
    plan.seen_until = max(plan.seen_until, due.prepare.day)
    trail.save(plan, "survey_plan.prepared", wave=wave.number, missed=day.missed)
    values: dict[str, str | int] = {
        "day": day.opens_at.astimezone(plan.recurrence.zone).date().isoformat(),
        "missed": day.missed,
    }
    _tell(trail, plan, wave, LATE_TOPIC if late or day.missed else PLANNED_TOPIC, **values)
    if day.trouble:
        _tell_trouble(trail, plan, day)
    return wave


def _opened(by: Actor, at: datetime, plan: SurveyPlan, wave: Wave) -> Wave:
    if not plan.opens_itself:
        raise Refused(
            expected=gettext_noop("Expected that somebody opens {number}."),
            found=gettext_noop("Its day has come, and it is still in preparation."),
            remedy=gettext_noop("Open it, or withdraw it."),
            number=wave.number,
        )
    count = choose_people(by=by, at=at, wave=wave, window_days=wave.window_days, half_width=wave.half_width)
    if count < wave.least:
        raise Refused(
            expected=gettext_noop("Expected at least {least} people to ask, so that anything is ever shown."),
            found=gettext_noop("Found {count}."),
            remedy=gettext_noop("Choose more links, look back further, or print cards and open it yourself."),
            least=wave.least,
            count=count,
        )
    change_wave(by=by, at=at, wave=wave, closes_at=_closes_at(plan, at))
    return open_wave(by=by, at=at, wave=wave)


def _closes_at(plan: SurveyPlan, opens_at: datetime) -> datetime:
    """So many days after it opens, at the same time by the plan's clock."""
    recurrence = plan.recurrence
    return recurrence.due_at(opens_at.astimezone(recurrence.zone).date() + timedelta(days=plan.open_days))


def _demand_none_waits(plan: SurveyPlan) -> None:
    waits = Wave.objects.filter(pk__in=plan.days.values("wave"), state=WaveState.DRAFT).order_by("pk").first()
    if waits is not None:
        raise Refused(
            expected=gettext_noop("Expected that the survey before it was opened or withdrawn."),
            found=gettext_noop("{number} is still in preparation."),
            remedy=gettext_noop("Open it or withdraw it; the next one is prepared then."),
            number=waits.number,
        )


def _leaders(by: Actor, at: datetime, plan: SurveyPlan) -> list[Person]:
    """Whoever leads the plan; all quality managers where he is none any more."""
    held = people_holding(viewer=by, at=at, role=Role.QUALITY_MANAGER)
    if plan.led_by.is_active and plan.led_by_id in held:
        return [plan.led_by]
    return list(people(viewer=by, at=at, role=Role.QUALITY_MANAGER, active=True))


def _tell(trail: Trail, plan: SurveyPlan, wave: Wave, topic: str, **values: str | int) -> None:
    address = reverse("surveys:wave", args=[wave.public_id])
    for person in _leaders(trail.by, trail.at, plan):
        notify(
            by=trail.by, at=trail.at, person=person, topic=topic, address=address,
            values={"number": wave.number, "title": plan.title, **values}, shows=[(Wave.kind, wave.public_id)],
        )  # fmt: skip


def _tell_trouble(trail: Trail, plan: SurveyPlan, day: PlannedWave) -> None:
    for person in _leaders(trail.by, trail.at, plan):
        notify(
            by=trail.by, at=trail.at, person=person, topic=PLAN_TROUBLE_TOPIC,
            address=reverse("surveys:plan", args=[plan.public_id]),
            values={"number": plan.number, "title": plan.title, "why": day.trouble},
            shows=[(SurveyPlan.kind, plan.public_id)],
        )  # fmt: skip
