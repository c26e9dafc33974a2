"""Who dealt with whom: how much went over links since a day, and who on the customer's side took it or sent it back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Count

from baton.core.actors import Actor
from baton.core.history import who_did
from baton.core.policy import demand
from baton.handoffs import policy
from baton.handoffs.models import Handoff
from baton.handoffs.rules import State

_TOOK = frozenset(
    {
        "handoff.accept", "handoff.accept_part", "handoff.accepted", "handoff.refuse_input", "handoff.return",
        "handoff.shortage",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Dealings:
    """What went over one link. ``count``: handoffs since the day, withdrawn ones left out; ``recorded``: whether any
    was ever recorded there; ``people``: public ids of who took them or sent them back -> how often."""

    count: int = 0
    recorded: bool = False
    people: Mapping[str, int] = field(default_factory=dict)


def dealings(*, viewer: Actor, at: datetime, since: datetime, links: Collection[int]) -> dict[int, Dealings]:
    """Dealings of these links (keys) from ``since`` to ``at``, for who sees every link. Four queries."""
    demand(policy.may_count_dealings(viewer))
    recorded = set(Handoff.objects.filter(link__in=links).order_by().values_list("link", flat=True).distinct())
    rows = Handoff.objects.filter(link__in=recorded, occurred_at__gte=since, occurred_at__lte=at)
    rows = rows.exclude(state=State.WITHDRAWN)
    counts = dict(rows.order_by().values_list("link").annotate(n=Count("pk")))
    link_of = dict(rows.order_by().values_list("public_id", "link"))
    people: dict[int, Counter[str]] = {}
    for handoff, actor in who_did(viewer=viewer, object_ids=rows.order_by().values("public_id"), actions=_TOOK):
        people.setdefault(link_of[handoff], Counter())[actor] += 1
    return {one: Dealings(counts.get(one, 0), one in recorded, people.get(one, {})) for one in links}
