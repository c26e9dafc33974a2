"""What really came over links between two days, and how much of it in time; and the handoffs themselves, to point to
one of them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Count, F, Q, QuerySet

from baton.core.actors import Actor
from baton.core.policy import demand
from baton.handoffs import policy
from baton.handoffs.models import Handoff
from baton.handoffs.queries.sight import handoffs_in_sight
from baton.handoffs.rules import State

_CAME = (State.DELIVERED, State.ACCEPTED, State.PARTLY, State.RETURNED, State.UNCONFIRMED, State.SETTLED)


@dataclass(frozen=True, slots=True)
class Came:
    """What came over one link. ``count``: handoffs that the customer got, also those that he sent back; ``recorded``:
    whether any handoff was ever recorded there; ``due``: those that had a time, ``in_time``: those of them that came
    by then."""

    count: int = 0
    recorded: bool = False
    due: int = 0
    in_time: int = 0


def came_over(*, viewer: Actor, first: date, last: date, links: Collection[int]) -> dict[int, Came]:
    """What came over these links (keys) from the first day to the last, both of them included, by the days of the
    organisation; for who sees every link. Two queries."""
    demand(policy.may_count_dealings(viewer))
    recorded = set(Handoff.objects.filter(link__in=links).order_by().values_list("link", flat=True).distinct())
    timed = Q(due_at__isnull=False)
    kept = timed & Q(Q(delivered_at__lte=F("due_at")) | Q(delivered_at__isnull=True, accepted_at__lte=F("due_at")))
    rows = _came(Handoff.objects.filter(link__in=recorded), first, last).order_by().values_list("link")
    counted = rows.annotate(n=Count("pk"), due=Count("pk", filter=timed), kept=Count("pk", filter=kept))
    found = {link: Came(n, True, due, kept) for link, n, due, kept in counted}
    return {one: found.get(one, Came(recorded=one in recorded)) for one in links}


def came_lately(
    *, viewer: Actor, at: datetime, first: date, last: date, links: Collection[int], most: int
) -> list[Handoff]:
    """The handoffs themselves, as far as they are in sight, the last ones first and at most so many."""
    rows = handoffs_in_sight(viewer=viewer, at=at).filter(link__in=links)
    return list(_came(rows, first, last).order_by("-occurred_at", "-pk")[:most])


def _came(rows: QuerySet[Handoff], first: date, last: date) -> QuerySet[Handoff]:
    """Those of these days that the customer got, by the moment by which clauses in force are found."""
    zone = ZoneInfo(settings.TIME_ZONE)
    begin, end = (datetime.combine(day, time.min, tzinfo=zone) for day in (first, last + timedelta(days=1)))
    return rows.filter(state__in=_CAME, occurred_at__gte=begin, occurred_at__lt=end)
