"""Projects are begun, changed and ended; their links end with them."""

from __future__ import annotations

from datetime import date, datetime

from baton.chain import policy
from baton.chain.changes.checks import ends_after, still_there, texts_given
from baton.chain.models import Link, Party, Project
from baton.core.actors import Actor
from baton.core.audit.trail import change
from baton.core.changes import next_number
from baton.core.days import day_of
from baton.core.errors import Refused
from baton.core.policy import demand
from baton.core.texts import Texts, folded, sort_keys
from baton_analysis.errors import gettext_noop


def add_project(
    *,
    by: Actor,
    at: datetime,
    name: Texts,
    owner: Party | None = None,
    began_on: date | None = None,
    ends_on: date | None = None,
) -> Project:
    """Begin a project, led by ``owner``."""
    with change(by=by, at=at) as trail:
        owner = _as_it_stands(owner)
        demand(policy.may_edit_project(policy.standing_of(by, day_of(at)), owner))
        project = Project(owner=owner, began_on=began_on or day_of(at))
        _describe(project, name, ends_on)
        project.number = next_number(prefix="J", at=at)
        project.search_text = folded(project.number, *project.name.values())
        return trail.save(project, "project.added")


def change_project(
    *,
    by: Actor,
    at: datetime,
    project: Project,
    name: Texts,
    owner: Party | None = None,
    ends_on: date | None = None,
    expected_seq: int | None = None,
    reason: str = "",
) -> Project:
    """Correct the name, the planned end or who leads it; the actor must be able to edit it before and afterwards."""
    with change(by=by, at=at, reason=reason) as trail:
        project = trail.lock(Project, project, expected_seq=expected_seq)
        standing, owner = policy.standing_of(by, day_of(at)), _as_it_stands(owner)
        demand(policy.may_edit_project(standing, project.owner) and policy.may_edit_project(standing, owner))
        still_there(project.ended_on, project.number)
        project.owner = owner
        _describe(project, name, ends_on)
        project.search_text = folded(project.number, *project.name.values())
        return trail.save(project, "project.changed")


def end_project(
    *,
    by: Actor,
    at: datetime,
    project: Project,
    ended_on: date | None = None,
    expected_seq: int | None = None,
    reason: str = "",
) -> Project:
    """End the project on ``ended_on`` (today), and with it every link that belongs to it."""
    last = ended_on or day_of(at)
    with change(by=by, at=at, reason=reason) as trail:
        project = trail.lock(Project, project, expected_seq=expected_seq)
        demand(policy.may_edit_project(policy.standing_of(by, day_of(at)), project.owner))
        still_there(project.ended_on, project.number)
        ends_after(project.began_on, last)
        for found in Link.objects.filter(policy.beyond(last), project=project):
            link = trail.lock(Link, found)
            link.ended_on = max(last, link.began_on)
            trail.save(link, "link.ended_with_project")
        project.ended_on = last
        return trail.save(project, "project.ended")


def _as_it_stands(owner: Party | None) -> Party | None:
    if owner is None:
        return None
    owner = Party.objects.get(pk=owner.pk)
    still_there(owner.ended_on, owner.number)
    return owner


def _describe(project: Project, name: Texts, ends_on: date | None) -> None:
    project.name = texts_given(name, "name")
    project.sort_keys = sort_keys(project.name)
    if ends_on is not None and ends_on < project.began_on:
        raise Refused(
            field="ends_on",
            expected=gettext_noop("Expected a planned end on or after {began_on}, the first day."),
            remedy=gettext_noop("Give a later day, or leave it empty."),
            began_on=project.began_on.isoformat(),
        )
    project.ends_on = ends_on
