"""Specification limits of a link, and its capability."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from django.http import HttpResponse
from ninja import Router
from pydantic import Field

from baton.core.api.door import ApiRequest
from baton.core.api.endpoints import changed, made, reads, writes
from baton.core.api.schemas import Day, Edited, PublicId, Rows, Sent, Shown
from baton.core.policy import may_use
from baton.core.registries import Subject
from baton.monitoring import changes, queries
from baton.monitoring.api.phases import READ, WRITE, Reason, subject_of
from baton.monitoring.models import Specification, StoredCapability
from baton.monitoring.rules import Scale, Stability, day_of_number
from baton_analysis.errors import gettext_noop

router = Router()

Seconds = Annotated[float | None, Field(ge=0, le=1e12, allow_inf_nan=False, examples=[14400.0])]


class LimitsShown(Shown):
    """Between which limits the waits of a link are to lie, in seconds."""

    id: PublicId
    version: int
    lower: float | None
    upper: float | None
    target: float | None
    scale: Scale
    began_on: date = Field(description="First day on which they hold.")
    reason: str = Field(description="Where they come from.")
    recorded_at: datetime


class LimitsSent(Sent):
    """Limits of the waits of a link, in seconds; at least one."""

    lower: Seconds = None
    upper: Seconds = None
    target: Seconds = None
    scale: Scale = Field(default=Scale.LINEAR, description="log: capability is computed on logarithms.")
    began_on: Day
    reason: Reason


class IndexShown(Shown):
    """One index of capability."""

    name: str = Field(examples=["Cpk"])
    value: float
    low: float = Field(description="Lower bound of the 95 % interval.")
    high: float
    n: int


class CapabilityShown(Shown):
    """How well the single waits of the last phase stay within the limits in force."""

    limits: PublicId = Field(description="The limits by which it was judged.")
    method: str = Field(examples=["waiting_time.pooled.none"])
    version: str
    computed_at: datetime
    first_week: date
    last_week: date
    n: int = Field(description="Handoffs whose wait is known.")
    outside: int = Field(description="Those beyond a limit.")
    outside_low: float = Field(description="Lower bound of the 95 % interval of their share (Wilson).")
    outside_high: float
    stability: Stability = Field(description="Cp, Cpk and Cpm are only there if it is stable.")
    indices: list[IndexShown]


@reads(
    router, "/{slug:public_id}/capability", scope=READ, may=may_use, response=Rows[CapabilityShown],
    summary=gettext_noop("Read the capability of a link"),
    description=gettext_noop("Empty where nobody said limits, or no run has computed it yet."),
)  # fmt: skip
def read_capability(request: ApiRequest, public_id: PublicId) -> Any:
    stored = queries.capability_of(viewer=request.actor, subject=subject_of(request, public_id)).stored
    return Rows[CapabilityShown](rows=[_capability(stored)] if stored is not None else [], next="")


@reads(
    router, "/{slug:public_id}/limits", scope=READ, may=may_use, response=Rows[LimitsShown],
    summary=gettext_noop("List the specification limits of a link"),
    description=gettext_noop("Those that were not withdrawn; the latest first day first."),
)  # fmt: skip
def list_limits(request: ApiRequest, public_id: PublicId) -> Any:
    found = queries.capability_of(viewer=request.actor, subject=subject_of(request, public_id))
    return Rows[LimitsShown](rows=[_shown(limits) for limits in found.specifications], next="")


@writes(
    router, "POST", "/{slug:public_id}/limits", scope=WRITE, may=may_use, response=LimitsShown, status=201,
    summary=gettext_noop("Say the specification limits of a link"),
    description=gettext_noop("For the quality manager: how long a handoff may wait, from which day on."),
    example={"upper": 14400, "began_on": "2026-03-02", "reason": "Agreed with the ward"},
)  # fmt: skip
def say_limits(request: ApiRequest, public_id: PublicId, sent: LimitsSent) -> HttpResponse:
    subject = subject_of(request, public_id)

    def write() -> Specification:
        return changes.specify(
            by=request.actor, at=request.now, subject=subject, lower=sent.lower, upper=sent.upper, target=sent.target,
            transform=sent.scale, began_on=sent.began_on, reason=sent.reason,
        )  # fmt: skip

    return made(request, write=write, show=_shown, see=_see(request, subject))


@writes(
    router, "POST", "/{slug:public_id}/limits/{slug:limits}/withdraw", scope=WRITE, may=may_use, response=LimitsShown,
    versioned=True,
    summary=gettext_noop("Withdraw specification limits"),
    description=gettext_noop("Those of an earlier day hold again, or none."),
    example={"reason": "Not agreed", "version": 42},
)  # fmt: skip
def withdraw_limits(request: ApiRequest, public_id: PublicId, limits: PublicId, sent: Edited) -> HttpResponse:
    subject = subject_of(request, public_id)

    def write(found: Specification, **seen: Any) -> Specification:
        return changes.withdraw_specification(subject=subject, specification=found, reason=sent.reason, **seen)

    return changed(request, limits, sent, show=_shown, see=_see(request, subject), write=write)


def _see(request: ApiRequest, subject: Subject) -> Any:
    return lambda public_id: queries.specification(viewer=request.actor, subject=subject, public_id=public_id)


def _shown(limits: Specification) -> LimitsShown:
    return LimitsShown(
        id=limits.public_id, version=limits.changed_seq, lower=limits.lower, upper=limits.upper, target=limits.target,
        scale=Scale(limits.transform), began_on=limits.began_on, reason=limits.reason, recorded_at=limits.recorded_at,
    )  # fmt: skip


def _capability(row: StoredCapability) -> CapabilityShown:
    result = row.result
    return CapabilityShown(
        limits=result["specification"]["public_id"], method=row.method, version=row.version,
        computed_at=row.computed_at, first_week=day_of_number(result["first"]), last_week=day_of_number(result["last"]),
        n=result["n"], outside=result["outside"], outside_low=result["outside_low"],
        outside_high=result["outside_high"], stability=Stability(result["stability"]),
        indices=[
            IndexShown(name=one["name"], value=one["value"], low=low, high=high, n=one["n"])
            for one in result["indices"]
            for low, high in [one["interval"]]
        ],
    )  # fmt: skip
