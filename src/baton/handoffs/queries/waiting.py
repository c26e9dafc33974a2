"""What waits in each party, for the message of the day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import datetime, timedelta

from django.db.models import Count, Q

from baton.core.actors import Actor
from baton.core.days import day_of
from baton.handoffs.models import Handoff, Judgement
from baton.handoffs.models.conditions import IsOpen
from baton.handoffs.rules import OWED, RELEASE_AFTER, Side, State, is_released

SOON = timedelta(days=1)
"""What is due later stands on the page Today only."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many deliveries a party has to accept, how many handoffs that it owes are late or due soon, and how many the
    other side has judged already."""

    to_accept: int = 0
    late: int = 0
    soon: int = 0
    to_judge: int = 0

    def __bool__(self) -> bool:
        return any(getattr(self, one.name) for one in fields(self))

    @classmethod
    def together(cls, parts: Iterable[Waiting]) -> Waiting:
        """What waits in several parties."""
        held = list(parts)
        return cls(**{one.name: sum(getattr(part, one.name) for part in held) for one in fields(cls)})


def waiting_by_party(*, viewer: Actor, at: datetime) -> dict[str, Waiting]:
    """Party (public id) -> what waits there; parties in which nothing does are left out. For Baton itself, which tells
    whoever leads them; three queries, over what is open and what was judged in the last days alone."""
    if not viewer.is_system:
        return {}
    counted: dict[str, dict[str, int]] = {}
    still = Q(link__ended_on__isnull=True) | Q(link__ended_on__gt=day_of(at))
    is_open = Handoff.objects.filter(still, IsOpen("state")).order_by()
    owed = is_open.filter(state__in=sorted(OWED), due_at__lt=at + SOON).values("link__supplier__public_id")
    for party, late, soon in owed.annotate(
        late=Count("pk", filter=Q(due_at__lt=at)), soon=Count("pk", filter=Q(due_at__gte=at))
    ).values_list("link__supplier__public_id", "late", "soon"):
        counted.setdefault(party, {}).update(late=late, soon=soon)
    delivered = is_open.filter(state=State.DELIVERED).values("link__customer__public_id")
    for party, count in delivered.annotate(count=Count("pk")).values_list("link__customer__public_id", "count"):
        counted.setdefault(party, {}).update(to_accept=count)
    for party in _to_judge(at):
        mine = counted.setdefault(party, {})
        mine["to_judge"] = mine.get("to_judge", 0) + 1
    found = {party: Waiting(**numbers) for party, numbers in counted.items()}
    return {party: waiting for party, waiting in found.items() if waiting}


def _to_judge(at: datetime) -> Iterable[str]:
    """The party (public id) of each handoff that the other side has judged and it has not, as long as it can."""
    said = Judgement.objects.filter(judged_at__gt=at - RELEASE_AFTER).annotate(sides=Count("handoff__judgements"))
    for one in said.filter(sides=1).select_related("handoff__link__supplier", "handoff__link__customer"):
        handoff, link = one.handoff, one.handoff.link
        if not is_released(one.judged_at, None, handoff.accepted_at, at) and handoff.state != State.WITHDRAWN:
            yield (link.customer if Side(one.side) is Side.SUPPLIER else link.supplier).public_id
