"""What monitoring knows of a link, and the signals of all links in sight."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from ninja import Query, Router
from pydantic import Field

from baton.core.api.door import ApiRequest
from baton.core.api.endpoints import reads
from baton.core.api.schemas import Asked, PublicId, Rows, Shown
from baton.core.policy import may_use
from baton.monitoring import queries
from baton.monitoring.models import StoredMeasure, StoredSignal
from baton.monitoring.queries.alarms import signals_of
from baton.monitoring.rules import Health, Side, SignalState, day_of_number
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


class SignalShown(Shown):
    """A violation of a chart rule."""

    measure: str
    rule_set: str
    rule: str
    side: Side
    week: date = Field(description="Monday of the first week that completes the pattern.")
    last_week: date = Field(description="Monday of the last week in a row in which the rule is still violated.")
    first_seen: datetime
    state: SignalState


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
    router, "/links/{slug:public_id}/signals", scope=SCOPE, may=may_use, response=Rows[SignalShown],
    summary=gettext_noop("List the signals of a link"),
    description=gettext_noop("Violations of chart rules; the newest first."),
)  # fmt: skip
def list_signals(request: ApiRequest, public_id: PublicId, asked: Query[Asked]) -> Any:
    subject = queries.subject_of(viewer=request.actor, kind="link", public_id=public_id)
    part = signals_of(viewer=request.actor, subject=subject, limit=asked.limit, cursor=asked.cursor)
    return Rows[SignalShown](rows=[_signal(row) for row in part.rows], next=part.next)


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


def _signal(row: StoredSignal) -> SignalShown:
    return SignalShown(
        measure=row.measure, rule_set=row.rule_set, rule=row.rule, side=Side(row.side), week=day_of_number(row.week),
        last_week=day_of_number(row.last_week), first_seen=row.first_seen, state=SignalState(row.state),
    )  # fmt: skip
