"""Survey plans: list, read, make, change, pause, let go on, end, set a target."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

from django.http import HttpResponse
from ninja import Query, Router
from pydantic import Field, StringConstraints

from baton.chain import queries as chain
from baton.chain.api.parties import party_named, person_named
from baton.core.api.door import ApiRequest
from baton.core.api.endpoints import changed, made, named, reads, shown, writes
from baton.core.api.schemas import Asked, Day, Edited, PublicId, Rows, SaidTexts, Search, Sent, Shown, Texts
from baton.feedback import changes, policy, queries
from baton.feedback.api.waves import READ, WRITE, Intro, Least, Reason
from baton.feedback.changes import PlanGiven
from baton.feedback.models import SurveyPlan
from baton.feedback.queries import plans as found_by
from baton.feedback.queries.plans import PlanFilters, plan_slice
from baton.feedback.rules import Mode
from baton.feedback.rules.asking import HALF_WIDTHS, WINDOW_RANGE, LinkRule
from baton.feedback.rules.plans import AHEAD_DAYS, OPEN_DAYS, Formula
from baton.feedback.rules.waves import MOST_LINKS
from baton.handoffs.rules.standing import RRULE_LENGTH, Off
from baton_analysis.errors import gettext_noop

if TYPE_CHECKING:
    from baton.chain.models import Link

router = Router()

Rule = Annotated[str, StringConstraints(min_length=1, max_length=RRULE_LENGTH, pattern=r"^[A-Z0-9=;,+-]+$")]
Clock = Annotated[str, StringConstraints(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$"), Field(examples=["08:00"])]
"""A time of day by the clock of the organisation's calendar."""


class PlanState(StrEnum):
    """Which plans."""

    LIVE = found_by.LIVE
    PAUSED = found_by.PAUSED
    ENDED = found_by.ENDED
    ALL = "all"


class PlanOrder(StrEnum):
    """By what they are ordered."""

    NAME = "name"
    NUMBER = "number"
    NAME_DOWN = "-name"
    NUMBER_DOWN = "-number"


class TargetShown(Shown):
    """What results are to reach: of which question, by which formula, and from which survey it started."""

    column: str = Field(description="Key of the question, and of its part where it has several.")
    formula: Formula = Field(
        description="top2: share of the two highest answers; of_highest: mean / highest answer; rescaled: how far up"
        " its scale the mean lies."
    )
    percent: float
    baseline: PublicId | None


class SurveyPlanShown(Shown):
    """A plan by which a survey comes again."""

    id: PublicId
    number: str = Field(examples=["SP-2026-0001"])
    title: SaidTexts
    intro: SaidTexts
    questionnaire: PublicId
    link_rule: LinkRule
    party: PublicId | None
    links: list[PublicId] = Field(description="Links that it names one by one.")
    rule: str = Field(examples=["FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=1"])
    begins: str = Field(examples=["08:00"])
    zone: str
    off: Off
    starts_on: date
    ends_on: date | None
    ahead_days: int
    open_days: int
    opens_itself: bool
    mode: Mode
    least: int
    least_comments: int
    window_days: int
    half_width: float | None
    reminds: bool
    led_by: PublicId
    collector: PublicId | None
    target: TargetShown | None
    next: list[datetime] = Field(description="When its next surveys open.")
    paused: bool
    ended: bool
    ended_because: str
    version: int = Field(examples=[42])


class SurveyPlansAsked(Asked):
    """Which plans, in which order."""

    search: Search = ""
    state: PlanState = PlanState.LIVE
    order: PlanOrder = PlanOrder.NAME


class PlanFields(Sent):
    """All that a plan says."""

    title: Texts = Field(examples=[{"en": "What you get from others"}])
    intro: Intro = Field(default_factory=dict, description="What people read first.")
    questionnaire: PublicId
    link_rule: LinkRule = Field(
        description="all, also those that come later; supplier, customer, within: of the party; one: those in links."
    )
    party: PublicId | None = None
    links: list[PublicId] = Field(default_factory=list, max_length=MOST_LINKS)
    rule: Rule = Field(description="Days, as RFC 5545 writes it.", examples=["FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=1"])
    begins: Clock = "08:00"
    off: Off = Field(default=Off.NEXT, description="On a holiday: keep, skip, or next working day.")
    starts_on: Day
    ends_on: Day | None = None
    ahead_days: Annotated[int, Field(strict=True, ge=AHEAD_DAYS.start, le=AHEAD_DAYS.stop - 1)] = 7
    open_days: Annotated[int, Field(strict=True, ge=OPEN_DAYS.start, le=OPEN_DAYS.stop - 1)] = 14
    opens_itself: bool = Field(default=False, description="Where nothing stands against it.")
    mode: Mode = Mode.ANONYMOUS
    least: Least = 5
    least_comments: Annotated[int, Field(strict=True, ge=10, le=1_000)] = 10
    window_days: Annotated[int, Field(strict=True, ge=WINDOW_RANGE.start, le=WINDOW_RANGE.stop - 1)] = 90
    half_width: Annotated[float, Field(ge=HALF_WIDTHS[0], le=HALF_WIDTHS[1])] | None = None
    reminds: bool = True
    led_by: PublicId | None = Field(default=None, description="A quality manager; null: who sends this.")
    collector: PublicId | None = None


