"""Phases of a link's charts: list, start, correct, withdraw."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from django.http import HttpResponse
from ninja import Router
from pydantic import Field, StringConstraints

from baton.core.api.door import ApiRequest
from baton.core.api.endpoints import changed, made, reads, writes
from baton.core.api.schemas import Day, Edited, PublicId, Rows, Sent, Shown
from baton.core.policy import may_use
from baton.core.registries import Subject
from baton.monitoring import changes, queries
from baton.monitoring.models import PhaseStart
from baton.monitoring.rules import BASELINE_WEEKS, day_of_number
from baton_analysis.errors import gettext_noop

router = Router()

READ, WRITE = "monitoring:read", "monitoring:write"

Reason = Annotated[str, StringConstraints(min_length=1, max_length=300, pattern=r"^[^\x00]+$")]
Weeks = Annotated[
    int, Field(strict=True, description="From so many of its first weeks its own limits come: 8 to 104.", examples=[20])
]
LimitsFrom = Annotated[
    Day | None, Field(description="A day in the earlier phase whose limits are carried on; null: its own limits.")
]


class PhaseShown(Shown):
    """The start of a phase on one chart."""

    id: PublicId
    version: int
    measure: str = Field(examples=["waiting_time"])
    week: date = Field(description="Monday of its first week.")
    reason: str = Field(description="What was changed in the process.")
    baseline_weeks: int
    limits_from: date | None = Field(description="Monday of a week in the phase whose limits are carried on.")
    recorded_at: datetime
    withdrawn_at: datetime | None


class PhaseSent(Sent):
    """A new phase: limits are computed anew from the week of ``day`` on, and no run reaches across."""

    measure: str = Field(examples=["waiting_time"], max_length=40)
    day: Day
    reason: Reason
    baseline_weeks: Weeks = BASELINE_WEEKS
    limits_from: LimitsFrom = None


class CorrectionSent(Sent):
    """A phase as it should have been said, and why it is corrected."""

    version: int | None = Field(default=None, strict=True, ge=0, le=2**53, description="The `version` that you saw.")
    day: Day
    reason: Reason = Field(description="What was changed in the process.")
    why: Reason = Field(description="Why it is corrected; stands in the history.")
    baseline_weeks: Weeks = BASELINE_WEEKS
    limits_from: LimitsFrom = None


def subject_of(request: ApiRequest, public_id: str) -> Subject:
    """The link, as it is measured."""
    return queries.subject_of(viewer=request.actor, kind="link", public_id=public_id)


@reads(
    router, "/{slug:public_id}/phases", scope=READ, may=may_use, response=Rows[PhaseShown],
    summary=gettext_noop("List the phases of a link"),
    description=gettext_noop("Of all its charts, withdrawn ones too, in the order of their weeks."),
)  # fmt: skip
def list_phases(request: ApiRequest, public_id: PublicId) -> Any:
    found = queries.phases_of(viewer=request.actor, subject=subject_of(request, public_id))
    return Rows[PhaseShown](rows=[_shown(phase) for phase in found], next="")


@writes(
    router, "POST", "/{slug:public_id}/phases", scope=WRITE, may=may_use, response=PhaseShown, status=201,
    summary=gettext_noop("Start a phase"),
    description=gettext_noop("For the quality manager: the process was changed on purpose."),
    example={"measure": "waiting_time", "day": "2026-03-02", "reason": "Second delivery at noon"},
)  # fmt: skip
def start_phase(request: ApiRequest, public_id: PublicId, sent: PhaseSent) -> HttpResponse:
    subject = subject_of(request, public_id)

    def write() -> PhaseStart:
        return changes.start_phase(
            by=request.actor, at=request.now, subject=subject, measure=sent.measure, day=sent.day, reason=sent.reason,
            baseline_weeks=sent.baseline_weeks, limits_from=sent.limits_from,
        )  # fmt: skip

    return made(request, write=write, show=_shown, see=_see(request, subject))


@writes(
    router, "PATCH", "/{slug:public_id}/phases/{slug:phase}", scope=WRITE, may=may_use, response=PhaseShown,
    versioned=True,
    summary=gettext_noop("Correct a phase"),
    description=gettext_noop("Its week, what was changed, or where its limits come from."),
    example={"day": "2026-03-09", "reason": "Second delivery at noon", "why": "It began a week later", "version": 42},
)  # fmt: skip
def correct_phase(request: ApiRequest, public_id: PublicId, phase: PublicId, sent: CorrectionSent) -> HttpResponse:
    subject = subject_of(request, public_id)

    def write(found: PhaseStart, **seen: Any) -> PhaseStart:
        return changes.correct_phase(
            subject=subject, phase=found, day=sent.day, reason=sent.reason, why=sent.why,
            baseline_weeks=sent.baseline_weeks, limits_from=sent.limits_from, **seen,
        )  # fmt: skip

    edited = Edited(version=sent.version)
    return changed(request, phase, edited, show=_shown, see=_see(request, subject), write=write)


@writes(
    router, "POST", "/{slug:public_id}/phases/{slug:phase}/withdraw", scope=WRITE, may=may_use, response=PhaseShown,
    versioned=True,
    summary=gettext_noop("Withdraw a phase"),
    description=gettext_noop("The chart is computed as if nobody had said it; what was said stays in the history."),
    example={"reason": "Entered on the wrong chart", "version": 42},
)  # fmt: skip
def withdraw_phase(request: ApiRequest, public_id: PublicId, phase: PublicId, sent: Edited) -> HttpResponse:
    subject = subject_of(request, public_id)

    def write(found: PhaseStart, **seen: Any) -> PhaseStart:
        return changes.withdraw_phase(subject=subject, phase=found, reason=sent.reason, **seen)

    return changed(request, phase, sent, show=_shown, see=_see(request, subject), write=write)


def _see(request: ApiRequest, subject: Subject) -> Any:
    return lambda public_id: queries.phase(viewer=request.actor, subject=subject, public_id=public_id)


def _shown(phase: PhaseStart) -> PhaseShown:
    return PhaseShown(
        id=phase.public_id, version=phase.changed_seq, measure=phase.measure, week=day_of_number(phase.week),
        reason=phase.reason, baseline_weeks=phase.baseline_weeks,
        limits_from=None if phase.limits_week is None else day_of_number(phase.limits_week),
        recorded_at=phase.recorded_at, withdrawn_at=phase.withdrawn_at,
    )  # fmt: skip
