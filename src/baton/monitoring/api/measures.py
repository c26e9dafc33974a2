"""What monitoring knows of a link, and how monitoring itself is doing."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from ninja import Query, Router
from pydantic import Field

from baton.core.api.door import ApiRequest
from baton.core.api.endpoints import reads
from baton.core.api.schemas import Asked, PublicId, Rows, Shown
from baton.core.policy import may_use
from baton.monitoring import policy, queries
from baton.monitoring.api.signals import ChartSide, SignalShown, signals_shown
from baton.monitoring.models import StoredMeasure, StoredViolation
from baton.monitoring.queries import SignalFilters
from baton.monitoring.queries.violations import violations_of
from baton.monitoring.rules import Health, Keeping, RunKind, day_of_number
from baton_analysis.errors import gettext_noop

router = Router()

SCOPE = "monitoring:read"


class Week(Shown):
    """One week of a measure."""

    week: date = Field(description="Its Monday.")
    value: float | None = Field(description="Seconds for waiting_time, a share for return_rate; null: a gap.")
    n: int = Field(description="Handovers that it comes from.")
    centre: float | None = Field(description="Centre line of the phase.")
    lcl: float | None = Field(description="Lower control limit.")
    ucl: float | None = Field(description="Upper control limit.")
    phase: int


class MeasureShown(Shown):
    """One measure of the pair of parties of a link, with the method that computed it."""

    name: str = Field(examples=["waiting_time"])
    method: str = Field(examples=["waiting_time.i.baseline20"])
    version: str
    computed_at: datetime
    health: Health
    weeks: list[Week]


class MeasuresShown(Shown):
    """All measures of a link."""

    link: PublicId
    measures: list[MeasureShown]


class ViolationShown(Shown):
    """A rule of a chart that was violated from a week to another."""

    measure: str
    rule_set: str
    rule: str
    side: ChartSide
    week: date = Field(description="Monday of the first week that completes the pattern.")
    last_week: date = Field(description="Monday of the last week in a row in which the rule is still violated.")
    first_seen: datetime


class RunShown(Shown):
    """One of the last runs that did something."""

    kind: RunKind
    began_at: datetime
    seconds: float
    first_seq: int = Field(description="Audit entry up to which had been read before.")
    last_seq: int = Field(description="Audit entry up to which was read afterwards.")
    sources: int
    rows: int = Field(description="Facts written.")
    files: int = Field(description="Fact files written.")
    subjects: int
    computed: int = Field(description="Measures computed.")
    opened: int = Field(description="Signals opened, also again.")
    closed: int
    error: str = Field(description="Empty: it ended well.")


class StateShown(Shown):
    """How monitoring itself is doing."""

    keeping: Keeping = Field(
        description="not_run: waits for a worker; failed: the last run; late: none ended well for ten minutes; behind: "
        "an entry has waited longer than that; well."
    )
    entries_behind: int
    minutes_behind: float = Field(description="Age of the oldest entry of the audit trail that was not read yet.")
    waiting: int = Field(description="Subjects that wait to be measured.")
    subjects: int
    measures: int
    open_signals: int
    broken_sources: int
    last_computed_at: datetime | None
    next_run_at: datetime | None
    last_error: str
    runs: list[RunShown] = Field(description="The newest first.")


@reads(
    router, "/links/{slug:public_id}/measures", scope=SCOPE, may=may_use, response=MeasuresShown,
    summary=gettext_noop("Read the measures of a link"),
    description=gettext_noop("Week by week with n, limits and phases, as its control charts show them."),
)  # fmt: skip
def read_measures(request: ApiRequest, public_id: PublicId) -> Any:
    subject = queries.subject_of(viewer=request.actor, kind="link", public_id=public_id)
    results = queries.results_of(viewer=request.actor, subject=subject)
    return MeasuresShown(link=public_id, measures=[_measure(row) for _name, row in sorted(results.measures.items())])


@reads(
    router, "/links/{slug:public_id}/violations", scope=SCOPE, may=may_use, response=Rows[ViolationShown],
    summary=gettext_noop("List violations on the charts of a link"),
    description=gettext_noop("When which rule was violated, also long ago; the newest first."),
)  # fmt: skip
def list_violations(request: ApiRequest, public_id: PublicId, asked: Query[Asked]) -> Any:
    subject = queries.subject_of(viewer=request.actor, kind="link", public_id=public_id)
    part = violations_of(viewer=request.actor, subject=subject, limit=asked.limit, cursor=asked.cursor)
    return Rows[ViolationShown](rows=[_violation(row) for row in part.rows], next=part.next)


@reads(
    router, "/links/{slug:public_id}/signals", scope=SCOPE, may=may_use, response=Rows[SignalShown],
    summary=gettext_noop("List the signals of a link"),
    description=gettext_noop("All of them, closed ones, too. Links between the same two share their charts."),
)  # fmt: skip
def list_signals_of_link(request: ApiRequest, public_id: PublicId, asked: Query[Asked]) -> Any:
    subject = queries.subject_of(viewer=request.actor, kind="link", public_id=public_id)
    return signals_shown(request, SignalFilters(show=queries.ALL, subject=subject.measured_as), asked)


@reads(
    router, "/state", scope=SCOPE, may=policy.may_see_state, response=StateShown,
    summary=gettext_noop("Read how monitoring itself is doing"),
    description=gettext_noop("How far it is behind, what its last runs did and cost, and what went wrong."),
)  # fmt: skip
def read_monitoring_state(request: ApiRequest) -> Any:
    state = queries.state(viewer=request.actor, at=request.now)
    plan = state.refreshing
    return StateShown(
        keeping=state.keeping, entries_behind=state.lag,
        minutes_behind=round(state.behind.total_seconds() / 60, 1), waiting=state.stale,
        subjects=state.subjects, measures=state.measures, open_signals=state.signals,
        broken_sources=len(state.broken), last_computed_at=state.last_computed_at,
        next_run_at=plan.next_at if plan else None, last_error=plan.last_error if plan else "",
        runs=[RunShown(**{name: getattr(run, name) for name in RunShown.model_fields}) for run in state.runs],
    )  # fmt: skip


def _measure(row: StoredMeasure) -> MeasureShown:
    result = row.result
    weeks = [
        Week(
            week=day_of_number(number), value=result["values"][place], n=result["n"][place],
            centre=result["centre"][place], lcl=result["lcl"][place], ucl=result["ucl"][place],
            phase=result["phase"][place],
        )
        for place, number in enumerate(result["weeks"])
    ]  # fmt: skip
    return MeasureShown(
        name=row.name, method=row.method, version=row.version, computed_at=row.computed_at, health=Health(row.health),
        weeks=weeks,
    )  # fmt: skip


def _violation(row: StoredViolation) -> ViolationShown:
    return ViolationShown(
        measure=row.measure, rule_set=row.rule_set, rule=row.rule, side=ChartSide(row.side),
        week=day_of_number(row.week), last_week=day_of_number(row.last_week), first_seen=row.first_seen,
    )  # fmt: skip
