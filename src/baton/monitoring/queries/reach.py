"""How far facts reach: what is shown as "now" is judged by the newest facts, not by today's date.

An event log that ended years ago does not make every link unknown; a link that fell silent while others went on is.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Max

from baton.core.actors import Actor
from baton.core.once import once
from baton.core.policy import demand
from baton.monitoring import policy
from baton.monitoring.models import FactFile
from baton.monitoring.rules import LINK_TABLES, day_of_number, monday_of


@dataclass(frozen=True, slots=True)
class Reach:
    """The newest day of all handovers and handoffs that were not dated in the future, and the Monday (day number) of
    its week."""

    day: date
    week: int


def reach(*, viewer: Actor) -> Reach | None:
    """How far all handovers reach; None where there are none. One query, once a request."""
    demand(policy.may_see_health(viewer))
    return once("monitoring.reach", _reach)


def _reach() -> Reach | None:
    newest = FactFile.objects.filter(table__in=LINK_TABLES).aggregate(newest=Max("last_day"))["newest"]
    return None if newest is None else Reach(day_of_number(newest), monday_of(newest))
