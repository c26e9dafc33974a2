"""Reads of monitoring: results as they are stored, nothing computed."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Max, QuerySet, Sum
from django.utils.translation import gettext

from baton.core import registries, schedules
from baton.core.actors import Actor
from baton.core.audit import feed, trail
from baton.core.errors import NotFound
from baton.core.policy import demand
from baton.core.registries import Subject
from baton.core.schedules import PlannedJob
from baton.monitoring import policy
from baton.monitoring.models import FactFile, PhaseStart, StaleSubject, StoredMeasure, StoredSignal
from baton.monitoring.rules import DAYS_A_WEEK, QUARTER_WEEKS, RETURN_RATE, WAITING_TIME, Health, worst

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
class Latest:
    """One measure as lists show it: ``value`` (seconds, or a share) of the last week that has one, from ``n`` records;
    ``values`` of the last weeks (None: a gap) and the ``centre`` line of the phase that goes on."""

    value: float
    n: int
    week: date
    values: list[float | None]
    centre: float | None


@dataclass(frozen=True, slots=True)
class Alarm:
    """A watched rule that is violated now on the bad side. ``since``: Monday of the first week of the violation."""

    measure: str
    rule: str
    explanation: str
    values: dict[str, Any]
    since: date

    @property
    def measure_name(self) -> str:
        """Which chart gave the alarm, in the reader's language."""
        return gettext("Waiting time") if self.measure == WAITING_TIME else gettext("Returns")

    @property
    def words(self) -> str:
        """The rule in the reader's language."""
        return gettext(self.explanation).format(**self.values)


@dataclass(frozen=True, slots=True)
class Figures:
    """How a subject goes, in a line. ``wait`` in seconds, ``returns`` a share; None where there is nothing to say.

    ``alarms``, in the order in which they began, are the reasons of a health AT_RISK. ``measured`` is False
    where monitoring knows nothing of the subject at all.
    """

    health: Health
    wait: Latest | None = None
    returns: Latest | None = None
    alarms: tuple[Alarm, ...] = ()
    measured: bool = True


NOT_MEASURED = Figures(Health.UNKNOWN, measured=False)


@dataclass(frozen=True, slots=True)
class Flows:
    """Health of each subject, and how much was handed over on it in the QUARTER_WEEKS weeks before ``until`` (the first
    day after the last week for which any of the subjects has facts; None: none has)."""

    health: dict[str, Health]
    handovers: dict[str, int]
    until: date | None


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
    found: dict[str, list[Health]] = {subject: [] for subject in subjects}
    for subject, health in _rows_of(found).values_list("subject", "health"):
        if subject in found:
            found[subject].append(Health(health))
    return {subject: worst(each) for subject, each in found.items()}


def figures_of(*, viewer: Actor, subjects: Iterable[str]) -> dict[str, Figures]:
    """The latest figures of each subject, for lists, in one query; the health is that of :func:`health_of`.

    ``subjects`` are keys of what the caller already showed to be visible to the viewer.
    """
    demand(policy.may_see_health(viewer))
    found: dict[str, dict[str, tuple[Health, dict[str, Any]]]] = {subject: {} for subject in subjects}
    for subject, name, health, recent in _rows_of(found).values_list("subject", "name", "health", "recent"):
        if subject in found:
            found[subject][name] = Health(health), recent
    return {subject: _figures(each) if each else NOT_MEASURED for subject, each in found.items()}


def flows_of(*, viewer: Actor, subjects: Iterable[str]) -> Flows:
    """Health and handovers of the last quarter of each subject, for maps, in one query.

    ``subjects`` are keys of what the caller already showed to be visible to the viewer. A subject that is not measured
    has a health and no number of handovers.
    """
    demand(policy.may_see_health(viewer))
    found: dict[str, list[Health]] = {subject: [] for subject in subjects}
    weekly: dict[str, tuple[int, list[int]]] = {}
    rows = _rows_of(found).values_list("subject", "name", "health", "recent__end", "recent__n")
    for subject, name, health, end, counts in rows:
        if subject not in found:
            continue
        found[subject].append(Health(health))
        if name == RETURN_RATE and end is not None:
            weekly[subject] = end, counts
    last = max((end for end, _counts in weekly.values()), default=None)
    handovers = {}
    for subject, (end, counts) in weekly.items():
        quiet = ((last or end) - end) // DAYS_A_WEEK
        weeks = max(0, QUARTER_WEEKS - quiet)
        handovers[subject] = sum(counts[-weeks:]) if weeks else 0
    until = None if last is None else _day(last + DAYS_A_WEEK)
    return Flows({subject: worst(each) for subject, each in found.items()}, handovers, until)


def _rows_of(subjects: Collection[str]) -> QuerySet[StoredMeasure]:
    rows = StoredMeasure.objects.all()
    return rows.filter(subject__in=list(subjects)) if len(subjects) <= _MOST_NAMED else rows


def _figures(found: dict[str, tuple[Health, dict[str, Any]]]) -> Figures:
    alarms = [
        Alarm(name, alarm["rule"], alarm["name"], alarm["values"], _day(alarm["week"]))
        for name, (_health, recent) in found.items()
        for alarm in recent["alarms"]
    ]
    return Figures(
        health=worst([health for health, _recent in found.values()]),
        wait=_latest(found.get(WAITING_TIME)),
        returns=_latest(found.get(RETURN_RATE)),
        alarms=tuple(sorted(alarms, key=lambda alarm: alarm.since)),
    )


def _latest(found: tuple[Health, dict[str, Any]] | None) -> Latest | None:
    if found is None or found[1]["value"] is None:
        return None
    recent = found[1]
    return Latest(recent["value"], recent["of"], _day(recent["week"]), recent["values"], recent["centre"])


def _day(number: int) -> date:
    return date(1970, 1, 1) + timedelta(days=number)


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
