"""Projects: work with an end, to which links may belong."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from baton.chain import policy
from baton.chain.changes import change_project
from baton.chain.changes.bulk_projects import PROJECTS_TARGET, project_line
from baton.chain.imports.columns import (
    began_column,
    fixed,
    name_columns,
    name_field,
    names_given,
    names_told,
    plain_name,
    several,
    withdrawn,
)
from baton.chain.imports.known import KnownParties, TableNames
from baton.chain.models import Party, Project
from baton.chain.queries.projects import projects_in_sight
from baton.core.actors import Actor
from baton.core.days import day_of
from baton.core.ids import new_public_id
from baton.core.import_targets import DayCell, Findings, ImportColumn, ImportRow, ImportTarget, TextCell, twice
from baton.core.policy import may_use
from baton.core.texts import Texts
from baton_analysis.errors import gettext_noop
from baton_analysis.readers.cells import CellProblem

COLUMNS = (
    *name_columns({"en": ("project",), "zh-hans": ("项目", "项目名称")}, {"en": "New laundry", "zh-hans": "新洗衣房"}),
    ImportColumn(
        "owner", {"en": "Led by", "zh-hans": "主持"}, TextCell(400), synonyms=("owner", "lead", "主持部门", "牵头方"),
        example="LAU", text=_("Code, key, number or name of the party that leads it; optional."),
    ),
    began_column(_("First day; empty: today.")),
    ImportColumn(
        "ends_on", {"en": "Planned end", "zh-hans": "计划结束"}, DayCell(), synonyms=("end", "due", "结束日期"),
        example="2026-12-31", text=_("Day on which it is meant to end; changes nothing itself."),
    ),
)  # fmt: skip


def check(rows: Sequence[ImportRow], findings: Findings) -> None:
    """New projects, and what changes in those that are there: known by their names in the organisation's language."""
    named = {row["owner"] for row in rows if row["owner"]}
    known = KnownParties.read(findings.viewer, findings.system, named if findings.system else None)
    there: dict[str, list[Project]] = {}
    for project in Project.objects.filter(ended_on__isnull=True).select_related("owner"):
        there.setdefault(_key(project.name), []).append(project)
    seen: dict[str, int] = {}
    for row in rows:
        key, owner = _key(names_given(row)), known.meant(row["owner"]) if row["owner"] else None
        same = there.get(key, [])
        if seen.setdefault(key, row.number) != row.number:
            findings.refuse(row, name_field(settings.LANGUAGE_CODE), twice(seen[key]))
        elif isinstance(owner, CellProblem):
            findings.refuse(row, "owner", owner)
        elif len(same) > 1:
            said = several(row[name_field(settings.LANGUAGE_CODE)], [one.number for one in same])
            findings.refuse(row, name_field(settings.LANGUAGE_CODE), said)
        elif _ends_in_time(row, same[0].began_on if same else row["began_on"] or day_of(findings.at), findings):
            _judge(row, same[0] if same else None, owner, findings)


def _key(name: Texts) -> str:
    return plain_name(name.get(settings.LANGUAGE_CODE, ""))


def _ends_in_time(row: ImportRow, began: date, findings: Findings) -> bool:
    """Refuse a planned end before the first day, as ``add_project`` does."""
    if row["ends_on"] is None or row["ends_on"] >= began:
        return True
    findings.refuse(row, "ends_on", CellProblem(
        expected=gettext_noop("Expected a planned end on or after {began_on}, the first day."),
        found=gettext_noop("Found {ended_on}."), remedy=gettext_noop("Give a later day, or leave it empty."),
        values={"began_on": began.isoformat(), "ended_on": row["ends_on"].isoformat()},
    ))  # fmt: skip
    return False


def _judge(row: ImportRow, project: Project | None, owner: Party | None, findings: Findings) -> None:
    """A new project, or what differs from the one that is there; empty cells leave it as it is."""
    if project is None:
        findings.new(row, PROJECTS_TARGET, project_line(
            public_id=new_public_id(), name=names_given(row), owner=owner.public_id if owner else "",
            began_on=row["began_on"] or day_of(findings.at), ends_on=row["ends_on"],
        ))  # fmt: skip
        return
    if row["began_on"] and row["began_on"] != project.began_on:
        said = gettext_noop("Expected the first day as it is; it does not change.")
        findings.refuse(row, "began_on", fixed(said, project.began_on.isoformat()))
        return
    names, leader = {**project.name, **names_given(row)}, owner or project.owner
    ends_on = row["ends_on"] or project.ends_on
    if (names, leader, ends_on) == (project.name, project.owner, project.ends_on):
        findings.same(row, project.public_id)
        return
    was = {**names_told(project.name), "ends_on": project.ends_on}
    was |= {"owner": str(project.owner or "")} if leader != project.owner else {}
    findings.change(row, {
        "project": project.public_id, "name": names, "owner": leader.public_id if leader else "",
        "ends_on": ends_on.isoformat() if ends_on else "",
    }, was=was)  # fmt: skip


def apply(*, by: Actor, at: datetime, line: Mapping[str, Any]) -> None:
    """Correct one project as the row says."""
    project = Project.objects.filter(public_id=line["project"]).first()
    owner = Party.objects.filter(public_id=line["owner"]).first() if line["owner"] else None
    if project is None or (line["owner"] and owner is None):
        raise withdrawn(gettext_noop("Expected a project and a party that are there."))
    ends_on = date.fromisoformat(line["ends_on"]) if line["ends_on"] else None
    change_project(by=by, at=at, project=project, name=line["name"], owner=owner, ends_on=ends_on)


def rows(viewer: Actor, at: datetime) -> Iterator[Mapping[str, str]]:
    """All projects that go on and that the viewer sees; who leads one only where he may know that party."""
    names, sight = TableNames(viewer, at), policy.sight_of(viewer, day_of(at))
    seen = Project.objects.filter(projects_in_sight(sight), ended_on__isnull=True)
    for project in seen.select_related("owner").order_by("pk").distinct():
        yield {
            **names_told(project.name),
            "owner": names.of(project.owner) if project.owner and names.sees(project.owner) else "",
            "began_on": project.began_on.isoformat(),
            "ends_on": project.ends_on.isoformat() if project.ends_on else "",
        }


PROJECTS = ImportTarget(
    title=_("Projects"),
    text=_("Work with an end; links that belong to it end with it."),
    columns=COLUMNS,
    may_bring=policy.may_add_links_in_bulk,
    makes=(PROJECTS_TARGET,),
    check=check,
    apply=apply,
    rows=rows,
    may_take=may_use,
    icon="flag",
)
