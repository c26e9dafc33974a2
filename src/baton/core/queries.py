"""Reads of the core that pages and rooms need."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q

from baton.core.models import OrganisationRole, Person
from baton.core.rules import Role


def roles_of(person: Person, at: datetime) -> frozenset[Role]:
    """The organisation-wide roles that ``person`` holds at ``at``."""
    held = OrganisationRole.objects.filter(
        Q(ended_at__isnull=True) | Q(ended_at__gt=at), person=person, began_at__lte=at
    )
    return frozenset(Role(role) for role in held.values_list("role", flat=True))
