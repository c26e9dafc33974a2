"""Clauses in force on the link from the Laundry to Ward 3, handoffs under them, and what is measured of both."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import polars as pl

from baton.agreements.queries.in_force import clauses_in_force_at
from baton.agreements.rules import Direction, Measure, Terms
from baton.handoffs import changes, facts
from baton.handoffs.rules import Moments
from baton.monitoring import changes as monitoring
from baton.monitoring.models import StoredMeasure
from tests.rooms.agreements.made import LINEN, in_force, proposed, terms
from tests.world import NOON, SYSTEM, World

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
BOUND = {"baseline_value": 90.0, "baseline_weeks": 8}
IN_TWO_HOURS = terms(LINEN, target=2.0, attainment=90.0, **BOUND)
NO_RETURNS = terms(
    LINEN, measure=Measure.SHARE, unit="%", direction=Direction.AT_LEAST, target=95.0, attainment=None, **BOUND
)


def agreed(world: World, *clauses: Terms) -> list[str]:
    """The clauses hold on the link since a year ago; the lines under which they go."""
    version = in_force(proposed(world, *clauses))
    type(version).objects.filter(pk=version.pk).update(activated_at=NOON - 365 * DAY)
    return list(version.clauses.order_by("position").values_list("line", flat=True))


def handed_over(
    world: World, days: int, hours: float | None = 1.0, due_at: datetime | None = None, **more: Any
) -> Any:  # fmt: skip
    """Requested at 10 so many days ago, delivered so many hours later, and accepted."""
    begun = NOON - days * DAY
    done = begun + timedelta(hours=hours) if hours is not None else None
    moments = Moments(requested_at=begun, due_at=due_at, delivered_at=done, accepted_at=done)
    return changes.record_handoff(by=SYSTEM, at=NOON, link=world.laundry_ward, moments=moments, **more)


def built(build: Any = facts.clause_facts) -> pl.DataFrame:
    """The facts of all sources."""
    return pl.concat([frame for one in facts.sources() if (frame := build(one)) is not None])


def in_force_on(world: World) -> list[Any]:
    """The clauses that were in force a day ago."""
    return clauses_in_force_at(viewer=SYSTEM, link=world.laundry_ward.pk, moment=NOON - DAY)


def stored(world: World, line: str, name: str, at: datetime = NOON) -> StoredMeasure:
    """The measure of a clause as the run of monitoring at this moment leaves it."""
    monitoring.refresh(by=SYSTEM, at=at)
    return StoredMeasure.objects.get(subject=f"{world.laundry_ward.public_id}/{line}", name=name)
