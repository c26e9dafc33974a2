"""Reads of monitoring: results as they are stored, nothing computed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Max, Sum

from baton.core import registries, schedules
from baton.core.actors import Actor
from baton.core.audit import feed, trail
from baton.core.errors import NotFound
from baton.core.policy import demand
from baton.core.registries import Subject
from baton.core.schedules import PlannedJob
from baton.monitoring import policy
from baton.monitoring.models import FactFile, PhaseStart, StaleSubject, StoredMeasure, StoredSignal
from baton.monitoring.rules import Health, worst

READER = "monitoring"


@dataclass(frozen=True, slots=True)
class PhaseNote:
    """Why a phase begins with a week (day number of its Monday), and who said so (None: Baton itself)."""

    week: int
    reason: str
    declared_by: str | None


@dataclass(frozen=True, slots=True)
class Results:
    """What monitoring knows of one subject: measures and reasons of phases by name of the measure."""

    measures: dict[str, StoredMeasure]
    phases: dict[str, list[PhaseNote]]


@dataclass(frozen=True, slots=True)
class TableState:
    """One fact table: files, facts, sources and months."""

    table: str
    files: int
    rows: int
    sources: int


@dataclass(frozen=True, slots=True)
class State:
    """How monitoring itself is doing. ``lag``: entries of the audit trail not yet taken into account."""

    head: int
    cursor: int
    tables: list[TableState]
    subjects: int
    measures: int
    signals: int
    stale: int
    last_computed_at: datetime | None
    jobs: list[PlannedJob]

    @property
    def lag(self) -> int:
        return self.head - self.cursor


def subject_of(*, viewer: Actor, kind: str, public_id: str) -> Subject:
    """The object and the key of its measures. NotFound for whoever may not see it, or if it is not measured."""
    if not policy.may_see_subject(viewer, kind, public_id):
        raise NotFound
    measured_as = registries.policies.get(kind).measured_as
    key = measured_as(public_id) if measured_as else ""
    if not key:
        raise NotFound
    return Subject(kind, public_id, key)


def results_of(*, viewer: Actor, subject: Subject) -> Results:
    """The stored results of a subject, in two queries. NotFound for whoever may not see the object."""
    if not policy.may_see_subject(viewer, subject.kind, subject.public_id):
        raise NotFound
    measures = {row.name: row for row in StoredMeasure.objects.filter(subject=subject.measured_as)}
    phases: dict[str, list[PhaseNote]] = {}
    rows = PhaseStart.objects.filter(subject=subject.measured_as).select_related("declared_by").order_by("week")
    for row in rows:
        who = str(row.declared_by) if row.declared_by else None
        phases.setdefault(row.measure, []).append(PhaseNote(row.week, row.reason, who))
    return Results(measures, phases)


def health_of(*, viewer: Actor, subjects: Iterable[str]) -> dict[str, Health]:
    """How each of these subjects goes, for maps and lists, in one query.

    The rule: at risk when a Western Electric rule was violated towards longer waits or more returns in one of the last
    four weeks of a chart; kept when not, and a chart has at least eight weeks; otherwise unknown (also when nothing was
    measured). ``subjects`` are keys of what the caller already showed to be visible to the viewer.
    """
    demand(policy.may_see_health(viewer))
    wanted = list(dict.fromkeys(subjects))
    found: dict[str, list[Health]] = {subject: [] for subject in wanted}
    rows = StoredMeasure.objects.all()
    if len(wanted) <= _MOST_NAMED:
        rows = rows.filter(subject__in=wanted)
    for subject, health in rows.values_list("subject", "health"):
        if subject in found:
            found[subject].append(Health(health))
    return {subject: worst(each) for subject, each in found.items()}


def has_measures(*, viewer: Actor, measured_as: str) -> bool:
    """Whether anything was ever measured for a subject."""
    demand(policy.may_see_health(viewer))
    return StoredMeasure.objects.filter(subject=measured_as).exists()


# Above this many subjects it is cheaper to read all than to name each (SQLite also limits parameters).
_MOST_NAMED = 500


def state(*, viewer: Actor) -> State:
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
        signals=StoredSignal.objects.count(),
        stale=StaleSubject.objects.count(),
        last_computed_at=measured["last"],
        jobs=schedules.plan(viewer=viewer),
    )
