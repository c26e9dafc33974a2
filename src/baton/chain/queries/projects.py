"""Projects that the viewer may see."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.core.paginator import Page
from django.db.models import Count, F, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from baton.chain import policy
from baton.chain.models import Link, Party, Project
from baton.chain.queries.figures import LinkRow, with_figures
from baton.chain.queries.lists import by_name, found, in_state, ordered, page_of
from baton.chain.rules import State
from baton.core.actors import Actor
from baton.core.days import day_of
from baton.core.errors import NotFound
from baton.core.history import HistoryEntry, history_of


@dataclass(frozen=True, slots=True)
class ProjectFilters:
    """What a list of projects shows. ``state`` is live, planned, ended or all; ``overdue``: goes on beyond its planned
    end. ``order``: name, number, links, began_on; minus sign: descending."""

    search: str = ""
    state: str = State.LIVE
    overdue: bool = False
    order: str = "name"


@dataclass(frozen=True, slots=True)
class ProjectPage:
    """A project with its temporary links in sight, live ones first. ``owner`` is None where nobody leads it or the
    viewer may not know who."""

    project: Project
    state: State
    owner: Party | None
    overdue_days: int
    links: list[LinkRow]
    history: list[HistoryEntry]
    may_edit: bool
    may_link: bool


def projects_in_sight(sight: policy.Sight) -> Q:
    """Projects to which a link in sight belongs, and those that a party in sight leads; none for guests."""
    if sight.sees_all_links:
        return Q()
    if sight.standing.is_guest:
        return Q(pk__in=())
    linked = Link.objects.filter(sight.links, project__isnull=False).values("project")
    return Q(pk__in=linked) | Q(owner__in=Party.objects.filter(sight.parties).values("pk"))


def overdue_on(day: date) -> Q:
    """Projects that go on although the day of their planned end has passed."""
    return Q(ends_on__lt=day) & (Q(ended_on__isnull=True) | Q(ended_on__gt=day))


def projects(*, viewer: Actor, at: datetime, filters: ProjectFilters, page: int | str = 1) -> Page[Project]:
    """A page of the list; each project carries ``links_live``, its number of live links in sight, ``overdue``, and
    ``led_by``, None where the viewer may not know who leads it."""
    day = day_of(at)
    sight = policy.sight_of(viewer, day)
    found_page = page_of(_listed(sight, day, filters), page)
    found_page.object_list = with_leaders(sight, day, list(found_page.object_list))
    return found_page


def projects_to_export(*, viewer: Actor, at: datetime, filters: ProjectFilters) -> Iterator[Project]:
    """The whole list, as :func:`projects` shows it page by page."""
    day = day_of(at)
    sight = policy.sight_of(viewer, day)
    return iter(with_leaders(sight, day, list(_listed(sight, day, filters))))


def projects_to_choose(*, viewer: Actor, at: datetime) -> list[Project]:
    """Projects in sight that have not ended and to which the viewer may add links, by name."""
    day = day_of(at)
    sight = policy.sight_of(viewer, day)
    rows = Project.objects.filter(projects_in_sight(sight), ended_on__isnull=True).select_related("owner")
    return [one for one in rows.order_by(by_name()) if policy.may_edit_project(sight.standing, one.owner)]


def projects_to_filter(*, viewer: Actor, at: datetime) -> list[Project]:
    """All projects in sight, by name."""
    sight = policy.sight_of(viewer, day_of(at))
    return list(Project.objects.filter(projects_in_sight(sight)).order_by(by_name()))


def project(*, viewer: Actor, at: datetime, public_id: str) -> Project:
    """One project; :class:`NotFound` also where the viewer may not know of it."""
    return _one(policy.sight_of(viewer, day_of(at)), public_id)


def sees_project(*, viewer: Actor, at: datetime, public_id: str) -> bool:
    """Whether there is such a project and the viewer may know of it."""
    sight = policy.sight_of(viewer, day_of(at))
    return Project.objects.filter(projects_in_sight(sight), public_id=public_id).exists()


def project_page(*, viewer: Actor, at: datetime, public_id: str) -> ProjectPage:
    """Everything that the page of a project shows."""
    day = day_of(at)
    sight = policy.sight_of(viewer, day)
    seen = _one(sight, public_id)
    links = Link.objects.filter(sight.links, project=seen).select_related("supplier", "customer", "output")
    may_edit = seen.ended_on is None and policy.may_edit_project(sight.standing, seen.owner)
    return ProjectPage(
        project=seen,
        state=seen.state(day),
        owner=Party.objects.filter(sight.parties, pk=seen.owner_id).first() if seen.owner_id else None,
        overdue_days=overdue_days(seen, day),
        links=with_figures(viewer, list(links.order_by(F("ended_on").desc(nulls_first=True), "number"))),
        history=history_of(viewer=viewer, object_ids=[seen.public_id]),
        may_edit=may_edit,
        may_link=may_edit and policy.may_add_some_link(sight.standing),
    )


def overdue_days(project: Project, day: date) -> int:
    """Days since the planned end of a project that goes on; 0 where it has none, is not there yet, or is over."""
    if project.ends_on is None or project.state(day) is State.ENDED:
        return 0
    return max(0, (day - project.ends_on).days)


def listed_projects(*, viewer: Actor, at: datetime, filters: ProjectFilters) -> QuerySet[Project]:
    """The whole list, in its order."""
    day = day_of(at)
    return _listed(policy.sight_of(viewer, day), day, filters)


def with_leaders(sight: policy.Sight, day: date, rows: list[Project]) -> list[Project]:
    """The projects with ``led_by`` and ``overdue``. One query."""
    wanted = {one.owner_id for one in rows if one.owner_id is not None}
    known = Party.objects.filter(sight.parties, pk__in=wanted).in_bulk()
    for one in rows:
        one.led_by = known.get(one.owner_id or 0)  # type: ignore[attr-defined]
        one.overdue = overdue_days(one, day)  # type: ignore[attr-defined]
    return rows


def leaders_in_sight(*, viewer: Actor, at: datetime, projects: list[Project]) -> list[Project]:
    """As :func:`with_leaders`, for a viewer."""
    day = day_of(at)
    return with_leaders(policy.sight_of(viewer, day), day, projects)


def _listed(sight: policy.Sight, day: date, filters: ProjectFilters) -> QuerySet[Project]:
    rows = Project.objects.filter(
        projects_in_sight(sight), found(filters.search, "search_text"), in_state(filters.state, day)
    )
    if filters.overdue:
        rows = rows.filter(overdue_on(day))
    mine = Link.objects.filter(sight.links, policy.in_force(day), project=OuterRef("pk")).order_by().values("project")
    number = Coalesce(Subquery(mine.annotate(n=Count("pk")).values("n"), output_field=IntegerField()), 0)
    orders = {"name": by_name(), "number": F("number"), "links": F("links_live"), "began_on": F("began_on")}
    return ordered(rows.annotate(links_live=number), filters.order, orders, "name")


def _one(sight: policy.Sight, public_id: str) -> Project:
    seen = Project.objects.filter(projects_in_sight(sight), public_id=public_id).select_related("owner").first()
    if seen is None:
        raise NotFound
    return seen
