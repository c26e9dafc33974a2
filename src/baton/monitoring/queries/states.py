"""How monitoring itself is doing, for those who look after it."""

from __future__ import annotations

from collections.abc import Sequence
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
from baton.monitoring.rules import OPEN_STATES, REFRESH_JOB, Keeping, keeping

READER = "monitoring"
RUNS_SHOWN = 20


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
    age of the oldest of them; ``keeping``: how that and the runs are to be judged; ``signals``: those that are open;
    ``runs``: the last ones that did something, the newest first; ``reach``: how far handovers reach."""

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
    keeping: Keeping
    runs: list[Run]

    @property
    def lag(self) -> int:
        return self.head - self.cursor

    @property
    def refreshing(self) -> PlannedJob | None:
        """The job that brings charts up to date; None where no worker has planned it yet."""
        return _refreshing(self.jobs)


def state(*, viewer: Actor, at: datetime) -> State:
    """How monitoring itself is doing, for those who look after it."""
    demand(policy.may_see_state(viewer))
    tables = FactFile.objects.values("table").annotate(
        files=Count("pk"), facts=Sum("rows"), sources=Count("source", distinct=True)
    )
    measured: dict[str, Any] = StoredMeasure.objects.aggregate(
        measures=Count("pk"), subjects=Count("subject", distinct=True), last=Max("computed_at")
    )
    jobs, since = schedules.plan(viewer=viewer), feed.waiting_since(READER)
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
        jobs=jobs,
        broken=[_broken(viewer, row) for row in BrokenSource.objects.order_by("first_failed_at", "pk")],
        reach=reach(viewer=viewer),
        behind=max(at - (since or at), timedelta()),
        keeping=_keeping(at, jobs, since),
        runs=list(Run.objects.order_by("-pk")[:RUNS_SHOWN]),
    )


def how_it_keeps_up(*, viewer: Actor, at: datetime) -> Keeping:
    """The same judgement alone, for whoever asks whether the installation works. Three queries."""
    demand(policy.may_see_state(viewer))
    return _keeping(at, schedules.plan(viewer=viewer), feed.waiting_since(READER))


def _refreshing(jobs: Sequence[PlannedJob]) -> PlannedJob | None:
    return next((job for job in jobs if job.job == REFRESH_JOB), None)


def _keeping(at: datetime, jobs: Sequence[PlannedJob], waiting_since: datetime | None) -> Keeping:
    job = _refreshing(jobs)
    return keeping(
        at, ended_well_at=job.last_ok_at if job is not None else None, waiting_since=waiting_since,
        failed=job is not None and bool(job.last_error),
    )  # fmt: skip


def _broken(viewer: Actor, row: BrokenSource) -> Broken:
    """Named by the room that builds the table, where the viewer may see the record."""
    for _name, builder in registries.fact_builders:
        for kind in builder.kinds if builder.table == row.table else ():
            if kind in registries.policies and registries.policies.get(kind).may_see(viewer, row.source):
                return Broken(row, builder.named(row.source), registries.policies.get(kind).address(row.source))
    return Broken(row, "", "")
