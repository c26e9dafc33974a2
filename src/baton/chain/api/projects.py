"""Projects: list, read, begin, change, end."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from typing import Any

from django.http import HttpResponse
from ninja import Query, Router
from pydantic import Field

from baton.chain import changes, queries
from baton.chain.api.links import StateAsked
from baton.chain.api.parties import READ, WRITE, EndSent, party_named
from baton.chain.api.shapes import PartyNamed, see_project
from baton.chain.models import Project
from baton.chain.queries import slices
from baton.chain.queries.projects import leaders_in_sight
from baton.chain.rules import State
from baton.core.api.door import ApiRequest
from baton.core.api.endpoints import changed, made, reads, shown, writes
from baton.core.api.schemas import Asked, Day, Edited, Flag, PublicId, Rows, SaidTexts, Search, Sent, Shown, Texts
from baton.core.days import day_of
from baton.core.policy import may_use
from baton_analysis.errors import gettext_noop

router = Router()


class ProjectShown(Shown):
    """Work with an end, whose links end with it."""

    id: PublicId
    number: str = Field(examples=["J-2026-0001"])
    name: SaidTexts = Field(examples=[{"en": "New dryers"}])
    owner: PartyNamed | None = Field(description="Who leads it; null: nobody, or somebody not shared with you.")
    began_on: date
    ends_on: date | None = Field(description="When it is meant to be over.")
    ended_on: date | None
    overdue_days: int = Field(description="Days since the planned end of a project that goes on; 0: none.")
    state: State
    version: int = Field(examples=[42])


class ProjectOrder(StrEnum):
    """By what projects are ordered; with a minus sign descending."""

    NAME = "name"
    NAME_DOWN = "-name"
    NUMBER = "number"
    NUMBER_DOWN = "-number"
    BEGAN_ON = "began_on"
    BEGAN_ON_DOWN = "-began_on"


class ProjectsAsked(Asked):
    """Which projects, in which order."""

    search: Search = ""
    state: StateAsked = StateAsked.LIVE
    overdue: Flag = Field(default=False, description="Only those beyond their planned end.")
    order: ProjectOrder = ProjectOrder.NAME


class ProjectSent(Sent):
    """A new project."""

    name: Texts = Field(examples=[{"en": "New dryers"}])
    owner: PublicId | None = Field(default=None, description="Who leads it; null: the quality manager looks after it.")
    began_on: Day | None = Field(default=None, description="First day; null: today.")
    ends_on: Day | None = Field(default=None, description="When it is meant to be over; null: nobody has said.")


class ProjectEditSent(Edited):
    """A project, changed."""

    name: Texts = Field(examples=[{"en": "New dryers"}])
    owner: PublicId | None = Field(description="Who leads it; null: the quality manager looks after it.")
    ends_on: Day | None = Field(description="When it is meant to be over; null: nobody has said.")


def projects_shown(request: ApiRequest, projects: Sequence[Project]) -> list[ProjectShown]:
    """Projects in the caller's sight; the same few queries for any number of them."""
    rows = leaders_in_sight(viewer=request.actor, at=request.now, projects=list(projects))
    return [
        ProjectShown(
            id=one.public_id,
            number=one.number,
            name=one.name,
            owner=PartyNamed(id=led_by.public_id, name=led_by.name) if led_by is not None else None,
            began_on=one.began_on,
            ends_on=one.ends_on,
            ended_on=one.ended_on,
            overdue_days=getattr(one, "overdue", 0),
            state=one.state(day_of(request.now)),
            version=one.changed_seq,
        )
        for one in rows
        for led_by in [getattr(one, "led_by", None)]
    ]


def project_shown(request: ApiRequest, project: Project) -> ProjectShown:
    return projects_shown(request, [project])[0]


@reads(
    router, "", scope=READ, may=may_use, response=Rows[ProjectShown],
    summary=gettext_noop("List projects"),
    description=gettext_noop("Projects that parties in sight lead, or to which links in sight belong."),
)  # fmt: skip
def list_projects(request: ApiRequest, asked: Query[ProjectsAsked]) -> Any:
    filters = queries.ProjectFilters(
        search=asked.search, state=asked.state.value, overdue=asked.overdue, order=asked.order.value
    )  # fmt: skip
    part = slices.project_slice(
        viewer=request.actor, at=request.now, filters=filters, limit=asked.limit, cursor=asked.cursor
    )  # fmt: skip
    return Rows[ProjectShown](rows=projects_shown(request, part.rows), next=part.next)


@reads(
    router, "/{slug:public_id}", scope=READ, may=may_use, response=ProjectShown,
    summary=gettext_noop("Read a project"),
)  # fmt: skip
def read_project(request: ApiRequest, public_id: PublicId) -> HttpResponse:
    found = see_project(request)(public_id)
    return shown(found, project_shown(request, found))


@writes(
    router, "POST", "", scope=WRITE, may=may_use, response=ProjectShown, status=201,
    summary=gettext_noop("Begin a project"),
    description=gettext_noop("For the quality manager, and for whoever leads the party that leads it."),
    example={"name": {"en": "New dryers"}, "owner": "2b3c4d5f6g7h8j9k", "ends_on": "2026-12-01"},
)  # fmt: skip
def add_project(request: ApiRequest, sent: ProjectSent) -> HttpResponse:
    by, at = request.actor, request.now
    return made(
        request, show=lambda project: project_shown(request, project), see=see_project(request),
        write=lambda: changes.add_project(
            by=by, at=at, name=sent.name, began_on=sent.began_on, ends_on=sent.ends_on,
            owner=party_named(request, sent.owner, "owner") if sent.owner else None,
        ),
    )  # fmt: skip


@writes(
    router, "PATCH", "/{slug:public_id}", scope=WRITE, may=may_use, response=ProjectShown, versioned=True,
    summary=gettext_noop("Change a project"),
    description=gettext_noop("Its name, who leads it, and its planned end."),
    example={"name": {"en": "New dryers"}, "owner": None, "ends_on": "2026-12-31", "version": 42},
)  # fmt: skip
def change_project(request: ApiRequest, public_id: PublicId, sent: ProjectEditSent) -> HttpResponse:
    return changed(
        request, public_id, sent, show=lambda fresh: project_shown(request, fresh), see=see_project(request),
        write=lambda project, **seen: changes.change_project(
            project=project, name=sent.name, ends_on=sent.ends_on, reason=sent.reason, **seen,
            owner=party_named(request, sent.owner, "owner") if sent.owner else None,
        ),
    )  # fmt: skip


@writes(
    router, "POST", "/{slug:public_id}/end", scope=WRITE, may=may_use, response=ProjectShown, versioned=True,
    summary=gettext_noop("End a project"),
    description=gettext_noop("Every link that belongs to it ends with it."),
    example={"ended_on": "2026-03-31", "version": 42},
)  # fmt: skip
def end_project(request: ApiRequest, public_id: PublicId, sent: EndSent) -> HttpResponse:
    return changed(
        request, public_id, sent, show=lambda fresh: project_shown(request, fresh), see=see_project(request),
        write=lambda project, **seen: changes.end_project(
            project=project, ended_on=sent.ended_on, reason=sent.reason, **seen
        ),
    )  # fmt: skip