class PlanSent(PlanFields):
    """A new plan."""


class PlanChange(PlanFields, Edited):
    """The same, all of it: what is left out takes its usual value."""


class PlanEnd(Edited):
    """Why it ends."""

    reason: Reason = Field(examples=["Asked by the ministry from now on"])


class TargetSent(Edited):
    """What results are to reach."""

    column: Annotated[str, StringConstraints(min_length=1, max_length=64, pattern=r"^[a-z0-9_.]+$")]
    formula: Formula
    percent: Annotated[float, Field(gt=0, le=100)] = Field(examples=[80.0])
    baseline: PublicId | None = None


def _shown(request: ApiRequest) -> Callable[[SurveyPlan], SurveyPlanShown]:
    def show(one: SurveyPlan) -> SurveyPlanShown:
        same = {
            name: getattr(one, name)
            for name in (
                "number", "title", "intro", "rule", "zone", "starts_on", "ends_on", "ahead_days", "open_days",
                "opens_itself", "least", "least_comments", "window_days", "half_width", "reminds", "ended_because",
            )
        }  # fmt: skip
        due = found_by.next_openings(viewer=request.actor, at=request.now, plan=one) if one.runs else []
        return SurveyPlanShown(
            **same, id=one.public_id, questionnaire=one.questionnaire.public_id, link_rule=LinkRule(one.link_rule),
            party=one.party.public_id if one.party is not None else None, begins=one.begins.strftime("%H:%M"),
            links=found_by.ids_of_plan_links(viewer=request.actor, plan=one), off=Off(one.off), mode=Mode(one.mode),
            led_by=one.led_by.public_id, target=_target(one), next=due, paused=one.paused_at is not None,
            collector=one.collector.public_id if one.collector is not None else None,
            ended=one.ended_at is not None, version=one.changed_seq,
        )  # fmt: skip

    return show


def _target(one: SurveyPlan) -> TargetShown | None:
    if one.target_percent is None:
        return None
    return TargetShown(
        column=one.target_column, formula=Formula(one.target_formula), percent=one.target_percent,
        baseline=one.baseline.public_id if one.baseline is not None else None,
    )  # fmt: skip


def _see(request: ApiRequest) -> Callable[[str], SurveyPlan]:
    return lambda public_id: found_by.plan(viewer=request.actor, public_id=public_id)


def _link(request: ApiRequest, public_id: str) -> Link:
    return named(lambda: chain.link(viewer=request.actor, at=request.now, public_id=public_id), "links")


def _given(request: ApiRequest, sent: PlanFields) -> PlanGiven:
    """What was sent, with its records found."""
    same: dict[str, Any] = {
        name: getattr(sent, name)
        for name in (
            "title", "intro", "link_rule", "rule", "off", "starts_on", "ends_on", "ahead_days", "open_days",
            "opens_itself", "mode", "least", "least_comments", "window_days", "half_width", "reminds",
        )
    }  # fmt: skip
    asked = named(lambda: queries.questionnaire(viewer=request.actor, public_id=sent.questionnaire), "questionnaire")
    people: dict[str, Any] = {
        name: person_named(request, public_id, name) if (public_id := getattr(sent, name)) is not None else None
        for name in ("led_by", "collector")
    }
    return PlanGiven(
        **same, **people, questionnaire=asked, begins=time.fromisoformat(sent.begins),
        party=party_named(request, sent.party, "party") if sent.party is not None else None,
        links=[_link(request, one) for one in sent.links],
    )  # fmt: skip


@reads(
    router, "", scope=READ, may=policy.may_see_plans, response=Rows[SurveyPlanShown],
    summary=gettext_noop("List survey plans"),
    description=gettext_noop("For quality managers, directors and auditors."),
)  # fmt: skip
def list_survey_plans(request: ApiRequest, asked: Query[SurveyPlansAsked]) -> Any:
    filters = PlanFilters(search=asked.search, state=asked.state.value, order=asked.order.value)
    part = plan_slice(viewer=request.actor, filters=filters, limit=asked.limit, cursor=asked.cursor)
    return Rows[SurveyPlanShown](rows=[_shown(request)(one) for one in part.rows], next=part.next)


@reads(
    router, "/{slug:public_id}", scope=READ, may=policy.may_see_plans, response=SurveyPlanShown,
    summary=gettext_noop("Read a survey plan"),
)  # fmt: skip
def read_survey_plan(request: ApiRequest, public_id: PublicId) -> HttpResponse:
    found = _see(request)(public_id)
    return shown(found, _shown(request)(found))


