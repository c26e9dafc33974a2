"""The dates of a person, and the address at which his calendar program reads them."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import islice

from baton.core import policy, registries
from baton.core.actors import Actor
from baton.core.days import day_of
from baton.core.models import CalendarFeed
from baton.core.queries.people import roles_of
from baton.core.registries import DatedEvent

PAST = timedelta(days=366)
"""Dates that lie longer back are left out."""
MOST_DATES = 5_000


def dates(*, viewer: Actor, at: datetime, since: date | None = None) -> list[DatedEvent]:
    """What is due when, as far as the viewer may see it, by day: from ``since`` on, else of a year back."""
    policy.demand(policy.may_use(viewer))
    first = since or day_of(at) - PAST
    told = (event for _name, found in registries.dated_events for event in found(viewer, at, first))
    return sorted(islice(told, MOST_DATES), key=lambda event: (event.day, event.title, event.uid))


def feed_of(*, viewer: Actor) -> CalendarFeed | None:
    """The viewer's address, if he has one."""
    return CalendarFeed.objects.filter(owner=viewer.person, withdrawn_at__isnull=True).first()


def feed_reader(digest: str, at: datetime, request: str = "") -> Actor | None:
    """As whom a program reads that knows the address of this digest; None where nothing is read there (any more)."""
    found = CalendarFeed.objects.select_related("owner").filter(digest=digest, withdrawn_at__isnull=True).first()
    if found is None or not found.owner.is_active or found.owner.must_change_password:
        return None
    reader = Actor(found.owner, roles_of(found.owner, at), request)
    return reader if policy.may_use(reader) else None
