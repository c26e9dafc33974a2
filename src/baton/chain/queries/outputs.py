"""Outputs that the viewer may see."""

from __future__ import annotations

from datetime import date, datetime

from django.db.models import Q

from baton.chain import policy
from baton.chain.models import Link, Output, Party, Responsibility
from baton.chain.queries.lists import by_name
from baton.core.actors import Actor
from baton.core.days import day_of


def outputs_in_sight(sight: policy.Sight, day: date) -> Q:
    """Outputs of links in sight, and those for which a party in sight answers."""
    if sight.sees_all_links:
        return Q()
    handed = Link.objects.filter(sight.links).values("output")
    answered = Responsibility.objects.filter(
        policy.in_force(day), party__in=Party.objects.filter(sight.parties).values("pk")
    ).values("output")
    return Q(pk__in=handed) | Q(pk__in=answered)


def outputs_to_choose(*, viewer: Actor, at: datetime) -> list[Output]:
    """Live outputs in sight, by name, for a field in which one is named."""
    day = day_of(at)
    sight = policy.sight_of(viewer, day)
    return list(Output.objects.filter(outputs_in_sight(sight, day), policy.in_force(day)).order_by(by_name()))
