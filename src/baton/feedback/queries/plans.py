"""Plans by which surveys come again: which there are, their next days, and what their results aim at."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from itertools import islice
from typing import TYPE_CHECKING, Any

from django.core.paginator import Page
from django.db.models import F, QuerySet

from baton.chain import queries as chain
from baton.chain.policy import in_force
from baton.chain.queries.lists import by_name, found, ordered, page_of
from baton.core.actors import Actor
from baton.core.days import day_of
from baton.core.errors import NotFound
from baton.core.policy import demand, may_use
from baton.core.registries import Findable
from baton.core.slices import FEW_ROWS, Slice, slice_of
from baton.feedback import policy
from baton.feedback.models import PlannedWave, PublishedCell, SurveyPlan, Wave
from baton.feedback.queries.choosing import links_by_rule
from baton.feedback.queries.results import Group, published_waves, same_group
from baton.feedback.rules import WaveState, scored_of
from baton.feedback.rules.asking import LinkRule
from baton.feedback.rules.plans import FIGURE_OF, SHOWN_NEXT, Formula, Occurrence, Reached, as_percent
from baton.handoffs.queries.standing import next_due, working_days
from baton.handoffs.rules.standing import days_due

if TYPE_CHECKING:
    from baton.chain.models import Link

LIVE, PAUSED, ENDED = "live", "paused", "ended"
"""Filters: those that run, those that pause, those that were ended."""
DAYS_SHOWN = 24
"""So many of the last days of a plan stand on its page."""
_WITH = ("questionnaire", "party", "led_by", "collector", "baseline")


@dataclass(frozen=True, slots=True)
class PlanFilters:
    """What a list of plans shows. ``state``: ``live``, ``paused``, ``ended`` or all; ``order``: name or number; minus
    sign: descending."""

    search: str = ""
    state: str = LIVE
    order: str = "name"


def plans(*, viewer: Actor) -> QuerySet[SurveyPlan]:
    """The plans that the viewer may read."""
    return SurveyPlan.objects.all() if policy.may_see_plans(viewer) else SurveyPlan.objects.none()


def plan(*, viewer: Actor, public_id: str) -> SurveyPlan:
    """One of them; NotFound for any other."""
    held = plans(viewer=viewer).select_related(*_WITH).filter(public_id=public_id[:16]).first()
    if held is None:
        raise NotFound
    return held


def listed_plans(*, viewer: Actor, filters: PlanFilters) -> QuerySet[SurveyPlan]:
    """The whole list, in its order."""
    rows = plans(viewer=viewer).select_related(*_WITH).filter(found(filters.search, "search_text"))
    if filters.state in {LIVE, PAUSED}:
        rows = rows.filter(ended_at__isnull=True, paused_at__isnull=filters.state == LIVE)
    if filters.state == ENDED:
        rows = rows.filter(ended_at__isnull=False)
    return ordered(rows, filters.order, {"name": by_name(""), "number": F("number")}, "name")


def plan_list(*, viewer: Actor, filters: PlanFilters, page: int | str = 1) -> Page[SurveyPlan]:
    """A page of the list."""
    return page_of(listed_plans(viewer=viewer, filters=filters), page)


def plan_slice(*, viewer: Actor, filters: PlanFilters, limit: int = FEW_ROWS, cursor: str = "") -> Slice[SurveyPlan]:
    """The list as programs read it, part by part."""
    rows = listed_plans(viewer=viewer, filters=filters)
    return slice_of(rows, asked=asdict(filters), limit=limit, cursor=cursor)


def links_of_plan(*, viewer: Actor, at: datetime, plan: SurveyPlan) -> list[Link]:
    """The live links that a plan means now; none where its department is gone."""
    demand(policy.may_see_plans(viewer))
    rule = LinkRule(plan.link_rule)
    if rule is not LinkRule.ONE:
        party = plan.party.public_id if plan.party is not None else ""
        try:
            return links_by_rule(viewer=Actor.system("plans"), at=at, rule=rule, party=party)
        except NotFound:
            return []
    live = chain.links_in_sight(viewer=viewer, at=at).filter(in_force(day_of(at)), pk__in=plan.links.values("link"))
    return list(live.select_related("supplier", "customer", "output").order_by("number"))


def numbers_of_plan(*, viewer: Actor, plan: SurveyPlan) -> list[str]:
    """The numbers of the links that a plan names one by one, ended ones among them."""
    demand(policy.may_see_plans(viewer))
    return list(plan.links.order_by("link__number").values_list("link__number", flat=True))


def ids_of_plan_links(*, viewer: Actor, plan: SurveyPlan) -> list[str]:
    """The public ids of the same."""
    demand(policy.may_see_plans(viewer))
    return list(plan.links.order_by("link__number").values_list("link__public_id", flat=True))


def next_openings(*, viewer: Actor, at: datetime, plan: SurveyPlan) -> list[datetime]:
    """When the next surveys of a plan open."""
    demand(policy.may_see_plans(viewer))
    return next_due(viewer=viewer, at=at, recurrence=plan.recurrence, calendar=None)[:SHOWN_NEXT]


def occurrences(*, viewer: Actor, at: datetime, plan: SurveyPlan) -> Iterator[Occurrence]:
    """The days of a plan that are not seen to yet, up to the last one that may be prepared now."""
    recurrence, first = plan.recurrence, plan.seen_until + timedelta(days=1)
    last = (at + timedelta(days=plan.ahead_days)).astimezone(recurrence.zone).date()
    works = working_days(viewer=viewer, calendar=None, first=first, last=last, off=recurrence.off)
    for named, day in days_due(recurrence, first=first, last=last, works=works):
        yield Occurrence(named, day, recurrence.due_at(day))


def next_days(*, viewer: Actor, at: datetime, plan: SurveyPlan, most: int) -> list[date]:
    """The next days of a plan by its clock, to see how far they lie apart."""
    moments = next_due(viewer=viewer, at=at, recurrence=plan.recurrence, calendar=None)
    return [one.astimezone(plan.recurrence.zone).date() for one in islice(moments, most)]


def days_of_plan(*, viewer: Actor, plan: SurveyPlan) -> list[PlannedWave]:
    """What became of the last days of a plan, the last first."""
    demand(policy.may_see_plans(viewer))
    return list(plan.days.select_related("wave").order_by("-opens_at", "-pk")[:DAYS_SHOWN])


def planned_of(*, viewer: Actor, wave: Wave) -> PlannedWave | None:
    """The day of a plan to which a wave belongs that the viewer may read; None where it belongs to none."""
    if not policy.may_see_wave(viewer, wave) and wave.state != WaveState.PUBLISHED:
        return None
    return PlannedWave.objects.filter(wave=wave).select_related("plan", "baseline").first()


def baselines(*, viewer: Actor, at: datetime, plan: SurveyPlan) -> list[Wave]:
    """The published waves of the plan's questionnaire from which it may have started, the last one first."""
    demand(policy.may_see_plans(viewer))
    return list(published_waves(viewer=viewer, at=at).filter(questionnaire=plan.questionnaire)[:DAYS_SHOWN])


