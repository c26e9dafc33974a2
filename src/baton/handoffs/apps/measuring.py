"""What monitoring builds of handoffs, and what it asks about the clauses that it measures."""

from __future__ import annotations

from dataclasses import replace

from django.utils.translation import gettext_lazy as _

from baton.core.present import now
from baton.core.registries import (
    FactBuilder,
    Job,
    Measurables,
    Policy,
    api_routers,
    fact_builders,
    jobs,
    measurables,
    policies,
)
from baton.core.registries import panels as registered_panels
from baton.handoffs import facts, panels
from baton.handoffs.changes import PATHS_JOB, figures, refresh_paths
from baton.handoffs.facts.sources import KINDS
from baton.handoffs.queries import measured
from baton.monitoring import panels as monitoring_panels


def register() -> None:
    """Enter the two fact tables, and the clauses as something that is measured."""
    for name, table, build in (
        ("handoffs.clauses", facts.CLAUSES, facts.clause_facts),
        ("handoffs.links", facts.LINKS, facts.link_facts),
    ):
        builder = FactBuilder(
            table, KINDS, facts.sources, build, named=facts.source_name, in_batch=facts.sources_of_batch,
            of_record=facts.sources_of_record,
        )  # fmt: skip
        fact_builders.add(name, builder)
    api_routers.add("kept-promises", "baton.handoffs.api.promises.router")
    api_routers.add("link-figures", "baton.handoffs.api.figures.router")
    title = _("Figures of links from their handoffs")
    jobs.add(figures.REFRESH_JOB, Job(title, figures.refresh_figures, "FREQ=MINUTELY;BYSECOND=30"))
    jobs.add(PATHS_JOB, Job(_("Figures of paths from their handoffs"), refresh_paths, "FREQ=MINUTELY;BYSECOND=50"))
    registered_panels.add("handoffs.of_way", panels.OF_WAY)
    registered_panels.add("handoffs.whole", panels.WHOLE)
    registered_panels.add("handoffs.promises", panels.PROMISES)
    registered_panels.add("handoffs.clause_capability", panels.CAPABILITY)
    for name, panel in (
        ("changed", monitoring_panels.CHANGED), ("charts", monitoring_panels.CHARTS),
        ("signals", monitoring_panels.SIGNALS),
    ):  # fmt: skip
        registered_panels.add(f"handoffs.clause_{name}", replace(panel, slot=measured.KIND))
    policies.add(
        measured.KIND,
        Policy(
            may_see=lambda actor, one: measured.sees_clause(viewer=actor, at=now(), public_id=one),
            address=lambda one: f"/handoffs/clauses/{one}/",
            measured_as=measured.key_of,
            measured_in=lambda one: measured.unit_of_clause(public_id=one),
        ),
    )
    measurables.add(
        "handoffs.clauses",
        Measurables(
            kinds=frozenset({"link"}),
            records=lambda keys: measured.records_of_clauses(keys=keys),
            sight=lambda viewer, at, search: measured.clauses_in_sight(viewer=viewer, at=at, search=search),
            named=lambda viewer, at, keys: measured.clauses_named(viewer=viewer, at=at, keys=keys),
            standing=lambda at, keys: measured.clauses_standing(at=at, keys=keys),
            responsible=lambda at, keys: measured.responsible_for_clauses(at=at, keys=keys),
            answerable=lambda viewer, at, keys: measured.answerable_clauses(viewer=viewer, at=at, keys=keys),
        ),
    )