@writes(
    router, "POST", "", scope=WRITE, may=policy.may_keep_plans, response=SurveyPlanShown, status=201,
    summary=gettext_noop("Plan a survey that comes again"),
    description=gettext_noop("For quality managers. Each survey is prepared some days before its day."),
    example={
        "title": {"en": "What you get from others"}, "questionnaire": "2b3c4d5f6g7h8j9k", "link_rule": "within",
        "party": "3c4d5f6g7h8j9k2b", "rule": "FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=1", "starts_on": "2027-01-01",
    },
)  # fmt: skip
def add_survey_plan(request: ApiRequest, sent: PlanSent) -> HttpResponse:
    given = _given(request, sent)
    return made(request, show=_shown(request), see=_see(request), write=lambda: changes.add_plan(
        by=request.actor, at=request.now, given=given))  # fmt: skip


@writes(
    router, "PUT", "/{slug:public_id}", scope=WRITE, may=policy.may_keep_plans, response=SurveyPlanShown,
    versioned=True, summary=gettext_noop("Change a survey plan"),
    description=gettext_noop("From now on. A survey that is prepared already stays as it is."),
    example={
        "version": 42, "title": {"en": "What you get from others"}, "questionnaire": "2b3c4d5f6g7h8j9k",
        "link_rule": "within", "party": "3c4d5f6g7h8j9k2b", "rule": "FREQ=MONTHLY;INTERVAL=6;BYMONTHDAY=1",
        "starts_on": "2027-01-01",
    },
)  # fmt: skip
def change_survey_plan(request: ApiRequest, public_id: PublicId, sent: PlanChange) -> HttpResponse:
    given = _given(request, sent)
    return changed(
        request, public_id, sent, show=_shown(request), see=_see(request),
        write=lambda one, **seen: changes.change_plan(plan=one, given=given, **seen),
    )  # fmt: skip


@writes(
    router, "POST", "/{slug:public_id}/pause", scope=WRITE, may=policy.may_keep_plans, response=SurveyPlanShown,
    versioned=True, summary=gettext_noop("Pause a survey plan"), example={"version": 42},
)  # fmt: skip
def pause_survey_plan(request: ApiRequest, public_id: PublicId, sent: Edited) -> HttpResponse:
    return changed(
        request, public_id, sent, show=_shown(request), see=_see(request),
        write=lambda one, **seen: changes.pause_plan(plan=one, **seen),
    )  # fmt: skip


@writes(
    router, "POST", "/{slug:public_id}/resume", scope=WRITE, may=policy.may_keep_plans, response=SurveyPlanShown,
    versioned=True, summary=gettext_noop("Let a survey plan go on"),
    description=gettext_noop("Days that have passed meanwhile are not made up for."), example={"version": 42},
)  # fmt: skip
def resume_survey_plan(request: ApiRequest, public_id: PublicId, sent: Edited) -> HttpResponse:
    return changed(
        request, public_id, sent, show=_shown(request), see=_see(request),
        write=lambda one, **seen: changes.resume_plan(plan=one, **seen),
    )  # fmt: skip


@writes(
    router, "POST", "/{slug:public_id}/end", scope=WRITE, may=policy.may_keep_plans, response=SurveyPlanShown,
    versioned=True, summary=gettext_noop("End a survey plan"),
    example={"version": 42, "reason": "Asked by the ministry from now on"},
)  # fmt: skip
def end_survey_plan(request: ApiRequest, public_id: PublicId, sent: PlanEnd) -> HttpResponse:
    return changed(
        request, public_id, sent, show=_shown(request), see=_see(request),
        write=lambda one, **seen: changes.end_plan(plan=one, reason=sent.reason, **seen),
    )  # fmt: skip


@writes(
    router, "PUT", "/{slug:public_id}/target", scope=WRITE, may=policy.may_keep_plans, response=SurveyPlanShown,
    versioned=True, summary=gettext_noop("Set what the results of a survey plan are to reach"),
    description=gettext_noop("It holds for surveys that are not open yet."),
    example={"version": 42, "column": "satisfied", "formula": "top2", "percent": 80.0},
)  # fmt: skip
def set_survey_plan_target(request: ApiRequest, public_id: PublicId, sent: TargetSent) -> HttpResponse:
    by, at = request.actor, request.now
    baseline = None
    if sent.baseline is not None:
        wanted = sent.baseline
        baseline = named(lambda: queries.published_wave(viewer=by, at=at, public_id=wanted), "baseline")
    return changed(
        request, public_id, sent, show=_shown(request), see=_see(request),
        write=lambda one, **seen: changes.set_target(
            plan=one, column=sent.column, formula=sent.formula, percent=sent.percent, baseline=baseline, **seen
        ),
    )  # fmt: skip
