"""Outputs, needs and projects as tables that people take away."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from django.utils.translation import gettext

from baton.chain import queries
from baton.chain.models import OutsideNeed, Project
from baton.chain.queries import OutputRow
from baton.core.actors import Actor
from baton.core.texts import say


def output_header() -> list[str]:
    return [
        gettext("Number"), gettext("Name"), gettext("Kind"), gettext("Item code"), gettext("Accountable"),
        gettext("Suppliers"), gettext("Suppliers six months ago"), gettext("Customers"), gettext("From"),
        gettext("Until"),
    ]  # fmt: skip


def output_rows(rows: Iterable[OutputRow]) -> Iterator[Sequence[object]]:
    """Who is accountable, separated by semicolons; a party out of sight is said to be one. The number of suppliers
    before is that :data:`baton.chain.queries.outputs.BEFORE` the day; 0 where nobody handed it over."""
    for row in rows:
        output = row.output
        hidden = gettext("a party that you cannot see")
        owners = "; ".join(say(one.party.name) if one.party else hidden for one in row.owners)
        yield (
            output.number, say(output.name), output.get_output_kind_display(), output.item_code, owners,
            row.suppliers, row.suppliers_before or 0, row.customers, output.began_on.isoformat(), output.ended_on or "",
        )  # fmt: skip


def need_header() -> list[str]:
    return [
        gettext("Number"), gettext("Whose"), gettext("Need"), gettext("Links"), gettext("From"), gettext("Until"),
    ]  # fmt: skip


def need_rows(needs: Iterable[OutsideNeed]) -> Iterator[Sequence[object]]:
    for need in needs:
        yield (
            need.number, say(need.holder.name), say(need.words), getattr(need, "links_live", 0),
            need.began_on.isoformat(), need.ended_on or "",
        )  # fmt: skip


def project_header() -> list[str]:
    return [
        gettext("Number"), gettext("Name"), gettext("Led by"), gettext("Links"), gettext("From"),
        gettext("Planned end"), gettext("Until"), gettext("Days beyond the planned end"),
    ]  # fmt: skip


def project_rows(projects: Iterable[Project]) -> Iterator[Sequence[object]]:
    for project in projects:
        led_by = getattr(project, "led_by", None)
        yield (
            project.number, say(project.name), say(led_by.name) if led_by else "", getattr(project, "links_live", 0),
            project.began_on.isoformat(), project.ends_on or "", project.ended_on or "",
            getattr(project, "overdue", 0),
        )  # fmt: skip


def all_outputs(viewer: Actor, at: datetime) -> Iterator[Sequence[object]]:
    """Every output in sight, ended ones included."""
    filters = queries.OutputFilters(state="all", order="number")
    return output_rows(queries.outputs_to_export(viewer=viewer, at=at, filters=filters))


def all_needs(viewer: Actor, at: datetime) -> Iterator[Sequence[object]]:
    """Every need in sight, ended ones included."""
    filters = queries.NeedFilters(state="all", order="number")
    return need_rows(queries.needs_to_export(viewer=viewer, at=at, filters=filters))


def all_projects(viewer: Actor, at: datetime) -> Iterator[Sequence[object]]:
    """Every project in sight, ended ones included."""
    filters = queries.ProjectFilters(state="all", order="number")
    return project_rows(queries.projects_to_export(viewer=viewer, at=at, filters=filters))
