"""Which agreements somebody sees: those of the links in his sight."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q, QuerySet

from baton.agreements.models import Agreement
from baton.chain import queries as chain
from baton.chain.policy import sight_of
from baton.core.actors import Actor
from baton.core.days import day_of


def agreements_in_sight(*, viewer: Actor, at: datetime) -> QuerySet[Agreement]:
    """The agreements of links that the viewer sees, ended ones too."""
    if sight_of(viewer, day_of(at)).sees_all_links:
        return Agreement.objects.all()
    links = chain.links_in_sight(viewer=viewer, at=at)
    return Agreement.objects.filter(Q(link__in=links.values("pk")))
