"""A handoff with all its parts, as programs read it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from baton.chain.policy import standing_of
from baton.core.actors import Actor
from baton.core.days import day_of
from baton.handoffs import policy
from baton.handoffs.models import (
    Handoff,
    HandoffEvent,
    HandoffLine,
    HandoffPhoto,
    HandoffReturn,
    Judgement,
    MeasuredValue,
    StageCheck,
)
from baton.handoffs.queries.sight import handoff, handoffs_in_sight
from baton.handoffs.rules import Side, is_released

MOST_PARTS = 200


@dataclass(frozen=True, slots=True)
class Held:
    """A handoff and its parts; judgements are those that the viewer may read, predecessors those that he sees."""

    handoff: Handoff
    lines: list[HandoffLine]
    events: list[HandoffEvent]
    returns: list[HandoffReturn]
    photos: list[HandoffPhoto]
    judgements: list[Judgement]
    checks: list[StageCheck]
    values: list[MeasuredValue]
    predecessors: list[str]


def held_with(*, viewer: Actor, at: datetime, public_id: str) -> Held:
    """A handoff that the viewer sees, with its parts. A fixed number of queries."""
    found = handoff(viewer=viewer, at=at, public_id=public_id)
    judged = list(found.judgements.select_related("person").order_by("side"))
    standing = standing_of(viewer, day_of(at))
    times = {one.side: one.judged_at for one in judged}
    released = is_released(times.get(Side.SUPPLIER), times.get(Side.CUSTOMER), found.accepted_at, at)
    origins = found.origins.filter(ended_at__isnull=True).order_by("pk")
    seen = handoffs_in_sight(viewer=viewer, at=at).filter(pk__in=origins.values("predecessor"))
    return Held(
        handoff=found,
        lines=list(found.lines.select_related("code").order_by("position")),
        events=list(found.events.order_by("at", "pk")[:MOST_PARTS]),
        returns=list(found.returns.select_related("handoff", "line", "code").order_by("opened_at", "pk")[:MOST_PARTS]),
        photos=list(found.photos.select_related("handoff", "found", "attachment__comment__author").order_by("pk")),
        judgements=[one for one in judged if released or policy.reads_judgement(standing, found.link, one)],
        checks=list(found.checks.order_by("checked_at", "pk")[:MOST_PARTS]),
        values=list(found.values.select_related("clause").order_by("measured_at", "pk")[:MOST_PARTS]),
        predecessors=list(origins.filter(predecessor__in=seen).values_list("predecessor__public_id", flat=True)),
    )