def reached(
    *, viewer: Actor, at: datetime, planned: PlannedWave, wave: Wave, group: Group
) -> tuple[Reached | None, PublishedCell | None]:
    """What a group of answers of a published wave reached of a target, as far as the viewer may see the figure; None
    where it is not shown there. The second is its cell, hidden or not; None where the question is not asked."""
    formula = Formula(planned.target_formula)
    column = next((one for one in scored_of(wave.contents) if one.key == planned.target_column), None)
    rows = same_group(viewer=viewer, at=at, wave=wave, group=group)
    cell = rows.filter(column=planned.target_column, figure=FIGURE_OF[formula]).first()
    if cell is None or column is None or cell.value is None or cell.n is None:
        return None, cell if column is not None else None

    def percent(value: float | None) -> float | None:
        return None if value is None else as_percent(formula, value, low=column.low, high=column.high)

    said = as_percent(formula, cell.value, low=column.low, high=column.high)
    return Reached(said, percent(cell.lower), percent(cell.upper), cell.n), cell


def plans_read(public_ids: Collection[str]) -> Iterator[Findable]:
    """What a search needs to know of plans; who finds which, the sight of the search says."""
    for one in SurveyPlan.objects.filter(public_id__in=public_ids):
        ended = day_of(one.ended_at) if one.ended_at is not None else None
        yield Findable(one.public_id, one.number, one.title, ended_on=ended)


def plan_ids() -> Iterable[str]:
    """Every plan, for a rebuild of the index."""
    return SurveyPlan.objects.values_list("public_id", flat=True).iterator()


def plan_sight(viewer: Actor, at: datetime) -> Mapping[str, Any]:
    """The plans that the viewer may read."""
    return {SurveyPlan.kind: plans(viewer=viewer)} if may_use(viewer) else {}
