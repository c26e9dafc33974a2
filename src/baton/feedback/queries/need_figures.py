"""How needs of employees are answered, in figures, and whether departments whose people get what they need keep their
promises better."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, TypeVar

from baton.agreements.queries import clauses_by_version
from baton.agreements.queries.in_force import versions_in_force_at
from baton.agreements.rules import Side
from baton.chain import queries as chain
from baton.chain.policy import in_force, sight_of, standing_of, under
from baton.core.actors import Actor
from baton.core.days import day_of
from baton.core.policy import demand
from baton.feedback import policy
from baton.feedback.models import EmployeeNeed
from baton.feedback.queries.needs import timed
from baton.feedback.rules.need_figures import WINDOW, Groups, groups_shown
from baton.feedback.rules.needs import Addressee, NeedCategory, NeedState, NeedTimes
from baton.feedback.rules.waves import FEWEST
from baton.monitoring.queries import clause_results
from baton.monitoring.rules import ATTAINMENT

if TYPE_CHECKING:
    from baton.chain.models import Party
    from baton_analysis.measures.medians import Median
    from baton_analysis.measures.rank_correlation import RankCorrelation

V = TypeVar("V")
CONFIDENCE = 0.95
Timed = tuple[EmployeeNeed, NeedTimes]


@dataclass(frozen=True, slots=True)
class Share:
    """A share of ``n`` with its 95 % interval (Wilson's)."""

    count: int
    n: int
    low: float
    high: float

    @property
    def value(self) -> float:
        return self.count / self.n


@dataclass(frozen=True, slots=True)
class NeedFigures:
    """Of a group of needs: how many; the share that was answered in time, of those that were answered or are late; the
    median of working hours until the first answer, of those that have one; the share that was met, of those that were
    judged or declined. None: there is none of which to say it."""

    n: int
    in_time: Share | None
    hours: Median | None
    met: Share | None


@dataclass(frozen=True, slots=True)
class CategoryFigures:
    """Of the needs of one category; None: of several, of which there are few."""

    category: NeedCategory | None
    figures: NeedFigures


@dataclass(frozen=True, slots=True)
class DepartmentFigures:
    """Of a department, together and by category. ``left_out``: a few needs more stand in no figure. ``attainment``: the
    share of handoffs that kept the clauses which it promises, and of how many; None: nothing is measured."""

    department: Party
    figures: NeedFigures
    categories: Sequence[CategoryFigures]
    left_out: bool
    attainment: tuple[float, int] | None = None


@dataclass(frozen=True, slots=True)
class ServiceRelation:
    """Whether departments whose share is high keep their promises better: ``found``, or why that cannot be said.
    ``points`` are the share, the attainment and the department."""

    points: Sequence[tuple[float, float, Party]]
    found: RankCorrelation | None = None
    why_not: Exception | None = None


@dataclass(frozen=True, slots=True)
class NeedReport:
    """All that is shown. ``in_time`` and ``met`` are asked only of who sees all departments; None for others."""

    whole: NeedFigures | None
    departments: Sequence[DepartmentFigures]
    left_out: bool
    in_time: ServiceRelation | None = None
    met: ServiceRelation | None = None


def need_report(*, viewer: Actor, at: datetime) -> NeedReport:
    """The needs of the last year in figures: of all departments for quality manager, director and auditor; for who
    leads departments what was addressed to their heads. Eight queries at most beside those of the viewer's sight."""
    standing = standing_of(viewer, day_of(at))
    demand(policy.may_see_need_figures(standing))
    rows = EmployeeNeed.objects.filter(recorded_at__gte=at - WINDOW).exclude(state=NeedState.WITHDRAWN)
    sees_all = policy.may_see_waves(viewer)
    if not sees_all:
        rows = rows.filter(under(policy.led_wholly(standing), "department__"), addressee=Addressee.HEAD)
    found = timed(viewer=viewer, at=at, needs=rows.select_related("department").order_by("pk"))
    shown = _shown(found)
    parties = {one.department_id: one.department for one, _clock in found}
    reached = _attainment(viewer, at, [parties[one.department] for one in shown.departments])
    departments = sorted(
        (
            DepartmentFigures(
                parties[one.department], figures_of([group.needs for group in one.groups]),
                [CategoryFigures(group.category, figures_of([group.needs])) for group in one.groups], one.left_out,
                reached.get(one.department),
            )
            for one in shown.departments
        ),
        key=lambda one: str(one.department),
    )  # fmt: skip
    every = [*(group.needs for one in shown.departments for group in one.groups), *([shown.rest] if shown.rest else [])]
    whole = figures_of(every) if every else None
    left_out = shown.left_out or any(one.left_out for one in departments)
    if not (sees_all and sight_of(viewer, day_of(at)).sees_all_links):
        return NeedReport(whole, departments, left_out)
    return NeedReport(
        whole, departments, left_out,
        _relation(departments, [one.figures.in_time for one in departments]),
        _relation(departments, [one.figures.met for one in departments]),
    )  # fmt: skip


def figures_of(groups: Sequence[Sequence[Timed]]) -> NeedFigures:
    """The figures of groups together. A group of which a share or a median would rest on fewer than five of its needs
    is left out of that figure, so that it does not follow from two others either."""
    from baton_analysis.measures.medians import median  # when it is asked for: a server that starts needs none

    judged = _enough([clock.in_time for _need, clock in group if clock.in_time is not None] for group in groups)
    hours = _enough([clock.hours for _need, clock in group if clock.hours is not None] for group in groups)
    met = _enough([need.state == NeedState.MET for need, _clock in group if need.state in _CLOSED] for group in groups)
    return NeedFigures(
        sum(map(len, groups)), _share(sum(judged), len(judged)),
        median(hours, confidence=CONFIDENCE) if hours else None, _share(sum(met), len(met)),
    )  # fmt: skip


_CLOSED = frozenset({NeedState.MET, NeedState.UNMET, NeedState.DECLINED})


def _enough(parts: Iterable[list[V]]) -> list[V]:
    return [value for part in parts if len(part) >= FEWEST for value in part]


def _share(count: int, n: int) -> Share | None:
    from baton_analysis.measures.proportions import wilson_interval

    if not n:
        return None
    low, high = wilson_interval([count], [n], confidence=CONFIDENCE)
    return Share(count, n, float(low[0]), float(high[0]))


def _shown(needs: Iterable[Timed]) -> Groups[Timed]:
    cells: dict[int, dict[NeedCategory, list[Timed]]] = {}
    for one in needs:
        need = one[0]
        cells.setdefault(need.department_id, {}).setdefault(NeedCategory(need.category), []).append(one)
    return groups_shown(cells)


def _attainment(viewer: Actor, at: datetime, departments: Sequence[Party]) -> dict[int, tuple[float, int]]:
    """By key of the department, which share of the handoffs kept the clauses that it, or what stands in it, promises as
    supplier of links in sight, and of how many, as they were judged last. Five queries."""
    if not departments:
        return {}
    links = chain.links_in_sight(viewer=viewer, at=at).filter(
        in_force(day_of(at)), under([one.path for one in departments], "supplier__")
    )
    rows = list(links.values_list("pk", "public_id", "supplier__path"))
    versions = versions_in_force_at(viewer=viewer, links=[pk for pk, *_rest in rows], moment=at) if rows else {}
    clauses = clauses_by_version(viewer=viewer, versions=list(versions.values())) if versions else {}
    owed = {
        f"{public_id}/{clause.line}": path
        for pk, public_id, path in rows
        if pk in versions
        for clause in clauses[versions[pk].pk]
        if clause.owed_by == Side.SUPPLIER
    }
    sums: dict[int, tuple[float, float]] = {}
    stored = clause_results(viewer=viewer, keys=list(owed)) if owed else {}
    for key, results in stored.items():
        promise = results[ATTAINMENT].recent.get("promise") if ATTAINMENT in results else None
        for one in departments:
            if promise is not None and owed[key].startswith(one.path):
                count, n = sums.get(one.pk, (0.0, 0.0))
                sums[one.pk] = count + float(promise["count"]), n + float(promise["n"])
    return {pk: (count / n, int(n)) for pk, (count, n) in sums.items() if n}


def _relation(departments: Sequence[DepartmentFigures], shares: Sequence[Share | None]) -> ServiceRelation:
    from baton_analysis.errors import MeasureError
    from baton_analysis.measures.rank_correlation import rank_correlation

    points = [
        (share.value, one.attainment[0], one.department)
        for one, share in zip(departments, shares, strict=True)
        if share is not None and one.attainment is not None
    ]
    try:
        found = rank_correlation(
            [share for share, *_rest in points], [reached for _share, reached, _party in points], confidence=CONFIDENCE
        )
    except MeasureError as refused:
        return ServiceRelation(points, why_not=refused)
    return ServiceRelation(points, found)
