"""How monitoring itself is doing, for those who look after it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Max, Sum

from baton.core import registries, schedules
from baton.core.actors import Actor
from baton.core.audit import feed, trail
from baton.core.policy import demand
from baton.core.schedules import PlannedJob
from baton.monitoring import policy
from baton.monitoring.models import BrokenSource, FactFile, Run, Signal, StaleSubject, StoredMeasure
from baton.monitoring.queries.reach import Reach, reach
from baton.monitoring.rules import OPEN_STATES, REFRESH_JOB

READER = "monitoring"
RUNS_SHOWN = 20
LATE = timedelta(minutes=10)
"""Further behind than this, something is wrong: a run begins every minute."""


@dataclass(frozen=True, slots=True)
class TableState:
    """One fact table: files, facts, sources and months."""

    table: str
    files: int
    rows: int
    sources: int


@dataclass(frozen=True, slots=True)
class Broken:
    """A source that cannot be read. ``name`` and ``address`` (its page) are empty for whoever may not see it."""

    row: BrokenSource
    name: str
    address: str


@dataclass(frozen=True, slots=True)
class State:
    """How monitoring itself is doing. ``lag``: entries of the audit trail not yet taken into account, ``behind``: the
    age of the oldest of them; ``signals``: those that are open; ``runs``: the last ones that did something, the newest
    first; ``reach``: how far handovers reach."""

    head: int
    cursor: int
    tables: list[TableState]
    subjects: int
    measures: int
    signals: int
    stale: int
    last_computed_at: datetime | None
    jobs: list[PlannedJob]
    broken: list[Broken]
    reach: Reach | None
    behind: timedelta
    runs: list[Run]

    @property
    def lag(self) -> int:
        return self.head - self.cursor

    @property
    def is_late(self) -> bool:
        return self.behind > LATE

    @property
    def refreshing(self) -> PlannedJob | None:
        """The job that brings charts up to date; None where no worker has planned it yet."""
        return next((job for job in self.jobs if job.job == REFRESH_JOB), None)


def state(*, viewer: Actor, at: datetime) -> State:
    """How monitoring itself is doing, for those who look after it."""
    demand(policy.may_see_state(viewer))
    tables = FactFile.objects.values("table").annotate(
        files=Count("pk"), facts=Sum("rows"), sources=Count("source", distinct=True)
    )
    measured: dict[str, Any] = StoredMeasure.objects.aggregate(
        measures=Count("pk"), subjects=Count("subject", distinct=True), last=Max("computed_at")
    )
    return State(
        head=trail.head(),
        cursor=feed.position(READER),
        tables=[
            TableState(row["table"], row["files"], row["facts"] or 0, row["sources"])
            for row in tables.order_by("table")
        ],
        subjects=measured["subjects"],
        measures=measured["measures"],
        signals=Signal.objects.filter(state__in=OPEN_STATES).count(),
        stale=StaleSubject.objects.count(),
        last_computed_at=measured["last"],
        jobs=schedules.plan(viewer=viewer),
        broken=[_broken(viewer, row) for row in BrokenSource.objects.order_by("first_failed_at", "pk")],
        reach=reach(viewer=viewer),
        behind=max(at - (feed.waiting_since(READER) or at), timedelta()),
        runs=list(Run.objects.order_by("-pk")[:RUNS_SHOWN]),
    )


def _broken(viewer: Actor, row: BrokenSource) -> Broken:
    """Named by the room that builds the table, where the viewer may see the record."""
    for _name, builder in registries.fact_builders:
        for kind in builder.kinds if builder.table == row.table else ():
            if kind in registries.policies and registries.policies.get(kind).may_see(viewer, row.source):
                return Broken(row, builder.named(row.source), registries.policies.get(kind).address(row.source))
    return Broken(row, "", "")
