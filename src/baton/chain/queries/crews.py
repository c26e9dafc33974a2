"""Who works in a party, and in which parties that stand in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db.models import Q

from baton.chain.models import Membership, Party
from baton.chain.policy import in_force
from baton.chain.policy.standing import SEE_LINKS
from baton.chain.rules import Capacity
from baton.core.actors import Actor
from baton.core.days import day_of
from baton.core.policy import demand
from baton.core.queries import people_holding, roles_by_person
from baton.core.rules import Role

if TYPE_CHECKING:
    from baton.core.models import Person


def parties_of_crew(*, viewer: Actor, at: datetime, party: Party) -> frozenset[int]:
    """Keys of the party and of the live ones that stand in it. For Baton itself: who may ask for which party, the
    caller knows."""
    demand(viewer.is_system)
    rows = Party.objects.filter(in_force(day_of(at)), path__startswith=party.path)
    return frozenset(rows.values_list("pk", flat=True))


@dataclass(frozen=True, slots=True)
class Place:
    """That somebody belongs to a party: ``person`` and ``party`` are keys, ``path`` is the party's, ``leads`` whether
    he heads it or stands in for its head."""

    person: int
    party: int
    path: str
    leads: bool


def places_of_all(*, viewer: Actor, at: datetime) -> list[Place]:
    """Who belongs where, of all who may sign in and are no guests; for who sees every link. Two queries."""
    demand(viewer.is_system or viewer.has(*SEE_LINKS))
    held = Membership.objects.filter(in_force(day_of(at)), _of_live(day_of(at)), person__is_active=True)
    guests = people_holding(viewer=viewer, at=at, role=Role.GUEST)
    rows = held.order_by("pk").values_list("person", "party", "party__path", "capacity")
    return [
        Place(person, party, path, capacity != Capacity.MEMBER)
        for person, party, path, capacity in rows
        if person not in guests
    ]


def _of_live(day: date) -> Q:
    """Rows whose party is live on ``day``."""
    return Q(party__began_on__lte=day) & (Q(party__ended_on__isnull=True) | Q(party__ended_on__gt=day))


def crew_of(*, viewer: Actor, at: datetime, party: Party) -> list[Person]:
    """Who belongs to the party, or to one that stands in it, in whatever capacity, and may sign in; guests do not. By
    name. For Baton itself: who may ask for which party, the caller knows."""
    demand(viewer.is_system)
    held = Membership.objects.filter(
        in_force(day_of(at)), party__path__startswith=party.path, person__is_active=True
    ).select_related("person")
    people = list({one.person_id: one.person for one in held}.values())
    roles = roles_by_person(viewer=viewer, at=at, people=people)
    return sorted((one for one in people if Role.GUEST not in roles.get(one.pk, [])), key=str)
