"""Who works in a party, and in which parties that stand in it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from baton.chain.models import Membership, Party
from baton.chain.policy import in_force
from baton.core.actors import Actor
from baton.core.days import day_of
from baton.core.policy import demand
from baton.core.queries import roles_by_person
from baton.core.rules import Role

if TYPE_CHECKING:
    from baton.core.models import Person


def parties_of_crew(*, viewer: Actor, at: datetime, party: Party) -> frozenset[int]:
    """Keys of the party and of the live ones that stand in it. For Baton itself: who may ask for which party, the
    caller knows."""
    demand(viewer.is_system)
    rows = Party.objects.filter(in_force(day_of(at)), path__startswith=party.path)
    return frozenset(rows.values_list("pk", flat=True))


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
