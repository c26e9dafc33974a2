"""On which links somebody enters handoffs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import Q

from baton.chain import queries as chain
from baton.chain.policy import in_force, sight_of, standing_of
from baton.core.actors import Actor
from baton.core.days import day_of
from baton.core.policy import may_use
from baton.handoffs import policy
from baton.handoffs.rules import Side

if TYPE_CHECKING:
    from baton.chain.models import Link

MOST_LINKS = 200


@dataclass(frozen=True, slots=True)
class LinkToRecord:
    """A link with the sides for which the viewer says what happens on it."""

    link: Link
    sides: frozenset[Side]

    @property
    def hands_over(self) -> bool:
        return Side.SUPPLIER in self.sides

    @property
    def asks(self) -> bool:
        return Side.CUSTOMER in self.sides


def links_to_record(*, viewer: Actor, at: datetime) -> list[LinkToRecord]:
    """The live links of the viewer's own parties, by number; at most :data:`MOST_LINKS`."""
    if not may_use(viewer):
        return []
    day = day_of(at)
    own, standing = sight_of(viewer, day).own, standing_of(viewer, day)
    rows = chain.links_in_sight(viewer=viewer, at=at).filter(in_force(day))
    mine = rows.filter(Q(supplier__in=own) | Q(customer__in=own)).select_related("supplier", "customer", "output")
    found = [LinkToRecord(one, policy.acts_for(standing, one)) for one in mine.order_by("number")[:MOST_LINKS]]
    return [one for one in found if one.sides]
